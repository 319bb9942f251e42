"""The primary statements that a filing presents: which lines each has, in which order, under which number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count

from filings.edgar.xbrl_linkbase import Concept, Line
from filings.products.fundamentals.sources import Sources
from filings.products.fundamentals.statements import Kind, kind_of

WIDEST = 512  # characters of a label that the SEC's sets keep


@dataclass(frozen=True, slots=True)
class Report:
    """A report: its number (that of the R file), how EDGAR shows it, what it is, and its lines."""

    number: int
    file: str | None
    kind: Kind
    lines: tuple[Line, ...]


@dataclass(slots=True)
class Reports:
    """The primary reports by number, and the concepts in them and in all others."""

    primary: list[Report] = field(default_factory=list)
    shown: set[Concept] = field(default_factory=set)
    elsewhere: set[Concept] = field(default_factory=set)


def reports(sources: Sources) -> Reports:
    """The reports of a filing.

    EDGAR numbers what it renders and says so in FilingSummary.xml; without that the reports are numbered as it would,
    in the order of their definitions.
    """
    found = Reports()
    definitions = {role: sources.schema.roles.get(role, "") for role in sources.linkbases.reports}
    ordered = sorted(definitions, key=lambda role: (definitions[role], role))
    rendered = {role: sources.rendered.get(role) or sources.rendered.get(definitions[role]) for role in ordered}
    further = count(1 + max((shown.number for shown in rendered.values() if shown), default=0))
    for role in ordered:
        concepts = sources.linkbases.concepts(role)
        kind = kind_of(definitions[role], concepts)
        shown = rendered[role]
        number = shown.number if shown else next(further)
        if kind is None:
            found.elsewhere |= concepts
            continue
        found.shown |= concepts
        lines = tuple(sources.linkbases.lines(role))
        found.primary.append(Report(number, shown.file if shown else None, kind, lines))
    found.primary.sort(key=lambda report: report.number)
    return found


def pre_rows(found: Reports, sources: Sources, versions: Mapping[Concept, str]) -> Iterator[dict[str, object]]:
    """A row for each line with a fact; headings and lines that the filing leaves empty only count.

    Args:
        versions: of the concepts that the filing has facts of.
    """
    for report in found.primary:
        for number, line in enumerate(report.lines, 1):
            version = versions.get(line.concept)
            if version is None:
                continue
            label = sources.linkbases.label(line.concept, line.preferred)
            if label is None and (meaning := sources.meanings.get(line.concept)):
                label = meaning.label
            yield {
                "report": report.number,
                "line": number,
                "stmt": report.kind.stmt,
                "inpth": report.kind.parenthetical,
                "rfile": report.file,
                "tag": line.concept[1],
                "version": version,
                "plabel": label and label[:WIDEST],
            }
