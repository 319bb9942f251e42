"""The connection to MySQL and what is particular to its SQL: types, tables, errors. Works on MySQL 8 and MariaDB."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql
import stamina
from pymysql.connections import Connection

from filings.logs import log
from filings.settings import MissingSetting, Settings
from filings.tables import Column, Table

# Not reachable, gone away, lost, too many connections, shutting down: what waiting may cure.
_TRANSIENT = {1040, 1053, 1927, 2002, 2003, 2006, 2013}
_LOCK_LOST = {1205, 1213}
_LONGEST_WAIT = 15.0
_ASCII = "CHARACTER SET ascii COLLATE ascii_bin"
_MOST_VARCHAR = 2000  # characters; a wider text lies outside of its row
_MOST_ROW, _MOST_PAGE = 60_000, 7_500  # bytes
_POINTER = 40  # bytes in the page of what lies outside of it
_MOST_INDEXED = 191  # characters of a text in an index


class MysqlUnavailable(RuntimeError):
    """MySQL could not be reached in the time there was."""


class MysqlRefused(RuntimeError):
    """MySQL does not take what we want: wrong password, no such database, loading of files not allowed."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where MySQL is, from a URL mysql://user:password@host:port/database."""

    host: str
    port: int
    user: str
    password: str
    database: str

    @classmethod
    def of(cls, settings: Settings) -> Address:
        """The address in the settings.

        Raises:
            MissingSetting: when MYSQL_URL is not set or no such URL; the message does not repeat its password.
        """
        parts = urlsplit(settings.mysql_url or "")
        database = parts.path.lstrip("/")
        if parts.scheme.partition("+")[0] not in ("mysql", "mariadb") or not parts.hostname or not database:
            raise MissingSetting("MYSQL_URL must be set, such as mysql://user:password@host:3306/filings")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        return cls(parts.hostname, parts.port or 3306, user, password, database)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def connect(address: Address) -> Connection[Any]:
    """One connection. Raises `pymysql.err.OperationalError`, or `MysqlRefused` where waiting would not help."""
    try:
        return pymysql.connect(
            host=address.host,
            port=address.port,
            user=address.user,
            password=address.password,
            database=address.database,
            charset="utf8mb4",
            local_infile=True,
            autocommit=True,
            connect_timeout=10,
            read_timeout=3600,
            init_command="SET SESSION sql_mode='STRICT_ALL_TABLES,NO_ZERO_DATE', time_zone='+00:00'",
        )
    except pymysql.err.OperationalError as error:
        if is_transient(error):
            raise
        raise MysqlRefused(f"MySQL at {address} refuses database {address.database}: {error.args[1]}") from error


@contextlib.contextmanager
def attempts(address: Address, seconds: float, task: str) -> Iterator[Iterator[Any]]:
    """Tries to work with MySQL until it is there, for some time; each failed try says so. `task` is named in the error.

    Use as `with attempts(…) as tries: for attempt in tries: with attempt: …`. What runs inside must be repeatable.

    Raises:
        MysqlUnavailable: naming host, port and what to do, when the time is over.
    """

    def failed(error: Exception) -> bool:
        if not (isinstance(error, pymysql.err.Error) and is_transient(error)):
            return False
        log.warning("mysql_not_there", address=str(address), error=_words(error), note=f"trying for {seconds:.0f} s")
        return True

    try:
        yield iter(
            stamina.retry_context(
                on=failed, attempts=None, timeout=seconds, wait_initial=0.5, wait_max=_LONGEST_WAIT, wait_jitter=0.5
            )
        )
    except pymysql.err.Error as error:
        if not is_transient(error):
            raise
        raise MysqlUnavailable(
            f"MySQL at {address} was not there for {seconds:.0f} s ({_words(error)}); "
            f"start it or mend MYSQL_URL, then run {task} again: it goes on where it stopped"
        ) from error


def is_transient(error: pymysql.err.Error) -> bool:
    """Whether waiting may cure an error."""
    code = error.args[0] if error.args else None
    return isinstance(error, pymysql.err.InterfaceError) or code in _TRANSIENT | _LOCK_LOST


def create_table(table: Table, name: str | None = None, indexed: bool = True) -> str:
    """The DDL of a table, with its secondary indexes or (to load many rows) without."""
    columns = [f"`{column.name}` {definition}" for column, definition in definitions(table)]
    primary = ", ".join(f"`{key}`" for key in table.key)
    inside = ",\n  ".join([*columns, f"PRIMARY KEY ({primary})", *(_indexes(table) if indexed else [])])
    return (
        f"CREATE TABLE IF NOT EXISTS `{name or table.name}` (\n  {inside}\n) "
        "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
    )


