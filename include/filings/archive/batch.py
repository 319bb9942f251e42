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

from filings.archive.batch_outcome import Outcome, Withdrawal
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger, Part
from filings.archive.quarantine import quarantine
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log

TERMINATED = 143
_FLUSH_SECONDS = 5.0  # what kill -9 can cost at most, in repeated writes
_GRACE_SECONDS = 20.0  # ECS kills 30 s after SIGTERM
_PROGRESS_SECONDS = 10.0

Verb = Callable[[str, int], Awaitable[Outcome]]


@dataclass
class _Work:
    queue: list[tuple[str, int]]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    changed: bool = False


async def run_batch(
    accessions: Mapping[str, int],
    verb: Verb,
    *,
    store: Store,
    archive: str,
    report: Report,
    concurrency: int,
    at_end: Callable[[Report], None] = lambda report: None,
) -> int:
    """Do the verb for every accession of a batch; returns the exit code.

    Args:
        accessions: accession → CIK, as in the manifest.
        verb: what to do with one; it raises `CorruptObject` for a broken input, and may raise anything: a filing that
            fails is counted and named, and the others go on.
        store: the S3 bucket, for ledger, quarantine and report.
        archive: the ledger that the verb fills.
        report: identity of the container; its counts are filled in here.
        concurrency: how many filings are in hand at once.
        at_end: called before the report is written, to add what the driver does not count.
    """
    ledger = Ledger(store, archive)
    part = ledger.part(report.run_id, report.batch)
    left = [(a, cik) for a, cik in accessions.items() if a not in part.done and a not in part.unavailable]
    report.archive, report.planned, report.skipped = archive, len(accessions), len(accessions) - len(left)
    work = _Work(left[::-1])
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, work.stopping.set)
    log.info("batch_started", archive=archive, batch=report.batch, planned=len(accessions), already=report.skipped)

    async def worker() -> None:
        while work.queue and not work.stopping.is_set():
            accession, cik = work.queue.pop()
            outcome = await _attempt(verb, accession, cik)
            _count(report, part, accession, outcome)
            work.changed = True
            await _file(store, archive, accession, outcome, report)

    workers = [asyncio.create_task(worker()) for _ in range(max(1, min(concurrency, len(left))))]
    keeper = asyncio.create_task(_keep(work, ledger, part, report))
    stopped = asyncio.create_task(work.stopping.wait())
    try:
        pending: set[asyncio.Task[Any]] = set(workers)
        while pending and not stopped.done():
            _, pending = await asyncio.wait({*pending, stopped}, return_when=asyncio.FIRST_COMPLETED)
            pending.discard(stopped)
        if stopped.done() and pending:
            log.warning("stopping", archive=archive, batch=report.batch, in_hand=len(pending))
            await asyncio.wait(pending, timeout=_GRACE_SECONDS)
        for ended in (one for one in workers if one.done()):
            ended.result()  # an error of the driver itself, not of a filing: the container fails
    finally:
        for task in (*workers, keeper, stopped):
            task.cancel()
        await asyncio.gather(*workers, keeper, stopped, return_exceptions=True)
        reached = report.done + report.unavailable + report.waiting + report.failed
        report.not_reached = len(left) - reached
        if stopped.done() and not stopped.cancelled():
            report.error = "stopped by SIGTERM; what is not reached stays missing"
        if part:
            ledger.record(report.run_id, report.batch, part)
        at_end(report)
        report.write(store)
        log.info("batch_ended", **summary(report))
    return TERMINATED if report.error else report.exit_code


def summary(report: Report) -> dict[str, object]:
    """The counts of a report, for a log line."""
    names = ("archive", "batch", "planned", "done", "skipped", "unavailable", "waiting", "failed", "not_reached")
    return {name: getattr(report, name) for name in (*names, "seconds")}


async def _attempt(verb: Verb, accession: str, cik: int) -> Outcome:
    try:
        return await verb(accession, cik)
    except CorruptObject as error:
        return Outcome.failed(str(error))
    except Exception as error:  # noqa: BLE001 - one bad filing must not cost the others; it is counted and named
        log.error("filing_failed", accession=accession, error=repr(error), where=traceback.format_exc(limit=-4))
        return Outcome.failed(f"{type(error).__name__}: {error}")


def _count(report: Report, part: Part, accession: str, outcome: Outcome) -> None:
    setattr(report, outcome.kind, getattr(report, outcome.kind) + 1)
    report.bytes_in += outcome.bytes_in
    report.bytes_out += outcome.bytes_out
    if outcome.reason:
        report.reasons[accession] = outcome.reason
    if outcome.kind == "done":
        part.done.add(accession)
    elif outcome.kind == "unavailable":
        part.unavailable[accession] = outcome.reason
    elif outcome.kind == "failed":
        log.error("filing_failed", accession=accession, reason=outcome.reason)


async def _file(store: Store, archive: str, accession: str, outcome: Outcome, report: Report) -> None:
    """Write what an outcome asks for besides the ledger: a quarantine record, a withdrawal from another archive."""
    if outcome.quarantine:
        report.quarantined += 1
        await asyncio.to_thread(quarantine, store, archive, accession, outcome.quarantine)
    if outcome.withdraw:
        await asyncio.to_thread(_withdraw, store, accession, outcome.withdraw, report)


def _withdraw(store: Store, accession: str, withdrawal: Withdrawal, report: Report) -> None:
    ledger = Ledger(store, withdrawal.archive)
    ledger.record(report.run_id, f"{report.task}-{report.batch}", Part(withdrawn={accession: withdrawal.reason}))


async def _keep(work: _Work, ledger: Ledger, part: Part, report: Report) -> None:
    """Write the ledger part and a progress line from time to time."""
    told = time.monotonic()
    while True:
        await asyncio.sleep(_FLUSH_SECONDS)
        if work.changed:
            work.changed = False
            snapshot = Part(set(part.done), dict(part.unavailable), dict(part.withdrawn))
            if snapshot:
                await asyncio.to_thread(ledger.record, report.run_id, report.batch, snapshot)
        if time.monotonic() - told >= _PROGRESS_SECONDS:
            told = time.monotonic()
            log.info("progress", batch=report.batch, done=report.done, of=report.planned, failed=report.failed)
