"""Ownership documents to the eight tables of the SEC's Insider Transactions Data Sets.

One walk over the elements, each looked up by its name: the documents are small and there are hundreds of thousands a
year. What has no column is not dropped silently but told as a problem.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree

from filings.edgar.header_values import sections
from filings.edgar.xml_tree import Fault, NotXml, boolean, cik, day, roots
from filings.products import Row, Rows, Submission, Unusable, problem
from filings.products.insider_transactions.names import (
    GROUPS,
    IGNORED,
    KINDS,
    OLD_KINDS,
    OWNER,
    RELATIONSHIPS,
    SIGNATURE,
    SUBMISSION,
    Kind,
)

_ROOT = "ownershipDocument"


def parse(submission: Submission) -> Rows:
    """The rows of a form 3, 4 or 5. Raises `Unusable` when it has no ownership document that can be read."""
    found: list[tuple[str, etree._Element]] = []
    faults: list[Fault] = []
    try:
        found.extend((document.filename, root) for document, root in roots(submission, faults) if root.tag == _ROOT)
    except NotXml as error:
        if not found:
            raise Unusable(str(error)) from error
        yield problem("a further document", "XML", str(error))
    if not found:
        raise Unusable(f"it has no XML with <{_ROOT}>: before 2003-05-05 these forms were filed on paper or as text")
    for fault in faults:
        yield problem(*fault)
    yield from _Reader(found[0][0], submission).rows(found[0][1])
    for name, root in found[1:]:
        yield problem(name, root.tag, f"the filing has one already, {found[0][0]}, and that is read")


class _Reader:
    """One document being read: the rows so far, which footnotes they refer to, what is wrong."""

    def __init__(self, document: str, submission: Submission) -> None:
        self.document = document
        self.submission = submission
        self.found: dict[str, list[dict[str, Any]]] = {}
        self.problems: list[Row] = []
        self.referred: dict[str, str] = {}  # footnote → where it is first referred to

    def rows(self, root: etree._Element) -> Rows:
        header = self.submission.header
        first: dict[str, Any] = {"filing_date": day(header.get("filing_date"))}
        self.found["submission"] = [first]
        for element in root:
            self._section(str(element.tag), element, first)
        first.setdefault("document_type", self.submission.form or None)
        for note in sorted(self.referred.keys() - self._footnotes()):
            where = f"{self.document}: {self.referred[note]}"
            self.problems.append(problem(where, note, "the document has no footnote of that id"))
        for table, rows in self.found.items():
            for row in rows:
                yield table, row
        yield from self.problems

    def _footnotes(self) -> set[str]:
        return {row["footnote_id"] for row in self.found.get("footnotes", ()) if row["footnote_id"]}

    def _section(self, tag: str, element: etree._Element, first: dict[str, Any]) -> None:
        """A child of the document's root."""
        if tag in ("nonDerivativeTable", "derivativeTable"):
            for row in element:
                self._security(str(row.tag), row)
        elif tag == "reportingOwner":
            self._owner(element)
        elif tag == "footnotes":
            for note in element:
                text = " ".join("".join(note.itertext()).split())  # type: ignore[arg-type]
                self._row("footnotes", {"footnote_id": note.get("id"), "footnote_txt": text})
        elif tag in ("ownerSignature", "signature"):
            signature = self._row("owner_signature", {}, SIGNATURE.key)
            self._fill(element, SIGNATURE, signature, f"owner_signature {signature[SIGNATURE.key]}")
        elif tag in OLD_KINDS:
            self._security(tag, element)
        else:
            self._field(tag, element, SUBMISSION, first, "submission")

    def _row(self, table: str, row: dict[str, Any], key: str = "") -> dict[str, Any]:
        rows = self.found.setdefault(table, [])
        rows.append(row)
        if key:
            row[key] = len(rows)
        return row

    def _owner(self, element: etree._Element) -> None:
        row = self._row("reportingowner", {}, OWNER.key)
        where = f"reportingowner {row[OWNER.key]}"
        flags: dict[str, Any] = {}
        self._fill(element, OWNER, flags, where)
        roles = []
        for tag, role in RELATIONSHIPS.items():
            said = boolean(flags.pop(tag, None))
            if said is True:
                roles.append(role)
            elif said:
                self.problems.append(problem(f"{self.document}: {where} {tag}", said, "it must be true or false"))
        row.update(flags)
        row["rptowner_relationship"] = ",".join(roles)
        row["file_number"] = _file_number(self.submission.header, row.get("rptownercik"))

    def _security(self, tag: str, element: etree._Element) -> None:
        """A row of table I or II."""
        kind: Kind | None = KINDS.get(tag)
        if kind is None and tag in OLD_KINDS:
            transaction, holding = OLD_KINDS[tag]
            traded = any(element.find(tag) is not None for tag in ("transactionDate", "transactionAmounts"))
            kind = transaction if traded else holding
        if kind is None:
            self._unknown(element, _parent(element))
            return
        row = self._row(kind.table, {}, kind.key)
        where = f"{kind.table} {row[kind.key]}"
        self._fill(element, kind, row, where)

    def _fill(self, element: etree._Element, kind: Kind, row: dict[str, Any], where: str) -> None:
        """Put what an element holds into the columns of its kind."""
        if not len(element):
            self._unknown(element, where)
        for child in element:
            self._field(str(child.tag), child, kind, row, where)

    def _field(self, tag: str, element: etree._Element, kind: Kind, row: dict[str, Any], where: str) -> None:
        step = kind.steps.get(tag)
        if step is None:
            self._other(tag, element, kind, row, where)
            return
        column, notes, convert = step
        value = element.text
        if len(element):
            for part in element:
                if part.tag == "value":
                    value = part.text
                elif notes and part.tag == "footnoteId":
                    self._refer(notes, part, row, where)
                else:
                    self._unknown(part, f"{where} {tag}")
        if value and (text := value.strip()):
            said = convert(text) if convert else text
            if row.setdefault(column, said) != said:
                rule = f"it is there twice, first as {row[column]}, which is kept"
                self.problems.append(problem(f"{self.document}: {where}: {tag}", text, rule))

    def _other(self, tag: str, element: etree._Element, kind: Kind, row: dict[str, Any], where: str) -> None:
        """An element that is no column of its own: a group, a footnote to the coding as a whole, or not known."""
        if tag in GROUPS:
            self._fill(element, kind, row, where)
        elif tag == "footnoteId" and kind.coding and _parent(element) == "transactionCoding":
            self._refer(kind.coding, element, row, where)
        else:
            self._unknown(element, where)

    def _refer(self, column: str, note: etree._Element, row: dict[str, Any], where: str) -> None:
        id = note.get("id", "")
        if id not in self.referred:
            self.referred[id] = f"{where} {column}"
        row[column] = f"{row[column]},{id}" if column in row else id

    def _unknown(self, element: etree._Element, where: str) -> None:
        if element.tag in IGNORED:
            return
        notes = (str(value) for part in element.iter() for value in part.attrib.values())
        said = " ".join([*"".join(element.itertext()).split(), *notes])  # type: ignore[arg-type]
        if said:
            rule = "this product does not know that element and has no column for it"
            self.problems.append(problem(f"{self.document}: {where}: {element.tag}", said, rule))


def _parent(element: etree._Element) -> str:
    parent = element.getparent()
    return "" if parent is None else str(parent.tag)


def _file_number(header: Mapping[str, Any], owner: str | None) -> str | None:
    """The file number under which the header has an owner's filing."""
    for entity in _owners(header):
        known = sections(entity, "owner_data") or sections(entity, "company_data")
        if known and cik(str(known[0].get("cik", ""))) == owner:
            values = sections(entity, "filing_values")
            return str(values[0].get("file_number", "")) or None if values else None
    return None


def _owners(header: Mapping[str, Any]) -> Iterator[Any]:
    owners = header.get("reporting_owner")
    return iter(owners if isinstance(owners, list) else ())
