"""zstd as the archive uses it: frames may follow each other, a broken one is an error that names the object."""

from __future__ import annotations

import zstandard


class CorruptObject(RuntimeError):
    """An object's bytes are not what they should be."""

    def __init__(self, uri: str, why: str) -> None:
        super().__init__(f"{uri} is corrupt: {why}")
        self.uri = uri
        self.why = why


def compress(data: bytes | memoryview, level: int = 10) -> bytes:
    """One frame, with the content's size and checksum in it."""
    return zstandard.ZstdCompressor(level=level, write_checksum=True).compress(data)


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
