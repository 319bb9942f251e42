"""CSV in zstd frames: the header in a frame of its own, so that rows can be appended as further frames.

RFC 4180 with LF; empty is null; a line is a row, except in tables with a longtext, whose lines are within quotes.
Readers of zstd read across frames (pandas, Polars, DuckDB, zstdcat).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence

import zstandard

from filings.archive.compression import CorruptObject, compress
from filings.tables import Table
from filings.warehouse import csv_rows

_QUOTED = re.compile(r'[",\r\n]|^NULL$|^\s|\s$')
LEVEL = 10
_BLOCK = 1 << 20
PIECE = 8 << 20
_MOST_TEXT = 2 << 20  # characters that wait to be compressed: half of what the compressor looks back upon
_FRAME = 256 << 20  # of text in a frame that is made of others


def line(fields: Sequence[str]) -> str:
    """A row as a line. The word NULL is quoted: MySQL would take it for a null."""
    return ",".join('"' + f.replace('"', '""') + '"' if _QUOTED.search(f) else f for f in fields) + "\n"


def header_frame(table: Table) -> bytes:
    """The header as a frame; the same bytes for the same columns."""
    return compress(line(table.names).encode(), LEVEL)


class RowFrame:
    """Collects rows into frames, holding little but what is compressed.

    A frame for each few rows, not one in the making for as long as there are some: of a product with forty tables,
    forty compressors would take a gigabyte.
    """

    def __init__(self) -> None:
        self._pieces: list[bytes] = []
        self._waiting: list[str] = []
        self._text = 0
        self.rows = 0
        self.bytes = 0  # compressed, but for what still waits

    def add(self, rows: Iterable[Sequence[str]]) -> None:
        """Add rows."""
        waiting = self._waiting
        for text in map(line, rows):
            waiting.append(text)
            self._text += len(text)
            self.rows += 1
            if self._text >= _MOST_TEXT:
                self._flush()

    def close(self) -> bytes:
        """The frames; empty when there was no row."""
        if self._waiting:
            self._flush()
        return b"".join(self._pieces)

    def _flush(self) -> None:
        piece = compress("".join(self._waiting).encode(), LEVEL)
        self._pieces.append(piece)
        self.bytes += len(piece)
        self._waiting.clear()
        self._text = 0


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of whole rows as the bytes of frames of some size."""
    compressor, held = None, 0
    for piece in pieces:
        if compressor is None:
            compressor, held = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True).compressobj(), 0
        yield compressor.compress(piece)
        held += len(piece)
        if held >= _FRAME:
            yield compressor.flush()
            compressor = None
    if compressor is not None:
        yield compressor.flush()


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


def whole_rows(chunks: Iterable[bytes], table: Table, uri: str, size: int = PIECE) -> Iterator[bytes]:
    """The content in pieces of about `size` bytes that end with a row.

    Raises:
        CorruptObject: naming `uri`, when a frame is damaged or the last row is cut off.
    """
    return _whole_quoted(chunks, uri, size) if table.multiline else _whole_lines(chunks, uri, size)


def _whole_lines(chunks: Iterable[bytes], uri: str, size: int) -> Iterator[bytes]:
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


def _whole_quoted(chunks: Iterable[bytes], uri: str, size: int) -> Iterator[bytes]:
    held: list[bytes] = []
    length, odd = 0, False
    for block in blocks(chunks, uri):
        held.append(block)
        length += len(block)
        odd ^= bool(block.count(b'"') & 1)
        if length >= size and (cut := csv_rows.last_end(block, odd)):
            yield b"".join([*held[:-1], block[:cut]])
            held, length = ([block[cut:]], len(block) - cut) if cut < len(block) else ([], 0)
    if rest := b"".join(held):
        if odd or not rest.endswith(b"\n"):
            raise CorruptObject(uri, f"its last row is cut off: {rest[-80:]!r}")
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
                raise CorruptObject(
                    uri,
                    f"its columns are {found!r}, not those of {table.name}; run the task that fills the table in S3, "
                    "which adds new columns and says what to do about others",
                )
            piece = piece[len(expected) :]
        if piece:
            yield piece


def parse_line(text: str) -> list[str]:
    """The fields of one line."""
    return next(csv.reader([text]))
