"""What can be told of a document that lies alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from filings.edgar.loose import UNKNOWN, submission_of
from submissions import read_submission


def test_the_form_of_every_real_document_is_found_in_it(real_data: Path) -> None:
    """The folders of the collection are named after the form, as whoever collected it saw it."""
    seen = 0
    for path in sorted((real_data / "artefacts").glob("edgarSubmission_*/*.zst")):
        form = submission_of(read_submission(path), path.name.removesuffix(".zst")).form
        kind = path.parent.name.removeprefix("edgarSubmission_")
        assert form.replace("/", "_").replace(" ", "_") == kind, path
        seen += 1
    assert seen > 100


@pytest.mark.parametrize(
    ("kind", "type"), [("npx_votes_xml", "PROXY VOTING RECORD"), ("ownership_xml", ""), ("xbrl_instance", "EX-101.INS")]
)
def test_a_real_document_has_the_type_that_edgar_gives_it(real_data: Path, kind: str, type: str) -> None:
    named = sorted((real_data / "artefacts" / kind).glob("*.xml.zst"))
    assert named
    for path in named:
        found = submission_of(read_submission(path), path.name)
        assert found.documents[0].type == (type or found.form), path
        assert found.form or kind == "npx_votes_xml", path


@pytest.mark.parametrize(
    ("content", "form", "type"),
    [
        (
            b'<?xml version="1.0"?><ns1:informationTable xmlns:ns1="x"><a/></ns1:informationTable>',
            "",
            "INFORMATION TABLE",
        ),
        (b"<!-- <edgarSubmission> --><informationTable/>", "", "INFORMATION TABLE"),
        (
            b"<edgarSubmission><headerData><submissionType>D/A</submissionType></headerData></edgarSubmission>",
            "D/A",
            "D/A",
        ),
        (b"<ownershipDocument><documentType>4</documentType></ownershipDocument>", "4", "4"),
        (
            b'<xbrli:xbrl><dei:DocumentType contextRef="c">10-K/A</dei:DocumentType></xbrli:xbrl>',
            "10-K/A",
            "EX-101.INS",
        ),
        (
            b'<html><p><ix:nonNumeric name="dei:DocumentType" id="f"><span>10-Q</span></ix:nonNumeric></p></html>',
            "10-Q",
            "10-Q",
        ),
        (
            "\ufeff<ownershipDocument><documentType>5</documentType></ownershipDocument>".encode("utf-16-le"),
            "5",
            "5",
        ),
        ("\ufeff<n:informationTable/>".encode("utf-16-be"), "", "INFORMATION TABLE"),
        (b"<html><body>Annual report</body></html>", "", ""),
        (b"Plain text < of 1994", "", ""),
    ],
)
def test_form_and_type_come_from_what_the_document_says(content: bytes, form: str, type: str) -> None:
    found = submission_of(content, "primary_doc.xml")
    assert (found.form, found.header, found.documents[0].type) == (form, {"type": form}, type)
    assert (found.accession, found.documents[0].filename, found.documents[0].content) == (
        UNKNOWN,
        "primary_doc.xml",
        content,
    )


@pytest.mark.parametrize(
    ("name", "accession"),
    [
        ("0000320193-25-000073.xml", "0000320193-25-000073"),
        ("form4_000032019325000073.xml", "0000320193-25-000073"),
        ("1000032019325000073.xml", UNKNOWN),
        ("doc4.xml", UNKNOWN),
    ],
)
def test_an_accession_in_the_name_is_the_submissions(name: str, accession: str) -> None:
    assert submission_of(b"<a/>", name).accession == accession


def test_what_a_person_says_goes_before_what_the_document_says() -> None:
    found = submission_of(b"<x><documentType>4</documentType></x>", "a.xml", form="5", accession="0000000001-20-000001")
    assert (found.form, found.documents[0].type, found.accession) == ("5", "5", "0000000001-20-000001")
