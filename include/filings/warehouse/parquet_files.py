"""A table of S3 as Parquet files: what they lack of the complete CSV as one more file, or all of them anew.

Files are made beside the folder and then copied into it by the server, so the moment in which old and new files are
there together is as short as it can be. The list comes after the files, and files that it no longer names go last: a
crash anywhere leaves a list that holds, and the next run does the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import pyarrow as pa

from filings.archive.compression import CorruptObject
from filings.archive.storage import Conflict, Head, Store
from filings.logs import log
from filings.tables import Table
from filings.warehouse import csv_frames, parquet
from filings.warehouse.bulk import Bulk
from filings.warehouse.compaction import begin_of_tail
from filings.warehouse.parquet_list import Files, Folder, Part
from filings.warehouse.parquet_parts import Parts

SMALL = 32 << 20  # bytes; smaller files are joined with others
MOST = 8  # small files that are left alone
_GROUP = 64 << 20  # bytes of Arrow that make a row group where files are joined
_FILE = 256 << 20  # bytes of the files that make one
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Made:
    """What was done for a table: how, and the rows that its files have now."""

    way: str
    rows: int


class TableFiles:
    """The Parquet files of one table, brought up to what its complete object holds."""

    def __init__(
        self,
        store: Store,
        bulk: Bulk,
        table: Table,
        *,
        complete: str,
        delta: str,
        folder: str,
        replaced: Callable[[int], Sequence[str] | None],
    ) -> None:
        """Keys of the two CSV objects and the folder; `replaced` names the filings whose rows an append replaced."""
        self._store, self._bulk, self._table = store, bulk, table
        self._complete, self._delta_key, self._replaced = complete, delta, replaced
        self._folder = Folder(store, table, folder)
        self._parts = Parts(store, bulk, table, folder)
        self._digest = parquet.digest(table)

    def run(self) -> Made:
        """Bring the files up to date.

        Raises:
            CorruptObject: when the complete object is gone, cannot be read or has another number of rows than it says.
            Conflict: when another container changes it all the time.
        """
        for _ in range(_TRIES):
            try:
                return self._bring()
            except Conflict as error:
                conflict = error
        raise conflict

    def _bring(self) -> Made:
        now, head = self._folder.files(), self._store.head(self._complete)
        uri = self._store.uri(self._complete)
        if head is None:
            if now is None or not now.rows:
                return Made("nothing there yet", 0)
            here = self._store.uri(self._folder.prefix)
            raise CorruptObject(uri, f"it is gone, but {here} has {now.rows:,} rows; run the task that makes it again")
        if not all(head.metadata.get(name, "").isdigit() for name in ("sequence", "generation", "rows")):
            raise CorruptObject(uri, "it does not tell its rows (put there by hand?); run the task that makes it again")
        sequence, generation, rows = (int(head.metadata[name]) for name in ("sequence", "generation", "rows"))
        way, parts = self._more(now, head, sequence, generation)
        if way != "complete" and sum(part.rows for part in parts) != rows:
            log.warning("parquet_differs", table=self._table.name, expected=rows, note="making all anew")
            way, parts = "complete", self._anew(head, sequence, generation)
        found = sum(part.rows for part in parts)
        if found != rows:
            raise CorruptObject(uri, f"it holds {found:,} rows and says {rows:,} of itself")
        self._publish(now, Files(sequence, generation, head.size, self._digest, tuple(parts)))
        return Made(way, rows)

    def _more(self, now: Files | None, head: Head, sequence: int, generation: int) -> tuple[str, list[Part]]:
        """How the files come to be what the object of `head` is, and the files."""
        if now is None or now.digest != self._digest or not {p.name for p in now.parts} <= self._folder.sizes().keys():
            return "complete", self._anew(head, sequence, generation)
        if (now.sequence, now.generation) == (sequence, generation):
            return "up to date", list(now.parts)  # whatever its size: a compaction changes no row
        if now.sequence < sequence:
            if (parts := self._with_delta(now, sequence)) is not None:
                return "delta", parts
            start = begin_of_tail(head, now.sequence, now.bytes) if now.generation == generation else None
            if start is not None and start <= head.size:
                lines = self._lines(self._complete, head, start)
                more = self._parts.of_lines(sequence, "rows", lines, self._store.uri(self._complete))
                return "tail", [*now.parts, *more]
        return "complete", self._anew(head, sequence, generation)

    def _with_delta(self, now: Files, sequence: int) -> list[Part] | None:
        """The files with the rows of the delta, when it is all that they lack."""
        head = self._store.head(self._delta_key)
        told = head.metadata if head is not None else {}
        if head is None or (told.get("sequence"), told.get("base")) != (str(sequence), str(now.sequence)):
            return None
        parts = list(now.parts)
        if told.get("replace") == "true":
            gone = self._replaced(sequence)
            if gone is None:
                return None
            parts = [kept for n, p in enumerate(parts) if (kept := self._parts.without(p, gone, sequence, n))]
        lines, uri = self._lines(self._delta_key, head), self._store.uri(self._delta_key)
        return [*parts, *self._parts.of_lines(sequence, "rows", lines, uri, least=0 if parts else 1)]

    def _anew(self, head: Head, sequence: int, generation: int) -> list[Part]:
        lines, uri = self._lines(self._complete, head), self._store.uri(self._complete)
        return self._parts.of_lines(sequence, f"all{generation}", lines, uri, least=1)

    def _lines(self, key: str, head: Head, start: int = 0) -> Iterator[bytes]:
        """The rows of an object from a byte on, in pieces of whole rows."""
        uri = self._store.uri(key)
        pieces = csv_frames.whole_rows(self._bulk.chunks(key, head.etag, start), self._table, uri, parquet.GROUP)
        return pieces if start else csv_frames.without_header(pieces, self._table, uri)

    def many_small(self) -> list[Part]:
        """The small files, when they are so many that they should be joined."""
        now = self._folder.files()
        if now is None or now.digest != self._digest:
            return []
        sizes = self._folder.sizes()
        small = [part for part in now.parts if sizes.get(part.name, SMALL) < SMALL]
        return small if len(small) > MOST else []

    def compact(self) -> int:
        """Join small files when they are many; returns how many were joined. The rows stay the same."""
        small = self.many_small()
        now = self._folder.files()
        if not small or now is None:
            return 0
        try:
            joined = self._joined(now, small)
            kept = [part for part in now.parts if part not in small]
            self._publish(now, Files(now.sequence, now.generation, now.bytes, now.digest, (*kept, *joined)))
        except Conflict as error:
            log.warning("not_compacted", table=self._table.name, reason=str(error), what_to_do="nothing: next week")
            return 0
        log.info("compacted", table=self._table.name, files=len(small), now=len(joined))
        return len(small)

    def _joined(self, now: Files, small: Sequence[Part]) -> list[Part]:
        sizes, rest, joined = self._folder.sizes(), list(small), list[Part]()
        while rest:
            some, size = list[Part](), 0
            while rest and size < _FILE:
                some.append(rest.pop(0))
                size += sizes.get(some[-1].name, 0)
            groups = _grouped(chain.from_iterable(map(self._parts.groups, some)))
            joined.append(self._parts.of_groups(now.sequence, f"joined{now.generation}", len(joined), groups))
        if sum(part.rows for part in joined) != sum(part.rows for part in small):
            raise CorruptObject(self._store.uri(self._folder.prefix), "its files have other rows than their list says")
        return joined

    def _publish(self, now: Files | None, files: Files) -> None:
        """Put the new files in their place, then the list; then sweep. Raises `Conflict`."""
        if files != now:
            self._parts.place(files.parts)
            self._folder.replace(files)
        self._folder.sweep(files)


def _grouped(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows in tables of some size."""
    held: list[pa.Table] = []
    size = 0
    for table in tables:
        held.append(table)
        size += table.nbytes
        if size >= _GROUP:
            yield pa.concat_tables(held).combine_chunks()
            held, size = [], 0
    if held:
        yield pa.concat_tables(held).combine_chunks()
