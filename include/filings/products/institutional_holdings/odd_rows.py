"""Rows that are not written as the form asks: read where it is plain what is meant, told where it is not.

EDGAR refuses most of them today; tables made by hand and tables of the first years have them. A holding is worth more
than its code: what cannot be read is left empty and told, and the row is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.xml_forms import Fault

LONGEST = 255  # characters of a name
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_NUMBERS = ("value", "sshprnamt", "voting_auth_sole", "voting_auth_shared", "voting_auth_none")
_NAMES = ("nameofissuer", "titleofclass", "othermanager")
_NEEDED = ("nameofissuer", "cusip", "value", "sshprnamt", "sshprnamttype")
_SHARES = ("SH", "SHS", "SHR", "SHRS", "SHARE", "SHARES")
_CODES = {
    "sshprnamttype": {
        **dict.fromkeys(_SHARES, "SH"),
        **dict.fromkeys(("PRN", "PRIN", "PRINCIPAL", "PRINCIPAL AMOUNT"), "PRN"),
    },
    "investmentdiscretion": {
        "SOLE": "SOLE",
        **dict.fromkeys(("DFND", "DEFINED", "SHARED DEFINED", "SHARED-DEFINED"), "DFND"),
        **dict.fromkeys(("OTR", "OTHER", "SHARED OTHER", "SHARED-OTHER"), "OTR"),
    },
}
# One that says neither goes on to the table, which refuses its row: an option must not count as the security itself.
_OPTIONS = {"PUTS": "Put", "CALLS": "Call"}


def mended(row: dict[str, str | None], faults: list[Fault], where: str) -> dict[str, str | None]:
    """A row with the usual codes, numbers without commas and names that the table takes; None for what says nothing.

    Args:
        row: by column, as filed.
        faults: takes what could not be read, what was cut, and what a holding needs and the row has not.
        where: names the row, such as `infotable.xml: infoTable 3`.
    """
    said = {column: " ".join(value.split()) or None if value else None for column, value in row.items()}
    if missing := [column for column in _NEEDED if not said[column]]:
        faults.append((where, "", f"a holding needs {', '.join(missing)}; left empty"))
    for column, value, rule in _read(said):
        faults.append((f"{where}: {column}", value, rule))
    return said


def _read(said: dict[str, str | None]) -> Iterator[Fault]:
    """Put the values of a row right; gives those that it could not."""
    for column, codes in _CODES.items():
        if value := said[column]:
            said[column] = codes.get(value.upper().rstrip("."))
            if said[column] is None:
                yield column, value, f"it must be one of {', '.join(dict.fromkeys(codes.values()))}; left empty"
    if value := said["putcall"]:
        said["putcall"] = _OPTIONS.get(value.upper(), value)
    for column in _NUMBERS:
        if (value := said[column]) and not _NUMBER.fullmatch(value):
            said[column] = value.replace(",", "") if _GROUPED.fullmatch(value) else None
            if said[column] is None:
                yield column, value, "it must be a number; left empty"
    for column in _NAMES:
        if (value := said[column]) and len(value) > LONGEST:
            said[column] = value[:LONGEST].rstrip()
            yield column, value, f"it is longer than {LONGEST} characters; cut there"
