"""The bytes of XML as UTF-8, whatever they were written in: a form says the same in each of them.

Most documents are UTF-8. Some are UTF-16; some only say so (a .NET string does, of what is then written as UTF-8); and
some say UTF-8, or nothing, and hold bytes of Windows-1252. The first two are certain, and are read without a word: no
document whose first bytes are `<?xml` is UTF-16, and ASCII is UTF-8. The third is a guess, which whoever reads the
document must want, and is told of. Beside UTF-16 nothing is looked at but the first bytes of a document.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from filings.edgar.xbrl_text import ODD_BYTES

_HEAD = 256
_AROUND = 40  # bytes before an odd one, and from it on, of which the text is shown
_UTF_16 = re.compile(rb"[ \t\r\n]*(?:(\xff\xfe)(?!\x00\x00)|(\xfe\xff))|(?=<\x00[^\x00])|()(?=\x00<\x00)")
_DECLARED = re.compile(rb"""(\s*(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?)\s+encoding\s*=\s*["']([^"'>]*)["']""")
_DISPROVED = re.compile(rb"utf-?(?:16|32)(?:[lb]e)?|(?:iso-10646-)?ucs-?[24]|unicode|(?:us-)?ascii", re.IGNORECASE)
_UTF_8 = re.compile(rb"utf-?8", re.IGNORECASE)
_NO_CHARACTER = "\N{REPLACEMENT CHARACTER}"


class Repaired(NamedTuple):
    """A document whose bytes that are no UTF-8 are read as Windows-1252; the first one's text, and what was done."""

    content: bytes
    value: str
    rule: str


def utf8(raw: bytes | memoryview) -> bytes | memoryview:
    """A document in UTF-8 when it is UTF-16, and without an encoding that its first bytes disprove; else itself."""
    start = bytes(raw[:_HEAD])
    wide = _UTF_16.match(start)
    if wide is None:
        declared = _DECLARED.match(start)
        if declared is None or not _DISPROVED.fullmatch(declared[2]):
            return raw
        return declared[1] + bytes(raw[declared.end() :])
    big = wide.lastindex in (2, 3)
    content = bytes(raw[wide.end() :])
    # Beyond the last tag may be a line break of the submission, which is one byte.
    end = content.rfind(b"\x00>" if big else b">\x00") + 2
    try:
        text = content[: end if end > 1 and end % 2 == 0 else None].decode("utf-16-be" if big else "utf-16-le")
    except UnicodeDecodeError:
        return raw
    said = text.encode()
    declared = _DECLARED.match(said[:_HEAD])
    return declared[1] + said[declared.end() :] if declared else said


def beginning(raw: bytes | memoryview, size: int) -> bytes:
    """The first `size` bytes of a document; of one in UTF-16, what they say as UTF-8."""
    head = bytes(raw[:size])
    wide = _UTF_16.match(head)
    if wide is None:
        return head
    return head[wide.end() :].decode("utf-16-be" if wide.lastindex in (2, 3) else "utf-16-le", "ignore").encode()


def windows_1252(raw: bytes | memoryview) -> Repaired | None:
    """A document with those bytes read as Windows-1252 that are no UTF-8.

    None when there are none, when it says that it is neither UTF-8 nor ASCII, or when one of them is no character.
    """
    declared = _DECLARED.match(bytes(raw[:_HEAD]))
    if declared is not None and not _UTF_8.fullmatch(declared[2]) and not _DISPROVED.fullmatch(declared[2]):
        return None
    content = bytes(raw)
    try:
        content.decode()
        return None
    except UnicodeDecodeError as error:
        at = error.start
    text = content.decode("utf-8", ODD_BYTES)
    if text.count(_NO_CHARACTER) > content.count(_NO_CHARACTER.encode()):
        return None
    line = content.count(b"\n", 0, at) + 1
    words = content[max(0, at - _AROUND) : at].rpartition(b">")[2] + content[at : at + _AROUND].partition(b"<")[0]
    said = " ".join(words.decode("utf-8", ODD_BYTES).replace(_NO_CHARACTER, "").split())
    rule = f"its byte {content[at]:02X} in line {line} is no UTF-8; it, and what is like it, is read as Windows-1252"
    return Repaired(text.encode(), said, rule)
