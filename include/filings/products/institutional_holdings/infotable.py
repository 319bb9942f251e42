"""The rows of an information table, as filed.

Two ways lead to the same rows. Nearly all tables are written by the same few programs and differ in blanks and prefix
only, so a pattern that describes such a row, and nothing else, reads them several times quicker than an XML parser.
Where it does not fit seamlessly from one row to the next, the XML parser takes over. Both hold a piece of the table at
a time: a table may have 500,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html import unescape

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_stream import parts

# What a row holds, in the order of the form's schema: (column, element).
LEAVES = (
    ("nameofissuer", "nameOfIssuer"),
    ("titleofclass", "titleOfClass"),
    ("cusip", "cusip"),
    ("figi", "figi"),
    ("value", "value"),
    ("sshprnamt", "sshPrnamt"),
    ("sshprnamttype", "sshPrnamtType"),
    ("putcall", "putCall"),
    ("investmentdiscretion", "investmentDiscretion"),
    ("othermanager", "otherManager"),
    ("voting_auth_sole", "Sole"),
    ("voting_auth_shared", "Shared"),
    ("voting_auth_none", "None"),
)
COLUMNS = tuple(column for column, _ in LEAVES)
VALUE, AMOUNT, KIND = (COLUMNS.index(name) for name in ("value", "sshprnamt", "sshprnamttype"))
OPTION = COLUMNS.index("putcall")

Entry = tuple[str | None, ...]  # in the order of COLUMNS

_PIECE = 1 << 20
_PLACES = {element: place for place, (_, element) in enumerate(LEAVES)}
_OPENING = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?\s*<([A-Za-z_][\w.-]*:)?informationTable(?:\s[^<>]*)?>"
)
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\dA-Fa-f]{1,6});")


class _Unusual(ValueError):
    """The table is not written in the usual way."""


def entries(document: Document) -> Iterator[Entry]:
    """The rows of a table, one at a time.

    Raises:
        NotXml: when it is not well-formed XML, after the rows before that place.
    """
    given = 0
    try:
        for entry in _usual(document.filed):
            given += 1
            yield entry
    except _Unusual:
        yield from _parsed(document, given)


@cache
def _row(prefix: str) -> re.Pattern[str]:
    """What the rows of a table look like whose elements have this prefix."""

    def leaf(name: str, inner: str = r"\s*([^<\s]*)\s*") -> str:
        return f"<{prefix}{name}>{inner}</{prefix}{name}>\\s*"

    def may(name: str, inner: str = r"\s*([^<\s]*)\s*") -> str:
        return f"(?:{leaf(name, inner)}|<{prefix}{name}\\s*/>\\s*)?"

    words = "([^<]*)"
    return re.compile(
        rf"\s*<{prefix}infoTable>\s*"
        + leaf("nameOfIssuer", words)
        + leaf("titleOfClass", words)
        + leaf("cusip")
        + may("figi")
        + leaf("value")
        + rf"<{prefix}shrsOrPrnAmt>\s*{leaf('sshPrnamt')}{leaf('sshPrnamtType')}</{prefix}shrsOrPrnAmt>\s*"
        + may("putCall")
        + leaf("investmentDiscretion")
        + may("otherManager", words)
        + rf"<{prefix}votingAuthority>\s*{leaf('Sole')}{leaf('Shared')}{leaf('None')}</{prefix}votingAuthority>\s*"
        + rf"</{prefix}infoTable>"
    )


def _usual(view: bytes | memoryview) -> Iterator[Entry]:
    opening = _OPENING.match(view)
    if opening is None or _ENCODING.search(opening[1] or b""):
        raise _Unusual
    prefix = (opening[2] or b"").decode()
    pattern, ending, closing = _row(re.escape(prefix)), f"</{prefix}infoTable>".encode(), f"</{prefix}informationTable>"
    start = opening.end()
    rest = ""
    while True:
        piece = bytes(view[start : start + _PIECE])
        whole = piece.rfind(ending) + len(ending) if ending in piece else 0
        if not whole:
            rest = piece[:200].decode("utf-8", "replace")
            break
        start += whole
        yield from _matches(pattern, piece[:whole])
    if rest.strip() != closing:
        raise _Unusual


def _matches(pattern: re.Pattern[str], piece: bytes) -> Iterator[Entry]:
    """The rows of a piece that holds whole rows only."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        raise _Unusual from None
    end = 0
    for match in pattern.finditer(text):
        if match.start() != end:
            raise _Unusual
        end = match.end()
        entry = match.groups()
        name, title, managers = entry[0], entry[1], entry[9]
        if "&" in match[0]:
            name, title = _plain(name), _plain(title)
            if any("&" in leaf for leaf in entry[2:] if leaf):
                raise _Unusual
        yield name.strip(), title.strip(), *entry[2:9], managers and managers.strip(), *entry[10:]
    if end != len(text):
        raise _Unusual


def _plain(text: str) -> str:
    """A text with its entities read."""
    if len(_ENTITY.findall(text)) != text.count("&"):
        raise _Unusual
    return unescape(text)


def _parsed(document: Document, given: int) -> Iterator[Entry]:
    """The rows from a place on, by an XML parser."""
    for element in parts(document, "infoTable", given):
        if element.tag != "infoTable":
            return
        leaves: list[str | None] = [None] * len(LEAVES)
        for leaf in element.iter(etree.Element):
            place = _PLACES.get(leaf.tag)
            if place is not None and leaf.text and (words := leaf.text.strip()):
                before = leaves[place]
                leaves[place] = words if before is None else f"{before},{words}"
        yield tuple(leaves)
