"""One S3 and one MariaDB for all products, and products of a test's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from filings.archive.storage import Store
from filings.products import registry
from filings.settings import Settings, get_settings
from filings.warehouse.bulk import Bulk
from sandbox import mysql as sandbox_mysql
from sandbox.cloud import Sandbox

AddProduct = Callable[..., Path]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3, R2 and MySQL."""
    with Sandbox(tmp_path_factory.mktemp("products")) as sandbox:
        yield sandbox


@pytest.fixture
def settings(cloud: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings of a container in it."""
    for name, value in cloud.env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "5")
    get_settings.cache_clear()
    yield get_settings()
    get_settings.cache_clear()


@pytest.fixture
def s3(settings: Settings) -> Iterator[Store]:
    """The S3 bucket, empty."""
    store = Store.s3(settings)
    yield store
    store.delete([key for key, _ in store.list("")])


@pytest.fixture
def r2(settings: Settings) -> Iterator[Store]:
    """The R2 bucket, empty."""
    store = Store.r2(settings)
    yield store
    store.delete([key for key, _ in store.list("")])


@pytest.fixture
def bulk(s3: Store, settings: Settings) -> Bulk:
    """The S3 bucket for large objects."""
    return Bulk(s3, settings)


@pytest.fixture
def database(settings: Settings) -> Iterator[Any]:
    """A cursor of MySQL; the database is empty."""
    connection = sandbox_mysql.connect(str(settings.mysql_url))
    with connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE `{table}`")
        yield cursor
    connection.close()


@pytest.fixture
def own_products(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of further products, as FILINGS_PRODUCTS names it."""
    place = tmp_path / "products"
    place.mkdir()
    monkeypatch.setenv("FILINGS_PRODUCTS", json.dumps([str(place)]))
    forget()
    yield place
    monkeypatch.undo()
    forget()


@pytest.fixture
def add_product(own_products: Path) -> AddProduct:
    """Adds a product to that folder."""

    def add(name: str, definition: str, parse: str = "def parse(submission):\n    yield from ()\n") -> Path:
        folder = own_products / name
        folder.mkdir()
        (folder / "product.yaml").write_text(definition)
        (folder / "parse.py").write_text(parse)
        return folder

    return add


def forget() -> None:
    """Have settings and products read again, and the parsers that a test has brought forgotten."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if name.startswith("filings.products.") and not path.startswith(str(registry.HERE)):
            del sys.modules[name]
    get_settings.cache_clear()
    registry.product.cache_clear()
    registry.parser.cache_clear()
