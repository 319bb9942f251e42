"""The Feed: every submission of a day in one tar, in tag form and without its acceptance time."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from datetime import UTC, datetime, time

from sandbox.edgar import header
from sandbox.edgar.content import Content, Unreadable, read_file
from sandbox.edgar.filing import quarter_of
from sandbox.edgar.folder import Entry, Folder, read_header
from sandbox.edgar.header import BadHeader
from sandbox.edgar.indexes import Indexes

_PATH = re.compile(r"Feed/(\d{4})/QTR([1-4])/(\d{8})\.nc\.tar\.gz")
_CLOSING = re.compile(rb"\s*</(?:SEC|IMS)-DOCUMENT>\s*(?:-----END PRIVACY-ENHANCED MESSAGE-----\s*)?$")


class Feed:
    """The tars of a folder; the last one asked for is kept."""

    def __init__(self, folder: Folder, indexes: Indexes) -> None:
        self._folder = folder
        self._indexes = indexes
        self._kept: tuple[object, Content] | None = None

    def get(self, path: str) -> Content | None:
        """The tar at a path below `/Archives/edgar/`, or None when that day has none."""
        key = (path, self._folder.version)
        if self._kept is not None and self._kept[0] == key:
            return self._kept[1]
        match = _PATH.fullmatch(path)
        if match is None:
            return None
        try:
            day = datetime.strptime(match[3], "%Y%m%d").date()
        except ValueError:
            return None
        entries = self._indexes.days().get(day)
        if not entries or quarter_of(day) != (int(match[1]), int(match[2])):
            return None
        modified = datetime.combine(day, time(23, 0), UTC).timestamp()
        content = Content.of(self._tar(entries, int(modified)), "application/x-gzip", modified)
        self._kept = (key, content)
        return content

    def _tar(self, entries: list[Entry], modified: int) -> bytes:
        packed = io.BytesIO()
        with (
            gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1, mtime=0) as stream,
            tarfile.open(fileobj=stream, mode="w") as tar,
        ):
            for entry in entries:
                accession = entry.filing.accession
                if accession in self._folder.quirks.answers_404:
                    continue
                try:
                    data = self._tagged(entry)
                except (Unreadable, BadHeader):  # the folder says so; the day's other filings are there
                    continue
                member = tarfile.TarInfo(f"{accession}.nc")
                member.size, member.mtime = len(data), modified
                tar.addfile(member, io.BytesIO(data))
        return packed.getvalue()

    def _tagged(self, entry: Entry) -> bytes:
        if "nc" in entry.files:
            return b"".join(self._folder.content(entry, "nc").pieces())
        section, head = read_header(entry.file.path)
        text = b"".join(read_file(entry.file.path))
        body = _CLOSING.sub(b"\n", text[header.body_offset(head) :])
        data = b"<SUBMISSION>\n" + header.to_tags(section).encode("latin-1") + body + b"</SUBMISSION>\n"
        cut = self._folder.quirks.cut.get(entry.filing.accession)
        return data if cut is None else data[:cut]
