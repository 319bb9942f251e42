"""Words that stand for numbers, durations and codes in inline XBRL: the `ixt-sec` transformations.

Source: SEC inline transformations 2015-08-31, and the SEC's code lists of places and exchanges.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from filings.edgar.ixbrl_places import COUNTRIES, EDGAR_PLACES, STATES

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_ROUND = "twenty thirty forty fifty sixty seventy eighty ninety"
_ONES = {word: value for value, word in enumerate(_BELOW_TWENTY.split())}
_ONES |= {"no": 0, "none": 0, "nil": 0, "a": 1, "an": 1}
_TENS = {word: 10 * value for value, word in enumerate(_ROUND.split(), start=2)}
_POWERS = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12, "quadrillion": 10**15}
_EXCHANGES = {
    "box exchange": "BOX",
    "cboe byx exchange": "CboeBYX",
    "cboe bzx exchange": "CboeBZX",
    "cboe c2 exchange": "C2",
    "cboe edga exchange": "CboeEDGA",
    "cboe edgx exchange": "CboeEDGX",
    "cboe exchange": "CBOE",
    "chicago stock exchange": "CHX",
    "nyse chicago": "CHX",
    "nyse texas": "CHX",
    "investors exchange": "IEX",
    "long-term stock exchange": "LTSE",
    "miami international securities exchange": "MIAX",
    "miax pearl": "PEARL",
    "nasdaq bx": "BX",
    "nasdaq gemx": "GEMX",
    "nasdaq ise": "ISE",
    "nasdaq mrx": "MRX",
    "nasdaq phlx": "Phlx",
    "nyse": "NYSE",
    "new york stock exchange": "NYSE",
    "nyse american": "NYSEAMER",
    "nyse mkt": "NYSEAMER",
    "nyse arca": "NYSEArca",
    "nyse national": "NYSENAT",
    "nasdaq": "NASDAQ",
    "nasdaq stock market": "NASDAQ",
    "nasdaq global market": "NASDAQ",
    "nasdaq global select market": "NASDAQ",
    "nasdaq capital market": "NASDAQ",
}
_FILERS = {
    "large accelerated filer": "Large Accelerated Filer",
    "accelerated filer": "Accelerated Filer",
    "non accelerated filer": "Non-accelerated Filer",
}
_HYPHENS = re.compile(r"[\u058a\u05be\u2010-\u2015\ufe58\ufe63\uff0d-]")
_COMPANY_ENDING = re.compile(r",?\s+(?:llc|inc\.?|l\.l\.c\.)$")
_UNIT = re.compile(r"\s*(year|month|week|day|hour)s?\b")
_DECIMAL = re.compile(r"[+-]?(?:\d{1,12}(?:\.\d{0,30})?|\.\d{1,30})")
_DAYS_A_MONTH = Fraction(304375, 10000)  # what the SEC's own rules reckon with


def number_of_words(text: str) -> int:
    """`two hundred and five thousand` as 205000. Raises ValueError or KeyError."""
    words = _HYPHENS.sub(" ", text.lower()).replace(",", " ").split()
    if not words:
        raise ValueError("no words")
    total = group = 0
    for word in words:
        if word == "and":
            continue
        if word == "hundred":
            group = (group or 1) * 100
        elif word in _POWERS:
            total += (group or 1) * _POWERS[word]
            group = 0
        elif word in _TENS:
            group += _TENS[word]
        else:
            group += int(word) if word.isascii() and word.isdigit() else _ONES[word]
    return total + group


def _duration_words(text: str) -> str:
    """`two years, 3 months and five days` as P2Y3M5D."""
    found = dict.fromkeys(("year", "month", "week", "day", "hour"), -1)
    rest = _HYPHENS.sub(" ", text.lower()).strip()
    pieces = _UNIT.split(rest)
    for words, unit in zip(pieces[::2], pieces[1::2], strict=False):
        found[unit] = number_of_words(words.strip(" ,"))
    if all(value < 0 for value in found.values()):
        raise ValueError(text)
    if found["week"] >= 0:
        found["day"] = max(found["day"], 0) + 7 * found["week"]
    letters = (("year", "Y"), ("month", "M"), ("day", "D"))
    days = "".join(f"{found[unit]}{letter}" for unit, letter in letters if found[unit] >= 0)
    return f"P{days}" + (f"T{found['hour']}H" if found["hour"] >= 0 else "")


def _duration(unit: str) -> Callable[[str], str]:
    """A number of years, months, weeks, days or hours as a duration; what is over spills one or two units down."""

    def rule(text: str) -> str:
        if not _DECIMAL.fullmatch(text):
            raise ValueError(text)
        amount = Fraction(text.lstrip("+-"))
        sign = "-" if text.startswith("-") and amount else ""
        if unit == "week":
            return f"{sign}P{int(amount * 7)}D"
        if unit == "hour":
            return f"{sign}PT{int(amount)}H"
        whole = int(amount)
        rest = amount - whole
        if unit == "day":
            hours = int(rest * 24)
            return f"{sign}P{whole}D" + (f"T{hours}H" if hours else "")
        if unit == "month":
            days = int(rest * _DAYS_A_MONTH)
            return f"{sign}P{whole}M" + (f"{days}D" if days else "")
        months = int(rest * 12)
        days = int((rest * 12 - months) * _DAYS_A_MONTH)
        return f"{sign}P{whole}Y" + (f"{months}M" if months else "") + (f"{days}D" if days else "")

    return rule


def _key(text: str) -> str:
    return " ".join(text.lower().replace("\u2019", "'").split()).strip(" .,")


def _exchange(text: str) -> str:
    name = _COMPANY_ENDING.sub("", _key(text)).removeprefix("the ")
    return _EXCHANGES[name]


def _filer_category(text: str) -> str:
    return _FILERS[_key(re.sub(r"\W+", " ", text))]


def _place(table: dict[str, str]) -> Callable[[str], str]:
    codes = set(table.values())

    def rule(text: str) -> str:
        key = _key(text)
        return table.get(key) or table.get(key.removeprefix("the ").removeprefix("state of ")) or _code(key, codes)

    return rule


def _code(key: str, codes: set[str]) -> str:
    if key.upper() not in codes:
        raise KeyError(key)
    return key.upper()


RULES: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(("numwordsen", "numworden"), lambda text: str(number_of_words(text))),
    "durwordsen": _duration_words,
    **{f"dur{unit}": _duration(unit) for unit in ("year", "month", "week", "day", "hour")},
    "exchnameen": _exchange,
    "entityfilercategoryen": _filer_category,
    "stateprovnameen": _place(STATES),
    "countrynameen": _place(COUNTRIES),
    "edgarprovcountryen": _place(EDGAR_PLACES),
}
