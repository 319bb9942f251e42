"""XBRL of a whole submission: which documents hold it, their facts, and one JSON of all of them.

A document that holds XBRL and yields no fact is a problem that is told, never a silent nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson
import stringzilla

from filings.edgar import ixbrl, xbrl_instance
from filings.edgar.sgml import Document, Submission
from filings.edgar.xbrl_model import Context, Fact, Footnote, Period, XbrlDocument
from filings.edgar.xml_json import WRAPPED_LINE, unwrapped, wrapped_lines

__all__ = ["Context", "Fact", "Footnote", "Period", "XbrlDocument", "XbrlEmpty", "dumps", "facts", "kind", "xbrl_json"]

_REFERS = re.compile(rb"""<([A-Za-z_][^\s<>/]*+)\s[^<>]*?\bcontextRef\s*+=\s*+["']""", re.IGNORECASE)
_INLINE_NAME = re.compile(rb"(?:^|:)non(?:fraction|numeric)$", re.IGNORECASE)
_BY_CHANCE = 3  # lines of exactly 1023 characters, and none longer
_FACTS_AT_ONCE = 5_000


class XbrlEmpty(ValueError):
    """Documents of a submission hold XBRL, and no fact came out of any of them."""


def kind(document: Document) -> str | None:
    """`instance`, `inline`, or None for a document without facts (schemas and linkbases among them)."""
    if document.encoding != "text":
        return None
    return _kind(document.content) or ("instance" if document.type.upper() == "EX-101.INS" else None)


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of one document that stands alone.

    Raises:
        ValueError: when the document is neither an XBRL instance nor inline XBRL.
    """
    found = _kind(content)
    if found is None:
        raise ValueError(f"{filename} is neither an XBRL instance nor inline XBRL")
    return _read([(found, filename, content)])[0]


def xbrl_json(submission: Submission) -> dict[str, Any] | None:
    """What a submission says in XBRL, or None when it holds none.

    The result has accession, form, documents (filename, type, kind, facts, problems), contexts, units, footnotes and
    facts. EDGAR adds to inline reports an instance that it extracts from them: it is kept as a document of its own,
    with `extracted_from`, so its facts repeat those of the inline documents; select one of the two.
    The key of a context, unit or footnote is its id; where documents use one id for two things, later ones are
    `id@filename`.

    Raises:
        XbrlEmpty: when documents hold XBRL and not one fact came out.
    """
    kinds = [(document, found) for document in submission.documents if (found := kind(document)) is not None]
    if not kinds:
        return None
    inline = [document for document, found in kinds if found == "inline"]
    joined = _Join()
    documents = []
    read = _read([(found, document.filename, document.content) for document, found in kinds])
    for (document, _), xbrl in zip(kinds, read, strict=True):
        joined.add(xbrl)
        described = {"filename": xbrl.filename, "type": document.type, "kind": xbrl.kind, "facts": len(xbrl.facts)}
        if xbrl.kind == "instance" and (source := _extracted_from(document, inline)):
            described["extracted_from"] = source
        if xbrl.repaired:
            described["repaired"] = f"line breaks after {WRAPPED_LINE} characters taken out"
        documents.append({**described, "problems": xbrl.problems})
    if not joined.facts:
        names = ", ".join(str(d["filename"]) for d in documents)
        raise XbrlEmpty(f"{submission.accession}: XBRL in {names} and no fact came out; look at these documents")
    return {
        "accession": submission.accession,
        "form": submission.form,
        "documents": documents,
        "contexts": joined.contexts,
        "units": joined.units,
        "footnotes": joined.footnotes,
        "facts": joined.facts,
    }


def dumps(content: dict[str, Any]) -> Iterator[bytes]:
    """The JSON of a submission's XBRL piece by piece, so that a report of 100 MB is not held as JSON besides."""
    *others, (last, facts) = content.items()
    assert last == "facts", last
    yield orjson.dumps(dict(others))[:-1] + b',"facts":['
    for start in range(0, len(facts), _FACTS_AT_ONCE):
        yield (b"," if start else b"") + orjson.dumps(facts[start : start + _FACTS_AT_ONCE])[1:-1]
    yield b"]}"


