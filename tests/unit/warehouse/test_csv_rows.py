"""Rows of CSV that may have lines within quotes: where they end, how many they are, whose they are."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from warehouse_samples import accession

from filings.archive.compression import CorruptObject, compress
from filings.edgar.accession import to_int
from filings.tables import Column, Table
from filings.warehouse import csv_frames, csv_rows

PLAIN = Table("t", (Column("accession", "accession"), Column("name", "text", 99)), ("accession",))
LINES = Table("t", (Column("accession", "accession"), Column("body", "longtext")), ("accession",))
# What makes CSV hard, often: quotes, commas, line ends and what looks like the beginning of a row.
BODIES = st.text(st.sampled_from(['"', ",", "\n", "a", " ", "ü", "🙂", "\\"]), max_size=12) | st.builds(
    lambda n, text: f'{text}\n{accession(n)},"{text}"\n', st.integers(1, 9), st.text('"\n,a', max_size=4)
)
ROWS = st.lists(st.tuples(st.integers(1, 9), BODIES), max_size=25)


def text_of(rows: list[tuple[int, str]]) -> bytes:
    return "".join(csv_frames.line([accession(number), body]) for number, body in rows).encode()


@given(ROWS, st.integers(1, 120), st.integers(1, 40))
def test_pieces_end_with_whole_rows_and_are_all_there_is(rows: list[tuple[int, str]], size: int, chunk: int) -> None:
    text = text_of(rows)
    data = b"".join(compress(text[i : i + chunk]) for i in range(0, len(text), chunk))  # a frame may end anywhere
    pieces = list(csv_frames.whole_rows([data], LINES, "u", size))
    assert b"".join(pieces) == text
    read = [row for piece in pieces for row in csv.reader(io.StringIO(piece.decode(), newline=""))]
    assert read == [[accession(number), body] for number, body in rows]
    assert sum(csv_rows.count(piece, LINES) for piece in pieces) == len(rows)


@given(ROWS, st.integers(1, 60))
def test_ends_are_the_same_in_whatever_slices_they_are_looked_for(rows: list[tuple[int, str]], size: int) -> None:
    text = text_of(rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_rows, "_SLICE", size)
        found = csv_rows.ends(text, LINES).tolist()
    assert found == [len(text_of(rows[:n])) for n in range(1, len(rows) + 1)]


@given(ROWS, st.sets(st.integers(1, 9)))
def test_rows_are_counted_numbered_found_and_taken_away_as_a_reader_of_csv_would(
    rows: list[tuple[int, str]], gone: set[int]
) -> None:
    text = text_of(rows)
    assert csv_rows.numbers(text, LINES, "u").tolist() == [to_int(accession(number)) for number, _ in rows]
    numbers = np.array(sorted(to_int(accession(n)) for n in gone), np.uint64)
    kept = [row for row in rows if row[0] not in gone]
    assert csv_rows.without(text, LINES, numbers, "u") == (text_of(kept), len(kept))
    for place, (number, body) in enumerate(rows, 1):
        assert csv_rows.row(text, place, LINES) == [accession(number), body]
    assert csv_rows.row(text, len(rows) + 1, LINES) is None


@given(st.lists(st.tuples(st.integers(1, 9), st.text('a",', max_size=5)), max_size=25), st.sets(st.integers(1, 9)))
def test_a_table_of_single_lines_gives_the_same_by_its_shorter_way(rows: list[tuple[int, str]], gone: set[int]) -> None:
    text = text_of(rows)
    numbers = np.array(sorted(to_int(accession(n)) for n in gone), np.uint64)
    assert csv_rows.count(text, PLAIN) == csv_rows.count(text, LINES) == len(rows)
    assert csv_rows.without(text, PLAIN, numbers, "u") == csv_rows.without(text, LINES, numbers, "u")
    assert list(csv_frames.whole_rows([compress(text)], PLAIN, "u", 9)) == list(
        csv_frames.whole_rows([compress(text)], LINES, "u", 9)
    )


def test_a_text_longer_than_the_csv_module_takes_by_itself_is_read() -> None:
    long = "line\n" * 100_000
    assert list(csv_rows.records(text_of([(1, long)]))) == [[accession(1), long]]


@pytest.mark.parametrize("text", ['a,"b\n', 'a,"b""\n', "a,b\nc", 'a,"b\nc"\nd,"'])
def test_a_last_row_that_is_cut_off_is_corrupt(text: str) -> None:
    with pytest.raises(CorruptObject, match=r"s3://bucket/key.*last row is cut off"):
        list(csv_frames.whole_rows([compress(text.encode())], LINES, "s3://bucket/key"))


def test_a_row_that_begins_with_no_accession_number_is_named() -> None:
    text = text_of([(1, "fine\nwith lines")]) + b'0000000001x25-000002,"x\ny"\n'
    with pytest.raises(CorruptObject, match=r"begins with no accession number.*0000000001x25"):
        csv_rows.numbers(text, LINES, "u")
