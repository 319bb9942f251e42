"""The items of a filing as rows: its main documents' pages, cut where the items begin and end.

What the header of an 8-K or the table of contents names and the page has not is a problem, never silently absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.page import NotAPage, blocks
from filings.edgar.page_block import Block
from filings.products import Document, Row, Rows, Submission, Unusable, problem
from filings.products.filing_items.find import find
from filings.products.filing_items.lines import cut
from filings.products.filing_items.spans import Item
from filings.products.filing_items.standard import EIGHT_K, Form, form_of

_REFERENCE = re.compile(r"incorporat\w*\b.{0,80}?\breference", re.IGNORECASE | re.DOTALL)
_SHORT = 2500  # characters; an item that is more than a reference is longer


def parse(submission: Submission) -> Rows:
    """The items of a filing.

    Raises:
        Unusable: when it is no such form, or has no page to read.
    """
    form = form_of(submission.form)
    if form is None:
        raise Unusable("it is no form with items: 8-K, 10-K, 10-Q and their kinds are")
    filed = str(submission.header.get("filing_date", ""))
    named = [str(item) for item in submission.header.get("items") or ()] if form is EIGHT_K else []
    rows: list[Row] = []
    pages = 0
    seen: set[str] = set()
    refusals = []
    left = list(named)
    for document in _mains(submission):
        if document.sha256 in seen:
            continue
        seen.add(document.sha256)
        try:
            page = blocks(document)
        except NotAPage as error:
            refusals.append(str(error))
            continue
        pages += 1
        for table, row in _items(document, page, form, filed, left):
            if table == "items":
                row = {"item_sk": sum(each == "items" for each, _ in rows) + 1, "form": submission.form, **row}
                if row["item"] in left:
                    left.remove(str(row["item"]))
            rows.append((table, row))
    if not pages:
        raise Unusable("; ".join(refusals) or "it has no document")
    yield from rows
    for number in left:
        yield problem(f"header: item {number}", number, "no heading of the filing names it")


def _mains(submission: Submission) -> list[Document]:
    """The documents that are of the form's type; the first one where none says it is."""
    kind = submission.form.removesuffix("/A")
    found = [one for one in submission.documents if one.type.upper().removesuffix("/A") == kind.upper()]
    return found or submission.documents[:1]


def _items(document: Document, page: list[Block], form: Form, filed: str, named: list[str]) -> Iterator[Row]:
    found = find(page, form, filed, named)
    lines = found.lines
    spans = [(item, ((item.first, item.last), *item.more)) for item in found.items]
    bounds = {bound for _, parts in spans for part in parts for bound in part if bound < len(lines)}
    pieces, where = cut(page, [(lines[bound].block, lines[bound].row) for bound in bounds])
    at = {bound: where[lines[bound].block, lines[bound].row] for bound in bounds}
    whole = words(page)
    for item, parts in spans:
        text = "\n\n".join(words(pieces[at[first] : at.get(last, len(pieces))]) for first, last in parts)
        starts = whole.find(text) if text else -1
        yield from _rows(document, item, text, starts, form, filed)
    for (part, number), title in found.missing:
        if part:
            yield problem(f"contents: part {part} item {number}", title, "no heading of the filing is it")


def _rows(document: Document, item: Item, text: str, starts: int, form: Form, filed: str) -> Iterator[Row]:
    heading = item.heading
    short = len(text) < _SHORT
    for part, number in item.keys:
        known = heading.known if heading.known is not None and heading.known.number == number else None
        known = known or form.default(number, part, filed)
        yield (
            "items",
            {
                "part": part,
                "item": number,
                "title": heading.title,
                "standard_title": known.words if known else "",
                "starts": starts if starts >= 0 else None,
                "ends": starts + len(text) if starts >= 0 else None,
                "document": document.filename or document.sequence,
                "combined_with": " ".join(other for _, other in item.keys if other != number),
                "incorporated_by_reference": short and _REFERENCE.search(text) is not None,
                "text": text,
            },
        )


def words(blocks: list[Block]) -> str:
    """The text of blocks as `filing_text` has it: a blank line between them, without what pages repeat."""
    kept = [block for block in blocks if block.kind not in ("page_break", "rule")]
    said = [(block.marker, block.layout or block.text) for block in kept]
    return "\n\n".join(f"{marker} {text}" if marker else text for marker, text in said)
