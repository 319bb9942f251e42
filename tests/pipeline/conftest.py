"""A cloud with a few small filings, for each test its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.steps import FIRST_YEAR, Pipeline
from sandbox.cloud import Sandbox


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """A cloud of its own, with five small filings on EDGAR."""
    data = tmp_path / "edgar"
    data.mkdir()
    environment = {"SEC_FIRST_YEAR": FIRST_YEAR, "SEC_TIMEOUT_SECONDS": "3", "MYSQL_WAIT_SECONDS": "60"}
    with Sandbox(tmp_path / "cloud", edgar_data=data, environment=environment) as cloud:
        pipeline = Pipeline(cloud, data, products=())
        pipeline.file(1, 2, 3, 4, 5)
        yield pipeline
