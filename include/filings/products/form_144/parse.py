"""Form 144: the rows of its XML.

One walk a table, each column looked up by its path. What has no column is not dropped silently but told as a problem,
and a value that is none of its type empties its column and not its row.
"""

from __future__ import annotations

import re

from lxml import etree

from filings.edgar.form_said import not_of
from filings.edgar.xml_forms import Fault, Field, Misread, calendar_day, filing_date, number, root_name, row
from filings.edgar.xml_tree import NotXml, boolean, cik, leaves, text, tree
from filings.products import Document, Rows, Submission, Unusable, problem

_ROOT = "edgarSubmission"
_AMOUNT = re.compile(r"[0-9]{1,28}(?:\.[0-9]{1,6})?")  # what every amount's column takes
_CIK = re.compile(r"[0-9]{1,10}")
_ACCESSION = re.compile(r"([0-9]{10})-?([0-9]{2})-?([0-9]{6})")


def _amount(value: str | None) -> str | None:
    """A number without sign, as it is written; raises `Misread` for what is none."""
    found = number(value)
    if found is not None and not _AMOUNT.fullmatch(found):
        raise Misread("it must be digits, at most 28 before and 6 behind the point; the column is left empty")
    return found


def _flag(value: str | None) -> bool | None:
    """Yes or no; raises `Misread` for what is neither."""
    found = boolean(value)
    if isinstance(found, str):
        raise Misread("it must be yes or no; the column is left empty")
    return found


def _cik(value: str | None) -> str | None:
    """A CIK of ten digits; raises `Misread` for what is none."""
    if value is not None and not _CIK.fullmatch(value):
        raise Misread("a CIK has at most ten digits; the column is left empty")
    return cik(value)


def _accession(value: str | None) -> str | None:
    """An accession number with its dashes; raises `Misread` for what is none."""
    match = _ACCESSION.fullmatch(value) if value else None
    if value is not None and match is None:
        raise Misread("it must be an accession number, as 0001234567-25-000001; the column is left empty")
    return "-".join(match.groups()) if match else None


def _address(prefix: str, path: str) -> tuple[Field, ...]:
    return (
        (f"{prefix}_street1", f"{path}/street1", None),
        (f"{prefix}_street2", f"{path}/street2", None),
        (f"{prefix}_city", f"{path}/city", None),
        (f"{prefix}_state_or_country", f"{path}/stateOrCountry", None),
        (f"{prefix}_zip_code", f"{path}/zipCode", None),
    )


