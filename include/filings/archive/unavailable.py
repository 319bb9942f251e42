"""What cannot be had, and why: lines `accession<TAB>date<TAB>reason`, of which most archives have millions.

Few reasons make nearly all the lines, so an entry is a number and the place of its date and reason in a table. Lists
are written with like entries together; such a stretch is of one width and read at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np

from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import places, within
from filings.archive.zstd_text import Frame, pieces
from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession, dashed, is_accession, to_int

Kind = tuple[str, str]  # (date, reason)
_ACCESSION = accession_rows.ACCESSION
_SHORT = 16  # entries of one kind below which going line by line is as quick
_ROWS_A_BLOCK = 1 << 15
_LEVEL = 10
_NO_REASON = "no reason was given"


class Unavailable(Mapping[str, Kind]):
    """Accession → (date, reason), 12 bytes an entry. Of an accession named twice the first entry counts."""

    def __init__(self, numbers: np.ndarray, codes: np.ndarray, kinds: list[Kind]) -> None:
        """`codes` are places in `kinds`; `numbers` in any order."""
        if not (numbers[1:] > numbers[:-1]).all():
            numbers, first = np.unique(numbers, return_index=True)
            codes = codes[first]
        self.numbers, self.codes, self.kinds = numbers, codes, kinds

    @classmethod
    def of(cls, entries: Iterable[tuple[np.ndarray, Kind]]) -> Unavailable:
        """From numbers that share a date and a reason."""
        known: dict[Kind, int] = {}
        numbers, codes = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)]
        for some, kind in entries:
            numbers.append(some)
            codes.append(np.full(len(some), known.setdefault(kind, len(known)), np.uint32))
        return cls(np.concatenate(numbers), np.concatenate(codes), list(known))

    @classmethod
    def read(cls, data: bytes, uri: str) -> Unavailable:
        """From a list. Raises `CorruptObject`."""
        return cls.of(stretches(data, uri))

    def stretches(self) -> Iterator[tuple[np.ndarray, Kind]]:
        """The numbers of each date and reason, sorted."""
        order = np.argsort(self.codes, kind="stable")
        ends = np.cumsum(np.bincount(self.codes, minlength=len(self.kinds)))
        by_kind = np.split(order, ends[:-1])
        for code in sorted(range(len(self.kinds)), key=self.kinds.__getitem__):
            if len(by_kind[code]):
                yield self.numbers[by_kind[code]], self.kinds[code]

    def frame(self) -> bytes:
        """As a list, one zstd frame."""
        made = Frame(_LEVEL)
        for numbers, (since, reason) in self.stretches():
            tail = f"\t{since}\t{' '.join(reason.split()) or _NO_REASON}\n".encode()
            if len(numbers) < _SHORT:
                made.add(b"".join(dashed(n).encode() + tail for n in numbers.tolist()))
                continue
            rows = np.empty((min(len(numbers), _ROWS_A_BLOCK), _ACCESSION + len(tail)), np.uint8)
            rows[:, _ACCESSION:] = np.frombuffer(tail, np.uint8)
            for start in range(0, len(numbers), _ROWS_A_BLOCK):
                some = numbers[start : start + _ROWS_A_BLOCK]
                accession_rows.write(some, rows)
                made.add(rows[: len(some)].data.cast("B"))
        return made.close()

    def without(self, gone: np.ndarray) -> Unavailable:
        """The same without some accession numbers (sorted)."""
        kept = ~within(gone, self.numbers)
        return Unavailable(self.numbers[kept], self.codes[kept], self.kinds)

    def __getitem__(self, accession: str) -> Kind:
        place, there = places(self.numbers, np.array([to_int(accession)], np.uint64))
        if not there[0]:
            raise KeyError(accession)
        return self.kinds[int(self.codes[place[0]])]

    def __iter__(self) -> Iterator[str]:
        return map(dashed, self.numbers.tolist())

    def __len__(self) -> int:
        return len(self.numbers)


def stretches(data: bytes, uri: str) -> Iterator[tuple[np.ndarray, Kind]]:
    """A list's entries in its own order: numbers that share a date and a reason and follow each other.

    Raises:
        CorruptObject: naming `uri` and the line that is no entry.
    """
    rest = b""
    lines = 0
    for piece in pieces(data, uri):
        text = rest + piece
        end = text.rfind(b"\n") + 1
        for numbers, kind in _stretches(text, end, uri, lines):
            lines += len(numbers)
            yield numbers, kind
        rest = text[end:]
    if rest:
        yield from _stretches(rest + b"\n", len(rest) + 1, uri, lines)


def _stretches(text: bytes, end: int, uri: str, lines: int) -> Iterator[tuple[np.ndarray, Kind]]:
    at = 0
    while at < end:
        width = text.index(b"\n", at) + 1 - at
        kind = _kind(text[at : at + width - 1], uri, lines)
        rows = _alike(text, at, end, width)
        numbers = accession_rows.parse(text, width, rows, at) if rows >= _SHORT else None
        if numbers is None:
            numbers = np.empty(rows, np.uint64)
            for row in range(rows):
                line = text[at + row * width : at + (row + 1) * width - 1]
                _kind(line, uri, lines + row)
                numbers[row] = to_int(line[:_ACCESSION].decode())
        yield numbers, kind
        lines += rows
        at += rows * width


def _alike(text: bytes, at: int, end: int, width: int) -> int:
    """How many lines from `at` on are of the first one's width and end as it does."""
    if text[at + width + _ACCESSION : at + 2 * width] != text[at + _ACCESSION : at + width]:
        return 1  # where dates and reasons change from line to line, nothing is won by looking at many
    most = (end - at) // width
    alike, step = 1, _SHORT
    while alike < most:
        rows = min(step, most - alike)
        same = _same_tail(text, at, width, alike, rows)
        if not same.all():
            return alike + int(np.argmin(same))
        alike += rows
        step *= 8
    return alike


def _same_tail(text: bytes, at: int, width: int, first: int, rows: int) -> np.ndarray:
    """Which of the rows from `first` on end as the one at `at`; eight characters at once, the last ones overlapping."""
    same = np.ones(rows, bool)
    for start in (*range(_ACCESSION, width - 8, 8), width - 8):
        words = np.ndarray((rows,), "<u8", text, at + first * width + start, (width,))
        same &= words == np.uint64(int.from_bytes(text[at + start : at + start + 8], "little"))
    return same


def _kind(line: bytes, uri: str, before: int) -> Kind:
    accession, _, rest = line.partition(b"\t")
    since, _, reason = rest.partition(b"\t")
    try:
        if not (reason and is_accession(accession.decode())):
            raise InvalidAccession("no entry")
        return since.decode(), reason.decode(errors="replace").rstrip("\r")
    except (InvalidAccession, UnicodeDecodeError) as error:
        raise CorruptObject(
            uri,
            f"its line {before + 1} is not accession, date, reason: {line[:80]!r}; put an earlier version of the "
            "object back, or delete it: what cannot be had is found out again",
        ) from error
