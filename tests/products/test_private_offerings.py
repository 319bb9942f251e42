"""Form D: what the documents say, counted and compared without the product's own reading."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import PROBLEM, registry
from filings.products.parsing import Parsed, parsed
from filings.products.private_offerings import names
from submissions import read_submission

NAME = "private_offerings"
ELEMENTS = {
    "primaryIssuer": "issuers",
    "issuer": "issuers",
    "relatedPersonInfo": "relatedpersons",
    "recipient": "recipients",
    "signature": "signatures",
    "offeringData": "offering",
}
_ADDRESS = "STREET1 STREET2 CITY STATEORCOUNTRY STATEORCOUNTRYDESCRIPTION ZIPCODE"
# The header lines of the SEC's files, as in 2026q2_d.zip, without ACCESSIONNUMBER.
SEC_COLUMNS = {
    "formdsubmission": "FILE_NUM FILING_DATE SIC_CODE SCHEMAVERSION SUBMISSIONTYPE TESTORLIVE OVER100PERSONSFLAG "
    "OVER100ISSUERFLAG",
    "issuers": f"IS_PRIMARYISSUER_FLAG ISSUER_SEQ_KEY CIK ENTITYNAME {_ADDRESS} ISSUERPHONENUMBER JURISDICTIONOFINC "
    "ISSUER_PREVIOUSNAME_1 ISSUER_PREVIOUSNAME_2 ISSUER_PREVIOUSNAME_3 EDGAR_PREVIOUSNAME_1 EDGAR_PREVIOUSNAME_2 "
    "EDGAR_PREVIOUSNAME_3 ENTITYTYPE ENTITYTYPEOTHERDESC YEAROFINC_TIMESPAN_CHOICE YEAROFINC_VALUE_ENTERED",
    "offering": "INDUSTRYGROUPTYPE INVESTMENTFUNDTYPE IS40ACT REVENUERANGE AGGREGATENETASSETVALUERANGE "
    "FEDERALEXEMPTIONS_ITEMS_LIST ISAMENDMENT PREVIOUSACCESSIONNUMBER SALE_DATE YETTOOCCUR MORETHANONEYEAR "
    "ISEQUITYTYPE ISDEBTTYPE ISOPTIONTOACQUIRETYPE ISSECURITYTOBEACQUIREDTYPE ISPOOLEDINVESTMENTFUNDTYPE "
    "ISTENANTINCOMMONTYPE ISMINERALPROPERTYTYPE ISOTHERTYPE DESCRIPTIONOFOTHERTYPE ISBUSINESSCOMBINATIONTRANS "
    "BUSCOMBCLARIFICATIONOFRESP MINIMUMINVESTMENTACCEPTED OVER100RECIPIENTFLAG TOTALOFFERINGAMOUNT TOTALAMOUNTSOLD "
    "TOTALREMAINING SALESAMTCLARIFICATIONOFRESP HASNONACCREDITEDINVESTORS NUMBERNONACCREDITEDINVESTORS "
    "TOTALNUMBERALREADYINVESTED SALESCOMM_DOLLARAMOUNT SALESCOMM_ISESTIMATE FINDERSFEE_DOLLARAMOUNT "
    "FINDERSFEE_ISESTIMATE FINDERFEECLARIFICATIONOFRESP GROSSPROCEEDSUSED_DOLLARAMOUNT GROSSPROCEEDSUSED_ISESTIMATE "
    "GROSSPROCEEDSUSED_CLAROFRESP AUTHORIZEDREPRESENTATIVE",
    "recipients": "RECIPIENT_SEQ_KEY RECIPIENTNAME RECIPIENTCRDNUMBER ASSOCIATEDBDNAME ASSOCIATEDBDCRDNUMBER "
    f"{_ADDRESS} STATES_OR_VALUE_LIST DESCRIPTIONS_LIST FOREIGNSOLICITATION",
    "relatedpersons": f"RELATEDPERSON_SEQ_KEY FIRSTNAME MIDDLENAME LASTNAME {_ADDRESS} RELATIONSHIP_1 RELATIONSHIP_2 "
    "RELATIONSHIP_3 RELATIONSHIPCLARIFICATION",
    "signatures": "SIGNATURE_SEQ_KEY ISSUERNAME SIGNATURENAME NAMEOFSIGNER SIGNATURETITLE SIGNATUREDATE",
}
# Sending, passwords of samples, and what becomes a choice or a boolean.
_NOT_KEPT = {
    "ccc",
    "returnCopy",
    "contactName",
    "contactPhoneNumber",
    "contactEmailAddress",
    "notificationEmailAddress",
}


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def form_d(xml: str) -> Submission:
    content = f"<edgarSubmission><submissionType>D</submissionType>{xml}</edgarSubmission>"
    return submission_of(content.encode(), "primary_doc.xml")


@pytest.fixture(scope="module")
def real(real_data: Path, real_index: list[dict[str, str]]) -> list[tuple[str, Parsed]]:
    """The text of each form D of the corpus, and what the product makes of it."""
    paths = [real_data / each["file"] for each in real_index if each["form"] in ("D", "D/A")]
    paths += sorted(real_data.glob("artefacts/edgarSubmission_D*/*.zst"))
    found = []
    for path in paths:
        raw = read_submission(path)
        try:
            submission = sgml.parse(raw)
        except sgml.NotASubmission:
            submission = submission_of(raw, path.name.removesuffix(".zst"))
        found.append((bytes(submission.documents[0].content).decode(), rows_of(submission)))
    assert len(found) >= 7
    return found


def test_the_tables_have_the_columns_of_the_secs_own_sets_in_their_order() -> None:
    for table, header in SEC_COLUMNS.items():
        names = [name for name in registry.product(NAME).tables[table].names if name.upper() in header.split()]
        assert names == header.lower().split(), table


def test_each_element_of_each_real_document_is_a_row(real: list[tuple[str, Parsed]]) -> None:
    for text, result in real:
        counted: Counter[str] = Counter(formdsubmission=1)
        for element, table in ELEMENTS.items():
            counted[table] += len(re.findall(rf"<{element}>", text))
        assert {table: len(rows) for table, rows in result.tables.items()} == dict(counted)


def test_nothing_that_a_real_document_says_is_lost(real: list[tuple[str, Parsed]]) -> None:
    for text, result in real:
        kept = " ".join(_plain(field) for rows in result.tables.values() for row in rows for field in row)
        for tag, leaf in re.findall(r"<(\w+)>([^<>]+)</\1>", text):
            said = _plain(leaf)
            if tag not in _NOT_KEPT and said not in ("", "true", "false", "None", "Indefinite"):
                assert said in kept, f"{result.accession}: {tag}"
        assert not result.problems


def _plain(text: str) -> str:
    """A text or number in one form."""
    text = " ".join(text.replace("&amp;", "&").replace("&apos;", "'").replace("&quot;", '"').split())
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return text


def test_the_header_gives_date_and_file_number(real: list[tuple[str, Parsed]]) -> None:
    found = {result.accession: values(result, "formdsubmission")[0] for _, result in real}
    row = found["0000925421-24-000007"]
    assert (row["filing_date"], row["file_num"], row["submissiontype"]) == ("2024-05-01", "021-446587", "D/A")


def test_an_indefinite_total_is_null_and_said_so() -> None:
    (row,) = values(
        rows_of(
            form_d(
                "<primaryIssuer/><offeringData><offeringSalesAmounts><totalOfferingAmount>Indefinite"
                "</totalOfferingAmount><totalRemaining>12.50</totalRemaining></offeringSalesAmounts></offeringData>"
            )
        ),
        "offering",
    )
    assert (row["totalofferingamount"], row["totalofferingamount_isindefinite"]) == ("", "true")
    assert (row["totalremaining"], row["totalremaining_isindefinite"]) == ("12.5", "false")


@pytest.mark.parametrize(
    ("xml", "where", "value"),
    [
        ("<primaryIssuer/><newSection><part>x</part></newSection>", "formdsubmission: newSection/part", "x"),
        ("<primaryIssuer><taxNumber>9</taxNumber></primaryIssuer>", "issuers 1: taxNumber", "9"),
        (
            "<primaryIssuer><edgarPreviousNameList>"
            + "".join(f"<previousName>{name}</previousName>" for name in "ABCD")
            + "</edgarPreviousNameList></primaryIssuer>",
            "issuers 1: edgarPreviousNameList/previousName",
            "D",
        ),
        ("<primaryIssuer><cik>1</cik><cik>2</cik></primaryIssuer>", "issuers 1: cik", "2"),
    ],
)
def test_what_has_no_place_in_the_tables_is_told(xml: str, where: str, value: str) -> None:
    result = rows_of(form_d(xml))
    assert len(result.tables["issuers"]) == 1
    assert [(problem.where, problem.value) for problem in result.problems] == [(f"primary_doc.xml: {where}", value)]


def test_a_year_is_chosen_only_by_what_is_true() -> None:
    spans = "<overFiveYears>{}</overFiveYears><yetToBeFormed>{}</yetToBeFormed>"
    for said, choice in ((("true", "false"), "overFiveYears"), (("0", "1"), "yetToBeFormed"), (("false", "0"), "")):
        xml = f"<primaryIssuer><yearOfInc>{spans.format(*said)}</yearOfInc></primaryIssuer>"
        assert values(rows_of(form_d(xml)), "issuers")[0]["yearofinc_timespan_choice"] == choice


@pytest.mark.parametrize("xml", ["<formData/>", "<primaryIssuer>"])
def test_another_form_or_broken_xml_is_refused(xml: str) -> None:
    result = rows_of(form_d(xml))
    assert result.rows == 0
    assert result.reason


_SECTIONS = {
    "": names.SUBMISSION,
    "primaryIssuer": names.ISSUER,
    "issuerList/issuer": names.ISSUER,
    "offeringData": names.OFFERING,
    "offeringData/salesCompensationList/recipient": names.RECIPIENT,
    "relatedPersonsList/relatedPersonInfo": names.PERSON,
    "offeringData/signatureBlock/signature": names.SIGNATURE,
}


@given(
    st.lists(
        st.sampled_from(
            [
                f"{section}/{path}".strip("/")
                for section, fields in _SECTIONS.items()
                for path in (
                    *fields.columns,
                    *fields.joined,
                    *fields.numbered,
                    *fields.chosen,
                    "newElement",
                    "new/part",
                )
            ]
        ),
        max_size=8,
    )
)
def test_whatever_a_document_says_is_in_a_row_or_told_as_a_problem(paths: list[str]) -> None:
    xml, said = "<primaryIssuer/>", set()
    for number, path in enumerate(paths, 7000):
        inner = str(number)
        for tag in reversed(path.split("/")):
            inner = f"<{tag}>{inner}</{tag}>"
        xml += inner
        said.add(str(number))
    form = form_d(xml)
    kept = [
        str(value)
        for table, row in registry.parser(NAME)(form)
        for value in ([row["value"]] if table == PROBLEM else row.values())
    ]
    assert not said - {word.removeprefix("000000") for value in kept for word in re.split("[, ]+", value)}
