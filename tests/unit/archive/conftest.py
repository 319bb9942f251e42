"""Products of a test's own, in a folder of their own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson
import pytest

from filings.products import registry
from filings.settings import Settings, get_settings

YAML = """
title: {name}
description: A product of a test.
owner: {{team: test}}
forms: {forms}
{more}
tables:
  things:
    description: A row a filing.
    key: [accession]
    columns:
      form: {{type: code(20), description: The form.}}
"""
PARSE = """
def parse(submission):
    yield "things", {"form": submission.form}
"""


@pytest.fixture
def add(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Makes a product in a folder of its own, or another one of the same name; those that ship are not there."""
    monkeypatch.setenv("FILINGS_PRODUCTS", orjson.dumps([str(tmp_path)]).decode())
    monkeypatch.setattr(registry, "HERE", tmp_path / "none")

    def forget() -> None:
        for cached in (get_settings, registry.product, registry.parser):
            cached.cache_clear()
        for module in [
            name for name in sys.modules if name.startswith("filings.products.") and name.endswith(".parse")
        ]:
            del sys.modules[module]

    def make(name: str, forms: str, more: str = "", parse: str = PARSE) -> None:
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        (folder / "product.yaml").write_text(YAML.format(name=name, forms=forms, more=more))
        (folder / "parse.py").write_text(parse)
        forget()

    forget()
    yield make
    monkeypatch.undo()
    forget()
