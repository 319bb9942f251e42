"""A document that lies alone, without its submission, made a submission of one document.

People keep the XML of a form by itself, and so do the SEC's own samples: what can be told of it is told by its root
element, by what it says of its form, and by its file's name.
"""

from __future__ import annotations

import re

from filings.edgar.document import Document
from filings.edgar.sgml import Submission
from filings.edgar.xml_encoding import utf8

UNKNOWN = "0000000000-00-000000"
_DASHED = re.compile(r"(?<!\d)(\d{10})-(\d{2})-(\d{6})(?!\d)")
_PLAIN = re.compile(r"(?<!\d)(\d{10})(\d{2})(\d{6})(?!\d)")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
_FORM = re.compile(rb"<(?:[\w.-]+:)?(?:submissionType|documentType)>\s*([^<]{1,40}?)\s*</")
# XBRL says it as the fact dei:DocumentType, wherever in the document: as an element, or in a page as a tagged text.
_XBRL_FORM = re.compile(
    rb"""<(?:[\w.-]+:)?DocumentType\s[^>]*>\s*([^<]{1,40}?)\s*<"""
    rb"""|\sname=["']dei:DocumentType["'][^>]*>(?:\s|<[^>]*>)*([^<]{1,40}?)\s*<"""
)
# What EDGAR calls a document by its root element, where that is not the form.
_TYPES = {"informationtable": "INFORMATION TABLE", "proxyvotetable": "PROXY VOTING RECORD", "xbrl": "EX-101.INS"}
_HEAD = 64 << 10


def submission_of(content: bytes, name: str, *, form: str = "", accession: str = "") -> Submission:
    """A submission of one document.

    Args:
        content: the document.
        name: of its file; an accession number in it is the submission's.
        form: the form type; empty means what the document says of itself.
        accession: the accession number; empty means the one in the name, or one of zeros.
    """
    said = bytes(utf8(content))
    found = form or _form(said)
    kind = _TYPES.get(_root(said).lower(), found)
    document = Document(kind, "1", name, "", "text", content)
    return Submission(accession or accession_in(name) or UNKNOWN, found, {"type": found}, [document])


def _root(content: bytes) -> str:
    match = _ROOT.search(_COMMENT.sub(b"", content[:_HEAD]))
    return match[1].decode() if match else ""


def _form(content: bytes) -> str:
    match = _FORM.search(content[:_HEAD]) or _XBRL_FORM.search(content)
    return next(filter(None, match.groups())).decode("ascii", "replace") if match else ""


def accession_in(name: str) -> str:
    """The accession number in a file's name, with dashes; empty when there is none."""
    match = _DASHED.search(name) or _PLAIN.search(name)
    return "-".join(match.groups()) if match else ""
