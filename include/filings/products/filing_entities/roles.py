"""What a role is: where in a document it stands, and where below that are name, CIK and the rest.

Where a value stands is told by a path such as `address/city`; `@country` behind it is an attribute; `a|b` is the first
of both that says something; `a[]` is all that are there, with commas between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from filings.edgar.xml_tree import boolean, cik, text

COMPANY, PERSON, UNKNOWN = "company", "person", "unknown"
# Words by which a form says that there is nothing.
_NOTHING = {"N/A", "n/a", "NA", "None", "NONE", "none", "-", "--", "."}


@dataclass(frozen=True)
class Role:
    """A role in a form.

    Args:
        name: of the role.
        kind: company, person or unknown: what the place on the form is for.
        path: of its elements below the document's root; `.` is the root itself.
        fields: column → where its value stands below the element.
        judge: tells the kind where the document says more than the place does.
    """

    name: str
    kind: str
    path: str
    fields: Mapping[str, str]
    judge: Callable[[etree._Element], str] | None = None

    def rows(self, root: etree._Element) -> Iterator[dict[str, Any]]:
        """A row for each element of the role that names somebody, by name or CIK."""
        for element in root.iterfind(self.path):
            row = {column: _value(element, where) for column, where in self.fields.items()}
            kind = self.judge(element) if self.judge else self.kind
            parts = [row.get(part) for part in ("first_name", "middle_name", "last_name")]
            if any(parts) and not row.get("name"):
                row["name"] = " ".join(part for part in parts if part)
            if row.get("cik"):
                row["cik"] = cik(row["cik"])
            if row.get("name") or row.get("cik"):
                yield {"role": self.name, "kind": kind, "place": _place(element, root), **row}


@dataclass(frozen=True)
class Form:
    """The roles of a form.

    Args:
        types: the submission types, without /A.
        roles: in the order of their rows.
        root: the name of the document's root.
        amended: whether there are amendments, `TYPE/A`.
    """

    types: tuple[str, ...]
    roles: tuple[Role, ...]
    root: str = "edgarSubmission"
    amended: bool = True


# Every form that is sent with a header of its own names the filer there, most by CIK alone.
FILER = Role(
    "filer",
    UNKNOWN,
    "headerData/filerInfo/filer",
    {
        "cik": "credentials/cik|filerCredentials/cik|filerCredentials/filerCik|issuerCredentials/cik|filerId",
        "name": "NMSStockATSName",
    },
)


def address(before: str = "") -> dict[str, str]:
    """An address as most forms have it, below a path that ends with a slash."""
    return {
        "street1": f"{before}street1",
        "street2": f"{before}street2",
        "city": f"{before}city",
        "state_or_country": f"{before}stateOrCountry|{before}stateOrCountryCode|{before}state",
        "country": f"{before}country",
        "zip_code": f"{before}zipCode|{before}zip",
    }


def full_name(before: str = "") -> dict[str, str]:
    """First, middle and last name, below a path that ends with a slash."""
    return {
        "first_name": f"{before}firstName",
        "middle_name": f"{before}middleName",
        "last_name": f"{before}lastName",
    }


def _value(element: etree._Element, where: str) -> str | None:
    for path, many, attribute in _paths(where):
        if many:
            found = ", ".join(said for each in element.iterfind(path) if (said := (each.text or "").strip()))
        elif attribute:
            holder = element.find(path) if path else element
            found = "" if holder is None else str(holder.get(attribute, "")).strip()
        else:
            found = text(element, path) or ""
        if found and found not in _NOTHING:
            return found
    return None


@lru_cache(4096)
def _paths(where: str) -> tuple[tuple[str, bool, str], ...]:
    """A description of where a value stands, as (path, whether all, attribute)."""
    found = []
    for each in where.split("|"):
        path, _, attribute = each.partition("@")
        found.append((path.removesuffix("[]"), path.endswith("[]"), attribute))
    return tuple(found)


def _place(element: etree._Element, root: etree._Element) -> str:
    return str(root.getroottree().getpath(element)).strip("/").partition("/")[2] or "."


def kind_of_owner(owner: etree._Element) -> str:
    """A reporting owner: officers are people, and so are directors who are not also large owners by deputy."""
    relation = owner.find("reportingOwnerRelationship")
    officer, director, large, other = (
        boolean(text(relation, tag)) is True for tag in ("isOfficer", "isDirector", "isTenPercentOwner", "isOther")
    )
    return PERSON if officer or (director and not large and not other) else UNKNOWN


def kind_of_related(person: etree._Element) -> str:
    """A related person of form D: a company has a dash or N/A as first name, for which the form insists on one."""
    return COMPANY if text(person, "relatedPersonName/firstName") in _NOTHING else PERSON


def kind_of_holder(holder: etree._Element) -> str:
    """A reporting person of schedule 13D or 13G: IN is an individual, OO other, all else are organisations."""
    types = {
        word
        for each in holder.iterfind("typeOfReportingPerson")
        for word in (each.text or "").replace(",", " ").split()
    }
    return PERSON if "IN" in types else COMPANY if types - {"OO"} else UNKNOWN
