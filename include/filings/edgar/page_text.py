"""ASCII text of the 1990s into blocks: pages, paragraphs by blank lines and indents, tables made of blanks.

Until 2000 most documents are typewritten: 80 columns, `<PAGE>` where a page begins, `<TABLE>`, `<CAPTION>`, `<S>` and
`<C>` around what a printer must not wrap (EDGAR Filer Manual). Columns without tags are told by the gaps in their
lines. A line that begins with a dash has another dash and a blank before it, from privacy-enhanced mail (RFC 1421,
4.4).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from filings.edgar.page_block import Block

_TAG_LINE = re.compile(r"\s*</?(page|table|caption|s|c|fn|f\d+|text)\s*>", re.IGNORECASE)
_PAGE = re.compile(r"</?page>", re.IGNORECASE)
_TABLE = re.compile(r"<(/?)table\s*>", re.IGNORECASE)
_TABLE_APART = re.compile(r"(</?table\s*>)", re.IGNORECASE)
_MARKS = re.compile(r"</?(?:caption|s|c|fn|f\d+|r|text|document)\s*>", re.IGNORECASE)
_DASHED = re.compile(r"^- (?=-)", re.MULTILINE)
_SIGN = re.compile(r"([$(]) (?=[\d(])")
_RULE = re.compile(r"[\s\-=_*~.+|]{3,}")
_GAP = re.compile(r"(?<=\S)(?: {3,}|\t+ *| ?(?:\. ?){4,}\s*| *\.{3,} *)(?=\S)")
_MARKER = re.compile(
    r"(?:\[[ xX]?\]|/[ xX]?/|(?:part|items?|note|article|section|exhibit)\s+[\divxl]+[\w.()]*[.:]?"
    r"|\(?(?:[a-z]|[ivxl]{1,5}|\d{1,3})[.)]+|[o*•·-]|\d{1,2}\.\d{1,2})\s{2,}(?=\S)",
    re.IGNORECASE,
)
_BULLET = re.compile(r"([o*•·]|--?)\s+(?=\S)(?![\w-]{1,6}\s*-+\Z)")  # not the number of a page
_HEADING = re.compile(
    r"(?i:items?)\s*\d{1,2}(?:\.\d\d|[A-Ca-c])?\s*(?:[.:–—-]|\s{2,})\s*[A-Z(\[]|ITEMS?\s+\d{1,2}[A-C]?\s+[A-Z]{3}"
    r"|PART\s+[IV]{1,3}\s*(?:[.:–—-]+\s*[A-Z].*)?$|(?i:signatures?)\s*$"
)
# What goes on so in the next line names an item there and does not begin it.
_GOES_ON = re.compile(
    r"(?:[,(“\"‘&/]|\b(?:in|see|and|or|of|under|to|with|by|from|the|this|that|at|on|for|through|also|our|its|is|are|as"
    r"|caption(?:ed)?|heading|headed|entitled|titled)|\S\s+part\s+[IVX\d]+)$",
    re.IGNORECASE,
)
_HARD_BLANKS = "\xa0" * 3
_HARD_GAP = re.compile(r"\S[ \xa0]*\xa0{3}[ \xa0]*\S")
_HARD_NUMBER = re.compile(r"\S[ \xa0]{3,}\$?[ \xa0]*\(?[\d,.]*\d\)?%?(?=[ \xa0]{2,}|\s*$)")
_LONGEST_TYPED = 1000
_ENDS = (".", ":", ";", "!", "?", '"', ")")
_INDENT = 3  # blanks by which a first line stands in
_ROOM = 12  # characters that a line may be short of the widest because of ragged ends


def read(text: str) -> list[Block]:
    """The blocks of a page of text, as they stand."""
    found: list[Block] = []
    chunk: list[str] = []
    table: list[str] | None = None

    def close() -> None:
        if chunk:
            found.extend(_chunk(chunk))
            chunk.clear()

    for line in _lines(text):
        if "<" in line:
            page = _PAGE.search(line)
            if page is not None:
                before, behind = line[: page.start()], line[page.end() :]
                if before.strip():
                    (chunk if table is None else table).append(before)
                close()
                if table:
                    found.append(_table(table))
                    table = []
                found.append(Block("page_break", _PAGE.sub("", behind).strip()))
                continue
            mark = _TABLE.search(line)
            if mark is not None:
                close()
                if table and any(map(str.strip, table)):
                    found.append(_table(table))
                table = None if mark[1] else []
                continue
            if _TAG_LINE.match(line) or _MARKS.search(line):
                line = _MARKS.sub(lambda found: " " * len(found[0]), line)
                if not line.strip():
                    continue
        if table is not None:
            table.append(line)
        elif line.strip():
            chunk.append(line.rstrip())
        else:
            close()
    close()
    if table and any(map(str.strip, table)):
        found.append(_table(table))
    return found


def _lines(text: str) -> Iterator[str]:
    """The lines of a page, the tag of a table on one of its own."""
    for line in _DASHED.sub("", text).expandtabs(8).splitlines():
        if "<" in line and _TABLE.search(line):
            yield from (part for part in _TABLE_APART.split(line) if part.strip())
        else:
            yield line


def _table(lines: list[str]) -> Block:
    layout = _dedented(lines)
    rows = [row for line in lines if (row := cells_of(line))]
    width = max(map(len, rows), default=0)
    grid = [row + [""] * (width - len(row)) for row in rows]
    return Block("table", "\n".join("\t".join(row) for row in rows), rows=grid, layout=layout)


def _preformatted(lines: list[str]) -> Block:
    return Block("preformatted", _dedented(lines), rows=[row for line in lines if (row := cells_of(line))])


def typed(raw: str, *, goes_on: bool) -> str | None:
    """A paragraph of HTML whose columns are made of hard blanks as a line of type; None when it is none.

    Args:
        raw: the paragraph, its hard blanks (U+00A0) kept.
        goes_on: whether the line before was such a line, so that rules and words go on with it.
    """
    if len(raw) > _LONGEST_TYPED:
        return None
    columns = _HARD_BLANKS in raw and (_HARD_NUMBER.search(raw) or (goes_on and _HARD_GAP.search(raw)))
    if columns or (goes_on and _RULE.fullmatch(raw)):
        return raw.replace("\xa0", " ").replace("\n", " ").rstrip()
    return None


def cells_of(line: str) -> list[str]:
    """What the gaps of a line part; a `$` belongs to its number; nothing of a line of rules."""
    if not line.strip() or _RULE.fullmatch(line):
        return []
    found: list[str] = []
    for cell in _GAP.split(line.strip()):
        said = _SIGN.sub(r"\1", " ".join(cell.split()))
        if found and found[-1] in ("$", "(", "$("):
            found[-1] += said
        else:
            found.append(said)
    return found


def _dedented(lines: list[str]) -> str:
    while lines and not lines[0].strip():
        lines = lines[1:]
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return "\n".join(line[least:].rstrip() for line in lines)


def _chunk(lines: list[str]) -> list[Block]:
    """Lines without a blank one between them."""
    if len(lines) == 1 and _RULE.fullmatch(lines[0]):
        return [Block("rule")]
    gaps = sum(1 for line in lines if _columnar(line))
    if gaps * 2 >= len(lines) and gaps:
        return [_preformatted(lines)]
    found: list[Block] = []
    paragraph: list[str] = []
    width = max(len(line.strip()) for line in lines)
    for line in lines:
        if _RULE.fullmatch(line):
            found.extend(_paragraph(paragraph))
            paragraph = []
            found.append(Block("rule"))
            continue
        if paragraph and _begins(paragraph[-1], line, width):
            found.extend(_paragraph(paragraph))
            paragraph = []
        paragraph.append(line)
    found.extend(_paragraph(paragraph))
    return found


def _columnar(line: str) -> bool:
    said = line.strip()
    marker = _MARKER.match(said)
    return _GAP.search(said, marker.end() if marker else 0) is not None


def _begins(before: str, line: str, width: int) -> bool:
    """Whether a line begins a paragraph although no blank line stands before it: the line before was broken by hand,
    since the next word would have had room in it, or this one stands in.
    """
    if len(before.strip()) + len(line.split(None, 1)[0]) < width - _ROOM:
        return True
    indent, last = len(line) - len(line.lstrip()), len(before) - len(before.lstrip())
    said = line.lstrip()
    if _BULLET.match(said) and before.rstrip().endswith(_ENDS):
        return True
    if _HEADING.match(said) and not _GOES_ON.search(before.rstrip()):
        return True
    return indent >= last + _INDENT and before.rstrip().endswith(_ENDS) and not said[:1].islower()


def _paragraph(lines: list[str]) -> list[Block]:
    if not lines:
        return []
    text = ""
    for line in lines:
        said = " ".join(line.split())
        if text.endswith("-") and len(text) > 1 and text[-2].isalpha() and said[:1].islower():
            text += said
        else:
            text = f"{text} {said}" if text else said
    block = Block("paragraph", text, centered=_centered(lines))
    bullet = _BULLET.match(text)
    if bullet and len(text) > bullet.end():
        block.kind, block.level, block.marker, block.text = "list_item", 1, bullet[1], text[bullet.end() :]
    return [block]


def _centered(lines: list[str]) -> bool:
    """Whether all lines stand in the middle of a page of 80 columns, or near it."""
    for line in lines:
        left = len(line) - len(line.lstrip())
        right = 80 - len(line.rstrip())
        if left < 8 or abs(left - right) > 16:
            return False
    return bool(lines)
