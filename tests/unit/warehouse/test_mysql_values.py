"""Values come out of a real MySQL as they went into CSV: decimals, dates, texts with lines, whatever they hold."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warehouse_samples import accession

from filings.archive.storage import Store
from filings.settings import Settings
from filings.tables import Column, Table
from filings.warehouse import csv_frames, mysql, mysql_load
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.mysql_load import LoadFailed, TableLoad
from filings.warehouse.product_rows import ProductRows

TABLE = Table(
    "values_all",
    (
        Column("adsh", "accession", nullable=False),
        Column("n", "integer", nullable=False),
        Column("text", "text", 60),
        Column("wide", "text", 20_000),
        Column("code", "code", 20),
        Column("body", "longtext"),
        Column("whole", "integer"),
        Column("signed", "integer", least=Decimal(-(2**62))),
        Column("money", "decimal", 38, scale=10),
        Column("day", "date"),
        Column("moment", "timestamp"),
        Column("yes", "boolean"),
    ),
    ("adsh", "n"),
    indexes=(("text", "wide"), ("body",)),
    file="all",
)
TABLES = {TABLE.name: TABLE}
DATASET = Dataset("values", "values/", TABLES, ProductRows("values", TABLES), "fill", "load")

ODD = st.sampled_from(
    ["NULL", "null", "\\N", "\\", 'a\\"', '"', '""', 'a"', ",", 'a,"b",', " ", "  a ", "a\t", "🙂", "́", "ß", "0"]
)
LETTERS = st.characters(exclude_categories=["Cs"])
TEXTS = ODD | st.text(LETTERS, max_size=12)
BODIES = ODD | st.text(st.sampled_from('"\n\\,aü🙂 \t'), max_size=30) | st.text(LETTERS, max_size=30)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "text": TEXTS,
        "wide": TEXTS,
        "code": st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=20),
        "body": BODIES,
        "whole": st.integers(0, 2**63 - 1),
        "signed": st.integers(-(2**62), 2**63 - 1),
        "money": st.decimals(-(10**27), 10**27, places=10),
        "day": st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)),
        "moment": st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(2999, 12, 31)).map(
            lambda moment: moment.replace(microsecond=0)
        ),
        "yes": st.booleans(),
    },
)


@pytest.fixture
def load(s3: Store, bulk: Bulk, settings: Settings, database: Any) -> Iterator[Callable[[list[list[str]]], None]]:
    """Write rows into a complete object, and load that."""
    connection = mysql.connect(mysql.Address.of(settings))
    sequence = 0

    def run(rows: list[list[str]]) -> None:
        nonlocal sequence
        sequence += 1
        frame = csv_frames.RowFrame()
        frame.add(rows)
        told = {"sequence": str(sequence), "generation": str(sequence), "rows": str(len(rows))}
        s3.put(DATASET.key("complete", TABLE.name), csv_frames.header_frame(TABLE) + frame.close(), metadata=told)
        assert TableLoad(s3, bulk, connection, DATASET, TABLE).run().rows == len(rows)

    yield run
    connection.close()


def value(column: Column, field: str) -> Any:
    """A field as Python has it."""
    if not field:
        return None
    makers: dict[str, Callable[[str], Any]] = {
        "integer": int,
        "decimal": Decimal,
        "date": dt.date.fromisoformat,
        "timestamp": dt.datetime.fromisoformat,
        "boolean": lambda text: int(text == "true"),
    }
    return makers.get(column.type, str)(field)


def read(database: Any) -> list[tuple[Any, ...]]:
    database.execute(f"SELECT * FROM {TABLE.name} ORDER BY n")
    return list(database.fetchall())


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(given_rows=st.lists(ROWS, max_size=40))
def test_what_goes_into_csv_comes_out_of_mysql(
    load: Callable[[list[list[str]]], None], database: Any, given_rows: list[dict[str, Any]]
) -> None:
    rows = [TABLE.row({"adsh": accession(1), "n": n, **values}) for n, values in enumerate(given_rows)]
    load(rows)
    assert read(database) == [
        tuple(value(column, field) for column, field in zip(TABLE.columns, row, strict=True)) for row in rows
    ]


def test_a_very_long_text_comes_out_whole(
    load: Callable[[list[list[str]]], None], database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mysql_load, "_PIECE", 1 << 20)
    body = '"quoted", \\ and\n' * 1_500_000
    load([TABLE.row({"adsh": accession(1), "n": n, "body": body if n == 1 else "short"}) for n in range(3)])
    database.execute(f"SELECT SHA2(body, 256), n FROM {TABLE.name} ORDER BY n")
    assert database.fetchall()[1] == (hashlib.sha256(body.encode()).hexdigest(), 1)


def test_a_value_that_mysql_would_change_fails_the_load_and_names_its_row(
    load: Callable[[list[list[str]]], None],
) -> None:
    good = TABLE.row({"adsh": accession(1), "n": 1, "body": "two\nlines", "money": "1.5"})
    bad = TABLE.row({"adsh": accession(2), "n": 7, "body": "three\nmore\nlines"})
    bad[TABLE.names.index("money")] = "0.12345678901"
    with pytest.raises(LoadFailed, match=f"values_all at adsh {accession(2)}, n 7: .*money"):
        load([good, bad])


@pytest.mark.parametrize(
    ("widths", "numbers"), [([2000] * 30, 0), ([60] * 60, 120), ([30] * 20 + [255] * 70, 50)], ids=str
)
def test_a_table_of_many_wide_texts_is_made_since_the_widest_lie_outside_of_their_row(
    database: Any, widths: list[int], numbers: int
) -> None:
    columns = (
        Column("accession", "accession", nullable=False),
        *(Column(f"c{n}", "text", width) for n, width in enumerate(widths)),
        *(Column(f"m{n}", "decimal", 38, scale=10) for n in range(numbers)),
    )
    table = Table("many", columns, ("accession",), indexes=(("c0",),))
    database.execute(mysql.create_table(table))
    database.execute("SHOW COLUMNS FROM many LIKE 'c%'")
    kinds = [kind for _, kind, *_ in database.fetchall()]
    assert {f"varchar({widths[-1]})", "text"} <= set(kinds)
    values = {f"c{n}": "🙂" * width for n, width in enumerate(widths)}
    names = ", ".join(values)
    database.execute(
        f"INSERT INTO many (accession, {names}) VALUES (%s, {', '.join(['%s'] * len(values))})",
        [accession(1), *values.values()],
    )
