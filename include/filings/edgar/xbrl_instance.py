"""Facts of an XBRL instance: every element with a contextRef attribute is one."""

from __future__ import annotations

import re
from typing import NamedTuple

import stringzilla

from filings.edgar import xbrl_contexts, xbrl_footnotes
from filings.edgar.xbrl_markup import TAG_INSIDE, Markup, attributes, is_nil, read
from filings.edgar.xbrl_model import Allowance, Fact, XbrlDocument
from filings.edgar.xbrl_problems import Problems
from filings.edgar.xbrl_shapes import Pick, Shapes, pick
from filings.edgar.xbrl_text import Texts, decode, plain, prepared, text_of

_PROLOG = rb"(?:\xef\xbb\xbf)?(?:\s|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!DOCTYPE[^>\[]*+(?:\[[^\]]*+\])?[^>]*+>)*+"
_ROOT = re.compile(_PROLOG + rb"<([A-Za-z_][^\s<>/]*+)")
_REFERS = b"contextRef"
_QUICK = re.compile(rb"<([A-Za-z_][^\s<>/]*+)(\s[^<>']{1,4000}+)>").match
_TAG = re.compile(rb"<([A-Za-z_][^\s<>/]*+)(\s" + TAG_INSIDE + rb")>").match
_ANY_TAG = re.compile(rb"<(/?)([A-Za-z_][^\s<>/]*+)(" + TAG_INSIDE + rb")>").finditer
_CLOSING = re.compile(rb"</([^\s<>]++)\s*+>").match
_SHARED = {"contextRef": "context", "unitRef": "unit", "decimals": "decimals", "precision": "precision"}


class _Shape(NamedTuple):
    """The fields of a fact whose tag has one order of attributes, and which of its pieces they are."""

    fields: tuple[str, ...]
    pick: Pick
    own: int  # the place of the id, 0 when there is none


