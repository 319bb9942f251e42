"""What EDGAR says of a filing's XBRL once it has rendered it: `FilingSummary.xml` and `MetaLinks.json`.

The first numbers the reports (R2.htm is report 2); the second knows of each concept used what its taxonomy says, so
also of standard concepts, whose taxonomies are not in the filing. Both are made by EDGAR's renderer and are part of the
disseminated submission: the summary since 2009, MetaLinks since about 2019.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import orjson

from filings.edgar.sgml import Document
from filings.edgar.xbrl_linkbase import Concept
from filings.edgar.xbrl_taxonomy import family_of
from filings.edgar.xml_json import parse_xml

SUMMARY, META_LINKS = "filingsummary.xml", "metalinks.json"
_NUMBER = re.compile(r"R(\d+)\.(htm|xml)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """Where a report is shown: its number, and whether as `H` (R2.htm) or `X` (R2.xml)."""

    number: int
    file: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """What MetaLinks says of a concept: its type without `ItemType`, `debit` or `credit`, label and definition."""

    type: str
    balance: str
    label: str | None
    documentation: str | None


def reports(document: Document) -> dict[str, Rendered]:
    """The reports of a FilingSummary.xml, by the URI of their role and by their long name.

    Raises:
        XMLSyntaxError: when it is not well-formed.
    """
    found: dict[str, Rendered] = {}
    root = parse_xml(document.content)
    for report in root.iter("Report"):
        match = _NUMBER.fullmatch((report.findtext("HtmlFileName") or report.findtext("XmlFileName") or "").strip())
        if match is None:
            continue
        rendered = Rendered(int(match[1]), "H" if match[2].lower() == "htm" else "X")
        for key in (report.findtext("Role"), report.findtext("LongName")):
            if key and key.strip():
                found.setdefault(" ".join(key.split()), rendered)
    return found


def meanings(document: Document) -> dict[Concept, Meaning]:
    """What a MetaLinks.json says of each concept; empty when it is not JSON of the shape that EDGAR writes."""
    try:
        said: Any = orjson.loads(bytes(document.content))
    except orjson.JSONDecodeError:
        return {}
    found: dict[Concept, Meaning] = {}
    for instance in _object(_object(said).get("instance")).values():
        for tag in map(_object, _object(_object(instance).get("tag")).values()):
            labels: dict[str, Any] = {}
            for language, roles in _object(tag.get("lang")).items():
                if language.lower().startswith("en"):
                    labels.update(_object(_object(roles).get("role")))
            concept = family_of(str(tag.get("nsuri") or "")), str(tag.get("localname") or "")
            found[concept] = Meaning(
                str(tag.get("xbrltype") or "").removesuffix("ItemType"),
                str(tag.get("crdr") or ""),
                _text(labels.get("label")),
                _text(labels.get("documentation")),
            )
    return found


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None
