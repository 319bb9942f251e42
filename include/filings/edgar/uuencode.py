"""Uuencoded parts of submissions: PDF, GIF, JPG, ZIP and XLSX travel inside `<TEXT>` this way.

Runs of full lines are decoded at once by turning the alphabet into base64's; only odd lines (the last one, and
lines whose trailing blanks a mail gateway or editor ate) go one by one. Format: POSIX uuencode.
"""

from __future__ import annotations

import re

import numpy
import pybase64

BEGIN = re.compile(rb"begin [0-7]{3,4} [^\r\n]+(\r\n|\n|\r)")
_BLANKS = b" \t\r\n"

# A uuencoded letter stands for (letter - 32) mod 64 (so both ' ' and '`' are zero); base64 has letters of its own.
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_TO_BASE64 = bytes(_BASE64[(letter - 32) & 63] for letter in range(256))


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
    match = begins(content)
    data = bytes(content)
    if match is None:
        return data
    newline = match[1]
    pieces: list[bytes] = []
    position, size = match.end(), len(data)
    lines_until = 0  # before this offset, lines go one by one: a run was tried there and is none
    while position < size:
        if data[position] in b"\r\n":  # an empty line: a count of zero that lost its blank, or a doubled line break
            position += 1
            continue
        count = (data[position] - 32) & 63
        if count == 0 or (data.startswith(b"end", position) and _is_end(data, position)):
            break
        width = 1 + (count + 2) // 3 * 4
        stride = width + len(newline)
        if position >= lines_until and data.startswith(newline, position + width):
            lines = _run(data, position, width, stride, newline)
            block = numpy.frombuffer(data, numpy.uint8, lines * stride, position).reshape(lines, stride)
            letters = block[:, 1:width].tobytes()
            if newline not in letters:
                pieces.append(_decode_letters(letters, lines, count))
                position += lines * stride
                continue
            lines_until = position + lines * stride
        line_end = data.find(newline, position)
        line_end = size if line_end < 0 else line_end
        pieces.append(_decode_letters(data[position + 1 : min(line_end, position + width)].ljust(width - 1), 1, count))
        position = line_end + len(newline)
    return b"".join(pieces)


def _is_end(data: bytes, position: int) -> bool:
    # 'e' would count 5 letters of data: only a line that is exactly `end` ends the part.
    return data[position + 3 : position + 4] in (b"", b" ", b"\t", b"\r", b"\n")


def _run(data: bytes, position: int, width: int, stride: int, newline: bytes) -> int:
    """How many lines from `position` on have the same count and width."""
    first = data[position]
    lines, here, size = 1, position + stride, len(data)
    while here + stride <= size and data[here] == first and data.startswith(newline, here + width):
        lines += 1
        here += stride
    return lines


def _decode_letters(letters: bytes, lines: int, count: int) -> bytes:
    """`lines` lines of `count` bytes each, from their letters without counts and line breaks."""
    plain = pybase64.b64decode(letters.translate(_TO_BASE64))
    whole = len(plain) // lines
    if whole == count:
        return plain
    return numpy.frombuffer(plain, numpy.uint8).reshape(lines, whole)[:, :count].tobytes()
