"""Facts of inline XBRL: numbers and texts marked in the web page that people read.

Format: Inline XBRL 1.1 (and 1.0), xbrl.org. A set of documents of one submission is one report: contexts, units,
footnotes and continuations may stand in any of them, so a set is read together.
"""

from __future__ import annotations

import re

import stringzilla

from filings.edgar import ixbrl_footnotes, ixbrl_values, xbrl_contexts
from filings.edgar.ixbrl_scan import Scan
from filings.edgar.xbrl_markup import read
from filings.edgar.xbrl_model import Context, XbrlDocument
from filings.edgar.xbrl_text import prepared

_DECLARED = re.compile(rb"xbrl\.org/20(?:08|13)/inlineXBRL[\"']", re.IGNORECASE)


def is_inline(content: bytes | memoryview) -> bool:
    """Whether a document declares the inline XBRL namespace."""
    data = prepared(content) if bytes(content[:2]) in (b"\xff\xfe", b"\xfe\xff") else content
    find = stringzilla.Str(data).find
    at = find(b"xbrl.org/20")
    while at >= 0:
        if _DECLARED.match(data, at):
            return True
        at = find(b"xbrl.org/20", at + 1)
    return False


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of an inline document that stands alone."""
    return document_set([(filename, content)])[0]


def document_set(documents: list[tuple[str, bytes | memoryview]]) -> list[XbrlDocument]:
    """The facts of all inline documents of a submission, given as (filename, content)."""
    scans = [Scan(filename, read(content)) for filename, content in documents]
    continuations = {key: (scan, element) for scan in scans for key, element in scan.continuations.items()}
    contexts: dict[str, Context] = {}
    units: dict[str, str] = {}
    for scan in scans:
        contexts.update(xbrl_contexts.contexts(scan.markup))
        units.update(xbrl_contexts.units(scan.markup))
    for scan in scans:
        ixbrl_values.fill(scan, continuations)
    footnotes = ixbrl_footnotes.tie(scans, continuations)
    return [
        XbrlDocument(scan.filename, "inline", contexts, units, scan.facts, footnotes, scan.problems.summary())
        for scan in scans
    ]
