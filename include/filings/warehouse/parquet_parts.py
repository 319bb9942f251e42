"""Single Parquet files of a table: written in staging, read here and there, without the rows of some filings."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from filings.archive.storage import Conflict, Head, NotFound, Store
from filings.tables import Table
from filings.warehouse import parquet
from filings.warehouse.bulk import Bulk
from filings.warehouse.parquet_list import STAGING, Part, part_name

FILE = 1 << 30  # bytes of CSV that make a file: some 100 to 200 MB of Parquet


class Parts:
    """The files of one table's folder. What is written lies in staging until it is `placed`."""

    def __init__(self, store: Store, bulk: Bulk, table: Table, prefix: str) -> None:
        self._store, self._bulk, self._table, self._prefix = store, bulk, table, prefix
        self._digest = parquet.digest(table)
        self._staged: set[str] = set()

    def of_lines(self, sequence: int, kind: str, lines: Iterator[bytes], uri: str, least: int = 0) -> list[Part]:
        """CSV as files; at least so many, since a table without rows is a file without rows.

        Raises:
            CorruptObject: naming `uri`, where the lines are from.
        """
        parts: list[Part] = []
        while (first := next(lines, None)) is not None or len(parts) < least:
            pieces = chain([first] if first is not None else [], lines)
            groups = (parquet.rows_of(self._table, piece, uri) for piece in _up_to(pieces, FILE))
            parts.append(self.of_groups(sequence, kind, len(parts), groups))
        return parts

    def of_groups(self, sequence: int, kind: str, number: int, groups: Iterable[pa.Table]) -> Part:
        """A file of row groups."""
        name = part_name(sequence, kind, self._digest, number)
        rows = 0

        def counted() -> Iterator[pa.Table]:
            nonlocal rows
            for group in groups:
                rows += group.num_rows
                yield group

        pieces = parquet.encoded(self._table, counted())
        asyncio.run(self._store.aput_pieces(self._prefix + STAGING + name, pieces, parquet.CONTENT_TYPE))
        self._staged.add(name)
        return Part(name, rows)

    def groups(self, part: Part) -> Iterator[pa.Table]:
        """The row groups of a file. Raises `Conflict` when it is not there any more."""
        file = self._open(part)
        return (file.read_row_group(n) for n in range(file.num_row_groups))

    def without(self, part: Part, accessions: Sequence[str], sequence: int, number: int) -> Part | None:
        """A file without the rows of some filings: itself when it has none, None when it has no others."""
        gone = pa.array(accessions, pa.string())
        file, name = self._open(part), self._table.accession
        groups = range(file.num_row_groups)
        hit = {n for n in groups if pc.any(pc.is_in(file.read_row_group(n, [name])[name], gone)).as_py()}
        if not hit:
            return part

        def kept() -> Iterator[pa.Table]:
            for n in groups:
                group = file.read_row_group(n)
                yield group.filter(pc.invert(pc.is_in(group[name], gone))) if n in hit else group

        left = self.of_groups(sequence, "kept", number, kept())
        return left if left.rows else None

    def place(self, parts: Iterable[Part]) -> None:
        """Copy those of these files that are new from staging to their place. Raises `Conflict`."""
        names = [part.name for part in parts if part.name in self._staged]
        self._staged.clear()
        asyncio.run(self._copied(names))

    async def _copied(self, names: Sequence[str]) -> None:
        pairs = [(self._prefix + STAGING + name, self._prefix + name) for name in names]
        try:
            await asyncio.gather(*(self._store.acopy(staged, place) for staged, place in pairs))
        except NotFound as error:  # a twin was quicker, and has swept
            raise Conflict(error.uri) from error

    def _open(self, part: Part) -> pq.ParquetFile:
        key = self._prefix + part.name
        head = self._store.head(key)
        if head is None:
            raise Conflict(self._store.uri(key))
        return pq.ParquetFile(pa.PythonFile(_Object(self._bulk, key, head), mode="r"))


class _Object(io.RawIOBase):
    """An object as a file that is read here and there."""

    def __init__(self, bulk: Bulk, key: str, head: Head) -> None:
        self._bulk, self._key, self._head = bulk, key, head
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._head.size}[whence]
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        end = self._head.size if size < 0 else min(self._at + size, self._head.size)
        data = b"".join(self._bulk.chunks(self._key, self._head.etag, self._at, end))
        self._at += len(data)
        return data


def _up_to(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """Pieces until they have come to so many bytes."""
    taken = 0
    for piece in pieces:
        yield piece
        taken += len(piece)
        if taken >= size:
            return
