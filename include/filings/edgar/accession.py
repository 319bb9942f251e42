"""Accession numbers: dashed where a person reads them, unsigned 64-bit integers where a machine counts.

`0000320193-25-000073` is the login CIK of whoever submitted, the year and a count of that login in the year.
"""

from __future__ import annotations

import re

_DASHED = re.compile(r"\d{10}-\d{2}-\d{6}")


class InvalidAccession(ValueError):
    """A string that is no accession number."""


def is_accession(text: str) -> bool:
    """Whether `text` is a dashed accession number of 20 characters."""
    return len(text) == 20 and _DASHED.fullmatch(text) is not None and text.isascii()


def to_int(text: str) -> int:
    """The integer of a dashed or plain accession number; it fits 63 bits.

    Raises:
        InvalidAccession: when `text` is neither `0000320193-25-000073` nor `000032019325000073`.
    """
    plain = text.replace("-", "") if is_accession(text) else text
    if len(plain) != 18 or not (plain.isascii() and plain.isdigit()):
        raise InvalidAccession(f"{text!r} is not an accession number such as 0000320193-25-000073")
    return int(plain)


def dashed(number: int) -> str:
    """The dashed form of an integer accession number.

    Raises:
        InvalidAccession: when `number` has more than 18 digits or is negative.
    """
    if not 0 <= number < 10**18:
        raise InvalidAccession(f"{number} is outside the range of accession numbers")
    plain = f"{number:018d}"
    return f"{plain[:10]}-{plain[10:12]}-{plain[12:]}"
