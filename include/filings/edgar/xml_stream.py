"""A long XML document a part at a time: a table of 500,000 rows does not fit into memory as a tree.

Where EDGAR has broken the long lines of a document so that it is not well-formed, they are joined, as everywhere.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_json import unwrapped
from filings.edgar.xml_tree import NotXml

_BLANK = b" \t\r\n"


def parts(document: Document, name: str, skip: int = 0) -> Iterator[etree._Element]:
    """Each element of a name, and at last the root without them; names are without prefixes.

    An element is emptied when the next one is asked for. The elements must not hold one another.

    Args:
        document: the XML.
        name: the elements' local name.
        skip: how many of them to leave out at the beginning.

    Raises:
        NotXml: when it is not well-formed, after the elements before that place.
    """
    content = document.content
    first: etree.XMLSyntaxError | None = None
    while True:
        try:
            for element in _steps(content, name, skip):
                skip += 1
                yield element
            return
        except etree.XMLSyntaxError as error:
            joined = unwrapped(content) if first is None else content
            first = first or error
            if joined is content:
                why = str(first).splitlines()[0] if str(first) else "empty"
                where = f" after {skip} {name}" if skip else ""
                raise NotXml(f"{document.filename or document.type} is not well-formed XML{where}: {why}") from error
            content = joined


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
    for place, (_, element) in enumerate(steps):
        _remove(last)  # and not the one that the parser is still at
        if place >= skip:
            yield _local(element)
        element.clear()
        last = element
    _remove(last)
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
