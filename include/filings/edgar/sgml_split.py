"""Where a submission's documents are: one pass over the bytes, whatever is quoted, missing or cut off in them.

Only one word is searched for, `DOCUMENT>`: it opens a document, it closes one, and between two of its places there is
nothing but a document's tags and content. So every byte is looked at once, however often tags are opened and not
closed. Documents quote such tags: a document begins where the tag stands at the start of a line with a `<TYPE>` on the
next, and ends where `</TEXT>` and `</DOCUMENT>` follow one another.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stringzilla import find

from filings.edgar import header, uuencode
from filings.edgar.document import Document

_OPENING = b"<DOCUMENT>"
_MARK = b"DOCUMENT>"
_TEXT = b"<TEXT>"
_TEXT_END = b"</TEXT>"
_DOCUMENT_END = b"</DOCUMENT>"
CLOSING = (b"</SEC-DOCUMENT>", b"</IMS-DOCUMENT>", b"</SUBMISSION>")
# The tags that wrap a document's content inside <TEXT> and are not part of the filed file.
_WRAPPER = re.compile(rb"[ \t\r\n]{0,250}<(XML|XBRL|PDF|JSON)>(?:[ \t]*(?:\r\n|\n|\r))?")
_TAG_LINE = re.compile(rb"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\r\n]*)")
_BEFORE_TYPE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)<TYPE>")
_TAGS = (b"TYPE", b"SEQUENCE", b"FILENAME", b"DESCRIPTION")
_LARGE = 64 << 20  # bytes of a submission beyond which decoded parts are not kept beside it
_BLANK = b" \t\r\n"
_BREAKS = b"\r\n"
_CR = 13
_MAY_WRAP = (b"<", b" ", b"\t", b"\r", b"\n")
_BEGIN = b"begin "  # looked for where `uuencode.begins` looks, and past it: that is dear where most parts are text
_MAY_BEGIN = (b"b", b" ", b"\t", b"\r", b"\n")
_REST_OF_LINE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)")
# A document's beginning as nearly all have it.
_USUAL = re.compile(
    rb"<DOCUMENT>\r?\n<TYPE>([^\r\n]*)\r?\n<SEQUENCE>([^\r\n]*)\r?\n"
    rb"(?:<FILENAME>([^\r\n]*)\r?\n)?(?:<DESCRIPTION>([^\r\n]*)\r?\n)?<TEXT>\r?\n"
)
_USUAL_END = b"\n</TEXT>\n</"


def first(raw: bytes) -> int:
    """Where the first document begins; -1 when there is none."""
    return _line_start(raw, _OPENING, 0)


def documents(raw: bytes, position: int) -> list[Document]:
    """All documents from the one that begins at `position`, in order."""
    found: list[Document] = []
    view, keeps = memoryview(raw), len(raw) <= _LARGE
    ahead: _Ahead | None = None
    while position >= 0:
        usual = _USUAL.match(raw, position)
        if usual is not None:
            start = usual.end()
            type_, sequence, filename, description = _words(usual.groups(b""))
        else:
            ahead = ahead or _Ahead(raw)
            text, following = ahead.text(position + len(_OPENING))
            limit = text if text >= 0 else following if following >= 0 else len(raw)
            type_, sequence, filename, description = _tags(raw[position:limit])
            if text < 0:  # cut off before the content, or a document without any
                found.append(Document(type_, sequence, filename, description, "text", view[limit:limit]))
                position = following
                continue
            start = _after_line_break(raw, text + len(_TEXT))
        mark = find(raw, _MARK, start)
        if raw[mark - 11 : mark] == _USUAL_END and mark - 11 >= start and raw[mark - 12] != _CR:
            end, after = mark - 11, mark
        else:
            end, after = _end(raw, start, mark)
        first = raw[start : start + 1]
        if first in _MAY_WRAP:
            start, end = _unwrap(raw, start, end)
            first = raw[start : start + 1]
        content = view[start:end]
        uuencoded = first in _MAY_BEGIN and _BEGIN in raw[start : start + 520] and uuencode.begins(content) is not None
        encoding = "uuencode" if uuencoded else "text"
        found.append(Document(type_, sequence, filename, description, encoding, content, keeps))
        position = _line_start(raw, _OPENING, after)
    return found


class _Ahead:
    """What comes next after a position, looked for once however often it is asked for: positions only grow."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._next: dict[Callable[[int], int], int] = {}

    def text(self, position: int) -> tuple[int, int]:
        """Where the next `<TEXT>` is, or -1 when a document begins before it; and where that begins, or -1."""
        following = self._after(self._document, position)
        limit = len(self._raw) if following < 0 else following
        for look in (self._text_line, self._text_anywhere):
            text = self._after(look, position)
            if 0 <= text < limit:
                return text, following
        return -1, following

    def _after(self, look: Callable[[int], int], position: int) -> int:
        known = self._next.get(look, 0)
        if 0 <= known < position:
            known = self._next[look] = look(position)
        return known

    def _document(self, position: int) -> int:
        here = _line_start(self._raw, _OPENING, position)
        while here >= 0 and not _BEFORE_TYPE.match(self._raw, here + len(_OPENING)):
            here = _line_start(self._raw, _OPENING, here + 1)
        return here

    def _text_line(self, position: int) -> int:
        return _line_start(self._raw, _TEXT, position)

    def _text_anywhere(self, position: int) -> int:
        return int(find(self._raw, _TEXT, position))


