"""A batch of days through EDGAR's Feed: each day's file read once as it comes, what is wanted of it put into R2.

What a file does not have, or has damaged, stays missing and is no failure: the next step fetches it one by one. A file
that breaks off keeps what came before and fails its day, which a retry reads again; what is done is in the ledger part
while the container works, on SIGTERM and at the end.
"""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Collection, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from obstore.exceptions import BaseError

from filings.archive import feed_plan, keys
from filings.archive.batch import TERMINATED, summary
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.verbs import Bounds, keep, look
from filings.edgar.client import EdgarClient, EdgarError, NotOnEdgar
from filings.edgar.feed import DamagedFeed, FeedTar, Member, path
from filings.logs import log

_FLUSH_SECONDS = 5.0  # what kill -9 can cost at most, in repeated writes
_PROGRESS_SECONDS = 10.0
_READ, _ABSENT = "read to its end", "EDGAR has no Feed file of it"


@dataclass
class Day:
    """What became of a day's file. `received` counts bytes on the wire, `inflated` bytes of the tar."""

    ended: str = ""
    members: int = 0
    inflated: int = 0
    received: int = 0
    done: int = 0
    others: int = 0

    def count(self, tar: FeedTar, done: set[str]) -> None:
        """Take over the counts."""
        self.members, self.inflated, self.done, self.others = tar.members, tar.inflated, len(done), len(tar.others)


