"""Names, classification and addresses of everyone whom the header of a submission names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from filings.edgar import header as header_module
from filings.edgar.header_entity import day, first, one
from filings.edgar.header_values import sections
from filings.edgar.industry import industry
from filings.edgar.places import place
from filings.edgar.sgml import Submission
from filings.products import NothingHere, Row, Rows, Unusable, problem

_MONTH_DAY = re.compile(r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_ADDRESSES = (("business", "business_address"), ("mail", "mail_address"))


def parse(submission: Submission) -> Rows:
    """The rows of a filing. Raises `NothingHere` for a document that lies alone, without a header."""
    header = submission.header
    entities = header_module.entities(header)
    if not entities:
        if "accession_number" in header:
            raise Unusable("its header names no company and no person")
        raise NothingHere("it has no header")
    filed = one(header, "filing_date")
    if filed and not day(filed):
        yield problem("header: filing_date", filed, "it must be a date YYYYMMDD")
    for number, (role, cik, entity) in enumerate(entities, 1):
        yield from _company(number, role, cik or None, entity, day(filed))
        yield from _former_names(number, cik or None, entity)
        yield from _addresses(number, cik or None, entity)


def _company(number: int, role: str, cik: int | None, entity: dict[str, Any], filed: str | None) -> Iterator[Row]:
    data, values = first(entity, "company_data", "owner_data"), first(entity, "filing_values")
    sic = one(data, "assigned_sic")
    state, year_end = one(data, "state_of_incorporation"), one(data, "fiscal_year_end")
    if year_end and not _MONTH_DAY.fullmatch(year_end):
        yield problem(f"header: {role} {number}: fiscal_year_end", year_end, "it must be a month and a day (mmdd)")
        year_end = None
    where = place(state)
    yield (
        "companies",
        {
            "entity_sk": number,
            "role": role,
            "cik": cik,
            "conformed_name": one(data, "conformed_name"),
            "sic": sic,
            "sic_description": one(data, "sic_description") or industry(sic).in_headers,
            "organization_name": one(data, "organization_name"),
            "irs_number": one(data, "irs_number", "ein"),
            "state_of_incorporation": state,
            "incorporation_country": where.country,
            "incorporation_region": where.region,
            "fiscal_year_end": year_end,
            "relationship": one(data, "relationship"),
            "form_type": one(values, "form_type"),
            "act": one(values, "act"),
            "file_number": one(values, "file_number"),
            "film_number": one(values, "film_number"),
            "filing_date": filed,
        },
    )


def _former_names(number: int, cik: int | None, entity: dict[str, Any]) -> Iterator[Row]:
    named = [*sections(entity, "former_company"), *sections(entity, "former_name")]
    names = [(name, one(each, "date_changed")) for each in named if (name := one(each, "former_conformed_name"))]
    for order, (name, changed) in enumerate(names, 1):
        if changed and not day(changed):
            yield problem(f"header: former name {name}: date_changed", changed, "it must be a date YYYYMMDD")
        row = {"entity_sk": number, "name_sk": order, "cik": cik, "former_name": name, "date_changed": day(changed)}
        yield "former_names", row


def _addresses(number: int, cik: int | None, entity: dict[str, Any]) -> Iterator[Row]:
    for kind, section in _ADDRESSES:
        address = first(entity, section)
        said = {name: one(address, name) for name in ("street1", "street2", "city", "state", "zip", "phone")}
        if any(said.values()):
            where = place(said["state"])
            known = {"country": where.country, "region": where.region}
            yield "addresses", {"entity_sk": number, "kind": kind, "cik": cik, **said, **known}