def _end(raw: bytes, start: int, mark: int) -> tuple[int, int]:
    """Where the content that begins at `start` ends, and from where on to look for the next document.

    `mark` is the first place of `DOCUMENT>` from `start` on, or -1.
    """
    while mark >= 0:
        if raw.startswith(b"</", mark - 2):
            closing = _rstrip(raw, start, mark - 2) - len(_TEXT_END)
            if closing >= start and raw.startswith(_TEXT_END, closing):
                return _before_line_break(raw, start, closing), closing + len(_TEXT_END)
        elif raw.startswith(b"<", mark - 1) and raw[mark - 2] in _BREAKS and _BEFORE_TYPE.match(raw, mark + len(_MARK)):
            return _without_closing(raw, start, mark - 1), mark - 1  # a content that nothing closes
        mark = find(raw, _MARK, mark + len(_MARK))
    size = len(raw)
    whole = _rstrip(raw, start, size)
    closing = raw.rfind(_TEXT_END, max(start, whole - len(_TEXT_END) - 64), whole)
    if closing >= 0 and _DOCUMENT_END.startswith(raw[closing + len(_TEXT_END) : whole].lstrip(_BLANK)):
        return _before_line_break(raw, start, closing), size  # cut off within what closes the document
    return _without_closing(raw, start, size), size


def _without_closing(raw: bytes, start: int, end: int) -> int:
    """The end of a content that nothing closes: before what closes the document or the submission, if they do."""
    end = _rstrip(raw, start, end)
    for mark in (*CLOSING, _DOCUMENT_END, _TEXT_END):
        if end - len(mark) >= start and raw.startswith(mark, end - len(mark)):
            end = _rstrip(raw, start, end - len(mark))
    return end


def _unwrap(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """The content without the tags that wrap it (`<XML>` … `</XML>`), which are not part of the filed file."""
    wrapper = _WRAPPER.match(raw, start, end)
    if wrapper is None:
        return start, end
    closing = b"</%s>" % wrapper[1]
    last = end - len(closing)
    if not raw.startswith(closing, last):
        last = raw.rfind(closing, wrapper.end(), end)
    return wrapper.end(), _before_line_break(raw, wrapper.end(), last) if last >= wrapper.end() else end


def _tags(head: bytes) -> list[str]:
    """Type, sequence, file name and description as the lines before a document's content say, in any order."""
    found: dict[bytes, bytes] = {}
    for name, value in _TAG_LINE.findall(head):
        found.setdefault(name, value)
    return _words(tuple(found.get(name, b"") for name in _TAGS))


def _words(values: tuple[bytes, ...]) -> list[str]:
    try:
        return [value.decode().strip() for value in values]
    except UnicodeDecodeError:
        return [header.text(value).strip() for value in values]


def _line_start(raw: bytes, mark: bytes, position: int) -> int:
    """The first occurrence of `mark` at the start of a line, from `position` on; -1 when there is none."""
    here = int(find(raw, mark, position))
    while here > 0 and raw[here - 1] not in _BREAKS:
        here = int(find(raw, mark, here + 1))
    return here


def _rstrip(raw: bytes, start: int, end: int) -> int:
    """`end`, or where the blanks before it begin."""
    while end > start:
        step = raw[max(start, end - 64) : end]
        kept = len(step.rstrip(_BLANK))
        if kept:
            return end - len(step) + kept
        end -= len(step)
    return end


def _after_line_break(raw: bytes, position: int) -> int:
    """Past the rest of the tag's line when it is blank, else right here (content may follow a tag at once)."""
    match = _REST_OF_LINE.match(raw, position)
    return match.end() if match else position


def _before_line_break(raw: bytes, start: int, end: int) -> int:
    if end - 2 >= start and raw[end - 2 : end] == b"\r\n":
        return end - 2
    return end - 1 if end - 1 >= start and raw[end - 1] in _BREAKS else end
