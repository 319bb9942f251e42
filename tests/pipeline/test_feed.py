"""A fresh start through EDGAR's Feed: real processes, and the requests that EDGAR has counted."""

from __future__ import annotations

import json
import signal

import pytest
import zstandard

from filings.archive import keys
from filings.archive.ledger import Ledger
from filings.edgar.accession import dashed
from pipeline.steps import STEPS, Pipeline, accession, small_filing

FEED, SGML = STEPS[keys.SGML_FEED], STEPS[keys.SGML]
DAYS = {"20260105": range(1, 6), "20260106": range(11, 15), "20260107": range(21, 25), "20260302": range(31, 35)}
OPTIONS = ("--feed-from", "4", "--batch-size", "5")


@pytest.fixture
def pipeline(pipeline: Pipeline) -> Pipeline:
    """Three days that are worth it, and one that is too young; the fixture's own five are of the first."""
    for day, numbers in DAYS.items():
        for number in numbers:
            filing = small_filing(number).replace(b"20260105", day.encode())
            (pipeline.data / f"{accession(number)}.txt.zst").write_bytes(zstandard.compress(filing))
    return pipeline


def archived(pipeline: Pipeline, number: int) -> bytes:
    packed = pipeline.r2.get(f"sgml-archive/{accession(number)}.sgml")
    return zstandard.ZstdDecompressor().decompressobj().decompress(packed)


def kinds(pipeline: Pipeline) -> dict[str, int]:
    """Requests by what they asked for, without those for indexes."""
    counted = pipeline.edgar("/_sandbox/requests")["by_path_kind"]
    return {kind: counted.get(kind, 0) for kind in ("feed", "submission")}


def from_feed(pipeline: Pipeline) -> set[str]:
    return {dashed(int(n)) for n in Ledger(pipeline.s3, keys.SGML).from_feed()}


def failed(pipeline: Pipeline, codes: dict[str, list[int]]) -> dict[str, str]:
    """The logs of the tasks that have failed."""
    return {task: pipeline.logs[task] for task, ended in codes.items() if any(ended)}


def test_a_fresh_start_comes_by_day_and_only_the_rest_one_by_one(pipeline: Pipeline) -> None:
    quirks = {"cut": {accession(12): 380}, "hidden_until": {accession(13): "2026-02-02T10:00:00"}}
    (pipeline.data / "sandbox.json").write_text(json.dumps(quirks))
    pipeline.faults({"match": "Feed/.*20260107", "kind": "status", "status": 404, "times": -1})
    assert failed(pipeline, pipeline.daily("run", *OPTIONS)) == {}

    by_feed = {accession(n) for n in (1, 2, 3, 4, 5, 11, 14)}
    assert from_feed(pipeline) == by_feed
    # Cut in the Feed, disseminated on another day, a day without file, too young a day.
    assert kinds(pipeline) == {"feed": 3, "submission": 2 + 1 + 4 + 4}  # what is cut is asked for twice
    manifests = {name: pipeline.manifest("run", name) for name in (keys.SGML_FEED, keys.SGML)}
    assert [batch["days"] for batch in manifests[keys.SGML_FEED]["batches"]] == [
        ["2026-01-05"],
        ["2026-01-06"],
        ["2026-01-07"],
    ]
    assert [batch["count"] for batch in manifests[keys.SGML]["batches"]] == [5, 4, 4, 4]
    report = pipeline.report("run", FEED, 1)
    assert (report["planned"], report["done"], report["waiting"], report["requests"]) == (4, 2, 2, 1)
    assert "truncated" in report["reasons"][accession(12)]
    assert pipeline.report("run", FEED, 2)["reasons"] == {"2026-01-07": "EDGAR has no Feed file of it"}
    assert (pipeline.report("run", SGML, 0)["skipped"], pipeline.report("run", SGML, 0)["done"]) == (5, 0)

    account = pipeline.accounting("run")
    assert account["adds_up"]
    for archive, counts in account["archives"].items():
        had = counts["unavailable"] if archive == keys.XBRL else counts["have"]  # small filings have no XBRL
        assert (counts["accessions"], had, counts["missing"]) == (17, 17, 0), archive
    assert archived(pipeline, 1).startswith(b"<SUBMISSION>")
    assert archived(pipeline, 21).startswith(b"<SEC-DOCUMENT>")
    data = [json.loads(pipeline.s3.get_zst(keys.object_key(keys.DATA, accession(n)))) for n in (1, 21)]
    assert [(one["source"], one["acceptance_datetime"]) for one in data] == [
        ("nc", None),
        ("txt", "2026-01-07T12:00:00"),
    ]
    assert data[0]["documents"][1]["name"] == data[1]["documents"][1]["name"] == "b.xml"

    pipeline.plan("run2", *OPTIONS)
    assert [pipeline.manifest("run2", name)["batches"] for name in (keys.SGML_FEED, keys.SGML)] == [[], []]
    # With --force what is there is fetched one by one, and has its acceptance time then.
    pipeline.plan("run3", "--source", "feed", "--force", "--archives", keys.SGML)
    assert not any(pipeline.step(keys.SGML, "run3")), pipeline.logs
    assert archived(pipeline, 1) == small_filing(1)
    assert pipeline.do("update_missing_s3", "run3") == 0
    assert from_feed(pipeline) == set()


