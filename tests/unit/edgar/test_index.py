from __future__ import annotations

import gzip
from datetime import date

import pytest

from filings.edgar import index

PREAMBLE = b"Description: Master Index\n\n \nCIK|Company Name|Form Type|Date Filed|Filename\n" + b"-" * 80 + b"\n"
GOOD = b"320193|Apple | Pear Inc.|8-K|2025-01-02|edgar/data/320193/0000320193-25-000001.txt\n"


@pytest.mark.parametrize("wrap", [bytes, gzip.compress])
def test_rows_are_read_plain_and_packed(wrap: type) -> None:
    rows, malformed = index.parse(wrap(PREAMBLE + GOOD))
    assert malformed == []
    assert rows == [
        index.IndexRow(
            "0000320193-25-000001",
            320193,
            "Apple | Pear Inc.",
            "8-K",
            "2025-01-02",
            "edgar/data/320193/0000320193-25-000001.txt",
        )
    ]


def test_the_daily_form_of_dates_is_read() -> None:
    rows, _ = index.parse(PREAMBLE + GOOD.replace(b"2025-01-02", b"20250102"))
    assert rows[0].filing_date == "2025-01-02"


@pytest.mark.parametrize(("name", "read"), [("Ålesund".encode(), "Ålesund"), (b"And so on\x85 Inc", "And so on… Inc")])
def test_names_beyond_ascii_do_not_tear_a_row_apart(name: bytes, read: str) -> None:
    rows, malformed = index.parse(PREAMBLE + GOOD.replace(b"Apple | Pear Inc.", name))
    assert malformed == []
    assert [row.company_name for row in rows] == [read]


@pytest.mark.parametrize(
    "line",
    [
        b"320193|Apple|8-K|2025-01-02\n",
        b"320193|Apple|8-K|2025-13-02|edgar/data/320193/0000320193-25-000001.txt\n",
        b"x|Apple|8-K|2025-01-02|edgar/data/320193/0000320193-25-000001.txt\n",
        b"320193|Apple|8-K|2025-01-02|edgar/data/320193/0000320193-25-1.txt\n",
    ],
)
def test_a_row_that_is_none_is_returned_with_its_number(line: bytes) -> None:
    rows, malformed = index.parse(PREAMBLE + GOOD + line + GOOD)
    assert len(rows) == 2
    assert [(bad.number, bad.line) for bad in malformed] == [(7, line.decode().rstrip("\n"))]


def test_an_error_page_is_no_index() -> None:
    with pytest.raises(ValueError, match="no index"):
        index.parse(b"<html>try again later</html>")


def test_quarters_run_from_the_first_year_to_today() -> None:
    assert list(index.quarters(date(1994, 5, 1)))[-3:] == [(1993, 4), (1994, 1), (1994, 2)]
