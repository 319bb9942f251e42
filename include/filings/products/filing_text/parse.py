"""The words of a main document, in reading order, as plain text."""

from __future__ import annotations

from filings.edgar.page import NotAPage, blocks
from filings.edgar.page_block import words
from filings.products import NothingHere, Rows, Submission, Unusable


def parse(submission: Submission) -> Rows:
    """The row of a filing."""
    if not submission.documents:
        raise Unusable("the submission has no document")
    document = submission.documents[0]
    try:
        text = words(blocks(document))
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
