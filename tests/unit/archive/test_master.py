from __future__ import annotations

from filings.archive import keys, master
from filings.archive.storage import Store
from filings.edgar.index import IndexRow


def row(accession: str = "0000320193-25-000001", cik: int = 7, form: str = "8-K", name: str = 'X, "Y" Inc') -> IndexRow:
    return IndexRow(accession, cik, name, form, "2025-01-02", f"edgar/data/{cik}/{accession}.txt")


EMPTY = master.SCHEMA.empty_table()


def forms(table: object) -> list[str]:
    return table["form"].to_pylist()  # type: ignore[index]


def test_the_quarterly_index_corrects_and_the_daily_one_only_adds() -> None:
    known = master.merge(EMPTY, master.table_of([row(form="8-K")]), EMPTY)
    assert forms(master.merge(known, EMPTY, master.table_of([row(form="10-K")]))) == ["8-K"]
    assert forms(master.merge(known, master.table_of([row(form="8-K/A")]), EMPTY)) == ["8-K/A"]
    added = master.merge(known, EMPTY, master.table_of([row("0000320193-25-000002", form="4")]))
    assert forms(added) == ["8-K", "4"]


def test_rows_are_never_dropped() -> None:
    known = master.merge(EMPTY, master.table_of([row(cik=7), row(cik=8)]), EMPTY)
    assert master.merge(known, EMPTY, EMPTY).num_rows == 2


def test_it_comes_back_from_the_bucket_as_it_was(s3: Store) -> None:
    table = master.merge(EMPTY, master.table_of([row(cik=8, name=""), row(cik=7), row("0000000001-99-000001")]), EMPTY)
    assert master.load(s3).num_rows == 0
    assert master.save(s3, table)
    assert master.load(s3).to_pylist() == table.to_pylist()
    assert s3.get_zst(keys.ACCESSIONS) == b"0000000001-99-000001\n0000320193-25-000001\n"
    assert not master.save(s3, table)
