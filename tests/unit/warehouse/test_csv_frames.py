"""CSV in zstd frames: what is written is what readers read."""

from __future__ import annotations

import csv
import io

import pandas as pd
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from filings.archive.compression import CorruptObject, compress
from filings.tables import Column, Table
from filings.warehouse import csv_frames
from filings.warehouse.lookup_tables import DOCUMENTS

TABLE = Table("t", (Column("accession", "text", 20), Column("name", "text", 99)), ("accession",))
FIELDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.lists(st.tuples(FIELDS, FIELDS)))
def test_rows_survive_the_way_through_csv_and_frames(rows: list[tuple[str, str]]) -> None:
    frame = csv_frames.RowFrame()
    frame.add(rows)
    data = csv_frames.header_frame(TABLE) + frame.close()
    content = b"".join(csv_frames.blocks([data[i : i + 7] for i in range(0, len(data), 7)], "u"))
    read = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert read == [["accession", "name"], *(list(row) for row in rows)]
    assert frame.rows == len(rows)


@given(st.lists(st.tuples(FIELDS, FIELDS), min_size=1, max_size=30), st.integers(1, 200))
def test_pieces_end_with_whole_lines_and_are_all_there_is(rows: list[tuple[str, str]], size: int) -> None:
    text = "".join(map(csv_frames.line, rows)).encode()
    pieces = list(csv_frames.whole_rows([compress(text)], TABLE, "u", size))
    assert b"".join(pieces) == text
    assert all(piece.endswith(b"\n") for piece in pieces)


def test_pandas_reads_across_appended_frames() -> None:
    data = csv_frames.header_frame(TABLE)
    for number in range(3):
        frame = csv_frames.RowFrame()
        frame.add([[f"a{number}", 'with "quotes", and commas']])
        data += frame.close()
    read = pd.read_csv(io.BytesIO(data), compression="zstd")
    assert list(read["accession"]) == ["a0", "a1", "a2"]
    assert set(read["name"]) == {'with "quotes", and commas'}


def test_the_word_null_is_quoted_because_mysql_would_take_it_for_a_null() -> None:
    assert csv_frames.line(["NULL", "", "NULLIFY"]) == '"NULL",,NULLIFY\n'


def test_a_frame_without_rows_is_nothing() -> None:
    assert csv_frames.RowFrame().close() == b""


@pytest.mark.parametrize("cut", [1, 5, 20])
def test_a_frame_that_is_cut_off_is_corrupt_and_named(cut: int) -> None:
    data = compress(b"a,b\n" * 1000)
    with pytest.raises(CorruptObject, match="s3://bucket/key"):
        list(csv_frames.blocks([data[:-cut]], "s3://bucket/key"))


def test_a_last_line_without_end_is_corrupt() -> None:
    with pytest.raises(CorruptObject, match="cut off"):
        list(csv_frames.whole_rows([zstandard.compress(b"a,b\nc")], TABLE, "u"))


def test_other_columns_than_the_tables_are_refused() -> None:
    with pytest.raises(CorruptObject, match="run the task that fills the table"):
        list(csv_frames.without_header([b"accession,other\nx,y\n"], DOCUMENTS, "u"))
