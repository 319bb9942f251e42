"""A submission as EDGAR disseminates it, taken apart: its header, and its documents with their content decoded.

Two forms are read: the complete submission text file (`.txt`, header as labelled lines) and the dissemination form
(`.nc`, header as tags). Format: EDGAR Public Dissemination Service technical specification. Lines end with LF, CRLF
or CR; 1990s files are wrapped in a privacy-enhanced message; the declared document count is no truth.
A submission that breaks off is not an error here: what is there is returned, and `truncated` says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from filings.edgar import header as header_module
from filings.edgar import uuencode
from filings.edgar.accession import is_accession

_DOCUMENT = b"<DOCUMENT>"
_TEXT = b"<TEXT>"
_TEXT_END = b"</TEXT>"
_DOCUMENT_END = b"</DOCUMENT>"
_CLOSING = (b"</SEC-DOCUMENT>", b"</IMS-DOCUMENT>", b"</SUBMISSION>")
# The tags that wrap a document's content inside <TEXT> and are not part of the filed file.
_WRAPPERS = {b"<XML>": b"</XML>", b"<XBRL>": b"</XBRL>", b"<PDF>": b"</PDF>", b"<JSON>": b"</JSON>"}
_TAG_LINE = re.compile(rb"<(TYPE|SEQUENCE|FILENAME|DESCRIPTION)>([^\r\n]*)")
_BEFORE_TYPE = re.compile(rb"[ \t]*(?:\r\n|\n|\r)<TYPE>")
_BLANK = b" \t\r\n"


class NotASubmission(ValueError):
    """The bytes hold neither a submission's header nor a document."""


@dataclass(slots=True)
class Document:
    """One document of a submission.

    `content` is the decoded content: bytes for a uuencoded part, a view into the submission where it is text.
    """

    type: str
    sequence: str
    filename: str
    description: str
    encoding: str
    content: bytes | memoryview


@dataclass(slots=True)
class Submission:
    """A parsed submission; `header` has the SEC's own tag names (see `filings.edgar.header`)."""

    accession: str
    form: str
    header: dict[str, Any]
    documents: list[Document] = field(default_factory=list)
    truncated: bool = False
    variant: str = "txt"


def parse(raw: bytes, *, accession: str | None = None) -> Submission:
    """Take a whole submission apart.

    Args:
        raw: the bytes of a `.txt` or `.nc` submission, uncompressed.
        accession: what the caller knows it to be; used where the header does not say (a file cut off early).

    Raises:
        NotASubmission: when there is neither a header nor a document in it.
    """
    first = _line_start(raw, _DOCUMENT, 0)
    head = raw[: first if first >= 0 else len(raw)]
    variant = "nc" if head.lstrip(_BLANK).startswith(b"<SUBMISSION>") else "txt"
    fields = header_module.parse(head)
    if "accession_number" not in fields and first < 0:
        raise NotASubmission(
            f"{accession or 'the bytes'}: no EDGAR header and no <DOCUMENT> in {len(raw):,} bytes; "
            "is it an error page of the server?"
        )
    documents = _documents(raw, first)
    found = str(fields.get("accession_number", ""))
    return Submission(
        accession=found if is_accession(found) else (accession or found),
        form=str(fields.get("type", "")),
        header=fields,
        documents=documents,
        truncated=not any(mark in raw[-4096:] for mark in _CLOSING),
        variant=variant,
    )


def _documents(raw: bytes, position: int) -> list[Document]:
    """All documents from `position` on."""
    documents: list[Document] = []
    while position >= 0:
        body = position + len(_DOCUMENT)
        text = raw.find(_TEXT, body)
        following = _next_document(raw, body, len(raw) if text < 0 else text)
        if text < 0 or following >= 0:  # cut off before the content, or a document without any
            limit = len(raw) if following < 0 else following
            documents.append(_document(raw, position, limit, limit, limit))
            position = following
            continue
        start = _after_line_break(raw, text + len(_TEXT))
        closing = _closing(raw, start)
        following = _next_document(raw, start, len(raw) if closing < 0 else closing)
        if following >= 0:
            closing = -1
        if closing >= 0:
            end, after = _before_line_break(raw, start, closing), closing + len(_TEXT_END)
        else:  # <TEXT> without end: up to the next document, or to the end of what there is
            after = len(raw) if following < 0 else following
            end = _without_closing(raw, start, after)
        documents.append(_document(raw, position, text, start, end))
        position = _line_start(raw, _DOCUMENT, after)
    return documents


