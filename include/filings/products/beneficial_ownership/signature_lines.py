"""The lines of a schedule's signatures, each column by itself: two who sign side by side are one after the other."""

from __future__ import annotations

import re
from collections.abc import Iterator

Cell = tuple[int, str]  # where it begins, and what it says

HEADING = re.compile(r"\W*s\s?i\s?g\s?n\s?a\s?t\s?u\s?r\s?e(?:\s?s|\(s\))?(?:\s+pages?)?\W*", re.IGNORECASE)
_INQUIRY = re.compile(r"\W*after\s+(?:reasonable|due)\s+inquiry\b", re.IGNORECASE)
_AFTER = re.compile(
    r"\W*(?:exhibits?|schedule(?!\s+13)|annex|appendix|joint\s+filing|agreement|index\s+to|attention:)\b", re.IGNORECASE
)
_SIGNS = re.compile(r"[/\\]{1,2}\s?s\s?[/\\]|\bby\s*:", re.IGNORECASE)
_LABELLED = re.compile(r"(?:by|name|title|its|dated?)\s*:", re.IGNORECASE)
_MARK = r"[/\\]{1,2}\s?s\s?[/\\]{1,2}"
_BARE = re.compile(rf"(?:by|name|title|its|dated?)\s*:?(?:\s*{_MARK})?|{_MARK}", re.IGNORECASE)
_CELL = re.compile(r"\S+(?: \S+)*")
_APART = 1000  # between the cells of a table
_NEAR = 8  # lines above and below that may stand in the same columns


def texts(lines: list[str]) -> Iterator[str]:
    """What the signatures say, from their heading to the first exhibit, cell by cell."""
    rows = [cells(line) for line in section(lines)]
    for row in _by_columns(rows):
        for _, text in row:
            yield text


def section(lines: list[str]) -> list[str]:
    """The lines between the heading of the signatures and the first exhibit."""
    heads = (place for place, line in enumerate(lines) if HEADING.fullmatch(line.strip()))
    start = next(heads, None)
    if start is None:
        start = max((place for place, line in enumerate(lines) if _INQUIRY.match(line)), default=len(lines))
    found: list[str] = []
    for line in lines[start + 1 :]:
        alone = not found or not found[-1].strip()
        if alone and len(line.strip()) < 100 and _AFTER.match(line):
            break
        found.append(line)
    return found


def cells(line: str) -> list[Cell]:
    """The cells of a line; a label and what stands in the next cell are one."""
    if "\t" in line:
        found = [(place * _APART, " ".join(each.split())) for place, each in enumerate(line.split("\t"))]
    else:
        found = [(match.start(), match[0]) for match in _CELL.finditer(line)]
    joined: list[Cell] = []
    for start, text in found:
        if not text:
            continue
        if joined and _BARE.fullmatch(joined[-1][1]) and not _LABELLED.match(text):
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {text}")
        else:
            joined.append((start, text))
    return joined


def _by_columns(rows: list[list[Cell]]) -> Iterator[list[Cell]]:
    place = 0
    while place < len(rows):
        bound = _bound(rows, place)
        if bound is None:
            yield rows[place]
            place += 1
            continue
        end = place
        while end < len(rows) and not _crosses(rows[end], bound):
            end += 1
        part = rows[place:end]
        yield from ([cell for cell in row if cell[0] < bound] for row in part)
        yield from _by_columns([[cell for cell in row if cell[0] >= bound] for row in part])
        place = end


def _bound(rows: list[list[Cell]], place: int) -> int | None:
    """Where the second column begins, when a line has two cells and one near below has two who sign."""
    if len(rows[place]) < 2:
        return None
    for row in rows[place : place + _NEAR]:
        signs = [start for start, text in row if _SIGNS.search(text)]
        if len(signs) > 1:
            bound = signs[1] - (2 if signs[1] % _APART or signs[0] % _APART else 0)
            return None if any(_crosses(each, bound) for each in rows[place : place + 1]) else bound
        if any(_SIGNS.search(text) for _, text in row):
            return None
    return None


def _crosses(row: list[Cell], bound: int) -> bool:
    return bound < _APART and any(start < bound < start + len(text) for start, text in row)
