"""The words of a main document, in reading order, as plain text."""

from __future__ import annotations

from collections.abc import Iterator

from filings.edgar.page import Block, NotAPage, blocks
from filings.products import NothingHere, Rows, Submission, Unusable


def parse(submission: Submission) -> Rows:
    """The row of a filing."""
    if not submission.documents:
        raise Unusable("the submission has no document")
    document = submission.documents[0]
    try:
        text = "\n\n".join(_said(blocks(document)))
    except NotAPage as error:
        if error.kind:
            raise NothingHere(f"its main document is {error.kind}") from error
        raise Unusable(str(error)) from error
    if not any(map(str.isalnum, text)):
        raise Unusable(f"{document.filename or document.type} has no words")
    row = {
        "position": 1,
        "type": document.type,
        "filename": document.filename,
        "title": document.description,
        "characters": len(text),
        "words": len(text.split()),
        "text": text,
    }
    yield "documents", row


def _said(page: list[Block]) -> Iterator[str]:
    """The blocks as text; what pages repeat at head and foot is left out."""
    for block in page:
        if block.kind in ("page_break", "rule"):
            continue
        text = block.layout or block.text
        yield f"{block.marker} {text}" if block.marker else text
