"""What a table is: columns, types, keys and the rules that each value must keep, said once for every form of the data.

A row is checked and made text once, here; CSV, Parquet and MySQL are made from that text, so they hold the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Literal

Type = Literal["accession", "text", "longtext", "code", "integer", "decimal", "date", "timestamp", "boolean"]

_ACCESSION = re.compile(r"\d{10}-\d{2}-\d{6}")
_DATE = re.compile(r"[12]\d{3}-\d{2}-\d{2}")
_TIMESTAMP = re.compile(r"[12]\d{3}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}")
_PLAIN_DECIMAL = re.compile(r"([+-]?)0*(\d*)(?:\.(\d*?)0*)?")
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LARGEST = 2**63 - 1
_MOST_LONGTEXT = 256 << 20  # characters; MySQL takes 4 GiB, an Arrow string 2 GiB
_SHOWN = 100

# A value to its text (empty for null). Raises `_Broken`.
_Check = Callable[[Any], str]


class _Broken(ValueError):
    """A rule that a value breaks, in words that go on from "but"."""


class BadRow(ValueError):
    """A row that its table does not take: which accession, column, value and rule, also in the message."""

    def __init__(self, accession: str, table: str, column: str, value: str, rule: str) -> None:
        super().__init__(f"{accession}: {table}.{column} is {value[:_SHOWN]!r}, but {rule}")
        self.accession, self.table, self.column, self.value, self.rule = accession, table, column, value, rule


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


@dataclass(frozen=True)
class Table:
    """A table; its first column is always the accession, by which rows are replaced.

    `name` is its name in MySQL and unique; `file` its name among the files of its dataset.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    indexes: tuple[tuple[str, ...], ...] = ()
    note: str = ""
    file: str = field(default="")

    def __post_init__(self) -> None:
        if not self.file:
            object.__setattr__(self, "file", self.name)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The columns' names, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def known(self) -> frozenset[str]:
        """The columns' names."""
        return frozenset(self.names)

    @property
    def accession(self) -> str:
        """The name of the first column."""
        return self.columns[0].name

    @cached_property
    def multiline(self) -> bool:
        """Whether a row may take several lines of CSV."""
        return any(column.type == "longtext" for column in self.columns)

    @cached_property
    def _checks(self) -> tuple[tuple[str, _Check], ...]:
        return tuple((column.name, _check(column)) for column in self.columns)

    def row(self, values: Mapping[str, Any]) -> list[str]:
        """The fields of a row as text, empty for null, checked against their columns.

        Numbers may come as text too. A decimal's text has no exponent, no sign but minus and no needless zeros.

        Raises:
            BadRow: when a value is missing, too long, out of range or not of its column's type.
        """
        fields = []
        get = values.get
        for name, check in self._checks:
            try:
                fields.append(check(get(name)))
            except _Broken as broken:
                accession = str(values.get(self.accession) or "a row without accession")
                raise BadRow(accession, self.file, name, _shown(get(name)), str(broken)) from None
        return fields

    def key_fields(self, fields: Sequence[str]) -> tuple[str, ...]:
        """The key of a row, in text."""
        return tuple(fields[place] for place in self._key_places)

    @cached_property
    def _key_places(self) -> tuple[int, ...]:
        return tuple(self.names.index(name) for name in self.key)


def key_of(table: Table, row: Sequence[str]) -> str:
    """The key of a row in words, for messages."""
    return ", ".join(f"{name} {value}" for name, value in zip(table.key, table.key_fields(row), strict=True))


def _shown(value: Any) -> str:
    return "" if value is None else str(value)


def _check(column: Column) -> _Check:
    """What checks a column's values."""
    inner = _CHECKS[column.type](column)
    if column.values:
        inner = _one_of(column.values, inner)
    nullable = column.nullable

    def check(value: Any) -> str:
        text = "" if value is None else inner(value)
        if not text and not nullable:
            raise _Broken("it must not be empty")
        return text

    return check


def _one_of(values: frozenset[str], inner: _Check) -> _Check:
    def check(value: Any) -> str:
        text = inner(value)
        if text and text not in values:
            raise _Broken(f"it must be one of {', '.join(sorted(values))}")
        return text

    return check


