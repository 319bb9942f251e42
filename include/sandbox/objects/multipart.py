"""Multipart uploads: parts lie as files until the upload is completed; nothing of it shows before that.

A copied part is a hard link to the object that it is of, with a range: what was there then is what gets in, and no byte
moves before the end.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.objects.errors import S3Error
from sandbox.objects.store import CHUNK, Entry, ObjectStore

SMALLEST_PART = 5 << 20  # S3 and R2 refuse a smaller one unless it is the last


@dataclass
class Part:
    """`size` bytes of a file from `start`; `etag` is 32 hexadecimal digits (the MD5, where the bytes were sent)."""

    path: Path
    size: int
    etag: str
    start: int = 0
    checksums: dict[str, str] = field(default_factory=dict)


@dataclass
class Upload:
    bucket: str
    key: str
    content_type: str
    metadata: dict[str, str]
    begun: float = field(default_factory=time.time)
    parts: dict[int, Part] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """A part as the client lists it when it completes the upload."""

    number: int
    etag: str
    checksums: dict[str, str] = field(default_factory=dict)


class Uploads:
    """The uploads under way; they end with the server, as abandoned ones end by their lifecycle rule."""

    def __init__(self, store: ObjectStore, *, equal_parts: bool) -> None:
        self.store = store
        self.equal_parts = equal_parts  # R2 wants all parts but the last to have one length
        self._uploads: dict[str, Upload] = {}

    def begin(self, upload: Upload) -> str:
        self.store.bucket(upload.bucket)
        self.store.path(upload.bucket, upload.key)
        name = secrets.token_urlsafe(24)
        self._uploads[name] = upload
        return name

    def under_way(self, bucket: str, prefix: str = "") -> list[tuple[str, Upload]]:
        """The uploads of a bucket that are neither completed nor given up, by key."""
        found = [(name, u) for name, u in self._uploads.items() if u.bucket == bucket and u.key.startswith(prefix)]
        return sorted(found, key=lambda pair: (pair[1].key, pair[1].begun))

    def get(self, name: str) -> Upload:
        try:
            return self._uploads[name]
        except KeyError:
            raise S3Error("NoSuchUpload") from None

    def add(self, name: str, number: int, part: Part) -> None:
        if not 1 <= number <= 10_000:
            raise S3Error("InvalidArgument", "Part number must be an integer between 1 and 10000")
        upload = self.get(name)
        old = upload.parts.get(number)
        upload.parts[number] = part
        if old:
            old.path.unlink(missing_ok=True)

    def abort(self, name: str) -> None:
        for part in self.get(name).parts.values():
            part.path.unlink(missing_ok=True)
        del self._uploads[name]

    def choose(self, upload: Upload, wanted: list[Wanted]) -> list[Part]:
        """The parts that the client lists, checked as S3 checks them."""
        if not wanted:
            raise S3Error("MalformedXML")
        if [one.number for one in wanted] != sorted({one.number for one in wanted}):
            raise S3Error("InvalidPartOrder")
        parts = [upload.parts.get(one.number) for one in wanted]
        chosen = [
            part
            for part, one in zip(parts, wanted, strict=True)
            if part is not None and part.etag == one.etag and same_checksums(part, one)
        ]
        if len(chosen) != len(wanted):
            raise S3Error("InvalidPart")
        if any(part.size < SMALLEST_PART for part in chosen[:-1]):
            raise S3Error("EntityTooSmall")
        if self.equal_parts and len({part.size for part in chosen[:-1]}) > 1:
            raise S3Error("InvalidPart", "All non-trailing parts must have the same length.")
        return chosen

    def join(self, upload: Upload, parts: list[Part]) -> tuple[Path, Entry]:
        """Write the parts one behind the other; returns the file and its entry (ETag as S3 makes it)."""
        whole = self.store.new_file()
        with whole.open("wb") as target:
            for part in parts:
                copy_range(part.path, target.fileno(), part.start, part.size)
        digest = hashlib.md5(b"".join(bytes.fromhex(part.etag) for part in parts)).hexdigest()
        entry = Entry(
            sum(part.size for part in parts), 0, f"{digest}-{len(parts)}", upload.content_type, upload.metadata
        )
        return whole, entry


def same_checksums(part: Part, wanted: Wanted) -> bool:
    """Whether what the client says of a part when it completes is what it said when it sent it."""
    return all(part.checksums.get(name, text) == text for name, text in wanted.checksums.items())


def copy_range(source: Path, target: int, start: int, length: int) -> None:
    """Append `length` bytes of `source` from `start` to the open file `target`."""
    with source.open("rb") as file:
        done = 0
        while done < length:
            try:
                copied = os.sendfile(target, file.fileno(), start + done, min(length - done, 64 * CHUNK))
            except OSError:  # a file system that cannot: by hand
                file.seek(start + done)
                copied = os.write(target, file.read(min(length - done, CHUNK)))
            if not copied:
                raise S3Error("InternalError", f"{source} ended early")
            done += copied
