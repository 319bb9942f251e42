"""The text of main documents: a row for every page of the corpus, and for all others the reason."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "filing_text"


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def row(result: Parsed) -> dict[str, str]:
    (fields,) = result.tables["documents"]
    return dict(zip(registry.product(NAME).tables["documents"].names, fields, strict=True))


def of_page(text: str, filename: str = "a.htm") -> Parsed:
    document = Document("8-K", "1", filename, "CURRENT REPORT", "text", text.encode())
    return rows_of(Submission("0000000001-25-000001", "8-K", {}, [document]))


@pytest.fixture(scope="module")
def real(real_data: Path, real_index: list[dict[str, str]]) -> dict[str, tuple[str, Parsed]]:
    """Form and text of the corpus' filings of up to half a megabyte, by accession."""
    found = {}
    for each in real_index:
        if each["form"] not in ("3", "4", "5") and int(each["bytes"]) < 500_000:
            submission = sgml.parse(read_submission(real_data / each["file"]))
            found[each["accession"]] = each["form"], rows_of(submission)
    return found


def test_every_main_document_is_text_or_has_a_reason(real: dict[str, tuple[str, Parsed]]) -> None:
    reasons = {result.reason for _, result in real.values() if not result.rows}
    for reason in reasons:
        assert re.fullmatch(r"its main document is (PDF|XML)", reason), reason
    assert sum(result.rows for _, result in real.values()) > 100
    assert len([form for form, result in real.values() if not result.rows and form[:3] in ("8-K", "10-", "424")]) == 0


def test_texts_begin_and_end_where_a_reader_says(real: dict[str, tuple[str, Parsed]]) -> None:
    for accession, begin, end in [
        ("0001045810-26-000024", "UNITED STATES", "Vice President, Deputy General Counsel and Assistant Secretary"),
        ("0000723533-04-000001", "FORM 8-K", ""),
        ("0001076809-24-000144", "UNITED STATES\n\nSECURITIES AND EXCHANGE COMMISSION", "PAUL J. GLAZER"),
    ]:
        text = row(real[accession][1])["text"]
        assert text.startswith(begin), accession
        assert text.rstrip().endswith(end), accession


def test_words_and_characters_are_those_of_the_text(real: dict[str, tuple[str, Parsed]]) -> None:
    for _, result in real.values():
        if result.rows:
            found = row(result)
            assert int(found["characters"]) == len(found["text"])
            assert int(found["words"]) == len(found["text"].split())


def test_what_pages_repeat_is_not_in_the_text() -> None:
    text = row(of_page("<p>It makes</p><p>12</p><hr style='page-break-after:always'><p>pumps.</p>"))["text"]
    assert text == "It makes pumps."


def test_a_table_is_a_row_a_line_and_typewritten_columns_stand_as_they_are() -> None:
    assert row(of_page("<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>2</td></tr></table>"))["text"] == (
        "a\t1\nb\t2"
    )
    typed = "Cash      1,000     2,000\nStock       500       600"
    assert row(of_page(typed, ""))["text"] == typed


@pytest.mark.parametrize("text", ["<html><body><img src='a.gif'></body></html>", "<html><p>* * *</p><hr></html>"])
def test_a_page_without_words_has_no_row_but_a_reason(text: str) -> None:
    result = of_page(text)
    assert result.rows == 0
    assert "has no words" in result.reason


def test_a_submission_without_documents_has_a_reason() -> None:
    assert "no document" in rows_of(Submission("0000000001-25-000001", "8-K", {}, [])).reason
