"""The cover page of a report as its XBRL tells it, in facts of the SEC's document and entity information (dei).

A filing of several registrants says each fact once for the first and again for the others, told apart by the legal
entity; and once for each class of security. What is said without any dimension is of the filing's main registrant.
Source: EDGAR Filer Manual 6.5.20 and the cover page tagging rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from filings.edgar.xbrl_model import Context, Fact
from filings.edgar.xbrl_taxonomy import family_of

ENTITY_AXIS = "LegalEntityAxis"
EXCHANGE_AXIS = "EntityListingsExchangeAxis"
# What is said of a security. Filers tell theirs apart by class of stock, by debt instrument, by exchange, or by two.
OF_SECURITIES = frozenset(
    {
        "Security12bTitle",
        "Security12gTitle",
        "SecurityReportingObligation",
        "TradingSymbol",
        "NoTradingSymbolFlag",
        "SecurityExchangeName",
        "EntityCommonStockSharesOutstanding",
    }
)
_YES = {"true", "yes", "1", "☒", "☑", "þ", "x"}
_NO = {"false", "no", "0", "☐", "o", "¨"}


Members = tuple[tuple[str, str], ...]  # axis and member, by axis


@dataclass(slots=True)
class Cover:
    """The dei facts of one legal entity: those of itself, and those of each of its securities.

    `entity` is the member of the legal entity axis, empty for the main registrant; `cik` what the contexts name.
    """

    entity: str = ""
    cik: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    securities: dict[Members, dict[str, str]] = field(default_factory=dict)


def covers(facts: Iterable[Fact], contexts: Mapping[str, Context]) -> list[Cover]:
    """The cover facts of each legal entity, the main registrant first; of a fact said twice the first counts."""
    found: dict[str, Cover] = {"": Cover()}
    for fact in facts:
        value = fact.get("value")
        context = contexts.get(fact.get("context", ""))
        if value is None or context is None or not _is_dei(fact) or not value.strip():
            continue
        axes = {local(axis): member for axis, member in context.get("dimensions", {}).items()}
        entity = member_name(axes.pop(ENTITY_AXIS, ""))
        cover = found.setdefault(entity, Cover(entity))
        cover.cik = cover.cik or context.get("entity", "").strip()
        name = local(fact["concept"])
        if not axes:
            cover.facts.setdefault(name, " ".join(value.split()))
        elif name in OF_SECURITIES:
            members = tuple(sorted((axis, member_name(member)) for axis, member in axes.items()))
            security = cover.securities.setdefault(members, {})
            security.setdefault(name, " ".join(value.split()))
    return list(found.values())


def _is_dei(fact: Fact) -> bool:
    return family_of(fact.get("namespace"), fact["concept"]) == "dei"


def flag(value: str | None) -> bool | str | None:
    """True or False of the words that covers use (`true`, `Yes`, a ticked box); any other word as it is."""
    if value is None:
        return None
    word = value.strip().lower()
    return True if word in _YES else False if word in _NO else value


def local(name: str) -> str:
    """A name without its prefix."""
    return name.rpartition(":")[2]


def member_name(member: object) -> str:
    """The name of a member without prefix and the word Member; a typed member is its text."""
    return local(str(member)).removesuffix("Member").strip() if isinstance(member, str) else ""
