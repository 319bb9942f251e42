"""A long XML document a part at a time: a table of 500,000 rows does not fit into memory as a tree.

Where EDGAR has broken the long lines of a document so that it is not well-formed, they are joined, as everywhere; and
what is in UTF-16 is made UTF-8 first, as everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_encoding import utf8, windows_1252
from filings.edgar.xml_json import Unresolved, refuse_entities, unwrapped
from filings.edgar.xml_tree import Fault, NotXml

_BLANK = b" \t\r\n"


def parts(document: Document, name: str, skip: int = 0, faults: list[Fault] | None = None) -> Iterator[etree._Element]:
    """Each element of a name, and at last the root without them; names are without prefixes.

    An element is emptied when the next one is asked for. The elements must not hold one another.

    Args:
        document: the XML.
        name: the elements' local name.
        skip: how many of them to leave out at the beginning.
        faults: takes what was repaired to read it; without it nothing is repaired that might have been meant otherwise.

    Raises:
        NotXml: when it is not well-formed, after the elements before that place, or has entities of its own.
    """
    where = document.filename or document.type
    why, furthest = "", -1
    for content, repair in _readings(document, faults is not None):
        before, failed = skip, ""
        try:
            for element in _steps(content, name, skip):
                skip += 1
                yield element
        except Unresolved as error:
            raise NotXml(f"{where} cannot be read: {error.msg}") from error
        except etree.XMLSyntaxError as error:
            failed = str(error).splitlines()[0] if str(error) else "empty"
        fault = (where, *repair) if repair and (skip > before or not failed) else None
        if faults is not None and fault and fault not in faults:
            faults.append(fault)
        if not failed:
            return
        if skip > furthest:  # of the first one, and of what came further
            why, furthest = failed, skip
    raise NotXml(f"{where} is not well-formed XML{f' after {skip} {name}' if skip else ''}: {why}")


def _readings(document: Document, repairs: bool) -> Iterator[tuple[bytes | memoryview, tuple[str, str] | None]]:
    """A document as it is and then, for who finds that not well-formed, as it may have been meant; what was done."""
    content = utf8(document.content)
    yield content, None
    if (joined := unwrapped(content)) is not content:
        yield joined, None
    if repairs and (repaired := windows_1252(content)):
        yield repaired.content, repaired[1:]
        if joined is not content and (repaired := windows_1252(joined)):
            yield repaired.content, repaired[1:]


def _steps(content: bytes | memoryview, name: str, skip: int) -> Iterator[etree._Element]:
    source = io.BytesIO(content)
    while (byte := source.read(1)) and byte in _BLANK:
        pass
    source.seek(-len(byte), io.SEEK_CUR)
    steps = etree.iterparse(
        source,
        events=("end",),
        tag="{*}" + name,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
        huge_tree=True,
    )
    last: etree._Element | None = None
    checks = True  # unless the first element shows that there is no DTD
    for place, (_, element) in enumerate(steps):
        _remove(last)  # and not the one that the parser is still at
        checks = checks and refuse_entities(element)
        if place >= skip:
            yield _local(element)
        element.clear()
        last = element
    _remove(last)
    if checks:
        refuse_entities(steps.root)
    yield _local(steps.root)


def _remove(element: etree._Element | None) -> None:
    if element is not None and (parent := element.getparent()) is not None:
        parent.remove(element)


def _local(element: etree._Element) -> etree._Element:
    for each in element.iter(etree.Element):
        tag = each.tag
        if tag[0] == "{":
            each.tag = tag.rpartition("}")[2]
    return element
