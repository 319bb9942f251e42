"""Blocks of a page as Markdown: CommonMark, with the pipe tables that GitHub and language models know.

Tables are padded, so that they can be read as they stand; a column of numbers is put to the right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.page import Block

_WIDEST = 60  # characters to which cells are padded; longer ones stand out
_MOST_PADDING = 4  # times its own text that a table may grow to by padding

_SPECIAL = re.compile(r"([\\`*_]|<(?=[A-Za-z/!?])|&(?=#?\w+;)|\](?=[(\[]))")
_OPENING = re.compile(r"(#{1,6}(?=\s|$)|>|[+-](?=\s|$)|={3,}|-{3,}|~{3,})")
_NUMBER = re.compile(
    r"[($€£¥\s-]*(?:US|C|A)?[$€£¥]?[\s(-]*\d[\d.,]*\s?[)%\s]*(?:bps|x)?|[-–—\s$]+|N/?[AM]", re.IGNORECASE
)


def markdown(page: list[Block]) -> str:
    """A page as Markdown, without a line break at its end."""
    written: list[str] = []
    before: Block | None = None
    for block in page:
        text = _written(block)
        tight = before is not None and before.kind == "list_item" == block.kind
        if text:
            written.append(f"{'' if not written else chr(10) if tight else chr(10) * 2}{text}")
            before = block
    return "".join(written)


def _written(block: Block) -> str:
    kind = block.kind
    if kind == "heading":
        return f"{'#' * block.level} {_escaped(block.text)}"
    if kind == "list_item":
        return _item(block)
    if kind == "table" and not block.layout:
        return "\n".join(_table(block.rows))
    if kind in ("table", "preformatted"):
        return _fenced(block.layout or block.text)
    if kind == "page_break":
        said = block.text.replace("--", "—")
        return f"<!-- page {said} -->" if said else "<!-- page -->"
    if kind == "rule":
        return "---"
    return _paragraph(block)


def _paragraph(block: Block) -> str:
    text, lead = block.text, block.lead
    if lead == len(text):
        return f"**{_escaped(text)}**"
    if lead > 1 and text[:lead].strip():
        first = text[:lead].rstrip()
        return f"**{_escaped(first)}**{_escaped(text[len(first) :])}"
    return _OPENING.sub(r"\\\1", _escaped(text), count=1) if _OPENING.match(text) else _escaped(text)


def _item(block: Block) -> str:
    indent = "  " * (block.level - 1)
    marker = block.marker
    if not marker:
        return f"{indent}  {_escaped(block.text)}"
    if re.fullmatch(r"\d{1,9}[.)]", marker):
        return f"{indent}{marker} {_escaped(block.text)}"
    said = "" if (len(marker) == 1 and not marker.isalnum()) or marker in ("o", "--") else f"{_escaped(marker)} "
    return f"{indent}- {said}{_escaped(block.text)}"


def _fenced(text: str) -> str:
    fence = "`" * max(3, max(map(len, re.findall("`+", text)), default=0) + 1)
    return f"{fence}\n{text}\n{fence}"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _table(rows: list[list[str]]) -> Iterator[str]:
    """The lines of a table; its first row is the head, since Markdown has no table without."""
    cells = [[_escaped(cell).replace("|", "\\|") for cell in row] for row in rows]
    columns = list(zip(*cells, strict=True))
    right = [_is_of_numbers(column[1:]) for column in columns]
    widths = [max(3, *(len(cell) for cell in column if len(cell) <= _WIDEST), 3) for column in columns]
    if sum(widths) * len(cells) > _MOST_PADDING * sum(len(cell) for row in cells for cell in row) + 10_000:
        widths = [3] * len(columns)
    for number, row in enumerate(cells):
        padded = [
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ]
        yield f"| {' | '.join(padded)} |"
        if number == 0:
            rule = [f"{'-' * (w - 1)}:" if to_right else "-" * w for w, to_right in zip(widths, right, strict=True)]
            yield f"| {' | '.join(rule)} |"


def _is_of_numbers(column: tuple[str, ...]) -> bool:
    full = [cell for cell in column if cell]
    return bool(full) and sum(1 for cell in full if _NUMBER.fullmatch(cell)) * 2 >= len(full)
