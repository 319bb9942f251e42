"""CSV in zstd frames: the header in a frame of its own, so that rows can be appended as further frames.

RFC 4180 with LF; empty is null; a text never holds a line break, so a line is a row. Readers of zstd read across
frames (pandas, Polars, DuckDB, zstdcat).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

import zstandard

from filings.archive.compression import CorruptObject, compress
from filings.tables import Table

_QUOTED = re.compile(r'[",\r\n]|^NULL$|^\s|\s$')
LEVEL = 10
_BLOCK = 1 << 20


def line(fields: Sequence[str]) -> str:
    """A row as a line. The word NULL is quoted: MySQL would take it for a null."""
    return ",".join('"' + f.replace('"', '""') + '"' if _QUOTED.search(f) else f for f in fields) + "\n"


def header_frame(table: Table) -> bytes:
    """The header as a frame; the same bytes for the same columns."""
    return compress(line(table.names).encode(), LEVEL)


class RowFrame:
    """Collects rows into one frame, holding only what is compressed."""

    def __init__(self) -> None:
        self._compressor = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compressobj()
        self._pieces: list[bytes] = []
        self._waiting: list[str] = []
        self.rows = 0

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows."""
        before = len(self._waiting)
        self._waiting.extend(map(line, rows))
        self.rows += len(self._waiting) - before
        if len(self._waiting) >= 5000:
            self._flush()

    def add_lines(self, lines: Sequence[str]) -> None:
        """Add rows that are lines already."""
        self._waiting.extend(lines)
        self.rows += len(lines)
        if len(self._waiting) >= 5000:
            self._flush()

    def close(self) -> bytes:
        """The frame; empty when there was no row."""
        if not self.rows:
            return b""
        self._flush()
        self._pieces.append(self._compressor.flush())
        return b"".join(self._pieces)

    def _flush(self) -> None:
        self._pieces.append(self._compressor.compress("".join(self._waiting).encode()))
        self._waiting.clear()


def blocks(chunks: Iterable[bytes], uri: str) -> Iterator[bytes]:
    """Decompress a stream of frames into blocks of bytes.

    Raises:
        CorruptObject: naming `uri`, when a frame is damaged or cut off.
    """
    frame = zstandard.ZstdDecompressor().decompressobj()
    begun = False
    try:
        for chunk in chunks:
            for start in range(0, len(chunk), _BLOCK):
                rest = chunk[start : start + _BLOCK]
                while rest:
                    begun = True
                    if block := frame.decompress(rest):
                        yield block
                    rest = frame.unused_data if frame.eof else b""
                    if frame.eof:
                        frame, begun = zstandard.ZstdDecompressor().decompressobj(), False
    except zstandard.ZstdError as error:
        raise CorruptObject(uri, str(error)) from error
    if begun:
        raise CorruptObject(uri, "its last zstd frame is cut off")


def whole_lines(chunks: Iterable[bytes], uri: str, size: int = 8 << 20) -> Iterator[bytes]:
    """The content in pieces of about `size` bytes that end with a line."""
    held: list[bytes] = []
    length = 0
    for block in blocks(chunks, uri):
        held.append(block)
        length += len(block)
        if length >= size and (cut := block.rfind(b"\n") + 1):
            yield b"".join([*held[:-1], block[:cut]])
            held, length = ([block[cut:]], len(block) - cut) if cut < len(block) else ([], 0)
    if rest := b"".join(held):
        if not rest.endswith(b"\n"):
            raise CorruptObject(uri, f"its last line is cut off: {rest[-80:]!r}")
        yield rest


def without_header(pieces: Iterable[bytes], table: Table, uri: str) -> Iterator[bytes]:
    """The rows alone.

    Raises:
        CorruptObject: when the columns are not the table's.
    """
    expected = line(table.names).encode()
    first = True
    for piece in pieces:
        if first:
            first = False
            if not piece.startswith(expected):
                found = piece.partition(b"\n")[0].decode("utf-8", "replace")
                raise CorruptObject(uri, f"its columns are {found!r}, not those of {table.name}; rebuild the table")
            piece = piece[len(expected) :]
        if piece:
            yield piece


def parse_line(text: str) -> list[str]:
    """The fields of one line."""
    return next(csv.reader([text]))
