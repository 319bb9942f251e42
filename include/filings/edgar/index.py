"""EDGAR's index files: which filings there are. One row per (accession, CIK).

Format: `CIK|Company Name|Form Type|Date Filed|Filename` below a line of dashes; dates are `YYYY-MM-DD` in the
quarterly index and `YYYYMMDD` in the daily one. Rows that are not of this form are returned, not dropped.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from filings.edgar import header

# Company names may hold any character but a line break, so the row is anchored at both ends.
_ROW = re.compile(
    r"(?P<cik>\d{1,10})\|(?P<company>.*)\|(?P<form>[^|]*)\|(?P<year>\d{4})-?(?P<month>\d\d)-?(?P<day>\d\d)\|"
    r"(?P<filename>edgar/data/\d+/(?:\d{18}/)?(?P<accession>\d{10}-\d\d-\d{6})\.(?:txt|nc))\s*"
)
_LINES = re.compile(r"\r\n|\n|\r")
_FIRST_YEAR = 1993


@dataclass(frozen=True, slots=True)
class IndexRow:
    """One row: a filing of a filer. `filing_date` is ISO 8601."""

    accession: str
    cik: int
    company_name: str
    form: str
    filing_date: str
    filename: str


@dataclass(frozen=True, slots=True)
class MalformedRow:
    """A line of an index that is no row, with its number in the file."""

    number: int
    line: str


def parse(content: bytes) -> tuple[list[IndexRow], list[MalformedRow]]:
    """All rows of an index file (plain or gzip), and the lines that are none.

    Raises:
        ValueError: when the file has no line of dashes, so that it is no index at all (an error page).
    """
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    lines = _LINES.split(header.text(content))  # not splitlines(): names may hold what Unicode calls a line break
    start = next((n for n, line in enumerate(lines) if line.startswith("-----")), None)
    if start is None:
        raise ValueError(f"no index: {len(content):,} bytes without the line of dashes")
    rows: list[IndexRow] = []
    malformed: list[MalformedRow] = []
    for number, line in enumerate(lines[start + 1 :], start + 2):
        match = _ROW.fullmatch(line)
        if match and _is_date(match["year"], match["month"], match["day"]):
            rows.append(
                IndexRow(
                    accession=match["accession"],
                    cik=int(match["cik"]),
                    company_name=match["company"].strip(),
                    form=match["form"].strip(),
                    filing_date=f"{match['year']}-{match['month']}-{match['day']}",
                    filename=match["filename"],
                )
            )
        elif line.strip():
            malformed.append(MalformedRow(number, line[:500]))
    return rows, malformed


def quarters(until: date, first_year: int = _FIRST_YEAR) -> Iterator[tuple[int, int]]:
    """(year, quarter) from the first year's first quarter to that of `until`."""
    for year in range(first_year, until.year + 1):
        for quarter in range(1, 5):
            if (year, quarter) <= (until.year, (until.month + 2) // 3):
                yield year, quarter


def quarterly_path(year: int, quarter: int) -> str:
    """The path of a quarter's master index."""
    return f"/Archives/edgar/full-index/{year}/QTR{quarter}/master.gz"


def daily_path(day: date) -> str:
    """The path of a day's master index."""
    return f"/Archives/edgar/daily-index/{day.year}/QTR{(day.month + 2) // 3}/master.{day:%Y%m%d}.idx"


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