_SUBMISSION: tuple[Field, ...] = (
    ("previous_accession_number", "headerData/previousAccessionNumber", _accession),
    ("issuer_cik", "formData/issuerInfo/issuerCik", _cik),
    ("issuer_name", "formData/issuerInfo/issuerName", None),
    ("sec_file_number", "formData/issuerInfo/secFileNumber", None),
    *_address("issuer", "formData/issuerInfo/issuerAddress"),
    ("issuer_phone", "formData/issuerInfo/issuerContactPhone", None),
    ("seller_name", "formData/issuerInfo/nameOfPersonForWhoseAccountTheSecuritiesAreToBeSold", None),
    ("nothing_sold_in_past_3_months", "formData/nothingToReportFlagOnSecuritiesSoldInPast3Months", _flag),
    ("remarks", "formData/remarks", None),
    ("notice_date", "formData/noticeSignature/noticeDate", calendar_day),
    ("signature", "formData/noticeSignature/signature", None),
)
# Table, its key, where its elements stand, and its columns.
_TABLES: tuple[tuple[str, str, str, tuple[Field, ...]], ...] = (
    ("filers", "filer_sk", "headerData/filerInfo/filer", (("cik", "filerCredentials/cik", _cik),)),
    (
        "relationships",
        "relationship_sk",
        "formData/issuerInfo/relationshipsToIssuer/relationshipToIssuer",
        (("relationship", ".", None),),
    ),
    (
        "proposed_sales",
        "proposed_sale_sk",
        "formData/securitiesInformation",
        (
            ("securities_class_title", "securitiesClassTitle", None),
            ("broker_name", "brokerOrMarketmakerDetails/name", None),
            *_address("broker", "brokerOrMarketmakerDetails/address"),
            ("units_to_be_sold", "noOfUnitsSold", _amount),
            ("aggregate_market_value", "aggregateMarketValue", _amount),
            ("units_outstanding", "noOfUnitsOutstanding", _amount),
            ("approximate_sale_date", "approxSaleDate", calendar_day),
            ("exchange_name", "securitiesExchangeName", None),
        ),
    ),
    (
        "acquisitions",
        "acquisition_sk",
        "formData/securitiesToBeSold",
        (
            ("securities_class_title", "securitiesClassTitle", None),
            ("acquired_date", "acquiredDate", calendar_day),
            ("nature_of_acquisition", "natureOfAcquisitionTransaction", None),
            ("acquired_from", "nameOfPersonfromWhomAcquired", None),
            ("is_gift", "isGiftTransaction", _flag),
            ("donor_acquired_date", "donarAcquiredDate", calendar_day),
            ("units_acquired", "amountOfSecuritiesAcquired", _amount),
            ("payment_date", "paymentDate", calendar_day),
            ("nature_of_payment", "natureOfPayment", None),
        ),
    ),
    (
        "past_sales",
        "past_sale_sk",
        "formData/securitiesSoldInPast3Months",
        (
            ("seller_name", "sellerDetails/name", None),
            *_address("seller", "sellerDetails/address"),
            ("securities_class_title", "securitiesClassTitle", None),
            ("sale_date", "saleDate", calendar_day),
            ("units_sold", "amountOfSecuritiesSold", _amount),
            ("gross_proceeds", "grossProceeds", _amount),
        ),
    ),
    (
        "plan_adoptions",
        "plan_adoption_sk",
        "formData/noticeSignature/planAdoptionDates/planAdoptionDate",
        (("plan_adoption_date", ".", calendar_day),),
    ),
)
_KNOWN = {path for _, path, _ in _SUBMISSION} | {
    place if path == "." else f"{place}/{path}" for _, _, place, fields in _TABLES for _, path, _ in fields
}
# What only the sending needs, what the header says as well, and documents that EDGAR disseminates as their own.
_IGNORED = re.compile(
    r"headerData/(?:submissionType|filerInfo/(?!filer/filerCredentials/cik).*)|documents/.*|schemaVersion"
)


def parse(submission: Submission) -> Rows:
    """The rows of one notice. Raises `Unusable` when it has no XML of the form that can be read."""
    forms = [document for document in submission.documents if root_name(document) == _ROOT]
    faults: list[Fault] = []
    document, root = _first(forms, faults)
    if wrong := not_of(root, "144", submission.form):
        raise Unusable(f"{document} is no notice: {wrong}")
    for fault in faults:
        yield problem(*fault)
    said = text(root, "headerData/submissionType") or submission.form
    if submission.form and said != submission.form:
        yield problem(f"{document}: submissionType", said, f"the header says {submission.form}, and that is taken")
    faults = []
    first = row(root, _SUBMISSION, faults)
    yield "submission", {"form": submission.form or said, "filing_date": filing_date(submission), **first}
    yield from _told(document, "submission", faults)
    for table, key, place, fields in _TABLES:
        for count, element in enumerate(root.iterfind(place), 1):
            faults = []
            found = row(element, fields, faults)
            if any(value is not None for value in found.values()):
                yield table, {key: count, **found}
            yield from _told(document, f"{table} {count}", faults)
    for path, value in leaves(root):
        if path not in _KNOWN and not _IGNORED.fullmatch(path):
            yield problem(f"{document}: {path}", value, "this product knows no such element and has no column for it")
    for other in forms[1:]:
        yield problem(other.filename, other.type, f"the filing has its notice already, {document}, and that is read")


def _first(forms: list[Document], faults: list[Fault]) -> tuple[str, etree._Element]:
    """The notice: the name of its document, and its root; `faults` takes what was repaired to read it."""
    if not forms:
        raise Unusable(f"no document of it is the form's XML, <{_ROOT}>; before 2023-04-13 the form may be text")
    name = forms[0].filename or forms[0].type
    try:
        root = tree(forms[0], faults)
    except NotXml as error:
        raise Unusable(str(error)) from error
    if root.find("formData") is None:
        raise Unusable(f"{name} has no <formData>: nothing is noticed")
    return name, root


def _told(document: str, where: str, faults: list[Fault]) -> Rows:
    for column, value, rule in faults:
        yield problem(f"{document}: {where} {column}", value, rule)
