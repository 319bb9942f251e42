"""What only the order of blocks tells: headings, what pages repeat at head and foot, paragraphs that a page cuts."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise, zip_longest

from filings.edgar.page_block import Block

_PAGE_NUMBER = re.compile(
    r"(?:page\s*)?[-–—(\s]*(?:[A-Z]{1,2}\s?-\s?)?(?:\d{1,4}|(?=[ivxl])x{0,3}l?x{0,3}(?:ix|iv|v?i{0,3}))[-–—)\s]*(?:of\s+\d{1,4})?",
    re.IGNORECASE,
)
_PART = re.compile(r"part\s+(?:[ivx]{1,4}|\d)\b", re.IGNORECASE)
_ITEM = re.compile(r"items?\s*\d{1,2}[\w.()]*", re.IGNORECASE)
_TITLED = re.compile(r"(?i:items?)\s*\d{1,2}[\w.()]*[\s.:—–-]*(?:\[?[A-Z][^.;]{2,100}[.\]]?)?")
_TITLE = re.compile(r"[A-Z][^.;:,$]{2,58}[\w)]")
_BACK = re.compile(r"(?:back to |return to )?(?:table of contents|index|top)", re.IGNORECASE)
_ANSWER = re.compile(r"\W*(?:none|not applicable|n/a)\W*", re.IGNORECASE)  # repeats, but as the text of items
_LONGEST_HEADING = 200
_BODY = 120  # characters that make a paragraph the body under a heading
_LONGEST_REPEATED = 160
_REPEATED = 3
_REACH = 4  # blocks before and behind a page break that may be its foot and head
_NEAR = 2  # blocks beside a break that are looked at for what repeats
_SHARE = 20  # what stands at one in so many breaks is a running title
_FURNITURE = ("rule", "page_break")
_END = Block("rule")


def finished(blocks: list[Block], *, ruled: bool) -> list[Block]:
    """The blocks with page heads and feet put into the page breaks, cut paragraphs joined, and headings told.

    Args:
        blocks: as they stand.
        ruled: whether a rule may be where a page ends, as in HTML.
    """
    found = list(_parted(_joined(_turned(blocks, _FURNITURE if ruled else _FURNITURE[1:]))))
    for block, following in zip_longest(found, found[1:], fillvalue=_END):
        if block.kind == "paragraph":
            level = _level(block) or (0 if ruled else _typewritten_level(block, following))
            if level:
                block.kind, block.level = "heading", level
    return found


def _turned(blocks: list[Block], ends: tuple[str, ...]) -> list[Block]:
    """Page numbers and running titles right beside a page break become its text."""
    breaks = [place for place, block in enumerate(blocks) if block.kind in ends]
    near = {other for place in breaks for other in range(max(0, place - _NEAR), min(len(blocks), place + _NEAR + 1))}
    counts = Counter(_masked(blocks[place]) for place in near if _may_repeat(blocks[place]))
    feet = _feet(blocks)
    often = {said for said, count in counts.items() if count >= max(_REPEATED, len(breaks) // _SHARE)}
    folded: set[int] = set()
    titles: dict[str, int] = {}  # where a part or item stands first: there it is a heading, though pages repeat it
    for place, block in enumerate(blocks):
        if _titles(block.text):
            titles.setdefault(block.text.casefold(), place)
    for place in breaks:
        for way in (-1, 1):
            other = place + way
            while 0 <= other < len(blocks) and abs(other - place) <= _REACH:
                block = blocks[other]
                repeats = other in feet or (_may_repeat(block) and _is_furniture(block, often))
                if block.kind not in _FURNITURE and (not repeats or titles.get(block.text.casefold()) == other):
                    break
                folded.add(other)
                other += way
    found: list[Block] = []
    for place, block in enumerate(blocks):
        if place in folded and block.kind not in _FURNITURE:
            said = block.text.replace("\t", " ")
            block = Block("page_break", said, anchors=block.anchors, links=block.links)
        found.append(block)
    return _merged(found)


def _feet(blocks: list[Block]) -> set[int]:
    """The tables of one row that have a running title and the page's number, which rises from each to the next."""
    found: dict[str, list[tuple[int, int]]] = {}
    for place, block in enumerate(blocks):
        cells = [cell for cell in block.rows[0] if cell] if block.kind == "table" and len(block.rows) == 1 else []
        numbers = [cell for cell in cells[:1] + cells[-1:] if cell.isdecimal() and len(cell) <= 3]
        words = [cell for cell in cells if not any(map(str.isdigit, cell))]
        if len(numbers) == 1 and len(words) == len(cells) - 1 and len(block.text) <= _LONGEST_REPEATED:
            found.setdefault(" ".join(words).casefold(), []).append((place, int(numbers[0])))
    return {
        place
        for feet in found.values()
        if len(feet) >= _REPEATED and all(first < second for (_, first), (_, second) in pairwise(feet))
        for place, _ in feet
    }


