"""Rows of the lookup tables from what is said of a submission, and from real submissions."""

from __future__ import annotations

from pathlib import Path

import pytest
from warehouse_samples import submission

from filings.archive import extract
from filings.archive.compression import decompress
from filings.archive.pack import pack
from filings.edgar import sgml
from filings.warehouse import lookup_rows
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS


def named(table: str, data: dict) -> list[dict[str, str]]:
    names = LOOKUP_TABLES[table].names
    return [dict(zip(names, row, strict=True)) for row in lookup_rows.rows(data)[table]]


def test_one_row_for_each_entity_with_all_its_roles_in_the_order_of_the_key() -> None:
    filers = [
        {"cik": 7, "role": "subject_company", "name": "A"},
        {"cik": 3, "role": "filed_by", "name": "B"},
        {"cik": 7, "role": "filed_by", "name": "A"},
        {"cik": 3, "role": "filed_by", "name": "B again"},
        {"cik": None, "role": "filed_by", "name": "nobody"},
    ]
    rows = named(ACCESSION_CIK.name, submission(1, filers=filers))
    assert [(row["cik"], row["role"], row["name"]) for row in rows] == [
        ("0", "filed_by", "nobody"),
        ("3", "filed_by", "B"),
        ("7", "subject_company;filed_by", "A"),
    ]
    (details,) = named(SUBMISSION_DETAILS.name, submission(1, filers=filers))
    assert details["filer_count"] == "3"


@pytest.mark.parametrize(("declared", "expected"), [("45", "45"), ("", ""), ("many", ""), ("٣", "")])
def test_the_declared_count_stands_beside_the_actual_one(declared: str, expected: str) -> None:
    (row,) = named(SUBMISSION_DETAILS.name, submission(1, header={"public_document_count": declared}))
    assert (row["public_document_count"], row["document_count"], row["items"]) == (expected, "2", "")


def test_a_private_filing_made_public_says_so() -> None:
    (row,) = named(SUBMISSION_DETAILS.name, submission(1, header={"private_to_public": True}))
    assert (row["private_to_public"], row["truncated"]) == ("true", "false")


def test_real_submissions_have_a_row_for_each_document_filer_and_submission(real_data: Path) -> None:
    seen = 0
    for path in sorted(real_data.glob("*.zst")):
        parsed = sgml.parse(decompress(path.read_bytes(), path.name))
        data = extract.data_json(parsed)
        rows = lookup_rows.rows(data)
        assert len(rows[SUBMISSION_DETAILS.name]) == 1
        assert len(rows[DOCUMENTS.name]) == len(parsed.documents) > 0
        ciks = {filer["cik"] for filer in data["filers"]}
        assert len(rows[ACCESSION_CIK.name]) == len(ciks) > 0
        for name, table in LOOKUP_TABLES.items():
            keys = [tuple(row[table.names.index(column)] for column in table.key) for row in rows[name]]
            assert len(set(keys)) == len(keys)
        seen += 1
    assert seen > 200


def test_documents_are_where_their_row_says_in_the_tar(real_data: Path) -> None:
    for path in sorted(real_data.glob("*.zst"))[::20]:
        parsed = sgml.parse(decompress(path.read_bytes(), path.name))
        tar = pack(parsed)
        for row, document in zip(named(DOCUMENTS.name, extract.data_json(parsed)), parsed.documents, strict=True):
            assert tar[int(row["start_byte"]) : int(row["end_byte"])] == bytes(document.content)
