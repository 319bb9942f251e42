from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.archive import accounting, keys, master
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger, Part
from filings.archive.storage import Store
from filings.edgar.accession import dashed
from filings.edgar.index import IndexRow

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


def table(*accessions: str):  # type: ignore[no-untyped-def]
    rows = [
        IndexRow(a, cik, "X", "8-K", "2025-01-02", f"edgar/data/{cik}/{a}.txt") for a in accessions for cik in (7, 8)
    ]
    empty = master.SCHEMA.empty_table()
    return master.merge(empty, master.table_of(rows), empty)


_ALL = [dashed(320193_25_000000 + n) for n in range(12)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sets(st.sampled_from(_ALL)), st.sets(st.sampled_from(_ALL)), st.sets(st.sampled_from(_ALL)))
def test_the_account_sums_up_whatever_happened(s3: Store, listed: set[str], done: set[str], gone: set[str]) -> None:
    s3.delete([key for key, _ in s3.list("")])
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", 0, Part(done=done, unavailable=dict.fromkeys(gone, "not on EDGAR: HTTP 404 for x")))
    sgml, tar = accounting.accounts(s3, table(*sorted(listed)), (keys.SGML, keys.TAR))
    counts = sgml.counts()
    assert counts["accessions"] == len(listed) == counts["have"] + counts["missing"] + counts["unavailable"]
    assert counts["have"] == len(listed & done)
    assert counts["unavailable"] == len((listed & gone) - done)
    assert counts["unlisted"] == len(done - listed)
    assert sum(counts["reasons"].values()) == counts["unavailable"]
    assert tar.counts()["unavailable"] == counts["unavailable"]  # what cannot be fetched cannot be packed


def test_missing_lists_name_a_cik_to_fetch_by(s3: Store) -> None:
    index = table(A, B)
    account = accounting.accounts(s3, index, (keys.SGML,))[0]
    assert accounting.write_missing(s3, account, accounting.first_ciks(index))
    assert accounting.read_missing(s3, keys.SGML) == {A: 7, B: 7}
    assert not accounting.write_missing(s3, account, accounting.first_ciks(index))
