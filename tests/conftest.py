"""What all tests share: where real submissions lie when they are there, and the stores of a folder's `cloud`."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from filings.archive.storage import Store
from filings.settings import Settings, get_settings
from filings.warehouse.bulk import Bulk
from sandbox import mysql
from sandbox.cloud import Sandbox

PROJECT = Path(__file__).resolve().parents[1]

# How long an example takes says more of what else the machine does than of the code: time is for `make bench`.
hypothesis.settings.register_profile("filings", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("filings")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long stories first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: "tests/pipeline" not in item.path.as_posix())


def _real_data() -> Path | None:
    named = os.environ.get("EDGAR_DATA")
    for folder in [Path(named)] if named else [PROJECT.parent / "shared" / "data" / "edgar"]:
        if (folder / "index.csv").is_file():
            return folder
    return None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real submissions, with its index.csv."""
    folder = _real_data()
    if folder is None:
        pytest.skip("no folder of real submissions: set EDGAR_DATA to one with an index.csv")
    return folder


@pytest.fixture(scope="session")
def real_index(real_data: Path) -> list[dict[str, str]]:
    """What is known of each real submission."""
    with (real_data / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def settings(cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a container in the cloud."""
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "5")
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


@pytest.fixture
def s3(settings: Settings) -> Iterator[Store]:
    """The S3 bucket, empty."""
    yield from _emptied(Store.s3(settings))


@pytest.fixture
def r2(settings: Settings) -> Iterator[Store]:
    """The R2 bucket, empty."""
    yield from _emptied(Store.r2(settings))


@pytest.fixture
def bulk(s3: Store, settings: Settings) -> Bulk:
    """The S3 bucket for large objects."""
    return Bulk(s3, settings)


@pytest.fixture
def database(settings: Settings) -> Iterator[Any]:
    """A cursor of MySQL; the database is empty."""
    connection = mysql.connect(str(settings.mysql_url))
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE `{table}`")
        yield cursor
    connection.close()


def _emptied(store: Store) -> Iterator[Store]:
    yield store
    store.delete([key for key, _ in store.list("")])
