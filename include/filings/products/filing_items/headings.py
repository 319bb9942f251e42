"""Lines that look like the heading of an item, and how sure that is.

What is said here holds for one line by itself; which of the many lines that name an item is its heading (and not the
contents, a running head or a cross reference) is settled in `choice`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from filings.products.filing_items import titles
from filings.products.filing_items.lines import Line
from filings.products.filing_items.standard import Form, Title

_LISTED = -10.0  # the score of what can only be an entry of a table of contents
_LONGEST_TITLE = 400
_LONGEST_PART = 100
_MOST_LINES = 4  # of a title in text
_ROMAN = dict(zip(["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"], map(str, range(1, 11)), strict=True))
_PARTS = {"1": "I", "2": "II", "3": "III", "4": "IV"}
_WORDS = re.findall(r"\w+", "ONE TWO THREE FOUR FIVE SIX SEVEN EIGHT NINE TEN ELEVEN TWELVE THIRTEEN FOURTEEN FIFTEEN")
_SPELT = {word: str(number) for number, word in enumerate(_WORDS, 1)}
_LETTER = r"[\s-]?[A-C]T?(?![A-Za-z])|\s?\(?T\b\)?"  # of 1A, 9A(T), 4T
_NUMBER = rf"(?:\d{{1,2}}\s?\.\s?\d\d(?!\d)|\d{{1,2}}(?:{_LETTER})?(?!\d)|[IVX]{{1,4}}(?![A-Za-z])|E\.O\."
_NUMBER += rf"|(?:{'|'.join(_SPELT)})\b)"
_QUALIFIER = r"(?:\s?(?:,\s?|and\s|&\s?)?\([A-Za-z0-9]{1,3}\))*"
_JOIN = r"\s*(?:,\s*and|,\s*&|,|;|and|&|to|through|thru|/|–|—|-)\s*(?:items?\s*)?"
_PART = r"[\s*_|.•+\-–—]*part\s+(IV|I{1,3}|[1-4])\b[\s.,:;\-–—|]*"
_HEADING = re.compile(
    rf"(?:{_PART}(?:(?:financial|other)\s+information\W+)?)?[\s*_|.•+\-–—]*(?P<page>\d{{1,3}}\s+)?"
    rf"(?:i\s?t\s?e\s?m\s?s?|lt[ea]ms?)(?=\b|\d)[\s.:#\-–—]*(?:nos?\.?|numbers?)?\s*"
    rf"(?P<numbers>{_NUMBER}{_QUALIFIER}(?:{_JOIN}{_NUMBER}{_QUALIFIER})*)(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SENTENCE = re.compile(
    rf"(?:{_PART})?(?:the\s+)?(?:information\s+(?:that\s+is\s+)?(?:required|called\s+for)[^.;]{{0,30}}?\s(?:by|for|in|under)\s+"
    rf"(?:part\s+[ivx]+\W+)?)?items\s+(?:nos?\.?\s*)?(?P<numbers>{_NUMBER}{_QUALIFIER}(?:{_JOIN}{_NUMBER}{_QUALIFIER})+)",
    re.IGNORECASE,
)
_SETTLED = re.compile(
    r"\b(?:incorporated|omitted|not applicable|inapplicable|not required|none|not reportable|nothing to report)\b",
    re.IGNORECASE,
)
_BARE = re.compile(r"(?P<numbers>\d{1,2}\.\d\d|\d{1,2}[A-C]?)(?:\s*[.):\-–—]\s*|\s+)(?P<rest>[A-Z\[(].*)", re.DOTALL)
_EACH = re.compile(rf"({_NUMBER}){_QUALIFIER}({_JOIN})?", re.IGNORECASE)
_THROUGH = re.compile(r"to|thr|[–—-]", re.IGNORECASE)
_ANOTHER = re.compile(rf"(?:\band|[;,/&])\s*items?\s+({_NUMBER})", re.IGNORECASE)
_SEPARATORS = " \t\n.:;-–—|_*)"
_PART_LINE = re.compile(rf"{_PART}(.*)", re.IGNORECASE | re.DOTALL)
_PART_WORDS = re.compile(
    r"(?:(?:consolidated\s+)?financial\s+information|other\s+information|financial|other)?"
    r"\W*(?:page\W*)?(?:\(.{0,40}\))?[\W\d]*",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(r"\W*(?:none|not applicable|n/a|omitted)\W*", re.IGNORECASE)
_CONTINUED = re.compile(r"\(?\s*cont(?:inued|['’]?d|\.)", re.IGNORECASE)


@dataclass(slots=True)
class Heading:
    """A line that may be an item's heading.

    Args:
        line: its position.
        last: the position of the last line that belongs to it (its title may stand below).
        numbers: the items that it heads; more than one where a filer combines them.
        part: the part that it says; empty where it says none.
        title: the words after the number, without page numbers.
        known: the form's title that it is, if one.
        score: how sure it is.
        pages: the page that stands behind it, as in a table of contents.
        named: whether the word item is there.
        keys: part and number of each item that it heads.
        leads: whether a link in it leads on to a later place of the page.
    """

    line: int
    last: int
    numbers: tuple[str, ...]
    part: str = ""
    title: str = ""
    known: Title | None = None
    score: float = 0.0
    pages: str = ""
    named: bool = True
    keys: tuple[tuple[str, str], ...] = ()
    leads: bool = False


def part_of(line: Line) -> str:
    """The part that a line is the heading of; empty when it is none."""
    if len(line.text) > _LONGEST_PART or not line.opens:
        return ""
    match = _PART_LINE.match(line.text)
    if match is None or not _PART_WORDS.fullmatch(match[2]):
        return ""
    return _PARTS.get(match[1], match[1].upper())


def numbers_of(words: str, form: Form) -> tuple[str, ...]:
    """The items of `1 and 2`, `1 through 4, 6`, `5.02(b)`; such that the form does not have are left out."""
    order = list(form.by_number)
    found: list[str] = []
    through = False
    for match in _EACH.finditer(words):
        number = re.sub(r"[\s()-]", "", match[1]).upper()
        number = _SPELT.get(number) or _ROMAN.get(number, number if len(number) == 1 else number.rstrip("T"))
        if through and found and found[-1] in order and number in order:
            between = order[order.index(found[-1]) + 1 : order.index(number)]
            found.extend(one for one in between if one.isdigit() and one not in found)
        if number not in found and (number in form.by_number or number == "E.O."):
            found.append(number)
        through = bool(match[2]) and _THROUGH.search(match[2]) is not None
    return tuple(found)


def heading_at(lines: Sequence[Line], position: int, form: Form, *, bare: bool = False) -> Heading | None:
    """What a line is as a heading, or None.

    Args:
        lines: all of the page.
        position: of the line.
        form: its items.
        bare: take a number without the word item too, if the title is the form's.
    """
    line = lines[position]
    match = _HEADING.match(line.text)
    named = match is not None
    if match is None and bare:
        match = _BARE.match(line.text)
    if match is None or (named and match["page"] and line.kind != "table"):
        return None
    numbers = numbers_of(match["numbers"], form)
    rest = match["rest"]
    if not numbers or titles.goes_on(rest):
        return None
    rest = rest.lstrip(_SEPARATORS)
    if rest[:1].islower() or titles.goes_on(rest[:1]):
        return None
    found = Heading(position, position, numbers, named=named)
    if not _take_title(lines, found, rest, form):
        return None
    if named:
        part = (match[1] or "").upper()
        found.part = _PARTS.get(part, part)
        found.pages = found.pages or (match["page"] or "").strip()
        others = [one for another in _ANOTHER.findall(found.title) for one in numbers_of(another, form)]
        found.numbers = (*numbers, *(one for one in others if one not in numbers))
        if found.known is None and match["numbers"][:3].upper().startswith(tuple(word[:3] for word in _SPELT)):
            return None
        if found.known is None and match["numbers"][0] in "IVX":
            found.numbers = ("X",) if match["numbers"] == "X" else ()
    return found if found.numbers else None


def sentence_at(lines: Sequence[Line], position: int, form: Form) -> Heading | None:
    """A paragraph that settles several items in a sentence, as `Items 10 through 13 are incorporated by reference`."""
    line = lines[position]
    match = _SENTENCE.match(line.text) if line.opens and line.kind != "table" else None
    if match is None or not _SETTLED.search(line.text, match.end(), match.end() + _LONGEST_TITLE):
        return None
    numbers = numbers_of(match["numbers"], form)
    part = (match[1] or "").upper()
    if len(numbers) < 2:
        return None
    return Heading(position, position - 1, numbers, _PARTS.get(part, part), named=False)


def _take_title(lines: Sequence[Line], found: Heading, rest: str, form: Form) -> bool:
    """Give a heading its title, from its own line or those below; False when it is a sentence about an item."""
    line = lines[found.line]
    if not rest:
        rest = _below(lines, found, form)
    elif line.kind == "preformatted":
        rest = _wrapped(lines, found, rest, form)
    words, found.pages = titles.without_page(rest)
    known = found.known = _match(form, found, words)
    long = len(words) > titles.LONG
    if not found.named and (known is None or not titles.is_little_more(words, known)):
        return False
    if known is None:
        if long and not line.lead:
            return False
        found.title = "" if _NO_TITLE.fullmatch(words) else words[: line.lead if long else _LONGEST_TITLE].strip()
    else:
        title = titles.title_of(words, known, form, found.numbers)
        if title is None:
            return False
        found.title = title
    found.score = _score(line, found, long)
    return True


def _score(line: Line, found: Heading, long: bool) -> float:
    if not found.named:
        looks = line.strong or found.title.isupper()
        if found.pages or not looks or line.text.split()[0].isalnum():
            return _LISTED
    score = 1.0 if line.opens else -1.0
    if found.known is not None:
        score += 4
    elif found.title:
        score -= 1
    if line.strong or line.lead >= min(len(found.title), 6) > 0:
        score += 2
    if not long:
        score += 1
    if line.text[:12].isupper():
        score += 0.5
    if not found.named:
        score -= 2
    if _CONTINUED.search(found.title):
        score -= 3
    return score


def _match(form: Form, found: Heading, words: str) -> Title | None:
    for number in found.numbers:
        known = form.match(number, words)
        if known is not None:
            return known
    return None


def _below(lines: Sequence[Line], found: Heading, form: Form) -> str:
    """The title of a heading whose line says only the number: the next line, if it can be one."""
    after = found.line + 1
    if after >= len(lines) or lines[after].is_page_number:
        return ""
    line = lines[after]
    if len(line.text) > titles.LONG or _HEADING.match(line.text) or part_of(line):
        return ""
    if _match(form, found, line.text) is None:
        return ""
    found.last = after
    return _wrapped(lines, found, line.text, form) if line.kind == "preformatted" else line.text


def _wrapped(lines: Sequence[Line], found: Heading, rest: str, form: Form) -> str:
    """A title with the lines below that go on with it, in text whose lines stand as they were typed."""
    for after in range(found.last + 1, min(found.last + _MOST_LINES, len(lines))):
        line = lines[after]
        if line.opens or line.block != lines[found.last].block or len(rest) > titles.LONG:
            break
        if not titles.are_of_titles(titles.without_page(line.text)[0], form, found.numbers):
            break
        rest = f"{rest} {line.text}"
        found.last = after
    return rest
