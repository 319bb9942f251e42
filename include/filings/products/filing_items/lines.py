"""A page's blocks as lines: what can be a heading stands alone on one, be it a paragraph, a row of a table or a line.

Where an item begins may be in the middle of a table (`Item 1.` in one cell, `Business` in the next) or of preformatted
text, so boundaries are lines, and a block is cut where a boundary goes through it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from filings.edgar.page_block import Block

_PAGE_NUMBER = re.compile(r"\W*(?:page\W*)?(?:[ivx]{1,6}|[A-F]?\W{0,2}\d{1,4})\W*", re.IGNORECASE)


@dataclass(slots=True)
class Line:
    """One line.

    Args:
        text: its words; of a row its cells, a blank between them.
        block: the position of its block, and
        row: of the line in it.
        kind: of the block.
        strong: whether it is a heading, or all bold, underlined or centred.
        lead: how many characters at its begin are bold or underlined.
        opens: whether a block, or a paragraph within preformatted text, begins with it.
        anchors: what links lead to it.
        links: where links within it lead to; of a table's rows those of the whole table.
    """

    text: str
    block: int
    row: int
    kind: str
    strong: bool = False
    lead: int = 0
    opens: bool = True
    anchors: Sequence[str] = ()
    links: Sequence[str] = ()

    @property
    def is_page_number(self) -> bool:
        """Whether it says nothing but a page's number."""
        return len(self.text) < 16 and _PAGE_NUMBER.fullmatch(self.text) is not None


def lines(blocks: Sequence[Block]) -> list[Line]:
    """The lines of blocks; page breaks and rules give none."""
    found: list[Line] = []
    for position, block in enumerate(blocks):
        kind = block.kind
        if kind in ("page_break", "rule"):
            continue
        if kind in ("table", "preformatted"):
            found.extend(_rows(block, position))
        else:
            strong = kind == "heading" or block.bold or block.underlined or block.centered
            text = f"{block.marker} {block.text}" if block.marker else block.text
            lead = block.lead + len(text) - len(block.text) if block.lead else 0
            found.append(
                Line(" ".join(text.split()), position, 0, kind, strong, lead, True, block.anchors, block.links)
            )
    return found


def _rows(block: Block, position: int) -> list[Line]:
    found: list[Line] = []
    opens = True
    strong = block.bold or block.underlined
    for row, line in enumerate(block.text.split("\n")):
        text = " ".join(line.split())
        if text:
            anchors = () if found else block.anchors
            found.append(
                Line(text, position, row, block.kind, strong, 0, opens or block.kind == "table", anchors, block.links)
            )
        opens = not text
    return found


def targets(blocks: Sequence[Block], page: Sequence[Line], links: set[str]) -> list[int]:
    """The lines to which links lead, in the page's order; a link to a page break leads to the line behind it."""
    left = [place for place, block in enumerate(blocks) if links.intersection(block.anchors)]
    found: list[int] = []
    for position, line in enumerate(page):
        if left and line.block >= left[0]:
            found.append(position)
            while left and line.block >= left[0]:
                left.pop(0)
    return found


def cut(blocks: Sequence[Block], places: Sequence[tuple[int, int]]) -> tuple[list[Block], dict[tuple[int, int], int]]:
    """Blocks cut so that each place (block, row) begins one, and where those stand then."""
    rows: dict[int, list[int]] = {}
    for place, row in sorted(set(places)):
        rows.setdefault(place, []).append(row)
    found: list[Block] = []
    where: dict[tuple[int, int], int] = {}
    for position, block in enumerate(blocks):
        wanted = rows.get(position)
        if not wanted:
            found.append(block)
            continue
        if not wanted[0]:
            where[position, 0] = len(found)
            del wanted[0]
        bounds = [0, *wanted, block.text.count("\n") + 1]
        for first, last in pairwise(bounds):
            if first:
                where[position, first] = len(found)
            found.append(block if len(bounds) == 2 else _part(block, first, last))
    return found, where


def _part(block: Block, first: int, last: int) -> Block:
    text = "\n".join(block.text.split("\n")[first:last])
    same = len(block.rows) == block.text.count("\n") + 1
    return replace(
        block,
        text=text,
        rows=block.rows[first:last] if same else [],
        layout="",
        anchors=block.anchors if not first else [],
    )
