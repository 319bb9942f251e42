"""Company classifications: the SEC's list of industries, covers of real reports, and what makes a kind of company."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

from filings.edgar import industry as industry_module
from filings.edgar import sgml
from filings.edgar.industry import industry
from filings.edgar.loose import submission_of
from filings.edgar.places import NOWHERE, Place, place
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "company_classifications"
FOLDER = Path(registry.__file__).parent / NAME
_OFFICE = re.compile(r"\d\d (.+)")


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def sample(name: str, *changes: tuple[str, str]) -> Submission:
    text = (FOLDER / "samples" / f"{name}.txt").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return sgml.parse(text.encode())


@pytest.fixture(scope="module")
def real(real_data: Path) -> dict[str, Parsed]:
    """What the product makes of each submission of the corpus."""
    submissions = [sgml.parse(read_submission(path)) for path in sorted(real_data.glob("*.[tn][xc]*.zst"))]
    return {submission.accession: rows_of(submission) for submission in submissions}


# The SEC's list of industries.


def test_the_list_has_each_code_once_with_title_and_office() -> None:
    with Path(industry_module.__file__).with_name("sic.csv").open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) == len({row["sic"] for row in rows}) == 444
    assert all(re.fullmatch(r"\d{4}", row["sic"]) and row["office"] and row["industry_title"] for row in rows)
    assert all(industry(row["sic"]).division or row["sic"] in ("8880", "8888") for row in rows)


def test_the_secs_record_of_a_company_has_the_title_and_office_of_the_list(real_data: Path) -> None:
    compared = 0
    for path in sorted(real_data.glob("artefacts/submissions_json/*.zst")):
        said = json.loads(read_submission(path))
        office = _OFFICE.fullmatch(said.get("ownerOrg") or "") if isinstance(said, dict) else None
        if office and said["sic"]:
            known = industry(said["sic"])
            assert (known.title or "").lower() == said["sicDescription"].lower()
            assert known.office == office[1]
            compared += 1
    assert compared > 10


def test_a_code_that_is_not_on_the_list_has_at_most_a_division() -> None:
    assert (industry("5999").title, industry("5999").division) == (None, "Retail Trade")
    assert industry("") == industry(None) == industry("none")
    assert industry("100").title == "AGRICULTURAL PRODUCTION-CROPS"


@pytest.mark.parametrize(
    ("code", "where"),
    [
        ("CA", Place("US", "CA")), ("A6", Place("CA", "ON")), ("Z4", Place("CA", None)), ("2M", Place("DE", None)),
        ("x0", Place("GB", None)), ("PR", Place("PR", None)), ("XX", NOWHERE), ("", NOWHERE), (None, NOWHERE),
    ],
)  # fmt: skip
def test_a_code_of_edgar_is_a_country_and_a_region(code: str | None, where: Place) -> None:
    assert place(code) == where


# Real filings.


def test_every_real_submission_has_its_companies_and_nothing_is_wrong(real: dict[str, Parsed]) -> None:
    assert len(real) > 200
    for accession, result in real.items():
        assert result.tables["companies"], accession
        assert not result.problems, accession


def test_the_listed_securities_of_real_covers_have_their_registrant_symbol_and_exchange(
    real: dict[str, Parsed],
) -> None:
    utilities = values(real["0000092122-19-000063"], "securities")
    assert [(row["cik"], row["trading_symbol"]) for row in utilities][0::5] == [("92122", "SO"), ("41091", "GPJA")]
    assert {row["exchange"] for row in utilities} == {"NYSE"}
    bank = values(real["0000019617-26-000241"], "securities")
    assert len(bank) == 10
    assert {row["registration"] for row in bank} == {"12(b)"}


def test_the_symbols_of_the_covers_are_those_that_the_sec_lists(real_data: Path, real: dict[str, Parsed]) -> None:
    listed: dict[int, set[str]] = {}
    for path in sorted(real_data.glob("artefacts/*submissions_json/*.zst")):
        said = json.loads(read_submission(path))
        said = said.get("data", said) if isinstance(said, dict) else {}
        if isinstance(said, dict) and said.get("tickers"):
            listed.setdefault(int(said["cik"]), set()).update(said["tickers"])
    compared = 0
    for result in real.values():
        by_company: dict[int, set[str]] = {}
        for row in values(result, "securities"):
            by_company.setdefault(int(row["cik"]), set()).add(row["trading_symbol"])
        for cik, symbols in by_company.items():
            if cik in listed:
                assert symbols & listed[cik], (cik, symbols)
                compared += 1
    assert compared >= 2


def test_a_real_annual_report_has_the_status_of_its_filer(real: dict[str, Parsed]) -> None:
    (row,) = values(real["0000950123-10-019392"], "companies")
    assert (row["filer_category"], row["well_known_seasoned_issuer"]) == ("Large Accelerated Filer", "true")
    assert (row["office"], row["industry_title"]) == ("Life Sciences", "PHARMACEUTICAL PREPARATIONS")
    assert row["public_float"] == "156000000000"


# Rules.


def test_each_registrant_of_a_filing_has_the_cover_of_its_own() -> None:
    parent, utility = values(rows_of(sample("form_10k_cover")), "companies")
    assert (parent["filer_category"], parent["shell_company"]) == ("Large Accelerated Filer", "false")
    assert (utility["filer_category"], utility["shell_company"]) == ("Non-accelerated Filer", "")


def test_a_security_on_two_exchanges_is_a_row_for_each_with_what_is_said_once() -> None:
    instance = """<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:xbrldi="http://xbrl.org/2006/xbrldi"
      xmlns:dei="http://xbrl.sec.gov/dei/2024" xmlns:us-gaap="http://fasb.org/us-gaap/2024">"""
    stock = '<xbrldi:explicitMember dimension="us-gaap:StatementClassOfStockAxis">us-gaap:CommonStockMember'
    market = '</xbrldi:explicitMember><xbrldi:explicitMember dimension="dei:EntityListingsExchangeAxis">exch:'
    for key, segment in (("all", stock), ("n", f"{stock}{market}XNYS"), ("c", f"{stock}{market}XCHI")):
        instance += (
            f'<context id="{key}"><entity><identifier scheme="http://www.sec.gov/CIK">0009990030</identifier><segment>'
            f"{segment}</xbrldi:explicitMember></segment></entity><period><instant>2024-12-31</instant></period></context>"
        )
    instance += (
        '<dei:Security12bTitle contextRef="all">Common stock</dei:Security12bTitle>'
        '<dei:TradingSymbol contextRef="all">GRDN</dei:TradingSymbol>'
        '<dei:SecurityExchangeName contextRef="n">NYSE</dei:SecurityExchangeName>'
        '<dei:SecurityExchangeName contextRef="c">CHX</dei:SecurityExchangeName></xbrl>'
    )
    rows = values(rows_of(submission_of(instance.encode(), "grid.xml")), "securities")
    assert [(row["security"], row["title"], row["trading_symbol"], row["exchange"]) for row in rows] == [
        ("CommonStock", "Common stock", "GRDN", "NYSE"),
        ("CommonStock", "Common stock", "GRDN", "CHX"),
    ]


def test_a_registrant_whose_cover_says_no_cik_is_not_taken_for_the_main_one() -> None:
    cik = '<dei:EntityCentralIndexKey contextRef="c-4">0009990031</dei:EntityCentralIndexKey>'
    status = ('contextRef="c-1">Large Accelerated Filer', 'contextRef="c-4">Large Accelerated Filer')
    parent, utility = values(rows_of(sample("form_10k_cover", (cik, ""), status)), "companies")
    assert (parent["filer_category"], utility["filer_category"]) == ("", "")


def test_a_flag_that_is_neither_yes_nor_no_is_told_and_costs_no_row() -> None:
    result = rows_of(sample("form_10k_cover"))
    assert [problem.value for problem in result.problems] == ["perhaps"]
    assert [row["emerging_growth"] for row in values(result, "companies")] == ["", ""]


@pytest.mark.parametrize(
    ("number", "sic", "kind"),
    [
        ("811-99040", "", "investment_company"),
        ("005-99040", "", "other"),
        ("005-99040", "[6189]", "asset_backed_issuer"),
        ("005-99040", "[8888]", "foreign_government"),
        ("005-99040", "[2834]", "operating_company"),
    ],
)
def test_file_number_and_code_make_the_kind_of_company(number: str, sic: str, kind: str) -> None:
    label = f"\t\tSTANDARD INDUSTRIAL CLASSIFICATION:\tWORDS {sic}\n\t\tEIN:" if sic else "\t\tEIN:"
    (row,) = values(rows_of(sample("fund_prospectus", ("811-99040", number), ("\t\tEIN:", label))), "companies")
    assert row["entity_type"] == kind


def test_a_cover_that_lies_alone_names_its_company() -> None:
    instance = bytes(sample("form_10k_cover").documents[1].content)
    result = rows_of(submission_of(instance, "grid-20241231_htm.xml"))
    assert [row["conformed_name"] for row in values(result, "companies")] == [
        "Grid North Energy Corp",
        "Grid North Power Co",
    ]
    assert [row["entity_sk"] for row in values(result, "companies")] == ["1", "2"]


def test_who_only_owns_or_files_for_another_is_not_classified() -> None:
    header = {
        "issuer": [
            {"company_data": {"conformed_name": "Tallow Creek Mines", "cik": "9990020", "assigned_sic": "1040"}}
        ],
        "reporting_owner": [{"owner_data": {"conformed_name": "Vane Morgan", "cik": "9990021"}}],
    }
    rows = values(rows_of(Submission("0009990020-01-500003", "4", header)), "companies")
    assert [row["conformed_name"] for row in rows] == ["Tallow Creek Mines"]
