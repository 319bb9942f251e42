"""Objects that are too large for one request or for memory: read range by range, written in parts, all or nothing.

S3 and R2 take an upload's parts of 5 MiB and more, R2 all of the same length but the last, and show nothing of it until
it is complete. An upload that fails or is given up is aborted; what a killed process leaves, a lifecycle rule removes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from typing import Any

import obstore
from obstore.exceptions import NotFoundError, PreconditionError
from obstore.store import S3Store
from typing_extensions import Buffer

PART = 8 << 20
LARGE = 2 * PART  # up to here one request is as good
UNDER_WAY = 3  # parts of one upload at once; with the one being filled they take 32 MiB
_BLOCK = PART // 2
_ABORT_SECONDS = 5.0


class GivenUp(RuntimeError):
    """Nobody wants the upload any more."""


class ObjectChanged(RuntimeError):
    """The object was replaced or deleted while it was read."""


class Ranges:
    """An object's bytes, a range at a time and in order; its methods wait, so they are for a thread."""

    def __init__(self, backend: S3Store, key: str, size: int, etag: str) -> None:
        self._backend, self._key, self.size, self._etag = backend, key, size, etag
        self._position = 0

    def read(self, size: int = -1, /) -> Buffer:
        """The next bytes; none at the end. Raises `ObjectChanged`."""
        end = min(self._position + PART, self.size)
        if self._position == end:
            return b""
        try:
            options: Any = {"range": (self._position, end), "if_match": self._etag}
            piece = obstore.get(self._backend, self._key, options=options).bytes()
        except (NotFoundError, FileNotFoundError, PreconditionError) as error:
            raise ObjectChanged(f"{self._key} was changed while it was read") from error
        self._position = end
        return piece


class Begun:
    """An object whose beginning is here, and of which any stretch can be had besides."""

    def __init__(self, backend: S3Store, key: str, beginning: Buffer, size: int, etag: str) -> None:
        self._backend, self._key, self.size, self._etag = backend, key, size, etag
        self.beginning = memoryview(beginning)

    async def stretch(self, start: int, end: int) -> memoryview:
        """The bytes from `start` to `end`; what is not here yet is fetched, a part a request, some parts at once.

        Raises:
            ObjectChanged: when the object is not the one any more that was begun.
        """
        here = len(self.beginning)
        if end <= here:
            return self.beginning[start:end]
        content = memoryview(bytearray(end - start))
        content[: max(0, here - start)] = self.beginning[start:]
        gate = asyncio.Semaphore(UNDER_WAY)

        async def fill(first: int) -> None:
            async with gate:
                last = min(first + PART, end)
                content[first - start : last - start] = await self._part(first, last)

        await asyncio.gather(*(fill(first) for first in range(max(start, here), end, PART)))
        return content

    async def _part(self, first: int, last: int) -> Buffer:
        options: Any = {"range": (first, last), "if_match": self._etag}
        try:
            return await (await obstore.get_async(self._backend, self._key, options=options)).bytes_async()
        except (NotFoundError, FileNotFoundError, PreconditionError) as error:
            raise ObjectChanged(f"{self._key} was changed while it was read") from error


class Whole:
    """An object that came with one request; read as `Ranges` are."""

    def __init__(self, content: Buffer) -> None:
        self._content: Buffer = content

    def read(self, size: int = -1, /) -> Buffer:
        """All of it the first time, then nothing."""
        content, self._content = self._content, b""
        return content


async def upload(
    backend: S3Store, key: str, pieces: Iterable[Buffer], attributes: Mapping[str, str]
) -> tuple[str, int]:
    """Write an object in parts from pieces, which are made in a thread; returns its ETag and size.

    When the task that waits for it is cancelled, the upload is aborted, within a few seconds if the store answers.
    """
    sent, wanted, blocks_left = _Sent(), True, _slices(pieces)

    async def blocks() -> AsyncIterator[Buffer]:
        while block := await asyncio.to_thread(_block, blocks_left, sent):
            if not wanted:
                raise GivenUp(key)
            yield block

    given: Any = dict(attributes)
    work = asyncio.ensure_future(
        obstore.put_async(
            backend, key, blocks(), attributes=given, use_multipart=True, chunk_size=PART, max_concurrency=UNDER_WAY
        )
    )
    try:
        result = await asyncio.shield(work)
    except asyncio.CancelledError:
        wanted = False
        await asyncio.wait({work}, timeout=_ABORT_SECONDS)
        raise
    except (NotFoundError, FileNotFoundError):
        # The answer to its completion was lost, and who completes an upload once more is told that there is none.
        result = await obstore.head_async(backend, key)
        if str(result["e_tag"]).strip('"') != sent.etag():
            raise
    return str(result["e_tag"]), sent.size


class _Sent:
    """What was sent: bytes, and the ETag that stores give to an upload in parts (unless they encrypt with own keys)."""

    def __init__(self) -> None:
        self.size = 0
        self._parts: list[bytes] = []
        self._part = hashlib.md5(usedforsecurity=False)

    def add(self, block: Buffer) -> None:
        """Count a block in."""
        view = memoryview(block)
        while view:
            fits = view[: PART - self.size % PART]
            self._part.update(fits)
            self.size += len(fits)
            view = view[len(fits) :]
            if self.size % PART == 0:
                self._end()

    def etag(self) -> str:
        """The MD5 of the parts' MD5s, and how many they are."""
        if self.size % PART:
            self._end()
        return f"{hashlib.md5(b''.join(self._parts), usedforsecurity=False).hexdigest()}-{len(self._parts)}"

    def _end(self) -> None:
        self._parts.append(self._part.digest())
        self._part = hashlib.md5(usedforsecurity=False)


def _block(pieces: Iterator[Buffer], sent: _Sent) -> Buffer:
    """The next pieces together, about half a part of them; nothing when there are no more."""
    block: Buffer = b""
    together = bytearray()
    for piece in pieces:
        if not together and len(memoryview(piece)) == _BLOCK:
            block = piece
            break
        together += piece
        if len(together) >= _BLOCK:
            break
    block = block or together
    sent.add(block)
    return block


def _slices(pieces: Iterable[Buffer]) -> Iterator[Buffer]:
    """The same bytes in pieces of no more than half a part, without copying."""
    for piece in pieces:
        view = memoryview(piece)
        for start in range(0, len(view), _BLOCK):
            yield view[start : start + _BLOCK]
