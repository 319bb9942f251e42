"""A filer's own taxonomy schema (EX-101.SCH): the concepts that it defines, and what its roles are called.

Format: XBRL 2.1, 5.1. Standard concepts are defined elsewhere and are not in a filing.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

_ELEMENT = "{http://www.w3.org/2001/XMLSchema}element"
_ROLE_TYPE = "{http://www.xbrl.org/2003/linkbase}roleType"
_DEFINITION = "{http://www.xbrl.org/2003/linkbase}definition"
_INSTANCE = "{http://www.xbrl.org/2003/instance}"


@dataclass(frozen=True, slots=True)
class Element:
    """A concept: name, type without prefix (`monetaryItemType`), `instant` or `duration`, `debit` or `credit`."""

    name: str
    type: str
    period: str
    balance: str


@dataclass(slots=True)
class Schema:
    """Concepts by id, and the words of each role by its URI (`0002 - Statement - Balance Sheets`)."""

    elements: dict[str, Element] = field(default_factory=dict)
    roles: dict[str, str] = field(default_factory=dict)


def add(schema: Schema, root: etree._Element) -> None:
    """Take in what a document says; one that is no schema says nothing."""
    for role in root.iter(_ROLE_TYPE):
        uri, words = role.get("roleURI"), role.findtext(_DEFINITION)
        if uri and words:
            schema.roles[uri] = " ".join(words.split())
    for element in root.iter(_ELEMENT):
        name = element.get("name")
        if name:
            schema.elements[element.get("id") or name] = Element(
                name,
                (element.get("type") or "").rpartition(":")[2],
                element.get(f"{_INSTANCE}periodType") or "",
                element.get(f"{_INSTANCE}balance") or "",
            )
