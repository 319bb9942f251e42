"""The driver of mapped tasks: one batch of accessions, one verb, bounded concurrency, nothing lost.

Whatever happens to a filing is an `Outcome` with a reason; whatever happens to the container, what is done is in the
ledger: the part is written while it works, on SIGTERM and at the end, and a retry skips what it holds.
"""

from __future__ import annotations

import asyncio
import signal
import time
import traceback
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from obstore.exceptions import BaseError

from filings.archive.batch_outcome import CIK, Outcome
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger, Part
from filings.archive.quarantine import quarantine
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log

TERMINATED = 143
_FLUSH_SECONDS = 5.0  # what kill -9 can cost at most, in repeated writes
_PROGRESS_SECONDS = 10.0

Verb = Callable[[str, CIK], Awaitable[Outcome]]


@dataclass
class _Work:
    """One batch under way: what is left, and what the ledgers are to hear of it, by archive."""

    store: Store
    archive: str
    ledger: str
    report: Report
    queue: list[tuple[str, CIK]]
    parts: dict[str, Part]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    changed: bool = False

    def snapshot(self) -> dict[str, Part]:
        """A copy of the parts, which the workers do not change any more."""
        return {a: p.copy() for a, p in self.parts.items() if p}

    def record(self, parts: Mapping[str, Part]) -> None:
        """Write parts. An archive that is only withdrawn from has a part of its own, named after this task."""
        for archive, part in parts.items():
            batch = self.report.batch if archive == self.ledger else f"{self.report.task}-{self.report.batch}"
            Ledger(self.store, archive).record(self.report.run_id, batch, part)


async def run_batch(
    accessions: Mapping[str, CIK],
    verb: Verb,
    *,
    store: Store,
    archive: str,
    report: Report,
    concurrency: int,
    ledger: str = "",
    grace_seconds: float = 20.0,
    earlier: Part | None = None,
    at_end: Callable[[Report], None] = lambda report: None,
) -> int:
    """Do the verb for every accession of a batch; returns the exit code.

    Args:
        accessions: accession → CIK or CIKs, as in the manifest.
        verb: what to do with one; it raises `CorruptObject` for a broken input, and may raise anything: a filing that
            fails is counted and named, and the others go on.
        store: the S3 bucket, for ledger, quarantine and report.
        archive: what the verb fills; the report and quarantine records bear its name.
        ledger: the ledger that hears what is done; empty means the archive's own.
        report: identity of the container; its counts are filled in here.
        concurrency: how many filings are in hand at once.
        grace_seconds: how long filings in hand may take after SIGTERM before they are dropped.
        earlier: what a step before this one has reported of the same accessions in this run; it is not done again.
        at_end: called before the report is written, to add what the driver does not count.
    """
    ledger = ledger or archive
    part = Ledger(store, ledger).part(report.run_id, report.batch)
    finished = part.done | part.unavailable.keys()
    if earlier is not None:
        finished |= earlier.done - earlier.withdrawn.keys()
    left = [(a, cik) for a, cik in accessions.items() if a not in finished]
    report.archive, report.planned, report.skipped = archive, len(accessions), len(accessions) - len(left)
    work = _Work(store, archive, ledger, report, left[::-1], {ledger: part})
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.stopping.set)
    log.info("batch_started", archive=archive, batch=report.batch, planned=len(accessions), already=report.skipped)

    async def worker() -> None:
        while work.queue and not work.stopping.is_set():
            accession, cik = work.queue.pop()
            outcome = await _attempt(verb, accession, cik, work)
            _count(work, accession, outcome)
            work.changed = True

    workers = [asyncio.create_task(worker()) for _ in range(max(1, min(concurrency, len(left))))]
    keeper = asyncio.create_task(_keep(work))
    stopped = asyncio.create_task(work.stopping.wait())
    try:
        pending: set[asyncio.Task[Any]] = set(workers)
        while pending and not stopped.done():
            _, pending = await asyncio.wait({*pending, stopped}, return_when=asyncio.FIRST_COMPLETED)
            pending.discard(stopped)
        if stopped.done() and pending:
            log.warning("stopping", archive=archive, batch=report.batch, in_hand=len(pending))
            await asyncio.wait(pending, timeout=grace_seconds)
        for ended in (one for one in workers if one.done()):
            ended.result()  # an error of the driver itself, not of a filing: the container fails
    finally:
        for task in (*workers, keeper, stopped):
            task.cancel()
        await asyncio.gather(*workers, keeper, stopped, return_exceptions=True)
        reached = report.done + report.unavailable + report.waiting + report.failed
        report.not_reached = len(left) - reached
        if report.not_reached and work.stopping.is_set():
            report.error = "stopped by SIGTERM; what is not reached stays missing"
        work.record(work.snapshot())
        at_end(report)
        report.write(store)
        log.info("batch_ended", **summary(report))
    return TERMINATED if report.error else report.exit_code


