"""What stands behind a label of a cover page, as a value; what cannot be read surely is None."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

_CHECKED = re.compile(
    r"[☑☒✓✔]|\[\s*[xX✓]\s*\]|/\s*[xX]\s*/|\|\s*[xX]\s*\||\(\s*[xX]\s*\)|_+[xX]_*|(?<![A-Za-z])[xX](?![A-Za-z])"
)
_EMPTY = re.compile(r"☐|\[[\s_]*\]|/\s*/|\|\s*\||\(\s*\)|_{1,}(?![xX])|(?<![A-Za-z])[oO](?![A-Za-z])")
_BOX = re.compile(f"(?P<checked>{_CHECKED.pattern})|(?P<empty>{_EMPTY.pattern})")
_IN_BRACKETS = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_NOUGHT = re.compile(
    r"(?<![\w.,/-])(?:[-–—]\s?0\s?[-–—]?|0\s?[-–—])(?![\w,./-])"
)  # as the form asks nought to be written
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_EITHER = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # thousands, as written in Europe, or a fraction
_SCALE = re.compile(r"\s*(?:%|percent|hundred|thousand|million|billion|dozen)", re.IGNORECASE)
_WORD = re.compile(r"[^\s;:]+")
_AROUND = "\"'“”‘’*†‡§#+~.,¹²³⁰⁴⁵⁶⁷⁸⁹"  # marks of footnotes and ends of sentences
_EXPLAINED = re.compile(  # what follows says of what the number is made, or of when it is
    r"\b(?:includ|consist|compris|represent|exclud|assum|of\s+which|based\s+(?:up)?on|as\s+of|issuable|subject\s+to)[\s\S]*",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"\b(?:items?|rows?|pages?|notes?|footnotes?|exhibits?)\s+\d+\w*", re.IGNORECASE)
_NONE = re.compile(r"(?:none|nil|zero|no shares)\W*", re.IGNORECASE)
_PERCENT = re.compile(
    r"(?<![\w.,/<>])(?:(?:(?P<whole>\d{1,3})(?:\s*-\s*|\s+))?(?P<over>\d{1,2})\s?/\s?(?P<under>\d{1,2})"
    r"|(?P<plain>\d{1,3}(?:\.\d+)?|\.\d+))\s*(?:%|per\s?cent\b)",
    re.IGNORECASE,
)
# A number right before, alone or with a word that makes a range or a part of it: `5 to 6%`, `1/2 of 1%`.
_GOES_ON = re.compile(r"[\d%]\s*(?:[-–—/.,]|to|or|of|and)?\s*$", re.IGNORECASE)
_BEFORE = 12  # characters in which that stands
_VULGAR = re.compile("[¼-¾⅐-⅞]")
_VAGUE = re.compile(
    r"(?:less|more|fewer|greater)\s+than|over\s|under\s|below|at\s+(?:least|most)|up\s+to|in\s+excess|[<>≤≥]",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"(?:^|\n|\s\s)NUMBER\s+OF\b[\s\S]*|\bBENEFICIALLY\s+OWNED\b[\s\S]*", re.IGNORECASE)
_CAPTION_WORDS = re.compile(
    r"\b(?:NUMBER\s+OF|SHARES?|BENEFICIALLY|OWNED(?:\s+BY)?|EACH|REPORTING|PERSONS?|WITH|UNITS)\b:?", re.IGNORECASE
)
_TAX = (  # what stands before a tax number, never a part of a name such as `Ross Capital`
    r"(?<![A-Za-z.])(?:I\.?\s?R\.?\s?S\.?|S\.?\s?S\.?(?:\s?N\.?)?|SOC(?:IAL|\.)\s+SEC(?:URITY|\.)|F?EIN|TAX(?:PAYER)?"
    r"|FEDERAL\s+(?:TAX|I\.?D|IDENT)\w*|EMPLOYER)(?=\W|$)"
)
_TAX_WORDS = (
    r"(?:[\s.:#/&]*(?:OR|I\.?\s?R\.?\s?S|S\.?\s?S|EMPLOYER|TAX|I\.?\s?D|IDENT\w*|NOS?|NUMBERS?|EIN)(?![A-Za-z]))*"
)
_TAX_NUMBER = r"(?<![\d-])(?:\d{2}-\d{7}|\d{3}[- ]\d{2}[- ]\d{4})(?![\d-])"
_IDENTITY = re.compile(
    rf"[(\[][^()\[\]\n]*(?:{_TAX_NUMBER}|{_TAX}[\s.:#]*(?:NO|NUM|ID|I\.D|#))[^()\[\]\n]*[)\]]"
    rf"|{_TAX}{_TAX_WORDS}[\s.:#]*{_TAX_NUMBER}|{_TAX_NUMBER}"
    rf"|{_TAX}[\s.:#]*(?:(?:EMPLOYER\s+|TAX\s+)?(?:IDENT\w*|I\.?D\.?)(?![A-Za-z])|NO\b|NUMBER|#)[^\n]*",
    re.IGNORECASE,
)
_LONGEST_NAME = 500
_PERSON_TYPES = ("BD", "BK", "IC", "IV", "IA", "EP", "HC", "SA", "CP", "CO", "PN", "IN", "FI", "OO")
_FUNDS = ("SC", "BK", "AF", "WC", "PF", "OO")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?P<day>\d{1,2})(?:\s?(?:st|nd|rd|th)\b)?"
_DATES = (
    re.compile(rf"\b{_MONTH}\s*{_DAY}(?:\s*[,.]\s*|\s+)(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(rf"\b{_DAY}[\s-]+(?:day\s+of\s+)?{_MONTH}[\s,-]*(?P<year>\d{{4}})\b", re.IGNORECASE),
    re.compile(r"\b(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d|-\d)"),
)
# A day of another date whose year is not said again: `June 30 and July 1, 1998`.
_PART = re.compile(
    rf"\b{_MONTH}\s*\d{{1,2}}(?!\d)|\b\d{{1,2}}\s+{_MONTH.replace('month', 'other')}|(?<!\d)\d{{1,2}}/\d{{1,2}}(?!\d)",
    re.IGNORECASE,
)
_SHORT = re.compile(r"(?<![\d/-])(\d{1,2})[/-](\d{1,2})[/-](\d{4}|\d{2})(?![\d/-])")
_PIVOT = 50  # two digits of a year from which on it is of the last century


def amount(text: str) -> str | None:
    """A number of shares as digits: what stands there begins with it, and no other follows outside brackets.

    None of `1.234.567`, `1.234`, `10,000-12,000` or `1.5 million`, which are no number or may be two.
    """
    found = _number(text)
    return None if found is not None and _EITHER.fullmatch(found) else found


def _number(text: str) -> str | None:
    plain = _EXPLAINED.sub("", _IN_BRACKETS.sub(" ", text))
    said = _REFERENCE.sub(" ", _CAPTION_WORDS.sub(" ", re.sub(r"(?<=\d)(?=shares)", " ", plain, flags=re.IGNORECASE)))
    said = _NOUGHT.sub("0", said.strip(" \t\n*_|.:"))
    numbers: dict[str, int] = {}
    for word in _WORD.finditer(said):
        digits = word[0].strip(_AROUND)
        if re.search(r"\d", digits) is None or re.search(r"[^\W\d_]", digits):
            continue  # a word, also one such as `13d-1`
        if _AMOUNT.fullmatch(digits) is None or _SCALE.match(said, word.end()):
            return None
        numbers.setdefault(digits.replace(",", ""), said.find(digits, word.start()))
    if len(numbers) == 1:
        ((number, start),) = numbers.items()
        return number if not said[:start].strip(_AROUND) else None
    return "0" if not numbers and _NONE.fullmatch(said) else None


def percent(text: str) -> str | None:
    """A percentage as digits, `12 1/2%` as 12.5; none of `less than 5%`, `5-6%` or `1/2 of 1%`."""
    said = _VULGAR.sub(lambda match: f" {unicodedata.normalize('NFKC', match[0])}", _IN_BRACKETS.sub(" ", text))
    said = said.replace("\u2044", "/")
    if _VAGUE.search(said):
        return None
    found = set()
    for match in _PERCENT.finditer(said):
        if (
            _GOES_ON.search(said[max(0, match.start() - _BEFORE) : match.start()])
            or (value := _fraction(match)) is None
        ):
            return None
        found.add(value)
    if not found:
        bare = None if "%" in said else _number(said)
        return bare if bare is not None and float(bare) <= 100 else None
    return found.pop() if len(found) == 1 else None


def _fraction(match: re.Match[str]) -> str | None:
    """The percentage that was matched; None of a fraction that decimals cannot write, such as 1/3."""
    if match["plain"] is not None:
        return match["plain"]
    whole, over, under = int(match["whole"] or 0), int(match["over"]), int(match["under"])
    if under == 0 or over >= under or 10**4 % under:
        return None
    return str(whole + Decimal(over) / under)


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
    """A person's name, without the tax number beside it; None of what is too long to be one."""
    if len(text) > 4 * _LONGEST_NAME:
        return None
    said = _IDENTITY.sub(" ", re.sub(r"[|_]+|[-=]{3,}", " ", text))
    lines = [" ".join(line.split()) for line in said.splitlines()]
    whole = " ".join(
        line for line in lines if line and not re.fullmatch(r"[\W\d]+|\(?entities only\)?", line, re.IGNORECASE)
    )
    whole = re.sub(r"^(?:\(entities only\)|[:*.,;)\s])+|[\s:*;,(]+$", "", whole, flags=re.IGNORECASE)
    return whole if 0 < len(whole) <= _LONGEST_NAME else None


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
    """A date such as `December 9, 2024`, `9 Dec. 2024`, `12/9/2024` or `2024-12-09`, when it is the only one."""
    found: set[str] = set()
    rest = text
    for pattern in _DATES:
        for match in pattern.finditer(rest):
            month = match["month"].lower()
            number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) + 1
            found.add(_iso(int(match["year"]), number, int(match["day"])))
        rest = pattern.sub(" ; ", rest)
    for match in _SHORT.finditer(rest):
        year = int(match[3])
        found.add(_iso(year if year > 99 else year + (1900 if year >= _PIVOT else 2000), int(match[1]), int(match[2])))
    if len(found) != 1 or _PART.search(_SHORT.sub(" ; ", rest)):
        return None
    return found.pop() or None


def _iso(year: int, month: int, number: int) -> str:
    try:
        return date(year, month, number).isoformat()
    except ValueError:
        return ""
