"""The rows of the three lookup tables, from what `data/{accession}.json.zst` says of a submission."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject, decompress
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.row_source import Rows

Data = Mapping[str, Any]


class LookupRows:
    """Where the rows of the lookup tables come from."""

    archive = keys.DATA
    task = "update_sec_filings_data_s3"

    def key(self, accession: str) -> str:
        """The key of a filing's data JSON."""
        return keys.object_key(keys.DATA, accession)

    def rows(self, accession: str, packed: bytes, uri: str) -> Rows:
        """The rows of a submission, from its data JSON. Raises `CorruptObject`, `BadRow`."""
        content = decompress(packed, uri)
        try:
            data = orjson.loads(content)
            if data["accession"] != accession:
                raise CorruptObject(uri, f"it tells of {data['accession']}")
            return rows(data)
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise CorruptObject(uri, f"no data of a submission: {error!r}") from error


def rows(data: Data) -> Rows:
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
