"""Real object storage for what keeps objects: the sandbox's S3 and R2, a bucket's worth of clean space each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from filings.archive.storage import Store
from filings.settings import Settings
from sandbox.cloud import Sandbox


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3 and R2, without MySQL, EDGAR and Airflow."""
    with Sandbox(tmp_path_factory.mktemp("cloud"), mysql=False) as sandbox:
        yield sandbox


@pytest.fixture
def settings(cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a container in it."""
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "5")
    return Settings()


@pytest.fixture
def s3(settings: Settings) -> Iterator[Store]:
    """The S3 bucket, empty."""
    yield from _emptied(Store.s3(settings))


@pytest.fixture
def r2(settings: Settings) -> Iterator[Store]:
    """The R2 bucket, empty."""
    yield from _emptied(Store.r2(settings))


def _emptied(store: Store) -> Iterator[Store]:
    yield store
    store.delete([key for key, _ in store.list("")])
