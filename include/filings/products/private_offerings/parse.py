"""Forms D to the six tables of the SEC's Form D Data Sets.

Each text in the document is looked up by its path; what has no column is told as a problem and not dropped silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from filings.edgar.header_values import sections
from filings.edgar.xml_tree import Fault, NotXml, boolean, day, leaves, roots
from filings.products import Row, Rows, Submission, Unusable, problem
from filings.products.private_offerings.names import (
    CONVERT,
    ISSUER,
    OFFERING,
    PERSON,
    RECIPIENT,
    SIGNATURE,
    SUBMISSION,
    Fields,
)

_INDEFINITE = "Indefinite"
# Sections with tables of their own, and those about the sending, which only samples have.
_ELSEWHERE = {"primaryIssuer", "issuerList/issuer", "relatedPersonsList/relatedPersonInfo", "offeringData"}
_SENDING = {"returnCopy", "contactData", "notificationAddressList", "notificationAddress", "flags"}
_OFFERING_ELSEWHERE = {"salesCompensationList/recipient", "signatureBlock/signature"}


def parse(submission: Submission) -> Rows:
    """The rows of a form D. Raises `Unusable` when it has no such document that can be read."""
    found: list[tuple[str, etree._Element]] = []
    faults: list[Fault] = []
    try:
        found.extend((document.filename, root) for document, root in roots(submission, faults) if _is_form_d(root))
    except NotXml as error:
        if not found:
            raise Unusable(str(error)) from error
        yield problem("a further document", "XML", str(error))
    if not found:
        raise Unusable("it has no XML with <edgarSubmission> and <primaryIssuer>: before 2008-09-15 it came on paper")
    for fault in faults:
        yield problem(*fault)
    yield from _Reader(found[0][0]).rows(found[0][1], submission)
    for name, root in found[1:]:
        yield problem(name, root.tag, f"the filing has one already, {found[0][0]}, and that is read")


def _is_form_d(root: etree._Element) -> bool:
    return root.tag == "edgarSubmission" and root.find("primaryIssuer") is not None


class _Reader:
    """One document being read."""

    def __init__(self, document: str) -> None:
        self.document = document
        self.problems: list[Row] = []

    def rows(self, root: etree._Element, submission: Submission) -> Rows:
        first = self._row(_without(root, _ELSEWHERE | _SENDING), SUBMISSION, "formdsubmission")
        yield "formdsubmission", {"submissiontype": submission.form or None, **_of_header(submission), **first}
        issuers = [*root.iterfind("primaryIssuer"), *root.iterfind("issuerList/issuer")]
        for row in self._table("issuers", "issuer_seq_key", issuers, ISSUER):
            yield "issuers", {**row, "is_primaryissuer_flag": row["issuer_seq_key"] == 1}
        for number, offering in enumerate(root.iterfind("offeringData"), 1):
            row = self._row(_without(offering, _OFFERING_ELSEWHERE), OFFERING, "offering")
            if number > 1:
                where, said = f"{self.document}: offeringData {number}", ", ".join(map(str, row.values()))
                self.problems.append(problem(where, said, "the document has an offering already, and that is read"))
                continue
            for amount in ("totalofferingamount", "totalremaining"):
                if amount in row:
                    indefinite = row[f"{amount}_isindefinite"] = row[amount] == _INDEFINITE
                    row[amount] = None if indefinite else row[amount]
            yield "offering", row
        for table, key, path, fields in (
            ("recipients", "recipient_seq_key", "offeringData/salesCompensationList/recipient", RECIPIENT),
            ("relatedpersons", "relatedperson_seq_key", "relatedPersonsList/relatedPersonInfo", PERSON),
            ("signatures", "signature_seq_key", "offeringData/signatureBlock/signature", SIGNATURE),
        ):
            for row in self._table(table, key, root.findall(path), fields):
                yield table, row
        yield from self.problems

    def _table(self, table: str, key: str, elements: list[etree._Element], fields: Fields) -> Iterator[dict[str, Any]]:
        for number, element in enumerate(elements, 1):
            yield {key: number, **self._row(leaves(element), fields, f"{table} {number}")}

    def _row(self, found: Iterator[tuple[str, str]], fields: Fields, where: str) -> dict[str, Any]:
        row: dict[str, Any] = {}
        for path, text in found:
            rule = self._fill(row, path, text, fields)
            if rule:
                self.problems.append(problem(f"{self.document}: {where}: {path}", text, rule))
        return row

    def _fill(self, row: dict[str, Any], path: str, text: str, fields: Fields) -> str:
        """Put a text into its column; the rule that it breaks, when it has none."""
        if column := fields.columns.get(path):
            convert = CONVERT.get(column)
            said = convert(text) if convert else text
            return "" if row.setdefault(column, said) == said else f"it is there twice, first as {row[column]}"
        if column := fields.joined.get(path):
            row[column] = f"{row[column]},{text}" if column in row else text
        elif columns := fields.numbered.get(path):
            free = next((column for column in columns if column not in row), None)
            if text != "None" and free is None:
                return f"there is room for {len(columns)} of them"
            if text != "None" and free is not None:
                row[free] = text
        elif path in fields.chosen:
            column, choice = fields.chosen[path]
            if boolean(text) is not False:
                row[column] = choice if boolean(text) is True else text
        elif path not in fields.ignored:
            return "this product does not know that element and has no column for it"
        return ""


def _without(element: etree._Element, paths: set[str]) -> Iterator[tuple[str, str]]:
    """The texts in an element but for those under the paths."""
    for path, text in leaves(element):
        first, _, rest = path.partition("/")
        if first not in paths and f"{first}/{rest.partition('/')[0]}" not in paths:
            yield path, text


def _of_header(submission: Submission) -> dict[str, Any]:
    """What the SEC's set takes from the header: the date, and the first filer's file number and industry."""
    header = submission.header
    row = {"filing_date": day(header.get("filing_date"))}
    filers = header.get("filer")
    for filer in filers[:1] if isinstance(filers, list) else ():
        for section, name, column in (
            ("filing_values", "file_number", "file_num"),
            ("company_data", "assigned_sic", "sic_code"),
        ):
            found = sections(filer, section)
            row[column] = str(found[0].get(name, "")) or None if found else None
    return row
