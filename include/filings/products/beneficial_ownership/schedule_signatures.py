"""Who signed a schedule in HTML or text, in which capacity and for whom.

Filers write the end of the form as they like: `By:`, `Name:` and `Title:` in a table, names under a line, captions
below or none. So it is read as a stream of what is said, line by line; a company belongs to the `By:` that follows it,
and what follows a signature to that signature.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from filings.products.beneficial_ownership import cover_values as values
from filings.products.beneficial_ownership.person_names import People, keys
from filings.products.beneficial_ownership.signature_lines import texts

_SEGMENT = re.compile(r"\b(by|name|title|its|dated?)\s*(?::|(?=[/\\]{1,2}\s?s\s?[/\\]))", re.IGNORECASE)
_MARK = re.compile(r"[/\\]{1,2}\s?s\s?[/\\]{1,2}", re.IGNORECASE)
_CAPTION = re.compile(
    r"\W*(?:(?P<signature>(?:authorized\s+)?signature(?:\s+of\s+[\w\s]{1,40})?)"
    r"|(?:printed\s+)?names?(?:\s*(?:/|and|&|,)\s*titles?)?|titles?|date)\W*",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"\b(?:president|director|officer|secretary|treasurer|manager|managing|member|partner|chair(?:man|woman|person)?"
    r"|chief|counsel|trustee|attorney|principal|owner|executive|controller|comptroller|authori[sz]ed|signatory|agent"
    r"|representative|executor|executrix|administrator|general|head|founder|guardian|custodian|individually|proxy"
    r"|C[EFO]O|[SE]?VP)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"\b(?:inc|incorporated|corp|corporation|co|company|l\.?\s?l\.?\s?c|l\.?\s?l?\.?\s?p|ltd|limited|plc|trust|fund"
    r"|partners|partnership|holdings?|foundation|bank|n\.?a|n\.?v|b\.?v|s\.?a|s\.?a\.?r\.?l|ag|gmbh|group|associates"
    r"|capital|management|advis[eo]rs|plan|estate)\.?\W*$",
    re.IGNORECASE,
)
_ITS_ROLE = re.compile(
    r"\b(?:its|as|the|a)\s+(?:[\w-]+\s+){0,3}(?:partner|member|manager|advis[eo]r|trustee|agent)\b", re.I
)
_ON = re.compile(r"(?:its|as|the|a|an|in|and|of|for|to|sole|on)\b|[a-z]")
_LONGEST = 120
_SHORTEST_LINE = 3  # underscores of a line to sign on


@dataclass
class _Signer:
    """One who signs, as far as it is read."""

    signature: str
    by: bool
    person: str | None
    printed: str = ""
    title: str = ""
    open: bool = True


def signatures(lines: list[str], persons: list[str]) -> Iterator[dict[str, str | None]]:
    """The signatures of a schedule, in order.

    Args:
        lines: of the document, those of a table with tabs between its cells.
        persons: names of the reporting persons and filers, as far as they are known.
    """
    said = [segment for text in texts(lines) for segment in _segments(text)]
    reader = _Reader(People([(name, name) for name in persons]))
    for place, (label, value) in enumerate(said):
        reader.take(label, value, said[place + 1] if place + 1 < len(said) else ("", ""))
    date = reader.dates.pop() if len(reader.dates) == 1 else None
    for signer in reader.signers:
        if signer.signature:
            yield {
                "reporting_person": signer.person,
                "signature": signer.signature,
                "title": signer.title or None,
                "date": date,
            }


def _segments(text: str) -> Iterator[tuple[str, str]]:
    """What a text says, parted at its labels: label in lower case and value."""
    marks = list(_SEGMENT.finditer(text))
    before = text[: marks[0].start()] if marks else text
    if re.search(r"\w", before):
        yield "", before.strip()
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        yield mark[1].lower(), text[mark.end() : end].strip()


class _Reader:
    """Takes what is said and puts signers together."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._above: list[str] = []  # lines that belong to no signature yet
        self._chain = False  # a company signs by another, `By: Acme GP LLC, its general partner`
        self._person: str | None = None
        self.signers: list[_Signer] = []
        self.dates: set[str] = set()

    def take(self, label: str, value: str, following: tuple[str, str]) -> None:
        """One thing said, and what is said next."""
        if label in ("date", "dated") or (not label and re.match(r"dated?\b|as\s+of\b", value, re.IGNORECASE)):
            self._dated(value)
        elif label == "by":
            self._by(value, following)
        elif label == "name":
            self._name(value)
        elif label in ("title", "its"):
            if (signer := self._current()) and not signer.title:
                signer.title = value
        elif mark := _MARK.search(value):
            self._sign(value[mark.end() :], by=self._chain)
        else:
            self._line(value)

    def _dated(self, value: str) -> None:
        if found := values.day(value):
            self.dates.add(found)

    def _current(self) -> _Signer | None:
        return self.signers[-1] if self.signers and self.signers[-1].open else None

    def _by(self, value: str, following: tuple[str, str]) -> None:
        if mark := _MARK.search(value):
            self._sign(value[mark.end() :], by=True)
        elif _ITS_ROLE.search(value) or _COMPANY.search(_parted(value, "")[0]) or (value and _goes_on(following)):
            if not self._chain:
                self._person = self._whom(by=True)
            self._chain = True
            self._close()
        else:
            self._sign(value, by=True)

    def _name(self, value: str) -> None:
        signer = self._current()
        if signer is not None and not signer.printed:
            signer.printed = value
            signer.signature = signer.signature or _clean(value)
        elif value.strip("_ "):
            self._sign(value, by=False)
            self.signers[-1].printed = value

    def _line(self, value: str) -> None:
        signer = self._current()
        caption = _CAPTION.fullmatch(value)
        if caption is not None:
            if caption["signature"] and signer is None and self._above:
                self._sign(self._above.pop(), by=self._chain)
        elif value.count("_") > _SHORTEST_LINE and re.search(r"[^\W_]", value) is None:
            if signer is None or signer.printed or signer.title:
                self._sign("", by=self._chain)
        elif _is_prose(value):
            self._close()
        elif date := values.day(value) if len(value) < 30 else None:
            self.dates.add(date)
        elif (signer is not None and self._behind(signer, value)) or (self._chain and _ON.match(value)):
            return
        elif self._above and keys(self._above[-1]) == keys(value) and not _COMPANY.search(value):
            self._above.pop()
            self._sign(value, by=self._chain)
            self.signers[-1].printed = value
        else:
            if signer is not None:
                signer.open = False
            self._above.append(value)

    def _behind(self, signer: _Signer, value: str) -> bool:
        """Whether a line tells of the signature before it."""
        name, title = _parted(value, signer.signature)
        if not signer.signature:
            signer.signature, signer.printed, signer.title = _clean(name), name, title
            return bool(name)
        if not signer.printed and not signer.title and (title or keys(name) == keys(signer.signature)):
            signer.printed, signer.title = name, title
            return True
        if signer.title and _ON.match(value):
            signer.title = f"{signer.title} {value}"
            return True
        if not signer.title and _is_role(value):
            signer.title = value.strip(" ,()")
            return True
        return False

    def _sign(self, said: str, *, by: bool) -> None:
        person = self._person if self._chain else self._whom(by=by)
        name, title = _parted(_clean(said), "")
        own = not by and person is None and name in self._people
        self.signers.append(_Signer(name, by, name if own else person, title=title))
        self._person, self._chain, self._above = person, False, []

    def _whom(self, *, by: bool) -> str | None:
        """Whom the next signature is for: the company right above, or the one whose other officer signed before."""
        if not self._above:
            last = self.signers[-1] if self.signers else None
            return last.person if by and last is not None and last.by else None
        last_line = self._above[-1]
        joined = " ".join(self._above[-2:])
        if len(self._above) > 1 and joined in self._people and last_line not in self._people:
            return joined
        sure = last_line in self._people or _COMPANY.search(last_line) is not None
        return last_line if sure or (by and not _is_role(last_line)) else None

    def _close(self) -> None:
        self._above = []
        if signer := self._current():
            signer.open = False


