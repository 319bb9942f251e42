"""Fetch, read back, derive, write: the verbs of one filing, used by every driver of them.

Each takes an accession and gives an `Outcome`; none knows of batches, runs or containers. A submission is in memory
once, whatever is made of it: what goes out is made in pieces while it is sent.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from typing_extensions import Buffer

from filings.archive import keys
from filings.archive.batch_outcome import CIK, Outcome, Withdrawal
from filings.archive.compression import CorruptObject, compress, compressed
from filings.archive.large_objects import LARGE
from filings.archive.memory import Hold, Memory, Threads
from filings.archive.sources import expanded, expected
from filings.archive.storage import ZSTD, NotFound, Opened, Store
from filings.edgar import sgml
from filings.edgar.client import EdgarClient, EdgarError, NotOnEdgar

# A submission to an object's bytes (in pieces, when they are many) and a note of what was odd, or to None and why there
# is nothing for it to have.
Derive = Callable[[sgml.Submission], tuple[bytes | Iterator[Buffer] | None, str]]

_MOST_CIKS = 4  # of a filing are tried, each with a request: one was wrong at first, not hundreds
_EXPECTED = 8 << 20  # bytes of a submission not yet seen: 93 of 100 have less


class Unusable(ValueError):
    """A submission that should give an object and gives none: it goes into quarantine, and a retry would not help."""


class Bounds:
    """What one container may have in hand, shared by all that its verb does at once."""

    def __init__(self, memory_mb: int) -> None:
        self.memory = Memory(memory_mb << 20)
        self.threads = Threads(max(2, os.cpu_count() or 1))


class Fetch:
    """The verb of the SGML archive: a submission from EDGAR, kept to the byte."""

    def __init__(self, client: EdgarClient, r2: Store, level: int, bounds: Bounds) -> None:
        self._client, self._r2, self._level, self._bounds = client, r2, level, bounds

    async def __call__(self, accession: str, cik: CIK) -> Outcome:
        """Fetch one submission and archive it. Any CIK of it will do, and one that was corrected later will not."""
        async with self._bounds.memory.hold(_EXPECTED) as held:
            try:
                raw, problem = await self._fetched(accession, (cik,) if isinstance(cik, int) else cik, held)
            except NotOnEdgar as error:
                return Outcome.unavailable(f"not on EDGAR: {error}")
            except EdgarError as error:
                return Outcome.failed(f"not fetched: {error}")
            if problem and not problem.startswith("truncated"):
                return Outcome.failed(f"{accession}: {problem}", quarantine=problem)
            size = await keep(self._r2, accession, raw, self._level, self._bounds)
            return Outcome.done(len(raw), size, quarantine=problem)

    async def _fetched(self, accession: str, ciks: Sequence[int], held: Hold) -> tuple[bytes, str]:
        """A submission and what is wrong with it."""
        *others, last = ciks[:_MOST_CIKS]
        for cik in others:
            try:
                return await self._fetched_by(accession, cik, held)
            except NotOnEdgar:
                continue
        return await self._fetched_by(accession, last, held)

    async def _fetched_by(self, accession: str, cik: int, held: Hold) -> tuple[bytes, str]:
        raw, problem = await self._looked_at(accession, cik, held)
        if problem.startswith("truncated"):  # an answer cut short is cured by asking again, a file that is so is not
            del raw  # a second one besides would be too much
            raw, problem = await self._looked_at(accession, cik, held)
        return raw, problem

    async def _looked_at(self, accession: str, cik: int, held: Hold) -> tuple[bytes, str]:
        raw = await self._client.submission(cik, accession, held.grow)
        return raw, await self._bounds.threads.run(look, raw, accession)


async def keep(r2: Store, accession: str, raw: bytes, level: int, bounds: Bounds) -> int:
    """Put a submission into the SGML archive; returns the object's size."""
    key = keys.object_key(keys.SGML, accession)
    if len(raw) > LARGE:
        return await r2.aput_pieces(key, compressed(raw, level), ZSTD)
    packed = await bounds.threads.run(compress, raw, level)
    await r2.aput(key, packed, ZSTD)
    return len(packed)


class Derived:
    """The verb of the archives that are made from the SGML archive."""

    def __init__(
        self, archive: str, r2: Store, target: Store, derive: Derive, content_type: str, bounds: Bounds, times: int
    ) -> None:
        """`times` the bytes of a submission are in memory with what is made of it: documents, trees, the object."""
        self._archive, self._r2, self._target = archive, r2, target
        self._derive, self._content_type, self._bounds, self._times = derive, content_type, bounds, times

    async def __call__(self, accession: str, cik: CIK) -> Outcome:
        """Make one object from the archived submission."""
        source = keys.object_key(keys.SGML, accession)
        try:
            opened = await self._r2.aopen(source)
        except NotFound:
            return Outcome.waiting("its submission is not in the SGML archive yet")
        async with self._bounds.memory.hold(expected(opened) * self._times):
            try:
                content, note, size = await self._bounds.threads.run(self._make, opened, accession)
            except CorruptObject as error:
                return await put_aside(self._r2, keys.SGML, accession, error)
            except Unusable as error:
                return Outcome.unavailable(f"unusable: {error}", quarantine=str(error))
            if content is None:
                return Outcome.unavailable(note, bytes_in=size)
            key = keys.object_key(self._archive, accession)
            if isinstance(content, bytes):
                await self._target.aput(key, content, self._content_type)
                return Outcome.done(size, len(content), quarantine=note)
            written = await self._target.aput_pieces(key, content, self._content_type)
            return Outcome.done(size, written, quarantine=note)

    def _make(self, opened: Opened, accession: str) -> tuple[bytes | Iterator[Buffer] | None, str, int]:
        uri = self._r2.uri(keys.object_key(keys.SGML, accession))
        submission, size = expanded(opened, accession, uri)
        content, note = self._derive(submission)
        return content if content is None or isinstance(content, bytes) else _joined(content), note, size


async def put_aside(store: Store, archive: str, accession: str, error: CorruptObject) -> Outcome:
    """Take a broken object out of its archive, so that no listing takes it for whole, and keep it for a person."""
    key = keys.object_key(archive, accession)
    try:
        await store.acopy(key, keys.broken(archive, accession))
    except NotFound:  # another container has found it broken too, and was quicker
        return Outcome.waiting(f"{error}; it is made anew by the next run")
    await asyncio.to_thread(store.delete, [key])
    again = "fetched again" if archive == keys.SGML else "made anew"
    withdrawal = Withdrawal(archive, str(error))
    return Outcome.failed(f"{error}; it is {again} by the next run", quarantine=str(error), withdraw=withdrawal)


def look(raw: bytes, accession: str) -> str:
    """What is wrong with an answer of EDGAR's; empty when nothing is."""
    try:
        submission = sgml.parse(raw, accession=accession)
    except sgml.NotASubmission as error:
        return f"EDGAR served no submission: {error}"
    if submission.accession != accession:
        return f"EDGAR served another submission, {submission.accession}"
    if submission.truncated:
        return f"truncated: it ends after {len(raw):,} bytes and {len(submission.documents)} documents, not closed"
    return ""


def _joined(pieces: Iterator[Buffer]) -> bytes | Iterator[Buffer]:
    """The object in one piece when it is small enough for one request, else its pieces."""
    held: list[Buffer] = []
    size = 0
    for piece in pieces:
        held.append(piece)
        size += len(memoryview(piece))
        if size > LARGE:
            return chain(held, pieces)
    return b"".join(held)
