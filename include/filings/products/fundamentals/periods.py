"""Dates as the SEC's data sets have them: rounded to month ends, and lengths of time counted in quarters.

Companies close their books on the last Saturday of a month, or in weeks; rounded, the figures of all can be put side by
side. Source: Financial Statement Data Sets readme, 5.3 (ddate, qtrs).
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

from filings.edgar.xbrl_model import Period

_QUARTER = 365.25 / 4  # days
_EARLIEST = 1800  # a year before it is a slip of the pen
_NEXT_MONTH = 15  # days of a month that are nearer to the end of the month before


class NoDate(ValueError):
    """A period without a day at its end; the message says what stands there."""


def rounded(day: date) -> date:
    """The nearest end of a month; the earlier one in the middle."""
    first = day.replace(day=1)
    return first - timedelta(days=1) if day.day <= _NEXT_MONTH else _month_end(first)


def ddate_qtrs(period: Period) -> tuple[date, int]:
    """The rounded end of a period and its length in quarters, 0 for a point in time.

    Raises:
        NoDate: for a period that is forever, or whose dates are none.
    """
    if "instant" in period:
        return _rounded_end(period["instant"]), 0
    if "end" not in period or "start" not in period:
        raise NoDate("forever" if period.get("forever") else "nothing")
    end = period["end"]
    return _rounded_end(end), _quarters(period["start"], end)


def last_day(text: str) -> date:
    """The day on which a period ends, of a date or a timestamp: midnight ends the day before (XBRL 2.1, 4.7.2).

    Raises:
        NoDate: when it is neither.
    """
    word = text.strip()
    try:
        day = date.fromisoformat(word[:10])
    except ValueError:
        raise NoDate(text) from None
    if day.year < _EARLIEST:
        raise NoDate(text)
    return day - timedelta(days=1) if word[10:].startswith("T00:00:00") else day


def first_day(text: str) -> date:
    """The day on which a period starts. Raises `NoDate`."""
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        raise NoDate(text) from None


@lru_cache(4096)
def _rounded_end(text: str) -> date:
    return rounded(last_day(text))


@lru_cache(4096)
def _quarters(start: str, end: str) -> int:
    days = (last_day(end) - first_day(start)).days + 1
    return max(0, int(days / _QUARTER + 0.5))


def _month_end(first: date) -> date:
    return first.replace(day=monthrange(first.year, first.month)[1])
