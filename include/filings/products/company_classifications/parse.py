"""What kind of company files, by the header of the submission and by the tagged cover page of a report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from filings.edgar import header as header_module
from filings.edgar import xbrl, xbrl_cover
from filings.edgar.header_entity import day, first, one
from filings.edgar.header_values import sections
from filings.edgar.industry import industry
from filings.edgar.places import place
from filings.edgar.sgml import Submission
from filings.edgar.xbrl_cover import Cover, flag
from filings.edgar.xbrl_documents import instances
from filings.products import Rows, problem
from filings.products.company_classifications.securities import securities

_FLAGS = {
    "well_known_seasoned_issuer": "EntityWellKnownSeasonedIssuer",
    "voluntary_filer": "EntityVoluntaryFilers",
    "current_reporting": "EntityCurrentReportingStatus",
    "interactive_data_current": "EntityInteractiveDataCurrent",
    "smaller_reporting": "EntitySmallBusiness",
    "emerging_growth": "EntityEmergingGrowthCompany",
    "extended_transition": "EntityExTransitionPeriod",
    "shell_company": "EntityShellCompany",
    "bankruptcy_reporting": "EntityBankruptcyProceedingsReportingCurrent",
}
_OWNERS = {"reporting_owner", "filed_by"}
_ASSET_BACKED = {"depositor", "sponsor", "securitizer", "issuing_entity"}
_INVESTMENT = ("811-", "814-")
_GOVERNMENTS = {"8888", "9721"}


def parse(submission: Submission) -> Rows:
    """The rows of a filing: of its companies by the header, with what the cover page says of each."""
    documents = instances(submission)
    covers: list[Cover] = []
    if documents:
        try:
            content = xbrl.xbrl_json(Submission(submission.accession, submission.form, submission.header, documents))
        except xbrl.XbrlEmpty as error:
            yield problem("the cover page", submission.form, str(error))
            content = None
        if content is not None:
            covers = [c for c in xbrl_cover.covers(content["facts"], content["contexts"]) if c.facts or c.securities]
    header = submission.header
    filed = day(one(header, "filing_date"))
    by_cik: dict[int, dict[str, str]] = {}
    for cover in covers:
        if cik := _cik(cover):  # a registrant may say things with and without naming itself as the legal entity
            by_cik[cik] = {**cover.facts, **by_cik.get(cik, {})}
    entities = header_module.entities(header)
    for number, (role, cik, entity) in enumerate(entities, 1):
        if role in _OWNERS:
            continue
        facts = by_cik.pop(cik, {})
        yield from _unknown_flags(facts)
        row = {**_of_header(role, entity, header), **_of_cover(facts)}
        yield (
            "companies",
            {"entity_sk": number, "cik": cik or None, "form": submission.form, "filing_date": filed, **row},
        )
    for number, (cik, facts) in enumerate(by_cik.items(), len(entities) + 1):
        yield from _unknown_flags(facts)
        row = {
            "conformed_name": facts.get("EntityRegistrantName"),
            "entity_type": "other",
            **_of_cover(facts),
        }
        form = submission.form or facts.get("DocumentType")
        yield "companies", {"entity_sk": number, "cik": cik, "form": form, "filing_date": filed, **row}
    count = 0
    for cover in covers:
        for security in securities(cover):
            count += 1
            yield "securities", {"security_sk": count, "cik": _cik(cover) or None, **security}


def _unknown_flags(facts: Mapping[str, str]) -> Rows:
    for name in _FLAGS.values():
        if isinstance(flag(facts.get(name)), str):
            yield problem(f"the cover page: dei:{name}", facts[name], "it must be yes or no")


def _cik(cover: Cover) -> int:
    """Whose cover it is. All contexts name the main registrant; a further one says its CIK, or it is not known."""
    said = cover.facts.get("EntityCentralIndexKey") or ("" if cover.entity else cover.cik)
    return int(said) if said.isascii() and said.isdigit() else 0


def _of_header(role: str, entity: Mapping[str, Any], header: Mapping[str, Any]) -> dict[str, Any]:
    data = first(entity, "company_data", "owner_data")
    sic = one(data, "assigned_sic")
    known = industry(sic)
    incorporated, based = (
        place(one(data, "state_of_incorporation")),
        place(one(first(entity, "business_address"), "state")),
    )
    return {
        "conformed_name": one(data, "conformed_name"),
        "role": role,
        "entity_type": _type(role, entity, sic, header),
        "sic": sic,
        "industry_title": known.title or one(data, "sic_description"),
        "office": _office(one(data, "organization_name")) or known.office,
        "division": known.division,
        "incorporation_country": incorporated.country,
        "incorporation_region": incorporated.region,
        "business_country": based.country,
        "business_region": based.region,
    }


def _type(role: str, entity: Mapping[str, Any], sic: str | None, header: Mapping[str, Any]) -> str:
    numbers = [one(values, "file_number") or "" for values in sections(entity, "filing_values")]
    in_series = role == "filer" and "series_and_classes_contracts_data" in header
    if in_series or any(number.startswith(_INVESTMENT) for number in numbers):
        return "investment_company"
    if sic == "6189" or role in _ASSET_BACKED:
        return "asset_backed_issuer"
    if sic in _GOVERNMENTS:
        return "foreign_government"
    return "operating_company" if sic else "other"


def _office(organization: str | None) -> str | None:
    """`Technology` of `06 Technology`."""
    return organization.lstrip("0123456789 ") or None if organization else None


def _of_cover(facts: Mapping[str, str]) -> dict[str, Any]:
    flags = {column: ticked for column, name in _FLAGS.items() if isinstance(ticked := flag(facts.get(name)), bool)}
    return {
        "filer_category": facts.get("EntityFilerCategory"),
        "public_float": facts.get("EntityPublicFloat"),
        **flags,
    }
