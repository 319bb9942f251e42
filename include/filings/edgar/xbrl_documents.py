"""Which documents of a submission to read for its XBRL facts, so that each fact counts once and little is read."""

from __future__ import annotations

from filings.edgar import xbrl
from filings.edgar.sgml import Document, Submission

_EXTRACTED = "_htm.xml"
_WITHOUT_FACTS = {"GRAPHIC", "ZIP", "EXCEL", "JSON", "PDF"}


def instances(submission: Submission) -> list[Document]:
    """The documents whose facts count, each fact once.

    EDGAR makes an instance of inline documents (`name_htm.xml`), which says the same and is quicker to read.
    """
    found = [(document, kind) for document in submission.documents if (kind := _kind(document)) is not None]
    made = [document for document, kind in found if kind == "instance" and _is_made(document)]
    return [document for document, kind in found if kind == "instance" or not made]


def _kind(document: Document) -> str | None:
    """As `xbrl.kind`, without looking into documents that hold no facts by their type."""
    type = document.type.upper()
    name = document.filename.lower()
    if type.startswith("EX-101.") and type != "EX-101.INS":
        return None
    if type == "XML" and not name.endswith(_EXTRACTED):
        return None  # what the renderer has made: R2.htm, FilingSummary.xml
    if type in _WITHOUT_FACTS:
        return None
    return xbrl.kind(document)


def _is_made(document: Document) -> bool:
    return document.type.upper() == "XML" and document.filename.lower().endswith(_EXTRACTED)
