"""Real object storage and a real MariaDB, and small submissions to fill the tables with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from filings.archive.storage import Store
from filings.settings import Settings
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.table_update import TableUpdate
from sandbox import mysql as sandbox_mysql
from sandbox.cloud import Sandbox

NewUpdate = Callable[..., TableUpdate]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3 and MySQL, for all tests of this folder."""
    with Sandbox(tmp_path_factory.mktemp("warehouse")) as sandbox:
        yield sandbox


@pytest.fixture
def bulk(s3: Store, settings: Settings) -> Bulk:
    """The same bucket for large objects."""
    return Bulk(s3, settings)


@pytest.fixture
def database(settings: Settings) -> Iterator[Any]:
    """A connection to MySQL; the database is empty."""
    connection = sandbox_mysql.connect(str(settings.mysql_url))
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE `{table}`")
        yield cursor
    connection.close()


@pytest.fixture
def new_update(s3: Store, bulk: Bulk) -> NewUpdate:
    """An update as a fresh container would make it."""
    return lambda store=s3, bulk=bulk: TableUpdate(store, bulk, LOOKUP, concurrency=4, run_id="test", part="lookup-0")
