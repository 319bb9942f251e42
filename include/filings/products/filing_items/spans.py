"""Where an item ends: before the next one, the next part, or the signatures; without what the page puts at its foot."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from filings.products.filing_items.choice import Key
from filings.products.filing_items.headings import Heading, part_of
from filings.products.filing_items.lines import Line
from filings.products.filing_items.standard import Form
from filings.products.filing_items.titles import are_of_titles

_SIGNATURES = re.compile(r"\W*s\s?i\s?g\s?n\s?a\s?t\s?u\s?r\s?e\s?(?:s|\(s\))?(?:\s+page)?\W*", re.IGNORECASE)
_SIGNED = re.compile(
    r"pursuant to the requirements?|in accordance with|has duly caused|signed on its behalf", re.IGNORECASE
)
_BEGINS_SIGNED = re.compile(
    r"\W*(?:signatures?\W+)?(?:pursuant to the requirements? of|in accordance with) (?:section|the securities)\b"
    r".*\b(?:signed|caused)",
    re.IGNORECASE | re.DOTALL,
)
_INDEX = re.compile(r"\W*(?:exhibits?\s+index|index\s+(?:to|of)\s+exhibits?)\W*", re.IGNORECASE)
_CONTENTS = re.compile(r"\W*table of contents\W*", re.IGNORECASE)
_SECTION = re.compile(r"\W*section\s+\d\b.{0,90}", re.IGNORECASE)
_FURNITURE = re.compile(
    r"\W*(?:table of contents|index|back to (?:top|contents)|<page>)?\W*(?:\(?continued\)?)?\W*", re.IGNORECASE
)
_RUNNING = re.compile(
    r"\W*parts? [IV]+ and [IV]+\W*|\d{1,3}\W+.{0,70}\b(?:annual report|form 10-[kq])\b[^.]{0,30}"
    r"|.{0,60}\b(?:annual report|form 10-[kq])\b[^.]{0,30}\W\d{1,3}",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\W*(?:none|not applicable|n/?a)\W*", re.IGNORECASE)
_STATEMENTS = re.compile(
    r"(?:consolidated|combined)?\W*(?:income statements?|balance sheets?|statements? of|report of independent"
    r"|independent auditor|index to|financial statements)",
    re.IGNORECASE,
)
_NEAR = 6  # lines between SIGNATURES and the words that tell that they are
_AT_LEAST = 20  # lines of statements behind an item that says "none"
_LONGEST_TAIL = 100
_ORDER = ("", "I", "II", "III", "IV")


@dataclass(slots=True)
class Item:
    """An item of a page.

    Args:
        keys: part and number; more than one where a filer combines items.
        heading: what heads it.
        first, last: its lines, `last` not included.
        more: further lines of it that stand elsewhere, likewise.
        by_page: whether it is what stands on the pages that an index names.
    """

    keys: tuple[Key, ...]
    heading: Heading
    first: int
    last: int
    more: tuple[tuple[int, int], ...] = ()
    by_page: bool = False


def items(page: Sequence[Line], taken: Sequence[Heading], form: Form, stops: Sequence[int] = ()) -> list[Item]:
    """The items that headings begin, each to its end.

    Args:
        page: the lines.
        taken: the headings in the page's order.
        form: whose items they are.
        stops: lines where a table of contents begins, which belongs to no item.
    """
    found = []
    for heading, following in zip(taken, [*taken, None][1:], strict=True):
        last = len(page) if following is None else following.line
        last = min((stop for stop in stops if heading.last < stop < last), default=last)
        last = _end(page, heading, last, form, final=following is None)
        if following is not None:
            last = _without_title(page, heading, last, following, form)
        found.append(Item(heading.keys, heading, heading.line, last))
    return found


def signs(page: Sequence[Line], position: int) -> bool:
    """Whether the signatures begin with a line."""
    line = page[position]
    if len(line.text) < 24 and _SIGNATURES.fullmatch(line.text):
        near = " ".join(one.text for one in page[position + 1 : position + 1 + _NEAR])
        return _SIGNED.search(near) is not None
    return line.opens and len(line.text) < 600 and _BEGINS_SIGNED.match(line.text) is not None


def _end(page: Sequence[Line], heading: Heading, last: int, form: Form, final: bool) -> int:
    """Where an item ends that the next one, or the page, ends at the latest."""
    exhibits = "xhibit" in (heading.known.words if heading.known is not None else heading.title)
    for position in range(heading.last + 1, last):
        line = page[position]
        if len(line.text) > 600:
            continue
        if signs(page, position) or _is_later_part(line, heading):
            last = position
            break
        if (
            final
            and line.opens
            and (
                (_INDEX.fullmatch(line.text) and not exhibits)
                or (exhibits and form.ordered and _CONTENTS.fullmatch(line.text))
            )
        ):
            last = position
            break
    if _holds_nothing(page, heading, last):
        last = heading.last + 2
    while last > heading.last + 1 and _is_tail(page[last - 1], form):
        last -= 1
    return last


def _without_title(page: Sequence[Line], heading: Heading, last: int, following: Heading, form: Form) -> int:
    """An item's end without the title of the next one, where that stands over its number."""
    while last > heading.last + 2:
        line = page[last - 1]
        looks = line.strong or line.text.isupper()
        if not looks or len(line.text) > _LONGEST_TAIL or not are_of_titles(line.text, form, following.numbers):
            break
        last -= 1
    return last


def _is_later_part(line: Line, heading: Heading) -> bool:
    part = part_of(line)
    mine = heading.keys[-1][0]
    return bool(part and mine) and _ORDER.index(part) > _ORDER.index(mine)


def _holds_nothing(page: Sequence[Line], heading: Heading, last: int) -> bool:
    """Whether an item says "none" and only the statements of the item before it stand behind that."""
    first = heading.last + 1
    if last - first < _AT_LEAST or not _NOTHING.fullmatch(page[first].text):
        return False
    return any(_STATEMENTS.search(line.text) for line in page[first + 1 : first + 6])


def _is_tail(line: Line, form: Form) -> bool:
    """Whether a line at an item's end belongs to what follows, or to the page."""
    text = line.text
    if len(text) > _LONGEST_TAIL:
        return False
    if line.is_page_number or _FURNITURE.fullmatch(text) or _RUNNING.fullmatch(text) or part_of(line):
        return True
    return form.name == "8-K" and _SECTION.fullmatch(text) is not None
