"""The printed labels of a cover page of Schedule 13D or 13G, found in running text, and what stands between them.

Rule 13d-101 and 13d-102 (17 CFR 240) print the form: the same labels in the same order since 1977, with a row number
before each. Filers lay them out in tables, boxes of dashes or plain lines; read as running text they are all alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

_LABELS = {
    "name": r"NAMES?\s+OF\s+(?:EACH\s+)?REPORTING\s+PERSONS?(?:\(S\))?",
    "irs": r"(?:S\.?\s?S\.?\s+OR\s+)?I\.?\s?R\.?\s?S\.?\s+IDENTIFICATION\s+NO(?:S?\.?|\.?\(S\)\.?|UMBERS?)"
    r"(?:\s*\(S\)\.?)?\s+OF\s+(?:THE\s+)?ABOVE\s+PERSONS?(?:\(S\))?(?:\s*\(?\s*ENTITIES\s+ONLY\s*\)?)?",
    "group": r"CHECK\s+THE\s+APPROPRIATE\s+(?:BOX|ROW)\s+IF\s+A\s+MEMBER\s+OF\s+A\s+GROUP",
    "sec": r"SEC\s+USE\s+ONLY",
    "funds": r"SOURCE\s+OF\s+FUNDS",
    "legal": r"CHECK\s+(?:BOX\s+)?IF\s+(?:DISCLOSURE\s+OF\s+)?LEGAL\s+PROCEEDINGS?\s+IS\s+REQUIRED\s+PURSUANT\s+TO"
    r"\s+ITEMS?\s+2\s?\(D\)\s+OR\s+2\s?\(E\)",
    "citizenship": r"CITIZENSHIP\s+OR\s+PLACE\s+OF\s+ORGANI[ZS]ATION",
    "sole_voting_power": r"SOLE\s+VOTING\s+POWER",
    "shared_voting_power": r"SHARED\s+VOTING\s+POWER",
    "sole_dispositive_power": r"SOLE\s+DISPOSITIVE\s+POWER",
    "shared_dispositive_power": r"SHARED\s+DISPOSITIVE\s+POWER",
    "aggregate_amount": r"AGGREGATE\s+AMOUNT\s+BENEFICIALLY\s+OWNED\s+BY\s+(?:EACH|THE)\s+(?:REPORTING\s+)?"
    r"PERSON(?:\(S\)|S)?",
    "excludes": r"CHECK\s+(?:BOX\s+)?IF\s+THE\s+AGGREGATE\s+AMOUNT\s+IN\s+ROW[\s\S]{1,60}?CERTAIN\s+SHARES",
    "percent_of_class": r"PERCENT(?:AGE)?\s+OF\s+CLASS\s+REPRESENTED\s+BY\s+AMOUNT\s+IN\s+ROW\s*\(?\s*\d{1,2}\s*\)?",
    "types": r"TYPE\s+OF\s+REPORTING\s+PERSON(?:\(S\)|S)?",
}
# The numbers of the rows, on Schedule 13D and on 13G.
_ROWS = {
    "group": (2, 2),
    "sec": (3, 3),
    "funds": (4, 4),
    "legal": (5, 5),
    "citizenship": (6, 4),
    "sole_voting_power": (7, 5),
    "shared_voting_power": (8, 6),
    "sole_dispositive_power": (9, 7),
    "shared_dispositive_power": (10, 8),
    "aggregate_amount": (11, 9),
    "excludes": (12, 10),
    "percent_of_class": (13, 11),
    "types": (14, 12),
}
_LABEL = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _LABELS.items()) + "", re.IGNORECASE)
_BEHIND = re.compile(r"\s*(?:\*+|:|\(\s*SEE\s+INSTRUCTIONS?\s*\)\*?|\(ENTITIES\s+ONLY\)|\.(?=\s))+", re.IGNORECASE)
_FEWEST = 5  # labels behind a name that make a cover page of it
_LAST = 1500  # characters behind the last label that may still belong to it


@dataclass(frozen=True, slots=True)
class Cover:
    """A reporting person's cover page: label → what stands behind it, as text with its lines."""

    fields: dict[str, str]
    start: int
    end: int


def covers(text: str) -> list[Cover]:
    """The cover pages in a text, in order."""
    found: list[Cover] = []
    labels = [(match.lastgroup or "", match.start(), match.end()) for match in _LABEL.finditer(text)]
    starts = [place for place, (name, _, _) in enumerate(labels) if name == "name"]
    for place, following in pairwise([*starts, len(labels)]):
        mine = _own(labels[place:following])
        if len(mine) <= _FEWEST or not {"aggregate_amount", "percent_of_class"} & {name for name, _, _ in mine}:
            continue
        limit = labels[following][1] if following < len(labels) else len(text)
        found.append(_cover(text, mine, limit))
    return found


def _own(labels: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """The labels of one cover: each once; what repeats is of another page, or of the text."""
    seen: set[str] = set()
    own = []
    for label in labels:
        if label[0] in seen:
            if "types" in seen:
                break
            continue
        seen.add(label[0])
        own.append(label)
    return own


def _cover(text: str, labels: list[tuple[str, int, int]], limit: int) -> Cover:
    on_13d = any(name in ("funds", "legal") for name, _, _ in labels)
    fields: dict[str, str] = {}
    for place, (name, _, end) in enumerate(labels):
        last = place + 1 == len(labels)
        behind = _BEHIND.match(text, end)
        begin = behind.end() if behind else end
        stop = min(limit, begin + _LAST) if last else labels[place + 1][1]
        value = text[begin:stop]
        if not last:
            value = _without_row(value, labels[place + 1][0], on_13d)
        fields[name] = value.strip()
    return Cover(fields, labels[0][1], labels[-1][2])


def _without_row(value: str, following: str, on_13d: bool) -> str:
    """A value without the number of the row that comes next."""
    numbers = _ROWS.get(following)
    if numbers is None:
        return value
    row = numbers[0] if on_13d else numbers[1]
    return re.sub(rf"(?:(?<=\s)|^)(?:ITEM\s+)?[\[(]?{row}[\])]?[.:]?\s*$", "", value, flags=re.IGNORECASE)
