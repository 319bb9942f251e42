"""The tables, each said once: columns, types and keys. CSV header, MySQL DDL and checks all follow from here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["accession", "text", "code", "integer", "date", "timestamp", "boolean"]

_SHAPES: dict[str, re.Pattern[str]] = {
    "accession": re.compile(r"\d{10}-\d{2}-\d{6}"),
    "date": re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"),
    "timestamp": re.compile(r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]) (?:[01]\d|2[0-3])(?::[0-5]\d){2}"),
    "boolean": re.compile(r"true|false"),
}
_LARGEST = 2**63 - 1


class BadRow(ValueError):
    """A row that its table does not take; the message names accession, column, value and rule."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `width` is the most characters of a text or code; a code is ASCII and compared to the letter."""

    name: str
    type: Type
    width: int = 0
    nullable: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its first column is always the accession, by which rows are replaced."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    note: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    def row(self, values: Mapping[str, Any]) -> list[str]:
        """The fields of a row as text, empty for null, checked against their columns.

        Raises:
            BadRow: when a value is missing, too long or not of its column's type.
        """
        return [_field(self.name, column, values) for column in self.columns]


def _field(table: str, column: Column, values: Mapping[str, Any]) -> str:
    value = values.get(column.name)
    if isinstance(value, bool):
        text = "true" if value else "false"
    else:
        text = "" if value is None else str(value)
    if column.type == "timestamp":
        text = text.replace("T", " ")
    elif column.type in ("text", "code") and not text.isprintable():
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    rule = _broken_rule(column, value, text)
    if rule:
        accession = values.get("accession", "a row without accession")
        raise BadRow(f"{accession}: {table}.{column.name} is {text[:100]!r}, but {rule}")
    return text


def _broken_rule(column: Column, value: Any, text: str) -> str:
    if not text:
        return "" if column.nullable else "it must not be empty"
    if column.type == "integer":
        return "" if type(value) is int and 0 <= value <= _LARGEST else "it must be an integer from 0 to 2^63-1"
    if column.type in ("text", "code"):
        if column.type == "code" and not text.isascii():
            return "it must be ASCII"
        return "" if len(text) <= column.width else f"it must not be longer than {column.width} characters"
    return "" if _SHAPES[column.type].fullmatch(text) else f"it must be a {column.type}"


def _accession() -> Column:
    return Column("accession", "accession", nullable=False, note="accession number, dashed")


ACCESSION_CIK = Table(
    "sec_accession_cik_table",
    (
        _accession(),
        Column("cik", "integer", nullable=False, note="0 where the header names an entity without one"),
        Column("role", "text", 200, nullable=False, note="filer, issuer, subject_company …; several joined by ;"),
        Column("name", "text", 255, note="conformed name at the time of filing"),
        Column("form", "text", 40, note="form type of the submission"),
        Column("filing_date", "date"),
        Column("act", "text", 20),
        Column("file_number", "text", 40),
        Column("film_number", "text", 40),
        Column("sic", "text", 10, note="standard industrial classification assigned to the entity"),
        Column("irs_number", "text", 20),
        Column("state_of_incorporation", "text", 20),
        Column("fiscal_year_end", "text", 10, note="MMDD"),
    ),
    key=("accession", "cik"),
    indexes=(("cik", "filing_date"),),
    note="One row for each entity of a submission. One that the header names twice (in two roles, as when a company "
    "tenders for its own shares, or twice in one, as in amended tender offers) has one row, from its first mention.",
)
SUBMISSION_DETAILS = Table(
    "sec_submission_details_table",
    (
        _accession(),
        Column("form", "text", 40),
        Column("filing_date", "date"),
        Column("period", "date"),
        Column("acceptance_datetime", "timestamp", note="Eastern time; empty where EDGAR's file does not say"),
        Column("public_document_count", "integer", note="as declared in the header; often not the actual count"),
        Column("document_count", "integer", nullable=False, note="as found in the file"),
        Column("filer_count", "integer", nullable=False, note="rows of sec_accession_cik_table"),
        Column("items", "text", 1000, note="8-K items and the like, with commas"),
        Column("bytes", "integer", nullable=False, note="of all documents, decoded"),
        Column("source", "code", 10, note="txt or nc: the form of EDGAR's file; nc has no acceptance time"),
        Column("truncated", "boolean", nullable=False, note="the file breaks off"),
        Column("private_to_public", "boolean", nullable=False, note="filed in confidence, disseminated later"),
    ),
    key=("accession",),
    indexes=(("filing_date", "form"),),
    note="One row for each submission.",
)
DOCUMENTS = Table(
    "sec_documents_table",
    (
        _accession(),
        Column("position", "integer", nullable=False, note="1, 2 … in the order of the file"),
        Column("type", "text", 80),
        Column("sequence", "text", 20, note="as written; co-registrant filings repeat numbers"),
        Column("filename", "text", 500, note="as filed"),
        Column("name", "text", 100, note="in the tar"),
        Column("description", "text", 2000),
        Column("encoding", "code", 20),
        Column("bytes", "integer", nullable=False, note="decoded"),
        Column("sha256", "code", 64, nullable=False, note="of the decoded content"),
        Column("start_byte", "integer", nullable=False, note="of the content in tar-archive/{accession}.tar"),
        Column("end_byte", "integer", nullable=False, note="exclusive: Range: bytes={start_byte}-{end_byte - 1}"),
    ),
    key=("accession", "position"),
    indexes=(("type",),),
    note="One row for each document of a submission; a range request takes one out of the tar.",
)
LOOKUP_TABLES: Mapping[str, Table] = {t.name: t for t in (ACCESSION_CIK, SUBMISSION_DETAILS, DOCUMENTS)}


def key_of(table: Table, row: Sequence[str]) -> str:
    """The key of a row in words, for messages."""
    return ", ".join(f"{name} {row[table.names.index(name)]}" for name in table.key)
