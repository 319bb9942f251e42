"""The items of a schedule and its signatures, from the blocks of its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.page import Block
from filings.products.beneficial_ownership import cover_values as values

_ITEM = re.compile(r"items?\s+(\d{1,2})\b(?!\s*(?:through|and|to|,)\s)", re.IGNORECASE)
_SIGNATURES = re.compile(r"\W*signatures?\W*", re.IGNORECASE)
_AFTER = re.compile(r"\W*(?:exhibit|schedule|annex|appendix|joint\s+filing|index\s+to)\b", re.IGNORECASE)
_SIGNED = re.compile(r"/s/\s*([^\t\n]+?)(?=\s{2,}|\t|\n|$)", re.IGNORECASE)
_PART = re.compile(r"\b(name|title|its|by)\s*:\s*([^\t\n]+?)(?=\s{2,}|\t|\n|\b(?:title|its|name)\s*:|$)", re.IGNORECASE)
_DATED = re.compile(r"\bdated?\b", re.IGNORECASE)
_LAST_ITEM = 10
_LINES_BEHIND = 4  # lines behind a signature that say who signed


def items(page: list[Block]) -> Iterator[tuple[int, str]]:
    """Number and text of each item, its heading included, in order."""
    texts: dict[int, list[str]] = {}
    current = 0
    for block in page:
        said = _said(block)
        match = _ITEM.match(said.strip())
        if match is not None and current <= int(match[1]) <= _LAST_ITEM and block.kind != "page_break":
            current = int(match[1])
        elif current and _SIGNATURES.fullmatch(said):
            break
        if current and said and block.kind not in ("page_break", "rule"):
            texts.setdefault(current, []).append(said)
    for number, parts in texts.items():
        yield number, "\n\n".join(parts)


def _said(block: Block) -> str:
    text = block.layout or block.text
    return f"{block.marker} {text}" if block.marker else text


def signatures(page: list[Block]) -> Iterator[dict[str, str | None]]:
    """Who signed, from the heading of the signatures to the first exhibit."""
    lines = list(_signature_lines(page))
    dates = {found for line in lines if _DATED.search(line) and (found := values.day(line))}
    for place, line in enumerate(lines):
        for match in _SIGNED.finditer(line):
            behind = "\n".join(_until_next(lines[place + 1 : place + 1 + _LINES_BEHIND]))
            parts = {part[1].lower(): part[2].strip() for part in _PART.finditer(f"{line[match.end() :]}\n{behind}")}
            yield {
                "signature": match[1].strip(" _|"),
                "title": parts.get("title") or parts.get("its"),
                "date": next(iter(dates)) if len(dates) == 1 else None,
            }


def _until_next(lines: list[str]) -> Iterator[str]:
    for line in lines:
        if _SIGNED.search(line):
            return
        yield line


def _signature_lines(page: list[Block]) -> Iterator[str]:
    begun = False
    for block in page:
        said = _said(block)
        if not begun:
            begun = _SIGNATURES.fullmatch(said) is not None
        elif _AFTER.match(said) and block.kind in ("heading", "paragraph") and len(said) < 100:
            return
        else:
            yield from said.splitlines()
