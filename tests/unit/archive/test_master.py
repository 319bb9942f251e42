from __future__ import annotations

import io
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyarrow import csv

from filings.archive import keys, master, master_csv, master_update
from filings.archive.compression import CorruptObject
from filings.archive.master_update import NewRows
from filings.archive.storage import Store
from filings.edgar.accession import dashed, to_int
from filings.edgar.index import IndexRow
from small_pieces import pieces_of

A, B, C = (dashed(n) for n in (199000001, 320193_25_000001, 320193_25_000002))


def row(accession: str = B, cik: int = 7, form: str = "8-K", name: str = 'X, "Y" Inc') -> IndexRow:
    return IndexRow(accession, cik, name, form, "2025-01-02", f"edgar/data/{cik}/{accession}.txt")


def update(
    store: Store, quarterly: list[list[IndexRow]] | None = None, daily: list[IndexRow] | None = None
) -> master_update.Written:
    with NewRows() as new:
        for rows in quarterly or []:
            new.add(master_csv.table_of(rows), quarterly=True)
        if daily:
            new.add(master_csv.table_of(daily), quarterly=False)
        return master_update.update(store, new)


def index(store: Store) -> list[tuple[str, int, str]]:
    """What the text says: accession, CIK and form of each row."""
    table = csv.read_csv(
        io.BytesIO(store.get_zst(keys.MASTER)), convert_options=csv.ConvertOptions(column_types=master_csv.SCHEMA)
    )
    return [(one["accession"], one["cik"], one["form"]) for one in table.to_pylist()]


def numbers(store: Store) -> list[tuple[str, int, str]]:
    """The same from what planning reads."""
    tables = list(master.rows(store))
    together = pa.concat_tables(tables).to_pylist() if tables else []
    return [(dashed(one["accession"]), one["cik"], one["form"]) for one in together]


def test_the_quarterly_index_corrects_and_the_daily_one_only_adds(s3: Store) -> None:
    update(s3, [[row(form="8-K")]])
    assert update(s3, daily=[row(form="10-K")]) == master_update.Written(1, 0, False)
    assert index(s3) == [(B, 7, "8-K")]
    assert update(s3, [[row(form="8-K/A")]]) == master_update.Written(1, 0, True)
    assert update(s3, daily=[row(C, form="4")]) == master_update.Written(2, 1, True)
    assert index(s3) == numbers(s3) == [(B, 7, "8-K/A"), (C, 7, "4")]


def test_what_is_planned_with_is_what_the_index_says(s3: Store) -> None:
    assert list(master.rows(s3)) == []
    assert len(master.filings(s3)) == 0
    update(s3, [[row(cik=8, name=""), row(cik=7), row(A, 4_294_967_296)]])
    filings = master.filings(s3)
    assert filings.numbers.tolist() == [to_int(A), to_int(B)]
    assert filings.ciks.tolist() == [4_294_967_296, 7]
    assert filings.days.astype("datetime64[D]").astype(str).tolist() == ["2025-01-02"] * 2
    assert s3.get_zst(keys.ACCESSIONS).decode().split() == [A, B]
    assert [one.tolist() for one in filings.all_ciks()] == [[4_294_967_296, 7], [1, 1]]
    update(s3, [[row(C, cik) for cik in range(1, 400)]])
    several = [one.tolist() for one in master.filings(s3, others=True).all_ciks()]
    assert several == [[4_294_967_296, 7, 8, 1, 2, 3, 4], [1, 2, 4]], "a few are tried, not hundreds"


def test_nothing_new_writes_nothing(s3: Store) -> None:
    assert not update(s3).written
    assert s3.head(keys.MASTER) is None
    rows = [row(B), row(C)]
    update(s3, [rows])
    before = [s3.head(key) for key in (keys.MASTER, keys.ACCESSIONS, keys.MASTER_NUMBERS)]
    assert update(s3, [rows], rows) == update(s3) == master_update.Written(2, 0, False)
    assert [s3.head(key) for key in (keys.MASTER, keys.ACCESSIONS, keys.MASTER_NUMBERS)] == before


@pytest.mark.parametrize("key", [keys.ACCESSIONS, keys.MASTER_NUMBERS])
def test_what_a_crash_left_behind_the_index_is_not_trusted_and_made_good(s3: Store, key: str) -> None:
    update(s3, [[row(B)]])
    old = s3.get(key), s3.head(key)
    update(s3, [[row(C)]])
    assert old[1] is not None
    s3.put(key, old[0], metadata=old[1].metadata)  # as if it had not been written any more
    assert numbers(s3) == [(B, 7, "8-K"), (C, 7, "8-K")]
    assert not update(s3).written, "the index itself is whole"
    assert s3.get_zst(keys.ACCESSIONS).decode().split() == [B, C]
    assert numbers(s3) == [(B, 7, "8-K"), (C, 7, "8-K")]
    assert s3.head(keys.MASTER_NUMBERS).metadata == s3.head(keys.ACCESSIONS).metadata  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [b"no,index\n1,2\n", b"accession,cik,company_name,form,filing_date,filename\nx,7,N,4,2025-01-02,f\n", b"\xff"],
)
def test_a_broken_index_is_an_error_that_names_it(s3: Store, text: bytes) -> None:
    s3.put_zst(keys.MASTER, text)
    with pytest.raises(CorruptObject, match=keys.MASTER):
        update(s3, [[row()]])
    with pytest.raises(CorruptObject, match=keys.MASTER):
        master.filings(s3)


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Blocks of some rows, so that every border is met."""
    monkeypatch.setattr(master_csv, "_BLOCK", 300)
    monkeypatch.setattr(master_update, "_ROWS_A_BLOCK", 4)
    monkeypatch.setattr(master_csv, "pieces", pieces_of(70))
    yield


_KEY = st.tuples(st.sampled_from([dashed(320193_25_000000 + n) for n in range(9)]), st.integers(1, 4))
_ROWS = st.lists(st.tuples(_KEY, st.sampled_from(["4", "8-K", "10-K"])), max_size=30)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.lists(_ROWS, max_size=3), _ROWS), min_size=1, max_size=3))
def test_merging_block_by_block_is_merging_as_a_whole(
    s3: Store, small_blocks: None, updates: list[tuple[list[list], list]]
) -> None:
    s3.delete([key for key, _ in s3.list("")])
    expected: dict[tuple[str, int], str] = {}
    for quarterly, daily in updates:
        before = dict(expected)
        expected = dict(daily) | expected
        for rows in quarterly:
            expected |= dict(rows)
        made = [[row(*key, form=form) for key, form in rows] for rows in (*quarterly, daily)]
        written = update(s3, made[:-1], made[-1])
        assert written.written == (expected != before)
        assert (written.rows, written.new_rows) == (len(expected), len(expected) - len(before))
        if expected:
            assert index(s3) == numbers(s3) == [(*key, form) for key, form in sorted(expected.items())]
