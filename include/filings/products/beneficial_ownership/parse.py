"""Schedules 13D and 13G into rows: as XML since December 2024, by the labels of their cover pages before."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from filings.edgar.document import Document
from filings.edgar.page import Block, NotAPage, blocks, is_html, text_of
from filings.edgar.xml_tree import Fault, NotXml, is_xml, tree
from filings.products import Rows, Submission, Unusable, problem
from filings.products.beneficial_ownership import schedule_text, schedule_xml

_BARS = re.compile(r"(\(\s*[abAB]\s*\))\s*\|\s?([xX]?)\s?\|")  # boxes to check
_FRAME = re.compile(r"\||^- (?=-)|[-=]{3,}|(?<=\s)\+(?=[-=\s])", re.MULTILINE)  # boxes around rows
_BREAK = "\ue000"  # no character of a document: of private use
_BREAK_TAG = b"&#xE000;<br>"
_BREAKS = re.compile(rb"<br\b[^>]{0,40}>(?:(?:\s|&nbsp;|&#160;)*<br\b[^>]{0,40}>)*", re.IGNORECASE)
_HIGH = re.compile(  # the number of a note
    rb"<(?:sup\b[^<>]{0,300}|(?:span|font)\b[^<>]{0,300}(?:vertical-align:\s{0,9}super|top:\s{0,9}-\d)[^<>]{0,300})>"
    rb"(\s{0,9}(?:<[^<>]{1,200}>\s{0,9}){0,3}[\d,]{1,5}(?:\s{0,9}</[^<>]{1,20}>){0,3}\s{0,9})</(?:sup|span|font)>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?(?:page|table|caption|s|c|fn)>", re.IGNORECASE)


def parse(submission: Submission) -> Rows:
    """The rows of a schedule."""
    if not submission.documents:
        raise Unusable("the submission has no document")
    document = next((each for each in submission.documents if is_xml(each)), submission.documents[0])
    if is_xml(document):
        faults: list[Fault] = []
        try:
            root = tree(document, faults)
        except NotXml as error:
            raise Unusable(str(error)) from error
        for fault in faults:
            yield problem(*fault)
        yield from schedule_xml.rows(root, submission.form)
        return
    raw = bytes(document.content)
    hypertext = is_html(document, raw)
    if hypertext:
        document = Document(document.type, document.sequence, document.filename, "", "text", _marked(raw))
    try:
        page = blocks(document)
    except NotAPage as error:
        raise Unusable(str(error)) from error
    lines = list(_lines(page)) if hypertext else _typed(raw).splitlines()
    for block in page:
        block.text = block.text.replace(_BREAK, "")
    text = "\n".join(block.text.replace("\t", "  ") for block in page) if hypertext else "\n".join(lines)
    yield from schedule_text.rows(page, text, lines, submission)


def _marked(raw: bytes) -> bytes:
    """HTML whose line breaks outlast its blocks, and whose notes set high stand in brackets, not in a number."""
    noted = _HIGH.sub(rb"<sup>(\1)</sup>", raw)
    return _BREAKS.sub(lambda match: match[0] if match[0].lower().count(b"<br") > 1 else _BREAK_TAG, noted)


def _lines(page: list[Block]) -> Iterator[str]:
    """HTML line by line, an empty one between its blocks; of a row of a table the lines of its cells side by side."""
    for block in page:
        yield ""
        marker = f"{block.marker} " if block.marker else ""
        for row in f"{marker}{block.text}".splitlines():
            for cells in zip_longest(*(cell.split(_BREAK) for cell in row.split("\t")), fillvalue=""):
                yield "\t".join(cell.strip() for cell in cells)


def _typed(raw: bytes) -> str:
    """A typewritten document as it stands, without the frames around its boxes."""
    text = _BARS.sub(lambda match: f"{match[1]} [{match[2].strip()}]", _TAG.sub(" ", text_of(raw)))
    return _FRAME.sub(lambda match: " " * len(match[0]), text.expandtabs())