class _Join:
    """The contexts, units, footnotes and facts of several documents under keys that are unique among them."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}
        self.units: dict[str, str] = {}
        self.footnotes: dict[str, Footnote] = {}
        self.facts: list[Fact] = []

    def add(self, document: XbrlDocument) -> None:
        contexts = _merge(self.contexts, document.contexts, document.filename)
        units = _merge(self.units, document.units, document.filename)
        footnotes = _merge(self.footnotes, document.footnotes, document.filename)
        if contexts or units:
            for fact in document.facts:
                fact["context"] = contexts.get(fact["context"], fact["context"])
                if "unit" in fact:
                    fact["unit"] = units.get(fact["unit"], fact["unit"])
        if footnotes:
            for fact in document.facts:
                if "footnotes" in fact:
                    fact["footnotes"] = [footnotes.get(key, key) for key in fact["footnotes"]]
        self.facts += document.facts


def _merge(into: dict[str, Any], new: dict[str, Any], filename: str) -> dict[str, str]:
    """Add entries; returns the keys that had to change."""
    changed = {}
    for key, value in new.items():
        if into.setdefault(key, value) != value:
            changed[key] = f"{key}@{filename}"
            into[changed[key]] = value
    return changed


def _kind(content: bytes | memoryview) -> str | None:
    if xbrl_instance.is_instance(content):
        return "instance"
    if ixbrl.is_inline(content):
        return "inline"
    return _kind_by_its_facts(content)


def _kind_by_its_facts(content: bytes | memoryview) -> str | None:
    """Facts in a document that neither begins as an instance nor declares inline XBRL, both perhaps cut or broken."""
    find, rfind = stringzilla.Str(content).find, stringzilla.Str(content).rfind
    done, at = 0, -1
    for name in (b"contextRef", b"contextref"):
        at = find(name)
        while at >= 0:
            tag = rfind(b"<", done, at)
            match = _REFERS.match(content, tag, at + 64) if tag >= 0 else None
            if match:
                return "inline" if _INLINE_NAME.search(match[1]) else "instance"
            done = at
            at = find(name, at + 1)
    return None


def _read(given: list[tuple[str, str, bytes | memoryview]]) -> list[XbrlDocument]:
    """The documents of a submission, given as (kind, filename, content), with what is wrong with them.

    EDGAR breaks lines over 1023 characters, be it in the middle of a tag. Documents with such lines are read again
    with them joined, and that reading is taken if it has less to complain of, or no more and the lines are too many
    to be that long by chance.
    """
    found = _read_once(given)
    breaks = [len(wrapped_lines(content)) for _, _, content in given]
    if not any(breaks):
        return found
    again = _read_once([(kind, filename, unwrapped(content)) for kind, filename, content in given])
    before, after = _complaints(found), _complaints(again)
    if after > before or (after == before and max(breaks) < _BY_CHANCE):
        return found
    for document, joined in zip(again, breaks, strict=True):
        document.repaired = joined > 0
    return again


def _read_once(given: list[tuple[str, str, bytes | memoryview]]) -> list[XbrlDocument]:
    inline = iter(ixbrl.document_set([(name, content) for kind, name, content in given if kind == "inline"]))
    found = [next(inline) if kind == "inline" else xbrl_instance.facts(content, name) for kind, name, content in given]
    for document in found:
        _check(document)
    return found


def _complaints(documents: list[XbrlDocument]) -> tuple[int, int]:
    return sum(len(d.problems) for d in documents), -sum(len(d.facts) for d in documents)


def _extracted_from(document: Document, inline: list[Document]) -> str | None:
    """The inline document that EDGAR made this instance of: `name.htm` becomes `name_htm.xml`."""
    stem = document.filename.lower().removesuffix(".xml")
    return next((d.filename for d in inline if d.filename.lower().replace(".", "_") == stem), None)


def _check(document: XbrlDocument) -> None:
    """Say what the facts of a document refer to and cannot find, and that there are none at all."""
    if not document.facts:
        document.problems.append("XBRL markup, and no fact came out")
    contexts = {f["context"] for f in document.facts} - document.contexts.keys()
    units = {f["unit"] for f in document.facts if "unit" in f} - document.units.keys()
    for what, lost in (("contexts", contexts), ("units", units)):
        if lost:
            document.problems.append(
                f"facts refer to {len(lost)} {what} that are not there, such as {min(lost)[:60]!r}"
            )
