from __future__ import annotations

import argparse

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from filings.archive import accession_list, inventory, keys, listing, manifest
from filings.archive.ledger import Ledger
from filings.archive.ledger_part import Part
from filings.archive.sorted_numbers import unique
from filings.archive.storage import NotFound, Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed
from filings.settings import Settings
from filings.tasks import calculate_inventory_batches, update_sec_filings_inventory_s3

MANY = 320193_25_000000 + np.arange(40, dtype=np.uint64) ** np.uint64(3)
_KEYS = st.sets(st.sampled_from(MANY.tolist()), max_size=40)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Slices of a few keys are listed side by side too."""
    monkeypatch.setattr(inventory, "_LEAST", 2)


def lay(store: Store, archive: str, numbers: np.ndarray) -> None:
    for accession in accession_rows.strings(numbers):
        store.put(keys.object_key(archive, accession), b"x")


@pytest.mark.parametrize("size", [1, 3, 7, 500])
@pytest.mark.parametrize("count", [0, 1, 2, 10, 40])
def test_slices_are_even_and_leave_no_gap(small_pages: None, size: int, count: int) -> None:
    parts = list(inventory.slices(MANY[:count], keys.XBRL, size))
    assert (parts[0].after, parts[-1].until) == ("", "")
    assert [part.until for part in parts[:-1]] == [part.after for part in parts[1:]]
    assert all(part.until for part in parts[:-1])
    sizes = [
        sum(
            not (part.after and a <= part.after) and not (part.until and a > part.until)
            for a in accession_rows.strings(MANY[:count])
        )
        for part in parts
    ]
    assert sum(sizes) == count
    assert max(sizes) - min(sizes) <= 1
    for part in parts:
        edges = [part.after, *part.cuts, part.until or "9"]
        assert edges == sorted(set(edges)), "each part of a slice has keys of its own"


@trials(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_KEYS, _KEYS, st.integers(1, 12))
def test_slices_planned_on_what_was_expected_list_what_is_there(
    s3: Store, small_pages: None, expected: set[int], there: set[int], size: int
) -> None:
    s3.delete([key for key, _ in s3.list("")])
    lay(s3, keys.XBRL, np.array(sorted(there), np.uint64))
    _, folder, ending = keys.OBJECTS[keys.XBRL]
    found = []
    for part in inventory.slices(np.array(sorted(expected), np.uint64), keys.XBRL, size):
        found += listing.accessions(s3, folder, ending, part.after, part.until, part.cuts)
    assert np.concatenate(found).tolist() == sorted(there), "each key once and in order"


def test_keys_that_are_no_accessions_are_passed_over_and_named(s3: Store, capsys: pytest.CaptureFixture[str]) -> None:
    lay(s3, keys.XBRL, MANY)
    folder = keys.OBJECTS[keys.XBRL][1]
    foreign = [f"{folder}{dashed(int(MANY[3]))}.json", f"{folder}readme.txt", f"{folder}{'9' * 20}.json.zst"]
    for key in foreign:
        s3.put(key, b"x")
    found = listing.accessions(s3, folder, ".json.zst")
    assert unique(found).tolist() == MANY.tolist()
    said = capsys.readouterr().out
    assert all(key in said for key in foreign)


def run(task: object, settings: Settings, **options: object) -> int:
    given = {"task": task.__name__.rpartition(".")[2], "run_id": "run", "batch_size": 10}  # type: ignore[attr-defined]
    return int(task.run(argparse.Namespace(**given | options), settings))  # type: ignore[attr-defined]


def take_inventory(s3: Store, settings: Settings) -> dict[str, dict[str, int]]:
    assert run(calculate_inventory_batches, settings) == 0
    uri = s3.uri(keys.manifest("run", "inventory_s3"))
    for entry in manifest.read(s3, uri)["batches"]:
        assert run(update_sec_filings_inventory_s3, settings, manifest=uri, batch=entry["batch"]) == 0
    return inventory.combine(s3, s3, "run")


def test_the_ledger_is_set_right_by_what_is_there(s3: Store, settings: Settings) -> None:
    lay(s3, keys.XBRL, MANY[:30])
    ledger = Ledger(s3, keys.XBRL)
    ledger.replace("inventory", MANY[5:35])  # some more, some fewer
    ledger.record("run", 0, Part(done={dashed(int(MANY[1]))}, feed={dashed(int(MANY[1])), dashed(int(MANY[34]))}))
    for number, reason in ((50, "a"), (60, "b")):
        ledger.record("run", number, Part(unavailable={dashed(number): reason}))
        ledger.fold()
    assert take_inventory(s3, settings)[keys.XBRL] == {"objects": 30, "written_since": 0, "lost": 5}
    assert ledger.have().tolist() == MANY[:30].tolist()
    assert accession_list.read(s3.get(keys.have_list("inventory", keys.XBRL)), "x").tolist() == MANY[:30].tolist()
    assert s3.get_or_none(keys.quarantine(keys.XBRL, dashed(int(MANY[34])))) is not None
    assert ledger.from_feed().tolist() == [MANY[1]], "the source of what is not there is forgotten"
    assert {a: reason for a, (_, reason) in ledger.unavailable().items()} == {dashed(50): "a", dashed(60): "b"}


def test_batches_follow_the_archive_and_not_the_index(s3: Store, settings: Settings) -> None:
    Ledger(s3, keys.XBRL).replace("inventory", MANY[:20])
    assert run(calculate_inventory_batches, settings) == 0
    entries = manifest.read(s3, s3.uri(keys.manifest("run", "inventory_s3")))["batches"]
    assert [(entry["archive"], entry["after"], entry["until"]) for entry in entries] == [
        (keys.XBRL, "", dashed(int(MANY[9]))), (keys.XBRL, dashed(int(MANY[9])), ""), (keys.DATA, "", ""),
    ]  # fmt: skip


def test_a_slice_of_last_week_is_not_taken_for_one_that_was_not_listed(s3: Store, settings: Settings) -> None:
    lay(s3, keys.XBRL, MANY[:5])
    take_inventory(s3, settings)
    assert run(calculate_inventory_batches, settings, run_id="later") == 0
    with pytest.raises(NotFound, match="run batch 0 of it again"):
        inventory.combine(s3, s3, "later")


def test_a_slice_that_was_not_listed_is_named(s3: Store, settings: Settings) -> None:
    assert run(calculate_inventory_batches, settings) == 0
    with pytest.raises(NotFound, match="run batch 0 of it again"):
        inventory.combine(s3, s3, "run")
