"""The index files: quarterly and daily `master`, plain, gzip and zip, and the `index.json` of each folder of them.

Preambles, headers and date forms are those of the real files: the quarterly index says `Filename` and `YYYY-MM-DD`,
the daily one `File Name` and `YYYYMMDD`.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import threading
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from sandbox.edgar.content import Content
from sandbox.edgar.filing import Quarter, quarter_of
from sandbox.edgar.folder import Entry, Folder

_RULE = "-" * 80
_MASTER = re.compile(r"(?P<level>full|daily)-index/(?P<year>\d{4})/QTR(?P<quarter>[1-4])/(?P<file>[\w.]+)")
_LISTING = re.compile(r"(?P<level>full|daily)-index/(?:(?P<year>\d{4})/)?(?:QTR(?P<quarter>[1-4])/)?(?:index\.json)?")
_DAY_FILE = re.compile(r"master\.(\d{8})\.idx(\.gz)?")
_FIRST_YEAR = 1993
_KEPT = 2_000


def quarter_end(year: int, quarter: int) -> date:
    """The last day of a quarter."""
    return date(year, quarter * 3, (31, 30, 30, 31)[quarter - 1])


class Indexes:
    """The index files of a folder, made when asked for and kept while nothing has changed."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._version: tuple[object, ...] | None = None
        self._kept: dict[str, Content | None] = {}
        self._lock = threading.Lock()

    def get(self, path: str) -> Content | None:
        """The file at a path below `/Archives/edgar/`, or None when EDGAR has none there."""
        with self._lock:
            version = (*self._folder.version, self._last_quarter())
            if version != self._version or len(self._kept) > _KEPT:
                self._version, self._kept = version, {}
            if path not in self._kept:
                self._kept[path] = self._make(path)
            return self._kept[path]

    def days(self) -> dict[date, list[Entry]]:
        """The filings of each day, as the daily index and the Feed have them."""
        days: dict[date, list[Entry]] = {}
        for entry in self._folder.entries():
            days.setdefault(self._folder.disseminated(entry), []).append(entry)
        return days

    def _make(self, path: str) -> Content | None:
        if match := _LISTING.fullmatch(path):
            year, quarter = match["year"], match["quarter"]
            return self._listing(match["level"], int(year) if year else None, int(quarter) if quarter else None)
        match = _MASTER.fullmatch(path)
        if match is None:
            return None
        quarter = int(match["year"]), int(match["quarter"])
        if not (_FIRST_YEAR, 1) <= quarter <= self._last_quarter():
            return None
        if match["level"] == "full":
            return self._quarterly(quarter, match["file"])
        return self._daily(quarter, match["file"])

    def _quarterly(self, quarter: Quarter, name: str) -> Content | None:
        pack = {"master.idx": _plain, "master.gz": _gzip, "master.zip": _zip}.get(name)
        if pack is None:
            return None
        quirks = self._folder.quirks
        entries = [
            entry
            for entry in self._folder.entries()
            if quarter_of(entry.filing.filed) == quarter and entry.filing.accession not in quirks.daily_only
        ]
        extra = [row.text for row in quirks.malformed_rows if "full" in row.where and quarter_of(row.day) == quarter]
        last = max((entry.filing.filed for entry in entries), default=quarter_end(*quarter))
        text = (
            "Description:           Master Index of EDGAR Dissemination Feed\n"
            f"Last Data Received:    {last:%B} {last.day}, {last.year}\n"
            "Comments:              webmaster@sec.gov\n"
            "Anonymous FTP:         ftp://ftp.sec.gov/edgar/\n"
            "Cloud HTTP:            https://www.sec.gov/Archives/\n"
            "\n\n\n\n"
            f"CIK|Company Name|Form Type|Date Filed|Filename\n{_RULE}\n"
        )
        return pack(text + _rows(entries, "%Y-%m-%d", extra), _modified(entries, last))

    def _daily(self, quarter: Quarter, name: str) -> Content | None:
        match = _DAY_FILE.fullmatch(name)
        if match is None:
            return None
        try:
            day = datetime.strptime(match[1], "%Y%m%d").date()
        except ValueError:
            return None
        entries = self.days().get(day, [])
        extra = [row.text for row in self._folder.quirks.malformed_rows if "daily" in row.where and row.day == day]
        if quarter_of(day) != quarter or not (entries or extra):
            return None
        text = (
            "Description:           Daily Index of EDGAR Dissemination Feed\n"
            f"Last Data Received:    {day:%b} {day.day:2d}, {day.year}\n"
            "Comments:              webmaster@sec.gov\n"
            "Anonymous FTP:         ftp://ftp.sec.gov/edgar/\n"
            " \n"
            f"CIK|Company Name|Form Type|Date Filed|File Name\n{_RULE}\n"
        )
        return (_gzip if match[2] else _plain)(text + _rows(entries, "%Y%m%d", extra), _modified(entries, day))

    def _listing(self, level: str, year: int | None, quarter: int | None) -> Content | None:
        last = self._last_quarter()
        quarters = [(y, q) for y in range(_FIRST_YEAR, last[0] + 1) for q in range(1, 5) if (y, q) <= last]
        folders: list[str] = []
        files: list[str] = []
        if year is None:
            name, folders = "", sorted({f"{y}" for y, _ in quarters})
        elif quarter is None:
            name, folders = f"{year}/", [f"QTR{q}" for y, q in quarters if y == year]
        else:
            name, files = f"{year}/QTR{quarter}/", self._files(level, (year, quarter))
            if (year, quarter) not in quarters:
                return None
        if not folders and quarter is None:
            return None
        base = f"{level}-index/{name}"
        items = [
            {"last-modified": "", "name": each, "type": "dir", "href": f"{each}/", "size": "4 KB"} for each in folders
        ]
        moments = [0.0]
        for each in files:
            content = self._make(f"{base}{each}")
            if content is not None:
                moments.append(content.modified)
                stamp = datetime.fromtimestamp(content.modified, UTC).strftime("%m/%d/%Y %I:%M:%S %p")
                size = f"{max(1, content.size // 1024)} KB"
                items.append({"last-modified": stamp, "name": each, "type": "file", "href": each, "size": size})
        said = {"directory": {"item": items, "name": base, "parent-dir": "../"}}
        return Content.of(json.dumps(said).encode(), "application/json", max(moments))

    def _files(self, level: str, quarter: Quarter) -> list[str]:
        if level == "full":
            return ["master.gz", "master.idx", "master.zip"]
        rows = self._folder.quirks.malformed_rows
        days = set(self.days()) | {row.day for row in rows if "daily" in row.where}
        return [f"master.{day:%Y%m%d}.idx" for day in sorted(days) if quarter_of(day) == quarter]

    def _last_quarter(self) -> Quarter:
        """That of today, or of the newest filing where a folder is ahead of the clock."""
        filed = [entry.filing.filed for entry in self._folder.entries()]
        return max(map(quarter_of, [self._folder.now().date(), *filed]))


