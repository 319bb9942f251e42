"""What stands on which page: by the numbers at the pages' feet, and by the titles that a report's contents list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from filings.edgar.page_block import Block
from filings.products.filing_items.lines import Line
from filings.products.filing_items.spans import signs
from filings.products.filing_items.titles import without_page

_NUMBER = re.compile(r"(?<![\w.,$-])\d{1,3}(?![\w.,%-])")
_SKIPPED = 3  # pages in a row that may have no foot
_LONGEST_FOOT = 80
_FEWEST_TITLES = 5  # of a table of contents
_LONGEST_TITLE = 160


def pages_of(blocks: Sequence[Block], lines: Sequence[Line]) -> dict[int, tuple[int, int]]:
    """The lines of each page by its number, which stands at its foot; a page without one follows the one before."""
    starts = [0] * (len(blocks) + 1)
    position = 0
    for place in range(len(blocks) + 1):
        while position < len(lines) and lines[position].block < place:
            position += 1
        starts[place] = position
    found: dict[int, tuple[int, int]] = {}
    last, first = 0, 0
    for place, block in enumerate(blocks):
        if block.kind != "page_break":
            continue
        end = starts[place]
        foot = [line.text for line in lines[max(first, end - 2) : end] if len(line.text) < _LONGEST_FOOT]
        numbers = [int(number) for text in (block.text, *foot) for number in _NUMBER.findall(text)]
        following = [number for number in numbers if last < number <= last + _SKIPPED]
        number = min(following) if following else last + 1 if last else 0
        if number and end > first:
            found[number] = first, end
            last = number
        if end > first:
            first = end
    if last and first < len(lines):
        found[last + 1] = first, next((one for one in range(first + 1, len(lines)) if signs(lines, one)), len(lines))
    return found


def titles_by_page(lines: Sequence[Line]) -> tuple[dict[int, list[str]], set[int]]:
    """The titles that tables of contents list, by page, and the blocks that are such tables."""
    found: dict[int, list[str]] = {}
    tables = set()
    for block, rows in groupby((line for line in lines if line.kind == "table"), key=lambda line: line.block):
        texts = [line.text for line in rows]
        titles = list(_titles(texts))
        rising = all(first <= second for (_, first), (_, second) in pairwise(titles))
        if len(titles) >= max(_FEWEST_TITLES, len(texts) // 2) and rising:
            tables.add(block)
            for title, number in titles:
                found.setdefault(number, []).append(title)
    return found, tables


def _titles(rows: Sequence[str]) -> Iterator[tuple[str, int]]:
    for row in rows:
        title, page = without_page(row)
        if page.isdigit() and len(title) <= _LONGEST_TITLE and any(map(str.isalpha, title)):
            yield title, int(page)
