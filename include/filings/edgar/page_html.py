"""HTML into blocks, as events of the parser come in.

EDGAR takes HTML 3.2 with a few later things, and filers' software makes of it what it likes: paragraphs are `<p>`,
`<div>`, two `<br>` or a cell of a table that only lays out; bullets are tables of one row. libxml2 mends what is broken
and gives balanced events, also at any depth. Tables are gathered in `page_grid`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from filings.edgar import page_text
from filings.edgar.page_block import Block
from filings.edgar.page_grid import TableReader
from filings.edgar.page_style import (
    BOLD,
    CENTER,
    HIDDEN,
    INHERITED,
    ITALIC,
    PAGE_AFTER,
    PAGE_BEFORE,
    PRE,
    SPACED,
    SYMBOL,
    SYMBOLS,
    UNDERLINE,
    is_symbol_font,
)
from filings.edgar.page_style import of as style_of

_PIECE = 1 << 18
_EMPHASIS = BOLD | UNDERLINE

_HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_LISTS = ("ul", "ol", "dir", "menu")
_BLOCKS = frozenset(
    (
        *_HEADINGS, *_LISTS, "li", "p", "div", "center", "blockquote", "pre", "hr", "page", "dl", "dt", "dd",
        "table", "thead", "tbody", "tfoot", "caption", "tr", "td", "th", "form", "fieldset", "address", "article",
        "section", "header", "footer", "main", "nav", "figure", "body", "html",
    )
)  # fmt: skip
_INLINE = ("span", "font", "a")  # blanks between words are made by their padding
_ADDS = {
    **dict.fromkeys(("b", "strong", "th", *_HEADINGS), BOLD),
    **dict.fromkeys(("i", "em"), ITALIC),
    **dict.fromkeys(("u", "ins"), UNDERLINE),
    "center": CENTER,
    **dict.fromkeys(("pre", "listing", "xmp"), PRE),
    **dict.fromkeys(("head", "title", "script", "style", "object"), HIDDEN),
    **dict.fromkeys(("ix:header", "ix:hidden", "ix:references", "ix:resources"), HIDDEN),
}
_WIDEST = 200  # columns that a cell may span
_MOST_SYMBOLS = 2  # letters of a font of symbols; more are words whose font nobody has
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))


def read(raw: bytes) -> list[Block]:
    """The blocks of HTML in UTF-8, as they stand; never raises, whatever the HTML."""
    reader = _Reader()
    target: Any = reader  # lxml's stubs ask for comments too, which are left out
    parser = etree.HTMLParser(
        target=target, recover=True, huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True
    )
    for start in range(0, len(raw), _PIECE):
        parser.feed(raw[start : start + _PIECE])
    parser.close()
    return reader.blocks


class _Reader:
    """The target of the parser: keeps the styles of open elements, the words since the last block, and open tables."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._stack: list[int] = [0]
        self._tables: list[TableReader] = []
        self._anchors: list[str] = []
        self._links: list[str] = []
        self._lists: list[int] = []  # of each open list the next number, 0 where it has bullets
        self._marker: str | None = None  # of the open item, empty once it is used; None outside of items
        self._within: list[bool] = []  # of each open list whether it stands in an item
        self._level = 0
        self._pre: list[str] = []
        self._clear()

    def _clear(self) -> None:
        self._parts: list[str] = []
        self._bits = -1
        self._lead = -1  # at which part the emphasis ends
        self._breaks = 0
        self._soft = False

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        stack = self._stack
        style = stack[-1] & INHERITED
        if style & HIDDEN:
            stack.append(style)
            return
        style |= _ADDS.get(tag, 0)
        if attributes:
            style = self._styled(tag, style, attributes)
        stack.append(style)
        if style & HIDDEN:
            return
        if style & SPACED and tag in _INLINE:
            self._parts.append(" ")
        if tag == "br":
            self._break()
        elif tag in _BLOCKS:
            if self._parts or self._pre:
                self._flush()
            if style & PAGE_BEFORE:
                self._page_break()
            opens = _OPENS.get(tag)
            if opens is not None:
                opens(self, tag, attributes)
        if attributes:
            self._named(tag, attributes)

    def end(self, tag: str) -> None:
        """An element ends."""
        style = self._stack.pop() if len(self._stack) > 1 else 0
        if style & HIDDEN or tag not in _BLOCKS:
            return
        if self._parts or self._pre:
            self._flush()
        closes = _CLOSES.get(tag)
        if closes is not None:
            closes(self)
        if style & PAGE_AFTER:
            self._page_break()

    def data(self, text: str) -> None:
        """Words."""
        style = self._stack[-1]
        if style & HIDDEN:
            return
        if style & PRE:
            self._pre.append(text)
            return
        if text.isspace():
            self._parts.append(" " if text.isascii() else text)
            return
        emphasis = style & _EMPHASIS
        if self._breaks:
            if self._soft and not emphasis:
                self._flush()
            self._breaks = 0
        self._bits &= style
        if self._lead < 0 and not emphasis:
            self._lead = len(self._parts)
        self._parts.append(text.translate(SYMBOLS) if style & SYMBOL and len(text.strip()) <= _MOST_SYMBOLS else text)

    def close(self) -> None:
        """The document ends."""
        self._flush()
        while self._tables:
            self._end_table()

    def _styled(self, tag: str, style: int, attributes: Mapping[str, str]) -> int:
        css = attributes.get("style")
        align = attributes.get("align")
        if align is not None and tag != "table":
            style = style | CENTER if align.lower() == "center" else style & ~CENTER
        if tag == "font" and is_symbol_font(attributes.get("face", "")):
            style |= SYMBOL
        if css:
            adds, clears = style_of(css)
            style = style & ~clears | adds
        return style

    def _named(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "a":
            href = attributes.get("href", "")
            if href.startswith("#") and len(href) > 1:
                self._links.append(href[1:])
            name = attributes.get("name")
            if name:
                self._anchors.append(name)
        name = attributes.get("id")
        if name and not tag.startswith("ix:"):
            self._anchors.append(name)

    def _break(self) -> None:
        if self._stack[-1] & PRE:
            self._pre.append("\n")
            return
        self._breaks += 1
        if self._breaks > 1:
            self._flush()
            self._breaks = 1
            return
        self._soft = bool(self._parts) and self._bits > 0 and bool(self._bits & _EMPHASIS)
        self._parts.append(" ")

    def _flush(self) -> None:
        """What was gathered becomes a block."""
        if self._pre:
            lines, self._pre = "".join(self._pre), []
            for block in page_text.read(lines):
                self._put(block)
        parts = self._parts
        if not parts:
            self._breaks = 0
            return
        raw = "".join(parts)
        if not self._tables and self._marker is None and self._typed(raw):
            self._clear()
            return
        text = _words(raw)
        bits, lead = self._bits, self._lead
        if lead > 0:
            lead = len(_words("".join(parts[:lead])))
        elif lead < 0:
            lead = len(text)
        self._clear()
        if not text:
            return
        block = Block("paragraph", text, lead=lead)
        if bits > 0:
            block.bold, block.italic = bool(bits & BOLD), bool(bits & ITALIC)
            block.underlined, block.centered = bool(bits & UNDERLINE), bool(bits & CENTER)
        if self._level:
            block.kind, block.level = "heading", self._level
        elif self._marker is not None:
            block.kind, block.level, block.marker = "list_item", max(1, len(self._lists)), self._marker
            self._marker = ""
        self._put(block)

    def _typed(self, raw: str) -> bool:
        """Put a line whose columns are made of hard blanks to those before it; whether it is one."""
        last = self.blocks[-1] if self.blocks and not self._anchors else None
        goes_on = last is not None and last.kind == "preformatted"
        line = page_text.typed(raw, goes_on=goes_on)
        if line is None:
            return False
        if last is not None and goes_on:
            last.text += f"\n{line}"
            last.rows.append(page_text.cells_of(line))
        else:
            self._put(Block("preformatted", line, rows=[page_text.cells_of(line)]))
        return True

    def _put(self, block: Block) -> None:
        if self._anchors:
            block.anchors, self._anchors = self._anchors, []
        if self._links:
            block.links, self._links = self._links, []
        table = self._tables[-1] if self._tables else None
        (table.cell if table is not None and table.cell is not None else self.blocks).append(block)

    def _page_break(self) -> None:
        if not self._tables:
            self.blocks.append(Block("page_break"))

    def _rule(self, tag: str, attributes: Mapping[str, str]) -> None:
        if not self._tables:
            self.blocks.append(Block("rule"))

    def _begin_heading(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._level = _HEADINGS[tag]

    def _end_heading(self) -> None:
        self._level = 0

    def _begin_list(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._lists.append(1 if tag == "ol" else 0)
        self._within.append(self._marker is not None)
        self._marker = None

    def _end_list(self) -> None:
        if self._lists:
            self._lists.pop()
            self._marker = "" if self._within.pop() else None

    def _item(self, tag: str, attributes: Mapping[str, str]) -> None:
        number = self._lists[-1] if self._lists else 0
        self._marker = f"{number}." if number else "•"
        if number:
            self._lists[-1] = number + 1

    def _end_item(self) -> None:
        self._marker = None

    def _begin_table(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._tables:
            self.blocks.extend(self._tables[-1].spill())
        self._tables.append(TableReader())

    def _end_table(self) -> None:
        if self._tables:
            self.blocks.extend(self._tables.pop().blocks())

    def _begin_row(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._tables:
            self._tables[-1].begin_row()

    def _end_row(self) -> None:
        if self._tables:
            self._tables[-1].end_row()

    def _begin_cell(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._tables:
            get = attributes.get
            self._tables[-1].begin_cell(_span(get("colspan")), _span(get("rowspan")))

    def _end_cell(self) -> None:
        if self._tables:
            self._tables[-1].end_cell()


_OPENS: dict[str, Callable[[_Reader, str, Mapping[str, str]], None]] = {
    **dict.fromkeys(_HEADINGS, _Reader._begin_heading),
    **dict.fromkeys(_LISTS, _Reader._begin_list),
    "li": _Reader._item,
    "hr": _Reader._rule,
    "table": _Reader._begin_table,
    "tr": _Reader._begin_row,
    "td": _Reader._begin_cell,
    "th": _Reader._begin_cell,
}
_CLOSES: dict[str, Callable[[_Reader], None]] = {
    **dict.fromkeys(_HEADINGS, _Reader._end_heading),
    **dict.fromkeys(_LISTS, _Reader._end_list),
    "li": _Reader._end_item,
    "table": _Reader._end_table,
    "tr": _Reader._end_row,
    "td": _Reader._end_cell,
    "th": _Reader._end_cell,
}


def _words(raw: str) -> str:
    if not raw.isascii():
        raw = raw.translate(_INVISIBLE)
    return " ".join(raw.split())


def _span(value: str | None) -> int:
    return min(int(value), _WIDEST) if value and value.isdecimal() and int(value) else 1
