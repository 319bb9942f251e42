from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.archive import accession_list
from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.sorted_numbers import places, unique, without
from filings.edgar.accession import dashed, to_int
from small_pieces import pieces_of

NUMBERS = st.lists(st.integers(0, 10**18 - 1), max_size=60)
FORMS = (
    lambda n: f"{dashed(n)}\n",
    lambda n: f"{dashed(n)}\r\n",
    lambda n: f"{dashed(n)}\n\n",
    lambda n: f"  {dashed(n)}\n",
    lambda n: f"{n:018d}\n",
    lambda n: f"{dashed(n)} ",
)


@pytest.fixture(autouse=True, params=[7, 100, 1 << 20], ids=["tiny pieces", "small pieces", "usual pieces"])
def pieces(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists come in pieces that end anywhere."""
    monkeypatch.setattr(accession_list, "pieces", pieces_of(request.param))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**18 - 1), st.sampled_from(FORMS)), max_size=60), st.integers(1, 5))
def test_a_list_is_read_whatever_the_form_of_its_lines(lines: list, frames: int) -> None:
    texts = [form(number).encode() for number, form in lines]
    data = b"".join(compress(b"".join(texts[n * 12 : n * 12 + 12])) for n in range(frames))
    expected = [number for number, _ in lines[: frames * 12]]
    if texts[: frames * 12]:
        data += compress(b"\n")
    assert accession_list.read(data, "s3://b/k").tolist() == sorted(set(expected))


@settings(max_examples=30, deadline=None)
@given(st.sets(st.integers(0, 10**18 - 1), max_size=60))
def test_what_is_written_is_one_dashed_accession_a_line(numbers: set[int]) -> None:
    frame = accession_list.frame(np.array(sorted(numbers), np.uint64))
    assert decompress(frame, "x").decode() == "".join(f"{dashed(n)}\n" for n in sorted(numbers))


def test_a_line_that_is_no_accession_is_named_with_what_to_do() -> None:
    lines = [f"{dashed(n)}\n".encode() for n in range(5000)]
    lines[4321] = b"0000320193-25-00O001\n"
    with pytest.raises(CorruptObject, match=r"s3://b/k.*line 4322 is b'0000320193-25-00O001'.*end_of_week_pipeline"):
        accession_list.read(compress(b"".join(lines)), "s3://b/k")
    with pytest.raises(CorruptObject, match="line 1 is"):
        accession_list.read(compress(b"".join(line[:-1] + b"7" for line in lines)), "s3://b/k")
    with pytest.raises(CorruptObject, match="line 5001"):
        accession_list.read(compress(b"".join(lines[:4000] + lines[:1000])) + compress(b"\0" * 9000), "s3://b/k")


@pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: b"x" + d, lambda d: d[:60] + b"\xff\xff" + d[62:]])
def test_a_damaged_frame_is_an_error_that_names_the_object(damage: object) -> None:
    data = damage(accession_list.frame(np.arange(1000, dtype=np.uint64)))  # type: ignore[operator]
    with pytest.raises(CorruptObject, match="s3://b/k is corrupt"):
        accession_list.read(data, "s3://b/k")


@given(NUMBERS, NUMBERS, NUMBERS)
def test_sorted_arrays_are_sets(a: list[int], b: list[int], c: list[int]) -> None:
    first, second = (unique([np.array(one, np.uint64)]) for one in (a, b))
    assert first.tolist() == sorted(set(a))
    assert unique([first, second]).tolist() == sorted({*a, *b})
    assert without(first, second).tolist() == sorted({*a} - {*b})
    wanted = np.array([*c, *a[:3]], np.uint64)
    at, there = places(first, wanted)
    assert there.tolist() == [n in a for n in wanted.tolist()]
    assert first[at[there]].tolist() == wanted[there].tolist()


def test_a_dashless_list_is_read_too() -> None:
    assert accession_list.read(compress(b"000032019325000073\n"), "x").tolist() == [to_int("0000320193-25-000073")]
