"""The rows of the three lookup tables, from what `data/{accession}.json.zst` says of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS

Data = Mapping[str, Any]


def rows(data: Data) -> dict[str, list[list[str]]]:
    """Table name → the submission's checked rows, in the order of the table's key. Raises `BadRow`."""
    return {name: [table.row(values) for values in _MAKERS[name](data)] for name, table in LOOKUP_TABLES.items()}


def _entities(data: Data) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for filer in data["filers"]:
        values = {
            "accession": data["accession"],
            **filer,
            "cik": filer["cik"] or 0,
            "form": data["form"],
            "filing_date": data["filing_date"],
        }
        roles = found.setdefault(values["cik"], {**values, "roles": {}})["roles"]
        roles[values["role"]] = True
    return [{**found[cik], "role": ";".join(found[cik]["roles"])} for cik in sorted(found)]


def _submission(data: Data) -> list[dict[str, Any]]:
    header = data["header"]
    declared = str(header.get("public_document_count", "")).strip()
    items = header.get("items") or []
    values = {
        **data,
        "public_document_count": int(declared) if declared.isascii() and declared.isdigit() else None,
        "document_count": len(data["documents"]),
        "filer_count": len(_entities(data)),
        "items": ",".join(dict.fromkeys(str(item) for item in items)),
        "bytes": sum(document["bytes"] for document in data["documents"]),
        "truncated": bool(data["truncated"]),
        "private_to_public": "private_to_public" in header,
    }
    return [values]


def _documents(data: Data) -> list[dict[str, Any]]:
    return [{"accession": data["accession"], **document} for document in data["documents"]]


_MAKERS: Mapping[str, Callable[[Data], list[dict[str, Any]]]] = {
    ACCESSION_CIK.name: _entities,
    SUBMISSION_DETAILS.name: _submission,
    DOCUMENTS.name: _documents,
}
