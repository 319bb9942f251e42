"""A dataset is a folder: what lies beside the others is there, and nothing else says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from filings.products import registry
from filings.products.definition import BadProduct
from products.conftest import AddProduct
from products.test_definition import GOOD


def test_a_folder_with_a_definition_is_a_product(add_product: AddProduct, own_products: Path) -> None:
    before = registry.names()
    add_product("ships", GOOD)
    (own_products / "notes").mkdir()
    assert sorted([*before, "ships"]) == registry.names()
    assert registry.product("ships").title == "Ship arrivals"
    assert registry.folders()["ships"] == own_products / "ships"


def test_a_product_that_is_not_there_names_those_that_are(add_product: AddProduct) -> None:
    add_product("ships", GOOD)
    for ask in (registry.product, registry.parser):
        with pytest.raises(registry.NoSuchProduct, match=r"no product boats; there are .*ships"):
            ask("boats")


def test_two_products_of_a_name_are_an_error(add_product: AddProduct, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = add_product("ships", GOOD)
    monkeypatch.setattr(registry, "HERE", folder.parent)
    with pytest.raises(BadProduct, match="of the same name: rename one"):
        registry.folders()


@pytest.mark.parametrize(
    ("parse", "expected"), [("x = 1\n", "has no function parse"), ("def parse(:\n", "invalid syntax")]
)
def test_a_parser_that_cannot_be_used_says_so(add_product: AddProduct, parse: str, expected: str) -> None:
    add_product("boats_" + str(len(parse)), GOOD, parse)
    with pytest.raises((BadProduct, SyntaxError), match=expected):
        registry.parser("boats_" + str(len(parse)))


def test_a_product_without_a_parser_says_what_it_needs(add_product: AddProduct) -> None:
    (add_product("ships", GOOD) / "parse.py").unlink()
    with pytest.raises(BadProduct, match=r"needs a parse\.py"):
        registry.parser("ships")
