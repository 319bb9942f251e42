"""What planning, proving and cleaning up ask of the products of the registry."""

from __future__ import annotations

from filings.archive import keys
from filings.archive.proof import Made
from filings.archive.universe import Wanted
from filings.products.definition import Product
from filings.tasks import _products
from filings.warehouse import dataset
from filings.warehouse.dataset import LOOKUP, Dataset


def wanted() -> dict[str, Wanted]:
    """Which filings each product is about. Raises `BadProduct`."""
    return {name: Wanted(frozenset(one.forms), one.since) for name, one in _products.products().items()}


def made() -> dict[str, Made]:
    """How each product is made. Raises `BadProduct`."""
    return {name: _made(one) for name, one in _products.products().items()}


def datasets() -> list[Dataset]:
    """The lookup tables and those of each product. Raises `BadProduct`."""
    return [LOOKUP, *map(dataset.of_product, _products.products().values())]


def _made(product: Product) -> Made:
    tables = dataset.of_product(product)
    source = keys.TAR if product.source.archive == "tar" else keys.SGML
    return Made(source, [tables.key("complete", name) for name in tables.tables])
