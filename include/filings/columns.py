"""A column and the rules of its values: what a value must be, and the text that it becomes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

Type = Literal["accession", "text", "longtext", "code", "integer", "decimal", "date", "timestamp", "boolean"]

_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}", re.ASCII)
_DATE = re.compile(r"[1-9]\d{3}-\d{2}-\d{2}", re.ASCII)  # as MySQL: from the year 1000 to 9999
_TIMESTAMP = re.compile(r"[1-9]\d{3}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", re.ASCII)
_PLAIN_DECIMAL = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*?)0*)?", re.ASCII)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LARGEST = 2**63 - 1
_MOST_LONGTEXT = 256 << 20  # characters; MySQL takes 4 GiB, an Arrow string 2 GiB

# A value to its text (empty for null). Raises `Broken`.
Check = Callable[[Any], str]


class Broken(ValueError):
    """A rule that a value breaks, in words that go on from "but"."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Args:
        name: in lower case.
        type: text is one line and compared as people read it; a code is ASCII and compared to the letter; longtext may
            have lines; a decimal is exact.
        width: the most characters of a text or code, the digits of a decimal.
        scale: the digits of a decimal behind the point.
        nullable: whether it may be empty.
        note: what it says, for people.
        unit: of a number, such as shares or USD.
        least, most: the range of a number; an integer is not negative unless `least` says so.
        values: all that a code may be, when that is known.
    """

    name: str
    type: Type
    width: int = 0
    nullable: bool = True
    note: str = ""
    scale: int = 0
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    values: frozenset[str] = frozenset()

    @property
    def signed(self) -> bool:
        """Whether an integer may be negative."""
        return self.least is not None and self.least < 0


def check_of(column: Column) -> Check:
    """What checks a column's values and makes them text; each begins with what nearly all values are."""
    check = _CHECKS[column.type](column)
    return _one_of(column.values, check) if column.values else check


def _one_of(values: frozenset[str], inner: Check) -> Check:
    def check(value: Any) -> str:
        text = inner(value)
        if text and text not in values:
            raise Broken(f"it must be one of {', '.join(sorted(values))}")
        return text

    return check


def _text(column: Column) -> Check:
    width = column.width

    def check(value: Any) -> str:
        text: str = value if type(value) is str else str(value)
        if not text.isprintable():
            text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if len(text) > width:
            raise Broken(f"it must not be longer than {width} characters")
        return text

    return check


def _code(column: Column) -> Check:
    width, inner = column.width, _text(column)

    def check(value: Any) -> str:
        if type(value) is str and len(value) <= width and value.isascii() and value.isprintable() and " " not in value:
            return value
        text = inner(str(value).strip())  # MySQL compares codes without the blanks at their end
        if not text.isascii():
            raise Broken("it must be ASCII")
        return text

    return check


def _longtext(column: Column) -> Check:
    most = column.width or _MOST_LONGTEXT

    def check(value: Any) -> str:
        text = str(value)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROLS.search(text):
            text = _CONTROLS.sub(" ", text)
        if len(text) > most:
            raise Broken(f"it must not be longer than {most:,} characters")
        return text

    return check


def _usual(text: str) -> bool:
    """Whether a text is a whole number as we write it."""
    return text.isdigit() and text.isascii() and (text[0] != "0" or text == "0")


def _integer(column: Column) -> Check:
    least = 0 if column.least is None else int(column.least)
    most = LARGEST if column.most is None else int(column.most)

    def check(value: Any) -> str:
        if type(value) is str and _usual(value) and len(value) < 19 and least <= int(value) <= most:
            return value
        if type(value) is not int:
            text = str(value).strip() if not isinstance(value, bool) else "a boolean"
            if not text:
                return ""
            if not (text.isascii() and text.removeprefix("-").isdigit()):
                raise Broken("it must be an integer")
            value = int(text)
        if not least <= value <= most:
            raise Broken(f"it must be an integer from {least} to {'2^63-1' if most == LARGEST else most}")
        return str(value)

    return check


def _decimal(column: Column) -> Check:
    digits, scale, least, most = column.width - column.scale, column.scale, column.least, column.most
    bounded = least is not None or most is not None

    def check(value: Any) -> str:
        if type(value) is str and not bounded and len(value) <= digits and _usual(value):
            return value
        text = value.strip() if type(value) is str else str(value)
        if not text:
            return ""
        match = _PLAIN_DECIMAL.fullmatch(text)
        if match is None or not text.strip("+-."):
            match = _PLAIN_DECIMAL.fullmatch(_expanded(text))
        assert match is not None
        sign, whole, part = match[1], match[2], match[3] or ""
        if len(whole) > digits or len(part) > scale:
            raise Broken(f"it must have at most {digits} digits before and {scale} behind the point")
        plain = f"{whole or '0'}.{part}" if part else whole or "0"
        if sign == "-" and plain != "0":
            plain = "-" + plain
        if (least is not None and Decimal(plain) < least) or (most is not None and Decimal(plain) > most):
            raise Broken(f"it must be from {'any' if least is None else least} to {'any' if most is None else most}")
        return plain

    return check


def _expanded(text: str) -> str:
    """A number with an exponent, without it."""
    try:
        number = Decimal(text) if len(text) < 60 and text.isascii() and "_" not in text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 60:
        raise Broken("it must be a decimal number")
    return f"{number:f}"


def _date(column: Column) -> Check:
    def check(value: Any) -> str:
        text = value if type(value) is str else str(value)
        if not text:
            return ""
        if not _DATE.fullmatch(text):
            raise Broken("it must be a date such as 2025-03-31")
        try:
            date.fromisoformat(text)
        except ValueError:
            raise Broken("it must be a date that the calendar has") from None
        return text

    return check


def _timestamp(column: Column) -> Check:
    def check(value: Any) -> str:
        text = str(value).replace("T", " ")
        if not text:
            return ""
        if not _TIMESTAMP.fullmatch(text):
            raise Broken("it must be a timestamp such as 2025-03-31 16:05:00")
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise Broken("it must be a moment that the calendar has") from None
        return text

    return check


def _boolean(column: Column) -> Check:
    def check(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if value in ("true", "false", ""):
            return str(value)
        raise Broken("it must be true or false")

    return check


def _accession(column: Column) -> Check:
    def check(value: Any) -> str:
        text = str(value)
        if text and not _ACCESSION.fullmatch(text):
            raise Broken("it must be an accession number such as 0000320193-25-000073")
        return text

    return check


_CHECKS: Mapping[Type, Callable[[Column], Check]] = {
    "accession": _accession,
    "text": _text,
    "longtext": _longtext,
    "code": _code,
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "timestamp": _timestamp,
    "boolean": _boolean,
}
