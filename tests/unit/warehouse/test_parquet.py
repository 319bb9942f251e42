"""Parquet files hold what the complete CSV holds, with true types, whatever became of the files meanwhile."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from filings.archive.compression import CorruptObject
from filings.archive.storage import Conflict, Store
from filings.tables import Column, Table
from filings.warehouse import csv_frames, parquet, parquet_files, parquet_parts
from filings.warehouse.bulk import Bulk
from filings.warehouse.parquet_files import TableFiles
from filings.warehouse.parquet_list import part_name

TABLE = Table(
    "small_holding",
    (
        Column("accession", "accession", nullable=False),
        Column("number", "integer", nullable=False),
        Column("value", "decimal", 38, scale=6, unit="USD", note="Market value."),
        Column("price", "decimal", 12, scale=2),
        Column("change", "integer", least=Decimal(-(10**9))),
        Column("day", "date"),
        Column("moment", "timestamp"),
        Column("voted", "boolean"),
        Column("class", "code", 4),
        Column("issuer", "text", 60),
        Column("remarks", "longtext"),
    ),
    ("accession", "number"),
    file="holding",
)
WIDER = Table(TABLE.name, (*TABLE.columns, Column("added", "text", 9)), TABLE.key, file=TABLE.file)
COMPLETE, DELTA, FOLDER = "t/complete_holding.csv.zst", "t/delta_holding.csv.zst", "t/parquet/holding/"
Row = list[str]


def rows(*accessions: int, issuer: str = "ACME") -> list[Row]:
    """Two rows of each filing."""
    return [
        TABLE.row({"accession": f"0000000001-25-{a:06}", "number": n, "value": f"{a}.25", "issuer": issuer})
        for a in accessions
        for n in (1, 2)
    ]


def frame(rows: Sequence[Row]) -> bytes:
    """Rows as a frame."""
    made = csv_frames.RowFrame()
    made.add(rows)
    return made.close()


class Csv:
    """The two CSV objects of the table, as appends leave them."""

    def __init__(self, store: Store, bulk: Bulk) -> None:
        self.store, self.bulk = store, bulk
        self.rows: list[Row] = []
        self.sequence = self.generation = 0
        self.replaced: list[str] | None = None
        self.table = TABLE

    def append(self, new: Sequence[Row], delta: bool = True) -> None:
        """Append as one plan does."""
        self.sequence += 1
        self.rows += new
        if delta:
            self._delta(new, replace=False)
        head = self.store.head(COMPLETE)
        if head is None:
            self.generation = self.sequence
            self.rewrite()
        else:
            self.bulk.append(COMPLETE, head, frame(new), self._told())

    def replace(self, accessions: Sequence[str], new: Sequence[Row]) -> None:
        """Replace the rows of filings as a correction does."""
        self.sequence += 1
        self.generation = self.sequence
        self.replaced = list(accessions)
        self.rows = [row for row in self.rows if row[0] not in accessions] + list(new)
        self._delta(new, replace=True)
        self.rewrite()

    def rewrite(self) -> None:
        """Write the complete object anew."""
        head = self.store.head(COMPLETE)
        pieces = [csv_frames.header_frame(self.table), frame(self.rows)]
        self.bulk.write(COMPLETE, pieces, self._told(), head.etag if head else None)

    def _told(self) -> dict[str, str]:
        return {"sequence": str(self.sequence), "generation": str(self.generation), "rows": str(len(self.rows))}

    def _delta(self, new: Sequence[Row], replace: bool) -> None:
        head = self.store.head(DELTA)
        told = {"sequence": str(self.sequence), "base": str(self.sequence - 1), "replace": str(replace).lower()}
        pieces = [csv_frames.header_frame(self.table), frame(new)]
        self.bulk.write(DELTA, pieces, told, head.etag if head else None)

    def files(self, table: Table = TABLE) -> TableFiles:
        """The Parquet files as a fresh container would come upon them."""
        return TableFiles(
            self.store,
            self.bulk,
            table,
            complete=COMPLETE,
            delta=DELTA,
            folder=FOLDER,
            replaced=lambda sequence: self.replaced if sequence == self.sequence else None,
        )


@pytest.fixture
def csv(s3: Store, bulk: Bulk) -> Csv:
    """An empty table."""
    return Csv(s3, bulk)


def names_listed(store: Store) -> list[str]:
    """The files of the list."""
    return [one["name"] for one in orjson.loads(store.get(FOLDER + "_files.json"))["files"]]


def lying(store: Store) -> list[str]:
    """All that lies in the folder, but for the list."""
    names = [key.removeprefix(FOLDER) for key, _ in store.list(FOLDER)]
    return sorted(name for name in names if name != "_files.json")


def held(store: Store, names: Sequence[str] | None = None) -> list[tuple[Any, ...]]:
    """Accession, number and issuer of the rows of files, by default of those of the list."""
    found = [
        pq.read_table(io.BytesIO(store.get(FOLDER + name)))
        for name in (names_listed(store) if names is None else names)
    ]
    table = pa.concat_tables(found).select(["accession", "number", "issuer"])
    return sorted(tuple(row.values()) for row in table.to_pylist())


def expected(rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The same of rows of text."""
    place = TABLE.names.index("issuer")
    return sorted((row[0], int(row[1]), row[place] or None) for row in rows)


