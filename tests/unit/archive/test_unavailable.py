from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filings.archive import unavailable
from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.unavailable import Unavailable
from filings.edgar import accession_rows
from filings.edgar.accession import dashed
from small_pieces import pieces_of

KINDS = st.sampled_from(
    [("2025-01-02", "no XBRL in it"), ("2025-01-03", "no XBRL in it"), ("2025-01-02", "näh"), ("", "-")]
)
# Stretches of like entries, long and short, in any order.
ENTRIES = st.lists(st.tuples(st.integers(1, 60), KINDS), max_size=8)


def lines_of(entries: list[tuple[int, tuple[str, str]]], first: int = 320193_25_000000) -> list[tuple[str, str, str]]:
    found = []
    for count, (since, reason) in entries:
        found += [(dashed(first + len(found) + n), since, reason) for n in range(count)]
    return found


@settings(max_examples=60, deadline=None)
@given(ENTRIES, st.sampled_from(["\n", "\r\n"]), st.sampled_from([9, 200, 1 << 20]))
def test_a_list_says_what_its_lines_say(entries: list, ending: str, size: int) -> None:
    lines = lines_of(entries)
    data = compress("".join("\t".join(line) + ending for line in lines).encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unavailable, "pieces", pieces_of(size))
        read = Unavailable.read(data, "s3://b/k")
    assert read == {accession: (since, reason) for accession, since, reason in lines}
    again = Unavailable.read(read.frame(), "s3://b/k")
    assert again == read
    assert again.frame() == read.frame()
    gone = accession_rows.of_strings([accession for accession, _, _ in lines[::3]])
    assert set(read.without(gone)) == {accession for accession, _, _ in lines} - {a for a, _, _ in lines[::3]}


def test_of_an_accession_named_twice_the_first_entry_counts() -> None:
    line = dashed(7)
    data = compress(f"{line}\t2025-01-02\tfirst\n".encode()) + compress(f"{line}\t2025-01-03\tsecond\n".encode())
    assert Unavailable.read(data, "x") == {line: ("2025-01-02", "first")}
    assert dashed(8) not in Unavailable.read(data, "x")


def test_like_entries_stand_together_and_a_reason_stays_on_its_line() -> None:
    lines = [(dashed(n), "2025-01-02", ("a", "b\n c")[n % 2]) for n in range(40)]
    entries = ((accession_rows.of_strings([a]), (since, reason)) for a, since, reason in lines)
    written = decompress(Unavailable.of(entries).frame(), "x").decode().splitlines()
    assert written == sorted(
        (f"{a}\t{since}\t{' '.join(reason.split())}" for a, since, reason in lines), key=lambda one: (one[20:], one)
    )


@pytest.mark.parametrize("bad", ["x\t2025-01-02\tr", "0000320193-25-000001\t2025-01-02", "0000320193-25-0000O1\t2\tr"])
@pytest.mark.parametrize("place", [0, 30, 99])
def test_a_line_that_is_no_entry_is_named(bad: str, place: int) -> None:
    lines = ["\t".join(line) for line in lines_of([(100, ("2025-01-02", "no XBRL in it"))])]
    lines[place] = bad
    with pytest.raises(CorruptObject, match=f"s3://b/k.*line {place + 1} is not accession, date, reason"):
        Unavailable.read(compress("\n".join(lines).encode()), "s3://b/k")
    assert unavailable.Unavailable.read(b"", "x") == {}
