"""What a parser is fed from: a submission of the tar or the SGML archive, with the wanted documents alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from filings.archive import keys, unpack
from filings.archive.compression import CorruptObject, expand
from filings.archive.memory import Threads
from filings.archive.storage import Opened, Store
from filings.archive.unpack import Wants
from filings.edgar import sgml
from filings.edgar.sgml import Submission

_RATIO = 8  # of a submission to its zstd frame, where the frame does not say: more than nearly all have


@dataclass(frozen=True, slots=True)
class Readable:
    """A submission that can be read: `size` are the bytes of it that are in memory then."""

    size: int
    read: Callable[[Threads], Awaitable[Submission]]


class Source(Protocol):
    """An archive of submissions, in a store."""

    archive: str
    store: Store

    async def open(self, accession: str) -> Readable:
        """A submission of it; see how large it is, and read it when there is room.

        Raises:
            NotFound: when there is none.
            CorruptObject: here or when it is read, when it is not what was archived.
            ObjectChanged: here or when it is read, when it was written anew meanwhile.
        """


class Tars:
    """The tar archive: of a submission no more is fetched than is wanted."""

    archive = keys.TAR

    def __init__(self, r2: Store, wants: Wants) -> None:
        self.store, self._wants = r2, wants

    async def open(self, accession: str) -> Readable:
        """See `Source`."""
        key = keys.object_key(keys.TAR, accession)
        tar = await unpack.begin(await self.store.abegin(key), self.store.uri(key), accession, self._wants)

        async def read(threads: Threads) -> Submission:
            return await threads.run(tar.submission, await tar.fetch())

        return Readable(tar.size, read)


class Submissions:
    """The SGML archive: submissions to the byte, read whole."""

    archive = keys.SGML

    def __init__(self, r2: Store, wants: Wants) -> None:
        self.store, self._wants = r2, wants

    async def open(self, accession: str) -> Readable:
        """See `Source`."""
        key = keys.object_key(keys.SGML, accession)
        opened = await self.store.aopen(key)

        async def read(threads: Threads) -> Submission:
            return await threads.run(self._whole, opened, accession)

        return Readable(expected(opened), read)

    def _whole(self, opened: Opened, accession: str) -> Submission:
        uri = self.store.uri(keys.object_key(keys.SGML, accession))
        submission, _ = expanded(opened, accession, uri)
        if submission.accession != accession:
            raise CorruptObject(uri, f"it is the submission {submission.accession}")
        return with_wanted(submission, self._wants)


def expected(opened: Opened) -> int:
    """The bytes of an archived submission, as far as its frame says."""
    return opened.plain_size or opened.size * _RATIO


def expanded(opened: Opened, accession: str, uri: str) -> tuple[Submission, int]:
    """A submission of the SGML archive, and its bytes.

    Raises:
        CorruptObject: naming `uri`.
    """
    raw = expand(opened.content, opened.plain_size, uri)
    try:
        return sgml.parse(raw, accession=accession), len(raw)
    except sgml.NotASubmission as error:
        raise CorruptObject(uri, str(error)) from error


def with_wanted(submission: Submission, wants: Wants) -> Submission:
    """The same submission with the wanted documents alone."""
    documents = submission.documents
    submission.documents = [d for n, d in enumerate(documents, 1) if wants(n, d.type, d.filename)]
    return submission
