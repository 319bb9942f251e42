"""Many values at once are looked at as one is: the quick way never decides otherwise than the plain one."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filings.tables import BadRow, Column, Table, columns_of

COLUMNS = (
    Column("accession", "accession", nullable=False),
    Column("text", "text", 12),
    Column("long", "longtext"),
    Column("code", "code", 6),
    Column("kind", "code", 6, values=frozenset({"A", "D"})),
    Column("whole", "integer"),
    Column("signed", "integer", least=Decimal(-5), most=Decimal(5)),
    Column("money", "decimal", 12, scale=4),
    Column("share", "decimal", 6, scale=6),
    Column("percent", "decimal", 5, scale=2, least=Decimal(0), most=Decimal(100)),
    Column("day", "date"),
    Column("moment", "timestamp"),
    Column("flag", "boolean"),
    Column("must", "code", 3, nullable=False),
)
TABLE = Table("table", COLUMNS, ("accession", "whole"))
NUMBERS = [
    "0",
    "-0",
    "00",
    "7",
    "007",
    "-1",
    "+1",
    "1.5",
    "1.50",
    ".5",
    "5.",
    "1e3",
    "0.0001",
    "0.00001",
    "99999999",
    "²",
    "٣",
]
VALUES = {
    "accession": ["0000320193-25-000073", "0000320193-25-73", ""],
    "text": ["", "plain", " blank ", "a\tb", "a\nb", "thirteen long", "Ünïted", "\x00"],
    "long": ["", "one\ntwo", "\r\n", "\x00", '"quoted"'],
    "code": ["", "A1", "A 1", " A1", "A1 ", " ", "longer than six", "é", "a\nb"],
    "kind": ["", "A", "D", "X", "a"],
    "whole": [*NUMBERS, 0, 7, 2**63 - 1, 2**63, -1, True, ""],
    "signed": [*NUMBERS, -5, 6, ""],
    "money": [
        *NUMBERS,
        0,
        -3,
        99999999,
        100000000,
        Decimal("1.5"),
        Decimal("NaN"),
        12,
        1.25,
        "",
        "123456789",
        "12345678.1234",
        "1,000",
    ],
    "share": [*NUMBERS, "0.123456", "0.1234567", ""],
    "percent": [*NUMBERS, 0, 100, 101, -1, "100", "100.01", ""],
    "day": ["", "2025-02-28", "2025-02-29", "2025-02-31", "2025-2-1", "20250201", "2024-02-29"],
    "moment": ["", "2025-02-28 16:05:00", "2025-02-28T16:05:00", "2025-02-28 24:00:00", "2025-02-30 00:00:00"],
    "flag": ["", True, False, "true", "false", "1", 1, 0],
    "must": ["x", "", "long"],
}
GOOD = {"accession": "0000320193-25-000073", "must": "x"}


def test_rows_without_an_accession_get_the_one_that_is_given() -> None:
    given = {"must": "x"}

    assert (
        TABLE.rows([given, given], "0000000001-25-000001", columns_of([given, given]))
        == [TABLE.row({"accession": "0000000001-25-000001", **given})] * 2
    )


def one_by_one(rows: list[dict[str, Any]]) -> list[list[str]] | None:
    try:
        return [TABLE.row(row) for row in rows]
    except BadRow:
        return None


@given(
    st.lists(
        st.fixed_dictionaries(
            {name: st.just(value) for name, value in GOOD.items()},
            optional={name: st.sampled_from([None, *values]) for name, values in VALUES.items() if name not in GOOD},
        ),
        min_size=1,
        max_size=4,
    )
)
@example([GOOD])
def test_rows_at_once_are_the_rows_one_by_one_or_refused_together(rows: list[dict[str, Any]]) -> None:
    assert TABLE.rows(rows, GOOD["accession"], columns_of(rows)) == one_by_one(rows)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in VALUES.items() for value in values])
def test_each_single_value_is_judged_alike_among_good_ones(name: str, value: object) -> None:
    rows = [GOOD, {**GOOD, name: value}, GOOD]

    assert TABLE.rows(rows, GOOD["accession"], columns_of(rows)) == one_by_one(rows)


@pytest.mark.parametrize("digits", ["１０", "٣", "²", "1_0"])
@pytest.mark.parametrize("name", ["money", "whole", "signed", "percent"])
def test_a_number_is_written_with_the_digits_of_ascii(name: str, digits: str) -> None:
    with pytest.raises(BadRow):
        TABLE.row({**GOOD, name: digits})
