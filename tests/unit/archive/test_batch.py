from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

import filings
from filings.archive import keys
from filings.archive.batch import progress, run_batch
from filings.archive.batch_outcome import Outcome, Withdrawal
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.edgar.accession import dashed
from filings.settings import Settings

NAMES = [dashed(320193_25_000000 + n) for n in range(8)]


def run(s3: Store, verb: object, names: list[str] = NAMES, batch: int = 0) -> tuple[int, dict[str, object]]:
    report = Report("some_task", "run", batch)
    code = asyncio.run(
        run_batch(dict.fromkeys(names, 7), verb, store=s3, archive=keys.TAR, report=report, concurrency=3)  # type: ignore[arg-type]
    )
    return code, orjson.loads(s3.get(keys.report("run", "some_task", batch)))


def test_one_bad_filing_costs_only_itself_and_a_retry_does_only_what_is_left(s3: Store) -> None:
    tried: list[str] = []

    async def verb(accession: str, cik: int) -> Outcome:
        tried.append(accession)
        if accession == NAMES[3] and len(tried) <= len(NAMES):
            raise ZeroDivisionError("a bug")
        return Outcome.done(10, 5)

    code, report = run(s3, verb)
    assert code == 1
    assert (report["done"], report["failed"], report["planned"]) == (7, 1, 8)
    assert "ZeroDivisionError: a bug" in report["reasons"][NAMES[3]]  # type: ignore[index]
    tried[:] = NAMES + NAMES  # from now on it works
    tried_before = len(tried)
    code, report = run(s3, verb)
    assert code == 0
    assert tried[tried_before:] == [NAMES[3]]
    assert (report["done"], report["skipped"], report["tries"]) == (1, 7, 2)
    ledger = Ledger(s3, keys.TAR)
    ledger.fold()
    assert len(ledger.have()) == 8


def test_every_end_is_counted_and_has_its_reason(s3: Store) -> None:
    ends = {
        NAMES[0]: Outcome.done(),
        NAMES[1]: Outcome.unavailable("no such thing"),
        NAMES[2]: Outcome.waiting("not yet"),
        NAMES[3]: Outcome.failed("broken", quarantine="broken", withdraw=Withdrawal(keys.SGML, "broken")),
        NAMES[4]: Outcome.done(quarantine="odd"),
    }

    async def verb(accession: str, cik: int) -> Outcome:
        if accession in ends:
            return ends[accession]
        raise CorruptObject("r2://x", "torn")

    Ledger(s3, keys.SGML).add(NAMES)
    code, report = run(s3, verb)
    assert code == 1
    counts = {
        k: report[k] for k in ("planned", "done", "unavailable", "waiting", "failed", "quarantined", "not_reached")
    }
    assert counts == {
        "planned": 8, "done": 2, "unavailable": 1, "waiting": 1, "failed": 4, "quarantined": 2, "not_reached": 0,
    }  # fmt: skip
    assert report["reasons"].keys() == set(NAMES[1:])  # type: ignore[attr-defined]
    assert orjson.loads(s3.get(keys.quarantine(keys.TAR, NAMES[4])))["reason"] == "odd"
    sgml = Ledger(s3, keys.SGML)
    assert sgml.part("run", "some_task-0").withdrawn == {NAMES[3]: "broken"}
    sgml.fold()
    assert len(sgml.have()) == 7  # the broken one is to be fetched again


def test_a_progress_line_tells_how_much_and_how_fast() -> None:
    report = Report("t", "run", planned=10, done=4, failed=1, bytes_in=8_000_000, bytes_out=2_000_000)
    report._clock -= 2
    told = progress(report)
    assert (told["done"], told["of"], told["failed"]) == (4, 10, 1)
    assert (told["mb_in"], told["mb_out"]) == (8.0, 2.0)
    assert told["filings_per_s"] == pytest.approx(2, rel=0.1)
    assert told["mb_in_per_s"] == pytest.approx(4, rel=0.1)


def test_nothing_planned_is_nothing_done(s3: Store) -> None:
    async def verb(accession: str, cik: int) -> Outcome:
        raise AssertionError("there is nothing to do")

    code, report = run(s3, verb, [])
    assert (code, report["planned"], report["done"]) == (0, 0, 0)


def test_a_container_ends_in_time_with_its_ledger_written_while_a_filing_is_still_parsed(settings: Settings) -> None:
    script = f"""
import asyncio, os, time
from filings.archive import keys
from filings.archive.batch import run_batch
from filings.archive.batch_outcome import Outcome
from filings.archive.memory import Threads
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.settings import Settings

async def main():
    threads = Threads(2)
    async def verb(accession, cik):
        if accession == {NAMES[1]!r}:
            print("at work", flush=True)
            await threads.run(time.sleep, 60)
        return Outcome.done()
    return await run_batch(dict.fromkeys({NAMES[:2]!r}, 7), verb, store=Store.s3(Settings()), archive=keys.TAR,
                           report=Report("t", "run", 5), concurrency=2, grace_seconds=0.2)
os._exit(asyncio.run(main()))
"""
    path = Path(filings.__file__).parents[1]
    with subprocess.Popen([sys.executable, "-c", script], cwd=path, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while b"at work" not in process.stdout.readline():
            assert process.poll() is None
        process.terminate()
        process.stdout.read()
        assert process.wait(20) == 143
    assert Ledger(Store.s3(settings), keys.TAR).part("run", 5).done == {NAMES[0]}
