"""What a filing tells of the tags that it uses: its own by its schema, standard ones as far as it carries that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from filings.edgar.xbrl_linkbase import Concept
from filings.edgar.xbrl_model import Context, Fact
from filings.edgar.xbrl_schema import Element
from filings.edgar.xbrl_taxonomy import CUSTOM
from filings.products.fundamentals.numbers import concept_of
from filings.products.fundamentals.reports import WIDEST
from filings.products.fundamentals.sources import Sources

_WIDEST_DOC = 2048
_BALANCE = {"debit": "D", "credit": "C"}
_PERIOD = {"instant": "I", "duration": "D"}


@dataclass(slots=True)
class Use:
    """How a concept is used: whether with a unit, in which, and of a point in time or a span."""

    unit: str = ""
    iord: str = ""


def uses(facts: Iterable[Fact], contexts: Mapping[str, Context], units: Mapping[str, str]) -> dict[Concept, Use]:
    """How each concept that has facts is used."""
    found: dict[Concept, Use] = {}
    for fact in facts:
        use = found.setdefault(concept_of(fact), Use())
        if not use.iord:
            period = contexts.get(fact["context"], {}).get("period", {})
            use.iord = "I" if "instant" in period else "D" if period else ""
        if not use.unit and "unit" in fact:
            use.unit = units.get(fact["unit"], fact["unit"])
    return found


def tag_rows(
    used: Iterable[Concept], uses: Mapping[Concept, Use], versions: Mapping[Concept, str], sources: Sources
) -> Iterator[dict[str, object]]:
    """A row for each concept of num and pre.

    A filing does not carry the standard taxonomies. What kind of number a standard tag is follows from its facts: a
    point in time or a span from their periods, and of money or of shares from their units (XBRL 2.1, 4.7.2, 4.8.2).
    """
    own = {element.name: element for element in sources.schema.elements.values()}
    for concept in used:
        family, name = concept
        element = own.get(name) if family == CUSTOM else None
        meaning = sources.meanings.get(concept)
        use = uses.get(concept, Use())
        numeric = bool(use.unit)
        type = _type(element) or (meaning.type if meaning else "") or _type_by_unit(use.unit)
        balance = (element.balance if element else "") or (meaning.balance if meaning else "")
        label = sources.linkbases.label(concept) or (meaning.label if meaning else None)
        doc = sources.linkbases.labels.get(concept, {}).get("documentation") or (
            meaning.documentation if meaning else None
        )
        yield {
            "tag": name,
            "version": versions[concept],
            "custom": family == CUSTOM,
            "abstract": not numeric,
            "datatype": type or None if numeric else None,
            "iord": (_PERIOD.get(element.period if element else "") or use.iord or None) if numeric else None,
            "crdr": _BALANCE.get(balance) if numeric else None,
            "tlabel": label and label[:WIDEST],
            "doc": doc and doc[:_WIDEST_DOC],
        }


def _type(element: Element | None) -> str:
    return element.type.removesuffix("ItemType") if element else ""


def _type_by_unit(unit: str) -> str:
    above, _, below = unit.partition("/")
    if above.startswith("iso4217:"):
        return "perShare" if below == "xbrli:shares" else "" if below else "monetary"
    return "shares" if above == "xbrli:shares" and not below else ""
