"""The lines of a labelled header in the order in which EDGAR has always written them, an entity at a match.

Nearly all headers hold little else, and a pattern that knows what may come next takes an entity with all its sections
in a third of the time that its lines take one by one. Nothing is guessed here: from the first line on that is another,
or elsewhere, the reader of lines (`filings.edgar.header`) goes on, and whatever was read is as it would have read it.
"""

from __future__ import annotations

import re
from typing import Any

from filings.edgar.header_names import ROLES

Fields = dict[str, Any]
# Sections inside which the next line falls, outermost first.
Open = list[tuple[str, Fields]]
_Value = str | None

_TOP = ("ACCESSION NUMBER", "CONFORMED SUBMISSION TYPE", "PUBLIC DOCUMENT COUNT", "CONFORMED PERIOD OF REPORT")
_DATES = ("FILED AS OF DATE", "SROS", "DATE AS OF CHANGE", "EFFECTIVENESS DATE")
_DATA = (
    *("COMPANY CONFORMED NAME", "CENTRAL INDEX KEY", "STANDARD INDUSTRIAL CLASSIFICATION", "ORGANIZATION NAME"),
    *("IRS NUMBER", "EIN", "STATE OF INCORPORATION", "FISCAL YEAR END"),
)
_VALUES = ("FORM TYPE", "SEC ACT", "SEC FILE NUMBER", "FILM NUMBER")
_ADDRESS = ("STREET 1", "STREET 2", "CITY", "STATE", "ZIP", "BUSINESS PHONE")
_ANY = r"[^\n]*"
_MOST = 100  # repeated lines and sections in one match, which keeps a note of each: more are read line by line


def _lines(indentation: str, labels: tuple[str, ...]) -> str:
    """Any of these lines in this order. What is there is taken: what comes after it can always be nothing."""
    return "".join(rf"(?:{indentation}{label}:[\t ]({_ANY})\n|)" for label in labels)


def _repeated(label: str) -> str:
    return rf"(?:((?:{label}:[\t ]{_ANY}\n){{1,{_MOST}}})|)"


def _section(label: str, labels: tuple[str, ...]) -> str:
    return rf"\n*\t{label}:\t*\n" + _lines(r"\t\t", labels)


_BEGINNING = re.compile(
    r"<(?:SEC|IMS)-DOCUMENT>[^\n]*\n<(?:SEC|IMS)-HEADER>[^\n]*\n(?:<ACCEPTANCE-DATETIME>([0-9]+)\n|)"
    r"(?:<(PRIVATE-TO-PUBLIC)>\n|)"
    + _lines("", _TOP)
    + _repeated("ITEM INFORMATION")
    + _lines("", _DATES)
    + _repeated("GROUP MEMBERS")
)
_FORMER = rf"\n*\tFORMER (?:COMPANY|NAME):\t*\n\t\tFORMER CONFORMED NAME:\t{_ANY}\n\t\tDATE OF NAME CHANGE:\t{_ANY}\n"
_FORMER_ONE = re.compile(_FORMER.replace("(?:", "(").replace(_ANY, f"({_ANY})"))
_ENTITY = re.compile(
    r"\n*([A-Z \-]+):\t*\n"
    + _section("(COMPANY|OWNER) DATA", _DATA)
    + f"(?:{_section('(FILING) VALUES', _VALUES)}|)"
    + f"(?:{_section('(BUSINESS) ADDRESS', _ADDRESS)}|)"
    + f"(?:{_section('(MAIL) ADDRESS', _ADDRESS)}|)"
    + f"((?:{_FORMER}){{0,{_MOST}}})"
)
_ROLE_OF = {role.replace("_", " ").upper(): role for role in ROLES} | {"REPORTING-OWNER": "reporting_owner"}


def read(content: str) -> tuple[Fields, Open, int]:
    """The fields of what is as usual from the beginning on, the sections open after it, and where it ends."""
    match = None if "\r" in content else _BEGINNING.match(content)
    if match is None or (match[2] and "</PRIVATE-TO-PUBLIC>" in content):  # a tag that is closed opens a section
        return {}, [], 0
    fields, end = _top(*match.groups()), match.end()
    opened: Open = []
    while (match := _ENTITY.match(content, end)) is not None and (role := _ROLE_OF.get(match[1])) is not None:
        entity, name, section = _entity(*match.groups())
        if role in fields:
            fields[role].append(entity)
        else:
            fields[role] = [entity]
        opened = [(role, entity), (name, section)]
        end = match.end()
    return fields, opened, end


