"""The few ways in which a document writes its tags, each understood once.

A report has thousands of tags and a handful of orders of attributes: `unitRef="…" contextRef="…" decimals="…"`. Split
at its double quotes, a tag of a known order gives its values by position, without a search for any of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Generic, TypeVar

from filings.edgar.xbrl_markup import CANONICAL
from filings.edgar.xbrl_text import decode

Shape = TypeVar("Shape")
Pick = Callable[[Sequence[bytes]], tuple[bytes, ...]]

_PAIRS = 32  # of a tag that is read by position
_SHAPES = 256  # of one document; a document with more orders than that is read without them
_KEY = re.compile(rb"\s*+([^\s=<>\"'/:]++)\s*+=\s*+")
# What few facts say, and never their value alone: such tags are read attribute by attribute.
_RARE = {"xmlns", "footnoteRefs", "footnoteID"}


class Shapes(dict[tuple[bytes, ...], Shape | None], Generic[Shape]):
    """The orders of attributes that a document uses, by every second piece of the tag; `understand` takes a new one.

    None for a tag that is no fact or has anything rare in it: a prefixed attribute, single quotes, a quote too few.
    """

    def __init__(self, understand: Callable[[dict[str, int]], Shape | None]) -> None:
        super().__init__()
        self._understand = understand

    def __missing__(self, keys: tuple[bytes, ...]) -> Shape | None:
        if len(self) >= _SHAPES or len(keys) > _PAIRS:
            return None
        places = _places(keys)
        shape = self[keys] = None if places is None else self._understand(places)
        return shape


def pick(places: list[int]) -> Pick:
    """A function that takes the pieces at these places, always as a tuple."""
    if len(places) > 1:
        return itemgetter(*places)
    if not places:
        return lambda pieces: ()
    only = places[0]
    return lambda pieces: (pieces[only],)


def _places(keys: tuple[bytes, ...]) -> dict[str, int] | None:
    """Where the value of each attribute lies among the pieces of a tag."""
    found: dict[str, int] = {}
    for number, key in enumerate(keys[:-1]):
        match = _KEY.fullmatch(key)
        if match is None:
            return None
        name = decode(match[1])
        found.setdefault(CANONICAL.get(name.lower(), name), 2 * number + 1)
    return None if keys[-1].strip() or _RARE & found.keys() else found
