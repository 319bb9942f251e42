"""A table of S3 into MySQL: what it lacks, through a staging table, every warning read, in one transaction.

`LOAD DATA LOCAL` truncates and drops silently: its warnings are the only word of it, so any warning is a failure that
names the row. The state table says up to where MySQL holds a complete object; what came after is all that is loaded.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pymysql.connections import Connection

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.storage import Head, Store
from filings.logs import log
from filings.tables import Table, key_of
from filings.warehouse import csv_frames
from filings.warehouse.bulk import Bulk
from filings.warehouse.compaction import begin_of_tail
from filings.warehouse.lookup_ledger import knows_itself
from filings.warehouse.mysql import add_indexes, create_table, load_statement
from filings.warehouse.plan import Plans

STATE = "sec_filings_lookup_loads"
_STATE_DDL = f"""CREATE TABLE IF NOT EXISTS `{STATE}` (
  `table_name` VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
  `sequence` BIGINT UNSIGNED NOT NULL,
  `generation` BIGINT UNSIGNED NOT NULL,
  `bytes` BIGINT UNSIGNED NOT NULL,
  `loaded_at` TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"""
_PIECE = 32 << 20
_ROW = re.compile(r"row (\d+)")


class LoadFailed(RuntimeError):
    """MySQL did not take the rows as they are, or does not hold what S3 holds."""


@dataclass(frozen=True, slots=True)
class State:
    """Up to where MySQL holds a complete object: the last plan in it, who wrote it anew last, its size."""

    sequence: int
    generation: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was done for a table: how, rows loaded, and rows in MySQL at the end."""

    way: str
    loaded: int
    rows: int


class TableLoad:
    """Brings one table of MySQL up to what its complete object in S3 holds."""

    def __init__(self, store: Store, bulk: Bulk, connection: Connection[Any], table: Table) -> None:
        self._store = store
        self._bulk = bulk
        self._connection = connection
        self._table = table
        self._key = keys.lookup_table("complete", table.name)
        self._staging = f"staging_{table.name}"
        self._old = f"old_{table.name}"

    def run(self) -> Loaded:
        """Load what is missing and prove the count.

        Raises:
            LoadFailed: naming table and row, when MySQL warns; or both counts, when they differ at the end.
        """
        self._execute(_STATE_DDL)
        self._execute(create_table(self._table))
        self._execute(f"DROP TABLE IF EXISTS `{self._staging}`, `{self._old}`")  # of a load that was killed
        head = self._store.head(self._key)
        if head is None:
            rows = self._count(self._table.name)
            if rows:
                raise LoadFailed(
                    f"{self._store.uri(self._key)} does not exist, but MySQL holds {rows:,} rows of it; "
                    "run update_sec_filings_lookup_s3, which makes it anew from data/, then this task again"
                )
            return Loaded("nothing there yet", 0, 0)
        if not knows_itself(head):
            raise CorruptObject(
                self._store.uri(self._key),
                "it does not tell its number of rows (put there by hand?); run update_sec_filings_lookup_s3, "
                "which counts it, then this task again",
            )
        state, target = self._state(), _state_of(head)
        way, loaded = self._bring(head, state, target)
        expected = int(head.metadata["rows"])
        rows = self._count(self._table.name)
        if rows != expected and way != "complete":
            log.warning("mysql_differs", table=self._table.name, rows=rows, expected=expected, note="loading all anew")
            way, loaded = "complete", self._load_complete(head, target)
            rows = self._count(self._table.name)
        if rows != expected:
            raise LoadFailed(
                f"{self._table.name}: MySQL holds {rows:,} rows, {self._store.uri(self._key)} {expected:,}; "
                f"run update_{self._table.name}_s3 to mend the object, then this task again"
            )
        return Loaded(way, loaded, rows)

    def _bring(self, head: Head, state: State | None, target: State) -> tuple[str, int]:
        if state is not None and (state.sequence, state.generation) == (target.sequence, target.generation):
            return "up to date", 0  # whatever its size: a compaction changes no row
        if state is not None and state.sequence < target.sequence:
            delta = self._delta(state, target)
            if delta is not None:
                return "delta", self._merge(delta, target)
            start = begin_of_tail(head, state.sequence, state.bytes) if state.generation == target.generation else None
            if start is not None and start <= head.size:
                tail = self._bulk.chunks(self._key, head.etag, start, head.size)
                return "tail", self._merge(csv_frames.whole_lines(tail, self._store.uri(self._key), _PIECE), target)
        return "complete", self._load_complete(head, target)

    def _delta(self, state: State, target: State) -> Iterator[bytes] | None:
        """The rows of the delta, when it is all that MySQL lacks."""
        key = keys.lookup_table("delta", self._table.name)
        head = self._store.head(key)
        if head is None or (head.metadata.get("sequence"), head.metadata.get("base")) != (
            str(target.sequence),
            str(state.sequence),
        ):
            return None
        uri = self._store.uri(key)
        pieces = csv_frames.whole_lines(self._bulk.chunks(key, head.etag), uri, _PIECE)
        return csv_frames.without_header(pieces, self._table, uri)

    def _merge(self, pieces: Iterable[bytes], target: State) -> int:
        """Replace the rows of all accessions concerned by the new ones, in one transaction."""
        loaded = self._stage(pieces)
        name, staging = self._table.name, self._staging
        self._connection.begin()
        try:
            concerned = f"SELECT DISTINCT accession FROM `{staging}`"
            self._execute(f"DELETE t FROM `{name}` t JOIN ({concerned}) s USING (accession)")
            for chunk in self._emptied(target):
                marks = ", ".join(["%s"] * len(chunk))
                self._execute(f"DELETE FROM `{name}` WHERE accession IN ({marks})", chunk)
            merged = self._execute(f"INSERT INTO `{name}` SELECT * FROM `{staging}`")
            if merged != loaded:
                raise LoadFailed(f"{name}: {loaded:,} rows staged, {merged:,} merged")
            self._remember(target)
            self._connection.commit()
        except BaseException:
            if self._connection.open:
                self._connection.rollback()
            raise
        self._execute(f"DROP TABLE IF EXISTS `{staging}`")
        return loaded

    def _emptied(self, target: State) -> Iterator[list[str]]:
        """Accessions whose rows the last append replaced; they may have none now, so the staging cannot tell."""
        plan = Plans(self._store).last()
        if plan is not None and plan.replace and plan.sequence == target.sequence and self._table.name in plan.tables:
            accessions = plan.of(self._table.name)
            for start in range(0, len(accessions), 1000):
                yield accessions[start : start + 1000]

    def _load_complete(self, head: Head, target: State) -> int:
        """Load all of the complete object beside the table, then put it in the table's place."""
        uri = self._store.uri(self._key)
        pieces = csv_frames.whole_lines(self._bulk.chunks(self._key, head.etag), uri, _PIECE)
        loaded = self._stage(csv_frames.without_header(pieces, self._table, uri))
        if loaded != int(head.metadata["rows"]):
            raise CorruptObject(uri, f"it holds {loaded:,} rows and says {head.metadata['rows']} of itself")
        if indexes := add_indexes(self._table, self._staging):
            self._execute(indexes)  # all at once after the rows: several times quicker than with each row
        self._execute(f"RENAME TABLE `{self._table.name}` TO `{self._old}`, `{self._staging}` TO `{self._table.name}`")
        self._remember(target)
        self._execute(f"DROP TABLE `{self._old}`")
        return loaded

    def _stage(self, pieces: Iterable[bytes]) -> int:
        """Load rows into an empty staging table; returns how many. Raises `LoadFailed`."""
        self._execute(f"DROP TABLE IF EXISTS `{self._staging}`")
        self._execute(create_table(self._table, self._staging, indexed=False))
        statement = load_statement(self._table, self._staging)
        total = 0
        for piece in pieces:
            with tempfile.NamedTemporaryFile(suffix=".csv") as file:
                file.write(piece)
                file.flush()
                loaded = self._execute(statement, (file.name,))
            self._refuse_warnings(piece)
            if loaded != piece.count(b"\n"):
                raise LoadFailed(f"{self._table.name}: {piece.count(bytes([10])):,} rows given, {loaded:,} loaded")
            total += loaded
        staged = self._count(self._staging)
        if staged != total:
            raise LoadFailed(f"{self._table.name}: {total:,} rows loaded, {staged:,} in the staging table")
        return total

    def _refuse_warnings(self, piece: bytes) -> None:
        with self._connection.cursor() as cursor:
            cursor.execute("SHOW WARNINGS")
            warnings = cursor.fetchall()
        if not warnings:
            return
        _, code, message = warnings[0]
        match = _ROW.search(str(message))
        number = int(match[1]) if match else 0
        lines = piece.splitlines()
        where = ""
        if 0 < number <= len(lines):
            where = f" at {key_of(self._table, csv_frames.parse_line(lines[number - 1].decode()))}"
        raise LoadFailed(
            f"{self._table.name}{where}: MySQL says {message!r} ({code}; {len(warnings)} warnings); nothing was merged"
        )

    def _state(self) -> State | None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"SELECT sequence, generation, bytes FROM `{STATE}` WHERE table_name = %s", (self._table.name,)
            )
            row = cursor.fetchone()
        return State(*map(int, row)) if row else None

    def _remember(self, state: State) -> None:
        self._execute(
            f"REPLACE INTO `{STATE}` (table_name, sequence, generation, bytes) VALUES (%s, %s, %s, %s)",
            (self._table.name, state.sequence, state.generation, state.bytes),
        )

    def _count(self, table: str) -> int:
        with self._connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM `{table}`")
            return int(cursor.fetchone()[0])

    def _execute(self, statement: str, arguments: Any = None) -> int:
        with self._connection.cursor() as cursor:
            return int(cursor.execute(statement, arguments))


def _state_of(head: Head) -> State:
    return State(int(head.metadata["sequence"]), int(head.metadata["generation"]), head.size)
