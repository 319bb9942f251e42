"""The XML of forms: which document is which, what it encloses, and its leaves as the columns of a row.

A filing's parts are told by their root elements, since types and file names differ from filer to filer. The XML that
filers' software makes, and the SEC's own samples, enclose further documents in base64; in what EDGAR disseminates they
are documents of their own.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from filings.edgar import xml_tree
from filings.edgar.document import Document
from filings.edgar.form_said import not_of
from filings.edgar.sgml import Submission
from filings.edgar.xml_encoding import beginning
from filings.edgar.xml_tree import NotXml, boolean, day, text, tree

# A column, where its value stands (`issuer/name`, `@lei`, `other/@value`), and what is made of it.
Field = tuple[str, str, Callable[[str | None], Any] | None]
Fault = xml_tree.Fault

COVER = "edgarsubmission"  # the root of nearly all forms in XML

_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_FIRST = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_HEAD = 16 << 10
_LARGEST = 60  # digits of a number
_NONE = {"N/A", "NA", "NONE", "XXXX"}  # the last is what the SEC puts over figures that are not public


class Misread(ValueError):
    """A value that is not what it should be; the message is the rule that it breaks."""


def root_name(document: Document) -> str:
    """The local name of a document's first element, such as `edgarSubmission`; empty when it has none."""
    if document.encoding != "text":
        return ""
    match = _FIRST.search(_COMMENT.sub(b"", beginning(document.filed, _HEAD)))
    return match[1].decode("ascii") if match else ""


def row(element: etree._Element | None, fields: Sequence[Field], faults: list[Fault] | None = None) -> dict[str, Any]:
    """The columns of one row, from one element; what is not there is None.

    Args:
        element: the element.
        fields: the columns.
        faults: takes the values that a conversion refuses with `Misread`; their columns are None.
    """
    values = {}
    for column, path, convert in fields:
        found = value(element, path)
        try:
            values[column] = found if convert is None else convert(found)
        except Misread as error:
            if faults is None:
                raise
            faults.append((column, found or "", str(error)))
            values[column] = None
    return values


def number(value: str | None) -> str | None:
    """A number as it is written; None for the words by which a form says that there is none."""
    return None if value is None or value.upper() in _NONE else value


def decimal(value: str | None) -> Decimal:
    """A number to reckon with; 0 for what is none, or of a size that no table takes and each refuses."""
    try:
        found = Decimal(value or 0)
    except InvalidOperation:
        return Decimal(0)
    return found if found.is_finite() and abs(found.adjusted()) < _LARGEST else Decimal(0)


def flag(value: str | None) -> bool | str | None:
    """Yes or no; None for the words by which a form says that there is none."""
    return boolean(number(value))


def calendar_day(value: str | None) -> str | None:
    """A date from the year 1000 to 9999. Raises `Misread` for what is another one, or none, or not in the calendar."""
    found = day(number(value))
    if found is None:
        return None
    try:
        if found >= "1000" and date.fromisoformat(found).isoformat() == found:
            return found
    except ValueError:
        pass
    raise Misread("it must be a date that the calendar has; the column is left empty")


def value(element: etree._Element | None, path: str) -> str | None:
    """The text or attribute at a path, without blanks around it; None when it is not there or empty."""
    steps, at, attribute = path.rpartition("@")
    if not at:
        return text(element, path)
    holder = element if element is None or not steps else element.find(steps[:-1])
    found = None if holder is None else holder.get(attribute)
    return (found.strip() or None) if found else None


def enclosed(root: etree._Element, faults: list[Fault]) -> Iterator[Document]:
    """The documents that the XML of a submission holds in base64; `faults` takes those that are no base64."""
    for place, part in enumerate(root.iterfind("documents/document"), 2):
        kind, name = text(part, "conformedDocumentType") or "", text(part, "conformedName") or ""
        try:
            content = base64.b64decode(text(part, "contents") or "")
        except binascii.Error as error:
            faults.append((name, kind, f"it is not what base64 makes: {error}"))
            continue
        yield Document(kind, str(place), name, text(part, "description") or "", "text", content)


def cover_and_tables(
    submission: Submission, form: str, table: str
) -> tuple[etree._Element | None, list[Document], list[Fault]]:
    """The root of a filing's cover page, its tables, enclosed ones too, and what is wrong with its documents.

    Args:
        submission: the filing.
        form: how the form type of the cover page begins, such as `13F`.
        table: the name of a table's root element.
    """
    cover: etree._Element | None = None
    tables: list[Document] = []
    faults: list[Fault] = []
    for document in submission.documents:
        kind, where = root_name(document).lower(), document.filename or document.type
        if kind == table.lower():
            tables.append(document)
        elif kind == COVER:
            try:
                root = tree(document, faults)
            except NotXml as error:
                faults.append((where, "", str(error)))
                continue
            if wrong := not_of(root, form, submission.form):
                faults.append((where, root_name(document), f"{wrong}; it is left out"))
            elif cover is not None:
                faults.append((where, root_name(document), "the filing has a cover page already; this one is left out"))
            else:
                cover = root
                tables += [part for part in enclosed(root, faults) if root_name(part).lower() == table.lower()]
    return cover, tables, faults


def roots(submission: Submission) -> str:
    """The root elements of a submission's documents, for messages."""
    names = [root_name(document) or "none" for document in submission.documents]
    return ", ".join(dict.fromkeys(names)) or "no document"


def filing_date(submission: Submission) -> str | None:
    """The filing date that a submission's header says, as `YYYY-MM-DD`; None where there is no header."""
    return day(str(submission.header.get("filing_date", "")))
