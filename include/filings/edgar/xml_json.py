"""The structured content of an XML document as JSON: predictable enough to query, near enough to the XML to trust.

An element with nothing but text is that text, unchanged; any other is an object: attributes as `@name`, text beside
them as `#text`, children by name, and a name that occurs again as a list. Prefixes are dropped from names; what they
stand for is kept in `@xmlns` of the element that declares them. An empty element is null.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import stringzilla
from lxml import etree

from filings.edgar.xml_encoding import Repaired, utf8, windows_1252

XML_NAMESPACE = "{http://www.w3.org/XML/1998/namespace}"
# EDGAR breaks lines of text that are longer than this, wherever that falls.
WRAPPED_LINE = 1023
# libxml2 refuses texts over 10 MB and nesting over 256 unless told otherwise; the first is seen in real filings.
LARGEST = 512 * 1024 * 1024
DEEPEST = 256


@dataclass(frozen=True, slots=True)
class Structured:
    """An XML document as JSON: its root element's name and content, or the `reason` why there is none.

    `repaired` says that line breaks which EDGAR had put into long lines were taken out to read it.
    """

    root: str | None
    content: Any
    reason: str | None = None
    repaired: bool = False


class Unresolved(etree.XMLSyntaxError):
    """The document has entities of its own, and what they stand for is not read."""


class _TooDeep(ValueError):
    """Nested beyond what any filing needs."""


def structured(content: bytes | memoryview) -> Structured:
    """Read an XML document. Never raises: what cannot be read says why."""
    raw = bytes(content).lstrip(b" \t\r\n")
    if not raw:
        return Structured(None, None, "the document is empty")
    try:
        root, repaired = _read(raw)
    except etree.XMLSyntaxError as error:
        tried = "" if unwrapped(raw) is raw else f", nor with lines of {WRAPPED_LINE} joined"
        return Structured(None, None, f"not well-formed XML{tried}: {_first_line(error)}")
    name = etree.QName(root).localname
    try:
        return Structured(name, _element(root, {}, 0), repaired=repaired)
    except _TooDeep as error:
        return Structured(name, None, str(error), repaired)


def parse_xml(content: bytes | memoryview, repairs: list[Repaired] | None = None) -> etree._Element:
    """The root element of a document; where EDGAR has broken its long lines, they are joined.

    Args:
        content: the document, in whatever XML may be encoded in.
        repairs: takes what was done to bytes that are no UTF-8; without it such a document is refused.

    Raises:
        XMLSyntaxError: when it is not well-formed all the same; `Unresolved` when it has entities of its own.
    """
    raw = bytes(utf8(content)).lstrip(b" \t\r\n")
    try:
        root = _read(raw)[0]
    except etree.XMLSyntaxError as error:
        repaired = None if repairs is None else windows_1252(raw)
        if repairs is None or repaired is None:
            raise
        try:
            root = _read(repaired.content)[0]
        except etree.XMLSyntaxError:
            raise error from None
        repairs.append(repaired)
    refuse_entities(root)
    return root


def refuse_entities(element: etree._Element) -> bool:
    """Whether the document of an element has a DTD, which may declare entities.

    Raises:
        Unresolved: when it declares some, or the element refers to some: XML's own (`&amp;`) are none of these.
    """
    dtd: Any = element.getroottree().docinfo.internalDTD
    if dtd is None:
        return False
    entities: list[Any] = [*dtd.iterentities(), *element.iter(etree.Entity)]
    if entities:
        said = f"its entities, such as &{entities[0].name};, are its own and are not resolved"
        raise Unresolved(said, 0, 0, 0)  # type: ignore[call-arg,arg-type]
    return True


def wrapped_lines(raw: bytes | memoryview) -> list[tuple[int, int]]:
    """Where the line breaks are that EDGAR has put in, as (start, end): those after exactly 1023 characters.

    None when any line is longer: such a document has not been through what breaks them.
    """
    text, size = stringzilla.Str(raw), len(raw)
    breaks: list[tuple[int, int]] = []
    start = 0
    while start + WRAPPED_LINE < size:
        before = text.rfind(b"\n", start, start + WRAPPED_LINE)
        if before >= 0:  # over all short lines at once
            start = before + 1
            continue
        end = text.find(b"\n", start + WRAPPED_LINE)
        line = bytes(raw[start : min(end if end >= 0 else size, start + 4 * WRAPPED_LINE + 2)]).removesuffix(b"\r")
        if end < 0 or WRAPPED_LINE not in (len(line), len(line.decode("utf-8", "replace"))):
            return breaks if end < 0 and len(line.decode("utf-8", "replace")) <= WRAPPED_LINE else []
        breaks.append((start + len(line), end + 1))
        start = end + 1
    return breaks


def unwrapped(raw: bytes | memoryview) -> bytes | memoryview:
    """The document with each line of exactly 1023 characters joined to the next one; itself when it has none."""
    pieces: list[bytes | memoryview] = []
    done = 0
    for start, end in wrapped_lines(raw):
        pieces.append(raw[done:start])
        done = end
    return b"".join([*pieces, raw[done:]]) if pieces else raw


def _read(raw: bytes) -> tuple[etree._Element, bool]:
    """The root element, and whether lines had to be joined. Raises the `XMLSyntaxError` of the document as it is."""
    try:
        return _parse(raw), False
    except etree.XMLSyntaxError:
        joined = unwrapped(raw)
        if joined is raw:
            raise
        try:
            return _parse(bytes(joined)), True
        except etree.XMLSyntaxError:
            pass
        raise


def _parse(raw: bytes) -> etree._Element:
    try:
        return etree.fromstring(raw, _parser(huge=False))
    except etree.XMLSyntaxError:
        if not 10_000_000 < len(raw) <= LARGEST:
            raise
        return etree.fromstring(raw, _parser(huge=True))


def _parser(huge: bool) -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=huge,
    )


def _element(element: etree._Element, known: dict[str | None, str], depth: int) -> Any:
    if depth > DEEPEST:
        raise _TooDeep(f"nested more than {DEEPEST} deep")
    result: dict[str, Any] = {}
    if element.nsmap != known:
        new = {prefix or "": uri for prefix, uri in element.nsmap.items() if known.get(prefix) != uri}
        if new:
            result["@xmlns"] = new
    for name, value in element.attrib.items():
        local = str(name).rpartition("}")[2]
        result[f"@{'xml:' if str(name).startswith(XML_NAMESPACE) else ''}{local}"] = value
    texts = [element.text or ""]
    lists: set[str] = set()
    for child in element:
        if child.tag is etree.Entity:
            texts.append(f"&{child.name};{child.tail or ''}")  # type: ignore[attr-defined]
            continue
        name = str(child.tag).rpartition("}")[2]
        value = _element(child, element.nsmap, depth + 1)
        if name not in result:
            result[name] = value
        elif name in lists:
            result[name].append(value)
        else:
            result[name] = [result[name], value]
            lists.add(name)
        texts.append(child.tail or "")
    text = "".join(texts)
    if not result:
        return text or None
    if text.strip():
        result["#text"] = text
    return result


def _first_line(error: etree.XMLSyntaxError) -> str:
    return str(error).splitlines()[0] if str(error) else type(error).__name__
