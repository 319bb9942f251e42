"""The folder of submissions that plays EDGAR's archive. What is put there appears without a restart.

Files are `{accession}.txt` or `.nc`, either also with `.zst`, the accession with or without its dashes. Such a file is
listed whatever it holds, so that nobody misses it for its defects; `unreadable` says what is wrong with it. Put files
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

from sandbox.edgar import header, quirks
from sandbox.edgar.content import Content, Unreadable, read_file
from sandbox.edgar.filing import Filing, from_header, quarter_of
from sandbox.edgar.header import BadHeader, Section
from sandbox.edgar.quirks import EASTERN, Quirks

_NAME = re.compile(r"(\d{10})(-?)(\d\d)\2(\d{6})\.(txt|nc)(\.zst)?", re.ASCII | re.IGNORECASE)
_LIKE_A_SUBMISSION = (".txt", ".nc", ".zst")
_NO_ACCESSION = "not served: its name is no accession number with .txt or .nc, such as 0000320193-25-000073.txt"
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
    """A filing and the files that hold it: `.txt` or `.nc` or both. `problem` is what is wrong with its header."""

    filing: Filing
    files: dict[str, File]
    problem: str = ""

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
        self._not_served: dict[str, str] = {}
        self._broken: dict[File, str] = {}
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
            before = self.quirks, self._entries
            self.quirks = quirks.load(self.path)
            self._scan()
            self._scans += before != (self.quirks, self._entries)
            self._seen = changed if time.time_ns() - max(changed) > _TICK_NS else None
            self._scan_again = time.monotonic() + 1.0 if self.unreadable else float("inf")

    @property
    def unreadable(self) -> dict[str, str]:
        """What is wrong with files of the folder, by name: those that are not served, and those that are as they are.

        That a file is broken behind its header is known when it has been asked for.
        """
        said = dict(self._not_served)
        today = self.now().astimezone(EASTERN).date()
        broken = {file.path.name: why for file, why in self._broken.items()}
        for entry in list(self._entries.values()):
            if entry.problem:
                said[entry.file.path.name] = entry.problem
            elif quarter_of(entry.filing.filed) > quarter_of(today):
                said[entry.file.path.name] = f"filed on {entry.filing.filed}, in a quarter to come that no run asks for"
        return dict(sorted((said | broken).items()))

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
        """The submission's exact bytes (up to where a quirk cuts them).

        Raises:
            Unreadable: when the file is broken.
        """
        file = entry.files[variant] if variant else entry.file
        try:
            size = self._plain_size(file)
        except Unreadable as error:
            self._broken[file] = str(error)
            raise
        content = Content(
            size=size,
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
        not_served: dict[str, str] = {}
        with os.scandir(self.path) as listing:
            for item in sorted(listing, key=lambda item: item.name):
                if item.is_dir() or item.name.startswith("."):
                    continue
                if match := _NAME.fullmatch(item.name):
                    files = found.setdefault(f"{match[1]}-{match[3]}-{match[4]}", {})
                    file = files.setdefault(match[5].lower(), _file(item, match[5].lower()))
                    if file.path.name != item.name:
                        not_served[item.name] = f"not served: {file.path.name} is the same filing"
                elif item.name.lower().endswith(_LIKE_A_SUBMISSION):
                    not_served[item.name] = _NO_ACCESSION
        entries: dict[str, Entry] = {}
        for accession, files in found.items():
            known = self._entries.get(accession)
            entries[accession] = known if known and known.files == files else self._entry(accession, files)
        served = {file for entry in entries.values() for file in entry.files.values()}
        self._broken = {file: why for file, why in self._broken.items() if file in served}
        self._entries, self._not_served = entries, not_served

    def _entry(self, accession: str, files: dict[str, File]) -> Entry:
        file = files.get("txt") or files["nc"]
        section, dated, why = Section("SUBMISSION"), None, ""
        try:
            head = _head(file.path)
            dated = header.dated(head)
            section = header.read(head)
        except Unreadable as error:
            why = self._broken[file] = str(error)
        except BadHeader as error:
            why = f"no header: {error}"
        filing, wanting = from_header(accession, section, dated, self.now().astimezone(EASTERN).date())
        return Entry(filing, files, why or wanting)

    def _plain_size(self, file: File) -> int:
        if file.path.suffix.lower() != ".zst":
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


def _file(item: os.DirEntry[str], variant: str) -> File:
    try:
        state = item.stat()
    except OSError:  # a link to nowhere: listed, and EDGAR fails on it when it is asked for
        return File(Path(item.path), variant, 0, 0)
    return File(Path(item.path), variant, state.st_mtime_ns, state.st_size)


def read_header(path: Path) -> tuple[Section, bytes]:
    """A submission's header, and the first bytes of the file that hold it."""
    head = _head(path)
    return header.read(head), head


def _head(path: Path) -> bytes:
    head = b""
    for piece in read_file(path):
        head += piece
        if header.is_complete(head) or len(head) > _HEADER_LIMIT:
            break
    return head
