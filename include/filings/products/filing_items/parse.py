"""The items of a filing as rows: its main documents' pages, cut where the items begin and end.

What the header of an 8-K or the table of contents names and the page has not is a problem, never silently absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from filings.edgar.page import NotAPage, blocks
from filings.edgar.page_block import APART, Block, words
from filings.products import Document, NothingHere, Rows, Submission, Unusable, problem
from filings.products.filing_items.choice import Key
from filings.products.filing_items.find import Found, find
from filings.products.filing_items.lines import cut
from filings.products.filing_items.spans import Item
from filings.products.filing_items.standard import EIGHT_K, Form, form_of

_REFERENCE = re.compile(r"incorporat\w*\b.{0,80}?\breference", re.IGNORECASE | re.DOTALL)
_LONGEST_TITLE = 400
_SHORT = 2500  # characters; an item that is more than a reference is longer


def parse(submission: Submission) -> Rows:
    """The items of a filing.

    Raises:
        Unusable: when it is no such form, or has no page to read.
        NothingHere: when its pages have no item, and nothing says that they should.
    """
    form = form_of(submission.form)
    if form is None:
        raise Unusable("it is no form with items: 8-K, 10-K, 10-Q and their kinds are (--form says which it is)")
    filed = str(submission.header.get("filing_date", ""))
    left = [str(item) for item in submission.header.get("items") or ()] if form is EIGHT_K else []
    have: set[Key] = set()
    missing: dict[Key, str] = {}
    refusals = []
    pages = number = 0
    for document in _mains(submission):
        try:
            page = blocks(document)
        except NotAPage as error:
            refusals.append(str(error))
            continue
        pages += 1
        found = find(page, form, filed, left)
        missing.update(found.missing)
        for item, text, starts in _texts(page, found):
            have.update(item.keys)
            for row in _rows(item, form, filed):
                number += 1
                yield "items", {"item_sk": number, "form": submission.form, **_place(document, text, starts), **row}
        left = [item for item in left if ("", item) not in have]
    if not pages:
        raise Unusable("; ".join(refusals) or "it has no document")
    if not number and not missing and not left:
        raise NothingHere("no heading of an item was found")
    for (part, item_number), title in missing.items():
        if (part, item_number) not in have:
            yield problem(f"contents: part {part} item {item_number}", title, "no heading of the filing is it")
    for item_number in left:
        yield problem(f"header: item {item_number}", item_number, "no heading of the filing names it")


def _mains(submission: Submission) -> list[Document]:
    """The documents that are of the form's type, each once; the first one where none says it is."""
    kind = submission.form.upper().removesuffix("/A")
    mains = [one for one in submission.documents if one.type.upper().removesuffix("/A") == kind]
    found = {one.sha256: one for one in reversed(mains or submission.documents[:1])}
    return list(found.values())[::-1]


def _texts(page: list[Block], found: Found) -> Iterator[tuple[Item, str, int]]:
    """The items with their texts, and where those begin in the page's text (-1 where they are not one piece of it)."""
    lines = found.lines
    spans = [(item, ((item.first, item.last), *item.more)) for item in found.items]
    bounds = {bound for _, parts in spans for part in parts for bound in part if bound < len(lines)}
    pieces, where = cut(page, [(lines[bound].block, lines[bound].row) for bound in bounds])
    at = {bound: where[lines[bound].block, lines[bound].row] for bound in bounds}
    whole = words(page)
    starts = [0]
    for block in page:
        starts.append(starts[-1] + (len(said) + len(APART) if (said := block.said) else 0))
    for item, parts in spans:
        text = APART.join(words(pieces[at[first] : at.get(last, len(pieces))]) for first, last in parts)
        yield item, text, whole.find(text, starts[lines[item.first].block]) if text else -1


def _place(document: Document, text: str, starts: int) -> dict[str, Any]:
    short = len(text) < _SHORT
    return {
        "document": document.filename or document.sequence,
        "starts": starts if starts >= 0 else None,
        "ends": starts + len(text) if starts >= 0 else None,
        "incorporated_by_reference": short and _REFERENCE.search(text) is not None,
        "text": text,
    }


def _rows(item: Item, form: Form, filed: str) -> Iterator[Mapping[str, Any]]:
    heading = item.heading
    for part, number in item.keys:
        known = heading.known if heading.known is not None and heading.known.number == number else None
        known = known or form.default(number, part, filed)
        yield {
            "part": part,
            "item": number,
            "title": heading.title[:_LONGEST_TITLE],
            "standard_title": known.words if known else "",
            "cut_by_page": item.by_page,
            "combined_with": " ".join(other for _, other in item.keys if other != number),
        }