def _goes_on(following: tuple[str, str]) -> bool:
    return following[0] == "by" and _MARK.search(following[1]) is not None


def _clean(name: str) -> str:
    said = re.sub(r"\W*\b(?:signature|seal)\W*$", "", name.strip(" _|*"), flags=re.IGNORECASE)
    return " ".join(said.split()).strip(" _|*,")


def _parted(value: str, signature: str) -> tuple[str, str]:
    """Name and title of `Ann Lee, Partner`, `Ann Lee/Partner` or, where Ann Lee signed, `Ann Lee Partner`."""
    if signature and value.upper().startswith(signature.upper()):
        rest = value[len(signature) :].strip(" ,/|-–—*")
        return (value[: len(signature)], rest) if not rest or _is_role(rest) else (value, "")
    match = re.match(
        r"([^,/]{3,60}(?:,\s*(?:jr|sr|ii|iii|iv|m\.?d|ph\.?d|esq)\b\.?)?)\s*(?:[,/]|\s[-–—]\s)\s*(.+)", value, re.I
    )
    if match is not None and _is_role(match[2]) and not _ROLE.search(match[1]):
        return match[1].strip(), match[2].strip(" *")
    return value, ""


def _is_role(value: str) -> bool:
    if len(value) > _LONGEST or _ROLE.search(value) is None:
        return False
    return _COMPANY.search(value) is None or re.search(r",|\b(?:of|for)\b", value, re.IGNORECASE) is not None


def _is_prose(value: str) -> bool:
    words = re.findall(r"[^\W\d_]{3,}", value)
    small = sum(word[0].islower() for word in words)
    return len(value) > _LONGEST or (
        len(words) > 3 and small * 2 > len(words) and not _ON.match(value) and not _ROLE.search(value)
    )
