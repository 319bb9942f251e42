"""The XML of a form as a tree: read safely, names without prefixes, values in one form.

Filers' software differs in prefixes (`ns1:`, `n1:`, none), in how it writes booleans and dates, and EDGAR has broken
long lines of some documents; whoever reads a form should see none of that.
"""

from __future__ import annotations

import re

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_json import parse_xml

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}|T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")
_AMERICAN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_TRUE, _FALSE = {"1", "true", "y", "yes"}, {"0", "false", "n", "no"}


class NotXml(ValueError):
    """A document that is not well-formed XML; the message says where."""


def is_xml(document: Document) -> bool:
    """Whether a document is to be read as XML: by its name, or by how it begins."""
    if document.encoding != "text":
        return False
    name = document.filename.lower()
    return name.endswith(".xml") or bytes(document.filed[:64]).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")


def tree(document: Document) -> etree._Element:
    """The root element, with local names throughout. Raises `NotXml`."""
    try:
        root = parse_xml(document.content)
    except etree.XMLSyntaxError as error:
        why = str(error).splitlines()[0] if str(error) else "empty"
        raise NotXml(f"{document.filename or document.type} is not well-formed XML: {why}") from error
    for element in root.iter(etree.Element):
        tag = element.tag
        if tag[0] == "{":
            element.tag = tag.rpartition("}")[2]
    return root


def text(element: etree._Element | None, path: str) -> str | None:
    """The text of the first element at a path such as `issuer/issuerCik`, without blanks around; None when empty."""
    found = None if element is None else element.findtext(path)
    return (found.strip() or None) if found else None


def boolean(value: str | None) -> bool | str | None:
    """True or False of `1`, `true`, `Y` and their opposites; what is none of them as it is, for the table to refuse."""
    if value is None or not (word := value.strip().lower()):
        return None
    return True if word in _TRUE else False if word in _FALSE else value


def day(value: str | None) -> str | None:
    """A date as `YYYY-MM-DD`, without the zone that XML Schema allows; what is none as it is."""
    if value is None or not (word := value.strip()):
        return None
    if match := _ISO.fullmatch(word):
        return match[1]
    if match := _AMERICAN.fullmatch(word):
        return f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}"
    return word
