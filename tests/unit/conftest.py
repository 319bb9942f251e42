"""Real object storage for what keeps objects: the sandbox's S3 and R2, a bucket's worth of clean space each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.cloud import Sandbox


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3 and R2, without MySQL, EDGAR and Airflow."""
    with Sandbox(tmp_path_factory.mktemp("cloud"), mysql=False) as sandbox:
        yield sandbox
