"""What a table is: columns, types, keys and the rules that each value must keep, said once for every form of the data.

A row is checked and made text once, here; CSV, Parquet and MySQL are made from that text, so they hold the same.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from typing import Any

from filings.columns import Broken, Check, Column, check_of
from filings.columns_at_once import AtOnce, at_once

__all__ = ["BadRow", "Column", "Columns", "Table", "columns_of", "key_of"]

_SHOWN = 100
Columns = Mapping[str, Sequence[Any]]  # a column's values, row by row


class BadRow(ValueError):
    """A row that its table does not take: which accession, column, value and rule, also in the message."""

    def __init__(self, accession: str, table: str, column: str, value: str, rule: str) -> None:
        super().__init__(f"{accession}: {table}.{column} is {value[:_SHOWN]!r}, but {rule}")
        self.accession, self.table, self.column, self.value, self.rule = accession, table, column, value, rule


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
    def _checks(self) -> tuple[tuple[str, Check, bool], ...]:
        return tuple((column.name, check_of(column), column.nullable) for column in self.columns)

    @cached_property
    def _at_once(self) -> tuple[AtOnce, ...]:
        return tuple(map(at_once, self.columns))

    def row(self, values: Mapping[str, Any]) -> list[str]:
        """The fields of a row as text, empty for null, checked against their columns.

        Numbers may come as text too. A decimal's text has no exponent, no sign but minus and no needless zeros.

        Raises:
            BadRow: when a value is missing, too long, out of range or not of its column's type.
        """
        fields = []
        get = values.get
        name = ""
        try:
            for name, check, nullable in self._checks:
                value = get(name)
                text = "" if value is None else check(value)
                if not (text or nullable):
                    raise Broken("it must not be empty")
                fields.append(text)
        except Broken as broken:
            accession = str(get(self.accession) or "a row without accession")
            value = get(name)
            raise BadRow(accession, self.file, name, "" if value is None else str(value), str(broken)) from None
        return fields

    def rows(
        self, rows: Sequence[Mapping[str, Any]], accession: str, given: Columns | None = None
    ) -> list[list[str]] | None:
        """The fields of many rows, as `row` gives them, several times as quickly; None when it refuses one of them.

        Args:
            rows: at least one.
            accession: goes into rows that have none.
            given: what `columns_of` says of them.
        """
        columns: list[Sequence[str]] = []
        for (name, check, nullable), many in zip(self._checks, self._at_once, strict=True):
            default = None if columns else accession
            if given is None:
                values: Sequence[Any] = [row.get(name, default) for row in rows]
            else:
                values = given[name] if name in given else [default] * len(rows)
            texts = many(values)
            if texts is None:
                try:
                    texts = ["" if value is None else check(value) for value in values]
                except Broken:
                    return None
                if not nullable and "" in texts:
                    return None
            columns.append(texts)
        return list(map(list, zip(*columns, strict=True)))

    @cached_property
    def key_fields(self) -> Callable[[Sequence[str]], tuple[str, ...]]:
        """From a row in text to its key."""
        places = [self.names.index(name) for name in self.key]
        if len(places) > 1:
            return itemgetter(*places)
        only = places[0]
        return lambda fields: (fields[only],)


def columns_of(rows: Sequence[Mapping[str, Any]]) -> Columns | None:
    """The values by column of rows that all have the same columns, as nearly all do; None when they have not."""
    names = list(rows[0])
    if len(names) < 2 or set(map(len, rows)) != {len(names)}:
        return None
    try:
        return dict(zip(names, zip(*map(itemgetter(*names), rows), strict=True), strict=True))
    except KeyError:
        return None


def key_of(table: Table, row: Sequence[str]) -> str:
    """The key of a row in words, for messages."""
    return ", ".join(f"{name} {value}" for name, value in zip(table.key, table.key_fields(row), strict=True))
