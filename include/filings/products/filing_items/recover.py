"""Items that the contents name and that no line of the page heads: other evidence for where they begin.

Some filers write an item's title without its number, some have the number only in the running head of the page, and a
few begin the statements of a 10-Q with no heading at all, where only the link of the contents leads to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from filings.edgar.page_block import Block
from filings.products.filing_items.choice import Key, rank
from filings.products.filing_items.headings import Heading, numbers_of
from filings.products.filing_items.lines import Line
from filings.products.filing_items.standard import Form
from filings.products.filing_items.titles import like, plain

_LONGEST_HEADING = 120
_NAMED = re.compile(r"items?\s*(\d{1,2}[A-C]?)\b[\s.:–—-]*", re.IGNORECASE)


class Recovery:
    """What a page has beside headings: running heads, titles alone, targets of the contents' links."""

    def __init__(
        self,
        blocks: Sequence[Block],
        lines: Sequence[Line],
        form: Form,
        tables: Sequence[Sequence[Heading]],
        targets: Sequence[int],
    ) -> None:
        self._lines = lines
        self._form = form
        self._heads = _running(blocks, form)
        self._first = tables[0][-1].last + 1 if tables else 0
        self._listed = {line for run in tables for line in range(run[0].line, run[-1].last + 1)}
        self._targets = [line for line in targets if line not in self._listed]

    def heading(self, entry: Heading, key: Key, taken: Sequence[Heading]) -> Heading | None:
        """Where an item of the contents begins between those that are found, or None."""
        place = rank(key, self._form)
        before = [one.last + 1 for one in taken if rank(one.keys[-1], self._form) < place]
        behind = [one.line for one in taken if rank(one.keys[0], self._form) > place]
        first = max([*before, self._first], default=0)
        last = min((line for line in behind if line >= first), default=len(self._lines))
        position = self._by_title(entry, first, last)
        if position is None:
            position = self._by_head(key, first, last)
        if position is None:
            position = self._by_link(entry, first, last, alone=not before)
        if position is None and not before:
            position = self._by_kind(entry, first, last)
        if position is None or any(one.line == position for one in taken):
            return None
        told = like(self._lines[position].text, entry.title)
        end = position if told else position - 1
        return Heading(position, end, (key[1],), key[0], entry.title, entry.known, 1.0, named=False, keys=(key,))

    def from_its_running_head(self, heading: Heading) -> None:
        """Let the first item begin on the page whose running head is the first to name it."""
        position = self._by_head(heading.keys[0], self._first, heading.line)
        if position is not None:
            heading.line, heading.last = position, position - 1

    def by_words(self, number: str, taken: Sequence[Heading]) -> Heading | None:
        """An item of an 8-K's header, where a heading says the form's words for it and no number."""
        lines = {one.line for one in taken}
        for title in self._form.by_number.get(number, ()):
            for position, line in enumerate(self._lines):
                if line.strong and position not in lines and like(line.text, title.words):
                    return Heading(position, position, (number,), "", line.text, title, 1.0, keys=(("", number),))
        return None

    def _by_title(self, entry: Heading, first: int, last: int) -> int | None:
        places = [position for position in range(first, last) if position not in self._listed]
        for position in places:
            line = self._lines[position]
            if line.opens and (line.strong or line.text.isupper()) and like(line.text, entry.title):
                return position
        for position in places:
            line = self._lines[position]
            if line.opens and len(line.text) < len(entry.title) + 4 and like(line.text, entry.title):
                return position
        return None

    def _by_head(self, key: Key, first: int, last: int) -> int | None:
        for block, number in self._heads:
            if number == key[1]:
                position = next((p for p in range(first, last) if self._lines[p].block > block), None)
                if position is None or position in self._listed:
                    continue
                if position > first or not first or self._lines[position - 1].block < block:
                    return position
        return None

    def _by_link(self, entry: Heading, first: int, last: int, alone: bool) -> int | None:
        between = [target for target in self._targets if first <= target < last]
        if alone and between:
            return between[0]
        for target in between:
            near = " ".join(line.text for line in self._lines[target : target + 3]).lower()
            words = [word for word in plain(entry.title).split() if len(word) > 3]
            if words and sum(word in near for word in words) * 2 > len(words):
                return target
        return between[0] if len(between) == 1 else None

    def _by_kind(self, entry: Heading, first: int, last: int) -> int | None:
        """Where the first item begins with what it holds, such as the statements of a 10-Q."""
        known = entry.known.pattern if entry.known is not None else None
        for position in range(first, last):
            line = self._lines[position]
            if known is not None and line.strong and len(line.text) <= _LONGEST_HEADING and known.match(line.text):
                return position
        return None


def _running(blocks: Sequence[Block], form: Form) -> list[tuple[int, str]]:
    """The page breaks whose running head names one item, and which."""
    found = []
    for position, block in enumerate(blocks):
        if block.kind != "page_break" or "tem" not in block.text.lower():
            continue
        numbers = set()
        for match in _NAMED.finditer(block.text):
            for number in numbers_of(match[1], form):
                if form.match(number, block.text[match.end() :]) is not None:
                    numbers.add(number)
        if len(numbers) == 1:
            found.append((position, numbers.pop()))
    return found
