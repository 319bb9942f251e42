"""Products beside archives: what each is about, lacks, is planned to get, and is proved to have."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from random import Random

import numpy as np
import orjson
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.archive import keys, manifest, master, master_csv, master_update, missing
from filings.archive.accounting import each_account
from filings.archive.ledger import Ledger, Part
from filings.archive.storage import NotFound, Store
from filings.archive.universe import Universes, Wanted
from filings.edgar.accession import dashed
from filings.edgar.index import IndexRow
from filings.products.definition import BadProduct
from filings.settings import Settings
from filings.tasks import _planning, _products, calculate_s3_batches, check_accounting, update_missing_s3

A, B, C, D = NAMES = tuple(dashed(320193_25_000000 + n) for n in range(4))
FORMS = ("8-K", "4", "8-K", "4/A")


@pytest.fixture
def index(s3: Store) -> None:
    """Four filings of four days, each with two CIKs."""
    rows = [
        IndexRow(a, cik, "X", form, f"2025-01-0{n + 1}", f"edgar/data/{cik}/{a}.txt")
        for n, (a, form) in enumerate(zip(NAMES, FORMS, strict=True))
        for cik in (9, 8)
    ]
    with master_update.NewRows() as new:
        new.add(master_csv.table_of(rows), quarterly=True)
        master_update.update(s3, new)


def task(module: object, settings: Settings, *options: str) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)  # type: ignore[attr-defined]
    name = module.__name__.rpartition(".")[2]  # type: ignore[attr-defined]
    return module.run(parser.parse_args(options, argparse.Namespace(task=name, run_id="run")), settings)  # type: ignore[attr-defined,no-any-return]


def lacking(s3: Store, product: str) -> list[str]:
    return [dashed(n) for n in missing.read(s3, product).tolist()]


def batches(s3: Store, name: str) -> list[list[str]]:
    uri = s3.uri(keys.manifest("run", name))
    plan = manifest.read(s3, uri)
    return [list(manifest.read_batch(s3, uri, batch["batch"]).accessions) for batch in plan["batches"]]


def test_a_product_lacks_the_filings_of_its_forms_since_its_first_day(
    s3: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4", "4/A"]')
    add("late", "all", "since: 2025-01-03")
    add("everything", "all")
    assert task(update_missing_s3, settings) == 0
    assert lacking(s3, "fours") == [B, D]
    assert lacking(s3, "late") == [C, D]
    assert lacking(s3, "everything") == lacking(s3, keys.SGML) == list(NAMES)


def test_what_has_no_submission_is_unavailable_to_a_product_too(
    s3: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4", "4/A"]')
    Ledger(s3, keys.SGML).record("run", 0, Part(unavailable={A: "not on EDGAR: HTTP 404", D: "not on EDGAR: HTTP 404"}))
    Ledger(s3, "fours").record("run", 0, Part(unavailable={B: "it holds nothing for this product"}))
    task(update_missing_s3, settings)
    assert lacking(s3, "fours") == []
    counts = orjson.loads(s3.get_zst(keys.missing("fours")))["counts"]
    assert (counts["accessions"], counts["unavailable"]) == (2, 2)
    assert counts["reasons"] == {
        "it holds nothing for this product": 1,
        "its submission is unavailable: not on EDGAR": 1,
    }


def test_each_product_has_a_plan_of_batches_and_one_for_its_tables_alone(
    s3: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("everything", "all")
    add("fours", '["4", "4/A"]')
    task(update_missing_s3, settings)
    assert task(calculate_s3_batches, settings, "--batch-size", "1") == 0
    assert batches(s3, "everything_rows") == [[A], [B], [C], [D]]
    assert batches(s3, "everything") == [list(NAMES)]
    assert batches(s3, "fours_rows") == [[B], [D]]
    assert batches(s3, "fours") == [[B, D]]
    plans = [manifest.read(s3, s3.uri(keys.manifest("run", name)))["task"] for name in ("fours_rows", "fours")]
    assert plans == ["update_sec_filings_fours_rows_s3", "update_sec_filings_fours_s3"]


@pytest.mark.parametrize(
    ("options", "planned"),
    [
        (("--products", "fours"), {"fours": [B]}),
        (("--archives", "fours"), {"fours": [B]}),
        (("--archives", keys.TAR), {keys.TAR: list(NAMES)}),
        (("--archives", keys.TAR, "--products", "fours"), {keys.TAR: list(NAMES), "fours": [B]}),
        (("--products", "fours", "--forms", "8-K"), {}),
        (("--products", "fours", "--force", "--from", "2025-01-01"), {"fours": [B, D]}),
        (("--products", "fours", "--force", "--accessions", f"{C},{D}"), {"fours": [D]}),
        (("--force", "--from", "2025-01-04"), {name: [D] for name in (*keys.ARCHIVES, "fours", "rest")}),
    ],
)
def test_a_run_is_about_the_archives_and_products_that_the_options_say(
    s3: Store,
    settings: Settings,
    index: None,
    add: Callable[..., None],
    options: tuple[str, ...],
    planned: dict[str, list[str]],
) -> None:
    add("fours", '["4", "4/A"]')
    add("rest", "all")
    Ledger(s3, "fours").add([D])
    task(update_missing_s3, settings)
    task(calculate_s3_batches, settings, *options)
    names = [*keys.ARCHIVES, "fours", "rest"]
    assert {name: batches(s3, name)[0] for name in names if batches(s3, name)} == planned


def test_a_product_that_came_since_does_not_stop_the_plan_unless_it_is_asked_for(
    s3: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    task(update_missing_s3, settings)
    add("fours", '["4", "4/A"]')
    assert task(calculate_s3_batches, settings) == 0
    assert (batches(s3, keys.TAR), batches(s3, "fours")) == ([list(NAMES)], [])
    with pytest.raises(NotFound, match="missing_fours"):
        task(calculate_s3_batches, settings, "--products", "fours")


def test_a_product_named_wrongly_is_told_with_those_that_are_there(
    s3: Store, settings: Settings, add: Callable[..., None], capsys: pytest.CaptureFixture[str]
) -> None:
    add("fours", '["4"]')
    with pytest.raises(SystemExit):
        task(calculate_s3_batches, settings, "--products", "fives")
    assert "no such product: fives; there are fours" in capsys.readouterr().err


def test_the_notes_of_a_run_that_is_over_are_dropped(
    s3: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4"]')
    Ledger(s3, "fours_rows").record("yesterday", 0, Part(done={B}))
    task(update_missing_s3, settings)
    assert not list(s3.list(keys.ledger_parts("fours_rows")))
    assert lacking(s3, "fours") == [B]


def proof(s3: Store) -> dict[str, object]:
    return orjson.loads(s3.get(keys.accounting("run")))  # type: ignore[no-any-return]


def test_the_proof_has_each_product_with_the_reason_of_what_is_open(
    s3: Store, r2: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4", "4/A"]')
    task(update_missing_s3, settings)
    task(calculate_s3_batches, settings)
    report = {"archive": "fours", "reasons": {B: "its submission is not in tar_archive yet"}}
    s3.put(keys.report("run", "update_sec_filings_fours_rows_s3"), orjson.dumps(report))
    assert task(check_accounting, settings) == 0
    counts = proof(s3)["archives"]["fours"]  # type: ignore[index]
    assert (counts["accessions"], counts["missing"], counts["planned"], counts["open_count"]) == (2, 2, 2, 2)
    assert counts["open"] == {
        B: "its submission is not in tar_archive yet",
        D: "no container of this run reported on it",
    }


def test_the_proof_looks_for_the_tars_that_products_wait_for(
    s3: Store, r2: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4", "4/A"]')
    for name in NAMES:
        r2.put(keys.object_key(keys.SGML, name), b"x")
    Ledger(s3, keys.SGML).add(NAMES)
    Ledger(s3, keys.TAR).add(NAMES)
    task(update_missing_s3, settings)
    task(calculate_s3_batches, settings)
    assert task(check_accounting, settings, "--sample", "0") == 1
    assert proof(s3)["lost"] == {keys.TAR: [B, D]}
    Ledger(s3, keys.TAR).fold()
    assert [dashed(n) for n in Ledger(s3, keys.TAR).have().tolist()] == [A, C]


def test_a_table_that_is_gone_although_the_ledger_has_filings_does_not_add_up(
    s3: Store, r2: Store, settings: Settings, index: None, add: Callable[..., None]
) -> None:
    add("fours", '["4", "4/A"]')
    Ledger(s3, "fours").add([B])
    assert task(check_accounting, settings) == 1
    assert "sec/filings/fours/complete_things.csv.zst is not there, and the ledger has 1" in str(proof(s3)["problems"])
    key = keys.table(keys.product_folder("fours"), "complete", "things")
    s3.put(key, b"", metadata={"rows": "1"})
    assert task(check_accounting, settings) == 0
    Ledger(s3, "fours").replace("daily", np.empty(0, np.uint64))
    assert task(check_accounting, settings) == 1
    assert "has 1 rows, and the ledger has no filing" in str(proof(s3)["problems"])


@pytest.mark.parametrize("names", [["lookup"], ["xbrl"], ["things", "things_rows"]])
def test_a_product_whose_tasks_are_named_as_others_is_refused(
    settings: Settings, add: Callable[..., None], names: list[str]
) -> None:
    for name in names:
        add(name, "all")
    with pytest.raises(BadProduct, match="rename the product's folder"):
        _planning.wanted()


def test_a_product_without_mysql_has_no_task_for_it(settings: Settings, add: Callable[..., None]) -> None:
    add("fours", '["4"]', "destinations: [csv]")
    assert [task.name for task in _products.tasks()] == [
        "update_sec_filings_fours_rows_s3",
        "update_sec_filings_fours_s3",
    ]
    assert _products.find("update_sec_filings_fours_mysql") is None


# -- which filings a product is about ------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.integers(1, 30), st.integers(0, 3), st.sampled_from(FORMS)), max_size=60),
    st.integers(1, 7),
    st.sets(st.sampled_from([*FORMS, "X"])),
    st.none() | st.integers(0, 4),
)
def test_a_universe_is_what_a_loop_over_all_rows_would_find(
    rows: list[tuple[int, int, str]], group: int, forms: set[str], since: int | None
) -> None:
    rows.sort()
    first = date(1970, 1, 1) if since is None else date.fromordinal(date(1970, 1, 1).toordinal() + since)
    wanted = Wanted(frozenset(forms), None if since is None else first)
    expected = {n for n, day, form in rows if (not forms or form in forms) and (since is None or day >= since)}
    listed = np.unique(np.array([n for n, _, _ in rows], np.uint64))
    universes = Universes(listed, {"p": wanted})
    for start in range(0, len(rows), group):
        some = rows[start : start + group]
        columns = [
            pa.array([n for n, _, _ in some], pa.uint64()),
            pa.array([day for _, day, _ in some], pa.int32()).cast(pa.date32()),
            pa.array([form for _, _, form in some]).dictionary_encode(),
        ]
        if universes._bits:
            universes._add(pa.table(columns, ["accession", "filing_date", "form"]))
    assert universes.numbers("p").tolist() == sorted(expected)
    assert np.flatnonzero(universes.marks("p")).tolist() == [n for n, a in enumerate(listed.tolist()) if a in expected]


def test_universes_come_from_the_index_and_from_its_numbers_alike(s3: Store, index: None) -> None:
    wanted = {"fours": Wanted(frozenset({"4", "4/A"})), "late": Wanted(since=date(2025, 1, 4))}
    listed = master.filings(s3).numbers
    by_numbers = Universes.of(s3, listed, wanted)
    s3.delete([keys.MASTER_NUMBERS])
    by_text = Universes.of(s3, listed, wanted)
    for name, expected in (("fours", [B, D]), ("late", [D])):
        for universes in (by_numbers, by_text):
            assert [dashed(n) for n in universes.numbers(name).tolist()] == expected


def test_accounts_of_products_sum_up_whatever_the_lists_hold(s3: Store) -> None:
    random = Random(4)
    listed = np.array(sorted(random.sample(range(10**6), 500)), np.uint64)
    chosen = np.sort(np.array(random.sample(listed.tolist(), 200), np.uint64))
    universes = Universes(listed, {"p": Wanted(frozenset({"4"}))})
    bits = np.isin(listed, chosen)
    universes._bits["p"] |= np.packbits(bits)
    have = random.sample(listed.tolist(), 100)
    lost = random.sample(listed.tolist(), 100)
    Ledger(s3, "p").add(dashed(n) for n in have)
    Ledger(s3, keys.SGML).record("run", 0, Part(unavailable={dashed(n): "not on EDGAR: HTTP 404" for n in lost}))
    *_, account = each_account(s3, listed, (keys.SGML,), universes)
    here = set(chosen.tolist())
    assert set(account.have.tolist()) == here & set(have)
    assert set(account.missing.tolist()) == here - set(have) - set(lost)
    counts = account.counts()
    assert counts["unlisted"] == len(set(have) - here)
    assert counts["accessions"] == 200 == counts["have"] + counts["missing"] + counts["unavailable"]
