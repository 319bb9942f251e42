"""What stands behind a label of a cover page, as a value; what cannot be read surely is None."""

from __future__ import annotations

import re
from datetime import date

_CHECKED = re.compile(
    r"[☑☒✓✔]|\[\s*[xX✓]\s*\]|/\s*[xX]\s*/|\|\s*[xX]\s*\||\(\s*[xX]\s*\)|_+[xX]_*|(?<![A-Za-z])[xX](?![A-Za-z])"
)
_EMPTY = re.compile(r"☐|\[[\s_]*\]|/\s*/|\|\s*\||\(\s*\)|_{1,}(?![xX])|(?<![A-Za-z])[oO](?![A-Za-z])")
_BOX = re.compile(f"(?P<checked>{_CHECKED.pattern})|(?P<empty>{_EMPTY.pattern})")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_AMOUNT = re.compile(
    r"(?<![\w.,])(?:-\s?0\s?-?|0\s?-)(?![\w,.])"  # as the form asks nought to be written
    r"|(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d|,\d)|(?<![\w.,-])\d+(?:\.\d+)?(?!,?\d|\w)"
)
_EXPLAINED = re.compile(  # what follows says of what the number is made, or of when it is
    r"\b(?:includ|consist|compris|represent|exclud|assum|of\s+which|based\s+(?:up)?on|as\s+of|issuable|subject\s+to)[\s\S]*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:items?|rows?|pages?|notes?|footnotes?|exhibits?)\s+\d+\w*", re.IGNORECASE)
_NONE = re.compile(r"(?:none|nil|zero|no shares)\W*", re.IGNORECASE)
_PERCENT = re.compile(r"(?<![\d.,<>])(\d{1,3}(?:\.\d+)?|\.\d+)\s*(?:%|percent)", re.IGNORECASE)
_VAGUE = re.compile(r"less\s+than|more\s+than|over\s|under\s|below|[<>]", re.IGNORECASE)
_CAPTION = re.compile(r"(?:^|\n|\s\s)NUMBER\s+OF\b[\s\S]*|\bBENEFICIALLY\s+OWNED\b[\s\S]*", re.IGNORECASE)
_CAPTION_WORDS = re.compile(
    r"\b(?:NUMBER\s+OF|SHARES?|BENEFICIALLY|OWNED(?:\s+BY)?|EACH|REPORTING|PERSONS?|WITH|UNITS)\b:?", re.IGNORECASE
)
_IDENTITY = re.compile(
    r"(?:\(?\s*(?:I\.?R\.?S\.?|S\.?S\.?|EIN|FEIN|TAX|FEDERAL|EMPLOYER)[^\n]*?:?\s*)?\(?\b\d{2}-\d{7}\b\)?"
    r"|\b\d{3}-\d{2}-\d{4}\b|\(?(?:I\.?R\.?S\.?|S\.?S\.?)\s[^\n]*",
    re.IGNORECASE,
)
_PERSON_TYPES = ("BD", "BK", "IC", "IV", "IA", "EP", "HC", "SA", "CP", "CO", "PN", "IN", "FI", "OO")
_FUNDS = ("SC", "BK", "AF", "WC", "PF", "OO")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_WRITTEN = re.compile(rf"\b({'|'.join(_MONTHS)})\s+(\d{{1,2}})\s*(?:st|nd|rd|th)?\s*,?\s+(\d{{4}})\b", re.IGNORECASE)
_SHORT = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})\b")
_PIVOT = 50  # two digits of a year from which on it is of the last century


def amount(text: str) -> str | None:
    """A number of shares as digits: what stands there begins with it, and no other follows outside brackets."""
    plain = _EXPLAINED.sub("", _IN_BRACKETS.sub(" ", text))
    said = _REFERENCE.sub(" ", _CAPTION_WORDS.sub(" ", plain)).strip(" \t\n*_|.:")
    found = list(_AMOUNT.finditer(said))
    numbers = {re.sub(r"[,\s]", "", match[0]).strip("-") for match in found}
    if len(numbers) == 1:
        return numbers.pop() if found[0].start() == 0 else None
    return "0" if not found and _NONE.fullmatch(said) else None


