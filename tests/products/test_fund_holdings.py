"""N-PORT: nothing that a document says is lost, and holdings are those that the document has."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from lxml import etree

from filings.edgar.loose import submission_of
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from products.product_samples import samples
from products.xml_marks import kinds, marked, pruned, turned
from submissions import read_submission

NAME = "fund_holdings"
# What is in the XML and in no row, and why. Paths are without edgarSubmission/.
LEFT_OUT = {
    r"@schemaLocation|schemaVersion": "of the XML, not of the fund",
    r"headerData/filerInfo/(liveTestFlag|contact/.*|notifications/.*|flags/.*)": "about sending the filing",
    r"headerData/filerInfo/filer/.*": "CIK and file number, which genInfo has too, and the password of samples",
    r"documents/.*": "enclosed documents, which EDGAR disseminates as documents of their own",
}
# A header line of the SEC's quarterly files, without ACCESSION_NUMBER.
SEC_COLUMNS = {
    "submission": "FILING_DATE FILE_NUM SUB_TYPE REPORT_ENDING_PERIOD REPORT_DATE IS_LAST_FILING",
    "registrant": "CIK REGISTRANT_NAME FILE_NUM LEI ADDRESS1 ADDRESS2 CITY STATE COUNTRY ZIP PHONE",
    "fund_reported_holding": "HOLDING_ID ISSUER_NAME ISSUER_LEI ISSUER_TITLE ISSUER_CUSIP BALANCE UNIT OTHER_UNIT_DESC "
    "CURRENCY_CODE CURRENCY_VALUE EXCHANGE_RATE PERCENTAGE PAYOFF_PROFILE ASSET_CAT OTHER_ASSET ISSUER_TYPE "
    "OTHER_ISSUER INVESTMENT_COUNTRY IS_RESTRICTED_SECURITY FAIR_VALUE_LEVEL DERIVATIVE_CAT",
    "identifiers": "HOLDING_ID IDENTIFIERS_ID IDENTIFIER_ISIN IDENTIFIER_TICKER OTHER_IDENTIFIER OTHER_IDENTIFIER_DESC",
    "securities_lending": "HOLDING_ID IS_CASH_COLLATERAL CASH_COLLATERAL_AMOUNT IS_NON_CASH_COLLATERAL "
    "NON_CASH_COLLATERAL_VALUE IS_LOAN_BY_FUND LOAN_VALUE",
}


def rows_of(content: bytes) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission_of(content, "primary_doc.xml"))


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


@pytest.fixture(scope="module")
def documents(real_data: Path) -> list[bytes]:
    """The N-PORT documents of the corpus, the one of a form that is not public included."""
    paths = sorted(real_data.glob("artefacts/edgarSubmission_NPORT-*/*.zst"))
    assert len(paths) >= 13
    return [read_submission(path) for path in paths]


@pytest.fixture(scope="module")
def real(documents: list[bytes]) -> list[tuple[bytes, Parsed]]:
    """Each of them, and what the product makes of it."""
    return [(content, rows_of(content)) for content in documents]


def test_the_tables_have_the_columns_of_the_secs_own_sets_in_their_order() -> None:
    for table, header in SEC_COLUMNS.items():
        names = [name for name in registry.product(NAME).tables[table].names if name.upper() in header.split()]
        assert names == header.lower().split(), table


def test_each_leaf_of_each_real_document_comes_out_in_a_row(documents: list[bytes]) -> None:
    ours = [
        found for path in samples(NAME) for found in re.findall(rb"<XML>\n(.*?)</XML>", path.read_bytes(), re.DOTALL)
    ]
    roots = [pruned(each, "invstOrSec") for each in (*documents, *ours)]
    kind = kinds(roots)
    lost: Counter[str] = Counter()
    for root in roots:
        content, marks = marked(root, kind, keep="submissionType")
        result = rows_of(content)
        kept = {field for rows in result.tables.values() for row in rows for field in row}
        kept |= {part for field in kept for part in re.split("[,;] ?", field)}
        assert not result.problems
        for path, wanted in marks.items():
            lost[path.removeprefix("edgarSubmission/")] += len([mark for mark in wanted if mark not in kept])
    unexpected = {path for path in +lost if not any(re.fullmatch(reason, path) for reason in LEFT_OUT)}
    assert not unexpected
    assert len(lost) > 500


def test_each_yes_and_no_of_each_real_document_tells_in_a_row(documents: list[bytes]) -> None:
    roots = [pruned(each, "invstOrSec") for each in documents if len(each) < 100_000]
    kind = kinds(roots)
    seen: set[str] = set()
    for root in roots:
        before = rows_of(etree.tostring(root)).tables
        for path, content in turned(root, kind):
            path = path.removeprefix("edgarSubmission/")
            if path not in seen and not any(re.fullmatch(reason, path) for reason in LEFT_OUT):
                seen.add(path)
                assert rows_of(content).tables != before, path
    assert len(seen) > 15


def test_there_is_a_row_for_each_holding_and_their_values_add_up_as_in_the_document(
    real: list[tuple[bytes, Parsed]],
) -> None:
    for content, result in real:
        held = re.findall(rb"<invstOrSec>.*?</invstOrSec>", content, re.DOTALL)
        said = [Decimal(re.search(rb"<valUSD>\s*(\S+?)\s*</valUSD>", each)[1].decode()) for each in held]  # type: ignore[index]
        found = values(result, "fund_reported_holding")
        assert [Decimal(each["currency_value"]) for each in found] == said
        assert len(result.tables["submission"]) == len(result.tables["fund_reported_info"]) == 1
        assert not result.problems


def test_a_real_swaption_has_its_swap_below_it(real: list[tuple[bytes, Parsed]]) -> None:
    result = next(each for _, each in real if len(each.tables["desc_ref_other"]) > 100)
    nested = [each for each in values(result, "derivative") if each["parent_derivative_id"]]
    swaps = {(each["holding_id"], each["derivative_id"]) for each in values(result, "nonforeign_exchange_swap")}
    options = {each["holding_id"] for each in values(result, "swaption_option_warnt_deriv")}
    assert len(nested) == 132
    assert {each["holding_id"] for each in nested} <= options
    assert {(each["holding_id"], each["derivative_id"]) for each in nested if each["derivative_cat"] == "SWP"} <= swaps


def test_what_is_no_figure_is_null_and_not_zero() -> None:
    (row,) = values(rows_of(_fund(_holding("<fairValLevel>N/A</fairValLevel>"))), "fund_reported_holding")
    assert (row["fair_value_level"], row["exchange_rate"]) == ("", "")


@pytest.mark.parametrize(("said", "kept"), [("9999-12-31", "9999-12-31"), ("2025-02-29", ""), ("0999-01-01", "")])
def test_a_date_that_no_calendar_has_is_told_and_the_row_is_kept(said: str, kept: str) -> None:
    result = rows_of(_fund(_holding(f"<debtSec><maturityDt>{said}</maturityDt></debtSec>")))
    assert [each["maturity_date"] for each in values(result, "debt_security")] == [kept]
    told = [("holding 1: maturity_date", said)]
    assert [(each.where, each.value) for each in result.problems] == ([] if kept else told)


def test_several_counterparties_in_one_group_are_several_rows() -> None:
    parties = "".join(
        f"<counterpartyName>{name}</counterpartyName><counterpartyLei>{name}1</counterpartyLei>" for name in "AB"
    )
    derivative = f'<futrDeriv derivCat="FUT"><counterparties>{parties}</counterparties></futrDeriv>'
    result = rows_of(_fund(_holding(f"<derivativeInfo>{derivative}</derivativeInfo>")))
    assert [row[-2:] for row in result.tables["derivative_counterparty"]] == [["A", "A1"], ["B", "B1"]]


def test_a_document_that_breaks_off_keeps_its_holdings_and_tells() -> None:
    content = _fund(_holding(""))
    result = rows_of(content[: content.index(b"</invstOrSecs>")])
    assert len(result.tables["fund_reported_holding"]) == 1
    assert "after 1 invstOrSec" in result.problems[0].rule


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html><body>Exhibit</body></html>", "root elements: html"),
        (b"<edgarSubmission><headerData><submissionType>13F-HR</submissionType></headerData></edgarSubmission>", "13F"),
        (b"<edgarSubmission><genInfo>", "not well-formed"),
    ],
)
def test_what_is_no_nport_gives_no_row_and_a_reason(content: bytes, reason: str) -> None:
    result = rows_of(content)
    assert result.rows == 0
    assert reason in result.reason


def _fund(holdings: str) -> bytes:
    header = "<headerData><submissionType>NPORT-P</submissionType></headerData>"
    form = f"<formData><genInfo/><invstOrSecs>{holdings}</invstOrSecs></formData>"
    return f"<edgarSubmission>{header}{form}</edgarSubmission>".encode()


def _holding(inner: str) -> str:
    return f"<invstOrSec><name>Loamfield Turbines</name><valUSD>1</valUSD>{inner}</invstOrSec>"
