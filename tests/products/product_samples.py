"""The samples of the products that ship, and their rows as each form of a table should hold them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from filings.edgar import sgml
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from filings.tables import Column, Table


def samples(name: str) -> list[Path]:
    """A product's samples."""
    return sorted((registry.folders()[name] / "samples").glob("*.txt"))


@cache
def sample_rows(name: str) -> list[Parsed]:
    """What a product makes of its samples; those that give no row are left out."""
    made = [rows_of(name, path.read_bytes()) for path in samples(name)]
    return [one for one in made if one.rows]


def rows_of(name: str, submission: bytes) -> Parsed:
    """What a product makes of a submission."""
    return parsed(registry.product(name), registry.parser(name), sgml.parse(submission))


def value(column: Column, text: str) -> Any:
    """A field as Python has it."""
    if not text:
        return None
    match column.type:
        case "integer":
            return int(text)
        case "decimal":
            return Decimal(text)
        case "date":
            return date.fromisoformat(text)
        case "timestamp":
            return datetime.fromisoformat(text)
        case "boolean":
            return text == "true"
    return text


def values(table: Table, rows: Sequence[Sequence[str]]) -> list[tuple[Any, ...]]:
    """Rows of text as Python has them, by key."""
    made = [tuple(value(c, field) for c, field in zip(table.columns, row, strict=True)) for row in rows]
    return by_key(table, made)


def by_key(table: Table, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Rows in the order of their keys."""
    return sorted(map(tuple, rows), key=lambda row: tuple(map(str, table.key_fields(row))))
