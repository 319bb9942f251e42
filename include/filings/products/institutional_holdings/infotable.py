"""The rows of an information table, as filed.

Two ways lead to the same rows. Nearly all tables are written by the same few programs and differ in blanks and prefix
only, so a pattern that describes such a row, and nothing else, reads them several times quicker than an XML parser.
Where it does not fit seamlessly from one row to the next, a pattern of the same elements with whatever is in them reads
the row, and it is put right; where that does not fit either, the XML parser takes over. All hold a piece of the table
at a time: a table may have 500,000 rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_forms import Fault
from filings.edgar.xml_stream import parts
from filings.products.institutional_holdings.odd_rows import LONGEST, mended

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

Entry = tuple[str | None, ...]  # in the order of COLUMNS

_PIECE = 1 << 20
_ENTRY, _AMOUNT, _KIND = "infoTable", "shrsOrPrnAmt", "sshPrnamtType"
# The SEC's samples of 2013 have the amount as the text of this element, and in an attribute what it is of.
_COLUMN_OF = {element: column for column, element in LEAVES} | {_AMOUNT: "sshprnamt"}
_MANY = "othermanager"  # the one column that a row may say several times
_SHOWN = 5  # names of unknown elements in a message
_OPENING = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?\s*<([A-Za-z_][\w.-]*:)?informationTable(?:\s[^<>]*)?>"
)
_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"']|us-ascii[\"'])", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[\dA-Fa-f]{1,6});")


class _Unusual(ValueError):
    """The table is not written in the usual way."""


def entries(document: Document, faults: list[Fault]) -> Iterator[Entry]:
    """The rows of a table, one at a time; `faults` takes what is wrong with them.

    Raises:
        NotXml: when it is not well-formed XML, after the rows before that place.
    """
    odd = _Odd(document.filename or document.type, faults)
    try:
        for entry in _usual(document.filed, odd):
            odd.given += 1
            yield entry
    except _Unusual:
        yield from _parsed(document, odd)


@dataclass(slots=True)
class _Odd:
    """Puts odd rows right and tells what is wrong with them; it has to know how many rows there were before."""

    document: str
    faults: list[Fault]
    given: int = 0

    @property
    def where(self) -> str:
        """The next row, for messages."""
        return f"{self.document}: infoTable {self.given + 1}"

    def entry(self, leaves: Iterable[str | None]) -> Entry:
        """The next row, put right."""
        row = dict(zip(COLUMNS, leaves, strict=True))
        return tuple(mended(row, self.faults, self.where).values())


@cache
def _row(prefix: str, *, odd: bool) -> re.Pattern[str]:
    """What the rows of a table look like whose elements have this prefix; odd ones may hold anything."""

    def leaf(name: str, inner: str) -> str:
        return f"<{prefix}{name}>{inner}</{prefix}{name}>\\s*"

    def may(name: str, inner: str) -> str:
        return f"(?:{leaf(name, inner)}|<{prefix}{name}\\s*/>\\s*)?"

    anything = "([^<]*)"

    def usual(inner: str) -> str:
        return anything if odd else inner

    words, maybe = usual(rf"\s*([^<\s][^<]{{0,{LONGEST - 1}}})"), usual(r"\s*([^<\s]*)\s*")
    number, kind = usual(r"\s*([0-9]+(?:\.[0-9]+)?)\s*"), usual(r"\s*(SH|PRN)\s*")
    return re.compile(
        rf"\s*<{prefix}infoTable>\s*"
        + leaf("nameOfIssuer", words)
        + leaf("titleOfClass", words)
        + leaf("cusip", usual(r"\s*([^<\s]+)\s*"))
        + may("figi", maybe)
        + leaf("value", number)
        + rf"<{prefix}shrsOrPrnAmt>\s*{leaf('sshPrnamt', number)}{leaf('sshPrnamtType', kind)}"
        + rf"</{prefix}shrsOrPrnAmt>\s*"
        + may("putCall", usual(r"\s*([Pp]ut|PUT|[Cc]all|CALL|)\s*"))
        + leaf("investmentDiscretion", usual(r"\s*(SOLE|DFND|OTR)\s*"))
        + may("otherManager", usual(rf"([^<]{{0,{LONGEST}}})"))
        + rf"<{prefix}votingAuthority>\s*{leaf('Sole', number)}{leaf('Shared', number)}{leaf('None', number)}"
        + rf"</{prefix}votingAuthority>\s*</{prefix}infoTable>"
    )


def _usual(view: bytes | memoryview, odd: _Odd) -> Iterator[Entry]:
    opening = _OPENING.match(view)
    if opening is None or _ENCODING.search(opening[1] or b""):
        raise _Unusual
    prefix = (opening[2] or b"").decode()
    ending, closing = f"</{prefix}infoTable>".encode(), f"</{prefix}informationTable>"
    start = opening.end()
    rest = ""
    while True:
        piece = bytes(view[start : start + _PIECE])
        whole = piece.rfind(ending) + len(ending) if ending in piece else 0
        if not whole:
            rest = piece[:200].decode("utf-8", "replace")
            break
        start += whole
        yield from _matches(re.escape(prefix), piece[:whole], odd)
    if rest.strip() != closing:
        raise _Unusual


def _matches(prefix: str, piece: bytes, odd: _Odd) -> Iterator[Entry]:
    """The rows of a piece that holds whole rows only."""
    try:
        text = piece.decode()
    except UnicodeDecodeError:
        raise _Unusual from None
    usual, anything = _row(prefix, odd=False).match, _row(prefix, odd=True).match
    end, size = 0, len(text)
    while end != size:
        match = usual(text, end)
        if match is None:
            if (match := anything(text, end)) is None:
                raise _Unusual
            end = match.end()
            yield odd.entry(leaf and _plain(leaf) for leaf in match.groups())
            continue
        begin, end = end, match.end()
        entry = match.groups()
        name, title, managers = entry[0], entry[1], entry[9]
        if text.find("&", begin, end) >= 0:
            name, title = _plain(name), _plain(title)
            if any("&" in leaf for leaf in entry[2:] if leaf):
                raise _Unusual
        elif not (name[-1].isspace() or title[-1].isspace() or managers):  # as nearly all are
            yield entry
            continue
        yield name.strip(), title.strip(), *entry[2:9], managers and managers.strip(), *entry[10:]


def _plain(text: str) -> str:
    """A text with its entities read."""
    if len(_ENTITY.findall(text)) != text.count("&"):
        raise _Unusual
    return unescape(text)


def _parsed(document: Document, odd: _Odd) -> Iterator[Entry]:
    """The rows from a place on, by an XML parser."""
    for element in parts(document, _ENTRY, odd.given, odd.faults):
        if element.tag == _ENTRY:
            yield odd.entry(_leaves(element, odd))
            odd.given += 1
        elif unknown := list(dict.fromkeys(str(each.tag) for each in element.iterchildren(etree.Element))):
            rule = f"an information table holds infoTable; what stands in these is left out: {len(element)} elements"
            odd.faults.append((odd.document, ", ".join(unknown[:_SHOWN]), rule))


def _leaves(element: etree._Element, odd: _Odd) -> Iterator[str | None]:
    """What an entry says, in the order of COLUMNS; what has no column is told."""
    found: dict[str, str] = {}
    for leaf in element.iter(etree.Element):
        name = str(leaf.tag)
        if name == _AMOUNT and leaf.attrib:
            for attribute, value in leaf.attrib.items():
                if str(attribute).lower().endswith("prntype") and (words := str(value).strip()):
                    _put(found, _COLUMN_OF[_KIND], f"{name}/@{attribute!s}", words, odd)
        if (text := leaf.text) and (words := text.strip()):
            _put(found, _COLUMN_OF.get(name), name, words, odd)
    return map(found.get, COLUMNS)


def _put(found: dict[str, str], column: str | None, name: str, words: str, odd: _Odd) -> None:
    if column is None:
        odd.faults.append((f"{odd.where} {name}", words, "no column takes it"))
    elif column not in found:
        found[column] = words
    elif column == _MANY:
        found[column] += f",{words}"
    elif found[column] != words:
        odd.faults.append((f"{odd.where} {name}", words, f"the row has one already, {found[column]}"))
