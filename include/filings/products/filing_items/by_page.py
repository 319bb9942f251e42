"""Items of an annual report that has no items: an index at its front or end says on which pages each one stands.

Some large filers write their report as they like and add a "Form 10-K cross reference index". What an item is then is
what stands on those pages, from the item's title on where it is there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from filings.edgar.page_block import Block
from filings.products.filing_items.choice import Key
from filings.products.filing_items.contents import says_nothing
from filings.products.filing_items.headings import Heading
from filings.products.filing_items.lines import Line
from filings.products.filing_items.spans import Item, signs
from filings.products.filing_items.titles import like, plain

_RANGE = r"\d{1,3}(?:\s*[-–—]\s*\d{1,3})?"
_RANGES = re.compile(rf"({_RANGE}(?:\s*(?:,|;|and)\s*{_RANGE})*)(?:\s*,?\s*\([a-z]\))*\s*$")
_NUMBER = re.compile(r"(?<![\w.,$-])\d{1,3}(?![\w.,%-])")
_SKIPPED = 3  # pages in a row that may have no foot
_LONGEST_FOOT = 80
_MOST_ROWS = 8  # of an index that belong to one item


def items_of(
    blocks: Sequence[Block], lines: Sequence[Line], index: Sequence[Heading], wanted: dict[Key, Heading]
) -> list[Item]:
    """The items whose pages an index names.

    Args:
        blocks, lines: the page.
        index: the index' entries, in its order.
        wanted: the items to look for, with their entries.
    """
    pages = _pages(blocks, lines)
    found = []
    for key, entry in wanted.items():
        spans = _spans(pages, _named(lines, index, entry))
        if not spans:
            continue
        first, last = spans[0]
        titled = next((p for p in range(first, last) if _heads(lines[p], entry)), None)
        begin = first if titled is None else titled
        if titled is not None and len(spans) == 1:
            others = [other for other in index if other is not entry]
            behind = max(begin + 1, pages[max(page for page in pages if pages[page][1] <= last)][0])
            last = next((p for p in range(behind, last) if any(_heads(lines[p], other) for other in others)), last)
        heading = Heading(begin, begin - 1, (key[1],), key[0], entry.title, entry.known, 1.0, named=False, keys=(key,))
        found.append(Item((key,), heading, begin, last, tuple(spans[1:])))
    return found


def _heads(line: Line, entry: Heading) -> bool:
    """Whether a line is an entry's title, or a paragraph that begins with it in capitals or bold."""
    if not line.opens:
        return False
    if plain(line.text) == plain(entry.title) or (
        (line.strong or line.text.isupper()) and like(line.text, entry.title)
    ):
        return True
    start = line.text[: len(entry.title)]
    return len(start) > 6 and (start.isupper() or line.lead >= len(start)) and plain(start) == plain(entry.title)


def _pages(blocks: Sequence[Block], lines: Sequence[Line]) -> dict[int, tuple[int, int]]:
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


def _named(lines: Sequence[Line], index: Sequence[Heading], entry: Heading) -> list[tuple[int, int]]:
    """The pages that the rows of an entry name, from and to."""
    if says_nothing(lines, entry) and _RANGES.search(lines[entry.line].text) is None:
        return []
    later = [other.line for other in index if other.line > entry.line]
    end = min([*later, entry.line + _MOST_ROWS, len(lines)])
    found = []
    for line in lines[entry.line : end]:
        if line.text.lower().startswith("signature"):
            break
        match = _RANGES.search(line.text)
        if match is None or (line.kind != "table" and not line.text[: match.start()].strip()):
            continue
        for one in re.findall(_RANGE, match[1]):
            bounds = [int(number) for number in re.findall(r"\d+", one)]
            if bounds[0] <= bounds[-1]:
                found.append((bounds[0], bounds[-1]))
    return found


def _spans(pages: dict[int, tuple[int, int]], named: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The lines of pages, in order and joined where one goes on with the other."""
    wanted = sorted({number for first, last in named for number in range(first, last + 1)} & pages.keys())
    found: list[tuple[int, int]] = []
    for number in wanted:
        first, last = pages[number]
        if found and found[-1][1] == first:
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return found
