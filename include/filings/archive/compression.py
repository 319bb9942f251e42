"""zstd as the archive uses it: frames may follow each other, a broken one is an error that names the object.

Every frame that we write holds its content's size and checksum. So a byte that was changed or lost in an object is
found by whoever reads it, and a reader knows how much memory the content takes before it makes any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Protocol

import zstandard
from typing_extensions import Buffer

_SLICE = 4 << 20
# A frame put behind the last one of an object: it only comes out whole when what came before was.
_MARK = b"end of object"
_MARK_FRAME = zstandard.ZstdCompressor(level=1, write_checksum=True).compress(_MARK)
_LARGEST_HEADER = 18  # of a frame; RFC 8878, 3.1.1
_LARGEST_RATIO = (128 << 10) // 4  # a block stands for 128 KiB at most and takes 4 bytes at least; RFC 8878, 3.1.1.2


class CorruptObject(RuntimeError):
    """An object's bytes are not what they should be."""

    def __init__(self, uri: str, why: str) -> None:
        super().__init__(f"{uri} is corrupt: {why}")
        self.uri = uri
        self.why = why


class Source(Protocol):
    """Compressed bytes, some at a time; none at the end."""

    def read(self, size: int = -1, /) -> Buffer:
        """The next bytes, not necessarily `size` of them."""


def compress(data: bytes | memoryview, level: int = 10) -> bytes:
    """One frame, with the content's size and checksum in it."""
    return zstandard.ZstdCompressor(level=level, write_checksum=True).compress(data)


def compressed(data: bytes | memoryview, level: int = 10) -> Iterator[bytes]:
    """One frame as it comes, for what is too large to be in memory twice."""
    packer = zstandard.ZstdCompressor(level=level, write_checksum=True).compressobj(size=len(data))
    view = memoryview(data)
    for start in range(0, len(view), _SLICE):
        if piece := packer.compress(view[start : start + _SLICE]):
            yield piece
    yield packer.flush()


def content_size(head: Buffer, stored: int) -> int | None:
    """Bytes that the frame at the beginning of an object of `stored` bytes stands for, by its header.

    None when the header does not say, or says more than so many bytes can stand for.
    """
    try:
        size = zstandard.frame_content_size(bytes(memoryview(head)[:_LARGEST_HEADER]))
    except zstandard.ZstdError:
        return None
    return size if 0 <= size <= stored * _LARGEST_RATIO else None


def decompress(data: bytes, uri: str) -> bytes:
    """All frames of `data`, one after the other.

    Raises:
        CorruptObject: naming `uri`, when a frame is damaged or the last one is cut off.
    """
    pieces: list[bytes] = []
    rest = data
    try:
        while rest:
            frame = zstandard.ZstdDecompressor().decompressobj()
            pieces.append(frame.decompress(rest))
            if not frame.eof:
                raise CorruptObject(uri, f"its zstd frame is cut off ({len(data):,} bytes)")
            rest = frame.unused_data
    except zstandard.ZstdError as error:
        raise CorruptObject(uri, str(error)) from error
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def expand(source: Source, size: int | None, uri: str) -> bytes:
    """All frames that a source gives, in one piece of memory when `size` is what they stand for.

    Raises:
        CorruptObject: naming `uri`, when a frame is damaged or the last one is cut off.
    """
    marked: Any = _Marked(source)
    reader = zstandard.ZstdDecompressor().stream_reader(marked, read_across_frames=True)
    try:
        content = reader.read(size) if size else b""
        rest = reader.read(len(_MARK))
        if rest != _MARK:  # more frames than the first one, whose size is known
            content += rest + reader.readall()
            if not content.endswith(_MARK):
                raise CorruptObject(uri, "its zstd frame is cut off")
            content = content[: -len(_MARK)]
        elif size and len(content) < size:
            raise CorruptObject(uri, f"{len(content):,} bytes come out of it, and its header says {size:,}")
    except zstandard.ZstdError as error:
        raise CorruptObject(uri, str(error)) from error
    return content


class _Marked:
    """A source with the mark behind it."""

    def __init__(self, source: Source) -> None:
        self._source, self._over = source, False

    def read(self, size: int = -1, /) -> Buffer:
        if self._over:
            return b""
        if piece := self._source.read(size):
            return piece
        self._over = True
        return _MARK_FRAME
