"""What can be said of a submission, as one JSON: `data/{accession}.json.zst`, from which all tables are made."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from filings.archive import pack
from filings.edgar import header as header_module
from filings.edgar import xml_json
from filings.edgar.sgml import Document, Submission

_DECLARED_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\b")
_HTML = (".htm", ".html", ".xhtml")
# XBRL is told in xbrl/{accession}.json.zst, its taxonomies are not content.
_MEMORY = 520 << 20  # bytes for a submission and what is made of its XML, in a container of 1 GB
_XML_TIMES = 22  # as many bytes as the file take its tree and its structure in Python (measured on records of loans)
_XBRL_ROOTS = {"xbrl", "schema", "linkbase"}


def data_json(submission: Submission) -> dict[str, Any]:
    """Header, filers, documents and the structured content of XML documents of a submission.

    Dates are ISO 8601; `acceptance_datetime` is Eastern time as the SEC writes it, without a zone. What could not be
    read is named in `problems` and left out; nothing is guessed.
    """
    header = submission.header
    problems: list[str] = []
    about = pack.metadata(submission)
    documents = [{"position": number, **document} for number, document in enumerate(about["documents"], 1)]
    return {
        "accession": submission.accession,
        "form": submission.form,
        "filing_date": _date(header, "filing_date", problems),
        "period": _date(header, "period", problems),
        "acceptance_datetime": _datetime(header, "acceptance_datetime", problems),
        "source": submission.variant,
        "truncated": submission.truncated,
        "header": header,
        "filers": _filers(submission, problems),
        "documents": documents,
        "xml": _xml(submission.documents, documents, problems),
        "problems": problems,
    }


def dumps(data: dict[str, Any]) -> bytes:
    """The JSON as it is stored; the same submission gives the same bytes."""
    return orjson.dumps(data)


def _filers(submission: Submission, problems: list[str]) -> list[dict[str, Any]]:
    """One entry for each entity of the header: role, who, where from, and under which file numbers."""
    filers = []
    for role, cik, entity in header_module.entities(submission.header):
        data = _first(entity.get("company_data") or entity.get("owner_data"))
        values = _all(entity.get("filing_values"))
        name = _one(data.get("conformed_name"))
        if not cik:
            problems.append(f"{role} {name or 'without name'} has no CIK")
        filers.append(
            {
                "cik": cik or None,
                "role": role,
                "name": name,
                "form": _one(next((v["form_type"] for v in values if v.get("form_type")), None)),
                "act": _one(next((v["act"] for v in values if v.get("act")), None)),
                "file_number": _one(next((v["file_number"] for v in values if v.get("file_number")), None)),
                "file_numbers": [_one(v["file_number"]) for v in values if v.get("file_number")],
                "film_number": _one(next((v["film_number"] for v in values if v.get("film_number")), None)),
                "sic": _one(data.get("assigned_sic")),
                "irs_number": _one(data.get("irs_number") or data.get("ein")),  # which the SEC calls EIN since 2024
                "state_of_incorporation": _one(data.get("state_of_incorporation")),
                "fiscal_year_end": _one(data.get("fiscal_year_end")),
                "business_address": _first(entity.get("business_address")) or None,
                "mail_address": _first(entity.get("mail_address")) or None,
                "former_names": [
                    {"name": _one(f.get("former_conformed_name")), "date_changed": _one(f.get("date_changed"))}
                    for f in _all(entity.get("former_company")) + _all(entity.get("former_name"))
                ],
            }
        )
    return filers


def _xml(documents: Sequence[Document], about: list[dict[str, Any]], problems: list[str]) -> list[dict[str, Any]]:
    """The content of all XML documents, as far as memory goes: of one too large for it, where it stands in the tar.

    A submission of 10 MB may have XML of 23 MB, one of 400 MB none over 5 MB: see `_MEMORY` and `_XML_TIMES`.
    """
    room = (_MEMORY - sum(len(document.filed) for document in documents)) // _XML_TIMES
    entries = []
    for document, described in zip(documents, about, strict=True):
        if _is_xml(document):
            entry = _structured(document, described, problems, room)
            if entry is not None:
                entries.append(entry)
                room -= len(document.filed) if entry["content"] is not None else 0
    return entries


def _is_xml(document: Document) -> bool:
    """Whether a document says that it is XML, and is neither a page nor XBRL."""
    name = document.filename.lower()
    if document.encoding != "text" or name.endswith(_HTML) or len(document.filed) == 0:
        return False
    if not name.endswith(".xml") and not _DECLARED_XML.match(document.content):
        return False
    return not (document.type.upper().startswith("EX-101") or name.endswith(".xsd"))


def _structured(document: Document, described: dict[str, Any], problems: list[str], room: int) -> dict[str, Any] | None:
    """An XML document's content; None when it is XBRL or a page after all. What is not well-formed is a problem."""
    if len(document.filed) > room:
        place = f"{described['start_byte']}-{described['end_byte']}"
        why = f"{len(document.filed):,} bytes of XML are more than fit into memory here; in the tar at bytes {place}"
        problems.append(f"{document.filename or document.type}: {why}")
        return {"filename": document.filename, "type": document.type, "root": None, "content": None, "reason": why}
    found = xml_json.structured(document.content)
    if found.reason is not None:
        problems.append(f"{document.filename or document.type}: {found.reason}")
    if (found.root or "").lower() in _XBRL_ROOTS or (found.root or "").lower() == "html":
        return None
    entry = {"filename": document.filename, "type": document.type, "root": found.root, "content": found.content}
    if found.reason is not None:
        entry["reason"] = found.reason
    if found.repaired:
        entry["repaired"] = "line breaks after 1023 characters taken out"
    return entry


def _date(header: dict[str, Any], name: str, problems: list[str]) -> str | None:
    raw = _one(header.get(name))
    if not raw:
        return None
    try:
        return datetime.strptime(raw[:8], "%Y%m%d").date().isoformat()
    except ValueError:
        problems.append(f"header: {name} {raw!r} is not a date YYYYMMDD")
        return None


def _datetime(header: dict[str, Any], name: str, problems: list[str]) -> str | None:
    raw = _one(header.get(name))
    if not raw:
        return None
    try:
        return datetime.strptime(raw, "%Y%m%d%H%M%S").isoformat()
    except ValueError:
        problems.append(f"header: {name} {raw!r} is not a time YYYYMMDDhhmmss")
        return None


def _one(value: Any) -> str | None:
    """A header value that may have been given more than once: the first, without blanks around it."""
    value = value[0] if isinstance(value, list) and value else value
    return (str(value).strip() or None) if isinstance(value, str | int) else None


def _all(value: Any) -> list[dict[str, Any]]:
    held = value if isinstance(value, list) else [value]
    return [item for item in held if isinstance(item, dict)]


def _first(value: Any) -> dict[str, Any]:
    return next(iter(_all(value)), {})
