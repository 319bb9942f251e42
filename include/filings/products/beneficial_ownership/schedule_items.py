"""The items of a schedule, from the blocks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.page import Block
from filings.products.beneficial_ownership.signature_lines import HEADING

_ITEM = re.compile(r"items?\s+(\d{1,2})\b(?!\s*(?:through|and|to|,)\s)", re.IGNORECASE)
_LAST_ITEM = 10


def items(page: list[Block]) -> Iterator[tuple[int, str]]:
    """Number and text of each item, its heading included, in order."""
    texts: dict[int, list[str]] = {}
    current = 0
    for block in page:
        said = _said(block)
        match = _ITEM.match(said.strip())
        if match is not None and current <= int(match[1]) <= _LAST_ITEM and block.kind != "page_break":
            current = int(match[1])
        elif current and HEADING.fullmatch(said):
            break
        if current and said and block.kind not in ("page_break", "rule"):
            texts.setdefault(current, []).append(said)
    for number, parts in texts.items():
        yield number, "\n\n".join(parts)


def _said(block: Block) -> str:
    text = block.layout or block.text
    return f"{block.marker} {text}" if block.marker else text