class FeedBatch:
    """One container's work; `report` is its identity, its counts are filled in here."""

    def __init__(
        self, client: EdgarClient, s3: Store, r2: Store, report: Report, level: int, bounds: Bounds, concurrency: int
    ) -> None:
        self._client, self._s3, self._r2, self.report = client, s3, r2, report
        self._level, self._bounds, self._gate = level, bounds, asyncio.Semaphore(concurrency)
        self._ledger, self._part_name = Ledger(s3, keys.SGML), feed_plan.part_name(int(report.batch))
        self._part = self._ledger.part(report.run_id, self._part_name)
        self._days = _earlier_days(s3, report)
        self._left: set[str] = set()
        self._changed = False

    async def run(self, accessions: Collection[str], days: Sequence[date], grace_seconds: float) -> int:
        """Read the days' files for these accessions; returns the exit code."""
        report = self.report
        self._left = set(accessions) - (self._part.done - self._part.withdrawn.keys())
        report.archive, report.planned, report.skipped = keys.SGML, len(accessions), len(accessions) - len(self._left)
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        log.info("feed_started", batch=report.batch, days=len(days), planned=report.planned, already=report.skipped)
        worker, keeper = asyncio.create_task(self._read_days(days, grace_seconds)), asyncio.create_task(self._keep())
        stopped = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait({worker, stopped}, return_when=asyncio.FIRST_COMPLETED)
            if not worker.done():
                log.warning("stopping", batch=report.batch, left=len(self._left))
                report.error = "stopped by SIGTERM; what is not reached stays missing"
                worker.cancel()
            await asyncio.gather(worker, return_exceptions=stopping.is_set())
        except Exception as error:
            report.error = f"{type(error).__name__}: {error}"
            raise
        finally:
            for task in (worker, keeper, stopped):
                task.cancel()
            await asyncio.gather(worker, keeper, stopped, return_exceptions=True)
            report.waiting = report.planned - report.skipped - report.done - report.failed
            report.details = {"days": {str(day): asdict(ended) for day, ended in sorted(self._days.items())}}
            report.requests = self._client.requests
            if self._part:
                self._ledger.record(report.run_id, self._part_name, self._part)
            report.write(self._s3)
            log.info("feed_ended", **summary(report), requests=report.requests)
        return TERMINATED if stopping.is_set() and report.error else report.exit_code

    async def _read_days(self, days: Sequence[date], grace_seconds: float) -> None:
        problems = []
        for day in days:
            if not self._left:
                break
            if self._days.get(day, Day()).ended not in (_READ, _ABSENT):
                self._days[day] = found = Day()
                await self._read(day, found, grace_seconds)
                if found.ended not in (_READ, _ABSENT):
                    problems.append(f"{day}: {found.ended}")
                    log.error("feed_day_failed", day=str(day), reason=found.ended, kept=found.done)
                if found.ended != _READ:
                    self.report.reasons[str(day)] = found.ended
        self.report.error = "; ".join(problems) or None

    async def _read(self, day: date, found: Day, grace_seconds: float) -> None:
        """One day's file."""
        tasks, done, room = set[asyncio.Task[None]](), set[str](), AsyncExitStack()
        named: set[str] = set()  # of what an earlier try has kept of this file

        def wants(accession: str) -> bool:
            if accession in self._part.feed:
                named.add(accession)
            return accession in self._left

        tar = FeedTar(wants)
        try:
            async with aclosing(self._client.download(path(day))) as chunks:
                async for chunk in chunks:
                    found.received += len(chunk)
                    self.report.bytes_in += len(chunk)
                    members = tar.read(chunk)
                    while (member := await asyncio.to_thread(next, members, None)) is not None:
                        if not member.whole:
                            await room.enter_async_context(self._bounds.memory.hold(member.size))
                            continue
                        self._left.discard(member.accession)
                        task = asyncio.create_task(self._archive(member, room.pop_all(), done))
                        tasks.add(task)
                        task.add_done_callback(tasks.discard)
                    found.count(tar, done)
            tar.close()
            found.ended = _READ
        except NotOnEdgar as error:
            found.ended = _ABSENT
            log.info("no_feed_file", day=str(day), answer=str(error), meaning="its filings are fetched one by one")
        except (DamagedFeed, EdgarError) as error:
            found.ended = str(error)
            if isinstance(error, DamagedFeed) and error.suspect:
                if tasks:
                    await asyncio.wait(tasks)
                kept = done | (named - self._part.withdrawn.keys())
                await self._withdraw(sorted(kept), f"the Feed file of {day} has a wrong checksum")
        finally:
            await room.aclose()
            if tasks:  # also when the container is stopped, for as long as it may last then
                await asyncio.wait(tasks, timeout=grace_seconds if not found.ended else None)
            for task in tasks:
                task.cancel()
            found.count(tar, done)
            log.info("feed_day", day=str(day), **asdict(found))

    async def _withdraw(self, accessions: Sequence[str], reason: str) -> None:
        """Put objects aside that looked whole and may not be, so that no listing takes them for what they should be."""
        for accession in accessions:
            self._part.withdrawn[accession] = reason
            source = keys.object_key(keys.SGML, accession)
            await self._r2.acopy(source, keys.broken(keys.SGML, accession))
            await asyncio.to_thread(self._r2.delete, [source])
        self._changed = True

    async def _archive(self, member: Member, room: AsyncExitStack, done: set[str]) -> None:
        """Verify a submission and keep it, then give its room back; a store that fails costs this one alone."""
        accession, report = member.accession, self.report
        try:
            async with room, self._gate:
                if problem := await self._bounds.threads.run(look, member.content, accession):
                    report.reasons[accession] = f"the Feed's copy is not kept: {problem}"
                    log.warning("feed_member_refused", accession=accession, reason=problem)
                    return
                size = await keep(self._r2, accession, member.content, self._level, self._bounds)
        except Exception as error:  # noqa: BLE001 - one bad filing must not cost the others; it is counted and named
            report.failed += 1
            report.reasons[accession] = f"not kept: {type(error).__name__}: {error}".partition("\n")[0]
            log.error("filing_failed", accession=accession, reason=report.reasons[accession])
        else:
            report.done += 1
            report.bytes_out += size
            self._part.done.add(accession)
            self._part.feed.add(accession)
            self._changed = True
            done.add(accession)

    async def _keep(self) -> None:
        """Write the ledger part and a progress line from time to time; a store that fails is tried again."""
        told, report = time.monotonic(), self.report
        while True:
            await asyncio.sleep(_FLUSH_SECONDS)
            if self._changed:
                self._changed = False
                try:
                    await asyncio.to_thread(self._ledger.record, report.run_id, self._part_name, self._part.copy())
                except BaseError as error:
                    self._changed = True
                    log.error("ledger_part_not_written", batch=report.batch, error=str(error).splitlines()[0])
            if time.monotonic() - told >= _PROGRESS_SECONDS:
                told = time.monotonic()
                days = {
                    name: sum(getattr(day, name) for day in self._days.values()) for name in ("members", "received")
                }
                log.info(
                    "progress", batch=report.batch, days=len(self._days), done=report.done, of=report.planned, **days
                )


def _earlier_days(s3: Store, report: Report) -> dict[date, Day]:
    """The days that an earlier try of this container has brought to an end."""
    try:
        held = s3.get_json_or_none(keys.report(report.run_id, report.task, report.batch)) or {}
        days: dict[str, Any] = held["details"]["days"]
        return {date.fromisoformat(day): Day(**about) for day, about in days.items()}
    except (CorruptObject, KeyError, TypeError, ValueError):
        return {}
