"""Bringing the master index up to date: which of EDGAR's index files have changed, and what they say now.

Every quarter since 1993 is asked for with what is known of it (ETag, Last-Modified), so unchanged ones cost a request
and no bytes: late corrections and filings disseminated long after their filing date are found by any daily run.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import orjson

from filings.archive import keys, master_csv, master_update
from filings.archive.master_update import NewRows
from filings.archive.quarantine import quarantine
from filings.archive.report import Report
from filings.archive.storage import CorruptObject, Store
from filings.edgar import index
from filings.edgar.client import EdgarClient, EdgarError, NotOnEdgar
from filings.logs import log

# The daily index has rows that the quarterly one never gets; it is rewritten for some weeks.
DAILY_DAYS = 45
_IN_FLIGHT = 6


@dataclass
class Changes:
    """What has changed on EDGAR since the last time."""

    rows: NewRows
    validators: dict[str, dict[str, str]] = field(default_factory=dict)
    malformed: dict[str, list[index.MalformedRow]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0
    # A quarter's rows are some 200 MB while they are objects: one file at a time is read.
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)


async def update(
    client: EdgarClient, store: Store, until: date, first_year: int, daily_days: int, report: Report
) -> None:
    """Read the changed index files and merge them into the master index; fills in the report.

    Args:
        client: the way to EDGAR.
        store: the S3 bucket.
        until: the last day to ask for.
        first_year: the first year whose quarters to ask for.
        daily_days: how many days back, from `until`, to ask for daily indexes.
        report: is filled in.

    What could be read is kept also when some file could not; then the report has the failures, by path.
    """
    known: dict[str, dict[str, str]] = {}
    if store.head(keys.MASTER) is not None:
        try:
            known = store.get_json_or_none(keys.INDEX_STATE) or {}
        except CorruptObject as error:
            log.warning(
                "index_state_unreadable", error=str(error), taken_for="nothing known: all indexes are read anew"
            )
    with NewRows() as rows:
        changes = Changes(rows, validators=dict(known))
        planned = await _read_all(client, until, first_year, daily_days, known, changes)
        result = await asyncio.to_thread(master_update.update, store, rows)
    for path, malformed in changes.malformed.items():
        for row in malformed:
            _quarantine(store, path, row)
    state_now = orjson.dumps(changes.validators, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2)
    store.put_if_changed(keys.INDEX_STATE, state_now)  # after the master index: a crash in between reads again
    report.planned, report.done = planned, changes.files
    report.skipped = planned - changes.files - len(changes.failures)
    report.failed, report.reasons = len(changes.failures), changes.failures
    report.quarantined = sum(map(len, changes.malformed.values()))
    report.bytes_in, report.requests = changes.bytes, client.requests
    report.details = {"rows": result.rows, "new_rows": result.new_rows, "written": result.written}


async def _read_all(
    client: EdgarClient,
    until: date,
    first_year: int,
    daily_days: int,
    known: dict[str, dict[str, str]],
    changes: Changes,
) -> int:
    """Ask for all index files; returns how many that were."""
    gate = asyncio.Semaphore(_IN_FLIGHT)
    paths: list[tuple[str, bool]] = [(index.quarterly_path(*q), True) for q in index.quarters(until, first_year)]
    paths += [(index.daily_path(day), False) for day in _business_days(until, daily_days)]
    current = index.quarterly_path(until.year, (until.month + 2) // 3)
    await asyncio.gather(
        *(_read(client, gate, path, quarterly, path == current, known, changes) for path, quarterly in paths)
    )
    return len(paths)


async def _read(
    client: EdgarClient,
    gate: asyncio.Semaphore,
    path: str,
    quarterly: bool,
    may_lack: bool,
    known: dict[str, dict[str, str]],
    changes: Changes,
) -> None:
    async with gate:
        try:
            answer = await client.get(path, known.get(path))
        except NotOnEdgar as error:
            if quarterly and not may_lack:  # days without filings and a quarter just begun have no index
                changes.failures[path] = str(error)
            return
        except EdgarError as error:
            changes.failures[path] = str(error)
            return
        if answer.unchanged:
            return
        try:
            async with changes.reading:
                malformed = await asyncio.to_thread(_lay_down, answer.content, quarterly, changes.rows)
        except (ValueError, OSError, EOFError) as error:
            changes.failures[path] = f"{error}; it is read again by the next run"
            return
    changes.files += 1
    changes.bytes += len(answer.content)
    if malformed:
        changes.malformed[path] = malformed
    validators: dict[str, Any] = {"etag": answer.etag, "last_modified": answer.last_modified}
    changes.validators[path] = {name: value for name, value in validators.items() if value}


def _lay_down(content: bytes, quarterly: bool, new: NewRows) -> list[index.MalformedRow]:
    rows, malformed = index.parse(content)
    if rows:
        new.add(master_csv.table_of(rows), quarterly=quarterly)
    return malformed


def _quarantine(store: Store, path: str, row: index.MalformedRow) -> None:
    name = path.removeprefix("/Archives/edgar/").replace("/", "-")
    mark = hashlib.sha256(row.line.encode()).hexdigest()[:12]
    reason = f"line {row.number} of {path} is no index row"
    log.warning("malformed_index_row", path=path, line_number=row.number, line=row.line)
    quarantine(store, "sec_master_submissions", f"{name}-{mark}", reason, path=path, line=row.line)


def _business_days(until: date, back: int) -> Iterable[date]:
    days = (until - timedelta(days=n) for n in range(back))
    return sorted(day for day in days if day.weekday() < 5 and day.year >= 1994)
