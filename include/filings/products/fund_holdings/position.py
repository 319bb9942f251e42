"""What an N-PORT says of anything that is held: of a holding, of a derivative under another one, of a reference."""

from __future__ import annotations

from typing import Any

from lxml import etree

from filings.edgar.xml_forms import Field, number, value

# Of a holding and of a derivative that underlies another one.
POSITION: tuple[Field, ...] = (
    ("issuer_name", "name", None),
    ("issuer_lei", "lei", None),
    ("issuer_title", "title", None),
    ("issuer_cusip", "cusip", None),
    ("balance", "balance", number),
    ("unit", "units", None),
    ("other_unit_desc", "descOthUnits", None),
    ("currency_value", "valUSD", number),
    ("percentage", "pctVal", number),
    ("payoff_profile", "payoffProfile", None),
    ("investment_country", "invCountry", None),
    ("other_investment_country", "invOthCountry", None),
)
# A column that either has an element of its own or is an attribute beside what describes it.
_EITHER: tuple[tuple[str, str, str, str, str], ...] = (
    ("currency_code", "curCd", "currencyConditional/@curCd", "exchange_rate", "currencyConditional/@exchangeRt"),
    ("asset_cat", "assetCat", "assetConditional/@assetCat", "other_asset", "assetConditional/@desc"),
    ("issuer_type", "issuerCat", "issuerConditional/@issuerCat", "other_issuer", "issuerConditional/@desc"),
)
_IDENTIFIERS = {"cusip": "cusip", "isin": "isin", "ticker": "ticker", "other": "other_identifier"}


def described(element: etree._Element) -> dict[str, Any]:
    """Currency, kind of asset and kind of issuer, each named, or "other" and described."""
    values: dict[str, Any] = {}
    for column, own, beside, description, where in _EITHER:
        values[column] = value(element, own) or value(element, beside)
        values[description] = value(element, where)
    values["exchange_rate"] = number(values["exchange_rate"])
    return values


def identified(element: etree._Element) -> dict[str, str | None]:
    """The identifiers of an instrument as columns; several of one kind with semicolons."""
    found: dict[str, list[str]] = {column: [] for column in (*_IDENTIFIERS.values(), "other_desc")}
    for child in element.iterfind("identifiers/*"):
        found[_IDENTIFIERS.get(str(child.tag), "other_identifier")].append(value(child, "@value") or "")
        if child.tag not in ("cusip", "isin", "ticker"):
            found["other_desc"].append(value(child, "@otherDesc") or str(child.tag))
    return {column: "; ".join(filter(None, values)) or None for column, values in found.items()}
