"""A submission read back from its tar: the metadata first, then only the documents that are wanted.

The metadata says where each document lies and gives its SHA-256, so that what was damaged or changed is found by
whoever reads it. A tar of up to a megabyte comes with the first request; of a larger one wanted documents that lie
close together come with one request, since a request costs as much time as a few hundred kilobytes.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from filings.archive import ustar
from filings.archive.compression import CorruptObject
from filings.archive.large_objects import Begun
from filings.archive.pack import METADATA
from filings.edgar.document import Document
from filings.edgar.sgml import Submission

# Whether a document is wanted: its position in the submission (the first has 1), type and filename.
Wants = Callable[[int, str, str], bool]

_SAID = ("type", "sequence", "filename", "description", "encoding", "name", "sha256")
_NEAR = 256 << 10  # bytes between two wanted documents that are fetched along
_SIZE = slice(124, 135)  # of a ustar header: the content's size in octal digits


@dataclass(frozen=True, slots=True)
class Place:
    """A wanted document: what the metadata says of it, and where it lies."""

    about: dict[str, Any]
    start: int
    end: int


@dataclass(frozen=True)
class Tar:
    """A tar whose metadata is read. `size` are the bytes that `fetch` brings into memory."""

    uri: str
    about: dict[str, Any]
    wanted: list[Place]
    _begun: Begun = field(repr=False)

    @property
    def size(self) -> int:
        """Bytes of the wanted documents."""
        return sum(place.end - place.start for place in self.wanted)

    async def fetch(self) -> list[memoryview]:
        """The wanted documents' contents, not looked at yet. Raises `ObjectChanged`."""
        here = len(self._begun.beginning)
        spans = joined([(place.start, place.end) for place in self.wanted if place.end > here])
        got = await asyncio.gather(*(self._begun.stretch(*span) for span in spans))
        contents = []
        for place in self.wanted:
            content = self._begun.beginning[place.start : place.end]
            for (start, end), stretch in zip(spans, got, strict=True):
                if place.end > here and start <= place.start and place.end <= end:
                    content = stretch[place.start - start : place.end - start]
            contents.append(content)
        return contents

    def submission(self, contents: Sequence[memoryview]) -> Submission:
        """The submission with the wanted documents.

        Raises:
            CorruptObject: when a document is not the one that was packed.
        """
        documents = []
        for place, content in zip(self.wanted, contents, strict=True):
            said = place.about
            if hashlib.sha256(content).hexdigest() != said["sha256"]:
                raise CorruptObject(self.uri, f"{said['name']} in it is not what was packed (SHA-256)")
            kind, filename, title = said["type"], said["filename"], said["description"]
            documents.append(Document.decoded(kind, said["sequence"], filename, title, said["encoding"], content))
        about = self.about
        return Submission(
            about["accession"], about["form"], about["header"], documents, about["truncated"], about["source"]
        )


async def begin(begun: Begun, uri: str, accession: str, wants: Wants) -> Tar:
    """Read a tar's metadata, and see what of it is wanted.

    Raises:
        CorruptObject: when it is no tar of the submission, or is cut off.
        ObjectChanged: when it was written anew meanwhile.
    """
    about = await _metadata(begun, uri)
    try:
        if about["accession"] != accession:
            raise CorruptObject(uri, f"it is the tar of {about['accession']}")
        [about[name] for name in ("form", "header", "truncated", "source")]
        wanted = [
            Place(_whole(document), document["start_byte"], document["end_byte"])
            for position, document in enumerate(about["documents"], 1)
            if wants(position, document["type"], document["filename"])
        ]
        last = max((place.end for place in wanted), default=0)
        broken = any(not 0 <= place.start <= place.end for place in wanted)
    except (KeyError, TypeError) as error:
        raise CorruptObject(uri, f"its metadata is not that of a submission: {error!r}") from error
    if broken or last > begun.size:
        raise CorruptObject(uri, f"it has {begun.size:,} bytes, and a document that ends at byte {last:,}")
    return Tar(uri, about, wanted, begun)


def joined(places: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches that lie in order, those close together as one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if spans and start - spans[-1][1] <= _NEAR:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    return spans


def _whole(document: dict[str, Any]) -> dict[str, Any]:
    """What is said of a document, if nothing is wanting. Raises `KeyError`."""
    return {name: document[name] for name in _SAID}


async def _metadata(begun: Begun, uri: str) -> dict[str, Any]:
    header = bytes(begun.beginning[: ustar.BLOCK])
    digits = header[_SIZE]
    size = int(digits, 8) if digits.isdigit() and not digits.strip(b"01234567") else -1
    if size < 0 or header != ustar.header(METADATA, size):
        raise CorruptObject(uri, f"it does not begin with {METADATA} as a tar of the archive does")
    if ustar.BLOCK + size > begun.size:
        raise CorruptObject(uri, f"it is cut off in its metadata, after {begun.size:,} bytes")
    content = await begun.stretch(ustar.BLOCK, ustar.BLOCK + size)
    try:
        about: dict[str, Any] = orjson.loads(content)
        about["documents"][:0]
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise CorruptObject(uri, f"its metadata cannot be read: {error!r}") from error
    return about
