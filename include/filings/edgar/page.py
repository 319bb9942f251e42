"""The blocks of a main document: headings, paragraphs, list items, tables, in the order in which a person reads them.

A document of EDGAR is HTML of any age (made by hand in 1996, exported from Word, inline XBRL since 2019) or ASCII text
with a few tags of its own (`<PAGE>`, `<TABLE>`, `<CAPTION>`, `<S>`, `<C>`; EDGAR Filer Manual, volume II, 5.2.1). Both
are read in one pass without a tree, so that 30 MB take the memory of their words.
"""

from __future__ import annotations

import re

from filings.edgar import page_flow, page_html, page_text
from filings.edgar.document import Document
from filings.edgar.page_block import Block

__all__ = ["Block", "NotAPage", "blocks", "is_html", "text_of"]

_HEAD = 64 << 10
_HTML = re.compile(rb"<(?:!doctype\s+html|(?:html|body|head|div|br|font|center|p|hr|span|b|td)[\s>/])", re.IGNORECASE)
# What is a tag in HTML, and none of those that ASCII text has.
_TAG = re.compile(
    rb"<(?:!doctype|!--|/?(?!(?:page|table|caption|s|c|r|fn|f\d+|text|document)\s*>)[a-z][a-z0-9:]*[\s>/])",
    re.IGNORECASE,
)
_XHTML_ROOT = re.compile(rb"<html[\s>]", re.IGNORECASE)
_NO_PAGES = {
    b"%PDF": "PDF",
    b"\x89PNG": "an image",
    b"GIF8": "an image",
    b"\xff\xd8\xff": "an image",
    b"PK\x03\x04": "an archive of files",
    b"\xd0\xcf\x11\xe0": "an Office file",
    b"{\\rtf": "RTF",
    b"application/x-xfdl": "an XFDL form",
}
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)


class NotAPage(ValueError):
    """A document that is no text to read; `kind` says what it is instead (empty: it should be one)."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


def blocks(document: Document) -> list[Block]:
    """The blocks of a document.

    Raises:
        NotAPage: when it is neither HTML nor text, or empty.
    """
    raw = bytes(document.content)
    _refuse(document, raw)
    if is_html(document, raw):
        return page_flow.finished(page_html.read(_utf8(raw)), ruled=True)
    return page_flow.finished(page_text.read(text_of(raw)), ruled=False)


def is_html(document: Document, raw: bytes) -> bool:
    """Whether a page is HTML; what is not is ASCII text, which some have filed under a name of HTML."""
    if _HTML.search(raw[:_HEAD]) is not None:
        return True
    return document.filename.lower().endswith((".htm", ".html", ".xhtml")) and _TAG.search(raw) is not None


def text_of(raw: bytes) -> str:
    """A page's bytes as text: UTF-8 where it is, else as declared, else Windows-1252, which filers mean by ASCII."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(raw[:4096])
    if declared is not None and declared[1].lower() not in (b"utf-8", b"utf8", b"ascii", b"us-ascii", b"iso-8859-1"):
        try:
            return raw.decode(declared[1].decode("ascii"))
        except (LookupError, UnicodeDecodeError):
            pass
    return raw.decode("cp1252", "replace")


def _utf8(raw: bytes) -> bytes:
    if raw.isascii():
        return raw
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return text_of(raw).encode()
    return raw.removeprefix(b"\xef\xbb\xbf")


def _refuse(document: Document, raw: bytes) -> None:
    name = document.filename or document.type
    start = raw[:64].lstrip(b"\xef\xbb\xbf \t\r\n")
    if document.filename.lower().endswith(".paper"):
        raise NotAPage(f"{name} was filed on paper", "paper")
    for magic, kind in _NO_PAGES.items():
        if start.startswith(magic):
            raise NotAPage(f"{name} is {kind}, not HTML or text", kind)
    if not start and not raw.strip():
        raise NotAPage(f"{name} is empty")
    if document.encoding != "text" and b"\0" in raw[:1024]:
        raise NotAPage(f"{name} is a binary file, not HTML or text")
    if start.startswith(b"<?xml") or document.filename.lower().endswith(".xml"):
        head = raw[:_HEAD]
        if _XHTML_ROOT.search(head) is None:
            raise NotAPage(f"{name} is XML, not HTML or text", "XML")
