"""Schedules 13D and 13G into rows: as XML since December 2024, by the labels of their cover pages before."""

from __future__ import annotations

import re

from filings.edgar.page import Block, NotAPage, blocks, is_html, text_of
from filings.edgar.xml_tree import NotXml, is_xml, tree
from filings.products import Document, Rows, Submission, Unusable
from filings.products.beneficial_ownership import schedule_text, schedule_xml

_BARS = re.compile(r"(\(\s*[abAB]\s*\))\s*\|\s?([xX]?)\s?\|")  # boxes to check
_FRAME = re.compile(r"\||^- (?=-)|[-=]{3,}|(?<=\s)\+(?=[-=\s])", re.MULTILINE)  # boxes around rows
_TAG = re.compile(r"</?(?:page|table|caption|s|c|fn)>", re.IGNORECASE)


def parse(submission: Submission) -> Rows:
    """The rows of a schedule."""
    if not submission.documents:
        raise Unusable("the submission has no document")
    document = next((each for each in submission.documents if is_xml(each)), submission.documents[0])
    if is_xml(document):
        try:
            root = tree(document)
        except NotXml as error:
            raise Unusable(str(error)) from error
        yield from schedule_xml.rows(root, submission.form)
        return
    try:
        page = blocks(document)
    except NotAPage as error:
        raise Unusable(str(error)) from error
    yield from schedule_text.rows(page, _running(document, page), submission)


def _running(document: Document, page: list[Block]) -> str:
    """A document as running text: typewritten as it stands, HTML a block a line and a row of a table a line."""
    raw = bytes(document.content)
    if not is_html(document, raw):
        text = _BARS.sub(lambda match: f"{match[1]} [{match[2].strip()}]", _TAG.sub(" ", text_of(raw)))
        return _FRAME.sub(lambda match: " " * len(match[0]), text)
    return "\n".join(block.text.replace("\t", "  ") for block in page)
