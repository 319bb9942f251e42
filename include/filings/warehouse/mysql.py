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
def attempts(address: Address, seconds: float) -> Iterator[Iterator[Any]]:
    """Tries to work with MySQL until it is there, for some time; each failed try says so.

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
            "start it or mend MYSQL_URL, then run update_sec_filings_lookup_mysql again: it goes on where it stopped"
        ) from error


def is_transient(error: pymysql.err.Error) -> bool:
    """Whether waiting may cure an error."""
    code = error.args[0] if error.args else None
    return isinstance(error, pymysql.err.InterfaceError) or code in _TRANSIENT | _LOCK_LOST


def create_table(table: Table, name: str | None = None, indexed: bool = True) -> str:
    """The DDL of a table, with its secondary indexes or (to load many rows) without."""
    columns = [f"`{column.name}` {_type(column)}{'' if column.nullable else ' NOT NULL'}" for column in table.columns]
    primary = ", ".join(f"`{key}`" for key in table.key)
    inside = ",\n  ".join([*columns, f"PRIMARY KEY ({primary})", *(_indexes(table) if indexed else [])])
    return (
        f"CREATE TABLE IF NOT EXISTS `{name or table.name}` (\n  {inside}\n) "
        "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"
    )


def add_indexes(table: Table, name: str) -> str | None:
    """The DDL that adds the secondary indexes to a table that was made without, or None when it has none."""
    return f"ALTER TABLE `{name}` {', '.join(f'ADD {index}' for index in _indexes(table))}" if table.indexes else None


def load_statement(table: Table, into: str) -> str:
    """LOAD DATA of our CSV without header; `%s` is the file. Empty is null, booleans are words."""
    variables, sets = [], []
    for column in table.columns:
        variables.append(f"@{column.name}")
        value = f"NULLIF(@{column.name}, '')" if column.nullable else f"@{column.name}"
        if column.type == "boolean":
            value = f"CASE @{column.name} WHEN 'true' THEN 1 WHEN 'false' THEN 0 END"
        sets.append(f"`{column.name}` = {value}")
    return (
        f"LOAD DATA LOCAL INFILE %s INTO TABLE `{into}` CHARACTER SET utf8mb4 "
        "FIELDS TERMINATED BY ',' OPTIONALLY ENCLOSED BY '\"' ESCAPED BY '' LINES TERMINATED BY '\\n' "
        f"({', '.join(variables)}) SET {', '.join(sets)}"
    )


def _indexes(table: Table) -> list[str]:
    return [f"KEY `{'_'.join(index)}` ({', '.join(f'`{c}`' for c in index)})" for index in table.indexes]


def _type(column: Column) -> str:
    ascii_text = "CHARACTER SET ascii COLLATE ascii_bin"
    match column.type:
        case "accession":
            return f"CHAR(20) {ascii_text}"
        case "code":
            return f"VARCHAR({column.width}) {ascii_text}"
        case "text":
            return f"VARCHAR({column.width})"
        case "integer":
            return "BIGINT UNSIGNED"
        case "date":
            return "DATE"
        case "timestamp":
            return "DATETIME"
        case "boolean":
            return "BOOLEAN"


def _words(error: pymysql.err.Error) -> str:
    return " ".join(str(part) for part in error.args) or type(error).__name__
