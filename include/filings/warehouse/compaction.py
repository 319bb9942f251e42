"""The many small frames that daily appends leave in a complete table, made one well-compressed sequence of large ones.

What was compacted before stays where it is, copied by the server, so a week costs what was appended since. Rows and
their order stay the same; a reader sees the old object or the new one, and a crash leaves the old one.

A complete object tells of itself: `compact-from`, where the first small frame begins; `small-frames`, how many there
are; `compacted` and `compacted-bytes`, the last append that went into a compaction and the object's size after it, by
which MySQL finds what came later.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from filings.archive.compression import CorruptObject
from filings.archive.storage import Conflict, Head, Store
from filings.logs import log
from filings.tables import Table
from filings.warehouse import csv_frames, csv_rows
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset

SMALL = 8 << 20  # compressed bytes; a larger frame gains nothing from being joined with others
MOST = 50  # small frames that are left alone: ten weeks of daily appends
_FROM, _FRAMES, _SEQUENCE, _BYTES = "compact-from", "small-frames", "compacted", "compacted-bytes"


@dataclass(frozen=True, slots=True)
class Compacted:
    """What was done to a table: frames joined, and the object's bytes before and after."""

    frames: int
    before: int
    after: int


def after_append(head: Head, frame: bytes) -> dict[str, str]:
    """What the object of `head` tells of its frames once `frame` is appended."""
    told = {name: head.metadata[name] for name in (_FROM, _FRAMES, _SEQUENCE, _BYTES) if name in head.metadata}
    frames = _number(head, _FRAMES)
    if 0 < len(frame) < SMALL:
        told[_FRAMES] = str(frames + 1)
    elif not frames:
        told[_FROM] = str(head.size + len(frame))
    return told


def begin_of_tail(head: Head, sequence: int, size: int) -> int | None:
    """Where in a complete object the rows begin that came after an append; None when that cannot be told any more.

    Args:
        head: the object as it is now, written anew by nobody since.
        sequence: the append.
        size: of the object when that append was the last.
    """
    compacted = _number(head, _SEQUENCE)
    if sequence > compacted or not compacted:
        return size
    if sequence == compacted and _BYTES in head.metadata:
        return _number(head, _BYTES)
    return None


def due(head: Head | None) -> bool:
    """Whether a complete object has more small frames than are left alone."""
    return head is not None and _number(head, _FRAMES) > MOST


def compact(store: Store, bulk: Bulk, dataset: Dataset, table: Table) -> Compacted | None:
    """Compact a complete table when it is due; None when it is not, or when another container is at work on it.

    Raises:
        CorruptObject: when the table cannot be read; it is left as it is.
    """
    key = dataset.key("complete", table.name)
    head = store.head(key)
    if head is None or not due(head):
        return None
    start = _number(head, _FROM)
    try:
        after = rewrite_from(bulk, key, head, start, _frames(bulk, key, head, start, table))
    except Conflict as error:
        log.warning("not_compacted", table=table.name, reason=str(error), what_to_do="nothing: next week will do")
        return None
    if after is None:
        return None
    done = Compacted(_number(head, _FRAMES), head.size, after)
    log.info("compacted", table=table.name, frames=done.frames, before=done.before, after=done.after, copied=start)
    return done


def rewrite_from(bulk: Bulk, key: str, head: Head, start: int, pieces: Iterable[bytes]) -> int | None:
    """Put other bytes, which stand for the same rows, in place of a complete object's from `start` on.

    Returns:
        the object's size; None when another writer was quicker with the last word about it, which does no harm.

    Raises:
        Conflict: when another writer was quicker.
    """
    kept = {name: value for name, value in head.metadata.items() if name not in (_FROM, _FRAMES, _SEQUENCE, _BYTES)}
    # Its size is known only when it lies there: told by a second write, which the server does alone.
    untold = {_FROM: str(start), _SEQUENCE: kept["sequence"]}
    bulk.splice(key, head, start, pieces, kept | untold)
    now = bulk.store.head(key)
    if now is None or now.metadata != kept | untold:
        return None
    bulk.append(key, now, b"", kept | untold | {_FROM: str(now.size), _BYTES: str(now.size)})
    return now.size


def _frames(bulk: Bulk, key: str, head: Head, start: int, table: Table) -> Iterator[bytes]:
    """The rows from `start` on in large frames, with the header where they are all there are."""
    uri = bulk.store.uri(key)
    pieces: Iterable[bytes] = csv_frames.whole_rows(bulk.chunks(key, head.etag, start), table, uri)
    if start:
        yield from csv_frames.packed(pieces)
        return
    yield csv_frames.header_frame(table)
    rows = _Count(csv_frames.without_header(pieces, table, uri), table)
    yield from csv_frames.packed(rows)
    if str(rows.count) != head.metadata["rows"]:  # raised before the upload is complete, so nothing has changed
        raise CorruptObject(uri, f"it holds {rows.count:,} rows and says {head.metadata['rows']} of itself")


class _Count:
    """Passes pieces on and counts their rows."""

    def __init__(self, pieces: Iterable[bytes], table: Table) -> None:
        self._pieces = pieces
        self._table = table
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self.count += csv_rows.count(piece, self._table)
            yield piece


def _number(head: Head, name: str) -> int:
    told = head.metadata.get(name, "")
    return int(told) if told.isdigit() else 0
