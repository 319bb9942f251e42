"""Fetch, read back, derive, write: the verbs of one filing, used by every driver of them.

Each takes an accession and gives an `Outcome`; none knows of batches, runs or containers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from filings.archive import keys
from filings.archive.batch_outcome import Outcome, Withdrawal
from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.storage import ZSTD, NotFound, Store
from filings.edgar import sgml
from filings.edgar.client import EdgarClient, EdgarError, NotOnEdgar

# A submission to an object's bytes and a note of what was odd, or to None and why there is nothing for it to have.
Derive = Callable[[sgml.Submission], tuple[bytes | None, str]]


class Unusable(ValueError):
    """A submission that should give an object and gives none: it goes into quarantine, and a retry would not help."""


class Fetch:
    """The verb of the SGML archive: a submission from EDGAR, kept to the byte."""

    def __init__(self, client: EdgarClient, r2: Store, level: int) -> None:
        self._client, self._r2, self._level = client, r2, level

    async def __call__(self, accession: str, cik: int) -> Outcome:
        """Fetch one submission and archive it."""
        try:
            raw = await self._client.submission(cik, accession)
            problem = await asyncio.to_thread(_look, raw, accession)
            if problem.startswith(
                "truncated"
            ):  # an answer cut short is cured by asking again, a file that is so is not
                again = await self._client.submission(cik, accession)
                if again != raw:
                    raw, problem = again, await asyncio.to_thread(_look, again, accession)
        except NotOnEdgar as error:
            return Outcome.unavailable(f"not on EDGAR: {error}")
        except EdgarError as error:
            return Outcome.failed(f"not fetched: {error}")
        if problem and not problem.startswith("truncated"):
            return Outcome.failed(f"{accession}: {problem}", quarantine=problem)
        packed = await asyncio.to_thread(compress, raw, self._level)
        await self._r2.aput(keys.object_key(keys.SGML, accession), packed, ZSTD)
        return Outcome.done(len(raw), len(packed), quarantine=problem)


class Derived:
    """The verb of the archives that are made from the SGML archive."""

    def __init__(self, archive: str, r2: Store, target: Store, derive: Derive, content_type: str) -> None:
        self._archive, self._r2, self._target = archive, r2, target
        self._derive, self._content_type = derive, content_type

    async def __call__(self, accession: str, cik: int) -> Outcome:
        """Make one object from the archived submission."""
        source = keys.object_key(keys.SGML, accession)
        try:
            packed = await self._r2.aget(source)
        except NotFound:
            return Outcome.waiting("its submission is not in the SGML archive yet")
        try:
            content, note, size = await asyncio.to_thread(self._make, packed, accession)
        except CorruptObject as error:
            # Out of the archive's folder, so that no listing takes it for whole; kept, so that a person can look.
            await self._r2.aput(keys.broken(keys.SGML, accession), packed)
            await asyncio.to_thread(self._r2.delete, [source])
            why = f"{error}; it is fetched again by the next run"
            return Outcome.failed(why, quarantine=str(error), withdraw=Withdrawal(keys.SGML, str(error)))
        except Unusable as error:
            return Outcome.unavailable(f"unusable: {error}", quarantine=str(error))
        if content is None:
            return Outcome.unavailable(note, bytes_in=size)
        await self._target.aput(keys.object_key(self._archive, accession), content, self._content_type)
        return Outcome.done(size, len(content), quarantine=note)

    def _make(self, packed: bytes, accession: str) -> tuple[bytes | None, str, int]:
        uri = self._r2.uri(keys.object_key(keys.SGML, accession))
        raw = decompress(packed, uri)
        try:
            submission = sgml.parse(raw, accession=accession)
        except sgml.NotASubmission as error:
            raise CorruptObject(uri, str(error)) from error
        content, note = self._derive(submission)
        return content, note, len(raw)


def _look(raw: bytes, accession: str) -> str:
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
