"""The linkbases of a filing: in which order its reports present the concepts (EX-101.PRE), and how the lines are named
(EX-101.LAB).

A linkbase may be a document of its own or stand in the schema; both are read alike.
Format: XBRL 2.1, 5.2.2 (labels) and 5.2.4 (presentation). An arc that is prohibited (`use="prohibited"`) ties nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from filings.edgar.xbrl_schema import Schema
from filings.edgar.xbrl_taxonomy import CUSTOM, family_of_locator

_LINK = "{http://www.xbrl.org/2003/linkbase}"
_XLINK = "{http://www.w3.org/1999/xlink}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_LINES = 100_000  # of one report; a linkbase may tie a tree so that it unfolds without end
_DEEPEST = 100  # levels of a report; real ones have up to 15
_MOST_TIES = 1_000_000  # of one filing; locators and arcs that share labels tie each to each, real ones make 50,000


class TooManyTies(ValueError):
    """Linkbases that tie more than any filing's do; the message says how many."""


Concept = tuple[str, str]  # family and name, such as ("us-gaap", "Assets"); a filer's own has the family ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report: its concept, and which label it asks for."""

    concept: Concept
    preferred: str


@dataclass(slots=True)
class _Report:
    """The arcs of one role: parent → (order, child, preferred label)."""

    children: dict[Concept, list[tuple[float, int, Concept, str]]] = field(default_factory=dict)
    mentioned: dict[Concept, None] = field(default_factory=dict)


@dataclass(slots=True)
class Linkbases:
    """What all linkbases of a filing say together; `schema` is the filer's own, whole before the first link is read."""

    schema: Schema
    reports: dict[str, _Report] = field(default_factory=dict)  # by role URI
    labels: dict[Concept, dict[str, str]] = field(default_factory=dict)  # → the last word of the label's role → text
    _foreign: set[tuple[Concept, str]] = field(default_factory=set)  # labels that are not in English
    _ties: int = 0

    def add(self, root: etree._Element) -> None:
        """Take in the links of a document. Raises `TooManyTies`."""
        for link in root.iter(f"{_LINK}presentationLink"):
            self._presentation(link)
        for link in root.iter(f"{_LINK}labelLink"):
            self._labels(link)

    def concepts(self, role: str) -> set[Concept]:
        """Every concept of a report."""
        report = self.reports[role]
        return {child for arcs in report.children.values() for _, _, child, _ in arcs} | report.mentioned.keys()

    def lines(self, role: str) -> Iterator[Line]:
        """The lines of a report from top to bottom, headings included."""
        report = self.reports[role]
        children = {parent: sorted(arcs, key=lambda arc: arc[:2]) for parent, arcs in report.children.items()}
        below = {child for arcs in children.values() for _, _, child, _ in arcs}
        tops = [concept for concept in report.mentioned if concept not in below]
        stack = [(concept, "", 0, frozenset[Concept]()) for concept in reversed(tops)]
        count = 0
        while stack and count < _MOST_LINES:
            concept, preferred, depth, above = stack.pop()
            yield Line(concept, preferred)
            count += 1
            inside = above | {concept}
            room = max(0, _MOST_LINES - len(stack)) if depth < _DEEPEST else 0
            for _, _, child, label in reversed(children.get(concept, [])[:room]):
                if child not in inside:
                    stack.append((child, label, depth + 1, inside))

    def label(self, concept: Concept, preferred: str = "") -> str | None:
        """The text of a line: its preferred label, or the standard one, or whichever there is but the definition."""
        known = self.labels.get(concept, {})
        return (
            known.get(preferred)
            or known.get(_plain(preferred))
            or known.get("label")
            or next((text for role, text in known.items() if role != "documentation"), None)
        )

    def _presentation(self, link: etree._Element) -> None:
        report = self.reports.setdefault(link.get(f"{_XLINK}role") or "", _Report())
        located = self._located(link)
        for arc in link.iterchildren(f"{_LINK}presentationArc"):
            if arc.get("use") == "prohibited":
                continue
            for parent in located.get(arc.get(f"{_XLINK}from") or "", ()):
                for child in located.get(arc.get(f"{_XLINK}to") or "", ()):
                    self._count()
                    report.mentioned.setdefault(parent)
                    label = (arc.get("preferredLabel") or "").rpartition("/")[2]
                    found = (_number(arc.get("order")), self._ties, child, label)
                    report.children.setdefault(parent, []).append(found)

    def _labels(self, link: etree._Element) -> None:
        located = self._located(link)
        resources: dict[str, list[etree._Element]] = {}
        for resource in link.iterchildren(f"{_LINK}label"):
            resources.setdefault(resource.get(f"{_XLINK}label") or "", []).append(resource)
        for arc in link.iterchildren(f"{_LINK}labelArc"):
            if arc.get("use") == "prohibited":
                continue
            for concept in located.get(arc.get(f"{_XLINK}from") or "", ()):
                for resource in resources.get(arc.get(f"{_XLINK}to") or "", ()):
                    self._count()
                    self._label(concept, resource)

    def _count(self) -> None:
        self._ties += 1
        if self._ties > _MOST_TIES:
            raise TooManyTies(f"its linkbases tie more than {_MOST_TIES:,} times; the rest was left out")

    def _located(self, link: etree._Element) -> dict[str, dict[Concept, None]]:
        """The concepts that the locators of a link point at, by label."""
        found: dict[str, dict[Concept, None]] = {}
        for locator in link.iterchildren(f"{_LINK}loc"):
            schema, _, identity = (locator.get(f"{_XLINK}href") or "").rpartition("#")
            prefix, _, name = identity.partition("_")
            family = family_of_locator(schema, prefix)
            if family == CUSTOM and (own := self.schema.elements.get(identity)):
                name = own.name
            found.setdefault(locator.get(f"{_XLINK}label") or "", {}).setdefault((family, name or identity))
        return found

    def _label(self, concept: Concept, resource: etree._Element) -> None:
        text = " ".join("".join(map(str, resource.itertext())).split())
        role = (resource.get(f"{_XLINK}role") or "label").rpartition("/")[2]
        if not text:
            return
        known = self.labels.setdefault(concept, {})
        foreign = not (resource.get(_LANG) or "en").lower().startswith("en")
        if role not in known or ((concept, role) in self._foreign and not foreign):
            known[role] = text
            self._foreign.discard((concept, role))
            if foreign:
                self._foreign.add((concept, role))


def _plain(role: str) -> str:
    """The label that a negating one repeats: `negatedTotalLabel` and the older `negatedTotal` are `totalLabel`."""
    if not role.startswith("negated"):
        return ""
    words = role.removeprefix("negated").removesuffix("Label")
    return f"{words[:1].lower()}{words[1:]}Label" if words else "label"


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
