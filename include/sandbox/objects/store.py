"""Objects as files: `root/BUCKET/key`, written whole or not at all, and found again at the next start.

What a file cannot say (ETag of a multipart upload, content type, user metadata) stands in a journal beside the root,
one line a change. A line counts only while the file has the size and time it had then: a file that a person edited,
even while the server is up, is served as it is now, under the ETag of what it now holds.

All methods that decide and then write are called from one thread, which is what makes conditional writes atomic.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
import tempfile
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from sandbox.objects.errors import S3Error

CHUNK = 1 << 20
LAST = chr(0x10FFFF)  # behind it no key with the same beginning comes
FULL = "/dev/full"  # the kernel's own full disk: whatever is written there fails with ENOSPC


@dataclass
class Entry:
    """One object: `mtime_ns` and `size` are the file's, `etag` is without quotes, `checksums` are by header name."""

    size: int
    mtime_ns: int
    etag: str
    content_type: str = "binary/octet-stream"
    metadata: dict[str, str] = field(default_factory=dict)
    checksums: dict[str, str] = field(default_factory=dict)


class Bucket:
    """The objects of one bucket, in memory by key and in key order."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self._order: list[str] = []

    def add(self, key: str, entry: Entry) -> None:
        if key not in self.entries:
            insort(self._order, key, key=str.encode)
        self.entries[key] = entry

    def remove(self, key: str) -> None:
        if self.entries.pop(key, None) is not None:
            del self._order[bisect_left(self._order, key.encode(), key=str.encode)]

    def keys(self, prefix: str, after: str, count: int | None = None) -> list[str]:
        """The first keys that begin with `prefix` and sort behind `after`, in S3's order (UTF-8 bytes)."""
        start = bisect_left(self._order, prefix.encode(), key=str.encode)
        if after:
            start = max(start, bisect_right(self._order, after.encode(), key=str.encode))
        end = bisect_right(self._order, (prefix + LAST).encode(), lo=start, key=str.encode)
        return self._order[start : end if count is None else min(end, start + count)]


