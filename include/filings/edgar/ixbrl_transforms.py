"""What a marked number, date or word means: the transformation registries of inline XBRL, 2010 to 2022, and the SEC's.

A format is known by its local name: the registries differ in hyphens and add names, but no name changes its meaning.
Sources: xbrl.org transformation rules registries 1 to 5; SEC inline transformations 2015-08-31 (`ixt-sec`).
Dates in other languages than English are not read: the SEC asks for English.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from functools import lru_cache

from filings.edgar import ixbrl_words

Rule = Callable[[str], str]

_PLAIN = re.compile(r"\d*\.?\d*")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[A-Za-z]+")
_SPACES = " \t\r\n\xa0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_abbr) if name}
_SCALE = re.compile(r"\s*[+-]?\d{1,2}\s*")
_LONGEST = 1_000  # characters of a text that stands for a number, a date or a name


class BadValue(ValueError):
    """A text that its format does not allow. `raw` is the text, which stands in for the value."""

    def __init__(self, problem: str, raw: str) -> None:
        super().__init__(f"{problem}; kept as it stands: {raw[:60]!r}")
        self.raw = raw


def number(text: str, format_name: str | None, scale: str | None, negative: bool) -> str:
    """The value of an `ix:nonFraction`: its text transformed, scaled by a power of ten, with its sign.

    Raises:
        BadValue: when the text is no number by its format.
    """
    text = text.strip(_SPACES)
    if format_name is None:
        value = text
        if not _is_decimal(value):
            raise BadValue("a number without format is not plain", text)
    else:
        value = transform(format_name, text)
    if scale not in (None, "", "0"):
        if not _SCALE.fullmatch(scale):
            raise BadValue(f"scale {scale!r} is no integer", text)
        if _is_decimal(value):
            value = shift(value, int(scale))
    return f"-{value}" if negative and value.strip("0.") else value


def converter(format_name: str | None, scale: str | None, negative: bool) -> Rule:
    """What `number` does for all facts of one format, scale and sign, the usual whole number by a short way."""
    places = int(scale) if scale is not None and _SCALE.fullmatch(scale) else 0 if scale in (None, "") else -1
    rule = None if format_name is None else _rule(format_name)
    if places < 0 or not (format_name is None or rule is _dot):
        return lambda text: number(text, format_name, scale, negative)
    separator = "," if rule is _dot else ""
    sign, zeros = "-" if negative else "", "0" * places

    def convert(text: str) -> str:
        digits = text.replace(separator, "") if separator else text
        if digits.isdecimal() and digits.isascii() and digits[0] != "0":
            return f"{sign}{digits}{zeros}"
        return number(text, format_name, scale, negative)

    return convert


def transform(format_name: str, text: str) -> str:
    """The value that a text has by a transformation such as `ixt:num-dot-decimal`.

    Raises:
        BadValue: when the transformation is not known, or the text is not what it takes.
    """
    rule = _rule(format_name)
    if rule is None:
        raise BadValue(f"format {format_name} is not known", text)
    stripped = text.strip(_SPACES)
    if len(stripped) > _LONGEST and not isinstance(rule, _Constant):
        raise BadValue(f"too long for format {format_name}", text)
    try:
        return rule(stripped)
    except (ValueError, KeyError, IndexError, StopIteration):
        raise BadValue(f"not what format {format_name} takes", text) from None


def shift(value: str, places: int) -> str:
    """A plain decimal times ten to the power of `places`, exactly."""
    whole, _, fraction = value.partition(".")
    if places >= 0:
        fraction = fraction.ljust(places, "0")
        whole, fraction = whole + fraction[:places], fraction[places:]
    else:
        whole = whole.rjust(-places, "0")
        whole, fraction = whole[:places], whole[places:] + fraction
    whole = whole.lstrip("0") or "0"
    return f"{whole}.{fraction}" if fraction else whole


@lru_cache(maxsize=512)
def _rule(format_name: str) -> Rule | None:
    return RULES.get(format_name.rpartition(":")[2].replace("-", "").lower())


def _is_decimal(value: str) -> bool:
    return value != "" and value != "." and value.isascii() and _PLAIN.fullmatch(value) is not None


def _decimal(value: str) -> str:
    if not _is_decimal(value):
        raise ValueError(value)
    if value[0] == ".":
        return f"0{value}"
    return value.lstrip("0") or "0" if value[0] == "0" and "." not in value else value


def _dot(text: str) -> str:
    """1,234.56, with commas or blanks between the groups."""
    if text.isascii() and text.isdigit():
        return text.lstrip("0") or "0"
    return _decimal(_without(text, ","))


def _comma(text: str) -> str:
    """1.234,56."""
    return _decimal(_without(text, ".").replace(",", "."))


def _unit(text: str) -> str:
    """12 dollars 50 cents: two numbers with words between them."""
    whole, fraction = _NUMBER.findall(_without(text, ".,"))
    return f"{int(whole)}.{int(fraction):02d}"


def _without(text: str, separators: str) -> str:
    for character in separators + _SPACES + "'`\u2019\u2032":
        if character in text:
            text = text.replace(character, "")
    return text


class _Constant:
    """The meaning of a format, whatever the text is."""

    def __init__(self, value: str) -> None:
        self._value = value

    def __call__(self, text: str) -> str:
        return self._value


def _year(text: str) -> int:
    number = int(text)
    return number + 2000 if len(text) <= 2 else number


def _numeric_date(order: str) -> Rule:
    def rule(text: str) -> str:
        found = dict(zip(order, _NUMBER.findall(text), strict=True))
        return _date(found, int(found["M"]) if "M" in found else None)

    return rule


def _named_date(order: str) -> Rule:
    def rule(text: str) -> str:
        found = dict(zip(order, _NUMBER.findall(text), strict=True))
        months = [_MONTHS[word[:3].lower()] for word in _WORD.findall(text) if word[:3].lower() in _MONTHS]
        return _date(found, months[0])

    return rule


def _date(found: dict[str, str], month: int | None) -> str:
    """An ISO date, or the part of one that there is: `--MM-DD`, `YYYY-MM`."""
    if month is None or not 1 <= month <= 12:
        raise ValueError(month)
    if "D" not in found:
        return f"{_year(found['Y']):04d}-{month:02d}"
    day = int(found["D"])
    year = _year(found["Y"]) if "Y" in found else 2000  # a leap year, so that 29 February is a day
    if not 1 <= day <= calendar.monthrange(year, month)[1]:
        raise ValueError(day)
    return f"{year:04d}-{month:02d}-{day:02d}" if "Y" in found else f"--{month:02d}-{day:02d}"


_QUARTERS = {"first": 3, "1": 3, "second": 6, "2": 6, "third": 9, "3": 9, "fourth": 12, "4": 12, "last": 12}


def _quarter_end(text: str) -> str:
    words = re.findall(r"[A-Za-z]+|\d+", text.lower())
    year = next(int(word) for word in words if len(word) == 4 and word.isdigit())
    month = next(_QUARTERS[word] for word in words if word in _QUARTERS)
    return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def _ballot(yes: str, no: str) -> Rule:
    boxes = {"☑": yes, "☒": yes, "☐": no, "þ": yes, "ý": yes, "x": yes, "X": yes, "o": no, "¨": no}
    return lambda text: boxes[text]


def _rules() -> dict[str, Rule]:
    rules: dict[str, Rule] = {
        **dict.fromkeys(("numdotdecimal", "numcommadot", "numspacedot", "numdotdecimalin", "numcomma"), _dot),
        **dict.fromkeys(("numcommadecimal", "numdotcomma", "numspacecomma"), _comma),
        "numdotdecimalapos": _dot,
        "numcommadecimalapos": _comma,
        "numunitdecimal": _unit,
        "numunitdecimalin": _unit,
        **dict.fromkeys(("zerodash", "numdash", "fixedzero"), _Constant("0")),
        **dict.fromkeys(("nocontent", "fixedempty"), _Constant("")),
        **dict.fromkeys(("booleanfalse", "fixedfalse"), _Constant("false")),
        **dict.fromkeys(("booleantrue", "fixedtrue"), _Constant("true")),
        "datequarterend": _quarter_end,
        "numinf": _Constant("INF"),
        "numneginf": _Constant("-INF"),
        "numnan": _Constant("NaN"),
        "boolballotbox": _ballot("true", "false"),
        "yesnoballotbox": _ballot("Yes", "No"),
    }
    numeric = {
        "DMY": ("dateslasheu", "datedoteu", "datedaymonthyear"),
        "MDY": ("dateslashus", "datedotus", "datemonthdayyear"),
        "YMD": ("dateyearmonthday",),
        "DM": ("datedaymonth", "dateslashdaymontheu"),
        "MD": ("datemonthday", "dateslashmonthdayus"),
        "MY": ("datemonthyear",),
        "YM": ("dateyearmonth",),
    }
    named = {
        "DY": ("datedaymonthyearen", "datedaymonthnameyearen", "datelonguk", "dateshortuk"),
        "DY ": ("datemonthdayyearen", "datemonthnamedayyearen", "datelongus", "dateshortus"),
        "D": ("datedaymonthen", "datedaymonthnameen", "datelongdaymonthuk", "dateshortdaymonthuk"),
        "D ": ("datemonthdayen", "datemonthnamedayen", "datelongmonthdayus", "dateshortmonthdayus"),
        "Y": ("datemonthyearen", "datemonthnameyearen", "datelongmonthyear", "dateshortmonthyear"),
        "Y ": ("dateyearmonthen", "dateyearmonthnameen", "datelongyearmonth", "dateshortyearmonth"),
    }
    rules.update({name: _numeric_date(order) for order, names in numeric.items() for name in names})
    rules.update({name: _named_date(order.strip()) for order, names in named.items() for name in names})
    return rules | ixbrl_words.RULES


RULES: dict[str, Rule] = _rules()
