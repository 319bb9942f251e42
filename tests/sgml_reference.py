"""A slow and plain reader of submissions, to judge the fast one by.

Written from the description of the format, line by line, as a state machine: header, a document's tags, its content,
between documents. It shares nothing with `filings.edgar` and cares for clarity alone. What it knows:

- Lines end with LF, CRLF or CR. A document begins with a line `<DOCUMENT>`; its tags follow, one to a line.
- Its content begins after `<TEXT>` and ends before a `</TEXT>` that `</DOCUMENT>` follows. Where none comes before the
  next `<DOCUMENT>` with a `<TYPE>` under it, or before the end of the file, nothing closes it.
- `<XML>`, `<XBRL>`, `<PDF>` and `<JSON>` around the content are not part of it.
- Content that opens with `begin MODE NAME` is uuencoded; lines may have lost trailing blanks, which stand for zeros.
"""

from __future__ import annotations

import binascii
import re
from dataclasses import dataclass

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_TAG = re.compile(rb"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>(.*)", re.DOTALL)
_WRAPPER = re.compile(rb"\s*<(XML|XBRL|PDF|JSON)>")
_BEGIN = re.compile(rb"begin [0-7]{3,4} \S")
_CLOSING = (b"</SEC-DOCUMENT>", b"</IMS-DOCUMENT>", b"</SUBMISSION>", b"</DOCUMENT>", b"</TEXT>")


@dataclass
class ReferenceDocument:
    """A document as the reference sees it."""

    type: str = ""
    sequence: str = ""
    filename: str = ""
    description: str = ""
    encoding: str = "text"
    content: bytes = b""


def read(raw: bytes) -> list[ReferenceDocument]:
    """The documents of a submission, in order."""
    lines = _LINE.findall(raw)
    found: list[ReferenceDocument] = []
    state, content = "between", []
    for number, line in enumerate(lines):
        if state != "between" and _begins_document(lines, number):
            found[-1].content = _unclosed(b"".join(content)) if state == "content" else b""
            state = "between"
        if state == "between":
            if line.startswith(b"<DOCUMENT>"):
                found.append(ReferenceDocument())
                state, content = "tags", []
        elif state == "tags":
            if line.startswith(b"<TEXT>"):
                state, line = "content", line.removeprefix(b"<TEXT>")
                if not line.strip(b" \t\r\n"):
                    continue
            elif match := _TAG.match(line):
                name = match[1].decode().lower()
                setattr(found[-1], name, getattr(found[-1], name) or _text(match[2]).strip())
        if state == "content":
            before, closing, after = line.partition(b"</TEXT>")
            if closing and _closes(after, lines, number):
                found[-1].content = _without_line_end(b"".join([*content, before]))
                state = "between"
            else:
                content.append(line)
    if state == "content":
        found[-1].content = _unclosed(b"".join(content))
    for document in found:
        _decode(document)
    return found


def _begins_document(lines: list[bytes], number: int) -> bool:
    return lines[number].strip(b" \t\r\n") == b"<DOCUMENT>" and b"".join(lines[number + 1 : number + 2]).startswith(
        b"<TYPE>"
    )


def _closes(after: bytes, lines: list[bytes], number: int) -> bool:
    """Whether `</DOCUMENT>` is the next thing after `</TEXT>`, or the file ends before there is another."""
    rest = after.strip()
    while not rest and number + 1 < len(lines):
        number += 1
        rest = lines[number].strip()
    cut_off = number == len(lines) - 1 and b"</DOCUMENT>".startswith(rest)
    return rest.startswith(b"</DOCUMENT>") or cut_off


def _unclosed(content: bytes) -> bytes:
    content = content.rstrip(b" \t\r\n")
    for mark in _CLOSING:
        if content.endswith(mark):
            content = content.removesuffix(mark).rstrip(b" \t\r\n")
    return content


def _without_line_end(content: bytes) -> bytes:
    for end in (b"\r\n", b"\n", b"\r"):
        if content.endswith(end):
            return content.removesuffix(end)
    return content


def _decode(document: ReferenceDocument) -> None:
    content = document.content
    wrapper = _WRAPPER.match(content)
    if wrapper:
        inner = content[wrapper.end() :]
        first, _, _ = inner.partition(b"\n" if b"\n" in inner else b"\r")
        if not first.strip(b" \t\r\n"):
            inner = re.sub(rb"^[ \t]*(?:\r\n|\n|\r)", b"", inner)
        before, closing, _ = inner.rpartition(b"</" + wrapper[1] + b">")
        content = _without_line_end(before) if closing else inner
        document.content = content
    if _BEGIN.match(content.lstrip(b" \t\r\n")):
        document.encoding = "uuencode"
        document.content = b"".join(_uudecoded(content.lstrip(b" \t\r\n")))


def _uudecoded(content: bytes) -> list[bytes]:
    decoded = []
    for line in content.splitlines()[1:]:
        if not line:
            continue
        count = (line[0] - 32) % 64
        if count == 0 or line.split()[0] == b"end":
            break
        groups = -(-count // 3)  # of three bytes, in four letters
        letters = line[1 : 1 + groups * 4].ljust(groups * 4)  # the blanks that were lost at its end
        whole = bytes([32 + groups * 3]) + bytes((letter - 32) % 64 + 32 for letter in letters)
        decoded.append(binascii.a2b_uu(whole)[:count])
    return decoded


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("cp1252", errors="replace")