def _may_repeat(block: Block) -> bool:
    return (
        block.kind in ("paragraph", "heading")
        and len(block.text) <= _LONGEST_REPEATED
        and not _ANSWER.fullmatch(block.text)
    )


def _is_furniture(block: Block, often: set[str]) -> bool:
    text = block.text
    if _PAGE_NUMBER.fullmatch(text) and text.lower() not in ("i", "c"):
        return True
    if _BACK.fullmatch(text) and block.links:
        return True
    return _masked(block) in often


def _masked(block: Block) -> str:
    """A text to compare with those of other pages: their numbers differ, but items are told apart by theirs."""
    text = block.text.casefold()
    return text if _titles(text) else re.sub(r"\d+", "#", text)


def _titles(text: str) -> bool:
    """Whether a text is the title of a part or an item alone, and not said to go on from another page."""
    alone = _ITEM.match(text) is not None or _PART.fullmatch(text) is not None
    return alone and not text.casefold().rstrip(").").endswith(("continued", "cont'd", "contd"))


def _merged(blocks: list[Block]) -> list[Block]:
    """Page breaks and rules that stand together as one page break."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if last is not None and block.kind in _FURNITURE and last.kind in _FURNITURE:
            if "page_break" in (block.kind, last.kind):
                last.kind = "page_break"
            last.text = f"{last.text} {block.text}".strip()
            last.anchors += block.anchors
            last.links += block.links
        else:
            found.append(block)
    return found


def _joined(blocks: list[Block]) -> list[Block]:
    """Paragraphs that a page break has cut are one again, and stand before the break."""
    found: list[Block] = []
    for block in blocks:
        if (
            block.kind == "paragraph"
            and len(found) >= 2
            and found[-1].kind == "page_break"
            and found[-2].kind in ("paragraph", "list_item")
            and block.text[:1].islower()
            and not found[-2].text.endswith((".", ":", ";", "!", "?"))
        ):
            before = found[-2]
            before.text = f"{before.text} {block.text}"
            before.anchors += block.anchors
            before.links += block.links
            before.bold = before.bold and block.bold
        else:
            found.append(block)
    return found


def _level(block: Block) -> int:
    """The level that a paragraph has as a heading; 0 when it is none."""
    text = block.text
    if len(text) > _LONGEST_HEADING or not any(map(str.isalpha, text)):
        return 0
    capitals = text.isupper() and len(text) > 3 and sum(map(str.isdigit, text)) * 2 < sum(map(str.isalpha, text))
    stands_out = block.bold or block.underlined or capitals
    if _PART.match(text) and (stands_out or len(text) < 12):
        return 1
    if _ITEM.match(text) and (stands_out or block.lead or _TITLED.fullmatch(text)):
        return 2
    if not stands_out or text.endswith((",", ";")) or (text.endswith(".") and len(text) > 100):
        return 0
    if block.centered:
        return 3
    if block.bold or capitals:
        return 4
    return 5


def _parted(blocks: list[Block]) -> Iterator[Block]:
    """The blocks, the bold title of an item that its text follows on the line being a block of its own."""
    for block in blocks:
        lead = block.lead
        title = block.text[:lead].rstrip() if 0 < lead < len(block.text) and block.kind == "paragraph" else ""
        number = _ITEM.match(title)
        if number is None or len(title) > _LONGEST_HEADING or not any(map(str.isalpha, title[number.end() :])):
            yield block
            continue
        yield Block("paragraph", title, lead=len(title), bold=True, anchors=block.anchors)
        yield Block("paragraph", block.text[lead:].lstrip(), links=block.links)


def _typewritten_level(block: Block, following: Block) -> int:
    """The level of a short line over a paragraph, which is all that a typewriter has for a heading; 0 of others."""
    title = _TITLE.fullmatch(block.text) is not None and following.kind in ("paragraph", "list_item")
    return 5 if title and len(following.text) > _BODY else 0
