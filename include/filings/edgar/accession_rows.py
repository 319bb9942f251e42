"""Accession numbers by the million: fixed-width text to unsigned 64-bit integers and back, eight digits a step.

Text has one dashed accession at the start of each row. A row's 20 characters are looked at as three overlapping
64-bit words, in which all digits are checked and summed at once; a Python object a row would cost a hundred times more.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from filings.edgar.accession import InvalidAccession, to_int

ACCESSION = 20
_BLOCK = 1 << 14  # rows whose words stay in the processor's second cache
_U = np.uint64
_HIGH = _U(0x8080808080808080)
_LANES = _U(0x000000FF000000FF)


def _word(text: bytes) -> np.uint64:
    return _U(int.from_bytes(text, "little"))


# Characters 0–7, 8–15 and 12–19. What is left of a right character after the exclusive or: a digit's value, or nothing.
_STARTS = (0, 8, 12)
_SHAPES = tuple(map(_word, (b"00000000", b"00-00-00", b"0-000000")))
# Added to what is left, this sets the high bit of a byte that was above nine, or of a dash's that was not nothing.
_LIMITS = tuple(map(_word, (b"v" * 8, b"vv\x7fvv\x7fvv", b"v\x7fvvvvvv")))


def parse(text: bytes | memoryview | np.ndarray, width: int, rows: int, start: int = 0) -> np.ndarray | None:
    """The accession numbers that begin `rows` rows of `width` bytes each, from `start`; None if one is none.

    Only the 20 characters of each are looked at; what follows them is the caller's.
    """
    out = np.empty(rows, _U)
    bad = _U(0)
    for first in range(0, rows, _BLOCK):
        count = min(_BLOCK, rows - first)
        bad |= _parse(text, start + first * width, width, out[first : first + count])
    return None if bad & _HIGH else out


def _parse(text: bytes | memoryview | np.ndarray, start: int, width: int, out: np.ndarray) -> np.uint64:
    bad = _U(0)
    words = []
    for offset, shape, limit in zip(_STARTS, _SHAPES, _LIMITS, strict=True):
        left = np.ndarray((len(out),), "<u8", text, start + offset, (width,)) ^ shape
        over = left + limit
        over |= left
        bad |= np.bitwise_or.reduce(over)
        words.append(left)
    first, second, third = words
    # Eight digits: two that end the filer's number, the year's two, and the first four of the count.
    middle = second & _U(0xFFFF)
    second >>= _U(8)
    second &= _U(0xFFFF0000)
    middle |= second
    middle |= (third >> _U(16)) << _U(32)
    np.multiply(_eight(first), _U(10**10), out=out)
    middle = _eight(middle)
    middle *= _U(100)
    out += middle
    tens = third >> _U(48)
    tens &= _U(0xFF)
    tens *= _U(10)
    out += tens
    third >>= _U(56)
    out += third
    return bad


def _eight(digits: np.ndarray) -> np.ndarray:
    """Eight digits a word, the first in the lowest byte, as a number; changes its argument."""
    shifted = digits >> _U(8)
    digits *= _U(10)
    digits += shifted
    np.right_shift(digits, _U(16), out=shifted)
    digits &= _LANES
    digits *= _U(100 + (1_000_000 << 32))
    shifted &= _LANES
    shifted *= _U(1 + (10_000 << 32))
    digits += shifted
    digits >>= _U(32)
    return digits


def write(numbers: np.ndarray, out: np.ndarray, start: int = 0) -> None:
    """Write dashed accession numbers into the rows of `out`, a C-contiguous array of bytes (rows, width), at `start`.

    Raises:
        InvalidAccession: for a number of more than 18 digits.
    """
    if len(numbers) and int(numbers.max()) >= 10**18:
        raise InvalidAccession(f"{int(numbers.max())} is outside the range of accession numbers")
    width = out.shape[1]
    for first in range(0, len(numbers), _BLOCK):
        block = numbers[first : first + _BLOCK]
        head = block // _U(10**10)
        rest = block - head * _U(10**10)
        middle = rest // _U(100)
        tail = rest - middle * _U(100)
        tens = tail // _U(10)
        middle = _digits(middle)
        count = (middle >> _U(32)) << _U(16)  # the count's first four digits, as characters 14–17 of the row
        words = (
            _digits(head),
            (middle & _U(0xFFFF)) | ((middle & _U(0xFFFF0000)) << _U(8)) | (count << _U(32)) | _word(b"\0\0-\0\0-\0\0"),
            ((middle >> _U(24)) & _U(0xFF))
            | count
            | ((tens + _U(48)) << _U(48))
            | ((tail - tens * _U(10) + _U(48)) << _U(56))
            | _word(b"\0-\0\0\0\0\0\0"),
        )
        for offset, word in zip(_STARTS, words, strict=True):
            where = first * width + start + offset
            np.ndarray((len(block),), "<u8", out, where, (width,))[:] = word


def _digits(numbers: np.ndarray) -> np.ndarray:
    """Numbers below 10^8 as eight digits a word, the first in the lowest byte."""
    high = numbers // _U(10_000)
    lanes = high | ((numbers - high * _U(10_000)) << _U(32))
    high = ((lanes * _U(10_486)) >> _U(20)) & _U(0x0000007F0000007F)
    lanes = high | ((lanes - high * _U(100)) << _U(16))
    high = ((lanes * _U(103)) >> _U(10)) & _U(0x000F000F000F000F)
    digits: np.ndarray = (high | ((lanes - high * _U(10)) << _U(8))) + _word(b"00000000")
    return digits


def write_right(values: np.ndarray, out: np.ndarray, start: int, width: int) -> None:
    """Write numbers without sign into columns of the rows of `out`, to the right, blanks before them."""
    out[: len(values), start : start + width] = ord(" ")
    left = values.astype(_U)
    for column in range(start + width - 1, start - 1, -1):
        rest = left // _U(10)
        digits = (left - rest * _U(10)).astype(np.uint8)
        digits |= np.where(left > 0, ord("0"), ord(" ")).astype(np.uint8)
        out[: len(values), column] = digits
        left = rest
        if not left.any():
            break
    out[: len(values), start + width - 1] |= ord("0")  # nothing is a zero, not a blank


def of_lines(text: bytes) -> np.ndarray | None:
    """The accession numbers that lines of any length begin with; None if one is none. The text ends with a line end."""
    starts = np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")) + 1
    starts[1:] = starts[:-1]
    starts[:1] = 0
    return of_places(text, starts)


def of_places(text: bytes, starts: np.ndarray) -> np.ndarray | None:
    """The accession numbers that begin at places of a text, which are in order; None if one is none."""
    signs = np.frombuffer(text, np.uint8)
    if len(starts) and starts[-1] + ACCESSION > len(signs):
        return None
    gathered = np.empty((len(starts), ACCESSION), np.uint8)
    for first in range(0, len(starts), _BLOCK):
        gathered[first : first + _BLOCK] = signs[starts[first : first + _BLOCK, None] + np.arange(ACCESSION)]
    return parse(gathered, ACCESSION, len(starts))


def of_strings(accessions: Iterable[str]) -> np.ndarray:
    """Accession numbers in the order given.

    Raises:
        InvalidAccession: naming the first that is none.
    """
    listed = list(accessions)
    joined = "".join(listed).encode()
    if len(joined) == ACCESSION * len(listed) and all(len(a) == ACCESSION for a in listed):
        numbers = parse(joined, ACCESSION, len(listed))
        if numbers is not None:
            return numbers
    return np.fromiter(map(to_int, listed), _U, len(listed))


def strings(numbers: np.ndarray) -> list[str]:
    """Dashed accession numbers."""
    rows = np.empty((len(numbers), ACCESSION), np.uint8)
    write(numbers, rows)
    return [str(a, "ascii") for a in rows.view(f"S{ACCESSION}").ravel().tolist()]
