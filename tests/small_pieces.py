"""Lists and indexes in pieces so small that every border between two of them is met."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from filings.archive import zstd_text


def pieces_of(size: int) -> Callable[[bytes, str], Iterator[bytes]]:
    """In the place of `zstd_text.pieces`: the same text, some bytes at a time."""

    def pieces(data: bytes, uri: str) -> Iterator[bytes]:
        for text in zstd_text.pieces(data, uri):
            yield from (text[start : start + size] for start in range(0, len(text), size))

    return pieces
