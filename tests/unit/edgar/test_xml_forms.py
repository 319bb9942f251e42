"""Which XML is which, and its leaves as columns."""

from __future__ import annotations

import base64

import pytest
from lxml import etree

from filings.edgar.document import Document
from filings.edgar.sgml import Submission
from filings.edgar.xml_forms import (
    Fault,
    Misread,
    calendar_day,
    cover_and_tables,
    decimal,
    filing_date,
    flag,
    number,
    root_name,
)
from filings.edgar.xml_forms import row as row_of

COVER = "<edgarSubmission><headerData><submissionType>{}</submissionType></headerData>{}</edgarSubmission>"
ENCLOSED = (
    "<documents><document><conformedName>t.xml</conformedName><conformedDocumentType>TABLE</conformedDocumentType>"
    "<contents>{}</contents></document></documents>"
)


def document(content: str, encoding: str = "text") -> Document:
    return Document("X", "1", "x.xml", "", encoding, content.encode())


def filing(*contents: str) -> Submission:
    return Submission("0000000000-25-000001", "13F-HR", {}, [document(each) for each in contents])


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("<list/>", "list"),
        ("\ufeff<?xml version='1.0'?>\n<ns1:list a='1'>", "list"),
        ("<!-- <html> --><!DOCTYPE list><list>", "list"),
        ("text only", ""),
        ("<!-- never closed <list>", ""),
        ("", ""),
    ],
)
def test_a_document_is_known_by_its_first_element(content: str, name: str) -> None:
    assert root_name(document(content)) == name


def test_an_encoded_document_is_no_xml() -> None:
    assert root_name(document("<list/>", "uuencode")) == ""


def test_a_row_takes_texts_and_attributes_and_tells_what_it_cannot_read() -> None:
    element = etree.fromstring('<a id=" 7 "><b>  text\n</b><c when="2024-02-30"/><d/></a>')
    faults: list[Fault] = []
    fields = (
        ("id", "@id", None),
        ("b", "b", None),
        ("c", "c/@when", calendar_day),
        ("d", "d", None),
        ("e", "e/@f", None),
    )
    assert row_of(element, fields, faults) == {"id": "7", "b": "text", "c": None, "d": None, "e": None}
    assert [(column, value) for column, value, _ in faults] == [("c", "2024-02-30")]
    with pytest.raises(Misread):
        row_of(element, fields)


def test_the_words_for_nothing_are_none() -> None:
    assert [number(word) for word in ("N/A", "XXXX", "n/a", None, "-1.5")] == [None, None, None, None, "-1.5"]
    assert [flag(word) for word in ("N/A", "Y", "N", "perhaps")] == [None, True, False, "perhaps"]
    assert [calendar_day(word) for word in ("N/A", None, "12/31/2024")] == [None, None, "2024-12-31"]


def test_what_is_no_number_counts_as_nothing() -> None:
    assert [str(decimal(word)) for word in ("-1.50", "NaN", "1e999999", "Infinity", "12,5", "\u00b2", None)] == [
        "-1.50",
        *"000000",
    ]


def test_tables_beside_and_inside_a_cover_are_found() -> None:
    inside = base64.b64encode(b"<ns:Table/>").decode()
    cover, tables, faults = cover_and_tables(
        filing(COVER.format("13F-HR", ENCLOSED.format(inside)), "<table/>"), "13F", "table"
    )
    assert cover is not None
    assert sorted(each.filename for each in tables) == ["t.xml", "x.xml"]
    assert not faults


@pytest.mark.parametrize(
    ("contents", "rule"),
    [
        ([COVER.format("N-PX", "")], "does not begin with 13F"),
        ([COVER.format("13F-HR", ""), COVER.format("13F-HR", "")], "already"),
        (["<edgarSubmission>"], "not well-formed"),
        ([COVER.format("13F-HR", ENCLOSED.format("abc"))], "base64"),
    ],
)
def test_what_is_wrong_with_a_filings_documents_is_told(contents: list[str], rule: str) -> None:
    _, _, faults = cover_and_tables(filing(*contents), "13F", "table")
    assert [rule in each for _, _, each in faults] == [True]


def test_a_filing_date_is_read_where_there_is_a_header() -> None:
    assert filing_date(Submission("", "", {"filing_date": "20250131"})) == "2025-01-31"
    assert filing_date(Submission("", "", {})) is None


def test_a_cover_in_another_encoding_is_read_and_what_was_repaired_is_told() -> None:
    def odd(content: bytes) -> Submission:
        return Submission("", "", {}, [Document("X", "1", "x.xml", "", "text", content)])

    form = COVER.format("13F-HR", "<name>café</name>")
    cover, _, faults = cover_and_tables(odd(f"\ufeff{form}".encode("utf-16-le")), "13F", "table")
    assert cover is not None
    assert not faults
    cover, _, faults = cover_and_tables(odd(form.encode("cp1252")), "13F", "table")
    assert cover is not None
    assert cover.findtext("name") == "café"
    assert [(where, value) for where, value, _ in faults] == [("x.xml", "café")]
