"""A submission as a tar: `metadata.json` first, then the documents in order, ready to be read by anyone.

The metadata gives each document's place in the tar, so that one document can be had by a range request. Names are
made safe to unpack (no path, no control characters, no two alike); the name as filed stays in the metadata.
A small submission is packed at once, a large one streamed: the bytes are the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import orjson

from filings.archive import ustar
from filings.edgar.document import PIECE, Document
from filings.edgar.sgml import Submission

METADATA = "metadata.json"
_UNSAFE = re.compile(r"[^A-Za-z0-9._+()@=,~ -]")
_NAME_BYTES = 100  # a USTAR name; longer ones would need headers of another size
_ALIKE = 64  # letters of a name by which others like it are counted
_Taken = set[str]


def pack(submission: Submission) -> bytes:
    """The tar of a submission (USTAR, times zero: the same submission gives the same bytes)."""
    return b"".join(_blocks(*_plan(submission), submission.documents, PIECE))


def stream(submission: Submission, piece: int = PIECE) -> Iterator[bytes | memoryview]:
    """The bytes of `pack`, in pieces of up to about `piece` bytes and in memory of a few of them.

    Text is given as views into the submission; a large uuencoded part is decoded twice, first for its size and hash.
    """
    held: list[bytes | memoryview] = []
    size = 0
    for block in _blocks(*_plan(submission), submission.documents, piece):
        if size + len(block) > piece and held:
            yield held[0] if len(held) == 1 else b"".join(held)
            held, size = [], 0
        held.append(block)
        size += len(block)
    yield b"".join(held)


def size(submission: Submission) -> int:
    """The bytes of the tar; uuencoded parts are decoded for it, and hashed, which is not done again."""
    about, described = _plan(submission)
    last = described[-1]["end_byte"] if described else ustar.BLOCK + len(about)
    filled = ustar.padded(int(last))
    return filled + len(ustar.end(filled))


def metadata(submission: Submission) -> dict[str, Any]:
    """What `metadata.json` holds: accession, form, header, truncated, and the documents.

    Each document has type, sequence, filename (as filed), name (in the tar), description, encoding, bytes, sha256 (of
    the decoded content) and start_byte, end_byte (its place in the tar, end exclusive).
    """
    content: dict[str, Any] = orjson.loads(_plan(submission)[0])
    return content


def safe_names(filenames: list[str]) -> list[str]:
    """Names for the documents of one tar: safe, unique whatever the file system's view of case."""
    taken = _Taken([METADATA])
    counts: dict[str, int] = {}  # how many of those alike have been tried
    names = []
    for position, filename in enumerate(filenames, 1):
        name = _UNSAFE.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")
        stem, dot, ending = (name or f"document-{position}.txt").rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (ending, "")
        ending = ending[:20]
        candidate = stem[: _NAME_BYTES - len(ending)] + ending
        while candidate.lower() in taken:
            alike = (stem[:_ALIKE] + ending).lower()
            counts[alike] = count = counts.get(alike, 1) + 1
            mark = f"-{count}"
            candidate = stem[: _NAME_BYTES - len(ending) - len(mark)] + mark + ending
        taken.add(candidate.lower())
        names.append(candidate)
    return names


def _plan(submission: Submission) -> tuple[bytes, list[dict[str, Any]]]:
    """The metadata, as it stands in the tar, and what it says of each document."""
    names = safe_names([document.filename for document in submission.documents])
    described = [
        {
            "type": document.type,
            "sequence": document.sequence,
            "filename": document.filename,
            "name": name,
            "description": document.description,
            "encoding": document.encoding,
            "bytes": document.size,
            "sha256": document.sha256,
        }
        for name, document in zip(names, submission.documents, strict=True)
    ]
    return _metadata(submission, described), described


def _metadata(submission: Submission, documents: list[dict[str, Any]]) -> bytes:
    """The metadata with the documents' places, which depend on the metadata's own length."""
    about = {
        "accession": submission.accession,
        "form": submission.form,
        "truncated": submission.truncated,
        "source": submission.variant,
        "header": submission.header,
        "documents": documents,
    }
    length = 0
    while True:
        position = ustar.BLOCK + ustar.padded(length)
        for document in documents:
            document["start_byte"] = position + ustar.BLOCK
            document["end_byte"] = document["start_byte"] + document["bytes"]
            position = document["start_byte"] + ustar.padded(document["bytes"])
        content = orjson.dumps(about)
        if ustar.padded(len(content)) == ustar.padded(length):
            return content
        length = max(length, len(content))


def _blocks(
    about: bytes, described: list[dict[str, Any]], documents: list[Document], piece: int
) -> Iterator[bytes | memoryview]:
    """The tar, part by part."""
    yield ustar.header(METADATA, len(about))
    yield about
    yield ustar.padding(len(about))
    size = ustar.BLOCK + ustar.padded(len(about))
    for told, document in zip(described, documents, strict=True):
        yield ustar.header(told["name"], told["bytes"])
        yield from document.pieces(piece)
        yield ustar.padding(told["bytes"])
        size += ustar.BLOCK + ustar.padded(told["bytes"])
    yield ustar.end(size)
