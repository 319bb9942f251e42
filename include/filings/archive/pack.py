"""A submission as a tar: `metadata.json` first, then the documents in order, ready to be read by anyone.

The metadata gives each document's place in the tar, so that one document can be had by a range request. Names are
made safe to unpack (no path, no control characters, no two alike); the name as filed stays in the metadata.
"""

from __future__ import annotations

import hashlib
import io
import re
import tarfile
from typing import Any

import orjson

from filings.edgar.sgml import Submission

METADATA = "metadata.json"
_BLOCK = 512
_UNSAFE = re.compile(r"[^A-Za-z0-9._+()@=,~ -]")
_NAME_BYTES = 100  # a USTAR name; longer ones would need headers of another size


def pack(submission: Submission) -> bytes:
    """The tar of a submission (USTAR, times zero: the same submission gives the same bytes)."""
    documents = _describe(submission)
    about = _metadata(submission, documents)
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        _add(tar, METADATA, about)
        for described, document in zip(documents, submission.documents, strict=True):
            _add(tar, described["name"], document.content)
    return out.getvalue()


def metadata(submission: Submission) -> dict[str, Any]:
    """What `metadata.json` holds: accession, form, header, truncated, and the documents.

    Each document has type, sequence, filename (as filed), name (in the tar), description, encoding, bytes, sha256 (of
    the decoded content) and start_byte, end_byte (its place in the tar, end exclusive).
    """
    content: dict[str, Any] = orjson.loads(_metadata(submission, _describe(submission)))
    return content


def safe_names(filenames: list[str]) -> list[str]:
    """Names for the documents of one tar: safe, unique whatever the file system's view of case."""
    taken = {METADATA}
    names = []
    for position, filename in enumerate(filenames, 1):
        name = _UNSAFE.sub("_", filename.replace("\\", "/").rpartition("/")[2]).strip(" .")
        stem, dot, ending = (name or f"document-{position}.txt").rpartition(".")
        stem, ending = (stem, dot + ending) if stem else (ending, "")
        ending = ending[:20]
        candidate, count = stem[: _NAME_BYTES - len(ending)] + ending, 1
        while candidate.lower() in taken:
            count += 1
            mark = f"-{count}"
            candidate = stem[: _NAME_BYTES - len(ending) - len(mark)] + mark + ending
        taken.add(candidate.lower())
        names.append(candidate)
    return names


def _describe(submission: Submission) -> list[dict[str, Any]]:
    names = safe_names([document.filename for document in submission.documents])
    return [
        {
            "type": document.type,
            "sequence": document.sequence,
            "filename": document.filename,
            "name": name,
            "description": document.description,
            "encoding": document.encoding,
            "bytes": len(document.content),
            "sha256": hashlib.sha256(document.content).hexdigest(),
        }
        for name, document in zip(names, submission.documents, strict=True)
    ]


def _metadata(submission: Submission, documents: list[dict[str, Any]]) -> bytes:
    """The metadata with the documents' places, which depend on the metadata's own length."""
    head = {
        "accession": submission.accession,
        "form": submission.form,
        "truncated": submission.truncated,
        "source": submission.variant,
        "header": submission.header,
    }
    length = 0
    while True:
        position = _BLOCK + _padded(length)
        for document in documents:
            document["start_byte"] = position + _BLOCK
            document["end_byte"] = document["start_byte"] + document["bytes"]
            position = document["start_byte"] + _padded(document["bytes"])
        content = orjson.dumps({**head, "documents": documents})
        if _padded(len(content)) == _padded(length):
            return content
        length = max(length, len(content))


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _add(tar: tarfile.TarFile, name: str, content: bytes | memoryview) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))
