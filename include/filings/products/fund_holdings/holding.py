"""One holding of an N-PORT: what is held, and what the form asks of debts, repurchase agreements and loans of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from filings.edgar.xml_forms import Fault, Field, calendar_day, flag, number, row, value
from filings.products import Row, problem
from filings.products.fund_holdings import derivative, position
from filings.products.fund_holdings.fund import category

_HOLDING: tuple[Field, ...] = (
    *position.POSITION,
    ("is_restricted_security", "isRestrictedSec", flag),
    ("fair_value_level", "fairValLevel", number),
    ("is_in_80_percent_basket", "isIncludedFunds80PercentBasket", flag),
)
_IDENTIFIERS = {"isin": "identifier_isin", "ticker": "identifier_ticker", "other": "other_identifier"}
_DEBT: tuple[Field, ...] = (
    ("maturity_date", "maturityDt", calendar_day),
    ("coupon_type", "couponKind", None),
    ("annualized_rate", "annualizedRt", number),
    ("is_default", "isDefault", flag),
    ("are_any_interest_payment", "areIntrstPmntsInArrs", flag),
    ("is_any_portion_interest_paid", "isPaidKind", flag),
    ("is_convtible_mandatory", "isMandatoryConvrtbl", flag),
    ("is_convtible_contingent", "isContngtConvrtbl", flag),
    ("delta", "delta", number),
)
_REFERENCE: tuple[Field, ...] = (
    ("issuer_name", "name", None),
    ("issue_title", "title", None),
    ("currency_code", "curCd", None),
)
_CONVERSION: tuple[Field, ...] = (("conversion_ratio", "@convRatio", number), ("currency_code", "@curCd", None))
_REPURCHASE: tuple[Field, ...] = (
    ("transaction_type", "transCat", None),
    ("central_counter_party", "clearedCentCparty/@centralCounterparty", None),
    ("is_triparty", "isTriParty", flag),
    ("repurchase_rate", "repurchaseRt", number),
    ("maturity_date", "maturityDt", calendar_day),
)
_PARTY: tuple[Field, ...] = (("name", "@name", None), ("lei", "@lei", None))
_COLLATERAL: tuple[Field, ...] = (
    ("principal_amount", "principalAmt", number),
    ("principal_currency_code", "principalCd", None),
    ("collateral_amount", "collateralVal", number),
    ("collateral_currency_code", "collateralCd", None),
)
_LENDING: tuple[tuple[str, str, str, str, str], ...] = (
    (
        "is_cash_collateral",
        "isCashCollateral",
        "cashCollateralCondition",
        "cash_collateral_amount",
        "cashCollateralVal",
    ),
    (
        "is_non_cash_collateral",
        "isNonCashCollateral",
        "nonCashCollateralCondition",
        "non_cash_collateral_value",
        "nonCashCollateralVal",
    ),
    ("is_loan_by_fund", "isLoanByFund", "loanByFundCondition", "loan_value", "loanVal"),
)
_LIQUIDITY: tuple[Field, ...] = (("category", "@category", None), ("percentage", "@pct", number))


def rows(place: int, element: etree._Element) -> Iterator[Row]:
    """The rows of one holding, an `invstOrSec`; `place` counts from 1."""
    faults: list[Fault] = []
    key = {"holding_id": place}
    derivatives = element.find("derivativeInfo")
    kind = value(element, "derivativeInfo/*/@derivCat")
    circumstances = [each.text.strip() for each in element.iterfind("fundCats/circumstances") if each.text]
    yield (
        "fund_reported_holding",
        {
            **key,
            **row(element, _HOLDING),
            **position.described(element),
            "derivative_cat": kind,
            "liquidity_circumstances": ",".join(circumstances) or None,
        },
    )
    for number_, child in enumerate(element.iterfind("identifiers/*"), 1):
        yield "identifiers", {**key, "identifiers_id": number_, **identifier(child)}
    liquidity = [row(each, _LIQUIDITY) for each in element.iterfind("fundCats/fundCat")]
    if only := value(element, "fundCat"):
        liquidity.append({"category": only})
    for number_, values in enumerate(liquidity, 1):
        yield "holding_liquidity", {**key, "holding_liquidity_id": number_, **values}
    if (debt := element.find("debtSec")) is not None:
        yield from _debt(key, debt, faults)
    if (agreement := element.find("repurchaseAgrmt")) is not None:
        yield from _repurchase(key, agreement, faults)
    if derivatives is not None:
        for child in derivatives:
            yield from derivative.rows(key, child, faults)
    if (lending := element.find("securityLending")) is not None:
        yield "securities_lending", {**key, **_lending(lending)}
    for column, found, rule in faults:
        yield problem(f"holding {place}: {column}", found, rule)


def identifier(element: etree._Element) -> dict[str, Any]:
    """A child of `identifiers` of a holding; its CUSIP is not among them."""
    column = _IDENTIFIERS.get(str(element.tag), "other_identifier")
    kind = element.get("otherDesc") if element.tag == "other" else None if element.tag in _IDENTIFIERS else element.tag
    return {column: value(element, "@value"), "other_identifier_desc": kind}


def _debt(key: dict[str, int], debt: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    yield "debt_security", {**key, **row(debt, _DEBT, faults)}
    for place, each in enumerate(debt.iterfind("dbtSecRefInstruments/dbtSecRefInstrument"), 1):
        values = {**row(each, _REFERENCE), **position.identified(each)}
        yield "debt_security_ref_instrument", {**key, "debt_security_ref_id": place, **values}
    for place, each in enumerate(debt.iterfind("currencyInfos/currencyInfo"), 1):
        yield "convertible_security_currency", {**key, "convertible_security_id": place, **row(each, _CONVERSION)}


def _repurchase(key: dict[str, int], agreement: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    values = row(agreement, _REPURCHASE, faults)
    cleared = value(agreement, "clearedCentCparty/@isCleared") or value(agreement, "notClearedCentCparty/@isCleared")
    yield "repurchase_agreement", {**key, **values, "is_cleared": flag(cleared)}
    for place, each in enumerate(agreement.iterfind("notClearedCentCparty/counterpartyInfos/counterpartyInfo"), 1):
        yield "repurchase_counterparty", {**key, "repurchase_counterparty_id": place, **row(each, _PARTY)}
    for place, each in enumerate(agreement.iterfind("repurchaseCollaterals/repurchaseCollateral"), 1):
        kind = category(each)
        values = {"investment_cat": kind["investment_cat"], "other_instrument_desc": kind["other_desc"]}
        yield "repurchase_collateral", {**key, "repurchase_collateral_id": place, **row(each, _COLLATERAL), **values}


def _lending(lending: etree._Element) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, own, condition, amount, attribute in _LENDING:
        values[column] = flag(value(lending, own) or value(lending, f"{condition}/@{own}"))
        values[amount] = number(value(lending, f"{condition}/@{attribute}"))
    return values
