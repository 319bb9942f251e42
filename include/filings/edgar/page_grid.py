"""Tables of HTML as a grid of the columns that a reader sees.

Filers' software makes three or four columns of what is one: `$`, the number, `)` or `%`, and a spacer; a heading spans
them all. And it makes tables of what is none: one cell around a page, a bullet and its paragraph, an item and its
title.
"""

from __future__ import annotations

import re

from filings.edgar.page_block import Block

Cell = tuple[int, int, list[Block]]  # columns, rows, what stands in it

_BULLETS = r"[•●▪■◦○·‣⁃∙◾◼➢➤►▶❖✓✔*–—§-]|o"
_BOXES = r"[☐☑☒✓]|\[\s*[xX]?\s*\]"
_ITEMS = r"(?:part|item)s?\s*[\divxl]+[\w.()]*[.:]?"
_ORDINALS = r"\(?(?:[a-z]|[ivxl]{1,5}|\d{1,3})[.)]+|\d{1,2}(?:\.\d{1,2}){1,2}\.?"
_BULLET = re.compile(_BULLETS)
_ITEM = re.compile(_ITEMS, re.IGNORECASE)
_STRONG = re.compile(f"{_BULLETS}|{_BOXES}|{_ITEMS}", re.IGNORECASE)  # that mark short words too
_MARK = re.compile(f"{_BULLETS}|{_BOXES}|{_ITEMS}|{_ORDINALS}", re.IGNORECASE)
_MOST_MARKS = 2  # before what they mark
_BEFORE = re.compile(r"[$€£¥(]|\(?\s?(?:US|C|A|HK|NT|R)?[$€£¥]|US\$\(|[$€£¥]\s?\(|Rs\.?|RMB|CHF")
_BEHIND = re.compile(r"\)?\s?%\s?\)?|\)|\)\s?\(\w\)|bps|pts?\.?")
_TIMES = re.compile(r"\(?\d{1,3}\.\d{1,2}")  # of something, when an x comes behind
_NUMBER = re.compile(r"[($€£¥-]?\s?[\d.,]*\d[\d.,]*\s?\)?|[—–-]+")
_LONG = 80  # characters that make a cell a paragraph rather than a word in a table
_VERY_LONG = 1500
_WIDEST = 500  # columns that cells may reach down into; no table has more
_MOST_LAYOUT = 1000  # rows; a table of more lays nothing out
_CONTENTS = 4  # items with short titles, one below another, that are a table of contents


class TableReader:
    """Gathers a table, row by row, while the parser goes through it."""

    def __init__(self) -> None:
        self.cell: list[Block] | None = None
        self._span = (1, 1)
        self._row: list[Cell] | None = None
        self._rows: list[list[Cell]] = []
        self._large: _Texts | None = None

    def begin_row(self) -> None:
        """A row begins; one that is open ends."""
        self.end_row()
        self._row = []

    def begin_cell(self, columns: int, rows: int) -> None:
        """A cell begins, in a row of its own where none is open."""
        self.end_cell()
        if self._row is None:
            self._row = []
        self.cell, self._span = [], (columns, rows)

    def end_cell(self) -> None:
        """The open cell ends."""
        if self.cell is not None and self._row is not None:
            self._row.append((*self._span, self.cell))
        self.cell = None

    def end_row(self) -> None:
        """The open row ends."""
        self.end_cell()
        if self._row is not None:
            self._rows.append(self._row)
            if len(self._rows) > _MOST_LAYOUT:
                self._large = self._large or _Texts()
                self._large.take(self._rows)
                self._rows = []
        self._row = None

    def spill(self) -> list[Block]:
        """What there is so far, because a table begins within the open cell; the open cell goes on, empty."""
        found = self._ended()
        for _, _, inner in self._row or ():
            found.extend(inner)
        if self._row is not None:
            self._row = [(columns, height, []) for columns, height, _ in self._row]
        if self.cell is not None:
            found.extend(self.cell)
            self.cell = []
        return found

    def blocks(self) -> list[Block]:
        """What the whole table is: a table, or what it only laid out."""
        self.end_row()
        return self._ended()

    def _ended(self) -> list[Block]:
        rows, self._rows = self._rows, []
        large, self._large = self._large, None
        if large is None:
            return _blocks(rows)
        large.take(rows)
        return [large.table()]


def _blocks(rows: list[list[Cell]]) -> list[Block]:
    full = [[inner for _, _, inner in row if inner] for row in rows]
    widest = max(map(len, full), default=0)
    if not widest:
        return []
    if widest == 1 or _lays_out(full):
        return [block for row in full for inner in row for block in inner]
    lines = _lines(full) if widest <= _MOST_MARKS + 1 else []
    if lines:
        return lines
    texts = _Texts()
    texts.take(rows)
    return [texts.table()]


def _lays_out(full: list[list[list[Block]]]) -> bool:
    """Whether a table is a page: few rows, and a cell that holds paragraphs or tables."""
    return sum(map(bool, full)) <= 3 and any(
        len(inner) > 3 and sum(len(block.text) for block in inner) > _VERY_LONG for row in full for inner in row
    )


def _lines(full: list[list[list[Block]]]) -> list[Block]:
    """A table of bullets, numbers or items and what they mark, as blocks; none when it is not that."""
    found: list[Block] = []
    marked = short = contents = 0
    for row in filter(None, full):
        if len(row) == 1:
            found.extend(row[0])
            continue
        marks = _marks(row)
        if marks is None:
            return []
        line = _line(marks, row[-1])
        marked += 1
        if len(line.text) <= _LONG:
            contents += _ITEM.match(marks[0].text) is not None
            short += not any(_STRONG.fullmatch(mark.text) for mark in marks)
        found.append(line)
    return found if marked == 1 or (marked and not short and contents < _CONTENTS) else []


