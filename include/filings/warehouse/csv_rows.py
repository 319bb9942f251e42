"""Where rows of CSV end: at each line end, or where a text may have lines, at those outside of quotes.

A field with a quote in it is quoted and its quotes are doubled, so a line end is outside of quotes when the quotes
before it are even in number. Where no column may have lines, none of this is looked at.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import numpy as np

from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import within
from filings.edgar import accession_rows
from filings.edgar.accession import is_accession
from filings.tables import Table

csv.field_size_limit(1 << 31)  # a text may have 256 Mi characters; the default is 128 KiB
_SLICE = 16 << 20


def count(piece: bytes, table: Table) -> int:
    """How many rows a piece of whole rows has."""
    if not table.multiline or b'"' not in piece:
        return piece.count(b"\n")
    return len(ends(piece, table))


def ends(piece: bytes, table: Table) -> np.ndarray:
    """Where the rows of a piece end: the place behind each one's line end."""
    signs = np.frombuffer(piece, np.uint8)
    found = _places(signs, ord("\n"))
    if table.multiline and b'"' in piece:
        found = found[np.searchsorted(_places(signs, ord('"')), found) & 1 == 0]
    return found + 1


def last_end(block: bytes, odd: bool) -> int:
    """Where the last row that ends in a block ends, 0 when none does; `odd`: quotes up to the block's end are so."""
    end = len(block)
    while (at := block.rfind(b"\n", 0, end)) >= 0:
        odd ^= bool(block.count(b'"', at, end) & 1)
        if not odd:
            return at + 1
        end = at
    return 0


def numbers(piece: bytes, table: Table, uri: str) -> np.ndarray:
    """The accession numbers that the rows of a piece begin with.

    Raises:
        CorruptObject: naming `uri` and the row that begins with none.
    """
    found = accession_rows.of_places(piece, _starts(ends(piece, table))) if piece else np.empty(0, np.uint64)
    if found is None:
        starts = _starts(ends(piece, table)).tolist()
        bad = next(piece[s : s + 80] for s in starts if not is_accession(piece[s : s + 20].decode("latin-1")))
        raise CorruptObject(uri, f"a line of it begins with no accession number: {bad!r}")
    return found


def without(piece: bytes, table: Table, gone: np.ndarray, uri: str) -> tuple[bytes, int]:
    """The rows of a piece that are not of some accession numbers (sorted), and how many they are.

    Raises:
        CorruptObject: naming `uri` and a row that begins with no accession number.
    """
    kept = ~within(gone, numbers(piece, table, uri))
    rows = int(kept.sum())
    if rows == len(kept):
        return piece, rows
    stops = ends(piece, table)
    edges = np.flatnonzero(np.diff(kept, prepend=False, append=False))  # rows where a stretch of kept ones begins, ends
    places = np.concatenate([[0], stops])[edges].tolist()
    view = memoryview(piece)
    return b"".join(view[start:stop] for start, stop in zip(places[::2], places[1::2], strict=True)), rows


def row(piece: bytes, number: int, table: Table) -> list[str] | None:
    """The fields of a row, the first being 1; None when there is none of that number."""
    stops = ends(piece, table)
    if not 0 < number <= len(stops):
        return None
    start = int(stops[number - 2]) if number > 1 else 0
    return next(records(piece[start : int(stops[number - 1])]))


def records(piece: bytes) -> Iterator[list[str]]:
    """The fields of each row."""
    return csv.reader(io.StringIO(piece.decode(), newline=""))


def _starts(stops: np.ndarray) -> np.ndarray:
    starts = np.empty_like(stops)
    starts[:1] = 0
    starts[1:] = stops[:-1]
    return starts


def _places(signs: np.ndarray, sign: int) -> np.ndarray:
    """Where a sign stands; by the slice, since the comparison takes a byte a character."""
    found = [
        np.flatnonzero(signs[start : start + _SLICE] == sign) + start for start in range(0, max(len(signs), 1), _SLICE)
    ]
    return found[0] if len(found) == 1 else np.concatenate(found)