def _rows(entries: Iterable[Entry], date_format: str, extra: list[str]) -> str:
    rows = []
    for entry in entries:
        filing = entry.filing
        for cik, entity in filing.ciks.items():
            name = f"edgar/data/{cik}/{filing.accession}.txt"
            rows.append((cik, entity.name, filing.form, filing.filed.strftime(date_format), name))
    lines = ["|".join(row) for row in sorted(rows)]
    lines[len(lines) // 2 : len(lines) // 2] = extra
    return "".join(f"{line}\n" for line in lines)


def _modified(entries: Iterable[Entry], day: date) -> float:
    evening = datetime.combine(day, time(22, 45), UTC).timestamp()
    return max((entry.file.modified_ns // 1_000_000_000 for entry in entries), default=evening)


def _plain(text: str, modified: float) -> Content:
    return Content.of(text.encode("latin-1", "replace"), "text/plain", modified)


def _gzip(text: str, modified: float) -> Content:
    return Content.of(gzip.compress(text.encode("latin-1", "replace"), mtime=0), "application/x-gzip", modified)


def _zip(text: str, modified: float) -> Content:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("master.idx"), text.encode("latin-1", "replace"), zipfile.ZIP_DEFLATED)
    return Content.of(packed.getvalue(), "application/zip", modified)
