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
    quoted = table.multiline and b'"' in piece
    found, within_quotes = [], np.False_
    for start in range(0, max(len(signs), 1), _SLICE):  # each comparison takes a byte a character
        some = signs[start : start + _SLICE]
        stops = some == ord("\n")
        if quoted:
            odd = np.bitwise_xor.accumulate(some == ord('"')) ^ within_quotes
            stops &= ~odd
            within_quotes = odd[-1]
        found.append(np.flatnonzero(stops) + (start + 1))
    return found[0] if len(found) == 1 else np.concatenate(found)


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
    return _numbers(piece, ends(piece, table), uri)


def without(piece: bytes, table: Table, gone: np.ndarray, uri: str) -> tuple[bytes, int]:
    """The rows of a piece that are not of some accession numbers (sorted), and how many they are.

    Raises:
        CorruptObject: naming `uri` and a row that begins with no accession number.
    """
    stops = ends(piece, table)
    kept = ~within(gone, _numbers(piece, stops, uri))
    rows = int(kept.sum())
    if rows == len(kept):
        return piece, rows
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


def _numbers(piece: bytes, stops: np.ndarray, uri: str) -> np.ndarray:
    starts = np.concatenate([[0], stops[:-1]]) if len(stops) else stops
    found = accession_rows.of_places(piece, starts)
    if found is None:
        bad = next(piece[s : s + 80] for s in starts.tolist() if not is_accession(piece[s : s + 20].decode("latin-1")))
        raise CorruptObject(uri, f"a line of it begins with no accession number: {bad!r}")
    return found
