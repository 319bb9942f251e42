"""What is served at a path: bytes in pieces, their number, and what tells one version from another."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

PIECE = 256 * 1024


class Unreadable(Exception):
    """A file whose bytes cannot be had: it says why."""


@dataclass(frozen=True)
class Content:
    """`pieces()` starts anew at each call. `modified` is in seconds since 1970 and stable while the bytes are."""

    size: int
    pieces: Callable[[], Iterator[bytes]]
    media_type: str
    etag: str
    modified: float

    @classmethod
    def of(cls, data: bytes, media_type: str, modified: float) -> Content:
        """Content that lies in memory."""
        etag = hashlib.blake2b(data, digest_size=12).hexdigest()
        return cls(len(data), lambda: iter((data,)), media_type, etag, modified)

    def cut(self, size: int) -> Content:
        """The same, ended after `size` bytes."""
        size = min(size, self.size)
        return Content(
            size, lambda: part(self.pieces(), 0, size), self.media_type, f"{self.etag}-{size}", self.modified
        )


def part(pieces: Iterator[bytes], start: int, stop: int) -> Iterator[bytes]:
    """The bytes from `start` to `stop` of those pieces."""
    position = 0
    for piece in pieces:
        wanted = piece[max(0, start - position) : max(0, stop - position)]
        position += len(piece)
        if wanted:
            yield wanted
        if position >= stop:
            return


def read_file(path: Path) -> Iterator[bytes]:
    """The plain bytes of a file, decompressed on the way if its name ends in `.zst`.

    Raises:
        Unreadable: when the file is not there, not to be opened, or not whole zstd frames.
    """
    try:
        with path.open("rb") as file:
            pieces = iter(lambda: file.read(PIECE), b"")
            yield from _decompress(pieces) if path.suffix.lower() == ".zst" else pieces
    except (OSError, zstandard.ZstdError) as error:
        raise Unreadable(f"cannot be read: {error}") from error


def _decompress(packed: Iterator[bytes]) -> Iterator[bytes]:
    """All frames. The library's own reader would end without a word where a file is cut off."""
    frame = None
    for piece in packed:
        while piece:
            frame = frame or zstandard.ZstdDecompressor().decompressobj()
            if plain := frame.decompress(piece):
                yield plain
            piece, frame = (frame.unused_data, None) if frame.eof else (b"", frame)
    if frame is not None:
        raise zstandard.ZstdError("the file ends within a zstd frame, it is cut off")
