"""Form 13F: the cover page and the table of holdings, values in dollars, the totals of the cover held against the rows.

Format: EDGAR Form 13F XML Technical Specification; tables and columns: the SEC's Form 13F data sets. Before 20 May
2013 a 13F was text, which nobody reads with certainty.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice

from filings.edgar import xml_forms, xml_tree
from filings.edgar.xml_forms import Fault
from filings.products import Document, NothingHere, Row, Rows, Submission, Unusable, problem
from filings.products.institutional_holdings import infotable
from filings.products.institutional_holdings.cover import Cover
from filings.products.institutional_holdings.value_unit import SAMPLE, Decision, decide

_CLOSE = Decimal("0.001")  # share of a total by which rounding to thousands may move it


def parse(submission: Submission) -> Rows:
    """The rows of a 13F."""
    root, tables, faults = xml_forms.cover_and_tables(submission, "13F", "informationTable")
    if root is None and not tables:
        raise Unusable(
            faults[0][2]
            if faults
            else "it has neither the cover page nor the information table of a 13F in XML (before 20 May 2013 a 13F "
            f"was text); its documents' root elements: {xml_forms.roots(submission)}"
        )
    for fault in faults:
        yield problem(*fault)
    cover = None if root is None else Cover(root)
    filed = xml_forms.filing_date(submission)
    if cover is not None or filed:
        yield "submission", _submission(submission, cover, filed)
    yield from cover.rows() if cover else ()
    yield from _holdings(cover, tables, filed)


def _submission(submission: Submission, cover: Cover | None, filed: str | None) -> dict[str, object]:
    said = cover.submission if cover else {}
    filers = submission.header.get("filer")
    filer = filers[0] if isinstance(filers, list) and filers and isinstance(filers[0], dict) else {}
    company = filer.get("company_data")
    return {
        "filing_date": filed,
        "submissiontype": submission.form or said.get("submissiontype"),
        "cik": said.get("cik") or (company.get("cik") if isinstance(company, dict) else None),
        "periodofreport": said.get("periodofreport") or xml_tree.day(str(submission.header.get("period", ""))),
    }


def _holdings(cover: Cover | None, tables: list[Document], filed: str | None) -> Iterator[Row]:
    """The rows of the tables and of the summary page, and what the totals say of them."""
    faults: list[Fault] = []
    entries = chain.from_iterable(_entries(table, faults) for table in tables)
    sample = list(islice(entries, SAMPLE))
    period = cover.submission["periodofreport"] if cover else None
    decision = decide(sample, filed, cover.signed if cover else None, period)
    if decision.doubt:
        yield problem("infotable.value", decision.unit, decision.doubt)
    unit, basis = decision.unit, decision.basis
    if sample and unit is None:
        yield problem("infotable.value", "", "nothing tells whether values are in dollars or in thousands of dollars")
    total: Decimal | int = 0
    place = 0
    for place, entry in enumerate(chain(sample, entries), 1):
        issuer, title, cusip, figi, value, amount, kind, option, discretion, managers, sole, shared, none = entry
        total += int(value) if value and len(value) < 40 and value.isdecimal() else xml_forms.decimal(value)
        # Of all products' rows these are the most, and told one by one they take a third less time.
        row = {
            "infotable_sk": place,
            "nameofissuer": issuer,
            "titleofclass": title,
            "cusip": cusip,
            "figi": figi,
            "value": value if unit == "dollars" else in_dollars(value, unit),
            "value_unit": unit,
            "value_unit_basis": basis,
            "sshprnamt": amount,
            "sshprnamttype": kind,
            "putcall": option and option.capitalize(),
            "investmentdiscretion": discretion,
            "othermanager": managers,
            "voting_auth_sole": sole,
            "voting_auth_shared": shared,
            "voting_auth_none": none,
        }
        yield "infotable", row
    for fault in faults:
        yield problem(*fault)
    if not place and not faults and cover is None and not filed:
        raise NothingHere("its information table holds no entry")
    if cover is not None and cover.summary is not None:
        yield from _summary(cover.summary, decision, place, Decimal(total), bool(tables))


def _entries(table: Document, faults: list[Fault]) -> Iterator[infotable.Entry]:
    try:
        yield from infotable.entries(table, faults)
    except xml_tree.NotXml as error:
        faults.append((table.filename or table.type, "information table", f"{error}; the rows before are kept"))


def _summary(summary: dict[str, object], decision: Decision, found: int, total: Decimal, tables: bool) -> Rows:
    """The summary page, and problems where its totals are not those of the rows."""
    rows, value = str(summary["tableentrytotal"] or ""), str(summary["tablevaluetotal"] or "")
    said = xml_forms.decimal(value)
    unit = decision.unit
    if found and said != total:
        if unit == "thousands" and abs(said - total * 1000) <= said * _CLOSE:
            unit = "dollars"
        elif unit == "dollars" and abs(said * 1000 - total) <= total * _CLOSE:
            unit = "thousands"
    basis = decision.basis if unit == decision.unit else "total of the rows"
    yield (
        "summarypage",
        {**summary, "tablevaluetotal": in_dollars(value, unit), "value_unit": unit, "value_unit_basis": basis},
    )
    there = f"the rows are {found}" if tables else "there is no information table with it"
    if rows and xml_forms.decimal(rows) != found:
        yield problem("summarypage.tableentrytotal", rows, there)
    if value and said != total:
        yield problem("summarypage.tablevaluetotal", value, f"the rows come to {total}" if tables else there)


def in_dollars(value: str | None, unit: str | None) -> str | None:
    """A value as filed, in dollars; None when its unit is not known."""
    if unit == "dollars" or not value:
        return value
    if unit is None:
        return None
    if value.isdecimal():
        return value + "000"
    number = xml_forms.decimal(value)
    return f"{number * 1000:f}" if number else value  # what is no number is for the table to refuse