def _text(column: Column) -> _Check:
    width = column.width

    def check(value: Any) -> str:
        text = value if type(value) is str else str(value)
        if not text.isprintable():
            text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if len(text) > width:
            raise _Broken(f"it must not be longer than {width} characters")
        return text

    return check


def _code(column: Column) -> _Check:
    inner = _text(column)

    def check(value: Any) -> str:
        text = inner(value)
        if not text.isascii():
            raise _Broken("it must be ASCII")
        return text

    return check


def _longtext(column: Column) -> _Check:
    most = column.width or _MOST_LONGTEXT

    def check(value: Any) -> str:
        text = str(value)
        if "\r" in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
        if _CONTROLS.search(text):
            text = _CONTROLS.sub(" ", text)
        if len(text) > most:
            raise _Broken(f"it must not be longer than {most:,} characters")
        return text

    return check


def _integer(column: Column) -> _Check:
    least = 0 if column.least is None else int(column.least)
    most = _LARGEST if column.most is None else int(column.most)

    def check(value: Any) -> str:
        if type(value) is not int:
            text = str(value).strip() if not isinstance(value, bool) else "a boolean"
            if not text:
                return ""
            if not (text.isascii() and text.removeprefix("-").isdigit()):
                raise _Broken("it must be an integer")
            value = int(text)
        if not least <= value <= most:
            raise _Broken(f"it must be an integer from {least} to {'2^63-1' if most == _LARGEST else most}")
        return str(value)

    return check


def _decimal(column: Column) -> _Check:
    digits, scale, least, most = column.width - column.scale, column.scale, column.least, column.most

    def check(value: Any) -> str:
        text = value.strip() if type(value) is str else str(value)
        if not text:
            return ""
        match = _PLAIN_DECIMAL.fullmatch(text)
        if match is None or not text.strip("+-."):
            match = _PLAIN_DECIMAL.fullmatch(_expanded(text))
        assert match is not None
        sign, whole, part = match[1], match[2], match[3] or ""
        if len(whole) > digits or len(part) > scale:
            raise _Broken(f"it must have at most {digits} digits before and {scale} behind the point")
        plain = f"{whole or '0'}.{part}" if part else whole or "0"
        if sign == "-" and plain != "0":
            plain = "-" + plain
        if (least is not None and Decimal(plain) < least) or (most is not None and Decimal(plain) > most):
            raise _Broken(f"it must be from {'any' if least is None else least} to {'any' if most is None else most}")
        return plain

    return check


def _expanded(text: str) -> str:
    """A number with an exponent, without it."""
    try:
        number = Decimal(text) if len(text) < 60 and "_" not in text else None
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite() or abs(number.adjusted()) > 60:
        raise _Broken("it must be a decimal number")
    return f"{number:f}"


def _date(column: Column) -> _Check:
    def check(value: Any) -> str:
        text = str(value)
        if not text:
            return ""
        if not _DATE.fullmatch(text):
            raise _Broken("it must be a date such as 2025-03-31")
        try:
            date.fromisoformat(text)
        except ValueError:
            raise _Broken("it must be a date that the calendar has") from None
        return text

    return check


def _timestamp(column: Column) -> _Check:
    def check(value: Any) -> str:
        text = str(value).replace("T", " ")
        if not text:
            return ""
        if not _TIMESTAMP.fullmatch(text):
            raise _Broken("it must be a timestamp such as 2025-03-31 16:05:00")
        try:
            datetime.fromisoformat(text)
        except ValueError:
            raise _Broken("it must be a moment that the calendar has") from None
        return text

    return check


def _boolean(column: Column) -> _Check:
    def check(value: Any) -> str:
        if isinstance(value, bool):
            return "true" if value else "false"
        if value in ("true", "false", ""):
            return str(value)
        raise _Broken("it must be true or false")

    return check


def _accession(column: Column) -> _Check:
    def check(value: Any) -> str:
        text = str(value)
        if text and not _ACCESSION.fullmatch(text):
            raise _Broken("it must be an accession number such as 0000320193-25-000073")
        return text

    return check


_CHECKS: Mapping[Type, Callable[[Column], _Check]] = {
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
