from __future__ import annotations

import contextlib
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trials
from hypothesis import strategies as st

from filings.archive import accounting, keys, master, master_csv, missing
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger, Part
from filings.archive.storage import Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed, to_int
from filings.edgar.index import IndexRow
from filings.settings import Settings
from ledger_reference import SetLedger

A, B, C, D = (dashed(n) for n in (320193_25_000001, 320193_25_000002, 320193_25_000003, 320193_25_000004))


def have(ledger: Ledger) -> set[str]:
    return {dashed(int(n)) for n in ledger.have()}


def test_parts_are_folded_into_the_daily_list_and_go(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run:1", 0, Part(done={A}))
    ledger.record("run:1", 1, Part(done={B}, unavailable={C: "not on EDGAR: HTTP 404 for x"}))
    assert ledger.fold() == 2
    assert have(ledger) == {A, B}
    assert ledger.unavailable()[C][1].startswith("not on EDGAR")
    assert ledger.fold() == 0
    assert have(ledger) == {A, B}


def test_two_containers_of_one_batch_lose_nothing_of_each_other(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", 0, Part(done={A}))
    ledger.record("run", 0, Part(done={B}))
    assert ledger.part("run", 0).done == {A, B}


def test_folding_again_after_a_crash_changes_nothing(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", 0, Part(done={A, B}))
    kept = s3.get(keys.ledger_part(keys.SGML, "run", 0))
    ledger.fold()
    before = s3.get(keys.have_list("daily", keys.SGML))
    s3.put(keys.ledger_part(keys.SGML, "run", 0), kept)  # as if the crash came before the part was deleted
    ledger.fold()
    assert s3.get(keys.have_list("daily", keys.SGML)) == before


def test_a_withdrawn_object_is_missing_again_until_it_is_done_again(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.add([A, B])
    ledger.record("run", "tar-0", Part(withdrawn={A: "corrupt"}))
    ledger.fold()
    assert have(ledger) == {B}
    ledger.record("run1", 0, Part(done={A}))
    ledger.record("run1", "tar-0", Part(withdrawn={A: "corrupt"}))
    ledger.fold()  # found broken by the run that made it
    assert have(ledger) == {B}
    ledger.record("run2", 0, Part(done={A}))
    ledger.fold()
    assert have(ledger) == {A, B}


def test_what_is_done_is_no_longer_unavailable(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", 0, Part(unavailable={A: "not on EDGAR", B: "not on EDGAR"}))
    ledger.fold()
    ledger.record("run2", 0, Part(done={A}))
    ledger.fold()
    assert set(ledger.unavailable()) == {B}
    ledger.forget_unavailable([B])
    assert ledger.unavailable() == {}


def test_a_damaged_list_is_an_error_that_names_it(s3: Store) -> None:
    key = keys.have_list("daily", keys.SGML)
    s3.put(key, b"\x28\xb5\x2f\xfd broken")
    with pytest.raises(CorruptObject, match=key):
        Ledger(s3, keys.SGML).have()
    s3.put_zst(key, b"no accession\n")
    with pytest.raises(CorruptObject, match=key):
        Ledger(s3, keys.SGML).have()


def listed(*accessions: str) -> master.Filings:
    rows = [
        IndexRow(a, cik, "X", "8-K", "2025-01-02", f"edgar/data/{cik}/{a}.txt") for a in accessions for cik in (7, 8)
    ]
    return master.Filings.of([master.numbers_of(master_csv.table_of(rows))])


_ALL = [dashed(320193_25_000000 + n) for n in range(9)]
_SETS = st.sets(st.sampled_from(_ALL), max_size=6)
_REASONS = st.dictionaries(
    st.sampled_from(_ALL),
    st.sampled_from(["not on EDGAR: HTTP 404 for x", "unusable: torn", "no XBRL in it"]),
    max_size=4,
)


@st.composite
def _parts(draw: st.DrawFn) -> Part:
    done = draw(_SETS)
    feed = draw(st.sets(st.sampled_from(sorted(done)))) if done else set()
    return Part(done, draw(_REASONS), draw(st.dictionaries(st.sampled_from(_ALL), st.just("torn"), max_size=2)), feed)


_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("record"), st.integers(0, 3), _parts()),
        st.tuples(st.just("fold"), st.booleans()),
        st.tuples(st.just("add"), _SETS),
        st.tuples(st.just("forget_unavailable"), _SETS),
        st.tuples(st.just("complete_inventory")),
    ),
    max_size=12,
)


def does(ledger: Ledger | SetLedger, step: tuple[Any, ...]) -> None:
    """One step on either ledger."""
    name, *arguments = step
    if name == "record":
        arguments = ["run", arguments[0], arguments[1].copy()]
    getattr(ledger, name)(*arguments)


def agree(ledger: Ledger, sets: SetLedger) -> None:
    """Both say the same of everything."""
    assert have(ledger) == sets.have()
    assert {a: reason for a, (_, reason) in ledger.unavailable().items()} == sets.unavailable
    assert set(accession_rows.strings(ledger.from_feed())) == sets.feed
    wanted = accession_rows.of_strings(_ALL)
    assert ledger.has(wanted).tolist() == [a in sets.have() for a in _ALL]


@trials(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS)
def test_the_ledger_is_the_ledger_of_sets(s3: Store, steps: list[tuple[Any, ...]]) -> None:
    s3.delete([key for key, _ in s3.list("")])
    ledger, sets = Ledger(s3, keys.SGML), SetLedger()
    for step in steps:
        does(ledger, step)
        does(sets, step)
        agree(ledger, sets)


class Crash(Exception):
    """The container is gone."""


class Mortal(Store):
    """A store whose process dies before one of its writes."""

    writes = 10**9

    def _count(self) -> None:
        self.writes -= 1
        if self.writes < 0:
            raise Crash

    def put(self, *args: Any, **kwargs: Any) -> str:
        self._count()
        return super().put(*args, **kwargs)

    def create(self, *args: Any, **kwargs: Any) -> bool:
        self._count()
        return super().create(*args, **kwargs)

    def replace(self, *args: Any, **kwargs: Any) -> str:
        self._count()
        return super().replace(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> int:
        self._count()
        return super().delete(*args, **kwargs)


@trials(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_STEPS, st.lists(_parts(), min_size=1, max_size=3), st.integers(0, 5))
def test_a_fold_that_is_cut_off_anywhere_and_repeated_is_a_fold(
    s3: Store, settings: Settings, steps: list[tuple[Any, ...]], parts: list[Part], writes: int
) -> None:
    s3.delete([key for key, _ in s3.list("")])
    ledger, sets = Ledger(s3, keys.SGML), SetLedger()
    for step in [*steps, *(("record", n, part) for n, part in enumerate(parts))]:
        does(ledger, step)
        does(sets, step)
    mortal = Mortal.s3(settings)
    mortal.writes = writes
    with contextlib.suppress(Crash):
        Ledger(mortal, keys.SGML).fold()
    ledger.fold()
    sets.fold()
    agree(ledger, sets)


@trials(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_SETS, _parts(), _parts())
def test_the_account_is_that_of_sets_whatever_happened(s3: Store, known: set[str], of_sgml: Part, of_tar: Part) -> None:
    s3.delete([key for key, _ in s3.list("")])
    sets = {keys.SGML: SetLedger(), keys.TAR: SetLedger()}
    for archive, part in ((keys.SGML, of_sgml), (keys.TAR, of_tar)):
        Ledger(s3, archive).record("run", 0, part.copy())
        sets[archive].record("run", 0, part.copy())
        sets[archive].fold()
    lost: dict[str, str] = {}
    for account in accounting.accounts(s3, listed(*sorted(known)).numbers, (keys.SGML, keys.TAR)):
        lacking, gone = sets[account.archive].account(known, lost)
        counts = account.counts()
        assert counts["accessions"] == len(known) == counts["have"] + counts["missing"] + counts["unavailable"]
        assert set(accession_rows.strings(account.missing)) == lacking
        assert counts["have"] == len(known & sets[account.archive].have())
        assert counts["unavailable"] == len(gone) == sum(counts["reasons"].values())
        assert counts["unlisted"] == len(sets[account.archive].have() - known)
        everything = accession_rows.of_strings(_ALL)
        assert account.has(everything).tolist() == [a in known & sets[account.archive].have() for a in _ALL]
        assert account.open(everything).tolist() == [
            a not in (known & sets[account.archive].have()) | gone.keys() for a in _ALL
        ]
        lost = lost or gone


def test_reasons_count_together_without_what_is_particular_to_a_filing(s3: Store) -> None:
    Ledger(s3, keys.SGML).record(
        "run",
        0,
        Part(unavailable={A: "not on EDGAR: HTTP 404 for a", B: "not on EDGAR: HTTP 404 for b", C: "unusable: x"}),
    )
    sgml, tar = accounting.accounts(s3, listed(A, B, C, D).numbers, (keys.SGML, keys.TAR))
    assert sgml.counts()["reasons"] == {"not on EDGAR": 2, "unusable": 1}
    assert tar.counts()["reasons"] == {
        "its submission is unavailable: not on EDGAR": 2, "its submission is unavailable: unusable": 1,
    }  # fmt: skip


def test_the_source_is_remembered_until_the_filing_is_fetched_singly(s3: Store) -> None:
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", "feed-0", Part(done={A, B, C}, feed={A, B, C}))
    ledger.fold()
    assert accession_rows.strings(ledger.from_feed()) == [A, B, C]
    ledger.record("run2", 0, Part(done={B}))
    ledger.record("run2", 1, Part(withdrawn={C: "torn"}))
    ledger.fold()
    assert accession_rows.strings(ledger.from_feed()) == [A]
    ledger.keep_source(accession_rows.of_strings([B]))
    assert accession_rows.strings(ledger.from_feed()) == []


def test_a_part_of_an_earlier_version_is_read(s3: Store) -> None:
    s3.put(keys.ledger_part(keys.SGML, "run", 0), orjson.dumps({"done": [A], "unavailable": {}, "withdrawn": {}}))
    ledger = Ledger(s3, keys.SGML)
    assert ledger.part("run", 0) == Part(done={A})
    ledger.fold()
    assert have(ledger) == {A}


@pytest.mark.parametrize("content", [b"{", b"[]", b'{"done": ["x"], "unavailable": {}, "withdrawn": {}}'])
def test_a_broken_part_is_an_error_that_names_it(s3: Store, content: bytes) -> None:
    key = keys.ledger_part(keys.SGML, "run", 0)
    s3.put(key, content)
    with pytest.raises(CorruptObject, match=key):
        Ledger(s3, keys.SGML).fold()


def test_a_large_ledger_is_appended_to_by_what_is_new(s3: Store) -> None:
    ledger = Ledger(s3, keys.XBRL)
    many = 320193_25_000000 + np.arange(300_000, dtype=np.uint64)
    ledger.replace("inventory", many[::2])
    gone = accession_rows.strings(many[1::2])
    for batch in range(3):
        ledger.record("run", batch, Part(unavailable=dict.fromkeys(gone[batch::3], "no XBRL in it")))
    ledger.record("run", 3, Part(done=set(accession_rows.strings(many[:40:2]))))
    ledger.fold()
    held = s3.get(keys.unavailable(keys.XBRL))
    ledger.record("run", 4, Part(done={dashed(1)}, unavailable={dashed(2): "no XBRL in it"}))
    ledger.fold()
    assert s3.get(keys.unavailable(keys.XBRL)).startswith(held)
    assert s3.get_zst(keys.have_list("daily", keys.XBRL)).decode() == f"{dashed(1)}\n"
    account = accounting.accounts(s3, many, (keys.XBRL,))[0]
    assert (len(account.missing), account.unlisted) == (0, 1)
    assert account.counts()["reasons"] == {"no XBRL in it": 150_000}


def test_missing_lists_name_a_cik_to_fetch_by(s3: Store) -> None:
    index = listed(A, B)
    account = accounting.accounts(s3, index.numbers, (keys.SGML,))[0]
    assert accounting.write_missing(s3, account, index)
    assert orjson.loads(s3.get_zst(keys.missing(keys.SGML)))["missing"] == {A: 7, B: 7}
    assert missing.read(s3, keys.SGML).tolist() == [to_int(A), to_int(B)]
    assert not accounting.write_missing(s3, account, index)