# Parameters are the groups of the patterns, in their order. What follows is told field by field, for a loop over names
# and values takes three times as long.


def _top(
    acceptance_datetime: _Value,
    private_to_public: _Value,
    accession_number: _Value,
    form: _Value,
    public_document_count: _Value,
    period: _Value,
    items: _Value,
    filing_date: _Value,
    sros: _Value,
    date_of_filing_date_change: _Value,
    effectiveness_date: _Value,
    members: _Value,
) -> Fields:
    fields: Fields = {}
    if acceptance_datetime is not None:
        fields["acceptance_datetime"] = acceptance_datetime.strip()
    if private_to_public is not None:
        fields["private_to_public"] = True
    if accession_number is not None:
        fields["accession_number"] = accession_number.strip()
    if form is not None:
        fields["type"] = form.strip()
    if public_document_count is not None:
        fields["public_document_count"] = public_document_count.strip()
    if period is not None:
        fields["period"] = period.strip()
    if items is not None and (found := _listed(items)):
        fields["items"] = found
    if filing_date is not None:
        fields["filing_date"] = filing_date.strip()
    if sros is not None:
        fields["sros"] = sros.strip()
    if date_of_filing_date_change is not None:
        fields["date_of_filing_date_change"] = date_of_filing_date_change.strip()
    if effectiveness_date is not None:
        fields["effectiveness_date"] = effectiveness_date.strip()
    if members is not None and (found := _listed(members)):
        fields["group_members"] = found
    return fields


def _entity(_: _Value, kind: _Value, *groups: _Value) -> tuple[Fields, str, Fields]:
    """The entity of a match of `_ENTITY`, and the last of its sections with its name."""
    name = "company_data" if kind == "COMPANY" else "owner_data"
    section = _data(*groups[:8])
    entity: Fields = {name: section}
    if groups[8]:
        name = "filing_values"
        section = entity[name] = _values(*groups[9:13])
    if groups[13]:
        name = "business_address"
        section = entity[name] = _address(*groups[14:20])
    if groups[20]:
        name = "mail_address"
        section = entity[name] = _address(*groups[21:27])
    if groups[27]:
        for kind, former_name, changed in _FORMER_ONE.findall(groups[27]):
            name = "former_company" if kind == "COMPANY" else "former_name"
            section = {"former_conformed_name": former_name.strip(), "date_changed": changed.strip()}
            entity.setdefault(name, []).append(section)
    return entity, name, section


def _listed(lines: str) -> list[str]:
    """The values of lines of one label, but for the empty ones."""
    return [value for line in lines.split("\n") if (value := line.partition(":")[2].strip())]


def _data(
    conformed_name: _Value,
    cik: _Value,
    assigned_sic: _Value,
    organization_name: _Value,
    irs_number: _Value,
    ein: _Value,
    state_of_incorporation: _Value,
    fiscal_year_end: _Value,
) -> Fields:
    fields: Fields = {}
    if conformed_name is not None:
        fields["conformed_name"] = conformed_name.strip()
    if cik is not None:
        fields["cik"] = cik.strip()
    if assigned_sic is not None:
        fields["assigned_sic"] = assigned_sic.strip()
    if organization_name is not None:
        fields["organization_name"] = organization_name.strip()
    if irs_number is not None:
        fields["irs_number"] = irs_number.strip()
    if ein is not None:
        fields["ein"] = ein.strip()
    if state_of_incorporation is not None:
        fields["state_of_incorporation"] = state_of_incorporation.strip()
    if fiscal_year_end is not None:
        fields["fiscal_year_end"] = fiscal_year_end.strip()
    return fields


def _values(
    form_type: _Value,
    act: _Value,
    file_number: _Value,
    film_number: _Value,
) -> Fields:
    fields: Fields = {}
    if form_type is not None:
        fields["form_type"] = form_type.strip()
    if act is not None:
        fields["act"] = act.strip()
    if file_number is not None:
        fields["file_number"] = file_number.strip()
    if film_number is not None:
        fields["film_number"] = film_number.strip()
    return fields


def _address(
    street1: _Value,
    street2: _Value,
    city: _Value,
    state: _Value,
    zip_code: _Value,
    phone: _Value,
) -> Fields:
    fields: Fields = {}
    if street1 is not None:
        fields["street1"] = street1.strip()
    if street2 is not None:
        fields["street2"] = street2.strip()
    if city is not None:
        fields["city"] = city.strip()
    if state is not None:
        fields["state"] = state.strip()
    if zip_code is not None:
        fields["zip"] = zip_code.strip()
    if phone is not None:
        fields["phone"] = phone.strip()
    return fields