def summary(report: Report) -> dict[str, object]:
    """The counts of a report, for a log line."""
    names = ("archive", "batch", "planned", "done", "skipped", "unavailable", "waiting", "failed", "not_reached")
    return {name: getattr(report, name) for name in (*names, "seconds")}


def progress(report: Report) -> dict[str, object]:
    """How far a container is and how fast it went, for a log line; MB are 10**6 bytes."""
    seconds = max(report.elapsed, 1e-3)
    return {
        "done": report.done,
        "of": report.planned,
        "failed": report.failed,
        "mb_in": round(report.bytes_in / 1e6, 1),
        "mb_out": round(report.bytes_out / 1e6, 1),
        "filings_per_s": round(report.done / seconds, 2),
        "mb_in_per_s": round(report.bytes_in / 1e6 / seconds, 2),
    }


async def _attempt(verb: Verb, accession: str, cik: CIK, work: _Work) -> Outcome:
    """What becomes of one filing, with its quarantine record written."""
    try:
        outcome = await verb(accession, cik)
        if outcome.quarantine:
            reason, details = outcome.quarantine, outcome.details
            await asyncio.to_thread(quarantine, work.store, work.archive, accession, reason, **details)
    except CorruptObject as error:
        return Outcome.failed(str(error))
    except Exception as error:  # noqa: BLE001 - one bad filing must not cost the others; it is counted and named
        log.error("filing_failed", accession=accession, error=repr(error), where=traceback.format_exc(limit=-4))
        return Outcome.failed(f"{type(error).__name__}: {error}")
    return outcome


def _count(work: _Work, accession: str, outcome: Outcome) -> None:
    report, part = work.report, work.parts[work.ledger]
    setattr(report, outcome.kind, getattr(report, outcome.kind) + 1)
    report.bytes_in += outcome.bytes_in
    report.bytes_out += outcome.bytes_out
    report.quarantined += bool(outcome.quarantine)
    for name, count in outcome.counts.items():
        report.details[name] = report.details.get(name, 0) + count
    if outcome.reason:
        report.reasons[accession] = outcome.reason
    if outcome.withdraw:
        work.parts.setdefault(outcome.withdraw.archive, Part()).withdrawn[accession] = outcome.withdraw.reason
    if outcome.kind == "done":
        part.done.add(accession)
    elif outcome.kind == "unavailable":
        part.unavailable[accession] = outcome.reason
    elif outcome.kind == "failed":
        log.error("filing_failed", accession=accession, reason=outcome.reason)


async def _keep(work: _Work) -> None:
    """Write the ledger parts and a progress line from time to time; a store that fails is tried again."""
    told, report = time.monotonic(), work.report
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        if work.changed:
            work.changed = False
            try:
                await asyncio.to_thread(work.record, work.snapshot())
            except BaseError as error:
                work.changed = True
                log.error("ledger_part_not_written", batch=report.batch, error=str(error).splitlines()[0])
        if time.monotonic() - told >= _PROGRESS_SECONDS:
            told = time.monotonic()
            log.info("progress", batch=report.batch, **progress(report))
