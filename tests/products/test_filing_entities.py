"""People and companies in structured documents: all that the forms name, where they name them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from html import unescape
from pathlib import Path

import pytest

from filings.edgar import sgml
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.filing_entities.forms import FORMS, TYPES
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "filing_entities"
# Elements that hold a name or a CIK of somebody, by form; what else there is of such names is not of people in a role.
NAMING = {
    "3": "issuerName issuerCik rptOwnerName rptOwnerCik signatureName",
    "4": "issuerName issuerCik rptOwnerName rptOwnerCik signatureName",
    "5": "issuerName issuerCik rptOwnerName rptOwnerCik signatureName",
    "D": "entityName cik firstName middleName lastName recipientName recipientCRDNumber associatedBDName nameOfSigner",
    "13F-HR": "name cik crdNumber",
    "13F-NT": "name cik",
    "144": "issuerName issuerCik nameOfPersonForWhoseAccountTheSecuritiesAreToBeSold name nameOfPersonfromWhomAcquired",
    "SCHEDULE 13D": "issuerName issuerCIK reportingPersonName reportingPersonCIK personName nameOfReportingPerson",
    "SCHEDULE 13G": "issuerName issuerCik reportingPersonName reportingCik",
    "N-PX": "name txPrintedSignature txTitle cik",
    "NPORT-P": "regName regCik regLei regStreet1 seriesName seriesId signerName",
    "N-CEN": "registrantFullName registrantCik directorName ccoName custodianName custodianLei brokerName brokerLei "
    "pricingServiceName adminName transferAgentName investmentAdviserName principalName brokerDealerCrdNo mgmtInvLei",
    "C": "nameOfIssuer nameOfCoIssuer companyName commissionCik personSignature personTitle filerCik",
    "X-17A-5": "brokerDealerName accountantName signPersonName oathTitle",
}
NOTHING = {"N/A", "n/a", "None", "NONE", "-", "--", ""}


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed) -> list[dict[str, str]]:
    names = registry.product(NAME).tables["entities"].names
    return [dict(zip(names, row, strict=True)) for row in result.tables["entities"]]


def document(xml: str, form: str = "") -> list[dict[str, str]]:
    return values(rows_of(submission_of(xml.encode(), "primary_doc.xml", form=form)))


@pytest.fixture(scope="module")
def real(real_data: Path) -> list[tuple[Submission, str, Parsed]]:
    """The structured forms of the corpus: filing, text of the main document, and what the product makes of it."""
    found = []
    artefacts = real_data / "artefacts"
    for folder in (real_data, artefacts / "ownership_xml", *sorted(artefacts.glob("edgarSubmission_*"))):
        for path in sorted(folder.glob("*.zst")):
            raw = read_submission(path)
            if b"<edgarSubmission" not in raw and b"<ownershipDocument" not in raw:
                continue
            try:
                submission = sgml.parse(raw)
            except sgml.NotASubmission:
                submission = submission_of(raw, path.name.removesuffix(".zst"))
            content = bytes(submission.documents[0].content).decode()
            found.append((submission, content, rows_of(submission)))
    assert len(found) > 150
    return found


def test_the_product_takes_each_form_of_the_table_and_no_other() -> None:
    assert sorted(registry.product(NAME).forms) == sorted(TYPES)
    assert len(set(TYPES)) == len(TYPES)


def test_each_structured_form_of_the_corpus_names_somebody_or_cannot_be_read(
    real: list[tuple[Submission, str, Parsed]],
) -> None:
    silent = [s.form for s, _, result in real if not result.rows and "not well-formed" not in result.reason]
    assert not set(silent) & set(TYPES)
    roles: dict[str, set[str]] = defaultdict(set)
    for submission, _, result in real:
        roles[submission.form] |= {row["role"] for row in values(result)}
    assert not {form for form, found in roles.items() if form in TYPES and found == {"filer"}}


@pytest.mark.parametrize("form", sorted(NAMING))
def test_whomever_a_real_document_names_is_there(form: str, real: list[tuple[Submission, str, Parsed]]) -> None:
    seen = 0
    for submission, content, result in real:
        if submission.form.removesuffix("/A") != form or not result.rows:
            continue
        form_data = re.sub(r"(?s)<(?:\w+:)?documents>.*|<!--.*?-->", "", content)
        said = re.findall(rf"<(?:\w+:)?({NAMING[form].replace(' ', '|')})(?: [^<>]*)?>([^<>]+)<", form_data)
        kept = {" ".join(field.split()) for row in values(result) for field in row.values()}
        missing = [(tag, text) for tag, text in said if _plain(tag, text) not in kept | NOTHING]
        assert not missing, submission.accession
        seen += len(said)
    assert seen


def _plain(tag: str, text: str) -> str:
    plain = " ".join(unescape(text).split())
    return plain.zfill(10) if "cik" in tag.lower() and plain else plain


def test_there_is_a_row_for_each_owner_related_person_and_manager(
    real: list[tuple[Submission, str, Parsed]],
) -> None:
    elements = {
        "reporting_owner": "reportingOwner",
        "related_person": "relatedPersonInfo",
        "sales_recipient": "recipient",
        "other_manager": "otherManager",
        "custodian": "(?:smallC|c)ustodian",
        "director": "director",
    }
    for _, content, result in real:
        counted = Counter(row["role"] for row in values(result))
        for role, element in elements.items():
            if result.rows and role in counted:
                assert counted[role] == len(re.findall(rf"<{element}>", content)), role


@pytest.mark.parametrize(
    ("person", "kind"),
    [
        ("<isOfficer>1</isOfficer>", "person"),
        ("<isDirector>true</isDirector>", "person"),
        ("<isDirector>1</isDirector><isTenPercentOwner>1</isTenPercentOwner>", "unknown"),
        ("<isTenPercentOwner>1</isTenPercentOwner>", "unknown"),
        ("", "unknown"),
    ],
)
def test_an_owner_is_a_person_when_only_people_can_be_that(person: str, kind: str) -> None:
    (row,) = document(
        "<ownershipDocument><documentType>4</documentType><reportingOwner><reportingOwnerId><rptOwnerName>Some One"
        f"</rptOwnerName></reportingOwnerId><reportingOwnerRelationship>{person}</reportingOwnerRelationship>"
        "</reportingOwner></ownershipDocument>"
    )
    assert (row["role"], row["kind"], row["name"]) == ("reporting_owner", kind, "Some One")


@pytest.mark.parametrize(
    ("types", "kind"), [("IN", "person"), ("PN, IA", "company"), ("OO", "unknown"), ("", "unknown")]
)
def test_a_holder_is_what_the_code_of_the_schedule_says(types: str, kind: str) -> None:
    (row,) = document(
        "<edgarSubmission><headerData><submissionType>SCHEDULE 13D/A</submissionType></headerData><formData>"
        "<reportingPersons><reportingPersonInfo><reportingPersonName>Holder</reportingPersonName>"
        f"<typeOfReportingPerson>{types}</typeOfReportingPerson></reportingPersonInfo></reportingPersons></formData>"
        "</edgarSubmission>"
    )
    assert (row["role"], row["kind"]) == ("reporting_person", kind)


def test_a_company_among_related_persons_is_known_by_its_first_name() -> None:
    person = (
        "<relatedPersonInfo><relatedPersonName><firstName>{}</firstName><middleName>Q.</middleName>"
        "<lastName>{}</lastName></relatedPersonName></relatedPersonInfo>"
    )
    first, second = document(
        "<edgarSubmission><submissionType>D</submissionType><relatedPersonsList>"
        + person.format("Ada", "Fell")
        + person.format("N/A", "Fell GP LLC").replace("<middleName>Q.</middleName>", "")
        + "</relatedPersonsList></edgarSubmission>"
    )
    assert (first["kind"], first["name"], first["first_name"]) == ("person", "Ada Q. Fell", "Ada")
    assert (second["kind"], second["name"], second["first_name"]) == ("company", "Fell GP LLC", "")


def test_a_row_tells_where_in_the_document_it_stands() -> None:
    manager = "<otherManager><cik>{}</cik></otherManager>"
    rows = document(
        "<edgarSubmission xmlns='http://example.org/f'><headerData><submissionType>13F-HR</submissionType></headerData>"
        f"<formData><coverPage><otherManagersInfo>{manager.format(7)}{manager.format(8)}</otherManagersInfo></coverPage>"
        "</formData></edgarSubmission>"
    )
    assert [(row["entity_sk"], row["cik"], row["place"]) for row in rows] == [
        ("1", "0000000007", "formData/coverPage/otherManagersInfo/otherManager[1]"),
        ("2", "0000000008", "formData/coverPage/otherManagersInfo/otherManager[2]"),
    ]
    assert {row["document"] for row in rows} == {"primary_doc.xml"}


def test_a_form_that_is_not_in_the_table_gives_the_filers_of_its_header() -> None:
    (row,) = document(
        "<edgarSubmission><headerData><submissionType>NEW-FORM</submissionType><filerInfo><filer><filerCredentials>"
        "<cik>42</cik></filerCredentials></filer></filerInfo></headerData></edgarSubmission>"
    )
    assert (row["role"], row["kind"], row["cik"]) == ("filer", "unknown", "0000000042")


@pytest.mark.parametrize("xml", ["<informationTable><infoTable/></informationTable>", "<edgarSubmission>"])
def test_what_names_nobody_or_cannot_be_read_is_refused(xml: str) -> None:
    result = rows_of(submission_of(xml.encode(), "table.xml", form="13F-HR"))
    assert result.rows == 0
    assert result.reason


def test_all_forms_sent_with_a_header_name_the_filer() -> None:
    for form in FORMS:
        if form.root == "edgarSubmission" and not {"D", "EFFECT"} & set(form.types):
            assert "filer" in {role.name for role in form.roles}, form.types


def test_the_withdrawal_of_a_municipal_adviser_names_all_whom_it_should(real_data: Path) -> None:
    (path,) = real_data.glob("artefacts/edgarSubmission_MA-W/*.zst")
    content = read_submission(path)
    for said in (content, content.replace(b">MA-W<", b">MA-W/A<")):
        rows = {row["role"]: row for row in values(rows_of(submission_of(said, "primary_doc.xml")))}
        assert list(rows) == ["filer", "municipal_adviser", "contact", "record_keeper", "signer"]
        assert all(row["name"] or row["cik"] for row in rows.values())
        assert [rows[role]["state_or_country"] for role in ("contact", "record_keeper")] == ["AZ", "CA"]
        assert (rows["contact"]["title"], rows["signer"]["name"]) == ("asd", "Bir Adma")
