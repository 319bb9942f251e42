from __future__ import annotations

import binascii

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
