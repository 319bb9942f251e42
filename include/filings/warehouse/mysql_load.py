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

from filings.archive.compression import CorruptObject
from filings.archive.storage import Head, Store
from filings.logs import log
from filings.tables import Table, key_of
from filings.warehouse import csv_frames, csv_rows
from filings.warehouse.added_columns import has_columns
from filings.warehouse.bulk import Bulk
from filings.warehouse.compaction import begin_of_tail
from filings.warehouse.dataset import Dataset
from filings.warehouse.mysql import add_indexes, create_table, load_statement
from filings.warehouse.mysql_columns import compare
from filings.warehouse.plan import Plans
from filings.warehouse.table_ledger import knows_itself

_STATE_DDL = """CREATE TABLE IF NOT EXISTS `{}` (
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

    def __init__(self, store: Store, bulk: Bulk, connection: Connection[Any], dataset: Dataset, table: Table) -> None:
        self._store = store
        self._bulk = bulk
        self._connection = connection
        self._dataset = dataset
        self._table = table
        self._key = dataset.key("complete", table.name)
        self._states = dataset.mysql_state
        self._staging = f"staging_{table.name}"
        self._old = f"old_{table.name}"

    def run(self) -> Loaded:
        """Load what is missing and prove the count.

        Raises:
            LoadFailed: naming table and row, when MySQL warns; the columns, when they are not those of the dataset and
                cannot be made so without a loss; or both counts, when they differ at the end.
            CorruptObject: when the complete object is not what it says.
        """
        self._execute(_STATE_DDL.format(self._states))
        self._execute(create_table(self._table))
        self._execute(f"DROP TABLE IF EXISTS `{self._staging}`, `{self._old}`")  # of a load that was killed
        head, uri = self._store.head(self._key), self._store.uri(self._key)
        if head is None:
            rows = self._count(self._table.name)
            if rows:
                raise LoadFailed(
                    f"{uri} does not exist, but MySQL holds {rows:,} rows of it; "
                    f"run {self._dataset.tables_task}, which makes it anew, then this task again"
                )
            return Loaded("nothing there yet", 0, 0)
        if not knows_itself(head):
            raise CorruptObject(
                uri,
                f"it does not tell its number of rows (put there by hand?); run {self._dataset.tables_task}, "
                "which sets that right, then this task again",
            )
        state, target = self._state(), _state_of(head)
        self._change_columns(state, target)
        way, loaded = self._bring(head, state, target)
        expected = int(head.metadata["rows"])
        rows = self._count(self._table.name)
        if rows != expected and way != "complete":
            log.warning("mysql_differs", table=self._table.name, rows=rows, expected=expected, note="loading all anew")
            way, loaded = "complete", self._load_complete(head, target)
            rows = self._count(self._table.name)
        if rows != expected:
            raise LoadFailed(f"{self._table.name}: MySQL holds {rows:,} rows, {uri} {expected:,}; run this task again")
        return Loaded(way, loaded, rows)

    def _change_columns(self, state: State | None, target: State) -> None:
        """Add and widen columns; a table that is loaded anew in any case may have whatever it has."""
        difference = compare(self._connection, self._table, self._staging)
        if difference.wrong and state is not None and state.generation == target.generation:
            raise LoadFailed(
                f"MySQL's {self._table.name} is not as {self._dataset.name} has it: {difference.wrong}; set that back, "
                f"or DROP TABLE `{self._table.name}` and run this task again, which loads all of it anew"
            )
        if difference.change:
            self._execute(difference.change)
            log.warning("mysql_columns_changed", table=self._table.name, statement=difference.change)

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
                return "tail", self._merge(
                    csv_frames.whole_rows(tail, self._table, self._store.uri(self._key), _PIECE), target
                )
        return "complete", self._load_complete(head, target)

    def _delta(self, state: State, target: State) -> Iterator[bytes] | None:
        """The rows of the delta, when it is all that MySQL lacks."""
        key = self._dataset.key("delta", self._table.name)
        head = self._store.head(key)
        told = (head.metadata.get("sequence"), head.metadata.get("base")) if head else None
        if head is None or told != (str(target.sequence), str(state.sequence)):
            return None
        if not has_columns(self._bulk, key, head, self._table):  # written before a column was added
            return None
        uri = self._store.uri(key)
        pieces = csv_frames.whole_rows(self._bulk.chunks(key, head.etag), self._table, uri, _PIECE)
        return csv_frames.without_header(pieces, self._table, uri)

    def _merge(self, pieces: Iterable[bytes], target: State) -> int:
        """Replace the rows of all accessions concerned by the new ones, in one transaction."""
        loaded = self._stage(pieces)
        name, staging, accession = self._table.name, self._staging, f"`{self._table.accession}`"
        columns = ", ".join(f"`{column}`" for column in self._table.names)
        self._connection.begin()
        try:
            concerned = f"SELECT DISTINCT {accession} FROM `{staging}`"
            self._execute(f"DELETE t FROM `{name}` t JOIN ({concerned}) s USING ({accession})")
            for chunk in self._emptied(target):
                marks = ", ".join(["%s"] * len(chunk))
                self._execute(f"DELETE FROM `{name}` WHERE {accession} IN ({marks})", chunk)
            merged = self._execute(f"INSERT INTO `{name}` ({columns}) SELECT {columns} FROM `{staging}`")
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
        plan = Plans(self._store, self._dataset.plan_key).last()
        if plan is not None and plan.replace and plan.sequence == target.sequence and self._table.name in plan.tables:
            accessions = plan.of(self._table.name)
            for start in range(0, len(accessions), 1000):
                yield accessions[start : start + 1000]

    def _load_complete(self, head: Head, target: State) -> int:
        """Load all of the complete object beside the table, then put it in the table's place."""
        uri = self._store.uri(self._key)
        pieces = csv_frames.whole_rows(self._bulk.chunks(self._key, head.etag), self._table, uri, _PIECE)
        loaded = self._stage(csv_frames.without_header(pieces, self._table, uri))
        if loaded != int(head.metadata["rows"]):
            raise CorruptObject(
                uri,
                f"it holds {loaded:,} rows and says {head.metadata['rows']} of itself; delete it and run "
                f"{self._dataset.tables_task}, which makes it anew, then this task again",
            )
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
            if loaded != (given := csv_rows.count(piece, self._table)):
                raise LoadFailed(f"{self._table.name}: {given:,} rows given, {loaded:,} loaded")
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
        row = csv_rows.row(piece, int(match[1]), self._table) if match else None
        where = f" at {key_of(self._table, row)}" if row else ""
        raise LoadFailed(
            f"{self._table.name}{where}: MySQL says {message!r} ({code}; {len(warnings)} warnings); nothing was merged"
        )

    def _state(self) -> State | None:
        with self._connection.cursor() as cursor:
            cursor.execute(
                f"SELECT sequence, generation, bytes FROM `{self._states}` WHERE table_name = %s", (self._table.name,)
            )
            row = cursor.fetchone()
        return State(*map(int, row)) if row else None

    def _remember(self, state: State) -> None:
        self._execute(
            f"REPLACE INTO `{self._states}` (table_name, sequence, generation, bytes) VALUES (%s, %s, %s, %s)",
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
