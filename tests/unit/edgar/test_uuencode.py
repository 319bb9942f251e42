from __future__ import annotations

import binascii
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import uuencode


def encode(data: bytes, newline: bytes = b"\n", width: int = 45, stripped: bool = False) -> bytes:
    lines = [binascii.b2a_uu(data[i : i + width]).rstrip(b"\n") for i in range(0, len(data), width)]
    if stripped:
        lines = [line.rstrip(b" ") for line in lines]
    return newline.join([b"begin 644 a.bin", *lines, b"`", b"end", b""])


@given(st.binary(max_size=2000), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.integers(1, 45), st.booleans())
def test_what_was_encoded_comes_back(data: bytes, newline: bytes, width: int, stripped: bool) -> None:
    assert uuencode.decode(encode(data, newline, width, stripped)) == data


@given(
    st.lists(
        st.sampled_from([b"\0" * 45, b"\0" * 44 + b"x", b"end of a line of some forty-five letters here"]), max_size=30
    )
)
def test_lines_that_lost_their_blanks_are_told_from_runs(lines: list[bytes]) -> None:
    data = b"".join(line.ljust(45, b".") for line in lines)
    assert uuencode.decode(encode(data, stripped=True)) == data


def test_a_part_that_breaks_off_gives_what_is_there() -> None:
    data = bytes(range(256)) * 4
    whole = encode(data)
    half = uuencode.decode(whole[: len(whole) // 2])
    assert len(half) > 400
    assert data.startswith(half[:-45])


def test_an_empty_line_before_the_end_is_no_data() -> None:
    assert uuencode.decode(b"begin 644 a\n#86)C\n\n\nend\n") == b"abc"


@given(st.binary(max_size=300))
def test_nonsense_after_the_begin_line_never_raises(nonsense: bytes) -> None:
    assert len(uuencode.decode(b"begin 644 a\n" + nonsense)) <= 64 * (len(nonsense) + 1)


@given(st.binary(min_size=3000, max_size=9000), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.integers(60, 5000))
def test_a_part_read_in_windows_of_any_size_is_the_same(data: bytes, newline: bytes, window: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(uuencode, "WINDOW", window)
        for stripped in (False, True):
            assert b"".join(uuencode.pieces(encode(data, newline, stripped=stripped))) == data


def test_a_line_that_does_not_end_is_read_as_far_as_its_count_and_no_further() -> None:
    endless = b"M" + b"#86)C" * (uuencode.WINDOW // 2)
    content = encode(b"abc" * 30).replace(b"`\nend\n", endless)
    tracemalloc.start()
    decoded = uuencode.decode(content)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (len(decoded), decoded[:90]) == (135, b"abc" * 30)
    assert peak < 5 * uuencode.WINDOW
