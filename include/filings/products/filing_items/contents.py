"""Which of the headings stand in a table of contents, and so name an item without being its begin.

A table of contents is a run of headings with nothing but titles, page numbers or links between them. An item of a body
may be as short (`Item 6. [Reserved]`), so a run without page numbers and links counts only if its items come again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from filings.products.filing_items.choice import rank
from filings.products.filing_items.headings import Heading
from filings.products.filing_items.lines import Line
from filings.products.filing_items.standard import Form
from filings.products.filing_items.titles import without_page

_LONGEST_GAP = 60  # lines; notes and statements may be listed below an item
_LONGEST_ENTRY = 200
_FEWEST = 3
_FEWEST_TOLD = 2  # entries with a page number or a link
_NOTHING = re.compile(r"\b(?:none|not applicable|n/a|omitted|reserved)\b|\([a-z]\)\s*$", re.IGNORECASE)


def runs(lines: Sequence[Line], headings: Sequence[Heading], form: Form) -> list[list[Heading]]:
    """The tables of contents as runs of headings. Those must have their keys."""
    found: list[list[Heading]] = []
    run: list[Heading] = []
    seen: set[tuple[str, str]] = set()
    for heading in headings:
        if run and (seen.intersection(heading.keys) or not _follows(lines, run[-1], heading, form)):
            found.append(run)
            run, seen = [], set()
        run.append(heading)
        seen.update(heading.keys)
    if run:
        found.append(run)
    return [run for run in found if _is_contents(lines, run, headings)]


def _follows(lines: Sequence[Line], first: Heading, second: Heading, form: Form) -> bool:
    """Whether two headings are in the form's order, alike, and have only entries of a table of contents between."""
    if first.leads != second.leads or rank(second.keys[0], form) < rank(first.keys[0], form):
        return False
    between = lines[first.last + 1 : second.line]
    return len(between) <= _LONGEST_GAP and all(_is_entry(line) for line in between)


def _is_entry(line: Line) -> bool:
    text = line.text
    if len(text) > _LONGEST_ENTRY:
        return False
    return len(text) < 70 or bool(line.links) or bool(without_page(text)[1]) or not text.endswith(".")


def _is_contents(lines: Sequence[Line], run: Sequence[Heading], headings: Sequence[Heading]) -> bool:
    if len(run) < _FEWEST:
        return False
    told = sum(bool(heading.pages or heading.leads or _paged(lines, heading)) for heading in run)
    nothing = sum(not heading.pages and says_nothing(lines, heading) for heading in run)
    if told >= _FEWEST_TOLD and (told + nothing) * 2 >= len(run):
        return True
    members = set(map(id, run))
    again = {key for other in headings if id(other) not in members and other.line > run[-1].line for key in other.keys}
    keys = [key for heading in run for key in heading.keys]
    empty = all(second.line - first.last <= 2 for first, second in pairwise(run))
    return empty and again.issuperset(keys)


def _paged(lines: Sequence[Line], heading: Heading) -> bool:
    """Whether the page number stands on the line below, as where each cell is a line."""
    after = heading.last + 1
    return after < len(lines) and lines[after].is_page_number


def says_nothing(lines: Sequence[Line], entry: Heading) -> bool:
    """Whether an entry itself says that there is nothing, such as `Item 3. Defaults: none`."""
    return any(_NOTHING.search(line.text) for line in lines[entry.line : entry.last + 1])
