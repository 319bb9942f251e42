"""The lookup tables: what every submission is, who filed it, and which documents it has."""

from __future__ import annotations

from collections.abc import Mapping

from filings.tables import Column, Table


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
