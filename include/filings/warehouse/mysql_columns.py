"""A table of MySQL whose columns are not those of its dataset any more: what was added is added, what is wider widened.

Both are said by the server: the table as it is, and one made for the columns of now. Neither touches a row.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pymysql.connections import Connection

from filings.tables import Table
from filings.warehouse.mysql import create_table, definitions

_SIZED = re.compile(r"(varchar|char)\((\d+)\)")
_DECIMAL = re.compile(r"decimal\((\d+),(\d+)\)")
_INTEGER = re.compile(r"(bigint|int|tinyint)\(\d+\)")  # a display width, which newer servers do not show
_TEXTS = ("text", "mediumtext", "longtext")  # by what they hold


@dataclass(frozen=True, slots=True)
class Shape:
    """What a server says of a column."""

    type: str
    collation: str
    nullable: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What a table of MySQL lacks.

    `change` is the statement that makes up for it, or empty when there is nothing to do; `wrong` says in words what no
    statement can make right without a loss.
    """

    change: str = ""
    wrong: str = ""


def compare(connection: Connection[Any], table: Table, scratch: str) -> Difference:
    """Hold a table of MySQL against the columns that it should have; `scratch` names a table to make and drop."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS `{scratch}`")
        cursor.execute(create_table(table, scratch, indexed=False))
        wanted = shapes(cursor, scratch)
        cursor.execute(f"DROP TABLE `{scratch}`")
        return difference(table, shapes(cursor, table.name), wanted)


def shapes(cursor: Any, name: str) -> dict[str, Shape]:
    """The columns of a table in their order."""
    cursor.execute(f"SHOW FULL COLUMNS FROM `{name}`")
    return {
        str(field): Shape(_INTEGER.sub(r"\1", str(kind).lower()), str(collation or ""), null == "YES")
        for field, kind, collation, null, *_ in cursor.fetchall()
    }


def difference(table: Table, found: Mapping[str, Shape], wanted: Mapping[str, Shape]) -> Difference:
    """What is to be done so that the columns found are those wanted, in their order."""
    if gone := [name for name in found if name not in wanted]:
        return Difference(wrong=f"it has {', '.join(gone)}, which its dataset has not")
    if [name for name in wanted if name in found] != list(found):
        return Difference(wrong=f"its columns are in another order: {', '.join(found)}")
    steps, before = [], ""
    for column, definition in definitions(table):
        place = f"AFTER `{before}`" if before else "FIRST"
        before = column.name
        now, shape = found.get(column.name), wanted[column.name]
        if now is None:
            steps.append(f"ADD COLUMN `{column.name}` {definition} {place}")
        elif now != shape and _takes_all(now, shape):
            steps.append(f"MODIFY COLUMN `{column.name}` {definition}")
        elif now != shape:
            return Difference(wrong=f"its {column.name} is {_words(now)} and should be {_words(shape)}")
    return Difference(change=f"ALTER TABLE `{table.name}` {', '.join(steps)}" if steps else "")


def _takes_all(now: Shape, wanted: Shape) -> bool:
    """Whether a column of the wanted shape holds whatever one of the other shape holds."""
    if (now.nullable and not wanted.nullable) or now.collation != wanted.collation:
        return False
    if now.type == wanted.type:
        return True
    if (some := _DECIMAL.fullmatch(now.type)) and (more := _DECIMAL.fullmatch(wanted.type)):
        digits, scale = int(more[1]) - int(some[1]), int(more[2]) - int(some[2])
        return scale >= 0 and digits >= scale
    if some := _SIZED.fullmatch(now.type):
        more = _SIZED.fullmatch(wanted.type)
        return wanted.type in _TEXTS or (more is not None and more[1] == some[1] and int(more[2]) >= int(some[2]))
    return now.type in _TEXTS and wanted.type in _TEXTS[_TEXTS.index(now.type) :]


def _words(shape: Shape) -> str:
    return f"{shape.type}{'' if shape.nullable else ' not null'}"
