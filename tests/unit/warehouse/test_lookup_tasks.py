"""The tasks as containers run them: manifest or what is missing, report, exit code."""

from __future__ import annotations

import orjson
import pytest
from warehouse_samples import accession, complete, put, submission

from filings import __main__ as entry
from filings.archive import keys, manifest
from filings.archive.storage import Store
from filings.settings import get_settings
from filings.warehouse import compaction
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS

LOOKUP = "update_sec_filings_lookup_s3"


@pytest.fixture(autouse=True)
def _fresh_process() -> object:
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def missing(store: Store, *numbers: int) -> None:
    content = {"missing": {accession(n): 320193 for n in numbers}, "counts": {}}
    store.put_zst(keys.missing(keys.LOOKUP), orjson.dumps(content))


def plan(store: Store, *numbers: int, force: bool = False) -> str:
    manifest.write(store, "r", keys.LOOKUP, LOOKUP, {accession(n): 320193 for n in numbers}, 1000, force)
    return store.uri(keys.manifest("r", keys.LOOKUP))


def report(store: Store, task: str = LOOKUP) -> dict:
    return orjson.loads(store.get(keys.report("r", task)))


def rows(store: Store, table: str) -> list[str]:
    return [one[:20] for one in complete(store, table)[1:]]


def test_a_manifest_is_done_and_reported(s3: Store) -> None:
    put(s3, submission(1), submission(2))
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1, 2), "--batch", "0"]) == 0
    written = report(s3)
    assert (written["planned"], written["done"], written["failed"], written["waiting"]) == (2, 2, 0, 0)
    assert written["details"]["rows"] == {ACCESSION_CIK.name: 2, DOCUMENTS.name: 4, SUBMISSION_DETAILS.name: 2}


def test_without_a_manifest_all_that_is_missing_is_done_and_what_waits_is_no_failure(s3: Store) -> None:
    put(s3, submission(1))
    missing(s3, 1, 2)
    assert entry.main([LOOKUP, "--run-id", "r"]) == 0
    written = report(s3)
    assert (written["planned"], written["done"], written["waiting"]) == (2, 1, 1)
    assert list(written["reasons"]) == [accession(2)]


def test_a_manifest_without_batches_is_nothing_to_do(s3: Store) -> None:
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3), "--batch", "0"]) == 0
    assert report(s3)["planned"] == 0


def test_data_that_is_broken_fails_the_task_with_the_filing_named(
    s3: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    put(s3, submission(1))
    s3.put(keys.object_key(keys.DATA, accession(2)), b"broken")
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1, 2)]) == 1
    assert accession(2) in capsys.readouterr().out
    assert (report(s3)["done"], report(s3)["failed"]) == (1, 1)
    assert rows(s3, SUBMISSION_DETAILS.name) == [accession(1)]


def test_a_forced_manifest_replaces_rows(s3: Store) -> None:
    put(s3, submission(1, documents=3))
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1)]) == 0
    put(s3, submission(1, documents=1))
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1)]) == 0
    assert len(rows(s3, DOCUMENTS.name)) == 3
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1, force=True)]) == 0
    assert len(rows(s3, DOCUMENTS.name)) == 1


def test_force_without_a_manifest_is_a_usage_error(s3: Store) -> None:
    assert entry.main([LOOKUP, "--force"]) == 2


@pytest.mark.parametrize("table", LOOKUP_TABLES)
def test_each_table_has_a_task_that_rebuilds_it_and_no_other(s3: Store, table: str) -> None:
    put(s3, submission(1), submission(2))
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1, 2)]) == 0
    before = {name: complete(s3, name) for name in LOOKUP_TABLES}
    s3.delete([keys.lookup_table("complete", name) for name in LOOKUP_TABLES])
    assert entry.main([f"update_{table}_s3", "--run-id", "r"]) == 0
    assert complete(s3, table) == before[table]
    assert [name for name in LOOKUP_TABLES if s3.head(keys.lookup_table("complete", name))] == [table]
    assert report(s3, f"update_{table}_s3")["done"] == 2


def test_a_filing_that_no_table_takes_does_not_fail_the_task(s3: Store) -> None:
    put(s3, submission(1), submission(2, form="x" * 41))
    assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, 1, 2)]) == 0
    written = report(s3)
    assert (written["done"], written["unavailable"], written["failed"], written["not_reached"]) == (1, 1, 0, 0)
    assert "longer than 40" in written["reasons"][accession(2)]


def test_the_weekly_cleanup_compacts_what_is_due_and_a_dry_run_says_so(
    s3: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(compaction, "MOST", 1)
    for number in (1, 2, 3):
        put(s3, submission(number))
        assert entry.main([LOOKUP, "--run-id", "r", "--manifest", plan(s3, number), "--batch", "0"]) == 0
    key = keys.lookup_table("complete", DOCUMENTS.name)
    before, lines = s3.head(key), complete(s3, DOCUMENTS.name)
    assert entry.main(["weekly_cleanup", "--run-id", "r", "--dry-run"]) == 0
    assert '"would_clean"' in capsys.readouterr().out
    assert s3.head(key) == before
    assert entry.main(["weekly_cleanup", "--run-id", "r"]) == 0
    assert report(s3, "weekly_cleanup")["details"]["compacted"] == list(LOOKUP_TABLES)
    after = s3.head(key)
    assert after is not None and before is not None
    assert after.size < before.size
    assert complete(s3, DOCUMENTS.name) == lines
    assert entry.main(["weekly_cleanup", "--run-id", "r"]) == 0
    assert report(s3, "weekly_cleanup")["details"]["compacted"] == []
