from __future__ import annotations

import argparse

import numpy as np
import pytest

from filings.archive import accounting, keys, manifest, master, master_csv, master_update
from filings.archive.ledger import Ledger
from filings.archive.ledger_part import Part
from filings.archive.storage import Store
from filings.edgar.accession import dashed
from filings.edgar.index import IndexRow
from filings.settings import Settings
from filings.tasks import calculate_s3_batches

A, B, C, D = NAMES = tuple(dashed(320193_25_000000 + n) for n in range(4))


@pytest.fixture
def planned(s3: Store, settings: Settings) -> object:
    """The planner over four filings of four days, of which A and B are there, A by the Feed."""
    rows = [
        IndexRow(a, cik, "X", form, f"2025-01-0{n + 1}", f"edgar/data/{cik}/{a}.txt")
        for n, (a, form) in enumerate(zip(NAMES, ("8-K", "4", "8-K", "10-K"), strict=True))
        for cik in (9, 8)
    ]
    with master_update.NewRows() as new:
        new.add(master_csv.table_of(rows), quarterly=True)
        master_update.update(s3, new)
    Ledger(s3, keys.SGML).record("run", 0, Part(done={A, B}, feed={A}))
    listed = master.filings(s3)
    for account in accounting.accounts(s3, listed.numbers):
        accounting.write_missing(s3, account, listed)

    def plan(*options: str, archive: str = keys.SGML) -> dict[str, int]:
        parser = argparse.ArgumentParser()
        calculate_s3_batches.add_arguments(parser)
        args = parser.parse_args(options, argparse.Namespace(task="calculate_s3_batches", run_id="run"))
        assert calculate_s3_batches.run(args, settings) == 0
        uri = s3.uri(keys.manifest("run", archive))
        found: dict[str, int] = {}
        for batch in manifest.read(s3, uri)["batches"]:
            found |= manifest.read_batch(s3, uri, batch["batch"]).accessions
        assert manifest.planned(s3, manifest.read(s3, uri)).tolist() == sorted(int(a.replace("-", "")) for a in found)
        return found

    return plan


@pytest.mark.parametrize(
    ("options", "chosen"),
    [
        ((), [C, D]),
        (("--from", "2025-01-04"), [D]),
        (("--to", "2025-01-03"), [C]),
        (("--forms", "8-K,4"), [C]),
        (("--forms", "8-K", "--to", "2025-01-03", "--force"), [A, C]),
        (("--accessions", f"{B},{D}"), [D]),
        (("--accessions", f"{B},{D}", "--force"), [B, D]),
        (("--source", "feed"), []),
        (("--source", "feed", "--force"), [A]),
        (("--archives", keys.TAR), []),
    ],
)
def test_a_run_is_about_what_the_options_say(planned: object, options: tuple[str, ...], chosen: list[str]) -> None:
    assert planned(*options) == dict.fromkeys(chosen, (8, 9))  # type: ignore[operator]


def test_batches_cover_all_and_none_is_too_large(planned: object, s3: Store) -> None:
    assert list(planned("--batch-size", "3", archive=keys.TAR)) == list(NAMES)  # type: ignore[operator]
    batches = manifest.read(s3, s3.uri(keys.manifest("run", keys.TAR)))["batches"]
    assert [batch["count"] for batch in batches] == [3, 1]


def test_what_no_index_lists_is_said(planned: object) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=f"no index lists {dashed(7)}$"):
        planned("--accessions", f"{A},{dashed(7)}")  # type: ignore[operator]
    with pytest.raises(argparse.ArgumentTypeError, match="--force needs"):
        planned("--force")  # type: ignore[operator]


def test_a_thousand_batches_are_enough(s3: Store) -> None:
    numbers = np.arange(2500, dtype=np.uint64)
    plan = manifest.write_filings(s3, "run", keys.TAR, "task", master.Filings(numbers, numbers, numbers), 1)
    assert len(plan["batches"]) <= manifest.MAX_BATCHES
    assert manifest.planned(s3, plan).tolist() == numbers.tolist()
