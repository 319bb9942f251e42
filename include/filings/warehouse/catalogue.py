"""The pages of docs/products, made from the registry alone: they cannot tell of other columns than there are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from filings.archive.keys import ROOT
from filings.products import registry
from filings.products.definition import Product
from filings.tables import Column, Table
from filings.warehouse import parquet, queries
from filings.warehouse.dataset import of_product
from filings.warehouse.mysql import create_table
from filings.warehouse.parquet_tables import folder

Samples = Mapping[str, Sequence[Mapping[str, Any]]]  # short name of a table → rows

INDEX = "README.md"
_SAMPLE_ROWS = 2
_LONGEST = 90
_SHOWN = 8  # forms and tables of a product in the index
_TYPES = {
    "accession": Column("x", "accession"),
    "text(N)": Column("x", "text", 100),
    "code(N)": Column("x", "code", 100),
    "longtext": Column("x", "longtext"),
    "integer": Column("x", "integer"),
    "decimal(P,S)": Column("x", "decimal", 22, scale=4),
    "date": Column("x", "date"),
    "timestamp": Column("x", "timestamp"),
    "boolean": Column("x", "boolean"),
}


def pages(products: Mapping[str, Product], samples: Mapping[str, Samples]) -> dict[str, str]:
    """The text of every page, by its path in docs/products; `samples` by product."""
    told = {f"{name}.md": _page(product, samples.get(name, {})) for name, product in products.items()}
    return {INDEX: _index(products), **told}


def of_registry() -> dict[str, str]:
    """The pages of all products. Raises `BadProduct`."""
    places = registry.folders()
    return pages(registry.products(), {name: samples_of(place) for name, place in places.items()})


def samples_of(place: Path) -> Samples:
    """The rows of a product's samples, by table; of its first sample first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for path in sorted((place / "samples").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            one = json.loads(line, parse_float=_Digits)
            found.setdefault(one["table"], []).append(one["row"])
    return found


class _Digits(float):
    """A number as its text has it: 12.50 is no 12.5."""

    def __new__(cls, text: str) -> _Digits:
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str


def _index(products: Mapping[str, Product]) -> str:
    rows = [
        [f"[{product.title}]({name}.md)", f"`{name}`", *(_some(one) for one in (product.forms, list(product.tables)))]
        for name, product in products.items()
    ]
    return _lines(
        "# Data products",
        "",
        "A page for each, made from its `product.yaml` by `make docs`; do not edit them here.",
        "",
        *_table(["product", "name", "forms", "tables"], rows),
        "",
        "## How to read them",
        "Every table lies in S3 as CSV (zstd) and as Parquet, and in MySQL; all three hold the same rows.",
        "- `complete_{table}.csv.zst` is everything, `delta_{table}.csv.zst` what the last run added.",
        "- `parquet/{table}/*.parquet` is everything, with types. While a run exchanges files, a reader of the folder",
        "  may for a moment see rows twice; who minds reads the files that `parquet/{table}/_files.json` names:",
        *(
            f"  {line}"
            for line in _fenced("sql", queries.listed(f"{queries.BUCKET}{ROOT}{{product}}/parquet/{{table}}/"))
        ),
        '- In CSV an empty field is null; pandas needs `keep_default_na=False, na_values=[""]`, and `dtype="string"`',
        "  for what it should not make numbers of.",
        "- The accession number is the first column of a table and joins them. A corrected filing replaces its rows.",
        "- A CIK is ten digits of text where the SEC's own set has it so, and elsewhere an integer: `CAST` joins them.",
        "- What could not be taken is in `quarantine/{product}/{accession}.json`: field, value and the rule it breaks.",
        "",
        "## Types",
        *_table(
            ["type", "CSV", "Parquet", "MySQL"],
            [[f"`{name}`", _in_csv(name), *_types(column)] for name, column in _TYPES.items()],
        ),
    )


