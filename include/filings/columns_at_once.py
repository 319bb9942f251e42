"""Many values of a column at once: the same rules as for one, looked at by a few calls of C.

Most of the time of making rows goes into checking values, and nearly all of them are as they should be. Whatever is not
plainly so is left to `filings.columns`, value by value; so no rule is decided here, only seen to be kept.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from filings.columns import LARGEST, Column

# Values to their texts; None when they are to be looked at one by one.
AtOnce = Callable[[Sequence[Any]], Sequence[str] | None]
_Regular = Callable[[Sequence[str]], bool]

_NULL = type(None)
_BOOLEANS = {True: "true", False: "false", None: ""}
_DAY = r"[1-9][0-9]{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_DATES = re.compile(rf"(?:(?:{_DAY})?\n)*")
_TIMESTAMPS = re.compile(rf"(?:(?:{_DAY} (?:[01][0-9]|2[0-3])(?::[0-5][0-9]){{2}})?\n)*")
_INTEGERS = re.compile(r"(?:(?:0|[1-9][0-9]{0,17})?\n)*")
_ACCESSION = re.compile(r"[0-9]{10}-[0-9]{2}-[0-9]{6}")


def at_once(column: Column) -> AtOnce:
    """What makes many values of a column text, null being None or empty."""
    regular = _regular(column)
    least, most = _range(column)

    def texts_of(values: Sequence[Any]) -> Sequence[str] | None:
        kinds = set(map(type, values))
        if kinds == {int} and column.type in ("integer", "decimal"):
            return list(map(str, values)) if least <= min(values) and max(values) <= most else None
        if bool in kinds and column.type == "boolean" and kinds <= {bool, _NULL}:
            texts: Sequence[str] = [_BOOLEANS[value] for value in values]
        elif kinds <= {str, _NULL}:
            texts = [value or "" for value in values] if _NULL in kinds else values
            if not regular(texts):
                return None
        else:
            return None
        return texts if column.nullable or "" not in texts else None

    return texts_of


def _range(column: Column) -> tuple[int, int]:
    """Whole numbers that a column surely takes."""
    least, most = 0, LARGEST if column.type == "integer" else 10 ** max(0, column.width - column.scale) - 1
    return (
        least if column.least is None else math.ceil(column.least),
        most if column.most is None else min(most, math.floor(column.most)),
    )


def _regular(column: Column) -> _Regular:
    """Whether texts are all as the column wants them, and as they are to be written."""
    width, words = column.width, column.values | {""}
    bounded = column.least is not None or column.most is not None
    match column.type:
        case "text":
            return lambda texts: "".join(texts).isprintable() and max(map(len, texts)) <= width
        case "code" if column.values:
            return lambda texts: words.issuperset(texts)
        case "code":
            return lambda texts: _plain("".join(texts)) and max(map(len, texts)) <= width
        case "decimal" if not bounded:
            return _all(_decimals(column))
        case "integer" if not bounded:
            return _all(_INTEGERS)
        case "date":
            return _all(_DATES)
        case "timestamp":
            return _all(_TIMESTAMPS)
        case "boolean":
            return {"true", "false", ""}.issuperset
        case "accession":
            return lambda texts: all(map(_ACCESSION.fullmatch, set(texts)))
        case _:
            return lambda texts: False


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text


def _all(pattern: re.Pattern[str]) -> _Regular:
    """Whether each text, ended by a line break, is what the pattern repeats."""
    return lambda texts: pattern.fullmatch("\n".join(texts) + "\n") is not None


def _decimals(column: Column) -> re.Pattern[str]:
    """Numbers in their shortest form, or nothing: no sign but minus, no needless zeros, no exponent."""
    digits, scale = column.width - column.scale, column.scale
    whole = rf"[1-9][0-9]{{0,{digits - 1}}}" if digits else r"(?!)"
    part = rf"\.[0-9]{{0,{scale - 1}}}[1-9]" if scale else r"(?!)"
    return re.compile(rf"(?:(?:0|-?{whole}|-?(?:0|{whole}){part})?\n)*")
