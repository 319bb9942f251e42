"""The securities of a cover page: what is registered, where it is listed, under which symbol.

A security that two exchanges list has its title once and an exchange twice, or all of it twice: what is said of the
security holds for each of its listings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from filings.edgar.xbrl_cover import EXCHANGE_AXIS, Cover, Members, flag

# How the title is tagged says under which section of the Exchange Act the class is registered.
_TITLES = {"Security12bTitle": "12(b)", "Security12gTitle": "12(g)", "SecurityReportingObligation": "15(d)"}
_OF_THE_ONLY_ONE = {*_TITLES, "TradingSymbol", "SecurityExchangeName", "NoTradingSymbolFlag"}


def securities(cover: Cover) -> Iterator[dict[str, Any]]:
    """The securities of one registrant: the one without a member, and each listing that has members."""
    if not _OF_THE_ONLY_ONE.isdisjoint(cover.facts):
        yield _security(None, cover.facts)
    general = _general(cover.securities)
    for members in cover.securities:
        if members not in general:
            name = ", ".join(member for axis, member in members if axis != EXCHANGE_AXIS) or None
            yield _security(name, _said(cover.securities, members))


def _general(found: Mapping[Members, object]) -> set[Members]:
    """The members of which others say more: the class of stock of a class of stock on an exchange."""
    return {tuple(pair for pair in members if pair[0] != EXCHANGE_AXIS) for members in found if _on_exchange(members)}


def _said(found: Mapping[Members, Mapping[str, str]], members: Members) -> Mapping[str, str]:
    if not _on_exchange(members):
        return found[members]
    general = tuple(pair for pair in members if pair[0] != EXCHANGE_AXIS)
    return {**found.get(general, {}), **found[members]}


def _on_exchange(members: Members) -> bool:
    return any(axis == EXCHANGE_AXIS for axis, _ in members)


def _security(name: str | None, facts: Mapping[str, str]) -> dict[str, Any]:
    tagged = next((title for title in _TITLES if title in facts), None)
    return {
        "security": name,
        "title": facts.get(tagged) if tagged else None,
        "trading_symbol": facts.get("TradingSymbol"),
        "no_trading_symbol": flag(facts.get("NoTradingSymbolFlag")) is True or None,
        "exchange": facts.get("SecurityExchangeName"),
        "registration": _TITLES[tagged] if tagged else None,
        "shares_outstanding": facts.get("EntityCommonStockSharesOutstanding"),
    }
