"""Which of the lines that look like an item's heading is it.

An item is named in contents, running heads and cross references too. The headings of a 10-K and 10-Q stand in the
form's order, so the surest chain of them in that order is taken (most evidence in sum); what filers put out of order is
added when it is sure by itself. An 8-K has no order that filers keep: each item is taken by itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from filings.products.filing_items.headings import Heading
from filings.products.filing_items.standard import Form

Key = tuple[str, str]

_PARTS = {"": 0, "I": 1, "II": 2, "III": 3, "IV": 4}
_SURE = 5.5  # a score that only a heading with the form's title and a heading's looks has
_LIKELY = 3.0
_MOST = 800  # headings that are weighed; of a page of more the weakest are left out


def chosen(headings: Sequence[Heading], form: Form, named: set[Key]) -> list[Heading]:
    """The headings of the items, in the page's order, each item once.

    Args:
        headings: those outside the contents, with keys and scores.
        form: whose items they are.
        named: the items that contents or header name.
    """
    weighed = [heading for heading in headings if heading.score > 0]
    if len(weighed) > _MOST:
        least = sorted((heading.score for heading in weighed), reverse=True)[_MOST]
        weighed = [heading for heading in weighed if heading.score > least]
    if not form.ordered:
        return _each(weighed)
    chain = _chain(weighed, form)
    have = {key for heading in chain for key in heading.keys}
    for heading in sorted(weighed, key=lambda one: (-one.score, one.line)):
        if have.intersection(heading.keys) or not heading.named:
            continue
        if heading.score >= (_LIKELY if named.intersection(heading.keys) else _SURE):
            chain.append(heading)
            have.update(heading.keys)
    return sorted(chain, key=lambda one: one.line)


def _each(headings: Sequence[Heading]) -> list[Heading]:
    best: dict[Key, Heading] = {}
    for heading in headings:
        for key in heading.keys:
            known = best.get(key)
            if known is None or (len(heading.keys), -heading.score) < (len(known.keys), -known.score - 2):
                best[key] = heading
    taken = {id(heading): heading for heading in best.values()}
    return sorted(taken.values(), key=lambda one: one.line)


def _chain(headings: Sequence[Heading], form: Form) -> list[Heading]:
    """The chain in the form's order with the highest sum of scores; of equals that which begins earlier."""
    ranks = [(rank(heading.keys[0], form), rank(heading.keys[-1], form)) for heading in headings]
    sums: list[float] = []
    before: list[int] = []
    for position, heading in enumerate(headings):
        best, link = 0.0, -1
        low = ranks[position][0]
        for other in range(position):
            if ranks[other][1] < low and sums[other] > best:
                best, link = sums[other], other
        sums.append(best + heading.score)
        before.append(link)
    found: list[Heading] = []
    place = max(range(len(sums)), key=lambda one: (sums[one], -one), default=-1)
    while place >= 0:
        found.append(headings[place])
        place = before[place]
    return found[::-1]


def rank(key: Key, form: Form) -> int:
    """Where an item stands in its form."""
    part, number = key
    match = re.fullmatch(r"(\d+)([A-Z]?)", number)
    if match is None:
        return 450
    letter = ord(match[2]) - 64 if match[2] else 0
    return (_PARTS[part] if form.parts else 0) * 10_000 + int(match[1]) * 100 + letter