def _next_document(raw: bytes, start: int, end: int) -> int:
    """Where a document begins between two offsets: its tag alone on a line, its type on the next; -1 when none does."""
    here = _line_start(raw, _DOCUMENT, start, end)
    while here >= 0 and not _BEFORE_TYPE.match(raw, here + len(_DOCUMENT)):
        here = _line_start(raw, _DOCUMENT, here + 1, end)
    return here


def _closing(raw: bytes, start: int) -> int:
    """Where the `</TEXT>` is that `</DOCUMENT>` follows (exhibits quote such tags); -1 when there is none."""
    here = raw.find(_TEXT_END, start)
    while here >= 0:
        rest = raw[here + len(_TEXT_END) : here + len(_TEXT_END) + 64].lstrip(_BLANK)
        if rest.startswith(_DOCUMENT_END) or not rest:
            return here
        here = raw.find(_TEXT_END, here + 1)
    return -1


def _without_closing(raw: bytes, start: int, end: int) -> int:
    """The end of a content that nothing closes: before what closes the document or the submission, if they do."""
    stripped = raw[start:end].rstrip(_BLANK)
    for mark in (*_CLOSING, _DOCUMENT_END):
        if stripped.endswith(mark):
            stripped = stripped[: -len(mark)].rstrip(_BLANK)
    return start + len(stripped)


def _document(raw: bytes, head: int, head_end: int, start: int, end: int) -> Document:
    tags = _tags(raw[head:head_end])
    start, end = _unwrap(raw, start, end)
    content: bytes | memoryview = memoryview(raw)[start:end]
    encoding = "text"
    if uuencode.begins(content) is not None:
        content, encoding = uuencode.decode(content), "uuencode"
    return Document(
        type=tags.get("TYPE", ""),
        sequence=tags.get("SEQUENCE", ""),
        filename=tags.get("FILENAME", ""),
        description=tags.get("DESCRIPTION", ""),
        encoding=encoding,
        content=content,
    )


def _unwrap(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """The content without the tags that wrap it (`<XML>` … `</XML>`), which are not part of the filed file."""
    head = raw[start : min(end, start + 256)]
    blanks = len(head) - len(head.lstrip(_BLANK))
    for opening, closing in _WRAPPERS.items():
        if head.startswith(opening, blanks):
            inner = _after_line_break(raw, start + blanks + len(opening))
            last = raw.rfind(closing, inner, end)
            return inner, _before_line_break(raw, inner, last) if last >= inner else max(inner, end)
    return start, end


def _tags(head: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _TAG_LINE.findall(head):
        found.setdefault(name.decode(), header_module.text(value).strip())
    return found


def _line_start(raw: bytes, mark: bytes, position: int, end: int | None = None) -> int:
    """The first occurrence of `mark` at the start of a line, from `position` on; -1 when there is none."""
    here = raw.find(mark, position, end)
    while here > 0 and raw[here - 1] not in b"\r\n":
        here = raw.find(mark, here + 1, end)
    return here


def _after_line_break(raw: bytes, position: int) -> int:
    """Past the rest of the tag's line when it is blank, else right here (content may follow a tag at once)."""
    here = position
    while raw[here : here + 1] in (b" ", b"\t"):
        here += 1
    if raw.startswith(b"\r\n", here):
        return here + 2
    return here + 1 if raw[here : here + 1] in (b"\n", b"\r") else position


def _before_line_break(raw: bytes, start: int, end: int) -> int:
    if end - 2 >= start and raw[end - 2 : end] == b"\r\n":
        return end - 2
    return end - 1 if end - 1 >= start and raw[end - 1 : end] in (b"\n", b"\r") else end
