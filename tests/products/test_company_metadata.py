"""Company metadata: against the SEC's submissions JSON, and the same from both forms of a header."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from filings.archive import pack
from filings.edgar import sgml
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "company_metadata"
SAMPLES = Path(registry.__file__).parent / NAME / "samples"


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


@pytest.fixture(scope="module")
def real(real_data: Path) -> list[tuple[Submission, Parsed]]:
    """Each submission of the corpus and the beginnings of further ones, and what the product makes of them."""
    paths = [*sorted(real_data.glob("*.zst")), *sorted(real_data.glob("headers_1000b/*"))]
    submissions = [sgml.parse(read_submission(path)) for path in paths]
    return [(submission, rows_of(submission)) for submission in submissions]


@pytest.fixture(scope="module")
def known(real_data: Path) -> dict[int, dict[str, Any]]:
    """What the SEC's submissions JSON says of a company, by its CIK."""
    found: dict[int, dict[str, Any]] = {}
    for path in sorted(real_data.glob("artefacts/*submissions_json/*.zst")):
        said = json.loads(read_submission(path))
        said = said.get("data", said) if isinstance(said, dict) else {}
        if isinstance(said, dict) and said.get("name") and said.get("cik"):
            found.setdefault(int(said["cik"]), said)
    return found


def test_every_real_header_names_someone_and_nothing_in_it_is_wrong(real: list[tuple[Submission, Parsed]]) -> None:
    assert len(real) > 200
    for submission, result in real:
        assert result.tables["companies"], submission.accession
        assert not result.problems, submission.accession


def test_the_secs_own_record_of_a_company_has_its_names_and_numbers(
    real: list[tuple[Submission, Parsed]], known: dict[int, dict[str, Any]]
) -> None:
    compared = {"sic": 0, "state_of_incorporation": 0, "irs_number": 0, "conformed_name": 0}
    moved = 0  # the record is of today, a header of its day
    for _, result in real:
        for row in values(result, "companies"):
            said = known.get(int(row["cik"] or 0))
            if said is None:
                continue
            names = {said["name"].upper(), *(former["name"].upper() for former in said.get("formerNames") or ())}
            assert row["conformed_name"].upper() in names
            compared["conformed_name"] += 1
            for ours, theirs in (("sic", "sic"), ("irs_number", "ein"), ("state_of_incorporation",) * 2):
                expected = said.get("stateOfIncorporation" if ours == theirs != "sic" else theirs)
                if row[ours] and expected:
                    moved += row[ours] != expected
                    compared[ours] += 1
    assert all(count > 100 for count in compared.values()), compared
    assert moved <= 3


def test_former_names_are_those_that_the_sec_knows(
    real: list[tuple[Submission, Parsed]], known: dict[int, dict[str, Any]]
) -> None:
    found, unknown = 0, set()
    for _, result in real:
        for row in values(result, "former_names"):
            said = known.get(int(row["cik"] or 0))
            if said is not None:
                names = {former["name"].upper() for former in said.get("formerNames") or ()}
                found += 1
                unknown |= set() if row["former_name"].upper() in names else {row["former_name"]}
    assert found > 100
    # Names from before there was EDGAR, or that no filing was made under, are in headers alone.
    assert unknown <= {"NCNB CORP", "NVIDIA CORP/DE", "CATERPILLAR TRACTOR CO"}


def test_the_tar_keeps_all_that_the_product_needs_and_no_document_is_fetched(
    real: list[tuple[Submission, Parsed]],
) -> None:
    documents = registry.product(NAME).source.documents
    for submission, result in real[:40]:
        assert not any(
            documents.wants(place, document.type, document.filename)
            for place, document in enumerate(submission.documents, 1)
        )
        kept = pack.metadata(submission)
        assert rows_of(Submission(kept["accession"], kept["form"], kept["header"])).tables == result.tables


def test_both_forms_of_a_header_give_the_same_rows() -> None:
    labelled = (SAMPLES / "ownership_amended.txt").read_text()
    tagged = (
        "<SUBMISSION>\n<ACCESSION-NUMBER>0009990010-24-000031\n<TYPE>SC 13D/A\n<FILING-DATE>20240605\n"
        "<SUBJECT-COMPANY>\n<COMPANY-DATA>\n<CONFORMED-NAME>Harrow & Pike Brewing Co\n<CIK>0009990011\n"
        "<ASSIGNED-SIC>2082\n<ORGANIZATION-NAME>04 Manufacturing\n<EIN>990000011\n<STATE-OF-INCORPORATION>A1\n"
        "<FISCAL-YEAR-END>0930\n</COMPANY-DATA>\n<FILING-VALUES>\n<FORM-TYPE>SC 13D/A\n<ACT>34\n"
        "<FILE-NUMBER>005-99011\n<FILM-NUMBER>241990011\n</FILING-VALUES>\n<FORMER-COMPANY>\n"
        "<FORMER-CONFORMED-NAME>PIKE BREWING CO\n<DATE-CHANGED>20110302\n</FORMER-COMPANY>\n</SUBJECT-COMPANY>\n"
        "<DOCUMENT>\n<TYPE>SC 13D/A\n<TEXT>\n</TEXT>\n</DOCUMENT>\n</SUBMISSION>\n"
    )
    ours, theirs = (rows_of(sgml.parse(text.encode())) for text in (labelled, tagged))
    for table in ("companies", "former_names"):
        assert values(theirs, table)[0] == values(ours, table)[0]
    (company, _) = values(ours, "companies")
    assert (company["irs_number"], company["incorporation_country"], company["sic_description"]) == (
        "990000011",
        "CA",
        "MALT BEVERAGES",
    )


def test_a_date_or_year_end_that_is_none_is_told_and_the_row_is_kept() -> None:
    for name, where in (("tagged_header", "former name"), ("ownership_amended", "fiscal_year_end")):
        result = rows_of(sgml.parse((SAMPLES / f"{name}.txt").read_bytes()))
        assert [where in problem.where for problem in result.problems] == [True]
        assert len(result.tables["companies"]) == 2


def test_a_header_that_names_no_one_is_a_problem_and_a_document_without_one_is_not() -> None:
    nameless = b"<SUBMISSION>\n<ACCESSION-NUMBER>0009990010-24-000032\n<TYPE>4\n<DOCUMENT>\n<TYPE>4\n<TEXT>\n</TEXT>\n"
    assert "names no company" in rows_of(sgml.parse(nameless)).reason
    alone = rows_of(submission_of(b"<html/>", "a.htm"))
    assert (alone.reason, alone.problems) == ("it has no header", [])


def test_both_forms_of_a_real_header_have_the_same_words_for_a_sic_code(
    real: list[tuple[Submission, Parsed]],
) -> None:
    words: dict[str, set[str]] = defaultdict(set)
    without = 0
    for submission, result in real:
        told = any("sic_description" in data for data in _company_data(submission.header))
        for row in values(result, "companies"):
            without += bool(row["sic"]) and not told
            words[row["sic"]].add(row["sic_description"])
    assert words.pop("") == {""}
    assert (without > 5, len(words) > 20) == (True, True)
    assert all(len(said) == 1 and "" not in said for said in words.values())


def _company_data(section: object) -> Iterator[dict[str, Any]]:
    """The sections of a header that have the data of a company."""
    if isinstance(section, dict):
        yield section
        section = list(section.values())
    if isinstance(section, list):
        for each in section:
            yield from _company_data(each)
