from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession, dashed, to_int

NUMBERS = st.lists(st.integers(0, 10**18 - 1), max_size=50)
ROW = accession_rows.ACCESSION


@given(NUMBERS, st.integers(ROW, ROW + 12), st.integers(0, 9))
def test_rows_say_what_single_numbers_say(numbers: list[int], width: int, start: int) -> None:
    text = b"x" * start + b"".join(dashed(n).encode().ljust(width, b"?") for n in numbers)
    found = accession_rows.parse(text, width, len(numbers), start)
    assert found is not None
    assert found.tolist() == numbers
    assert accession_rows.strings(np.array(numbers, np.uint64)) == [dashed(n) for n in numbers]
    assert accession_rows.of_strings(map(dashed, numbers)).tolist() == numbers


@settings(max_examples=500)
@given(st.integers(0, 10**18 - 1), st.integers(0, ROW - 1), st.sampled_from(b"/:-,.9 \n") | st.integers(0, 255))
def test_one_wrong_character_is_seen_wherever_it_is(number: int, place: int, character: int) -> None:
    text = bytearray(dashed(number).encode() * 3)
    text[ROW + place] = character
    row = bytes(text[ROW : 2 * ROW]).decode("latin-1")
    found = accession_rows.parse(bytes(text), ROW, 3)
    if row.isascii() and len(row.split("-")) == 3 and [len(p) for p in row.split("-") if p.isdigit()] == [10, 2, 6]:
        assert found is not None
        assert found.tolist() == [number, to_int(row), number]
    else:
        assert found is None


@pytest.mark.parametrize("place", range(ROW))
@pytest.mark.parametrize("character", b"/:-09\n\xb0")
def test_the_neighbours_of_digits_and_dashes_are_none(place: int, character: int) -> None:
    text = bytearray(b"0000320193-25-000073")
    text[place] = character
    right = character == ord("-") if place in (10, 13) else chr(character) in "09"
    assert (accession_rows.parse(bytes(text), ROW, 1) is not None) == right


@given(st.lists(st.tuples(st.integers(0, 10**18 - 1), st.text("x\t ", max_size=9)), max_size=20))
def test_lines_of_any_length_begin_with_their_accession(lines: list[tuple[int, str]]) -> None:
    text = "".join(f"{dashed(number)}{tail}\n" for number, tail in lines).encode()
    found = accession_rows.of_lines(text)
    assert found is not None
    assert found.tolist() == [number for number, _ in lines]
    assert accession_rows.of_lines(text + b"0000320193-25-00001\n") is None


def test_a_number_of_more_than_eighteen_digits_is_refused() -> None:
    with pytest.raises(InvalidAccession, match=str(10**18)):
        accession_rows.write(np.array([7, 10**18], np.uint64), np.zeros((2, ROW), np.uint8))
    with pytest.raises(InvalidAccession, match="0000320193-25-1"):
        accession_rows.of_strings(["0000320193-25-000001", "0000320193-25-1"])
