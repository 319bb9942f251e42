"""A product's sample query, for each of the tools that people read its tables with."""

from __future__ import annotations

import re
from collections.abc import Sequence

from filings.products.definition import Product
from filings.settings import Settings
from filings.tables import Table
from filings.warehouse.dataset import of_product
from filings.warehouse.parquet_tables import folder

BUCKET = f"s3://{Settings.model_fields['s3_bucket'].default}/"
_TABLE = re.compile(r"\{([a-z0-9_]+)\}")
_ROWS = 10


def question(product: Product) -> str:
    """What the query answers."""
    return product.question if product.query else f"Which filings have most rows in {_first(product).file}?"


def sql(product: Product) -> str:
    """The query for MySQL. Raises `KeyError` for a table that the product has not."""
    return _TABLE.sub(lambda match: product.tables[match[1]].name, _query(product)) + ";"


def duckdb(product: Product, bucket: str = BUCKET) -> str:
    """The query for DuckDB, over the Parquet files."""
    views = [
        f"CREATE OR REPLACE VIEW {name} AS SELECT * FROM read_parquet('{_parquet(product, name, bucket)}*.parquet');"
        for name in _tables(product)
    ]
    return "\n".join([*views, "", _TABLE.sub(r"\1", _query(product)) + ";"])


def pandas(product: Product, bucket: str = BUCKET) -> str:
    """Python that reads the tables of the query as data frames with their true types, and joins them."""
    first, *others = _tables(product)
    accession = product.tables[first].accession
    place = bucket + of_product(product).folder
    lines = ["import pandas as pd", "", f'folder = "{place}parquet/"']
    lines += [f'{name} = pd.read_parquet(folder + "{name}/", dtype_backend="pyarrow")' for name in (first, *others)]
    if not others:
        return "\n".join([*lines, f'print({first}.groupby("{accession}").size().nlargest({_ROWS}))'])
    lines.append(f"found = {first}")
    lines += [f'found = found.merge({name}, on="{accession}", suffixes=("", "_{name}"))' for name in others]
    return "\n".join([*lines, f"print(found.head({_ROWS}))"])


def listed(place: str) -> str:
    """DuckDB over just the files that the list in a Parquet folder names."""
    return "\n".join(
        [
            "SET VARIABLE files = (",
            f"  SELECT list('{place}' || file.name) FROM (SELECT unnest(files) AS file FROM '{place}_files.json')",
            ");",
            "SELECT COUNT(*) FROM read_parquet(getvariable('files'));",
        ]
    )


def _parquet(product: Product, name: str, bucket: str) -> str:
    return bucket + folder(of_product(product), product.tables[name])


def _query(product: Product) -> str:
    if product.query:
        return product.query.strip().rstrip(";")
    table = _first(product)
    return (
        f"SELECT {table.accession}, COUNT(*) AS found\nFROM {{{table.file}}}\n"
        f"GROUP BY {table.accession}\nORDER BY found DESC\nLIMIT {_ROWS}"
    )


def _tables(product: Product) -> Sequence[str]:
    """The tables of the query, in its order."""
    return list(dict.fromkeys(_TABLE.findall(_query(product))))


def _first(product: Product) -> Table:
    return next(iter(product.tables.values()))
