"""N-PX: what covers and vote tables say, counted and compared without the product's own reading."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from filings.edgar.loose import submission_of
from filings.edgar.xml_json import parse_xml
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from products.product_samples import samples
from products.xml_marks import kinds, marked, turned
from submissions import read_submission

NAME = "proxy_voting_records"
# What is in the XML and in no row, and why. Paths are without edgarSubmission/.
LEFT_OUT = {
    r"headerData/filerInfo/(liveTestFlag|contact/.*|notifications/.*|flags/.*|deNovoRequestChoice)": "about sending",
    r"headerData/filerInfo/filer/(issuerCredentials/ccc|fileNumber)": "the password; the cover's file number",
    r"documents/.*": "enclosed documents, which are read as what they are",
}


def rows_of(content: bytes) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission_of(content, "primary_doc.xml"))


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


@pytest.fixture(scope="module")
def covers(real_data: Path) -> list[bytes]:
    """The covers of the corpus, most of them with a vote table in base64."""
    found = [read_submission(path) for path in sorted(real_data.glob("artefacts/edgarSubmission_N-PX*/*.zst"))]
    assert len(found) >= 4
    return found


@pytest.fixture(scope="module")
def tables(real_data: Path) -> list[bytes]:
    """The vote tables of the corpus."""
    found = [read_submission(path) for path in sorted(real_data.glob("artefacts/npx_votes_xml/*.zst"))]
    assert len(found) >= 2
    return found


def test_each_leaf_of_each_document_comes_out_in_a_row(covers: list[bytes], tables: list[bytes]) -> None:
    ours = [
        document for path in samples(NAME) for document in re.findall(rb"<XML>\n(.*?)</XML>", path.read_bytes(), re.S)
    ]
    roots = [parse_xml(each) for each in (*covers, *tables, *ours)]
    kind = kinds(roots)
    for root in roots:
        content, marks = marked(root, kind, keep="submissionType")
        result = rows_of(content)
        kept = {field for rows in result.tables.values() for row in rows for field in row}
        kept |= {each.value for each in result.problems}  # told, if not kept
        for path, wanted in marks.items():
            if not any(re.fullmatch(reason, path.removeprefix("edgarSubmission/")) for reason in LEFT_OUT):
                assert set(wanted) <= kept, path
        before = rows_of(etree.tostring(root)).tables
        for path, content in turned(root, kind):
            if not any(re.fullmatch(reason, path.removeprefix("edgarSubmission/")) for reason in LEFT_OUT):
                assert rows_of(content).tables != before, path


def test_each_entry_of_a_real_table_is_a_vote_with_its_records(tables: list[bytes]) -> None:
    for content in tables:
        result = rows_of(content)
        for table, element in (
            ("votes", "proxyTable"),
            ("vote_records", "voteRecord"),
            ("vote_categories", "voteCategory"),
            ("vote_managers", "otherManager"),
        ):
            assert len(result.tables[table]) == len(re.findall(rf"<inf:{element}>".encode(), content))
        assert {each["meetingdate"][:2] for each in values(result, "votes")} == {"20"}


def test_shares_that_the_records_do_not_make_are_told_and_no_others(tables: list[bytes]) -> None:
    by_size = sorted(tables, key=len)
    assert [(each.value, each.rule) for each in rows_of(by_size[0]).problems] == [
        ("1", "the shares of its vote records come to 6")
    ]
    assert not rows_of(by_size[-1]).problems


def test_covers_that_lie_alone_give_their_rows_and_their_enclosed_votes(covers: list[bytes]) -> None:
    for content in covers:
        result = rows_of(content)
        assert len(result.tables["submission"]) == len(result.tables["coverpage"]) == 1
        assert bool(result.tables["votes"]) == (b">PROXY VOTING RECORD<" in content)


def test_a_vote_on_a_day_that_is_no_date_is_kept_without_it() -> None:
    result = rows_of(_table("<meetingDate>in June</meetingDate>"))
    assert [each["meetingdate"] for each in values(result, "votes")] == [""]
    assert [(each.where, each.value) for each in result.problems] == [("votes 1: meetingdate", "in June")]


def test_a_matter_without_records_is_no_contradiction() -> None:
    assert not rows_of(_table("<sharesVoted>5</sharesVoted>")).problems


def test_a_table_that_breaks_off_keeps_its_votes_and_tells() -> None:
    content = _table("<sharesVoted>5</sharesVoted>")
    result = rows_of(content[: content.index(b"</proxyVoteTable>")])
    assert len(result.tables["votes"]) == 1
    assert "the votes before are kept" in result.problems[0].rule


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><body>Proxy votes</body></html>", "before July 2024"),
        (
            b"<edgarSubmission><headerData><submissionType>NPORT-P</submissionType></headerData></edgarSubmission>",
            "N-PX",
        ),
        (b"<edgarSubmission><headerData>", "not well-formed"),
    ],
)
def test_what_is_no_npx_gives_no_row_and_a_reason(content: bytes, reason: str) -> None:
    result = rows_of(content)
    assert result.rows == 0
    assert reason in result.reason


def test_the_cover_of_another_form_gives_no_row(real_data: Path) -> None:
    for path in sorted(real_data.glob("artefacts/edgarSubmission*/*.zst")):
        if not path.parent.name.startswith("edgarSubmission_N-PX"):
            result = rows_of(read_submission(path))
            assert (result.rows, bool(result.reason)) == (0, True), path


def test_what_a_vote_table_has_no_column_for_is_told() -> None:
    result = rows_of(_table("<sedol>B0YBKJ7</sedol>"))
    assert len(result.tables["votes"]) == 1
    assert [(each.where, each.value) for each in result.problems] == [("votes 1: sedol", "B0YBKJ7")]
    other = rows_of(_table("").replace(b"proxyTable>", b"voteTable>"))
    assert (other.rows, "'voteTable'" in other.reason) == (0, True)
    assert rows_of(b"<proxyVoteTable></proxyVoteTable>").reason == "its vote table holds no entry"


def _table(inner: str) -> bytes:
    entry = f"<proxyTable><issuerName>Loamfield Turbines</issuerName>{inner}</proxyTable>"
    return f"<proxyVoteTable>{entry}</proxyVoteTable>".encode()