def _page(product: Product, samples: Samples) -> str:
    dataset = of_product(product)
    facts = [
        ["name", f"`{product.name}`"],
        ["forms", _forms(product)],
        ["filed since", product.since.isoformat() if product.since else "the beginning of EDGAR, 1993"],
        ["made", f"{product.refresh.schedule}, from {', '.join(product.refresh.requires)}"],
        ["owner", product.owner.team + (f" ({product.owner.slack})" if product.owner.slack else "")],
        ["in S3", f"`{queries.BUCKET}{dataset.folder}`"],
        ["tables", ", ".join(f"[{name}](#{name})" for name in product.tables)],
    ]
    return _lines(
        f"# {product.title}",
        "",
        _line(product.description),
        "",
        *_table(["", ""], facts),
        "",
        *(line for table in product.tables.values() for line in _of_table(product, table, samples.get(table.file, ()))),
        "## A query",
        _line(queries.question(product)),
        "",
        *_code("sql", queries.sql(product), "MySQL"),
        *_code("sql", queries.duckdb(product), "DuckDB"),
        *_code("python", queries.pandas(product), "pandas (whole tables, joined by filing)"),
    )


def _of_table(product: Product, table: Table, samples: Sequence[Mapping[str, Any]]) -> list[str]:
    dataset = of_product(product)
    keys = (dataset.key("complete", table.name), dataset.key("delta", table.name), f"{folder(dataset, table)}*.parquet")
    columns = [
        [f"`{c.name}`", _type(c), _line(c.unit), "" if c.nullable else "no", _line(c.note) + _rules(c)]
        for c in table.columns
    ]
    return [
        f"## {table.file}",
        _line(table.note),
        "",
        f"Key: {', '.join(f'`{name}`' for name in table.key)}. In MySQL: `{table.name}`. In S3:",
        *(f"- `{key}`" for key in keys),
        "",
        *_table(["column", "type", "unit", "null", "what it says"], columns),
        "",
        *(_sample(samples) if samples else []),
    ]


def _sample(samples: Sequence[Mapping[str, Any]]) -> list[str]:
    rows = [", ".join(f'"{k}": {_short(v)}' for k, v in row.items() if v is not None) for row in samples]
    return _code("json", "\n".join(f"{{{row}}}" for row in rows[:_SAMPLE_ROWS]), "Sample rows, without their nulls")


def _short(value: Any) -> str:
    if isinstance(value, _Digits):
        return value.text
    if isinstance(value, str) and len(value) > _LONGEST:
        value = value[: _LONGEST - 1] + "…"
    return json.dumps(value, ensure_ascii=False)


def _type(column: Column) -> str:
    if column.type == "decimal":
        return f"decimal({column.width},{column.scale})"
    return f"{column.type}({column.width})" if column.width else column.type


def _types(column: Column) -> list[str]:
    """What a column is in Parquet and in MySQL."""
    table = Table("t", (Column("a", "accession", nullable=False), column), ("a",))
    ddl = next(line for line in create_table(table).splitlines() if f"`{column.name}`" in line)
    in_mysql = ddl.partition("`x` ")[2].rstrip(",").partition(" CHARACTER SET")[0].removesuffix(" NULL")
    return [str(parquet.schema(table).field(column.name).type), in_mysql]


def _in_csv(name: str) -> str:
    return {
        "accession": "0000320193-25-000073",
        "longtext": "in quotes, may have lines",
        "decimal(P,S)": "as exact digits, no exponent",
        "date": "2025-03-31",
        "timestamp": "2025-03-31 16:05:00, EDGAR's clock",
        "boolean": "true, false",
        "integer": "signed (BIGINT) where `min` is negative",
    }.get(name, "")


def _rules(column: Column) -> str:
    told = [f"one of {', '.join(sorted(column.values))}"] if column.values else []
    told += [f"at least {column.least}"] if column.least is not None else []
    told += [f"at most {column.most}"] if column.most is not None else []
    return f" ({'; '.join(told)})" if told else ""


def _some(words: Sequence[str]) -> str:
    """The first of some words, and how many there are when these are not all; no form means all."""
    more = f" … ({len(words)})" if len(words) > _SHOWN else ""
    return ", ".join(words[:_SHOWN]) + more if words else "all"


def _forms(product: Product) -> str:
    return ", ".join(product.forms) if product.forms else "all"


def _line(text: str) -> str:
    """A text in one line that Markdown and HTML leave alone."""
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *(f"| {' | '.join(row)} |" for row in rows)]


def _code(language: str, text: str, title: str) -> list[str]:
    return [f"{title}:", *_fenced(language, text), ""]


def _fenced(language: str, text: str) -> list[str]:
    return [f"```{language}", *text.splitlines(), "```"]


def _lines(*lines: str) -> str:
    return "\n".join(lines).rstrip() + "\n"