def agrees(csv: Csv) -> bool:
    """Whether list, folder and CSV hold the same."""
    return lying(csv.store) == sorted(names_listed(csv.store)) and held(csv.store) == expected(csv.rows)


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=30)
_ROWS = st.lists(
    st.fixed_dictionaries(
        {},
        optional={
            "value": st.decimals(-(10**31), 10**31, places=6),
            "price": st.decimals(-(10**9), 10**9, places=2),
            "change": st.integers(-(10**9), 2**63 - 1),
            "day": st.dates(date(1000, 1, 1), date(2999, 12, 31)),
            "moment": st.datetimes(datetime(1000, 1, 1), datetime(2999, 12, 31)).map(
                lambda m: m.replace(microsecond=0)
            ),
            "voted": st.booleans(),
            "class": st.sampled_from(["", "NULL", "A,B", 'q"', "SOLE"]),
            "issuer": _TEXT | st.just("NULL"),
            "remarks": st.lists(_TEXT, max_size=4).map("\n".join) | st.sampled_from(["\n", '"\n"', " a\r\nb "]),
        },
    ),
    max_size=8,
)


@given(_ROWS)
@hypothesis_settings(max_examples=60)
def test_a_row_is_the_same_in_parquet_to_the_last_digit(made: list[dict[str, Any]]) -> None:
    given_ = [{**row, "accession": "0000000001-25-000001", "number": n} for n, row in enumerate(made)]
    texts = [TABLE.row(row) for row in given_]
    lines = "".join(map(csv_frames.line, texts)).encode()
    file = b"".join(parquet.encoded(TABLE, [parquet.rows_of(TABLE, lines, "here")] if texts else []))
    read = pq.read_table(io.BytesIO(file))
    assert read.schema.equals(parquet.schema(TABLE))
    typed = {"value": Decimal, "price": Decimal, "change": int, "number": int}
    for row, text in zip(read.to_pylist(), texts, strict=True):
        for name, field in zip(TABLE.names, text, strict=True):
            value = row[name]
            if not field:
                assert value is None
            elif name in typed:
                assert isinstance(value, typed[name]) and value == Decimal(field)
            elif name == "voted":
                assert value is (field == "true")
            else:
                assert str(value) == field


def test_the_types_are_true_and_descriptions_go_with_them() -> None:
    types = {field.name: str(field.type) for field in parquet.schema(TABLE)}
    assert types == {
        "accession": "string",
        "number": "int64",
        "value": "decimal128(38, 6)",
        "price": "decimal128(12, 2)",
        "change": "int64",
        "day": "date32[day]",
        "moment": "timestamp[us]",
        "voted": "bool",
        "class": "string",
        "issuer": "string",
        "remarks": "large_string",
    }
    assert parquet.schema(TABLE).field("value").metadata == {b"description": b"Market value.", b"unit": b"USD"}


