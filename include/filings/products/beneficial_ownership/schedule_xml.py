"""A schedule as XML, filed since December 2024.

Format: EDGAR Schedule 13D and 13G XML Technical Specification (versions 1 and 2). The two schedules name the same
things differently (`issuerCIK`, `issuerCik`), and version 2 puts CUSIPs into a list, so names are looked up without
their case among the leaves of a part, wherever they are nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from filings.edgar.xml_tree import boolean, day, text
from filings.products import Rows, Unusable, problem
from filings.products.beneficial_ownership.form_names import is_schedule

Leaves = dict[str, list[str]]

_POWERS = {
    "sole_voting_power": ("solevotingpower",),
    "shared_voting_power": ("sharedvotingpower",),
    "sole_dispositive_power": ("soledispositivepower",),
    "shared_dispositive_power": ("shareddispositivepower",),
    "aggregate_amount": (
        "aggregateamountowned",
        "reportingpersonbeneficiallyownedaggregatenumberofshares",
        "aggregateamountbeneficiallyowned",
    ),
    "percent_of_class": ("percentofclass", "classpercent"),
}
_NUMBER = re.compile(r"\d{1,18}(?:\.\d{0,6})?|\.\d{1,6}")
_RULES = {
    **dict.fromkeys(
        _POWERS, (_NUMBER, "it must be a number that is not negative, with at most 6 digits behind the point")
    ),
    "percent_of_class": (re.compile(r"\d{1,5}(?:\.\d{0,6})?|\.\d{1,6}"), "it must be a percentage"),
    "member_of_group": (re.compile("[ab]"), "it must be a or b"),
    "date_of_event": (re.compile(r"[12]\d{3}-[01]\d-[0-3]\d"), "it must be a date"),
    "amendment_no": (re.compile(r"\d{1,9}"), "it must be a number"),
    "issuer_cik": (re.compile(r"\d{10}"), "it must be ten digits"),
    "cik": (re.compile(r"\d{10}"), "it must be ten digits"),
}
_ISSUERS = {"issuername", "issuercik"}
_PERSONS = ("reportingPersonInfo", "coverPageHeaderReportingPersonDetails")
_SIGNATURES = ("signaturePerson", "signatureInformation", "signatureBlock")
_ADDRESS = {"street1", "street2", "city", "stateorcountry", "zipcode"}
# What is read of a person and of the cover page; another leaf there is told, so that nothing is lost without a word.
_OF_PERSON = _ADDRESS | {
    "reportingpersoncik",
    "reportingcik",
    "reportingpersonnocik",
    "reportingciknotpresentinedgarflag",
    "reportingpersonname",
    "nameofreportingperson",
    "memberofgroup",
    "membergroup",
    "fundtype",
    "legalproceedings",
    "citizenshipororganization",
    "citizenshiporplaceoforganization",
    "isaggregateexcludeshares",
    "aggregateamountexcludescertainsharesflag",
    "checkifexcludescertainshares",
    "typeofreportingperson",
    "commentcontent",
    "comments",
    *(name for names in _POWERS.values() for name in names),
}
_OF_COVER = (
    _ADDRESS
    | _ISSUERS
    | {
        "amendmentno",
        "issuercusip",
        "issuercusipnumber",
        "cusipnumber",
        "securitiesclasstitle",
        "securitytitle",
        "dateofevent",
        "eventdaterequiresfilingthisstatement",
        "designaterulepursuantthisschedulefiled",
        "previouslyfiledflag",
        "personname",
        "personphonenum",
        "fileddate",  # as EDGAR's header has it
        "isamendment",  # as the form type has it
    }
)
_CUSIPS = ("issuercusip", "issuercusipnumber", "cusipnumber")


def rows(root: etree._Element, form: str) -> Rows:
    """The rows of a schedule.

    Raises:
        Unusable: when it is no schedule, or has neither an issuer nor a reporting person.
    """
    persons = [person for tag in _PERSONS for person in root.iter(tag)]
    cover = next((found for tag in ("coverPageHeader", "coverPage") for found in root.iter(tag)), None)
    head, front = _leaves(root.find("headerData")), _leaves(cover)
    _refuse_others(root, form, bool(persons or _ISSUERS & front.keys()))
    cusips = [cusip for name in _CUSIPS for cusip in front.get(name, ())]
    yield from _sure("submission", _submission(root, form, head, front, cusips, cover))
    yield from _unread("cover page", front, _OF_COVER)
    for number, cusip in enumerate(cusips, 1):
        yield "cusips", {"cusip_sk": number, "cusip": cusip}
    for number, person in enumerate(persons, 1):
        yield from _person(number, person)
    if not persons:
        yield problem("reportingPersons", "nothing", "a schedule has at least one reporting person")
    for number, each in enumerate(root.iter("notificationInfo"), 1):
        yield "authorized_persons", _authorized(number, each)
    yield from _items(root)
    yield from _signatures(root)


def _refuse_others(root: etree._Element, form: str, is_filled: bool) -> None:
    """Raise `Unusable` of what is no schedule: many forms in XML have this root and a cover page."""
    said = text(root, "headerData/submissionType") or text(root, "submissionType") or form.strip()
    if said and not is_schedule(said):
        raise Unusable(f"the XML is of form {said}, not a Schedule 13D or 13G")
    if root.tag != "edgarSubmission" or not is_filled:
        raise Unusable(f"the XML, {root.tag}, has no issuer or reporting person and is not a Schedule 13D or 13G")


def _leaves(element: etree._Element | None) -> Leaves:
    """The texts below an element by their names in lower case."""
    found: Leaves = {}
    for leaf in element.iter(etree.Element) if element is not None else ():
        if len(leaf) == 0 and leaf.text and (said := leaf.text.strip()):
            found.setdefault(leaf.tag.lower(), []).append(said)
    return found


def _first(leaves: Leaves, *names: str) -> str | None:
    return next((leaves[name][0] for name in names if name in leaves), None)


def _submission(
    root: etree._Element, form: str, head: Leaves, front: Leaves, cusips: list[str], cover: etree._Element | None
) -> dict[str, Any]:
    end = _leaves(root.find("formData/signatureInfo"))
    whole = root.find("formData")
    return {
        "form": _first(head, "submissiontype") or form,
        "source": "xml",
        "schema_version": root.findtext("schemaVersion"),
        "amendment_no": _first(front, "amendmentno"),
        "previous_accession": _first(head, "previousaccessionnumber"),
        "issuer_cik": _cik(_first(front, "issuercik")),
        "issuer_name": _first(front, "issuername"),
        "issuer_cusip": cusips[0] if cusips else None,
        "securities_class_title": _first(front, "securitiesclasstitle", "securitytitle"),
        "date_of_event": day(_first(front, "dateofevent", "eventdaterequiresfilingthisstatement")),
        "rules": "; ".join(front.get("designaterulepursuantthisschedulefiled", ())) or None,
        "previously_filed": boolean(_first(front, "previouslyfiledflag")),
        **_address("issuer_", _address_of(cover)),
        "exhibits": None if whole is None else whole.findtext("exhibitInfo"),
        "comments": _first(end, "commenttext") or (None if whole is None else whole.findtext("signatureComments")),
    }


def _address_of(cover: etree._Element | None) -> Leaves:
    for tag in ("address", "issuerPrincipalExecutiveOfficeAddress"):
        found = None if cover is None else next(cover.iter(tag), None)
        if found is not None:
            return _leaves(found)
    return {}


def _address(prefix: str, leaves: Leaves) -> dict[str, Any]:
    return {
        f"{prefix}street1": _first(leaves, "street1"),
        f"{prefix}street2": _first(leaves, "street2"),
        f"{prefix}city": _first(leaves, "city"),
        f"{prefix}state": _first(leaves, "stateorcountry"),
        f"{prefix}zip": _first(leaves, "zipcode"),
    }


def _cik(value: str | None) -> str | None:
    return value.zfill(10) if value and value.isdecimal() else value


def _person(number: int, element: etree._Element) -> Rows:
    leaves = _leaves(element)
    group = _first(leaves, "memberofgroup", "membergroup")
    row: dict[str, Any] = {
        "person_sk": number,
        "cik": _cik(_first(leaves, "reportingpersoncik", "reportingcik")),
        "has_no_cik": boolean(_first(leaves, "reportingpersonnocik", "reportingciknotpresentinedgarflag")),
        "name": _first(leaves, "reportingpersonname", "nameofreportingperson"),
        "member_of_group": group.lower() if group else None,
        "source_of_funds": _listed(leaves.get("fundtype")),
        "legal_proceedings": boolean(_first(leaves, "legalproceedings")),
        "citizenship": _first(leaves, "citizenshipororganization", "citizenshiporplaceoforganization"),
        "excludes_certain_shares": boolean(
            _first(
                leaves,
                "isaggregateexcludeshares",
                "aggregateamountexcludescertainsharesflag",
                "checkifexcludescertainshares",
            )
        ),
        "types": _listed(leaves.get("typeofreportingperson")),
        "comments": _first(leaves, "commentcontent", "comments"),
        **_address("", leaves),
    }
    for column, names in _POWERS.items():
        value = _first(leaves, *names)
        if value is not None:
            row[column] = value.removesuffix("%").replace(",", "").strip()
    yield from _sure("reporting_persons", row)
    yield from _unread(f"reporting person {number}", leaves, _OF_PERSON)


def _unread(where: str, leaves: Leaves, known: set[str]) -> Rows:
    for name in sorted(leaves.keys() - known):
        yield problem(f"{where}: {name}", "; ".join(leaves[name])[:200], "no column takes it")


def _sure(table: str, row: dict[str, Any]) -> Rows:
    """A row without the values that cannot be, which are told: the rest of it is kept."""
    for column, (pattern, rule) in _RULES.items():
        value = row.get(column)
        if value is not None and pattern.fullmatch(str(value)) is None:
            yield problem(f"{table}.{column}", value, rule)
            row[column] = None
    yield table, row


def _listed(values: list[str] | None) -> str | None:
    """Codes, each once, whether the filer gives one an element or several in one."""
    codes = dict.fromkeys(code for value in values or () for code in value.replace(",", " ").split())
    return ", ".join(codes) or None


def _authorized(number: int, element: etree._Element) -> dict[str, Any]:
    leaves = _leaves(element)
    return {
        "authorized_sk": number,
        "name": _first(leaves, "personname"),
        "phone": _first(leaves, "personphonenum"),
        **_address("", leaves),
    }


def _items(root: etree._Element) -> Iterator[tuple[str, dict[str, Any]]]:
    """The fields of the items; one that is repeated, such as a list of codes, is one row."""
    said: dict[tuple[str, str], list[str]] = {}
    for whole in (*root.iter("items1To7"), *root.iter("items")):
        for item in whole.iterchildren(etree.Element):
            number = item.tag.lower().removeprefix("item")
            for part in item.iterchildren(etree.Element) if number.isdecimal() else ():
                for leaf in part.iter(etree.Element):
                    if len(leaf) == 0 and (said_there := (leaf.text or "").strip()):
                        name = leaf.tag if part.tag == "numberOfSharesPersonHas" else part.tag
                        said.setdefault((number, name), []).append(said_there)
    certified = text(root, "formData/certifications")  # in version 1 beside the items
    if certified and ("10", "certifications") not in said:
        said["10", "certifications"] = [certified]
    for (number, name), texts in said.items():
        yield "items", {"item": number, "part": name, "text": ", ".join(texts)}


def _signatures(root: etree._Element) -> Iterator[tuple[str, dict[str, Any]]]:
    number = 0
    for person in (found for tag in _SIGNATURES for found in root.iter(tag)):
        name = person.findtext("signatureReportingPerson") or person.findtext("reportingPersonName")
        for details in person.findall("signatureDetails") or [person]:
            leaves = _leaves(details)
            number += 1
            yield (
                "signatures",
                {
                    "signature_sk": number,
                    "reporting_person": (name or "").strip() or None,
                    "signature": _first(leaves, "signature", "signaturename"),
                    "title": _first(leaves, "title", "signaturetitle"),
                    "date": day(_first(leaves, "date", "signaturedate")),
                },
            )
