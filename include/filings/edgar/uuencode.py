"""Uuencoded parts of submissions: PDF, GIF, JPG, ZIP and XLSX travel inside `<TEXT>` this way.

Nearly all lines of a part have the same count and width. So the lines of a window are found at once; those that lost
their trailing blanks (to a mail gateway or an editor) get them back; and the whole is one rectangle, whose columns of
letters become base64 and are decoded in one go. Only lines of another count (the last one, as a rule) go one by one.
Windows bound the memory, whatever the size of the part. Format: POSIX uuencode.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator

import numpy
import numpy.typing as npt
import pybase64
import stringzilla

BEGIN = re.compile(rb"begin [0-7]{3,4} [^\r\n]+(\r\n|\n|\r)")
WINDOW = 128 << 10  # what is made of it stays in a processor's second-level cache
_STEP = 4096
_BLANKS = b" \t\r\n"
_BREAKS = b"\r\n"
_BLANK = 32
_END = re.compile(rb"end(?:[ \t\r].*)?", re.DOTALL)  # 'e' would count 5 letters: only a line that is exactly `end`
_ENDING = (*b"\r\ne", 32, 96, 160, 224)  # letters with which the usual line of a part does not begin
_COLUMNS = numpy.arange(84)
_FEW_LINES = 24  # for so many the rectangle is not worth its making

# A uuencoded letter stands for (letter - 32) mod 64 (so both ' ' and '`' are zero); base64 has letters of its own.
# A line break amid the letters is where blanks were lost.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BASE64 = bytes(_BASE64[0 if letter in _BREAKS else (letter - 32) & 63] for letter in range(256))

Letters = npt.NDArray[numpy.uint8]
Places = npt.NDArray[numpy.intp]


def begins(content: bytes | memoryview) -> re.Match[bytes] | None:
    """The match of a `begin 644 NAME` line when the content starts with one (after blank lines), else None."""
    head = bytes(content[:512])
    start = len(head) - len(head.lstrip(_BLANKS))
    return BEGIN.match(head, start)


def decode(content: bytes | memoryview) -> bytes:
    """The bytes that a uuencoded part stands for; `content` begins with its `begin` line.

    Stops at the `end` line, or at the end of the content when there is none (a truncated part gives what is there).
    A line that no uuencoder writes (a letter outside the alphabet, longer than its count) is decoded as far as its
    count goes, as the common decoders do; lines shorter than their count are padded with blanks, which were lost.
    """
    return b"".join(pieces(content))


def pieces(content: bytes | memoryview) -> Iterator[bytes]:
    """What `decode` gives, in order and bit by bit: a part of any size in bounded memory."""
    match = begins(content)
    if match is None:
        yield bytes(content)
        return
    newline = match[1][-1:]
    view = memoryview(content)
    position, size, ended = match.end(), len(view), False
    while position < size and not ended:
        after = _line_break(view, min(position + WINDOW, size), newline)
        # Of a last line that goes on and on, only what its count speaks of matters.
        decoded, ended = _window(view[position : min(after, position + WINDOW + _STEP)], newline)
        yield from decoded
        position = after


def _line_break(view: memoryview, position: int, newline: bytes) -> int:
    """Past the first line break from `position` on (a window ends where a line does), or the end."""
    while position < len(view):
        step = view[position : position + _STEP]
        found = int(stringzilla.find(step, newline))
        if found >= 0:
            return position + found + 1
        position += len(step)
    return position


def _window(lines: memoryview, newline: bytes) -> tuple[list[bytes], bool]:
    """The bytes of whole lines, and whether the line that ends the part was among them."""
    letters = numpy.frombuffer(lines, numpy.uint8)
    ends = (letters == newline[0]).nonzero()[0]
    if len(ends) < _FEW_LINES:
        return _one_by_one(lines, newline)
    starts = numpy.empty_like(ends)
    starts[0] = 0
    numpy.add(ends[:-1], 1, out=starts[1:])
    leads = letters[starts]
    lead = int(leads[len(leads) // 2])
    # The rectangle reads a whole width from each start: lines too near to the window's end go one by one.
    near = int(starts.searchsorted(len(letters) - _width(_count(lead))))
    others = (leads[:near] != lead).nonzero()[0].tolist()
    if len(others) > near // 64 or lead in _ENDING:
        return _one_by_one(lines, newline)
    decoded: list[bytes] = []
    done = 0
    for row in others:
        decoded += _rectangle(letters, starts[done:row], ends[done:row], _count(lead))
        more, ended = _one_by_one(lines[starts[row] : ends[row]], newline)
        decoded += more
        if ended:
            return decoded, True
        done = row + 1
    decoded += _rectangle(letters, starts[done:near], ends[done:near], _count(lead))
    more, ended = _one_by_one(lines[starts[near] if near < len(starts) else ends[-1] + 1 :], newline)
    return decoded + more, ended


def _one_by_one(lines: memoryview, newline: bytes) -> tuple[list[bytes], bool]:
    decoded: list[bytes] = []
    for whole in bytes(lines).split(newline):
        line = whole.lstrip(_BREAKS)  # an empty line: a doubled line break, or a count of zero that lost its blank
        if line:
            if not _count(line[0]) or _END.fullmatch(line):
                return [b"".join(decoded)], True
            decoded.append(_line(line))
    return [b"".join(decoded)], False


def _rectangle(letters: Letters, starts: Places, ends: Places, count: int) -> list[bytes]:
    """The bytes of lines that all have one count; `ends` are the places of their line breaks."""
    if not len(starts):
        return []
    width = _width(count) - 1
    # A view in which every byte begins an item of the width: indexing it copies lines side by side.
    rows = numpy.ndarray((len(letters) - width,), f"V{width}", letters, 1, (1,))[starts].view(numpy.uint8)
    rows = rows.reshape(-1, width)
    lengths = ends - starts
    short = (lengths <= width).nonzero()[0]
    if len(short):
        rows[short] = numpy.where(_COLUMNS[:width] < lengths[short, None] - 1, rows[short], _BLANK)
    stringzilla.translate(rows.data.cast("B"), _TO_BASE64, out=rows)
    plain = pybase64.b64decode(rows.data, validate=True)
    if count % 3 == 0:
        return [plain]
    return [numpy.frombuffer(plain, numpy.uint8).reshape(-1, width // 4 * 3)[:, :count].tobytes()]


def _line(line: bytes) -> bytes:
    """The bytes of one line, which may have lost its trailing blanks, or be damaged."""
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:
        count = _count(line[0])
        letters = line[1 : _width(count)].ljust(_width(count) - 1)
        return pybase64.b64decode(letters.translate(_TO_BASE64), validate=True)[:count]


def _count(lead: int) -> int:
    return (lead - 32) & 63


def _width(count: int) -> int:
    return 1 + (count + 2) // 3 * 4