def is_instance(content: bytes | memoryview) -> bool:
    """Whether a document is an XBRL instance: its first element is `xbrl`."""
    match = _ROOT.match(prepared(content[:65536]))
    return match is not None and match[1].rpartition(b":")[2] == b"xbrl"


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of an instance document."""
    markup = read(content)
    problems = Problems()
    document = XbrlDocument(filename, "instance", xbrl_contexts.contexts(markup), xbrl_contexts.units(markup))
    document.facts = _Reader(markup, filename, problems).facts()
    document.footnotes = xbrl_footnotes.of_instance(markup, document.facts, problems)
    if not bytes(markup.data[-64:]).rstrip().endswith(b"xbrl>"):
        problems.add("the document breaks off: it does not end with its root's closing tag")
    document.problems = problems.summary()
    return document


class _Reader:
    """Goes from one contextRef to the next."""

    def __init__(self, markup: Markup, filename: str, problems: Problems) -> None:
        self._markup, self._filename, self._problems = markup, filename, problems
        text = stringzilla.Str(markup.data)
        self._find, self._rfind = text.find, text.rfind
        self._names = _Names(markup)
        self._ends: dict[int, int] | None = None
        self._allowance = Allowance(len(markup.data))
        self._found: list[Fact] = []

    def facts(self) -> list[Fact]:
        """All facts in the order of the document."""
        data, find, rfind, append = self._markup.data, self._find, self._rfind, self._found.append
        shapes, names, shared, filename = Shapes(_understand), self._names, Texts().__getitem__, self._filename
        at, done = find(_REFERS), 0
        while at >= 0:
            start = rfind(b"<", done, at)
            match = _QUICK(data, start) if start >= 0 else None
            shape = None
            if match is not None and (content := match.end()) > at:
                name, inside = match.groups()
                pieces = inside.split(b'"')
                shape = shapes[tuple(pieces[::2])]
            if shape is None:
                done = self._odd(done, at)
                at = find(_REFERS, done)
                continue
            concept, namespace, closing, length = names[name]
            done = find(b"<", content)
            closed = data[done : done + length] == closing
            value = text_of(bytes(data[content:done])) if closed else ""
            fields, pick_shared, own = shape
            said = (
                (*map(shared, pick_shared(pieces)), text_of(pieces[own])) if own else map(shared, pick_shared(pieces))
            )
            fact: Fact = dict(zip(fields, (concept, namespace, value, *said, filename), strict=False))  # type: ignore[assignment]
            append(fact)
            if not closed:
                self._inner(fact, start, name, content)
                done = content
            at = find(_REFERS, done)
        return self._found

    def _tag(self, done: int, at: int) -> re.Match[bytes] | None:
        """The start tag that holds this place; None for a place in a text."""
        data, find = self._markup.data, self._find
        here = self._rfind(b"<", done, at)
        match = _TAG(data, here) if here >= 0 else None
        if match is not None and match.end() > at:
            return match
        here = find(b"<", done, at)  # not the nearest one: an attribute may hold a `<`
        while here >= 0:
            match = _TAG(data, here)
            if match is not None and match.end() > at:
                return match
            here = find(b"<", here + 1 if match is None else match.end(), at)
        return None

    def _odd(self, done: int, at: int) -> int:
        """Read the tag that holds this place, attribute by attribute; returns from where to go on."""
        match = self._tag(done, at)
        if match is None:
            return at + len(_REFERS)
        name, content, text = match[1], match.end(), decode(match[2])
        said = attributes(text)
        if "contextRef" not in said:
            return content
        concept, namespace, *_ = self._names[name]
        if "xmlns" in text:
            namespace = self._markup.namespace(concept, said)
        fact: Fact = {"concept": concept, "namespace": namespace, "value": ""}
        for attribute, field in _SHARED.items():
            if attribute in said:
                fact[field] = said[attribute]  # type: ignore[literal-required]
        if "id" in said:
            fact["id"] = said["id"]
        if "xml:lang" in said:
            fact["lang"] = said["xml:lang"]
        if is_nil(said):
            fact["nil"] = True
            fact["value"] = None
        elif not text.rstrip().endswith("/"):
            self._inner(fact, match.start(), name, content)
        fact["document"] = self._filename
        self._found.append(fact)
        return content

    def _inner(self, fact: Fact, start: int, name: bytes, content: int) -> None:
        """The value of a fact that may hold markup: all text up to its closing tag."""
        data = self._markup.data
        end = self._find(b"<", content)
        closing = _CLOSING(data, end) if end >= 0 else None
        if closing is None or closing[1] != name:
            if self._ends is None:
                self._ends = _ends(data)
            if start in self._ends:
                end = self._ends[start]
            else:
                self._problems.add(f"{fact['concept']} is not closed")
                end = end if end >= 0 else len(data)
        if self._allowance.take(end - content):
            fact["value"] = plain(bytes(data[content:end]))
        else:
            fact["value"], fact["left_out"] = None, True
            self._problems.add("texts inside of texts come to many times the document; some values are left out")


class _Names(dict[bytes, tuple[str, str | None, bytes, int]]):
    """Concept, namespace and closing tag of an element, and that tag's length, by the element's name."""

    def __init__(self, markup: Markup) -> None:
        super().__init__()
        self._markup = markup

    def __missing__(self, name: bytes) -> tuple[str, str | None, bytes, int]:
        concept = decode(name)
        known = self[name] = concept, self._markup.namespace(concept, {}), b"</%b>" % name, len(name) + 3
        return known


def _understand(places: dict[str, int]) -> _Shape | None:
    if "contextRef" not in places:
        return None
    shared = [name for name in _SHARED if name in places]
    own = ["id"] if "id" in places else []
    fields = ("concept", "namespace", "value", *(_SHARED[name] for name in shared), *own, "document")
    return _Shape(fields, pick([places[name] for name in shared]), places.get("id", 0))


def _ends(data: bytes | memoryview) -> dict[int, int]:
    """Where the content of each element with a contextRef ends, by where the element starts."""
    ends: dict[int, int] = {}
    opened: list[tuple[bytes, int]] = []
    depths: dict[bytes, list[int]] = {}
    for match in _ANY_TAG(data):
        closes, name, inside = match.groups()
        if not closes:
            if not inside.endswith(b"/"):
                depths.setdefault(name, []).append(len(opened))
                opened.append((name, match.start() if _REFERS in inside else -1))
        elif depths.get(name):
            depth = depths[name][-1]
            for inner, start in opened[depth:]:
                depths[inner].pop()
                if start >= 0:
                    ends[start] = match.start()
            del opened[depth:]
    return ends