def definitions(table: Table) -> list[tuple[Column, str]]:
    """The columns with their definitions, type and NOT NULL.

    A row may have 65,535 bytes and take half a page of 16 KiB, but for texts that lie outside of it; where columns
    could come to more, the widest texts do.
    """
    types = {column.name: _type(column) for column in table.columns}
    indexed = {*table.key, *(name for index in table.indexes for name in index)}
    texts = [c for c in table.columns if c.type in ("text", "code") and c.name not in indexed]
    for most, size in ((_MOST_ROW, _bytes), (_MOST_PAGE, _page_bytes)):
        total = sum(_POINTER if "TEXT" in types[column.name] else size(column) for column in table.columns)
        for column in sorted(texts, key=size, reverse=True):
            if total > most and "TEXT" not in types[column.name] and size(column) > _POINTER:
                types[column.name] = _outside(column)
                total -= size(column) - _POINTER
    return [(column, f"{types[column.name]}{'' if column.nullable else ' NOT NULL'}") for column in table.columns]


def add_indexes(table: Table, name: str) -> str | None:
    """The DDL that adds the secondary indexes to a table that was made without, or None when it has none."""
    return f"ALTER TABLE `{name}` {', '.join(f'ADD {index}' for index in _indexes(table))}" if table.indexes else None


def load_statement(table: Table, into: str) -> str:
    """LOAD DATA of our CSV without header; `%s` is the file. Empty is null, booleans are words.

    Bytes are counted to tell what is empty: by MySQL's comparison a blank is as good as nothing.
    """
    variables, sets = [], []
    for column in table.columns:
        variables.append(f"@{column.name}")
        value = f"IF(OCTET_LENGTH(@{column.name}) = 0, NULL, @{column.name})" if column.nullable else f"@{column.name}"
        if column.type == "boolean":
            value = f"CASE @{column.name} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
        sets.append(f"`{column.name}` = {value}")
    return (
        f"LOAD DATA LOCAL INFILE %s INTO TABLE `{into}` CHARACTER SET utf8mb4 "
        "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES TERMINATED BY '\\n' "
        f"({', '.join(variables)}) SET {', '.join(sets)}"
    )


def _indexes(table: Table) -> list[str]:
    by_name = {column.name: column for column in table.columns}
    return [f"KEY `{'_'.join(index)}` ({', '.join(_indexed(by_name[c]) for c in index)})" for index in table.indexes]


def _indexed(column: Column) -> str:
    """A column in an index: of a wide one, as many characters as tell most values apart. InnoDB takes 3,072 bytes."""
    wide = column.type == "longtext" or (column.type in ("text", "code") and column.width > _MOST_INDEXED)
    return f"`{column.name}`({_MOST_INDEXED})" if wide else f"`{column.name}`"


def _type(column: Column) -> str:
    match column.type:
        case "accession":
            return f"CHAR(20) {_ASCII}"
        case "code":
            return f"VARCHAR({column.width}) {_ASCII}" if column.width <= _MOST_VARCHAR else _outside(column)
        case "text":
            return f"VARCHAR({column.width})" if column.width <= _MOST_VARCHAR else _outside(column)
        case "longtext":
            return "LONGTEXT"
        case "integer":
            return "BIGINT" if column.signed else "BIGINT UNSIGNED"
        case "decimal":
            return f"DECIMAL({column.width},{column.scale})"
        case "date":
            return "DATE"
        case "timestamp":
            return "DATETIME"
        case "boolean":
            return "BOOLEAN"


def _outside(column: Column) -> str:
    """A type for a text that does not count as bytes of its row."""
    size = "TEXT" if _bytes(column) < 1 << 16 else "MEDIUMTEXT" if _bytes(column) < 1 << 24 else "LONGTEXT"
    return f"{size} {_ASCII}" if column.type == "code" else size


def _bytes(column: Column) -> int:
    """The most bytes of a column, with its length."""
    match column.type:
        case "text":
            return 4 * column.width + 2
        case "code":
            return column.width + 2
        case _:
            return 20


def _page_bytes(column: Column) -> int:
    """The most bytes of a column that lie in its page: InnoDB moves a text out that may have more than 255."""
    size = _bytes(column)
    return size if size <= 255 + 2 else _POINTER


def _words(error: pymysql.err.Error) -> str:
    return " ".join(str(part) for part in error.args) or type(error).__name__
