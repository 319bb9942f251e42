"""Forms 3, 4 and 5: what the documents say, counted and compared without the product's own reading."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import PROBLEM, registry
from filings.products.insider_transactions.names import KINDS, OLD_KINDS, OWNER, SUBMISSION
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "insider_transactions"
FORMS = ("3", "4", "5", "3/A", "4/A", "5/A")
ELEMENTS = {
    "reportingOwner": "reportingowner",
    "nonDerivativeTransaction": "nonderiv_trans",
    "nonDerivativeHolding": "nonderiv_holding",
    "derivativeTransaction": "deriv_trans",
    "derivativeHolding": "deriv_holding",
    "footnote": "footnotes",
    "signatureName": "owner_signature",
}
# The header lines of the SEC's files, as in 2026q1_form345.zip, without ACCESSION_NUMBER.
_SECURITY = "SECURITY_TITLE SECURITY_TITLE_FN"
_CONV = "CONV_EXERCISE_PRICE CONV_EXERCISE_PRICE_FN"
_DATES = "TRANS_DATE TRANS_DATE_FN DEEMED_EXECUTION_DATE DEEMED_EXECUTION_DATE_FN"
_CODING = (
    "TRANS_FORM_TYPE TRANS_CODE EQUITY_SWAP_INVOLVED EQUITY_SWAP_TRANS_CD_FN TRANS_TIMELINESS TRANS_TIMELINESS_FN "
    "TRANS_SHARES TRANS_SHARES_FN"
)
_PRICE = "TRANS_PRICEPERSHARE TRANS_PRICEPERSHARE_FN TRANS_ACQUIRED_DISP_CD TRANS_ACQUIRED_DISP_CD_FN"
_FORM_TYPE = "TRANS_FORM_TYPE TRANS_FORM_TYPE_FN"
_UNDERLYING = (
    "EXPIRATION_DATE EXPIRATION_DATE_FN UNDLYNG_SEC_TITLE UNDLYNG_SEC_TITLE_FN UNDLYNG_SEC_SHARES "
    "UNDLYNG_SEC_SHARES_FN UNDLYNG_SEC_VALUE UNDLYNG_SEC_VALUE_FN"
)
_AFTER = (
    "SHRS_OWND_FOLWNG_TRANS SHRS_OWND_FOLWNG_TRANS_FN VALU_OWND_FOLWNG_TRANS VALU_OWND_FOLWNG_TRANS_FN "
    "DIRECT_INDIRECT_OWNERSHIP DIRECT_INDIRECT_OWNERSHIP_FN NATURE_OF_OWNERSHIP NATURE_OF_OWNERSHIP_FN"
)
SEC_COLUMNS = {
    "submission": "FILING_DATE PERIOD_OF_REPORT DATE_OF_ORIG_SUB NO_SECURITIES_OWNED NOT_SUBJECT_SEC16 "
    "FORM3_HOLDINGS_REPORTED FORM4_TRANS_REPORTED DOCUMENT_TYPE ISSUERCIK ISSUERNAME ISSUERTRADINGSYMBOL REMARKS "
    "AFF10B5ONE",
    "reportingowner": "RPTOWNERCIK RPTOWNERNAME RPTOWNER_RELATIONSHIP RPTOWNER_TITLE RPTOWNER_TXT RPTOWNER_STREET1 "
    "RPTOWNER_STREET2 RPTOWNER_CITY RPTOWNER_STATE RPTOWNER_ZIPCODE RPTOWNER_STATE_DESC FILE_NUMBER",
    "nonderiv_trans": f"NONDERIV_TRANS_SK {_SECURITY} {_DATES} {_CODING} {_PRICE} {_AFTER}",
    "nonderiv_holding": f"NONDERIV_HOLDING_SK {_SECURITY} {_FORM_TYPE} {_AFTER}",
    "deriv_trans": f"DERIV_TRANS_SK {_SECURITY} {_CONV} {_DATES} {_CODING} TRANS_TOTAL_VALUE TRANS_TOTAL_VALUE_FN "
    f"{_PRICE} EXCERCISE_DATE EXCERCISE_DATE_FN {_UNDERLYING} {_AFTER}",
    "deriv_holding": f"DERIV_HOLDING_SK {_SECURITY} {_CONV} {_FORM_TYPE} EXERCISE_DATE EXERCISE_DATE_FN {_UNDERLYING} "
    f"{_AFTER}",
    "footnotes": "FOOTNOTE_ID FOOTNOTE_TXT",
    "owner_signature": "OWNERSIGNATURENAME OWNERSIGNATUREDATE",
}


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def document(xml: str, form: str = "4") -> Submission:
    return submission_of(f"<ownershipDocument>{xml}</ownershipDocument>".encode(), "form.xml", form=form)


@pytest.fixture(scope="module")
def real(real_data: Path) -> list[tuple[str, Parsed]]:
    """The text of each ownership document of the corpus, and what the product makes of it."""
    found = []
    for submission in _submissions(real_data):
        content = bytes(submission.documents[0].content)
        if b"documentMimeBlock" in content:
            content = base64.b64decode(content.split(b"<documentMimeBlock>")[1].split(b"</documentMimeBlock>")[0])
        if b"<ownershipDocument" in content:
            found.append((content.decode(), rows_of(submission)))
    assert len(found) > 100
    return found


def _submissions(real_data: Path) -> Iterator[Submission]:
    for folder in (
        ".",
        "artefacts/ownership_xml",
        *(f"artefacts/edgarSubmission_{f.replace('/', '_')}" for f in FORMS),
    ):
        for path in sorted((real_data / folder).glob("*.zst")):
            raw = read_submission(path)
            try:
                submission = sgml.parse(raw)
            except sgml.NotASubmission:
                submission = submission_of(raw, path.name.removesuffix(".zst"))
            if submission.form in FORMS:
                yield submission


def test_the_tables_have_the_columns_of_the_secs_own_sets_in_their_order() -> None:
    for table, header in SEC_COLUMNS.items():
        names = [name for name in registry.product(NAME).tables[table].names if name.upper() in header.split()]
        assert names == header.lower().split(), table


def test_each_element_of_each_real_document_is_a_row(real: list[tuple[str, Parsed]]) -> None:
    for text, result in real:
        if not result.rows:
            continue
        counted = {table: len(re.findall(rf"<{element}[\s>]", text)) for element, table in ELEMENTS.items()}
        assert {table: len(rows) for table, rows in result.tables.items()} == {"submission": 1, **counted}


def test_nothing_that_a_real_document_says_is_lost(real: list[tuple[str, Parsed]]) -> None:
    for text, result in real:
        if not result.rows:
            continue
        said = Counter(_plain(leaf) for tag, leaf in re.findall(r"<(\w+)[^<>/]*>([^<>]+)</\1>", text) if _counts(tag))
        kept = Counter(_plain(field) for rows in result.tables.values() for row in rows for field in row if field)
        missing = {leaf: times for leaf, times in (said - kept).items() if leaf}
        assert not missing, result.accession
        assert not result.problems, result.accession


def _counts(tag: str) -> bool:
    """Flags become true and false, and a password of EDGAR in samples is no data."""
    return not (tag.startswith(("is", "not", "form", "aff", "no", "equity")) or tag == "rptOwnerCcc")


def _plain(text: str) -> str:
    """A text or number in one form."""
    for entity, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
        text = text.replace(entity, letter)
    text = re.sub(r"&#(\d+);", lambda match: chr(int(match[1])), text)
    text = " ".join(text.split())
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def test_each_reference_to_a_footnote_is_kept_and_leads_to_one(real: list[tuple[str, Parsed]]) -> None:
    for text, result in real:
        if not result.rows:
            continue
        notes = {row["footnote_id"] for row in values(result, "footnotes")}
        kept = [
            note
            for table in result.tables
            for row in values(result, table)
            for column, field in row.items()
            if column.endswith("_fn") and field
            for note in field.split(",")
        ]
        assert Counter(kept) == Counter(re.findall(r'<footnoteId id="(\w+)"', text))
        assert set(kept) <= notes


def test_real_forms_say_what_a_reader_sees(real: list[tuple[str, Parsed]]) -> None:
    """Read by eye: a form 4 of AAR (2025-01-10) and a form 5 of Snowflake (fiscal year to 2022-01-31)."""
    sale = next(result for _, result in real if result.accession == "0001127602-25-001055")
    (first,), (owner,), (trade,) = (values(sale, table) for table in ("submission", "reportingowner", "nonderiv_trans"))
    assert (first["issuertradingsymbol"], first["filing_date"], first["aff10b5one"]) == ("AIR", "2025-01-10", "false")
    assert (owner["rptownername"], owner["rptowner_relationship"]) == ("Garascia Jessica A.", "Officer")
    assert (owner["rptowner_title"], owner["file_number"]) == ("Senior VP, GC, CAO & Secretary", "001-06263")
    assert (trade["trans_code"], trade["trans_shares"], trade["trans_acquired_disp_cd"]) == ("S", "1500", "D")
    assert (trade["trans_pricepershare"], trade["trans_pricepershare_fn"]) == ("66.903", "F1")
    assert trade["shrs_ownd_folwng_trans"] == "37565"
    gift = next(result for text, result in real if "<rptOwnerName>McMahon John Dennis" in text)
    (given,), (trust, family) = values(gift, "nonderiv_trans"), values(gift, "nonderiv_holding")
    assert (given["trans_code"], given["trans_shares"], given["trans_pricepershare"]) == ("G", "61386", "0")
    assert (given["equity_swap_trans_cd_fn"], given["shrs_ownd_folwng_trans_fn"]) == ("F1", "F2")
    assert (trust["shrs_ownd_folwng_trans"], trust["nature_of_ownership_fn"]) == ("151188", "F3")
    assert (family["direct_indirect_ownership"], family["nature_of_ownership"]) == ("I", "Trust")
    assert (values(gift, "submission")[0]["form4_trans_reported"], given["trans_date"]) == ("false", "2021-12-23")


def test_what_gives_no_row_is_not_well_formed_and_says_where(real: list[tuple[str, Parsed]]) -> None:
    reasons = [result.reason for _, result in real if not result.rows]
    assert len(reasons) < len(real) / 8
    for reason in reasons:
        opened, line, closed = re.search(r"mismatch: (\w+) line (\d+) and (\w+)", reason).groups()  # type: ignore[union-attr]
        text = next(text for text, result in real if result.reason == reason)
        assert f"<{opened}>" in text.splitlines()[int(line) - 1]
        assert f"</{closed}>" in text


def test_a_form_from_before_xml_is_refused_with_the_reason() -> None:
    text = Document("4", "1", "form4.txt", "", "text", b"FORM 4\n\n1. Name and Address of Reporting Person\n")
    result = rows_of(Submission("0009900001-00-000001", "4", {"type": "4"}, [text]))
    assert result.rows == 0
    assert "before 2003-05-05" in result.reason


def test_numbers_are_exact_and_flags_are_true_or_false_however_they_are_written() -> None:
    result = rows_of(
        document(
            "<notSubjectToSection16>1</notSubjectToSection16><aff10b5One>false</aff10b5One>"
            "<nonDerivativeTable><nonDerivativeTransaction><transactionCoding><equitySwapInvolved>0</equitySwapInvolved>"
            "</transactionCoding><transactionAmounts><transactionShares><value>1234567890123.4567</value>"
            "</transactionShares><transactionPricePerShare><value>.10</value></transactionPricePerShare>"
            "</transactionAmounts></nonDerivativeTransaction></nonDerivativeTable>"
        )
    )
    (first,), (trade,) = values(result, "submission"), values(result, "nonderiv_trans")
    assert (first["not_subject_sec16"], first["aff10b5one"], first["no_securities_owned"]) == ("true", "false", "")
    assert (trade["equity_swap_involved"], trade["trans_shares"]) == ("false", "1234567890123.4567")
    assert trade["trans_pricepershare"] == "0.1"
    assert not result.problems


def test_a_bad_value_takes_its_row_with_it_and_no_other() -> None:
    holding = (
        "<nonDerivativeHolding><postTransactionAmounts><sharesOwnedFollowingTransaction><value>{}</value>"
        "</sharesOwnedFollowingTransaction></postTransactionAmounts></nonDerivativeHolding>"
    )
    result = rows_of(
        document(f"<nonDerivativeTable>{holding.format('12,5')}{holding.format(7)}</nonDerivativeTable>", "3")
    )
    assert [row["nonderiv_holding_sk"] for row in values(result, "nonderiv_holding")] == ["2"]
    (problem,) = result.problems
    assert (problem.where, problem.value) == (
        "nonderiv_holding.shrs_ownd_folwng_trans of nonderiv_holding_sk 1",
        "12,5",
    )


@pytest.mark.parametrize(
    ("xml", "where", "value"),
    [
        ("<remarks><footnoteId id='F9'/></remarks>", "form.xml: submission remarks: footnoteId", "F9"),
        (
            "<derivativeTable><derivativeHolding><exerciseDate><footnoteId id='F2'/></exerciseDate></derivativeHolding>"
            "</derivativeTable>",
            "form.xml: deriv_holding 1 exercise_date_fn",
            "F2",
        ),
        ("<transactionVenue>dark</transactionVenue>", "form.xml: submission: transactionVenue", "dark"),
        (
            "<reportingOwner><reportingOwnerRelationship><isOfficer>perhaps</isOfficer></reportingOwnerRelationship>"
            "</reportingOwner>",
            "form.xml: reportingowner 1 isOfficer",
            "perhaps",
        ),
        (
            "<nonDerivativeTable><nonDerivativeHolding><ownershipNature><footnoteId id='F3'/></ownershipNature>"
            "</nonDerivativeHolding></nonDerivativeTable>",
            "form.xml: nonderiv_holding 1: footnoteId",
            "F3",
        ),
        ("<remarks>One</remarks><remarks>Two</remarks>", "form.xml: submission: remarks", "Two"),
    ],
)
def test_what_has_no_place_in_the_tables_is_told(xml: str, where: str, value: str) -> None:
    result = rows_of(document(xml))
    assert len(result.tables["submission"]) == 1
    assert [(problem.where, problem.value) for problem in result.problems] == [(where, value)]


def test_prefixes_namespaces_and_bare_values_make_no_difference() -> None:
    xml = (
        '<o:ownershipDocument xmlns:o="http://example.org/o"><o:documentType>4/A</o:documentType><o:derivativeTable>'
        "<o:derivativeTransaction><o:underlyingSecurity><o:underlyingSecurityTitle>Shares<o:footnoteId id='F1'/>"
        "</o:underlyingSecurityTitle></o:underlyingSecurity></o:derivativeTransaction></o:derivativeTable>"
        "<o:footnotes><o:footnote id='F1'>Note.</o:footnote></o:footnotes></o:ownershipDocument>"
    )
    result = rows_of(submission_of(xml.encode(), "form.xml", form="4"))
    (row,) = values(result, "deriv_trans")
    assert (row["undlyng_sec_title"], row["undlyng_sec_title_fn"]) == ("Shares", "F1")
    assert values(result, "submission")[0]["document_type"] == "4/A"
    assert not result.problems


def test_a_document_that_the_filing_carries_in_base64_is_read() -> None:
    inner = b"<?xml version='1.0'?><ownershipDocument><documentType>3</documentType></ownershipDocument>"
    outer = (
        "<edgarSubmission><submissionType>3</submissionType><edgarDocument><documentName>doc3.xml</documentName>"
        f"<documentMimeBlock>{base64.b64encode(inner).decode()}</documentMimeBlock></edgarDocument></edgarSubmission>"
    )
    result = rows_of(submission_of(outer.encode(), "filing3.xml"))
    assert [row["document_type"] for row in values(result, "submission")] == ["3"]


def test_a_broken_document_beside_the_form_costs_no_row() -> None:
    form = submission_of(b"<ownershipDocument><documentType>4</documentType></ownershipDocument>", "form.xml", form="4")
    form.documents.append(Document("EX-99", "2", "exhibit.xml", "", "text", b"<open>"))
    result = rows_of(form)
    assert len(result.tables["submission"]) == 1
    assert ["exhibit.xml is not well-formed XML" in problem.rule for problem in result.problems] == [True]


def test_of_two_forms_in_a_filing_the_first_is_read_and_the_second_told() -> None:
    form = submission_of(b"<ownershipDocument><documentType>4</documentType></ownershipDocument>", "form.xml", form="4")
    form.documents.append(Document("4", "2", "again.xml", "", "text", b"<ownershipDocument/>"))
    result = rows_of(form)
    assert len(result.tables["submission"]) == 1
    assert [problem.where for problem in result.problems] == ["again.xml"]


_SECTIONS = {
    "issuer": SUBMISSION.columns,
    "reportingOwner": OWNER.columns,
    "ownerSignature": {"signatureName": "", "signatureDate": ""},
    **{f"nonDerivativeTable/{tag}": kind.columns for tag, kind in KINDS.items()},
    **{f"derivativeTable/{tag}": kind.columns for tag, kind in KINDS.items()},
    **{tag: transaction.columns for tag, (transaction, _) in OLD_KINDS.items()},
}
_GROUPS = ["", "transactionAmounts", "ownershipNature", "transactionCoding", "reportingOwnerId", "newGroup"]


@st.composite
def _documents(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A document of elements that are known, in places that fit or do not, and all that it says."""
    said: list[str] = []
    xml = []
    for path in draw(st.lists(st.sampled_from(sorted(_SECTIONS)), min_size=1, max_size=6)):
        inside = []
        for tag in draw(st.lists(st.sampled_from([*sorted(_SECTIONS[path]), "newElement"]), min_size=1, max_size=5)):
            group, note = draw(st.sampled_from(_GROUPS)), draw(st.booleans())
            said += [f"{7000 + len(said)}", f"F{len(said)}"][: 1 + note]
            value = f"<value>{said[-1 - note]}</value>" + (f'<footnoteId id="{said[-1]}"/>' if note else "")
            inside.append(_nested(group, f"<{tag}>{value}</{tag}>"))
        xml.append(_nested(path, "".join(inside)))
    return "".join(xml), said


def _nested(path: str, inner: str) -> str:
    for tag in reversed(path.split("/") if path else []):
        inner = f"<{tag}>{inner}</{tag}>"
    return inner


@given(_documents())
def test_whatever_a_document_says_is_in_a_row_or_told_as_a_problem(made: tuple[str, list[str]]) -> None:
    xml, said = made
    kept = " ".join(
        f"{value} " if table != PROBLEM else f"{values['value']} {values['where']} "
        for table, values in registry.parser(NAME)(document(xml))
        for value in (values.values() if table != PROBLEM else [""])
    )
    words = set(re.split(r"[ ,]+", re.sub(r"\b000000(?=7)", "", kept)))
    assert not set(said) - words
