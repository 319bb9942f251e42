"""Form N-PX: who reports, and each vote with its categories, records and managers.

Format: EDGAR Form N-PX XML Technical Specification, in use since July 2024; before, an N-PX was a page in whatever
form. The form's own names are kept, since the SEC publishes no set of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from lxml import etree

from filings.edgar import xml_forms, xml_stream, xml_tree
from filings.edgar.xml_forms import Fault, Field, calendar_day, decimal, row
from filings.edgar.xml_tree import text
from filings.products import Document, NothingHere, Row, Rows, Submission, Unusable, problem
from filings.products.proxy_voting_records import cover

ENTRY = "proxyTable"
_VOTE: tuple[Field, ...] = (
    ("issuername", "issuerName", None),
    ("cusip", "cusip", None),
    ("isin", "isin", None),
    ("figi", "figi", None),
    ("meetingdate", "meetingDate", calendar_day),
    ("votedescription", "voteDescription", None),
    ("othervotedescription", "otherVoteDescription", None),
    ("votesource", "voteSource", None),
    ("sharesvoted", "sharesVoted", None),
    ("sharesonloan", "sharesOnLoan", None),
    ("voteotherinfo", "voteOtherInfo", None),
)
_RECORD: tuple[Field, ...] = (
    ("howvoted", "howVoted", None),
    ("sharesvoted", "sharesVoted", None),
    ("managementrecommendation", "managementRecommendation", None),
)
_LISTS = ("categoryType", "otherManager", "voteSeries")  # leaves of a vote that are rows or lists of their own
_KNOWN = {*_LISTS, *(path for _, path, _ in (*_VOTE, *_RECORD))}
_SHOWN = 5  # names of unknown elements in a message


def parse(submission: Submission) -> Rows:
    """The rows of an N-PX."""
    root, tables, faults = xml_forms.cover_and_tables(submission, "N-PX", "proxyVoteTable")
    if root is None and not tables:
        raise Unusable(
            faults[0][2]
            if faults
            else "it has neither the cover page nor the vote table of an N-PX in XML (before July 2024 an N-PX was a "
            f"page of text); its documents' root elements: {xml_forms.roots(submission)}"
        )
    for fault in faults:
        yield problem(*fault)
    filed = xml_forms.filing_date(submission)
    if root is not None or filed:
        said = row(root, cover.SUBMISSION)
        form = submission.form or said["submissiontype"]
        yield "submission", {**said, "submissiontype": form, "filing_date": filed}
    if root is not None:
        yield from cover.rows(root)
    votes = 0
    for table, values in _votes(tables):
        votes += 1
        yield table, values
    if not votes and root is None and not filed:
        raise NothingHere("its vote table holds no entry")


def _votes(tables: list[Document]) -> Iterator[Row]:
    place = 0
    for table in tables:
        faults: list[Fault] = []
        try:
            for element in xml_stream.parts(table, ENTRY, faults=faults):
                if element.tag == ENTRY:
                    place += 1
                    yield from _vote(place, element)
                elif unknown := list(dict.fromkeys(str(each.tag) for each in element.iterchildren(etree.Element))):
                    rule = f"a vote table holds {ENTRY}; what stands in these is left out: {len(element)} elements"
                    yield problem(table.filename or table.type, ", ".join(unknown[:_SHOWN]), rule)
        except xml_tree.NotXml as error:
            rule = f"{error}; the votes before are kept"
            yield problem(table.filename or table.type, "vote table", rule)
        for fault in faults:
            yield problem(*fault)


def _vote(place: int, element: etree._Element) -> Iterator[Row]:
    """One entry of the table: a matter that was voted on."""
    faults: list[Fault] = []
    for leaf in element.iter(etree.Element):
        if leaf.tag not in _KNOWN and not len(leaf) and (said := (leaf.text or "").strip()):
            yield problem(f"votes {place}: {leaf.tag}", said, "no column takes it")
    vote = {"votes_sk": place, **row(element, _VOTE, faults)}
    for column, value, rule in faults:
        yield problem(f"votes {place}: {column}", value, rule)
    series = [found.text.strip() for found in element.iterfind("voteSeries") if found.text and found.text.strip()]
    vote["voteseries"] = ",".join(series) or None
    yield "votes", vote
    for number, category in enumerate(element.iterfind("voteCategories/voteCategory"), 1):
        kind = text(category, "categoryType")
        yield "vote_categories", {"votes_sk": place, "vote_categories_sk": number, "categorytype": kind}
    total: Decimal | None = None
    for number, record in enumerate(element.iterfind("vote/voteRecord"), 1):
        values = row(record, _RECORD)
        yield "vote_records", {"votes_sk": place, "vote_records_sk": number, **values}
        total = (total or Decimal(0)) + decimal(values["sharesvoted"])
    for number, manager in enumerate(element.iterfind("voteManager/otherManagers/otherManager"), 1):
        serial = (manager.text or "").strip() or None
        yield "vote_managers", {"votes_sk": place, "vote_managers_sk": number, "othermanager": serial}
    if total is not None and vote["sharesvoted"] and total != decimal(vote["sharesvoted"]):
        rule = f"the shares of its vote records come to {total:f}"
        yield problem(f"votes {place}: sharesvoted", vote["sharesvoted"], rule)
