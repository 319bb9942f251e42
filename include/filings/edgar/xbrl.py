"""XBRL of a whole submission: which documents hold it, their facts, and one JSON of all of them.

A document that holds XBRL and yields no fact is an error, never a silent nothing.
"""

from __future__ import annotations

from typing import Any

from filings.edgar import ixbrl, xbrl_instance
from filings.edgar.sgml import Document, Submission
from filings.edgar.xbrl_markup import Context, Fact, Period, XbrlDocument

__all__ = ["Context", "Fact", "Period", "XbrlDocument", "XbrlEmpty", "facts", "kind", "xbrl_json"]


class XbrlEmpty(ValueError):
    """Documents of a submission hold XBRL, and no fact came out of any of them."""


def kind(document: Document) -> str | None:
    """`instance`, `inline`, or None for a document without facts (schemas and linkbases among them)."""
    if document.encoding != "text":
        return None
    if xbrl_instance.is_instance(document.content):
        return "instance"
    return "inline" if ixbrl.is_inline(document.content) else None


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of one document that stands alone.

    Raises:
        ValueError: when the document is neither an XBRL instance nor inline XBRL.
    """
    if xbrl_instance.is_instance(content):
        found = xbrl_instance.facts(content, filename)
    elif ixbrl.is_inline(content):
        found = ixbrl.facts(content, filename)
    else:
        raise ValueError(f"{filename} is neither an XBRL instance nor inline XBRL")
    _check(found)
    return found


def xbrl_json(submission: Submission) -> dict[str, Any] | None:
    """What a submission says in XBRL, or None when it holds none.

    The result has accession, form, documents (filename, type, kind, facts, problems), contexts, units and facts.
    EDGAR adds to inline reports an instance that it extracts from them: it is kept as a document of its own, with
    `extracted_from`, so its facts repeat those of the inline documents; select one of the two.
    A context's or unit's key is its id; where documents use one id for two things, later ones are `id@filename`.

    Raises:
        XbrlEmpty: when documents hold XBRL and not one fact came out.
    """
    inline, instances = [], []
    for document in submission.documents:
        found = kind(document)
        if found == "inline":
            inline.append(document)
        elif found == "instance":
            instances.append(document)
    if not inline and not instances:
        return None
    by_document = {id(d): xbrl_instance.facts(d.content, d.filename) for d in instances}
    read_together = ixbrl.document_set([(d.filename, d.content) for d in inline])
    by_document |= {id(d): xbrl for d, xbrl in zip(inline, read_together, strict=True)}
    joined = _Join()
    documents = []
    for document in submission.documents:
        if (xbrl := by_document.get(id(document))) is None:
            continue
        _check(xbrl)
        joined.add(xbrl)
        described = {"filename": xbrl.filename, "type": document.type, "kind": xbrl.kind, "facts": len(xbrl.facts)}
        if xbrl.kind == "instance" and (source := _extracted_from(document, inline)):
            described["extracted_from"] = source
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
        "facts": joined.facts,
    }


class _Join:
    """The contexts, units and facts of several documents under keys that are unique among them."""

    def __init__(self) -> None:
        self.contexts: dict[str, Context] = {}
        self.units: dict[str, str] = {}
        self.facts: list[Fact] = []

    def add(self, document: XbrlDocument) -> None:
        contexts = _merge(self.contexts, document.contexts, document.filename)
        units = _merge(self.units, document.units, document.filename)
        for fact in document.facts:
            if fact["context"] in contexts:
                fact["context"] = contexts[fact["context"]]
            if (unit := fact.get("unit")) in units:
                fact["unit"] = units[unit]
        self.facts += document.facts


def _merge(into: dict[str, Any], new: dict[str, Any], filename: str) -> dict[str, str]:
    """Add entries; returns the keys that had to change."""
    changed = {}
    for key, value in new.items():
        if into.setdefault(key, value) != value:
            changed[key] = f"{key}@{filename}"
            into[changed[key]] = value
    return changed


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
            document.problems.append(f"facts refer to {len(lost)} {what} that are not there, such as {min(lost)!r}")
