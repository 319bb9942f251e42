"""Items of a report that has no items: an index at its front or end says on which pages each one stands.

Some large filers write their report as they like and add a "Form 10-K cross reference index". What an item is then is
what stands on those pages. A page rarely begins or ends with an item: so it begins at its title, or at the first title
that the report's own contents have on that page, and ends where another item's title stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filings.edgar.page_block import Block
from filings.products.filing_items.choice import Key
from filings.products.filing_items.contents import says_nothing
from filings.products.filing_items.headings import Heading, part_of
from filings.products.filing_items.lines import Line
from filings.products.filing_items.page_numbers import pages_of, titles_by_page
from filings.products.filing_items.spans import Item, signs
from filings.products.filing_items.titles import like, plain, without_page

_RANGE = r"\d{1,3}(?:\s*[-–—]\s*\d{1,3})?"
_RANGES = re.compile(rf"({_RANGE}(?:\s*(?:,|;|and)\s*{_RANGE})*)(?:\s*,?\s*\([a-z]\))*\s*$")
_ITEM = re.compile(r"\W*items?\s*\d{1,2}[A-C]?\W*", re.IGNORECASE)
_ANSWER = re.compile(r"\W*(?:none|not applicable|n/a)\W*", re.IGNORECASE)  # looks like a heading where it is bold
_MOST_ROWS = 8  # of an index that belong to one item
_FEW_PAGES = 3  # in a range of so many a title is looked for on all, in a longer one on its first
_LONGEST_HEADING = 120
_LEAD = 12  # characters by which the bold begin of a paragraph may be longer than a title that it is


@dataclass(slots=True)
class _Entry:
    """What an index says of an item: its titles, those of its parts among them, and its pages, from and to."""

    heading: Heading
    titles: list[str]
    ranges: list[tuple[int, int]]


class _Report:
    """A report's pages and the titles on them."""

    def __init__(self, blocks: Sequence[Block], lines: Sequence[Line], index: Sequence[Heading]) -> None:
        self.lines = lines
        self.pages = pages_of(blocks, lines)
        listed, tables = titles_by_page(lines)
        self._listed = {page: set(map(plain, titles)) for page, titles in listed.items()}
        self._tables = tables | {lines[one.line].block for one in index if lines[one.line].kind == "table"}
        self._index = {one.line for one in index}
        self.entries = [_entry(lines, index, one) for one in index]

    def entry(self, heading: Heading) -> _Entry:
        """What the index says of an item."""
        return next(entry for entry in self.entries if entry.heading is heading)

    def begin(self, entry: _Entry, numbers: Sequence[int]) -> int:
        """Where an item begins on pages that follow each other."""
        near = [(p, n) for n in (numbers if len(numbers) <= _FEW_PAGES else numbers[:1]) for p in self._body(n)]
        for position, number in near:
            if self._says(entry, position, number):
                return position
        top = self.pages[numbers[0]][0]
        first = next((p for p, n in near if n == numbers[0] and self._is_listed(p, n)), top)
        meant = next((p for p, n in near if self._means(entry, p, n)), None)
        if meant is None:
            return first
        other = next(self._others(entry, numbers[0], first), len(self.lines))
        at_top = first == top and self._is_listed(top, numbers[0])
        return first if at_top and meant < other else meant

    def end(self, entry: _Entry, begin: int, number: int) -> int:
        """Where an item ends on its last page."""
        first, last = self.pages[number]
        last = next(self._others(entry, number, begin + 1), last)
        for position in range(max(first, begin + 1), last):
            line = self.lines[position]
            if signs(self.lines, position) or line.block in self._tables or position in self._index:
                last = position
                break
        while last > begin + 1 and self._leads_over(last - 1, number):
            last -= 1
        return last

    def _others(self, entry: _Entry, number: int, after: int) -> Iterator[int]:
        """The lines of a page from one on where other items begin that the index has there."""
        others = [one for one in self.entries if one is not entry and any(number == page for page, _ in one.ranges)]
        for position in self._body(number):
            mine = position < after or self._is(entry, position, number)
            if not mine and any(self._is(other, position, number) for other in others):
                yield position

    def _body(self, number: int) -> Iterator[int]:
        """The lines of a page that are not of contents or index."""
        for position in range(*self.pages[number]):
            if self.lines[position].block not in self._tables and position not in self._index:
                yield position

    def _is(self, entry: _Entry, position: int, number: int) -> bool:
        return self._says(entry, position, number) or self._means(entry, position, number)

    def _says(self, entry: _Entry, position: int, number: int) -> bool:
        """Whether a line is one of an item's titles, or a paragraph that begins with it in capitals or bold."""
        line = self.lines[position]
        return line.opens and any(_heads(line, title) for title in entry.titles)

    def _means(self, entry: _Entry, position: int, number: int) -> bool:
        """Whether a heading is another way to say an item's title."""
        line = self.lines[position]
        known = entry.heading.known
        if known is None or not line.opens or known.pattern.match(line.text) is None:
            return False
        if self._is_listed(position, number) or 0 < line.lead <= _LONGEST_HEADING:
            return True
        return line.strong and len(line.text) <= _LONGEST_HEADING

    def _is_listed(self, position: int, number: int) -> bool:
        """Whether a line is, or begins with, a title that the contents have on that page."""
        line = self.lines[position]
        titles = self._listed.get(number, set())
        return line.opens and bool(titles.intersection((plain(line.text), plain(line.text[: line.lead]))))

    def _leads_over(self, position: int, number: int) -> bool:
        """Whether a line before an item's end is the heading of what follows."""
        line = self.lines[position]
        if line.kind in ("table", "preformatted") or len(line.text) > _LONGEST_HEADING or _ANSWER.fullmatch(line.text):
            return False
        return line.kind == "heading" or bool(part_of(line)) or plain(line.text) in self._listed.get(number, ())


