"""What is damaged is found, wherever: property tests over real frames."""

from __future__ import annotations

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.archive.compression import CorruptObject, compress, compressed, content_size, decompress, expand
from filings.archive.large_objects import Whole

contents = st.one_of(
    st.binary(max_size=3000),
    st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 20_000)).map(lambda t: t[0] * t[1]),
)


class Pieces:
    """A source that gives so many bytes at a time."""

    def __init__(self, data: bytes, step: int) -> None:
        self._pieces = [data[start : start + step] for start in range(0, len(data), step)]

    def read(self, size: int = -1, /) -> bytes:
        return self._pieces.pop(0) if self._pieces else b""


@given(contents, st.integers(1, 5000))
def test_what_is_packed_in_pieces_and_read_in_pieces_is_the_same(content: bytes, step: int) -> None:
    packed = b"".join(compressed(content))
    assert content_size(packed, len(packed)) == len(content)
    assert expand(Pieces(packed, step), len(content), "k") == content
    assert decompress(packed, "k") == content


@given(contents, contents, st.integers(1, 5000))
def test_frames_one_after_the_other_are_one_content(first: bytes, second: bytes, step: int) -> None:
    packed = compress(first) + compress(second)
    for size in (len(first), None):
        assert expand(Pieces(packed, step), size, "k") == first + second


@settings(max_examples=300)
@given(contents, st.data())
def test_a_flipped_bit_changes_nothing_or_is_found(content: bytes, data: st.DataObject) -> None:
    packed = bytearray(compress(content))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    for read in (
        lambda: expand(Whole(bytes(packed)), content_size(packed, len(packed)), "s3://b/k"),
        lambda: decompress(bytes(packed), "s3://b/k"),
    ):
        try:
            assert read() == content
        except CorruptObject as error:
            assert "s3://b/k is corrupt" in str(error)


@given(contents, st.data())
def test_a_cut_object_is_never_taken_for_whole(content: bytes, data: st.DataObject) -> None:
    packed = compress(content)
    cut = packed[: data.draw(st.integers(1, len(packed) - 1))]
    with pytest.raises(CorruptObject, match="s3://b/k is corrupt"):
        expand(Whole(cut), content_size(cut, len(cut)), "s3://b/k")


def test_bytes_behind_the_last_frame_are_an_error() -> None:
    with pytest.raises(CorruptObject):
        expand(Whole(compress(b"content") + b"more"), 7, "k")


def test_a_header_that_promises_more_than_its_bytes_can_hold_is_not_believed() -> None:
    packed = zstandard.ZstdCompressor().compressobj(size=1 << 40).compress(b"")  # nothing but a header
    packed = packed or zstandard.ZstdCompressor().compressobj(size=1 << 40).flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    assert content_size(packed, len(packed)) is None
