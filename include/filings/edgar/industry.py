"""The SEC's list of Standard Industrial Classification codes: industry title, reviewing office, division.

The list (`sic.csv`) is the SEC's public one, as of December 2025; its last column has the words of headers of
submissions where those are known to differ. The divisions are those of the SIC manual of 1987.
Source: sec.gov/search-filings/standard-industrial-classification-sic-code-list.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_LIST = Path(__file__).with_name("sic.csv")
_DIVISIONS = (
    ("0100", "0999", "Agriculture, Forestry and Fishing"),
    ("1000", "1499", "Mining"),
    ("1500", "1799", "Construction"),
    ("2000", "3999", "Manufacturing"),
    ("4000", "4999", "Transportation, Communications, Electric, Gas and Sanitary Services"),
    ("5000", "5199", "Wholesale Trade"),
    ("5200", "5999", "Retail Trade"),
    ("6000", "6799", "Finance, Insurance and Real Estate"),
    ("7000", "8799", "Services"),
    ("8900", "8999", "Services"),
    ("9100", "9729", "Public Administration"),
    ("9900", "9999", "Nonclassifiable Establishments"),
)


@dataclass(frozen=True, slots=True)
class Industry:
    """A SIC code: its title in the SEC's list and in headers, the office that reviews its companies, its division.

    The SEC's own codes for depositary receipts (8880) and foreign governments (8888) have no division.
    """

    title: str | None
    in_headers: str | None
    office: str | None
    division: str | None


def industry(sic: str | None) -> Industry:
    """What a code stands for; of one that is not on the list what is known of it."""
    code = (sic or "").strip().zfill(4)
    if not sic or not code.isdigit():
        return Industry(None, None, None, None)
    title, in_headers, office = _listed().get(code, (None, None, None))
    division = next((name for low, high, name in _DIVISIONS if low <= code <= high), None)
    return Industry(title, in_headers, office, division)


@cache
def _listed() -> dict[str, tuple[str, str, str]]:
    with _LIST.open(newline="", encoding="utf-8") as lines:
        return {
            row["sic"]: (row["industry_title"], row["in_headers"] or row["industry_title"], row["office"])
            for row in csv.DictReader(lines)
        }
