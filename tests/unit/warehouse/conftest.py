"""Real object storage and a real MariaDB, and small submissions to fill the tables with."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from filings.archive.storage import Store
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.table_update import TableUpdate
from sandbox.cloud import Sandbox

NewUpdate = Callable[..., TableUpdate]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3 and MySQL, for all tests of this folder."""
    with Sandbox(tmp_path_factory.mktemp("warehouse")) as sandbox:
        yield sandbox


@pytest.fixture
def new_update(s3: Store, bulk: Bulk) -> NewUpdate:
    """An update as a fresh container would make it."""
    return lambda store=s3, bulk=bulk: TableUpdate(store, bulk, LOOKUP, concurrency=4, run_id="test", part="lookup-0")
