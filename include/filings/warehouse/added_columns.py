"""A column that was added to a table: its complete object is written anew once, with the column empty at its place.

The rows, their order and what the object tells of itself stay the same. Columns that went, changed their name or their
place are another matter: what becomes of their values is for a person to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from filings.archive.compression import CorruptObject
from filings.archive.storage import Conflict, Head, Store
from filings.logs import log
from filings.tables import Table
from filings.warehouse import csv_frames, csv_rows
from filings.warehouse.bulk import Bulk
from filings.warehouse.compaction import rewrite_from
from filings.warehouse.dataset import Dataset

_TRIES = 5
_LONGEST_HEADER = 1 << 20


class ColumnsDiffer(CorruptObject):
    """A complete table has columns that its dataset does not name (any more); the message says what to do."""


def add_columns(store: Store, bulk: Bulk, dataset: Dataset, table: Table) -> bool:
    """Give a complete table the columns that were added to it; whether there were any.

    Raises:
        ColumnsDiffer: when it has other columns besides, or an added one must not be empty.
        CorruptObject: when it cannot be read; it is left as it is.
        Conflict: when another container changes it all the time.
    """
    key = dataset.key("complete", table.name)
    for _ in range(_TRIES):
        head = store.head(key)
        if head is None or has_columns(bulk, key, head, table):
            return False
        found = _columns(bulk, key, head)
        if tuple(found) == table.names:
            return False
        added = _added(store.uri(key), dataset, table, found, head)
        try:
            rewrite_from(bulk, key, head, 0, _pieces(bulk, key, head, table, found))
        except Conflict:
            continue
        log.warning(
            "columns_added",
            uri=store.uri(key),
            columns=added,
            note="empty for the filings that are there; plan these with --force to fill them",
        )
        return True
    raise Conflict(store.uri(key))


def has_columns(bulk: Bulk, key: str, head: Head, table: Table) -> bool:
    """Whether an object begins with just the table's header frame, as one that we wrote for these columns does."""
    frame = csv_frames.header_frame(table)
    return head.size >= len(frame) and b"".join(bulk.chunks(key, head.etag, 0, len(frame))) == frame


def _columns(bulk: Bulk, key: str, head: Head) -> list[str]:
    uri = bulk.store.uri(key)
    text = b""
    for block in csv_frames.blocks(bulk.chunks(key, head.etag, 0, min(head.size, _LONGEST_HEADER)), uri):
        text += block
        if b"\n" in text:
            return csv_frames.parse_line(text.partition(b"\n")[0].decode("utf-8", "replace"))
    raise CorruptObject(uri, "it has no line of column names")


def _added(uri: str, dataset: Dataset, table: Table, found: Sequence[str], head: Head) -> list[str]:
    """The names of the added columns. Raises `ColumnsDiffer`."""
    advice = (
        f"or else delete it (what its rows are made from stays): the next {dataset.tables_task} makes it anew with the "
        f"columns of now, and {dataset.mysql_task} puts that in the place of MySQL's {table.name}"
    )
    if gone := [name for name in found if name not in table.known]:
        raise ColumnsDiffer(uri, f"it has columns {', '.join(gone)} that {table.file} has not: put them back, {advice}")
    if [name for name in table.names if name in found] != list(found):
        raise ColumnsDiffer(uri, f"{table.file} has its columns {', '.join(found)} in another order, {advice}")
    added = [column for column in table.columns if column.name not in found]
    needed = [column.name for column in added if not column.nullable]
    if needed and head.metadata.get("rows") != "0":
        raise ColumnsDiffer(
            uri, f"it lacks columns {', '.join(needed)}, which must not be empty: let them have nulls, {advice}"
        )
    return [column.name for column in added]


def _pieces(bulk: Bulk, key: str, head: Head, table: Table, found: Sequence[str]) -> Iterator[bytes]:
    uri = bulk.store.uri(key)
    old = Table(table.name, tuple(c for c in table.columns if c.name in found), table.key, file=table.file)
    pieces = csv_frames.whole_rows(bulk.chunks(key, head.etag), old, uri)
    yield csv_frames.header_frame(table)
    yield from csv_frames.packed(_widened(csv_frames.without_header(pieces, old, uri), old, table, uri))


def _widened(pieces: Iterator[bytes], old: Table, table: Table, uri: str) -> Iterator[bytes]:
    places = [old.names.index(name) if name in old.known else len(old.names) for name in table.names]
    for piece in pieces:
        lines = []
        for row in csv_rows.records(piece):
            if len(row) != len(old.names):
                raise CorruptObject(uri, f"a row of it has {len(row)} fields, not {len(old.names)}: {row[:3]}")
            row.append("")
            lines.append(csv_frames.line([row[place] for place in places]))
        yield "".join(lines).encode()
