"""Text in zstd frames, read and written piece by piece: no list of the ledger is ever in memory as text."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import zstandard

from filings.archive.compression import CorruptObject

_FED = 1 << 16  # compressed bytes a step: about a megabyte of a list of accessions


def pieces(data: bytes, uri: str) -> Iterator[bytes]:
    """The text of all frames, in pieces of about a megabyte; the next one is decompressed while one is worked on.

    Raises:
        CorruptObject: naming `uri`, when a frame is damaged or the last one is cut off.
    """
    steps = _decompressed(data, uri)
    with ThreadPoolExecutor(1, "decompress") as ahead:
        pending = ahead.submit(next, steps, None)
        while (piece := pending.result()) is not None:
            pending = ahead.submit(next, steps, None)
            if piece:
                yield piece


def _decompressed(data: bytes, uri: str) -> Iterator[bytes]:
    view = memoryview(data)
    at = 0
    try:
        while at < len(view):
            frame = zstandard.ZstdDecompressor().decompressobj()
            while not frame.eof:
                if at == len(view):
                    raise CorruptObject(uri, f"its zstd frame is cut off ({len(data):,} bytes)")
                step = view[at : at + _FED]
                at += len(step)
                yield frame.decompress(step)
            at -= len(frame.unused_data)
    except zstandard.ZstdError as error:
        raise CorruptObject(uri, str(error)) from error


class Frame:
    """One frame in the making: only compressed bytes are held."""

    def __init__(self, level: int) -> None:
        self._compressor = zstandard.ZstdCompressor(level=level, write_checksum=True).compressobj()
        self._pieces: list[bytes] = []

    def add(self, text: bytes | memoryview) -> None:
        """Add text."""
        if piece := self._compressor.compress(text):
            self._pieces.append(piece)

    def close(self) -> bytes:
        """The frame's bytes."""
        self._pieces.append(self._compressor.flush())
        return b"".join(self._pieces)