def test_a_broken_file_keeps_what_came_and_fails_its_day_until_it_is_whole(pipeline: Pipeline) -> None:
    pipeline.faults({"match": "Feed/.*20260106", "kind": "garbage", "bytes": 200, "times": -1})
    pipeline.plan("run", "--feed-from", "4")
    assert pipeline.step(keys.SGML_FEED, "run") == [0, 1, 0], pipeline.logs
    report = pipeline.report("run", FEED, 1)
    assert report["error"].startswith("2026-01-06: no gzip")
    assert (report["done"], report["waiting"]) == (0, 4)
    pipeline.faults()
    assert pipeline.step(keys.SGML_FEED, "run") == [0, 0, 0], pipeline.logs
    again = pipeline.report("run", FEED, 1)
    assert (again["done"], again["tries"]) == (4, 2)
    assert kinds(pipeline) == {"feed": 4, "submission": 0}


def test_sigterm_and_kill_9_keep_what_is_done_and_the_run_ends_clean(pipeline: Pipeline) -> None:
    pipeline.plan("run", "--feed-from", "4", SEC_CONTAINERS="1")
    assert pipeline.manifest("run", keys.SGML_FEED)["batches"][0]["count"] == 13
    options = ("--manifest", pipeline.s3.uri(keys.manifest("run", keys.SGML_FEED)), "--batch", "0")
    for number in (signal.SIGTERM, signal.SIGKILL):
        pipeline.faults({"match": "Feed/.*20260107", "kind": "timeout", "seconds": 60, "times": 1})
        process = pipeline.start(FEED, "run", *options, SEC_TIMEOUT_SECONDS="90", FILINGS_GRACE_SECONDS="2")
        while pipeline.r2.head(f"sgml-archive/{accession(14)}.sgml") is None or not asked(pipeline, "20260107"):
            assert process.poll() is None, process.communicate()
        process.send_signal(number)
        log = process.communicate(timeout=40)[0]
        assert process.returncode in (143, -9), log
    report = pipeline.report("run", FEED)
    assert (report["done"], report["waiting"], report["error"] is not None) == (9, 4, True)
    assert pipeline.do(FEED, "run", *options) == 0
    report = pipeline.report("run", FEED)
    assert (report["done"], report["skipped"], report["waiting"]) == (4, 9, 0)
    assert not any(pipeline.step(keys.SGML, "run")), pipeline.logs
    assert pipeline.do("check_accounting", "run") == 0
    assert pipeline.accounting("run")["archives"][keys.SGML]["missing"] == 0


def asked(pipeline: Pipeline, day: str) -> bool:
    """Whether EDGAR is being asked for a day's file: the fault that waits there is in use."""
    return any(fault["used"] and day in fault["match"] for fault in pipeline.edgar("/_sandbox/faults"))
