"""A main document as Markdown: nothing of it is lost, and what was a heading, a list or a table still is."""

from __future__ import annotations

from filings.edgar.page import NotAPage, blocks
from filings.products import NothingHere, Rows, Submission, Unusable
from filings.products.filing_markdown.markdown import markdown


def parse(submission: Submission) -> Rows:
    """The row of a filing."""
    if not submission.documents:
        raise Unusable("the submission has no document")
    document = submission.documents[0]
    try:
        page = blocks(document)
    except NotAPage as error:
        if error.kind:
            raise NothingHere(f"its main document is {error.kind}") from error
        raise Unusable(str(error)) from error
    if not any(map(str.isalnum, "".join(block.text for block in page))):
        raise Unusable(f"{document.filename or document.type} has no words")
    text = markdown(page)
    kinds = [block.kind for block in page]
    row = {
        "position": 1,
        "type": document.type,
        "filename": document.filename,
        "title": document.description,
        "headings": kinds.count("heading"),
        "tables": kinds.count("table") + kinds.count("preformatted"),
        "pages": kinds.count("page_break"),
        "characters": len(text),
        "markdown": text,
    }
    yield "documents", row
