"""An invented product with every type of column, small filings of it, and what tests read back from its tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from warehouse_samples import accession

from filings.archive import rows_object
from filings.archive.rows_object import FilingRows
from filings.archive.storage import Store
from filings.products.definition import load
from filings.warehouse import csv_rows
from filings.warehouse.dataset import Dataset, of_product

YAML = """\
title: Harvests
description: What orchards report of their harvests.
owner: {team: orchards}
forms: all
tables:
  harvests:
    description: A harvest.
    key: [adsh, lot, picked]
    indexes: [[kind]]
    columns:
      lot: {type: code(12), description: Lot}
      picked: {type: date, description: Day}
      kind: {type: text(60), description: Kind of fruit}
      weight: {type: "decimal(22,4)", description: Weight, unit: kg}
      change: {type: integer, min: -1000, description: Against the year before}
      crates: {type: integer, description: Crates}
      weighed_at: {type: timestamp, description: When it was weighed}
      sold: {type: boolean, description: Whether it was sold}
  remarks:
    description: A remark.
    key: [accession, number]
    columns:
      number: {type: integer, description: Its number}
      remark: {type: longtext, description: The remark}
      by: {type: text(40), description: Whose it is}
"""
Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def dataset(folder: Path, text: str = YAML) -> Dataset:
    """The dataset of the product that a product.yaml describes."""
    place = folder / "harvests"
    place.mkdir(exist_ok=True)
    (place / "product.yaml").write_text(text)
    return of_product(load(place))


def filing(number: int, harvests: int = 2, remarks: int = 1) -> Rows:
    """The rows of a filing."""
    return {
        "harvests": [
            {"lot": f"L{n}", "picked": "2025-09-01", "weight": f"{number}.{n}5", "change": -n, "sold": n % 2 == 0}
            for n in range(harvests)
        ],
        "remarks": [
            {"number": n, "remark": f'Filing {number} "says"\n\n{accession(9)}, and\nmore\n'} for n in range(remarks)
        ],
    }


def put_rows(store: Store, of: Dataset, number: int, rows: Rows, reason: str = "") -> str:
    """Write the rows object of a filing, as a product's first step does; returns its accession."""
    checked = {
        table.file: [table.row({table.accession: accession(number), **row}) for row in rows.get(table.file, ())]
        for table in of.tables.values()
    }
    columns = {table.file: table.names for table in of.tables.values()}
    made = FilingRows(accession(number), columns, checked, reason=reason)
    store.put(of.source.key(accession(number)), rows_object.dumps(made))
    return accession(number)


def put_filings(store: Store, of: Dataset, *numbers: int, **more: int) -> list[str]:
    """Write the rows objects of filings; returns their accessions."""
    return [put_rows(store, of, number, filing(number, **more)) for number in numbers]


def read(store: Store, of: Dataset, kind: str = "complete") -> dict[str, list[list[str]]]:
    """The rows of each table in S3, by the short names of tables."""
    found = {}
    for name, table in of.tables.items():
        header, *rows = csv_rows.records(store.get_zst(of.key(kind, name)))
        assert tuple(header) == table.names
        found[table.file] = rows
    return found


def expected(of: Dataset, filings: Mapping[int, Rows]) -> dict[str, list[list[str]]]:
    """The rows that filings have together, sorted."""
    return {
        table.file: sorted(
            table.row({table.accession: accession(number), **row})
            for number, rows in filings.items()
            for row in rows.get(table.file, ())
        )
        for table in of.tables.values()
    }
