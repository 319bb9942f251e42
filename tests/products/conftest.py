"""One S3 and one MariaDB for all products, and products of a test's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from filings.products import registry
from filings.settings import get_settings
from sandbox.cloud import Sandbox

AddProduct = Callable[..., Path]


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3, R2 and MySQL."""
    with Sandbox(tmp_path_factory.mktemp("products")) as sandbox:
        yield sandbox


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