def _marks(row: list[list[Block]]) -> list[Block] | None:
    """The cells before the last when each is a bullet, a number, a box or an item, and the last is words."""
    marks = [inner[0] for inner in row[:-1] if len(inner) == 1 and _MARK.fullmatch(inner[0].text)]
    if len(marks) < len(row) - 1 or all(_NUMBER.fullmatch(block.text) for block in row[-1]):
        return None
    return marks


def _line(marks: list[Block], rest: list[Block]) -> Block:
    """A row of marks and what they mark, as one block."""
    bullet = len(marks) == 1 and _BULLET.fullmatch(marks[0].text) is not None
    ends = rest if bullet else [*marks, *rest]
    text = " ".join(block.text for block in ends)
    whole = Block("list_item" if bullet else "paragraph", text, level=int(bullet))
    whole.marker = marks[0].text if bullet else ""
    whole.bold, whole.italic = all(block.bold for block in ends), all(block.italic for block in ends)
    whole.underlined, whole.lead = all(block.underlined for block in ends), _lead(ends)
    whole.anchors = [name for block in (*marks, *rest) for name in block.anchors]
    whole.links = [name for block in (*marks, *rest) for name in block.links]
    return whole


def _lead(blocks: list[Block]) -> int:
    length = 0
    for block in blocks:
        length += block.lead + (length > 0)
        if block.lead < len(block.text):
            break
    return length


class _Texts:
    """The rows of a table as texts, which take a tenth of the memory of blocks."""

    def __init__(self) -> None:
        self._rows: list[list[tuple[int, int, str]]] = []
        self._anchors: list[str] = []
        self._links: list[str] = []

    def take(self, rows: list[list[Cell]]) -> None:
        """Rows are added."""
        for row in rows:
            self._rows.append([(columns, height, " ".join(map(_said, inner))) for columns, height, inner in row])
            for _, _, inner in row:
                for block in inner:
                    self._anchors += block.anchors
                    self._links += block.links

    def table(self) -> Block:
        """The table."""
        grid = cells(self._rows)
        text = "\n".join("\t".join(row) for row in grid)
        return Block("table", text, rows=grid, anchors=self._anchors, links=self._links)


def _said(block: Block) -> str:
    return f"{block.marker} {block.text}" if block.marker else block.text


def cells(rows: list[list[tuple[int, int, str]]]) -> list[list[str]]:
    """Rows of cells (columns, rows, text) as rows of texts of equal length; empty rows and columns are left out."""
    placed = [_joined(row) for row in _placed(rows)]
    column_of, width = _columns(placed)
    grid = []
    for row in placed:
        if row:
            texts = [""] * width
            for start, _, text in row:
                place = column_of[start]
                texts[place] = f"{texts[place]} {text}" if texts[place] else text
            grid.append(texts)
    return grid


def _placed(rows: list[list[tuple[int, int, str]]]) -> list[list[tuple[int, int, str]]]:
    """The cells that hold text as (first column, column behind the last, text); cells above may reach down."""
    down: dict[int, int] = {}  # column → rows that it is still taken from above
    found = []
    for row in rows:
        place, taken, line = 0, {column: left - 1 for column, left in down.items() if left > 1}, []
        for columns, height, text in row:
            while down.get(place, 0) > 0:
                place += 1
            if text:
                line.append((place, place + columns, text))
            if height > 1 and len(taken) < _WIDEST:
                taken.update(dict.fromkeys(range(place, place + columns), height - 1))
            place += columns
        down = taken
        found.append(line)
    return found


def _joined(row: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """A row whose `$`, `(`, `)` and `%` stand in the cell of their number."""
    found: list[tuple[int, int, str]] = []
    before = False  # whether the last cell waits for its number
    for start, end, text in row:
        if found and (before or _follows(text, found[-1][2])):
            first, _, said = found[-1]
            found[-1] = (first, end, f"{said}{text}")
            before = False
        else:
            found.append((start, end, text))
            before = _BEFORE.fullmatch(text) is not None
    return found


def _follows(text: str, number: str) -> bool:
    """Whether a text is the sign behind a number."""
    if text in ("x", "X"):
        return _TIMES.fullmatch(number) is not None
    return _BEHIND.fullmatch(text) is not None and _NUMBER.search(number) is not None


def _columns(rows: list[list[tuple[int, int, str]]]) -> tuple[dict[int, int], int]:
    """Which column a cell that begins at a place of the grid stands in, and how many columns there are.

    Cells make columns, the narrowest first; a cell over several columns, a heading, makes none.
    """
    spans = sorted({(end - start, start, end) for row in rows for start, end, _ in row})
    column: dict[int, int] = {}
    for number, (_, start, end) in enumerate(spans):
        inside = {column[place] for place in range(start, end) if place in column}
        if len(inside) <= 1:
            which = inside.pop() if inside else number
            for place in range(start, end):
                column[place] = which
    order: dict[int, int] = {}
    for place in sorted(column):
        order.setdefault(column[place], len(order))
    known = {place: order[which] for place, which in column.items()}
    for _, start, end in spans:
        if start not in known:
            known[start] = next(known[place] for place in range(start, end) if place in known)
    return known, len(order)
