"""The folder of submissions that plays EDGAR's archive. What is put there appears without a restart.

Files are `{accession}.txt` or `.nc`, either also with `.zst`; everything else in the folder is left alone. Put files
there by renaming them into place, so that none is seen half written.
"""

from __future__ import annotations

import os
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import zstandard

from sandbox.edgar import header, quirks
from sandbox.edgar.content import Content, read_file
from sandbox.edgar.filing import Filing, from_header
from sandbox.edgar.header import BadHeader, Section
from sandbox.edgar.quirks import EASTERN, Quirks

_NAME = re.compile(r"(\d{10}-\d\d-\d{6})\.(txt|nc)(\.zst)?")
_TICK_NS = 50_000_000  # a folder's time has the kernel's tick, so a change right after a scan could go unseen
_HEADER_LIMIT = 8_000_000


@dataclass(frozen=True, slots=True)
class File:
    """A file of the folder, as it was when last seen."""

    path: Path
    variant: str
    modified_ns: int
    size: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A filing and the files that hold it: `.txt` or `.nc` or both."""

    filing: Filing
    files: dict[str, File]

    @property
    def file(self) -> File:
        """The one that is served as the submission: text if there is any."""
        return self.files.get("txt") or self.files["nc"]


class Folder:
    """All filings of a folder, by accession, and its quirks. Safe to use from threads."""

    def __init__(self, path: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        if not path.is_dir():
            raise NotADirectoryError(f"{path} is no folder; give one with submissions: --data DIR")
        self.path = path
        self.now = now
        self.quirks = Quirks()
        self.unreadable: dict[str, str] = {}
        self._entries: dict[str, Entry] = {}
        self._seen: tuple[int, int] | None = None
        self._scan_again = 0.0
        self._sizes: dict[File, int] = {}
        self._lock = threading.Lock()
        self._scans = 0

    def refresh(self) -> None:
        """Look for what has changed; costs one `stat` when nothing has."""
        with self._lock:
            changed = (self._modified(self.path), self._modified(self.path / quirks.FILE_NAME))
            if changed == self._seen and time.monotonic() < self._scan_again:
                return
            self.quirks = quirks.load(self.path)
            self._scan()
            self._seen = changed if time.time_ns() - max(changed) > _TICK_NS else None
            self._scan_again = time.monotonic() + 1.0 if self.unreadable else float("inf")

    @property
    def version(self) -> tuple[object, ...]:
        """Changes whenever the indexes may."""
        hidden = sum(moment > self.now() for moment in self.quirks.hidden_until.values())
        return (self._scans, hidden)

    def entries(self) -> list[Entry]:
        """All that the public may see now, in the order of accessions."""
        return [entry for accession, entry in sorted(self._entries.items()) if not self._hidden(accession)]

    def find(self, accession: str) -> Entry | None:
        """The filing, if it is there for the public."""
        return None if self._hidden(accession) else self._entries.get(accession)

    def disseminated(self, entry: Entry) -> date:
        """The day whose daily index and Feed have it: the filing date, or later if it was private first."""
        moment = self.quirks.hidden_until.get(entry.filing.accession)
        return moment.astimezone(EASTERN).date() if moment else entry.filing.disseminated

    def content(self, entry: Entry, variant: str | None = None) -> Content:
        """The submission's exact bytes (up to where a quirk cuts them)."""
        file = entry.files[variant] if variant else entry.file
        content = Content(
            size=self._plain_size(file),
            pieces=lambda: read_file(file.path),
            media_type="text/plain",
            etag=f"{file.modified_ns:x}-{file.size:x}",
            modified=file.modified_ns // 1_000_000_000,
        )
        cut = self.quirks.cut.get(entry.filing.accession)
        return content if cut is None else content.cut(cut)

    def _hidden(self, accession: str) -> bool:
        moment = self.quirks.hidden_until.get(accession)
        return moment is not None and moment > self.now()

    def _scan(self) -> None:
        found: dict[str, dict[str, File]] = {}
        with os.scandir(self.path) as listing:
            for item in sorted(listing, key=lambda item: item.name):
                if match := _NAME.fullmatch(item.name):
                    state = item.stat()
                    file = File(Path(item.path), match[2], state.st_mtime_ns, state.st_size)
                    found.setdefault(match[1], {}).setdefault(match[2], file)
        entries, self.unreadable = {}, {}
        for accession, files in found.items():
            known = self._entries.get(accession)
            if known is not None and known.files == files:
                entries[accession] = known
                continue
            file = files.get("txt") or files["nc"]
            try:
                section, head = read_header(file.path)
                entries[accession] = Entry(from_header(accession, section, header.dated(head)), files)
            except (BadHeader, OSError, zstandard.ZstdError) as error:
                self.unreadable[file.path.name] = str(error)
        if entries != self._entries:
            self._entries = entries
        self._scans += 1

    def _plain_size(self, file: File) -> int:
        if file.path.suffix != ".zst":
            return file.size
        if file not in self._sizes:
            self._sizes[file] = sum(map(len, read_file(file.path)))
        return self._sizes[file]

    @staticmethod
    def _modified(path: Path) -> int:
        try:
            return path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0


def read_header(path: Path) -> tuple[Section, bytes]:
    """A submission's header, and the first bytes of the file that hold it."""
    head = b""
    for piece in read_file(path):
        head += piece
        if header.is_complete(head) or len(head) > _HEADER_LIMIT:
            break
    return header.read(head), head
