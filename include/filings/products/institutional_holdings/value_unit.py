"""Whether a 13F says values in thousands of dollars or in dollars.

Until the end of 2022 form 13F asked for thousands, since 3 January 2023 it asks for dollars (EDGAR release 22.4.1), by
the date of filing and not of the report. Some filers changed late, and some never wrote thousands: the prices that
values and shares imply tell, when enough of them agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from filings.products.institutional_holdings.infotable import AMOUNT, COLUMNS, KIND, VALUE, Entry

Unit = Literal["dollars", "thousands"]

CHANGE = "2023-01-03"
LAST_IN_THOUSANDS = "2022-12-31"  # a report on this quarter end cannot have been filed before the change
SAMPLE = 1000  # rows that are asked for their prices
_USUAL = {"SH": (0.5, 5000.0), "PRN": (0.05, 20.0)}  # USD a share; USD a dollar of principal
_ENOUGH = 3  # securities that must agree to overrule a date: one may cost as much as Berkshire Hathaway's A share
_CUSIP = COLUMNS.index("cusip")


@dataclass(frozen=True, slots=True)
class Decision:
    """The unit, how it was decided, and what speaks against it; no unit when nothing tells."""

    unit: Unit | None
    basis: str = ""
    doubt: str = ""


def decide(sample: Sequence[Entry], filed: str | None, signed: str | None, period: str | None) -> Decision:
    """The unit of a filing's values.

    Args:
        sample: some of its rows; may be none.
        filed: the filing date, `YYYY-MM-DD`.
        signed: when the cover page was signed, where the filing date is not known.
        period: the quarter end that it reports on.
    """
    dated, basis = _by_date(filed, signed, period)
    dollars, thousands, asked, securities = _usual_prices(sample)
    implied: Unit | None = None
    if dollars != thousands:
        implied = "dollars" if dollars > thousands else "thousands"
    if dated is None:
        return Decision(implied, "implied prices") if implied else Decision(None)
    agreeing, opposing = (dollars, thousands) if dated == "dollars" else (thousands, dollars)
    if implied in (None, dated) or opposing * 5 < asked * 4 or agreeing * 5 > asked:
        return Decision(dated, basis)
    said = f"values over shares imply usual prices in {implied} for {opposing} of {asked} rows"
    if securities < _ENOUGH:
        return Decision(dated, basis, f"{said}, too few securities to overrule the {basis}")
    return Decision(implied, "implied prices", f"the {basis} asks for {dated}; {said}")


def _by_date(filed: str | None, signed: str | None, period: str | None) -> tuple[Unit | None, str]:
    for day, basis in ((filed, "filing date"), (signed, "signature date")):
        if day:
            return ("dollars" if day >= CHANGE else "thousands"), basis
    if period and period >= LAST_IN_THOUSANDS:
        return "dollars", "period of report"
    return None, ""


def _usual_prices(sample: Sequence[Entry]) -> tuple[int, int, int, int]:
    """In how many rows the price is usual in dollars and in thousands, of how many, and of how many securities."""
    dollars = thousands = asked = 0
    securities = set()
    for entry in sample:
        least, most = _USUAL.get(entry[KIND] or "", (0.0, 0.0))
        try:
            price = float(entry[VALUE] or 0) / float(entry[AMOUNT] or 0)
        except (ValueError, ZeroDivisionError):
            continue
        if price <= 0 or not most:
            continue
        asked += 1
        securities.add(entry[_CUSIP])
        dollars += least <= price <= most
        thousands += least <= price * 1000 <= most
    return dollars, thousands, asked, len(securities)
