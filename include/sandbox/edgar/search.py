"""EFTS: the search behind sec.gov's full-text page. Its hits are documents, 100 a page, at most 10,000 deep.

It finds by form, CIK and date; the words of `q` are looked for in names and descriptions only, not in the text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from sandbox.edgar.content import Content, Unreadable, read_file
from sandbox.edgar.filing import Entity
from sandbox.edgar.folder import Entry, File, Folder

_PAGE = 100
_DEEPEST = 10_000
_DOCUMENT = re.compile(
    rb"<DOCUMENT>\s*<TYPE>(?P<type>[^\r\n]*)\s+(?:<SEQUENCE>(?P<sequence>\d+)\s+)?"
    rb"(?:<FILENAME>(?P<filename>[^\r\n]*)\s+)?(?:<DESCRIPTION>(?P<description>[^\r\n]*))?"
)
_NOT_SEARCHED = {"GRAPHIC", "XML", "ZIP", "EXCEL", "JSON", "EX-101.INS"}


@dataclass(frozen=True, slots=True)
class Document:
    """The heading of a document of a submission."""

    type: str
    sequence: int
    filename: str
    description: str


class Documents:
    """The documents of each submission, found when first asked for."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._known: dict[File, list[Document]] = {}

    def of(self, entry: Entry) -> list[Document]:
        """The documents of a submission that the search knows of."""
        if entry.file not in self._known:
            try:
                text = b"".join(read_file(entry.file.path))
            except Unreadable:  # the folder says so; the search finds the others
                text = b""
            self._known[entry.file] = [_document(match) for match in _DOCUMENT.finditer(text)]
        return [each for each in self._known[entry.file] if each.type not in _NOT_SEARCHED]


def page(folder: Folder, documents: Documents, query: Mapping[str, str]) -> Content:
    """One page of hits, newest first, as `forms`, `ciks`, `startdt`, `enddt`, `q` and `from` ask."""
    start = int(query.get("from", "0")) if query.get("from", "0").isdigit() else 0
    entries = [entry for entry in folder.entries() if _matches(entry, query)]
    entries.sort(key=lambda entry: (entry.filing.filed, entry.filing.accession), reverse=True)
    words = query.get("q", "").replace('"', " ").lower().split()
    hits = [hit for entry in entries for each in documents.of(entry) if _mentions(hit := _hit(entry, each), words)]
    shown = hits[start : start + _PAGE] if start + _PAGE <= _DEEPEST else []
    total = {"value": min(len(hits), _DEEPEST), "relation": "gte" if len(hits) >= _DEEPEST else "eq"}
    said = {
        "took": 1,
        "timed_out": False,
        "_shards": {"total": 50, "successful": 50, "skipped": 0, "failed": 0},
        "hits": {"total": total, "max_score": None, "hits": shown},
        "query": {"from": start, "size": _PAGE},
    }
    return Content.of(json.dumps(said).encode(), "application/json", folder.now().timestamp())


def _hit(entry: Entry, document: Document) -> dict[str, Any]:
    filing = entry.filing
    entities = list(filing.ciks.values())
    moment = datetime.combine(filing.filed, time(), UTC)
    return {
        "_index": "edgar_file",
        "_id": f"{filing.accession}:{document.filename}",
        "_score": None,
        "_source": {
            "ciks": [f"{entity.cik:0>10}" for entity in entities],
            "period_ending": _day(filing.period),
            "file_num": _told(entity.file_number for entity in entities),
            "display_names": [f"{entity.name}  (CIK {entity.cik:0>10})" for entity in entities],
            "xsl": None,
            "sequence": document.sequence,
            "root_forms": [filing.form.removesuffix("/A")],
            "file_date": filing.filed.isoformat(),
            "biz_states": _told(entity.state for entity in entities),
            "sics": _told(entity.sic for entity in entities),
            "form": filing.form,
            "adsh": filing.accession,
            "film_num": _told(entity.film_number for entity in entities),
            "biz_locations": [_place(entity) for entity in entities],
            "file_type": document.type,
            "file_description": document.description or None,
            "inc_states": _told(entity.state_of_incorporation for entity in entities),
            "items": list(filing.items),
        },
        "sort": [int(moment.timestamp() * 1000)],
    }


def _matches(entry: Entry, query: Mapping[str, str]) -> bool:
    filing = entry.filing
    forms = [form for form in query.get("forms", "").split(",") if form]
    ciks = {str(int(cik)) for cik in query.get("ciks", "").split(",") if cik.isdigit()}
    day = filing.filed.isoformat()
    return (
        (not forms or filing.form in forms or filing.form.removesuffix("/A") in forms)
        and (not ciks or bool(ciks & filing.ciks.keys()))
        and query.get("startdt", day) <= day <= query.get("enddt", day)
    )


def _mentions(hit: dict[str, Any], words: list[str]) -> bool:
    source = hit["_source"]
    text = f"{source['display_names']} {source['file_description']} {source['form']}".lower()
    return all(word in text for word in words)


def _document(match: re.Match[bytes]) -> Document:
    said = {name: (value or b"").decode("latin-1").strip() for name, value in match.groupdict().items()}
    return Document(said["type"], int(said["sequence"] or 0), said["filename"], said["description"])


def _day(text: str | None) -> str | None:
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}" if text and len(text) >= 8 else None


def _told(values: Any) -> list[str]:
    return [value for value in values if value]


def _place(entity: Entity) -> str:
    return ", ".join(_told([(entity.city or "").title(), entity.state]))
