"""Small submissions as `data/` tells of them, and what tests read back from the tables."""

from __future__ import annotations

from typing import Any

import orjson

from filings.archive import keys
from filings.archive.compression import compress
from filings.archive.storage import Store


def accession(number: int) -> str:
    """The accession number of a small submission."""
    return f"0000000001-25-{number:06d}"


def submission(number: int, documents: int = 2, form: str = "8-K", **more: Any) -> dict[str, Any]:
    """The data JSON of a small submission."""
    return {
        "accession": accession(number),
        "form": form,
        "filing_date": "2025-03-04",
        "period": None,
        "acceptance_datetime": "2025-03-04T16:05:09",
        "source": "txt",
        "truncated": False,
        "header": {"public_document_count": str(documents), "items": ["2.02", "9.01"]},
        "filers": [
            {"cik": 320193, "role": "filer", "name": 'ACME, "THE" CO', "file_number": "001-36743", "sic": "3571"}
        ],
        "documents": [
            {
                "position": position,
                "type": form if position == 1 else "EX-99.1",
                "sequence": str(position),
                "filename": f"d{position}.htm",
                "name": f"d{position}.htm",
                "description": "",
                "encoding": "text",
                "bytes": 100 + position,
                "sha256": f"{number * 100 + position:064x}",
                "start_byte": 1024 * position,
                "end_byte": 1024 * position + 100 + position,
            }
            for position in range(1, documents + 1)
        ],
        "xml": [],
        "problems": [],
        **more,
    }


def put(store: Store, *data: dict[str, Any]) -> list[str]:
    """Write data JSONs; returns their accessions."""
    for one in data:
        store.put(keys.object_key(keys.DATA, one["accession"]), compress(orjson.dumps(one)))
    return [one["accession"] for one in data]


def complete(store: Store, table: str, kind: str = "complete") -> list[str]:
    """The lines of a table in S3, header first."""
    return store.get_zst(keys.lookup_table(kind, table)).decode().splitlines()