def items_of(
    blocks: Sequence[Block], lines: Sequence[Line], index: Sequence[Heading], wanted: dict[Key, Heading]
) -> list[Item]:
    """The items whose pages an index names.

    Args:
        blocks, lines: the page.
        index: the index' entries, in its order.
        wanted: the items to look for, with their entries.
    """
    report = _Report(blocks, lines, index)
    found = []
    for key, heading in wanted.items():
        entry = report.entry(heading)
        spans: list[tuple[int, int]] = []
        for numbers in _runs(report, entry):
            begin = report.begin(entry, numbers)
            end = report.end(entry, begin, numbers[-1])
            if spans and begin <= spans[-1][1]:
                spans[-1] = spans[-1][0], max(end, spans[-1][1])
            else:
                spans.append((begin, end))
        if spans:
            begin, end = spans[0]
            head = Heading(begin, begin - 1, (key[1],), key[0], heading.title, heading.known, named=False, keys=(key,))
            found.append(Item((key,), head, begin, end, tuple(spans[1:]), by_page=True))
    return found


def _heads(line: Line, title: str) -> bool:
    wanted = plain(title)
    if not wanted:
        return False
    if plain(line.text) == wanted or ((line.strong or line.text.isupper()) and like(line.text, title)):
        return True
    start = line.text[: len(title)]
    if len(start) <= 6 or plain(start) != wanted:
        return False
    return start.isupper() or len(start) <= line.lead <= len(start) + _LEAD


def _entry(lines: Sequence[Line], index: Sequence[Heading], heading: Heading) -> _Entry:
    """What the rows of an index say of an item."""
    found = _Entry(heading, [heading.title], [])
    if says_nothing(lines, heading) and _RANGES.search(lines[heading.line].text) is None:
        return found
    later = [other.line for other in index if other.line > heading.line]
    for line in lines[heading.line : min([*later, heading.line + _MOST_ROWS, len(lines)])]:
        if line.text.lower().startswith("signature"):
            break
        match = _RANGES.search(line.text)
        if match is None or (line.kind != "table" and not line.text[: match.start()].strip()):
            continue
        found.titles.append(without_page(_ITEM.sub("", line.text[: match.end(1)], count=1))[0])
        for one in re.findall(_RANGE, match[1]):
            bounds = [int(number) for number in re.findall(r"\d+", one)]
            if bounds[0] <= bounds[-1]:
                found.ranges.append((bounds[0], bounds[-1]))
    return found


def _runs(report: _Report, entry: _Entry) -> Iterator[list[int]]:
    """The pages of an item, in order, those together that follow each other."""
    wanted = sorted({number for first, last in entry.ranges for number in range(first, last + 1)} & report.pages.keys())
    run: list[int] = []
    for number in wanted:
        if run and report.pages[run[-1]][1] != report.pages[number][0]:
            yield run
            run = []
        run.append(number)
    if run:
        yield run
