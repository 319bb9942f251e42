"""Lists of accessions as they lie in the bucket: zstd text, one dashed accession a line, 21 bytes a row.

A regular list becomes numbers a block at a time; lines of another form (CRLF, blank, without dashes) are read one by
one, and one that is no accession is an error that names the object and the line.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import unique
from filings.archive.zstd_text import Frame, pieces
from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession, to_int

_ROW = accession_rows.ACCESSION + 1
_LONGEST = 1000  # bytes of a line; more without a line end is no list
_ROWS_A_BLOCK = 1 << 16
_LEVEL = 10


def read(data: bytes, uri: str) -> np.ndarray:
    """A list's accession numbers, sorted and unique. Raises `CorruptObject`."""
    return unique(list(blocks(data, uri)))


def blocks(data: bytes, uri: str) -> Iterator[np.ndarray]:
    """A list's accession numbers in its own order, a block at a time.

    Raises:
        CorruptObject: naming `uri` and the line that is no accession.
    """
    rest = b""
    lines = 0
    for piece in pieces(data, uri):
        text = rest + piece
        rows = len(text) // _ROW
        numbers = _regular(text, rows)
        if numbers is None:
            end = text.rfind(b"\n") + 1
            if len(text) - end > _LONGEST:
                raise _broken(uri, lines + 1, text[end:])
            numbers = _by_line(text[:end], uri, lines)
            lines += text.count(b"\n")
        else:
            end = rows * _ROW
            lines += rows
        rest = text[end:]
        if len(numbers):
            yield numbers
    if rest:
        yield _by_line(rest, uri, lines)


def frame(numbers: np.ndarray) -> bytes:
    """Accession numbers as a list, one zstd frame."""
    made = Frame(_LEVEL)
    for text in rows(numbers):
        made.add(text)
    return made.close()


def rows(numbers: np.ndarray) -> Iterator[memoryview]:
    """Accession numbers as text, one a line, in blocks. A block is good until the next one is asked for."""
    buffer = np.full((min(len(numbers), _ROWS_A_BLOCK), _ROW), ord("\n"), np.uint8)
    for start in range(0, len(numbers), _ROWS_A_BLOCK):
        some = numbers[start : start + _ROWS_A_BLOCK]
        accession_rows.write(some, buffer)
        yield buffer[: len(some)].data.cast("B")


def _regular(text: bytes, rows: int) -> np.ndarray | None:
    ends = np.frombuffer(text, np.uint8, rows * _ROW)[_ROW - 1 :: _ROW]
    return accession_rows.parse(text, _ROW, rows) if (ends == ord("\n")).all() else None


def _by_line(text: bytes, uri: str, before: int) -> np.ndarray:
    numbers = []
    for number, line in enumerate(text.split(b"\n"), before + 1):
        try:
            numbers += [to_int(word) for word in line.decode().split()]
        except (InvalidAccession, UnicodeDecodeError) as error:
            raise _broken(uri, number, line) from error
    return np.array(numbers, np.uint64)


def _broken(uri: str, number: int, line: bytes) -> CorruptObject:
    return CorruptObject(
        uri,
        f"no list of accessions: its line {number} is {line[:80]!r}; put an earlier version of the object back, "
        "or delete it and run end_of_week_pipeline, which lists the buckets anew",
    )
