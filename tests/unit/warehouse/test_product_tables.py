"""A product's tables: filled from rows/, corrected, and made anew when something got lost."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harvest_samples import Rows, dataset, expected, filing, put_filings, put_rows, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_table_update import Fatal, Killed, listed, mortal
from warehouse_samples import accession

from filings.archive import keys, rows_object
from filings.archive.ledger import HAVE_LISTS, Ledger
from filings.archive.rows_object import FilingRows
from filings.archive.storage import Store
from filings.warehouse import compaction, csv_frames, row_reader, table_update
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
HARVESTS, REMARKS = "harvests_harvests", "harvests_remarks"
TABLES = [HARVESTS, REMARKS]


@pytest.fixture
def harvests(tmp_path: Path) -> Dataset:
    return dataset(tmp_path)


@pytest.fixture
def update(s3: Store, bulk: Bulk, harvests: Dataset) -> NewUpdate:
    """An update as a fresh container would make it."""
    return lambda store=s3, large=bulk: TableUpdate(store, large, harvests, concurrency=4, run_id="test")


def assert_holds(store: Store, of: Dataset, filings: dict[int, Rows]) -> None:
    """Rows, ledger, and what the objects tell of themselves."""
    rows = {name: sorted(some) for name, some in read(store, of).items()}
    assert rows == expected(of, filings)
    assert listed(store, of.name) == sorted(map(accession, filings))
    for name, table in of.tables.items():
        head = store.head(of.key("complete", name))
        assert head is not None
        assert (head.metadata["rows"], head.metadata["filings"]) == (str(len(rows[table.file])), str(len(filings)))


def test_rows_of_filings_come_into_delta_complete_and_ledger(s3: Store, harvests: Dataset, update: NewUpdate) -> None:
    wanted = put_filings(s3, harvests, 3, 1, 2)
    assert update().run(wanted, TABLES).done == sorted(wanted)
    assert_holds(s3, harvests, {n: filing(n) for n in (1, 2, 3)})
    assert read(s3, harvests, "delta") == read(s3, harvests)
    assert s3.head("sec/filings/harvests/complete_remarks.csv.zst") is not None


def test_a_second_run_writes_nothing(s3: Store, harvests: Dataset, update: NewUpdate) -> None:
    wanted = put_filings(s3, harvests, 1, 2)
    update().run(wanted, TABLES)
    before = {key: s3.head(key) for key, _ in s3.list("")}
    assert update().run(wanted, TABLES).skipped == wanted
    assert {key: s3.head(key) for key, _ in s3.list("")} == before


def test_a_filing_may_have_rows_in_one_table_alone(s3: Store, harvests: Dataset, update: NewUpdate) -> None:
    filings = {1: filing(1, remarks=0), 2: filing(2, harvests=0), 3: filing(3)}
    for number, rows in filings.items():
        put_rows(s3, harvests, number, rows)
    update().run(map(accession, filings), TABLES)
    assert_holds(s3, harvests, filings)
    put_filings(s3, harvests, 4)
    result = update().run([accession(4)], TABLES)
    assert result.done == [accession(4)]
    assert result.skipped == [], "nothing is taken for lost"


def test_a_filing_without_rows_is_unavailable_with_the_parsers_reason_and_no_quarantine(
    s3: Store, harvests: Dataset, update: NewUpdate
) -> None:
    put_rows(s3, harvests, 2, {}, "the orchard is closed")
    result = update().run([*put_filings(s3, harvests, 1), accession(2)], TABLES)
    assert (result.done, result.failed) == ([accession(1)], {})
    assert result.unavailable == {accession(2): "the orchard is closed"}
    ledger = Ledger(s3, harvests.name)
    ledger.fold()
    assert ledger.unavailable()[accession(2)][1] == "the orchard is closed"
    assert s3.head(keys.quarantine(harvests.name, accession(2))) is None
    assert_holds(s3, harvests, {1: filing(1)})


def test_a_filing_without_a_rows_object_waits_and_a_broken_one_fails_alone(
    s3: Store, harvests: Dataset, update: NewUpdate
) -> None:
    put_filings(s3, harvests, 1, 3)
    s3.put(harvests.source.key(accession(3)), s3.get(harvests.source.key(accession(1))))
    s3.put(harvests.source.key(accession(4)), b"broken")
    result = update().run([accession(n) for n in (1, 2, 3, 4)], TABLES)
    assert result.done == [accession(1)]
    assert "update_sec_filings_harvests_rows_s3 comes first" in result.waiting[accession(2)]
    assert f"it tells of {accession(1)}" in result.failed[accession(3)]
    assert "corrupt" in result.failed[accession(4)]
    assert_holds(s3, harvests, {1: filing(1)})


def test_a_corrected_filing_replaces_its_own_rows_and_no_others(
    s3: Store, harvests: Dataset, update: NewUpdate
) -> None:
    update().run(put_filings(s3, harvests, 1, 2, 3), TABLES)
    corrected = filing(2, harvests=1, remarks=3)
    put_rows(s3, harvests, 2, corrected)
    assert update().run([accession(2)], TABLES, force=True).done == [accession(2)]
    assert_holds(s3, harvests, {1: filing(1), 2: corrected, 3: filing(3)})
    assert update().run([], TABLES).skipped == []


def test_a_corrected_filing_that_has_no_row_any_more_leaves_tables_and_ledger_for_a_reason(
    s3: Store, harvests: Dataset, update: NewUpdate
) -> None:
    update().run(put_filings(s3, harvests, 1, 2), TABLES)
    put_rows(s3, harvests, 2, {}, "withdrawn")
    result = update().run([accession(2)], TABLES, force=True)
    assert (result.done, result.unavailable) == ([], {accession(2): "withdrawn"})
    assert_holds(s3, harvests, {1: filing(1)})
    ledger = Ledger(s3, harvests.name)
    ledger.fold()
    assert ledger.unavailable()[accession(2)][1] == "withdrawn"
    put_filings(s3, harvests, 2)
    assert update().run([accession(2)], TABLES, force=True).done == [accession(2)]
    assert ledger.unavailable() == {}
    assert_holds(s3, harvests, {1: filing(1), 2: filing(2)})


def test_a_crash_after_any_write_of_a_correction_is_made_good(
    s3: Store, bulk: Bulk, harvests: Dataset, update: NewUpdate
) -> None:
    update().run(put_filings(s3, harvests, 1, 2, 3), TABLES)
    at = 0
    while True:
        at += 1
        put_filings(s3, harvests, 2, 3)
        update().run([accession(2), accession(3)], TABLES, force=True)
        put_rows(s3, harvests, 2, filing(2, harvests=at % 3 + 1))
        put_rows(s3, harvests, 3, {}, "withdrawn")
        wanted = [accession(2), accession(3)]
        try:
            update(*mortal(s3, bulk, Fatal(at, after=True))).run(wanted, TABLES, force=True)
        except Killed:
            update().run(wanted, TABLES, force=True)
            assert_holds(s3, harvests, {1: filing(1), 2: filing(2, harvests=at % 3 + 1)})
        else:
            break
    assert at > 6, "plan, two deltas, two tables, ledger and plan: each must have been hit"


def lose(store: Store, of: Dataset, name: str, how: str) -> None:
    key = of.key("complete", name)
    if store.head(key) is None:
        return
    match how:
        case "deleted":
            store.delete([key])
        case "without its numbers":
            store.put(key, store.get(key))
        case "from an earlier day":
            head = store.head(key)
            assert head is not None
            told = {**head.metadata, "rows": "0", "filings": "0", "sequence": "1"}
            store.put(key, store.get(key)[:0] + store.get(of.key("delta", name)), metadata=told)


@pytest.mark.parametrize(
    ("how", "names"),
    [
        ("deleted", [HARVESTS]),
        ("deleted", TABLES),
        ("without its numbers", [REMARKS]),
        ("without its numbers", TABLES),
        ("from an earlier day", [HARVESTS]),
    ],
    ids=str,
)
def test_a_table_that_got_lost_is_made_anew_and_the_others_stay_as_they_are(
    s3: Store,
    harvests: Dataset,
    update: NewUpdate,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    how: str,
    names: list[str],
) -> None:
    filings = {n: filing(n, harvests=n % 3, remarks=1) for n in range(1, 8)}
    for number, rows in filings.items():
        put_rows(s3, harvests, number, rows)
    update().run(map(accession, list(filings)[:3]), TABLES)
    update().run(map(accession, filings), TABLES)
    kept = {name: s3.head(harvests.key("complete", name)) for name in TABLES if name not in names}
    for name in names:
        lose(s3, harvests, name, how)
    monkeypatch.setattr(table_update, "ROUND", 2)
    read_ones, real = list[str](), s3.aget

    async def aget(key: str) -> bytes:
        read_ones.append(key)
        return await real(key)

    monkeypatch.setattr(s3, "aget", aget)
    filings[9] = filing(9)
    update().run(put_filings(s3, harvests, 9), TABLES)
    assert_holds(s3, harvests, filings)
    assert len(read_ones) == 8, "each filing was read once"
    assert "rows_brought_back" in capsys.readouterr().out
    for name, head in kept.items():
        now = s3.head(harvests.key("complete", name))
        assert head is not None and now is not None
        assert now.metadata["generation"] == head.metadata["generation"]
    assert update().run(map(accession, filings), TABLES).skipped == [accession(n) for n in filings]
    assert len(read_ones) == 8


def test_a_crash_while_a_lost_table_is_made_anew_loses_nothing(
    s3: Store, bulk: Bulk, harvests: Dataset, update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = put_filings(s3, harvests, 1, 2, 3)
    filings = {n: filing(n) for n in (1, 2, 3)}
    monkeypatch.setattr(table_update, "ROUND", 2)
    for at in range(1, 60):
        update().run(wanted, TABLES)
        lose(s3, harvests, REMARKS, "without its numbers")
        try:
            update(*mortal(s3, bulk, Fatal(at, after=True))).run([], TABLES)
        except Killed:
            update().run([], TABLES)
            assert_holds(s3, harvests, filings)
        else:
            break
    assert at > 10
    assert_holds(s3, harvests, filings)


@pytest.mark.parametrize("kinds", [HAVE_LISTS, ("inventory",), ("daily",)], ids=str)
def test_a_ledger_that_got_lost_is_made_what_the_tables_hold_and_nothing_is_read_anew(
    s3: Store, harvests: Dataset, update: NewUpdate, monkeypatch: pytest.MonkeyPatch, kinds: tuple[str, ...]
) -> None:
    filings = {1: filing(1, remarks=0), 2: filing(2, harvests=0), 3: filing(3)}
    for number, rows in filings.items():
        put_rows(s3, harvests, number, rows)
    update().run(map(accession, (1, 2)), TABLES)
    Ledger(s3, harvests.name).complete_inventory()
    update().run([accession(3)], TABLES)
    s3.delete([keys.have_list(kind, harvests.name) for kind in kinds])
    before = {name: s3.head(harvests.key("complete", name)) for name in TABLES}
    assert update().run(map(accession, filings), TABLES).skipped == [accession(n) for n in filings]
    assert_holds(s3, harvests, filings)
    assert {name: s3.head(harvests.key("complete", name)) for name in TABLES} == before


@pytest.mark.parametrize("fewer_rows", [False, True], ids=["cut off", "with fewer rows than it says"])
def test_a_table_that_is_not_what_it_says_and_a_lost_ledger_together_are_made_good(
    s3: Store, harvests: Dataset, update: NewUpdate, fewer_rows: bool
) -> None:
    for number in (1, 2, 3):
        update().run(put_filings(s3, harvests, number), TABLES)
    s3.delete([keys.have_list(kind, harvests.name) for kind in HAVE_LISTS])
    key = harvests.key("complete", REMARKS)
    head = s3.head(key)
    assert head is not None
    content = s3.get(harvests.key("delta", REMARKS)) if fewer_rows else s3.get(key)[:-9]
    s3.put(key, content, metadata=head.metadata)
    update().run([], TABLES)
    assert_holds(s3, harvests, {n: filing(n) for n in (1, 2, 3)})


def test_what_another_container_appends_meanwhile_is_not_taken_for_lost(
    s3: Store, harvests: Dataset, update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    update().run(put_filings(s3, harvests, 1), TABLES)
    late = put_filings(s3, harvests, 2)
    real = Ledger.have

    def have(self: Ledger) -> Any:
        found = real(self)
        if late and self.archive == harvests.name:
            update().run([late.pop()], TABLES)
        return found

    monkeypatch.setattr(Ledger, "have", have)
    update().run([], TABLES)
    monkeypatch.undo()
    assert_holds(s3, harvests, {1: filing(1), 2: filing(2)})
    head = s3.head(harvests.key("complete", REMARKS))
    assert head is not None and head.metadata["generation"] == "1"


def test_a_round_ends_when_its_rows_fill_the_memory(
    s3: Store, harvests: Dataset, update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = random.Random(1)
    filings = {n: {"remarks": [{"number": 1, "remark": source.randbytes(300_000).hex()}]} for n in range(1, 6)}
    for number, rows in filings.items():
        put_rows(s3, harvests, number, rows)
    monkeypatch.setattr(row_reader, "MOST_BYTES", 500_000)
    monkeypatch.setattr(csv_frames, "_MOST_TEXT", 1)
    update().run(map(accession, filings), TABLES)
    assert_holds(s3, harvests, filings)
    head = s3.head(harvests.key("complete", REMARKS))
    assert head is not None and head.metadata["sequence"] == "3", "two filings a round"


def test_rows_of_an_earlier_product_yaml_are_read_by_the_names_of_their_columns(
    s3: Store, bulk: Bulk, harvests: Dataset, update: NewUpdate
) -> None:
    columns = {"remarks": ["accession", "remark", "gone", "number"], "gone": ["accession"]}
    rows = {"remarks": [[accession(1), "with\nlines", "x", "7"]], "gone": [[accession(1)]]}
    s3.put(harvests.source.key(accession(1)), rows_object.dumps(FilingRows(accession(1), columns, rows)))
    update().run([accession(1)], TABLES)
    assert read(s3, harvests)["remarks"] == [[accession(1), "7", "with\nlines", ""]]
    columns = {"remarks": ["accession", "remark"]}
    made = FilingRows(accession(2), columns, {"remarks": [[accession(2), "no number"]]})
    s3.put(harvests.source.key(accession(2)), rows_object.dumps(made))
    result = update().run([accession(2)], TABLES)
    assert "remarks.number" in result.unavailable[accession(2)]
    assert "plan the filing with force" in result.unavailable[accession(2)]


ACTIONS = st.tuples(
    st.sampled_from(["append", "append", "replace", "empty", "compact", "lose table", "lose ledger", "complete"]),
    st.integers(1, 6),
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTIONS, min_size=3, max_size=8))
def test_any_order_of_changes_and_losses_leaves_the_rows_of_a_dictionary(
    s3: Store, bulk: Bulk, harvests: Dataset, update: NewUpdate, steps: list[tuple[str, int]]
) -> None:
    s3.delete([key for key, _ in s3.list("")])
    model: dict[int, Rows] = {}
    for turn, (kind, number) in enumerate(steps):
        match kind:
            case "compact":
                with pytest.MonkeyPatch.context() as patch:
                    patch.setattr(compaction, "MOST", 1)
                    for table in harvests.tables.values():
                        compaction.compact(s3, bulk, harvests, table)
            case "lose table":
                lose(s3, harvests, TABLES[number % 2], ["deleted", "without its numbers"][number // 2 % 2])
            case "lose ledger":
                s3.delete([keys.have_list(kind, harvests.name) for kind in HAVE_LISTS])
            case "complete":
                Ledger(s3, harvests.name).complete_inventory()
            case _:
                rows = {} if kind == "empty" else filing(number, harvests=turn % 3, remarks=1)
                force = kind != "append"
                if force or number not in model:
                    put_rows(s3, harvests, number, rows)
                    model[number] = rows
                    if not rows:
                        del model[number]
                update().run([accession(number)], TABLES, force=force)
                update().run(map(accession, model), TABLES)  # what the ledger lacks is planned again
                if model:
                    assert_holds(s3, harvests, model)
