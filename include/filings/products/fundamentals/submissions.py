"""The row of a submission: who has filed what and when, by the header, and for which period, by the XBRL."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from filings.edgar import header as header_module
from filings.edgar.header_entity import day, first, one
from filings.edgar.places import place
from filings.edgar.sgml import Submission
from filings.edgar.xbrl_cover import Cover, flag
from filings.products import Rows, problem
from filings.products.fundamentals.periods import NoDate, last_day, rounded

_STATUS = {
    "large accelerated filer": "1-LAF",
    "accelerated filer": "2-ACC",
    "smaller reporting accelerated filer": "3-SRA",
    "non-accelerated filer": "4-NON",
    "smaller reporting company": "5-SML",
    "smaller reporting filer": "5-SML",
}
_PERIODS = {"FY", "Q1", "Q2", "Q3", "Q4", "H1", "H2", "M9", "T1", "T2", "T3", "M8", "CY"}
_MONTH_DAY = re.compile(r"-{0,2}(\d\d)-?(\d\d)")
_YEAR = re.compile(r"(19\d\d|2[01]\d\d)(?:-.*)?")
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)")


def sub_rows(submission: Submission, cover: Cover, instance: str, detail: bool | None) -> Rows:
    """The row of sub, and what the cover page says and it cannot take.

    Args:
        submission: the filing.
        cover: of the main registrant.
        instance: the name of the instance document.
        detail: whether the notes are tagged number by number; None when the filing does not show it.
    """
    header, facts = submission.header, cover.facts
    said = {
        "afs": (_status(facts), "EntityFilerCategory"),
        "wksi": (_flag(facts.get("EntityWellKnownSeasonedIssuer")), "EntityWellKnownSeasonedIssuer"),
        "fye": (_month_day(facts.get("CurrentFiscalYearEndDate")), "CurrentFiscalYearEndDate"),
        "period": (_period(facts.get("DocumentPeriodEndDate")), "DocumentPeriodEndDate"),
        "fy": (_year(facts.get("DocumentFiscalYearFocus")), "DocumentFiscalYearFocus"),
        "fp": (_fiscal_period(facts.get("DocumentFiscalPeriodFocus")), "DocumentFiscalPeriodFocus"),
    }
    for column, (value, name) in said.items():
        if value is None and name in facts:
            yield problem(f"the cover page: dei:{name}", facts[name], f"sub.{column} cannot be told from it")
    row = {column: value for column, (value, _) in said.items()} | {
        **_registrants(header, cover),
        "form": submission.form or facts.get("DocumentType"),
        "filed": day(one(header, "filing_date")),
        "accepted": _moment(one(header, "acceptance_datetime")),
        "detail": detail,
        "instance": instance,
    }
    row["period"] = row["period"] or _period(day(one(header, "period")))
    row["fye"] = row["fye"] or row["header_fye"]
    del row["header_fye"]
    yield "sub", row


def _registrants(header: Mapping[str, Any], cover: Cover) -> dict[str, Any]:
    """Who files: the one whom the cover page names, or the first of the header."""
    filers = _filers(header)
    said = cover.facts.get("EntityCentralIndexKey", "") or cover.cik
    cik = int(said) if said.isascii() and said.isdigit() else 0
    cik, entity = next((each for each in filers if each[0] == cik), filers[0] if filers else (cik, {}))
    ciks = list(dict.fromkeys(number for number, _ in filers if number)) or ([cik] if cik else [])
    data, former = first(entity, "company_data"), first(entity, "former_company")
    business, mail = first(entity, "business_address"), first(entity, "mail_address")
    incorporated = place(one(data, "state_of_incorporation"))
    return {
        "cik": cik or None,
        "name": one(data, "conformed_name") or cover.facts.get("EntityRegistrantName"),
        "sic": one(data, "assigned_sic"),
        **_address(business, "ba"),
        "baph": one(business, "phone"),
        **_address(mail, "ma"),
        "countryinc": incorporated.country,
        "stprinc": incorporated.region,
        "ein": one(data, "irs_number", "ein"),
        "former": one(former, "former_conformed_name"),
        "changed": one(former, "date_changed"),
        "header_fye": _month_day(one(data, "fiscal_year_end")),
        "nciks": len(ciks) or None,
        "aciks": " ".join(str(number) for number in ciks if number != cik) or None,
    }


def _filers(header: Mapping[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    """The registrants of a header as (CIK, entity): the filers, or where there is none whoever the filing is about."""
    entities = header_module.entities(dict(header))
    filers = [(cik, entity) for role, cik, entity in entities if role == "filer"]
    return filers or [(cik, entity) for role, cik, entity in entities if role not in ("reporting_owner", "filed_by")]


def _address(address: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The columns of an address; `kind` ends their names: ba for business, ma for mail."""
    where = place(one(address, "state"))
    return {
        f"country{kind}": where.country,
        f"stpr{kind}": where.region,
        f"city{kind}": one(address, "city"),
        f"zip{kind}": one(address, "zip"),
        f"{kind}s1": one(address, "street1"),
        f"{kind}s2": one(address, "street2"),
    }


def _status(facts: Mapping[str, str]) -> str | None:
    """The filer status; an accelerated filer that ticks smaller reporting company is both."""
    status = _STATUS.get(facts.get("EntityFilerCategory", "").lower())
    return "3-SRA" if status == "2-ACC" and flag(facts.get("EntitySmallBusiness")) is True else status


def _flag(value: str | None) -> bool | None:
    said = flag(value)
    return said if isinstance(said, bool) else None


def _month_day(value: str | None) -> str | None:
    match = _MONTH_DAY.fullmatch((value or "").strip())
    return f"{match[1]}{match[2]}" if match else None


def _year(value: str | None) -> str | None:
    match = _YEAR.fullmatch(value or "")
    return match[1] if match else None


def _fiscal_period(value: str | None) -> str | None:
    word = (value or "").upper()
    return word if word in _PERIODS else None


def _period(value: str | None) -> str | None:
    """A date rounded to the nearest end of a month."""
    try:
        return rounded(last_day(value)).isoformat() if value else None
    except NoDate:
        return None


def _moment(value: str | None) -> str | None:
    match = _MOMENT.fullmatch(value or "")
    return f"{match[1]}-{match[2]}-{match[3]} {match[4]}:{match[5]}:{match[6]}" if match else None