class ObjectStore:
    """The buckets under `root`; `side` holds the journal and what is being written."""

    def __init__(self, root: Path, side: Path) -> None:
        self.root = root
        self.incoming = side / "incoming"
        self._journal_path = side / "journal.jsonl"
        root.mkdir(parents=True, exist_ok=True)
        self.incoming.mkdir(parents=True, exist_ok=True)
        for left_over in self.incoming.iterdir():
            left_over.unlink()
        self.buckets: dict[str, Bucket] = {}
        self._load()
        self._journal = self._journal_path.open("a", encoding="utf-8", buffering=1)

    def close(self) -> None:
        self._journal.close()

    # -- buckets

    def create_bucket(self, name: str) -> bool:
        """False if it was there already."""
        if name in self.buckets:
            return False
        self.path(name, "x")
        (self.root / name).mkdir(exist_ok=True)
        self.buckets[name] = Bucket()
        return True

    def delete_bucket(self, name: str) -> None:
        if self.bucket(name).entries:
            raise S3Error("BucketNotEmpty")
        for folder, _, _ in os.walk(self.root / name, topdown=False):
            Path(folder).rmdir()
        del self.buckets[name]

    def bucket(self, name: str) -> Bucket:
        try:
            return self.buckets[name]
        except KeyError:
            raise S3Error("NoSuchBucket", f"The specified bucket does not exist: {name}") from None

    # -- objects

    def path(self, bucket: str, key: str) -> Path:
        """The file of a key. Keys that cannot be a file's path (empty or dot segments) are refused."""
        segments = [bucket, *key.split("/")]
        if any(s in ("", ".", "..") or "\0" in s or len(s.encode()) > 255 for s in segments):
            raise S3Error("InvalidArgument", f"The sandbox keeps objects as files; this key cannot be a path: {key!r}")
        return self.root.joinpath(*segments)

    def find(self, bucket: str, key: str) -> Entry | None:
        """The entry of `key` as the file is now, or None."""
        shelf = self.bucket(bucket)
        known = shelf.entries.get(key)
        path = f"{self.root}/{bucket}/{key}" if known else self.path(bucket, key)  # a known key has been checked
        try:
            found = os.stat(path)  # noqa: PTH116 - a thousand of these to a page of a listing
        except (FileNotFoundError, NotADirectoryError):
            found = None
        if found is None or not stat.S_ISREG(found.st_mode):
            if known is not None:
                shelf.remove(key)
            return None
        if known and (known.size, known.mtime_ns) == (found.st_size, found.st_mtime_ns):
            return known
        entry = Entry(found.st_size, found.st_mtime_ns, file_md5(Path(path)))
        if known:
            entry.content_type, entry.metadata = known.content_type, known.metadata
        self._record(bucket, key, entry)
        return entry

    def get(self, bucket: str, key: str) -> Entry:
        entry = self.find(bucket, key)
        if entry is None:
            raise S3Error("NoSuchKey", f"The specified key does not exist: {key}")
        return entry

    def check(self, bucket: str, key: str, if_match: str | None, if_none_match: str | None) -> None:
        """Raise what S3 answers when a conditional write may not happen."""
        if if_match is None and if_none_match is None:
            return
        entry = self.find(bucket, key)
        if if_match is not None:
            if entry is None:
                raise S3Error("NoSuchKey", f"If-Match, but there is no such key: {key}")
            if if_match != "*" and if_match.strip('"') != entry.etag:
                raise S3Error("PreconditionFailed", f"If-Match {if_match} but the ETag is {entry.etag}: {key}")
        if if_none_match is not None:
            if if_none_match != "*":
                raise S3Error("NotImplemented", "A write may have If-None-Match: * only.")
            if entry is not None:
                raise S3Error("PreconditionFailed", f"If-None-Match: * but the key exists: {key}")

    def new_file(self, full: bool = False) -> Path:
        """A place beside the buckets to write to; `commit` moves it to its key. With `full`, the disk has no room."""
        if full:
            path = self.incoming / f"full-{secrets.token_hex(8)}"
            path.symlink_to(FULL)
            return path
        handle, name = tempfile.mkstemp(dir=self.incoming)
        os.close(handle)
        return Path(name)

    def commit(self, bucket: str, key: str, written: Path, entry: Entry) -> bool:
        """Put the file `written` in the place of `key`. False, and nothing is touched, if it holds the same already."""
        old = self.find(bucket, key)
        if old is not None and same_object(old, entry):
            written.unlink()
            return False
        path = self.path(bucket, key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            written.chmod(0o644)
            written.replace(path)
        except (NotADirectoryError, IsADirectoryError, FileExistsError):
            written.unlink()
            raise S3Error(
                "InvalidArgument", f"The sandbox keeps objects as files: {key!r} is a folder of, or in, another key"
            ) from None
        found = path.stat()
        entry.size, entry.mtime_ns = found.st_size, found.st_mtime_ns
        self._record(bucket, key, entry)
        return True

    def delete(self, bucket: str, key: str) -> bool:
        """False if there was none."""
        if self.find(bucket, key) is None:
            return False
        path = self.path(bucket, key)
        path.unlink()
        for folder in path.parents:
            if folder == self.root / bucket:
                break
            try:
                folder.rmdir()
            except OSError:
                break
        self.buckets[bucket].remove(key)
        self._journal.write(json.dumps({"bucket": bucket, "key": key, "deleted": True}) + "\n")
        return True

    # -- the journal

    def _record(self, bucket: str, key: str, entry: Entry) -> None:
        self.buckets[bucket].add(key, entry)
        self._journal.write(json.dumps({"bucket": bucket, "key": key, **asdict(entry)}) + "\n")

    def _load(self) -> None:
        """Take what is on disk, with what the journal still says rightly of it, and write the journal anew."""
        said = dict(self._read_journal())
        fresh = self._journal_path.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as journal:
            for folder in sorted(p for p in self.root.iterdir() if p.is_dir()):
                self.buckets[folder.name] = shelf = Bucket()
                for key, path in files_below(folder):
                    found = os.stat(path)  # noqa: PTH116
                    entry = said.get((folder.name, key))
                    if entry is None or (entry.size, entry.mtime_ns) != (found.st_size, found.st_mtime_ns):
                        changed = Entry(found.st_size, found.st_mtime_ns, file_md5(Path(path)))
                        if entry:
                            changed.content_type, changed.metadata = entry.content_type, entry.metadata
                        entry = changed
                    shelf.entries[key] = entry
                    journal.write(json.dumps({"bucket": folder.name, "key": key, **asdict(entry)}) + "\n")
                shelf._order = sorted(shelf.entries, key=str.encode)
        fresh.replace(self._journal_path)

    def _read_journal(self) -> Iterator[tuple[tuple[str, str], Entry]]:
        if not self._journal_path.exists():
            return
        for line in self._journal_path.read_text(encoding="utf-8").splitlines():
            try:
                said = json.loads(line)
            except ValueError:
                continue  # the last line of a server that was killed while it wrote
            name = said.pop("bucket"), said.pop("key")
            if not said.pop("deleted", False):
                yield name, Entry(**said)


def same_object(a: Entry, b: Entry) -> bool:
    return (a.etag, a.content_type, a.metadata) == (b.etag, b.content_type, b.metadata)


def file_md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def files_below(folder: Path) -> Iterator[tuple[str, str]]:
    """(key, path) of all files."""
    start = len(str(folder)) + 1
    for parent, _, names in os.walk(folder):
        for name in names:
            path = f"{parent}/{name}"
            yield path[start:], path
