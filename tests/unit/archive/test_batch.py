from __future__ import annotations

import asyncio

import orjson

from filings.archive import keys
from filings.archive.batch import run_batch
from filings.archive.batch_outcome import Outcome, Withdrawal
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.edgar.accession import dashed

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


def test_nothing_planned_is_nothing_done(s3: Store) -> None:
    async def verb(accession: str, cik: int) -> Outcome:
        raise AssertionError("there is nothing to do")

    code, report = run(s3, verb, [])
    assert (code, report["planned"], report["done"]) == (0, 0, 0)