def test_a_value_that_is_none_of_its_type_names_the_object() -> None:
    line = csv_frames.line(["0000000001-25-000001", "1", "much", *[""] * 8]).encode()
    with pytest.raises(CorruptObject, match=r"s3://b/k.*small_holding"):
        parquet.rows_of(TABLE, line, "s3://b/k")


def test_a_day_is_one_more_file_and_the_next_run_changes_nothing(csv: Csv) -> None:
    csv.append(rows(1, 2))
    assert csv.files().run().way == "complete"
    before = names_listed(csv.store)
    csv.append(rows(3))
    assert csv.files().run() == parquet_files.Made("delta", 6)
    assert names_listed(csv.store)[:-1] == before and agrees(csv)
    etag = csv.store.head(FOLDER + "_files.json")
    assert csv.files().run().way == "up to date"
    assert csv.store.head(FOLDER + "_files.json") == etag and agrees(csv)


def test_days_that_were_missed_are_read_from_the_end_of_the_complete_table(csv: Csv) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.append(rows(2))
    csv.append(rows(3))
    assert csv.files().run().way == "tail" and agrees(csv)


def test_a_correction_replaces_its_own_rows_and_leaves_the_files_of_others(csv: Csv) -> None:
    for number in (1, 2, 3):
        csv.append(rows(number))
        csv.files().run()
    first, second, third = names_listed(csv.store)
    csv.replace(["0000000001-25-000002"], rows(2, issuer="ACME, corrected"))
    assert csv.files().run().way == "delta"
    assert names_listed(csv.store)[:2] == [first, third] and second not in lying(csv.store)
    assert agrees(csv)


def test_a_corrected_filing_that_has_no_rows_any_more_has_none(csv: Csv) -> None:
    csv.append(rows(1, 2))
    csv.files().run()
    csv.replace(["0000000001-25-000002"], [])
    assert csv.files().run() == parquet_files.Made("delta", 2)
    assert agrees(csv)
    csv.replace(["0000000001-25-000001"], [])
    csv.files().run()
    assert agrees(csv) and len(names_listed(csv.store)) == 1  # a file without rows is still a table to its readers


def test_a_correction_whose_filings_nobody_knows_is_read_from_the_complete_table(csv: Csv) -> None:
    csv.append(rows(1, 2))
    csv.files().run()
    csv.replace(["0000000001-25-000002"], rows(2, issuer="B"))
    csv.replaced = None
    assert csv.files().run().way == "complete" and agrees(csv)


def test_a_column_more_makes_the_files_anew(csv: Csv) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.table = WIDER
    csv.rows = [[*row, ""] for row in csv.rows]
    csv.rewrite()
    assert csv.files(WIDER).run().way == "complete"
    (name,) = names_listed(csv.store)
    assert pq.read_schema(io.BytesIO(csv.store.get(FOLDER + name))).names == list(WIDER.names)
    assert lying(csv.store) == [name]


@pytest.mark.parametrize("what", ["a file", "the list", "an unreadable list", "a list with other rows"])
def test_what_got_lost_is_made_again(csv: Csv, what: str) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.append(rows(2))
    csv.files().run()
    key = FOLDER + "_files.json"
    if what == "a file":
        csv.store.delete([FOLDER + names_listed(csv.store)[0]])
    elif what == "the list":
        csv.store.delete([key])
    elif what == "an unreadable list":
        csv.store.put(key, b"{")
    else:
        csv.store.put(key, csv.store.get(key).replace(b'"rows": 2', b'"rows": 1'))
    assert csv.files().run().way == "complete" and agrees(csv)


def test_a_complete_table_that_is_gone_is_an_error_that_says_what_to_do(csv: Csv) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.store.delete([COMPLETE])
    with pytest.raises(CorruptObject, match="2 rows; run the task"):
        csv.files().run()
    assert held(csv.store) == expected(csv.rows)


