"""What is said of a submission as one JSON."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from filings.archive import extract, pack
from filings.archive.compression import decompress
from filings.edgar import sgml

HEADER = """<SEC-DOCUMENT>0000000001-25-000001.txt : 20250304
<SEC-HEADER>0000000001-25-000001.hdr.sgml : 20250304
<ACCEPTANCE-DATETIME>20250304160509
ACCESSION NUMBER:		0000000001-25-000001
CONFORMED SUBMISSION TYPE:	4
PUBLIC DOCUMENT COUNT:		1
CONFORMED PERIOD OF REPORT:	20250301
FILED AS OF DATE:		20250304

REPORTING-OWNER:

	OWNER DATA:
		COMPANY CONFORMED NAME:			DOE JANE
		CENTRAL INDEX KEY:			0000000007

	FILING VALUES:
		FORM TYPE:		4
		SEC ACT:		1934 Act
		SEC FILE NUMBER:	001-00001
		FILM NUMBER:		25000001

ISSUER:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			ACME CO
		CENTRAL INDEX KEY:			0000000042
		STANDARD INDUSTRIAL CLASSIFICATION:	ELECTRONIC COMPUTERS [3571]
		STATE OF INCORPORATION:			DE
		FISCAL YEAR END:			1231

	FORMER COMPANY:
		FORMER CONFORMED NAME:	OLD ACME
		DATE OF NAME CHANGE:	20010101
</SEC-HEADER>
"""


def submission(content: str, filename: str = "form4.xml", kind: str = "4", header: str = HEADER) -> sgml.Submission:
    document = f"<DOCUMENT>\n<TYPE>{kind}\n<SEQUENCE>1\n<FILENAME>{filename}\n<TEXT>\n{content}\n</TEXT>\n</DOCUMENT>\n"
    return sgml.parse(f"{header}{document}</SEC-DOCUMENT>\n".encode())


def test_dates_are_iso_and_the_acceptance_time_is_left_in_eastern_time() -> None:
    data = extract.data_json(submission("<a/>"))
    assert (data["filing_date"], data["period"], data["acceptance_datetime"]) == (
        "2025-03-04", "2025-03-01", "2025-03-04T16:05:09",
    )  # fmt: skip
    assert (data["accession"], data["form"], data["source"], data["truncated"]) == (
        "0000000001-25-000001", "4", "txt", False,
    )  # fmt: skip
    assert data["problems"] == []


def test_each_entity_is_a_filer_with_its_role() -> None:
    owner, issuer = extract.data_json(submission("<a/>"))["filers"]
    assert (owner["role"], owner["cik"], owner["name"], owner["file_number"], owner["act"]) == (
        "reporting_owner", 7, "DOE JANE", "001-00001", "34",
    )  # fmt: skip
    assert (issuer["role"], issuer["cik"], issuer["sic"], issuer["file_number"]) == ("issuer", 42, "3571", None)
    assert issuer["former_names"] == [{"name": "OLD ACME", "date_changed": "20010101"}]


def test_documents_have_their_position_and_place_in_the_tar() -> None:
    (document,) = extract.data_json(submission("<a/>"))["documents"]
    assert (document["position"], document["filename"], document["bytes"]) == (1, "form4.xml", 4)
    assert document["end_byte"] - document["start_byte"] == 4


@pytest.mark.parametrize(
    ("content", "filename", "kind", "expected"),
    [
        ("<XML>\n<a><b>1</b></a>\n</XML>", "a.xml", "4", [("a", {"b": "1"})]),
        ("<?xml version='1.0'?><a>1</a>", "a.txt", "4", [("a", "1")]),
        ("<html><p></html>", "a.htm", "10-K", []),
        ("just text", "a.txt", "10-K", []),
        ("<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'/>", "a.txt", "10-K", []),
        ("<schema xmlns='http://www.w3.org/2001/XMLSchema'/>", "a.xsd", "EX-101.SCH", []),
        ("<xbrl xmlns='http://www.xbrl.org/2003/instance'/>", "a_htm.xml", "XML", []),
    ],
)
def test_the_content_of_xml_documents_is_told_and_xbrl_and_pages_are_left_to_others(
    content: str, filename: str, kind: str, expected: list[Any]
) -> None:
    data = extract.data_json(submission(content, filename, kind))
    assert [(entry["root"], entry["content"]) for entry in data["xml"]] == expected
    assert data["problems"] == []


def test_xml_that_is_none_is_a_problem_with_the_file_named() -> None:
    data = extract.data_json(submission("<a><b></a>"))
    assert data["xml"][0]["content"] is None
    assert data["problems"][0].startswith("form4.xml: not well-formed XML")


def test_xml_too_large_for_memory_is_named_with_its_place_in_the_tar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extract, "_MEMORY", 50_000)
    records = f"<records>{'<a>1</a>' * 1_000}</records>"
    large = submission(records, "EX-102.xml", "EX-102")
    data = extract.data_json(large)
    (entry,), (problem,) = data["xml"], data["problems"]
    assert entry["content"] is None
    assert problem == f"EX-102.xml: {entry['reason']}"
    start, end = map(int, re.findall(r"bytes (\d+)-(\d+)$", problem)[0])
    assert pack.pack(large)[start:end].decode().strip() == records
    assert extract.data_json(submission("<a>1</a>"))["xml"][0]["content"] == "1"


def test_a_date_that_is_none_is_a_problem_and_null() -> None:
    header = HEADER.replace("20250304160509", "yesterday").replace("20250301", "20251399")
    data = extract.data_json(submission("<a/>", header=header))
    assert (data["period"], data["acceptance_datetime"]) == (None, None)
    assert len(data["problems"]) == 2


def test_the_same_submission_gives_the_same_bytes() -> None:
    assert extract.dumps(extract.data_json(submission("<a/>"))) == extract.dumps(extract.data_json(submission("<a/>")))


def test_real_submissions_are_told_without_a_problem_that_the_filing_has_not(real_data: Path) -> None:
    for path in sorted(real_data.glob("*.zst")):
        parsed = sgml.parse(decompress(path.read_bytes(), path.name))
        data = orjson.loads(extract.dumps(extract.data_json(parsed)))
        assert data["problems"] == [], path.name
        assert data["filing_date"]
        assert data["filers"]
        assert all(filer["cik"] for filer in data["filers"])
        assert len(data["documents"]) == len(parsed.documents)
        if data["form"] in ("3", "4", "5") and data["filing_date"] > "2003-07":  # XML from June 2003 on
            assert [entry["root"] for entry in data["xml"]] == ["ownershipDocument"], path.name


def test_real_xbrl_and_data_of_one_submission_do_not_repeat_each_other(real_data: Path) -> None:
    roots = set()
    for path in sorted(real_data.glob("*.zst"))[::3]:
        parsed = sgml.parse(decompress(path.read_bytes(), path.name))
        roots |= {entry["root"] for entry in extract.data_json(parsed)["xml"]}
    assert not roots & {"xbrl", "schema", "linkbase", "html"}
