"""One pass over an inline document: its facts in order, and where the text of each lies.

A fact that holds only its number or words, as nine of ten do, is read at once; one that holds markup or goes on
elsewhere waits until all documents of the set have been scanned.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

import stringzilla

from filings.edgar.ixbrl_rules import MARKS, Rule, Rules, rule
from filings.edgar.ixbrl_transforms import BadValue
from filings.edgar.xbrl_markup import TAG_INSIDE, Markup, attributes, is_nil
from filings.edgar.xbrl_model import Fact
from filings.edgar.xbrl_problems import Problems
from filings.edgar.xbrl_shapes import Pick, Shapes, pick
from filings.edgar.xbrl_text import Texts, decode, text_of

NAMESPACES = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_SLASH, _LESS = b"/<"
_NOTHING: Mapping[str, str] = MappingProxyType({})
_RULES = 1_000  # of one document; real ones have up to 100
_FACTS = ("nonfraction", "nonnumeric", "fraction")
_SHARED = {
    "contextRef": "context",
    "unitRef": "unit",
    "decimals": "decimals",
    "precision": "precision",
    "format": "format",
    "target": "target",
}


def _nothing() -> Mapping[str, str]:
    return _NOTHING


@dataclass(slots=True)
class Element:
    """An ix element that is not read at once: where its content begins, and where it ends (-1: nothing closes it)."""

    local: str
    content: int
    cut: int  # the number of its start tag among the cuts
    said: Mapping[str, str] = field(default_factory=_nothing)
    end: int = -1
    parts: list[Element] | None = None  # of a fraction: numerator and denominator


class Pending(NamedTuple):
    """A fact whose value is yet to be made."""

    fact: Fact
    element: Element
    rule: Rule
    continued: str | None


class _Shape(NamedTuple):
    """How a fact is made of the pieces of a tag with one order of attributes."""

    fields: tuple[str, ...]
    name: int
    shared: Pick
    own: int  # the place of the id, 0 when there is none
    marks: Pick
    tail: tuple[str, ...]
    rules: Rules
    continued: int  # 0 when it does not go on elsewhere


class Scan:
    """What one document says, but for the values of what is pending."""

    def __init__(self, filename: str, markup: Markup) -> None:
        self.filename, self.markup, self.problems = filename, markup, Problems()
        self.facts: list[Fact] = []
        self.pending: list[Pending] = []
        self.continuations: dict[str, Element] = {}
        self.footnotes: list[Element] = []
        self.relationships: list[dict[str, str]] = []
        self.references: list[tuple[str, str]] = []  # id of a fact, ids of footnotes (Inline XBRL 1.0)
        self.excluded: list[tuple[int, int]] = []
        # Where each ix tag starts and ends, in order; an `ix:exclude` is one with all that it holds.
        self.cuts, self.cut_ends = array("q"), array("q")
        self._needle = _one_prefix(markup) + b":"
        p = re.escape(self._needle)
        self._quick = re.compile(p + rb"([A-Za-z]++)([^<>']{1,4000}+)>(?:([^<]*+)</" + p + rb"\1\s*+>)?").match
        self._tag = re.compile(p + rb"([A-Za-z]++)((?=[\s/>])" + TAG_INSIDE + rb")>").match
        self._closing = re.compile(p + rb"([A-Za-z]++)[^<>]*+>").match
        self.lang = markup.root.get("xml:lang") or markup.root.get("lang")
        self._names = _Names(markup, self.problems)
        self._rules: dict[tuple[str | None, ...], Rule] = {}
        self._opened: list[Element] = []
        self._depths: dict[str, list[int]] = {"hidden": []}
        self._run()

    def _run(self) -> None:
        data, needle, names, append = self.markup.data, self._needle, self._names, self.facts.append
        find, quick, closing = stringzilla.Str(data).find, self._quick, self._closing
        by_local = {b"nonFraction": self._shapes("nonfraction"), b"nonNumeric": self._shapes("nonnumeric")}
        by_local |= {local.lower(): shapes for local, shapes in by_local.items()}  # as HTML tools write them
        texts, cut, cut_end = Texts().__getitem__, self.cuts.append, self.cut_ends.append
        hidden = self._depths["hidden"]
        at = find(needle)
        while at >= 0:
            before = data[at - 1] if at else 0
            if before == _LESS:
                match = quick(data, at)
                shape = None
                if match is not None:
                    local, inside, raw = match.groups()
                    if (shapes := by_local.get(local)) is not None:
                        pieces = inside.split(b'"')
                        shape = shapes[tuple(pieces[::2])]
                if match is None or shape is None:
                    at = find(needle, self._odd(at))
                    continue
                fields, name, shared, own, marks, tail, rules, continued = shape
                concept, namespace = names[pieces[name]]
                how = rules[marks(pieces)]
                content = done = match.end(2) + 1
                cut(at - 1)
                cut_end(content)
                value = None
                if raw is not None and not continued:
                    cut(match.end(3))
                    done = match.end()
                    cut_end(done)
                    try:
                        value = how.read(raw)
                    except BadValue as error:
                        value = error.raw
                        self.problems.add(str(error))
                said = (*map(texts, shared(pieces)), text_of(pieces[own])) if own else map(texts, shared(pieces))
                fact: Fact = dict(zip(fields, (concept, namespace, value, *said, *tail), strict=False))  # type: ignore[assignment]
                append(fact)
                if hidden:
                    fact["hidden"] = True
                if done == content:
                    element = self._open(local.decode().lower(), content)
                    self.pending.append(Pending(fact, element, how, texts(pieces[continued]) if continued else None))
                at = find(needle, done)
            elif before == _SLASH and at > 1 and data[at - 2] == _LESS and (match := closing(data, at)):
                self._close(match[1].decode().lower(), at - 2, match.end())
                at = find(needle, match.end())
            else:
                at = find(needle, at + len(needle))
        for element in self._opened:
            self.problems.add(f"ix:{element.local} is not closed: the document breaks off or is malformed")
        for prefix in self.markup.rebound:
            self.problems.add(f"prefix {prefix} is declared twice with different namespaces; the root's was taken")

    def _shapes(self, local: str) -> Shapes[_Shape]:
        tail = ("lang", "document") if local == "nonnumeric" and self.lang else ("document",)
        ends = (self.lang or "", self.filename)[-len(tail) :]

        def understand(places: dict[str, int]) -> _Shape | None:
            if "contextRef" not in places or "name" not in places:
                return None
            shared = [name for name in _SHARED if name in places]
            own = ["id"] if "id" in places else []
            marks = [name for name in MARKS if name in places]
            fields = ("concept", "namespace", "value", *(_SHARED[name] for name in shared), *own, *tail)
            return _Shape(
                fields,
                places["name"],
                pick([places[name] for name in shared]),
                places.get("id", 0),
                pick([places[name] for name in marks]),
                ends,
                Rules(local, marks),
                places.get("continuedAt", 0),
            )

        return Shapes(understand)

    def _odd(self, at: int) -> int:
        """Read any other start tag, attribute by attribute; returns from where to go on."""
        match = self._tag(self.markup.data, at)
        if match is None:
            self.problems.add("a tag of inline XBRL does not end")
            return at + len(self._needle)
        local, inside = match[1].decode().lower(), decode(match[2])
        self.cuts.append(at - 1)
        self.cut_ends.append(match.end())
        holder = self._opened[-1] if self._opened else None
        said = attributes(inside)
        element = self._open(local, match.end())
        if local in _FACTS:
            if "contextRef" in said:
                self._fact(element, said)
            elif not (local == "nonfraction" and holder):  # nested ones may leave the context to the outer
                self.problems.add(f"ix:{local} without contextRef")
        elif local == "continuation" and "id" in said:
            self.continuations[said["id"]] = element
            element.said = said
        elif local == "footnote":
            self.footnotes.append(element)
            element.said = said
        elif local == "relationship":
            self.relationships.append(said)
        elif local in ("numerator", "denominator") and (fractions := self._depths.get("fraction")):
            element.said = said
            fraction = self._opened[fractions[-1]]
            fraction.parts = [*(fraction.parts or ()), element][:2]
        if inside.rstrip().endswith("/"):
            self._close(local, match.end(), None)
        return match.end()

    def _fact(self, element: Element, said: dict[str, str]) -> None:
        concept = said.get("name", "")
        namespace = self._names[concept.encode()][1]
        if f"xmlns:{concept.partition(':')[0]}" in said:
            namespace = self.markup.namespace(concept, said)
        fact: Fact = {"concept": concept, "namespace": namespace, "value": None}
        for attribute, name in _SHARED.items():
            if attribute in said:
                fact[name] = said[attribute]  # type: ignore[literal-required]
        if "id" in said:
            fact["id"] = said["id"]
        if "xml:lang" in said:
            fact["lang"] = said["xml:lang"]
        elif element.local == "nonnumeric" and self.lang:
            fact["lang"] = self.lang
        if self._depths["hidden"]:
            fact["hidden"] = True
        if is_nil(said):
            fact["nil"] = True
        else:
            marks = (element.local, *(said.get(name) for name in MARKS))
            if (how := self._rules.get(marks)) is None:
                how = rule(element.local, said)
                if len(self._rules) < _RULES:
                    self._rules[marks] = how
            self.pending.append(Pending(fact, element, how, said.get("continuedAt")))
        if "footnoteRefs" in said:
            self.references.append((said.get("id", ""), said["footnoteRefs"]))
        fact["document"] = self.filename
        self.facts.append(fact)

    def _open(self, local: str, content: int) -> Element:
        element = Element(local, content, len(self.cuts) - 1)
        self._depths.setdefault(local, []).append(len(self._opened))
        self._opened.append(element)
        return element

    def _close(self, local: str, end: int, after: int | None) -> None:
        """End the innermost element of this name and all that is still open inside of it."""
        if after is not None:
            self.cuts.append(end)
            self.cut_ends.append(after)
        depths = self._depths.get(local)
        if not depths:
            self.problems.add(f"</ix:{local}> closes nothing")
            return
        ended = self._opened[depths[-1] :]
        del self._opened[depths[-1] :]
        for element in ended:
            self._depths[element.local].pop()
            element.end = end
            if element.local == "exclude":
                self.excluded.append((self.cuts[element.cut], after or end))
                self.cut_ends[element.cut] = after or end
        for element in ended[1:]:
            self.problems.add(f"ix:{element.local} is closed only by what holds it")


class _Names(dict[bytes, tuple[str, str | None]]):
    """Concept and namespace of a fact by its name attribute."""

    def __init__(self, markup: Markup, problems: Problems) -> None:
        super().__init__()
        self._markup, self._problems = markup, problems

    def __missing__(self, raw: bytes) -> tuple[str, str | None]:
        concept = text_of(raw)
        namespace = self._markup.namespace(concept, {})
        if namespace is None:
            self._problems.add(f"{concept or 'a fact without name'}: its prefix is not declared")
        known = self[raw] = concept, namespace
        return known


def _one_prefix(markup: Markup) -> bytes:
    """The prefix of inline XBRL; where a document has several, its tags are rewritten to have one."""
    first, *others = (prefix.encode() for prefix in markup.prefixes(*NAMESPACES) or ["ix"])
    for other in others:
        for opening in (b"<", b"</"):
            markup.data = bytes(markup.data).replace(opening + other + b":", opening + first + b":")
    return first
