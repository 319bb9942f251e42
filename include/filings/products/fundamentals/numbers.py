"""The numbers of a filing: the numeric facts of its statements, one for each tag, date, length, unit, co-registrant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from filings.edgar.xbrl_cover import ENTITY_AXIS, local, member_name
from filings.edgar.xbrl_linkbase import Concept
from filings.edgar.xbrl_model import Context, Fact, Footnote
from filings.edgar.xbrl_taxonomy import family_of
from filings.products import Row, problem
from filings.products.fundamentals.periods import NoDate, ddate_qtrs, last_day

_ENTITY_AXES = {ENTITY_AXIS, "ConsolidatedEntitiesAxis"}  # the second has the parent company and guarantors
_PREFIX = re.compile(r"[^\s*/:]+:")
_WIDEST = 512  # characters of a footnote that the SEC's sets keep
_EXACT = 10_000  # what INF, all digits, counts for among decimals

_Key = tuple[str, str, str, int, str, str]


@dataclass(slots=True)
class _Number:
    """A fact under its key: the row, and what decides between facts of one key."""

    row: dict[str, object]
    exact: int
    last: date | None


def concept_of(fact: Fact) -> Concept:
    """The concept of a fact."""
    return family_of(fact.get("namespace"), fact["concept"]), local(fact["concept"])


class Numbers:
    """Collects the rows of num."""

    def __init__(
        self,
        contexts: Mapping[str, Context],
        units: Mapping[str, str],
        footnotes: Mapping[str, Footnote],
        versions: Mapping[Concept, str],
    ) -> None:
        self._footnotes, self._versions = footnotes, versions
        self._places = {key: _place(context) for key, context in contexts.items()}
        self._units = {key: _PREFIX.sub("", unit) for key, unit in units.items()}
        self._contexts = contexts
        self._found: dict[_Key, _Number] = {}
        self._problems: dict[str, Row] = {}

    def add(self, facts: Iterable[Fact]) -> None:
        """Take the facts that are numbers and belong to no segment but a co-registrant."""
        for fact in facts:
            unit = fact.get("unit")
            place = self._places.get(fact["context"])
            if unit is None or place is None:
                continue
            if isinstance(place, str):
                self._problem(fact["context"], "period", place, "a number needs a period with a day at its end")
                continue
            if fact.get("left_out"):
                self._problem(fact["context"], fact["concept"], "", "its text lies inside of others and was left out")
                continue
            ddate, qtrs, coreg, last = place
            concept = concept_of(fact)
            self._take(
                fact, (concept[1], self._versions[concept], ddate, qtrs, self._units.get(unit, unit), coreg), last
            )

    def rows(self) -> Iterator[Row]:
        """The rows, numbered in the order of the filing, and what was wrong."""
        for number, found in enumerate(self._found.values(), 1):
            yield "num", {"num_sk": number, **found.row}
        yield from self._problems.values()

    def _take(self, fact: Fact, key: _Key, last: date | None) -> None:
        tag, version, ddate, qtrs, uom, coreg = key
        value = fact.get("value")
        notes = self._notes(fact) if "footnotes" in fact else ""
        row: dict[str, object] = {
            "tag": tag,
            "version": version,
            "ddate": ddate,
            "qtrs": qtrs,
            "uom": uom,
            "coreg": coreg or None,
            "value": value.strip() if value else None,
            "footnote": notes or None,
        }
        number = _Number(row, _digits(fact), last)
        held = self._found.setdefault(key, number)
        if held is not number:
            self._found[key] = self._better(key, held, number)

    def _notes(self, fact: Fact) -> str:
        notes = ""
        for key in fact["footnotes"]:
            if len(notes) < _WIDEST and (text := self._footnotes.get(key, {}).get("text", "")[:_WIDEST]):
                notes = f"{notes} {text}" if notes else text
        return notes[:_WIDEST]

    def _better(self, key: _Key, held: _Number, new: _Number) -> _Number:
        """Which of two facts of one key stays: that with a value, of the exact date, with more digits; or the first."""
        if _same(held.row["value"], new.row["value"]):
            return held if held.row["footnote"] or not new.row["footnote"] else new
        rounded = date.fromisoformat(key[2])
        rank = {
            id(one): (one.row["value"] is not None, -abs(((one.last or rounded) - rounded).days), one.exact)
            for one in (held, new)
        }
        kept, lost = (new, held) if rank[id(new)] > rank[id(held)] else (held, new)
        same_day = kept.last == lost.last
        if lost.row["value"] is not None and not (same_day and kept.exact > lost.exact):
            why = f"{kept.row['value']} has the same tag, rounded date, quarters, unit and co-registrant"
            self._problem(f"{key[0]} {lost.last}", "value", str(lost.row["value"]), why)
        return kept

    def _problem(self, about: str, field: str, value: str, rule: str) -> None:
        where = f"{about}: {field}"
        self._problems.setdefault(f"{where} {value}", problem(where, value, rule))


def _place(context: Context) -> tuple[str, int, str, date | None] | str | None:
    """Rounded date, quarters, co-registrant and real date; None for a segment; what is wrong with the period."""
    dimensions = context.get("dimensions", {})
    if len(dimensions) > 1 or "segment" in context:
        return None
    coreg = ""
    for axis, member in dimensions.items():
        if local(axis) not in _ENTITY_AXES or not isinstance(member, str):
            return None
        coreg = member_name(member)
    period = context.get("period", {})
    try:
        ddate, qtrs = ddate_qtrs(period)
    except NoDate as error:
        return str(error) or "nothing"
    return ddate.isoformat(), qtrs, coreg, last_day(period.get("instant") or period["end"])


def _digits(fact: Fact) -> int:
    decimals = fact.get("decimals", "").strip()
    if decimals.upper() == "INF":
        return _EXACT
    try:
        return int(decimals)
    except ValueError:
        return -_EXACT


def _same(one: object, other: object) -> bool:
    if one == other:
        return True
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False
