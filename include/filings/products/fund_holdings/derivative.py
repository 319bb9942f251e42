"""The derivatives of an N-PORT: forwards, futures, swaps, options, and those that underlie another one.

The SEC's set has one derivative a holding. A form may nest them, such as a swap under a swaption: each is a row of
`derivative` here with a number, 1 for the holding's own, by which the other tables name it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

from lxml import etree

from filings.edgar.xml_forms import Fault, Field, calendar_day, number, row, value
from filings.products import Row
from filings.products.fund_holdings import position

_COUNTERPARTY = (
    ("counterpartyName", "derivative_counterparty_name"),
    ("counterpartyLei", "derivative_counterparty_lei"),
)
_OPTION: tuple[Field, ...] = (
    ("put_or_call", "putOrCall", None),
    ("written_or_purchased", "writtenOrPur", None),
    ("shares_cnt", "shareNo", number),
    ("principal_amount", "principalAmt", number),
    ("currency_code", "curCd", None),
    ("exercise_price", "exercisePrice", number),
    ("exercise_price_currency_code", "exercisePriceCurCd", None),
    ("expiration_date", "expDt", calendar_day),
    ("delta", "delta", number),
    ("unrealized_appreciation", "unrealizedAppr", number),
)
_CURRENCIES: tuple[Field, ...] = (
    ("currency_sold_amount", "amtCurSold", number),
    ("desc_currency_sold", "curSold", None),
    ("currency_purchased_amount", "amtCurPur", number),
    ("desc_currency_purchased", "curPur", None),
    ("settlement_date", "settlementDt", calendar_day),
    ("unrealized_appreciation", "unrealizedAppr", number),
)
_FUTURE: tuple[Field, ...] = (
    ("payoff_profile", "payOffProf", None),
    ("expiration_date", "expDate", calendar_day),
    ("notional_amount", "notionalAmt", number),
    ("currency_code", "curCd", None),
    ("unrealized_appreciation", "unrealizedAppr", number),
)
_SWAP: tuple[Field, ...] = (
    ("swap_flag", "swapFlag", None),
    ("termination_date", "terminationDt", calendar_day),
    ("upfront_payment", "upfrontPmnt", number),
    ("pmnt_currency_code", "pmntCurCd", None),
    ("upfront_receipt", "upfrontRcpt", number),
    ("rcpt_currency_code", "rcptCurCd", None),
    ("notional_amount", "notionalAmt", number),
    ("currency_code", "curCd", None),
    ("unrealized_appreciation", "unrealizedAppr", number),
)
_LEGS = (("Rec", "receipt"), ("Pmnt", "payment"))
_LEG_KINDS: dict[str, tuple[Field, ...]] = {
    "fixed": (
        ("fixed_or_floating", "@fixedOrFloating", None),
        ("fixed_rate", "@fixedRt", number),
        ("currency_code", "@curCd", None),
        ("amount", "@amount", number),
    ),
    "floating": (
        ("fixed_or_floating", "@fixedOrFloating", None),
        ("floating_rate_index", "@floatingRtIndex", None),
        ("floating_rate_spread", "@floatingRtSpread", number),
        ("currency_code", "@curCd", None),
        ("amount", "@pmntAmt", number),
    ),
    "other": (("fixed_or_floating", "@fixedOrFloating", None), ("other_desc", ".", None)),
}
_TENOR: tuple[Field, ...] = (
    ("reset_date", "@resetDt", None),
    ("reset_date_unit", "@resetDtUnit", number),
    ("rate_tenor", "@rateTenor", None),
    ("rate_tenor_unit", "@rateTenorUnit", number),
)
_OTHER: tuple[Field, ...] = (
    ("other_desc", "@othDesc", None),
    ("termination_date", "terminationDt", calendar_day),
    ("delta", "delta", number),
    ("unrealized_appreciation", "unrealizedAppr", number),
)
_NOTIONAL: tuple[Field, ...] = (("notional_amount", "@amt", number), ("currency_code", "@curCd", None))
_INDEX: tuple[Field, ...] = (
    ("index_name", "indexName", None),
    ("index_identifier", "indexIdentifier", None),
    ("narrative_desc", "narrativeDesc", None),
)
_COMPONENT: tuple[Field, ...] = (
    ("name", "othIndName", None),
    ("notional_amount", "othIndNotAmt", number),
    ("currency_code", "othIndCurCd", None),
    ("value", "othIndValue", number),
    ("issuer_currency_code", "othIndIssCurCd", None),
)
_INSTRUMENT: tuple[Field, ...] = (("issuer_name", "issuerName", None), ("issue_title", "issueTitle", None))


def rows(key: dict[str, int], element: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    """The rows of a derivative of a holding and of those that underlie it."""
    yield from _rows(key, element, faults, count(1), None)


def _rows(
    key: dict[str, int], element: etree._Element, faults: list[Fault], places: Iterator[int], parent: int | None
) -> Iterator[Row]:
    place = next(places)
    own = {**key, "derivative_id": place}
    yield "derivative", {**own, "parent_derivative_id": parent, **_said(element)}
    number_ = count(1)
    for group in element.iterfind("counterparties"):
        for party in _counterparties(group):
            yield "derivative_counterparty", {**own, "derivative_counterparty_id": next(number_), **party}
    yield from _terms(own, element, faults)
    for reference in element.iterfind("descRefInstrmnt/*"):
        if reference.tag == "indexBasketInfo":
            yield "desc_ref_index_basket", {**own, **row(reference, _INDEX)}
            for each, component in enumerate(reference.iterfind("components/component"), 1):
                values = {**row(component, _COMPONENT), **position.identified(component)}
                yield "desc_ref_index_component", {**own, "desc_ref_index_component_id": each, **values}
    for each, reference in enumerate(element.iterfind("descRefInstrmnt/otherRefInst"), 1):
        values = {**row(reference, _INSTRUMENT), **position.identified(reference)}
        yield "desc_ref_other", {**own, "desc_ref_other_id": each, **values}
    for nested in element.iterfind("descRefInstrmnt/nestedDerivInfo/*"):
        yield from _rows(key, nested, faults, places, place)


def _said(element: etree._Element) -> dict[str, Any]:
    """What a derivative is, and what is said of one that underlies another as if it were a holding."""
    values: dict[str, Any] = {"derivative_cat": value(element, "@derivCat")}
    said = element.find("derivAddlInfo")
    if said is None:
        return values
    values |= row(said, position.POSITION)
    values |= position.described(said)
    identifiers = position.identified(said)
    del identifiers["cusip"]
    return values | identifiers


def _counterparties(group: etree._Element) -> Iterator[dict[str, str | None]]:
    """The names and identifiers of a group; each name begins a party."""
    party: dict[str, str | None] = {}
    for child in group:
        column = dict(_COUNTERPARTY).get(str(child.tag))
        if column is None:
            continue
        if column in party:
            yield party
            party = {}
        party[column] = (child.text or "").strip() or None
    if party:
        yield party


def _terms(own: dict[str, int], element: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    kind = element.tag
    if kind == "optionSwaptionWarrantDeriv":
        yield "swaption_option_warnt_deriv", {**own, **row(element, _OPTION, faults)}
    elif kind == "swapDeriv":
        yield from _swap(own, element, faults)
    elif kind == "othDeriv":
        yield "other_deriv", {**own, **row(element, _OTHER, faults)}
        for each, amount in enumerate(element.iterfind("notionalAmts/notionalAmt"), 1):
            yield (
                "other_deriv_notional_amount",
                {**own, "other_deriv_notional_amount_id": each, **row(amount, _NOTIONAL)},
            )
    elif kind == "fwdDeriv" and any(element.find(path) is not None for path in ("curSold", "curPur", "settlementDt")):
        yield "fwd_foreigncur_contract_swap", {**own, **row(element, _CURRENCIES, faults)}
    elif kind in ("fwdDeriv", "futrDeriv"):
        yield "fut_fwd_nonforeigncur_contract", {**own, **row(element, _FUTURE, faults)}


def _swap(own: dict[str, int], element: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    values = row(element, _SWAP, faults)
    places = count(1)
    tenors = []
    for part, side in _LEGS:
        for kind, fields in _LEG_KINDS.items():
            leg = element.find(f"{kind}{part}Desc")
            if leg is None:
                continue
            values |= {f"{column}_{side}": found for column, found in row(leg, fields).items()}
            for tenor in leg.iterfind("rtResetTenors/rtResetTenor"):
                said = {"rate_reset_tenor_id": next(places), "receipt_or_payment": side}
                tenors.append(("floating_rate_reset_tenor", {**own, **said, **row(tenor, _TENOR)}))
    yield "nonforeign_exchange_swap", {**own, **values}
    yield from tenors