@pytest.mark.parametrize("step", ["place", "replace", "sweep"])
@pytest.mark.parametrize("work", ["append", "correct", "compact"])
def test_a_container_that_is_killed_leaves_a_list_that_holds(
    csv: Csv, monkeypatch: pytest.MonkeyPatch, step: str, work: str
) -> None:
    """Whatever had been done: the list names files with whole rows, and the next run leaves neither more nor less."""
    monkeypatch.setattr(parquet_files, "MOST", 1)
    csv.append(rows(1))
    csv.files().run()
    csv.append(rows(2))
    csv.files().run()
    before = expected(csv.rows)
    if work == "append":
        csv.append(rows(3))
    elif work == "correct":
        csv.replace(["0000000001-25-000001"], rows(1, issuer="B"))

    class Killed(BaseException):
        pass

    def killed(*arguments: object) -> None:
        raise Killed

    owner: Any = parquet_parts.Parts if step == "place" else parquet_files.Folder
    run: Callable[[], object] = csv.files().compact if work == "compact" else csv.files().run
    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr(owner, step, killed)
        run()
    assert held(csv.store) in (before, expected(csv.rows))
    if work == "append" and step == "replace":  # who reads *.parquet has no row twice even now
        assert held(csv.store, [name for name in lying(csv.store) if "/" not in name]) == expected(csv.rows)
    csv.files().run()
    csv.files().compact()
    csv.files().run()
    assert agrees(csv)


def test_of_two_containers_at_the_same_work_each_leaves_the_same_files(csv: Csv) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.append(rows(2))
    first, second = csv.files(), csv.files()
    publish = first._publish
    first._publish = lambda *given: (second.run(), publish(*given))[1]  # type: ignore[method-assign, func-returns-value]
    first.run()
    assert agrees(csv)


@pytest.mark.parametrize("step", ["place", "replace"])
def test_a_container_that_was_overtaken_does_not_take_newer_rows_back(csv: Csv, step: str) -> None:
    csv.append(rows(1))
    csv.files().run()
    csv.append(rows(2))
    slow = csv.files()
    owner: Any = slow._parts if step == "place" else slow._folder
    done = getattr(owner, step)

    def late(*given: Any) -> None:
        setattr(owner, step, done)
        csv.append(rows(3))
        csv.files().run()
        done(*given)

    setattr(owner, step, late)
    assert slow.run().way == "up to date"
    assert agrees(csv)


def test_files_of_a_container_that_is_ahead_are_not_swept(csv: Csv) -> None:
    csv.append(rows(1))
    csv.files().run()
    ahead = FOLDER + part_name(2, "rows", parquet.digest(TABLE), 0)
    behind = FOLDER + part_name(1, "rows", parquet.digest(TABLE), 7)
    for key in (ahead, behind):
        csv.store.put(key, b"PAR1")
    csv.files().run()
    assert csv.store.head(ahead) is not None and csv.store.head(behind) is None


def test_small_files_are_joined_and_rows_stay(csv: Csv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_files, "MOST", 3)
    for number in range(5):
        csv.append(rows(number))
        csv.files().run()
    assert len(csv.files().many_small()) == 5
    assert csv.files().compact() == 5
    assert len(names_listed(csv.store)) == 1 and agrees(csv)
    assert csv.files().compact() == 0
    csv.append(rows(9))
    assert csv.files().run().way == "delta" and agrees(csv)


def test_a_large_table_is_several_files_of_bounded_row_groups(csv: Csv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet, "GROUP", 4_000)
    monkeypatch.setattr(parquet_parts, "FILE", 9_000)
    for start in range(0, 400, 50):
        csv.append(rows(*range(start, start + 50)))
    csv.files().run()
    assert len(names_listed(csv.store)) > 2 and agrees(csv)
    file = pq.ParquetFile(io.BytesIO(csv.store.get(FOLDER + names_listed(csv.store)[0])))
    assert file.num_row_groups > 1
    csv.replace(["0000000001-25-000060"], rows(60, issuer="B"))
    before = names_listed(csv.store)
    assert csv.files().run().way == "delta" and agrees(csv)
    assert len(set(before) - set(names_listed(csv.store))) == 1


def test_a_list_that_changes_all_the_time_is_a_conflict(csv: Csv, monkeypatch: pytest.MonkeyPatch) -> None:
    csv.append(rows(1))
    monkeypatch.setattr(
        parquet_files.Folder, "replace", lambda self, files: (_ for _ in ()).throw(Conflict("s3://b/list"))
    )
    with pytest.raises(Conflict, match="s3://b/list"):
        csv.files().run()
