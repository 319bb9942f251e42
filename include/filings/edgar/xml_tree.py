"""The XML of a form as a tree: read safely, names without prefixes, values in one form.

Filers' software differs in prefixes (`ns1:`, `n1:`, none), in how it writes booleans and dates, and EDGAR has broken
long lines of some documents; whoever reads a form should see none of that.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

from lxml import etree

from filings.edgar.document import Document
from filings.edgar.sgml import Submission
from filings.edgar.xml_encoding import Repaired, beginning, utf8
from filings.edgar.xml_json import Unresolved, parse_xml

Fault = tuple[str, str, str]  # where (a column, a document), the value and the rule that it breaks

_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})(?:Z|[+-]\d{2}:\d{2}|T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_AMERICAN = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_HEAD = 256
_TRUE, _FALSE = {"1", "true", "y", "yes"}, {"0", "false", "n", "no"}
_BEGINS = re.compile(
    rb"[\xef\xbb\xbf\s]*<(?:\?xml|(?:[\w.-]+:)?(?:edgarSubmission|ownershipDocument|informationTable)[\s>])"
)


class NotXml(ValueError):
    """A document that cannot be read as XML; the message says where and why."""


def is_xml(document: Document) -> bool:
    """Whether a document is to be read as XML: by its name, or by how it begins."""
    if document.encoding != "text":
        return False
    return document.filename.lower().endswith(".xml") or _BEGINS.match(beginning(document.filed, _HEAD)) is not None


def tree(document: Document, faults: list[Fault] | None = None) -> etree._Element:
    """The root element, with local names throughout.

    Args:
        document: the XML.
        faults: takes what was repaired to read it; without it nothing is repaired that might have been meant otherwise.

    Raises:
        NotXml: when it is not well-formed, or has entities of its own.
    """
    where = document.filename or document.type
    content = bytes(utf8(document.content))
    repairs: list[Repaired] = []
    try:
        root = parse_xml(content, None if faults is None else repairs)
    except Unresolved as error:
        raise NotXml(f"{where} cannot be read: {error.msg}") from error
    except etree.XMLSyntaxError as error:
        why = str(error).splitlines()[0] if str(error) else "empty"
        raise NotXml(f"{where} is not well-formed XML: {why}") from error
    if faults is not None:
        faults += [(where, value, rule) for _, value, rule in repairs]
    if b"xmlns" in content:
        for element in root.iter("{*}*"):
            tag = str(element.tag)
            if tag[0] == "{":
                element.tag = tag.rpartition("}")[2]
    return root


def roots(submission: Submission, faults: list[Fault] | None = None) -> Iterator[tuple[Document, etree._Element]]:
    """The XML documents of a submission with their root elements; `faults` as in `tree`. Raises `NotXml`.

    A form as it is sent to EDGAR carries its documents, in base64 (`documentMimeBlock`) or as they are
    (`documentBlock`); the SEC's samples are such. They come after it, as documents of their own.
    """
    for document in submission.documents:
        if is_xml(document):
            root = tree(document, faults)
            yield document, root
            for inside in root.iterfind("*/documentBlock/*"):
                yield document, inside
            for carried in root.iterfind("edgarDocument"):
                if (inner := _carried(carried, document)) is not None and is_xml(inner):
                    yield inner, tree(inner, faults)


def _carried(element: etree._Element, document: Document) -> Document | None:
    block = element.findtext("documentMimeBlock")
    if not block:
        return None
    name = text(element, "documentName") or document.filename
    try:
        content = binascii.a2b_base64(block)
    except ValueError as error:
        raise NotXml(f"{name} is not what base64 makes: {error}") from error
    return Document(text(element, "documentType") or "", document.sequence, name, "", "text", content)


def leaves(element: etree._Element, before: str = "") -> Iterator[tuple[str, str]]:
    """The texts in an element, without blanks around, each with its path such as `issuerAddress/city`."""
    for child in element:
        if len(child):
            yield from leaves(child, f"{before}{child.tag}/")
        elif child.text and (said := child.text.strip()):
            yield f"{before}{child.tag}", said


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
    """A date as `YYYY-MM-DD`, without the zone that XML Schema allows; what is none as it is.

    `20250331`, as headers have it, and `03/31/2025` are dates too.
    """
    if value is None or not (word := value.strip()):
        return None
    if match := _ISO.fullmatch(word):
        return match[1]
    if match := _COMPACT.fullmatch(word):
        return "-".join(match.groups())
    if match := _AMERICAN.fullmatch(word):
        return f"{match[3]}-{int(match[1]):02}-{int(match[2]):02}"
    return word


def cik(value: str | None) -> str | None:
    """A CIK with leading zeros to ten digits, as the SEC's own sets have it; what is none as it is."""
    return value.zfill(10) if value and value.isascii() and value.isdigit() else value