def percent(text: str) -> str | None:
    """A percentage as digits; none of `less than 5%`."""
    said = _IN_BRACKETS.sub(" ", text)
    if _VAGUE.search(said):
        return None
    found = {match[1] for match in _PERCENT.finditer(said)}
    if not found:
        bare = amount(text)
        return bare if bare is not None and float(bare) <= 100 else None
    return found.pop() if len(found) == 1 else None


def is_said(text: str) -> bool:
    """Whether anything stands there that should be a value, rather than nothing or `N/A`."""
    said = _CAPTION_WORDS.sub(" ", text).strip(" \t\n*_|.:-—–")
    return bool(said) and re.fullmatch(r"N/?A|not\s+applicable", said, re.IGNORECASE) is None


def checked(text: str) -> bool | None:
    """Whether a box is checked; None where there is none."""
    boxes = {match.lastgroup for match in _BOX.finditer(text)}
    return "checked" in boxes if boxes else None


def group(text: str) -> str | None:
    """`a` or `b`, whichever of the two boxes is the only one checked."""
    marks = [(match.start(), match[1].lower()) for match in re.finditer(r"\(\s*([aAbB])\s*\)", text)]
    if [mark for _, mark in marks] != ["a", "b"]:
        return None
    masked = re.sub(r"\(\s*[aAbB]\s*\)", lambda match: " " * len(match[0]), text)
    boxes = [(match.start(), match.lastgroup == "checked") for match in _BOX.finditer(masked)]
    first_box_leads = bool(boxes) and boxes[0][0] < marks[0][0] and len(boxes) <= 2
    (a, _), (b, _) = marks
    if first_box_leads:
        states = [any(on for place, on in boxes if place < a), any(on for place, on in boxes if a < place < b)]
    else:
        states = [any(on for place, on in boxes if a < place < b), any(on for place, on in boxes if place > b)]
    return {(True, False): "a", (False, True): "b"}.get((states[0], states[1]))


def name(text: str) -> str | None:
    """A person's name, without the tax number beside it."""
    said = _IDENTITY.sub(" ", re.sub(r"[|_]+|[-=]{3,}", " ", text))
    lines = [" ".join(line.split()) for line in said.splitlines()]
    whole = " ".join(
        line for line in lines if line and not re.fullmatch(r"[\W\d]+|\(?entities only\)?", line, re.IGNORECASE)
    )
    whole = re.sub(r"^(?:\(entities only\)|[:*.,;)\s])+|[\s:*;,(]+$", "", whole, flags=re.IGNORECASE)
    return whole or None


def place(text: str) -> str | None:
    """A citizenship or state, without the caption that stands beside the next rows."""
    said = _CAPTION.sub(" ", re.sub(r"[|_]+|[-=]{3,}", " ", text))
    return " ".join(said.split()).strip(" *:") or None


def person_types(text: str) -> str | None:
    """The codes of a person's type, parted by commas."""
    return _codes(text, _PERSON_TYPES)


def funds(text: str) -> str | None:
    """The codes of the sources of funds, parted by commas."""
    return _codes(text, _FUNDS)


def _codes(text: str, known: tuple[str, ...]) -> str | None:
    code = rf"(?:{'|'.join(known)})\b"
    match = re.match(rf"[\W_]*(?:\(see[^)]*\)\W*)?({code}(?:(?:\W|_|and\b|or\b)*{code})*)", text, re.IGNORECASE)
    if match is None or (match[1].upper() != match[1] and re.search(r"\band\b|\bor\b", match[1]) is None):
        return None
    return ", ".join(dict.fromkeys(re.findall(rf"\b{code}", match[1].upper()))) or None


def day(text: str) -> str | None:
    """A date such as `December 9, 2024` or `12/9/2024` as `2024-12-09`, when it is the only one."""
    found: set[str] = set()
    for match in _WRITTEN.finditer(text):
        found.add(_iso(int(match[3]), _MONTHS.index(match[1].lower()) + 1, int(match[2])))
    for match in _SHORT.finditer(text):
        year = int(match[3])
        found.add(_iso(year if year > 99 else year + (1900 if year >= _PIVOT else 2000), int(match[1]), int(match[2])))
    return found.pop() or None if len(found) == 1 else None


def _iso(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return ""
