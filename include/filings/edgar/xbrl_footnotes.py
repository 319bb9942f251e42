"""Footnotes of XBRL: which notes belong to which facts.

In an instance (XBRL 2.1, 4.11) a link has locators that point at the ids of facts, footnotes, and arcs from a locator's
label to a footnote's label. Inline XBRL says the same by ids; see `ixbrl_footnotes`.
"""

from __future__ import annotations

import re
from collections import Counter

import stringzilla

from filings.edgar.xbrl_markup import TAG_INSIDE, Markup, attributes
from filings.edgar.xbrl_model import Allowance, Fact, Footnote
from filings.edgar.xbrl_problems import Problems
from filings.edgar.xbrl_text import decode, plain

_PART = re.compile(
    rb"<(/?)(?:[\w.-]{1,100}+:)?(footnoteLink|loc|footnoteArc|footnote)(?=[\s/>])(" + TAG_INSIDE + rb")>"
)


class Ties:
    """Which facts have which footnotes, in a bounded number however often a document says so."""

    def __init__(self, size: int, problems: Problems) -> None:
        self._allowance, self._problems = Allowance(size), problems
        self._keys: dict[str, dict[str, None]] = {}  # id of a fact → its footnotes in order

    def add(self, facts: list[str], footnotes: list[str]) -> None:
        """Tie all these facts to all these footnotes."""
        if not self._allowance.take(len(facts) * len(footnotes)):
            self._problems.add("more ties of footnotes than the document is long; the rest was left out")
            return
        for fact in facts:
            self._keys.setdefault(fact, {}).update(dict.fromkeys(footnotes))

    def tell(self, facts: list[Fact]) -> None:
        """Give the facts the keys of their footnotes."""
        if not self._keys:
            return
        for fact in facts:
            if keys := self._keys.get(fact.get("id", "")):
                fact["footnotes"] = list(keys)
        if lost := self._keys.keys() - {fact.get("id") for fact in facts}:
            self._problems.add(f"footnotes of {len(lost)} facts that are not there, such as {min(lost)[:60]!r}")


def of_instance(markup: Markup, facts: list[Fact], problems: Problems) -> dict[str, Footnote]:
    """The footnotes of an instance by key; the facts that they belong to are given the keys."""
    data = markup.data
    first = stringzilla.find(data, b"footnoteLink")
    if first < 0:
        return {}
    links = _Links(data, problems)
    links.read(max(0, stringzilla.rfind(data, b"<", 0, first)))
    links.ties.tell(facts)
    return links.footnotes


class _Links:
    """Reads the links of a document, one after the other."""

    def __init__(self, data: bytes | memoryview, problems: Problems) -> None:
        self.footnotes: dict[str, Footnote] = {}
        self.ties = Ties(len(data), problems)
        self._data, self._problems = data, problems
        self._same_key: Counter[str] = Counter()
        self._start()

    def _start(self) -> None:
        self._located: dict[str, list[str]] = {}  # label → ids of facts
        self._notes: dict[str, list[str]] = {}  # label → keys of footnotes
        self._arcs: dict[tuple[str, str], None] = {}

    def read(self, begin: int) -> None:
        """All links from this place on."""
        note: tuple[dict[str, str], int] | None = None
        for match in _PART.finditer(self._data, begin):
            name = match[2]
            if name == b"footnoteLink":
                self._end()
            elif match[1]:
                if name == b"footnote" and note is not None:
                    self._footnote(*note, match.start())
                    note = None
            else:
                said = attributes(decode(match[3]))
                if name == b"loc":
                    fact = said.get("xlink:href", "").rpartition("#")[2]
                    self._located.setdefault(said.get("xlink:label", ""), []).append(fact)
                elif name == b"footnoteArc":
                    self._arcs[said.get("xlink:from", ""), said.get("xlink:to", "")] = None
                else:
                    note = said, match.end()
        self._end()

    def _footnote(self, said: dict[str, str], begin: int, end: int) -> None:
        footnote: Footnote = {"text": " ".join(plain(bytes(self._data[begin:end])).split())}
        if "xml:lang" in said:
            footnote["lang"] = said["xml:lang"]
        label = said.get("xlink:label", "")
        key = said.get("id") or label
        if self.footnotes.setdefault(key, footnote) != footnote:  # labels and even ids occur again in other links
            self._same_key[key] += 1
            key = f"{key}-{self._same_key[key] + 1}"
            self.footnotes[key] = footnote
        self._notes.setdefault(label, []).append(key)

    def _end(self) -> None:
        """Tie what the arcs of a link tie. Labels mean something only within their link."""
        for start, end in self._arcs:
            facts, notes = self._located.get(start, []), self._notes.get(end, [])
            if facts and notes:
                self.ties.add(facts, notes)
            else:
                self._problems.add("a footnote arc ties to a fact or a footnote that is not there")
        self._start()
