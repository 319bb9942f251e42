"""The items of a page: which there are, and from which line to which."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from filings.edgar.page_block import Block
from filings.products.filing_items import contents
from filings.products.filing_items.by_page import items_of
from filings.products.filing_items.choice import Key, chosen
from filings.products.filing_items.headings import Heading, heading_at, part_of, sentence_at
from filings.products.filing_items.lines import Line, lines, targets
from filings.products.filing_items.recover import Recovery
from filings.products.filing_items.spans import Item, items, signs
from filings.products.filing_items.standard import RENUMBERED, Form

_AT_TARGET = 4.0  # what a link of the contents that leads to it adds to a heading's score
_LEADS_ON = 6.0  # what a link in it takes: contents lead on, a heading at most back
_AFTER_SIGNATURES = 3.0  # what a heading behind the signatures loses: exhibits have items too
_OUT_OF_DATE = 1.5  # what a title takes that its number has no more
_REACH = 3  # lines between a link's target and the heading that it means


@dataclass(slots=True)
class Found:
    """The items of a page, its lines, and the items that its contents or header name and that it has not."""

    items: list[Item]
    lines: list[Line]
    missing: list[tuple[Key, str]]


def find(blocks: Sequence[Block], form: Form, filed: str, named: Sequence[str] = ()) -> Found:
    """The items of a page.

    Args:
        blocks: of the page.
        form: whose items it has.
        filed: the filing date YYYYMMDD, empty when unknown.
        named: the items that the submission's header names.
    """
    page = lines(blocks)
    headings = _keyed(page, _headings(page, form, filed), form, filed)
    _without_dates(headings, form, filed)
    _link(blocks, page, headings)
    tables = contents.runs(page, headings, form)
    listed = {id(heading) for run in tables for heading in run}
    body = [heading for heading in headings if id(heading) not in listed]
    links = {link for run in tables for one in run for line in page[one.line : one.last + 1] for link in line.links}
    ends = targets(blocks, page, links)
    _weigh(page, body, ends)
    entries = {key: heading for run in reversed(tables) for heading in run for key in heading.keys}
    taken = chosen(body, form, set(entries))
    for sentence in _sentences(page, form, filed):
        if not any(key in heading.keys for heading in taken for key in sentence.keys):
            taken.append(sentence)
    have = {key for heading in taken for key in heading.keys}
    recovery = Recovery(blocks, page, form, tables, ends)
    taken += [one for number in named if ("", number) not in have and (one := recovery.by_words(number, taken))]
    lacking = {key: entry for key, entry in entries.items() if key not in have}
    found = []
    if lacking and len(lacking) * 5 >= len(entries) * 3:
        found = items_of(blocks, page, [heading for run in tables for heading in run], lacking)
    if not found:
        for key, entry in lacking.items():
            heading = recovery.heading(entry, key, taken)
            if heading is not None:
                taken.append(heading)
    taken.sort(key=lambda one: one.line)
    if taken and tables:
        recovery.from_its_running_head(taken[0])
    found += items(page, taken, form, [run[0].line for run in tables])
    shown = {key for item in found for key in item.keys}
    left = {key: entry for key, entry in lacking.items() if key not in shown}
    empty = {key: entry for key, entry in left.items() if contents.says_nothing(page, entry)}
    found += [Item((key,), entry, entry.line, entry.last + 1) for key, entry in empty.items()]
    found.sort(key=lambda item: item.first)
    return Found(found, page, [(key, entry.title) for key, entry in left.items() if key not in empty])


def _headings(page: Sequence[Line], form: Form, filed: str) -> list[Heading]:
    found = []
    for position, line in enumerate(page):
        start = line.text[:40].lower()
        if "tem" in start or (start[:1].isdigit() and form.ordered):
            heading = heading_at(page, position, form, bare=form.ordered)
            if heading is not None:
                found.append(heading)
    return _of_its_time(found, filed) if not form.ordered else found


def _sentences(page: Sequence[Line], form: Form, filed: str) -> Iterator[Heading]:
    """What settles items of a part in a sentence under the heading of that part."""
    part = ""
    for position, line in enumerate(page if form.ordered else ()):
        part = part_of(line) or part
        if not part or "tems" not in line.text[:80].lower():
            continue
        heading = sentence_at(page, position, form)
        if heading is None:
            continue
        its = heading.part or part
        known = [form.default(number, its, filed) for number in heading.numbers]
        if all(title is not None and title.part == its for title in known):
            heading.keys = tuple((its, number) for number in heading.numbers)
            yield heading


def _without_dates(headings: Sequence[Heading], form: Form, filed: str) -> None:
    """Take from the score of a heading whose title its number had before the filing's time and has no more."""
    for heading in headings:
        known = heading.known
        now = form.default(known.number, known.part, filed) if known is not None else None
        if known is not None and now is not None and known.since < now.since:
            heading.score -= _OUT_OF_DATE


def _of_its_time(headings: list[Heading], filed: str) -> list[Heading]:
    """Of an 8-K the items as they were numbered when it was filed."""
    new = [heading for heading in headings if "." in heading.numbers[0]]
    if filed:
        return new if filed >= RENUMBERED else [heading for heading in headings if "." not in heading.numbers[0]]
    return new or headings


def _keyed(page: Sequence[Line], headings: list[Heading], form: Form, filed: str) -> list[Heading]:
    """The headings with their keys: a title tells the part, else the last heading of a part does."""
    parts = [(position, part) for position, line in enumerate(page) if (part := part_of(line))]
    place, part = 0, ""
    for heading in headings:
        while place < len(parts) and parts[place][0] <= heading.line:
            part = parts[place][1]
            place += 1
        keys = []
        for number in heading.numbers:
            known = heading.known if heading.known is not None and heading.known.number == number else None
            if known is None:
                known = form.default(number, heading.part or (part if form.parts else ""), filed)
            keys.append((known.part if known else heading.part or part, number))
        heading.keys = tuple(keys)
        part = keys[-1][0] or part
    return headings


def _link(blocks: Sequence[Block], page: Sequence[Line], headings: Sequence[Heading]) -> None:
    """Say of headings whether a link in them leads on."""
    places: dict[str, int] = {}
    for position, block in enumerate(blocks):
        for anchor in block.anchors:
            places.setdefault(anchor, position)
    for heading in headings:
        heading.leads = any(
            places.get(link, -1) > line.block for line in page[heading.line : heading.last + 1] for link in line.links
        )


def _weigh(page: Sequence[Line], body: list[Heading], ends: Sequence[int]) -> None:
    """Add to the headings' scores what the links and the signatures tell.

    Args:
        page: the lines.
        body: the headings outside the contents.
        ends: the lines to which the links of the contents lead.
    """
    for end in ends:
        heading = next((one for one in body if one.line >= end), None)
        if heading is not None and heading.line - end <= _REACH:
            heading.score += _AT_TARGET
    first = body[0].line + 1 if body else len(page)
    signed = next((position for position in range(first, len(page)) if signs(page, position)), len(page))
    for heading in body:
        if heading.leads:
            heading.score -= _LEADS_ON
        if heading.line > signed:
            heading.score -= _AFTER_SIGNATURES
