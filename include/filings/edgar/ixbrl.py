"""Facts of inline XBRL: numbers and texts marked in the web page that people read.

Format: Inline XBRL 1.1 (and 1.0), xbrl.org. A set of documents of one submission is one report: contexts, units and
continuations may stand in any of them, so a set is read together.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

from filings.edgar import xbrl_contexts
from filings.edgar.ixbrl_transforms import BadValue, number, transform
from filings.edgar.xbrl_markup import TAG_INSIDE, Context, Fact, Markup, XbrlDocument, as_utf8, copy_attributes, read

_NAMESPACES = ("http://www.xbrl.org/2013/inlineXBRL", "http://www.xbrl.org/2008/inlineXBRL")
_DECLARED = re.compile(rb"http://www\.xbrl\.org/20(?:08|13)/inline[Xx][Bb][Rr][Ll][\"']")
_FACTS = {"nonfraction", "nonnumeric", "fraction"}
_LISTED_PROBLEMS = 20


@dataclass(slots=True)
class _Element:
    """One ix element: its place in the text and what its start tag says."""

    local: str
    inside: str
    start: int  # of the start tag
    content: int  # where the content begins
    end: int = -1  # where it ends; -1 when nothing closes it
    hidden: bool = False
    parts: list[_Element] = field(default_factory=list)  # of a fraction: numerator and denominator


@dataclass(slots=True)
class _Scan:
    """One document, scanned: its facts in order, and what others may refer to."""

    filename: str
    markup: Markup
    tag: re.Pattern[str]
    facts: list[_Element] = field(default_factory=list)
    continuations: dict[str, _Element] = field(default_factory=dict)
    excluded: list[tuple[int, int]] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)


def is_inline(content: bytes | memoryview) -> bool:
    """Whether a document declares the inline XBRL namespace."""
    return _DECLARED.search(as_utf8(content)) is not None


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of an inline document that stands alone."""
    return document_set([(filename, content)])[0]


def document_set(documents: list[tuple[str, bytes | memoryview]]) -> list[XbrlDocument]:
    """The facts of all inline documents of a submission, given as (filename, content)."""
    scans = [_scan(filename, read(content)) for filename, content in documents]
    continuations = {key: (scan, element) for scan in scans for key, element in scan.continuations.items()}
    contexts: dict[str, Context] = {}
    units: dict[str, str] = {}
    for scan in scans:
        contexts.update(xbrl_contexts.contexts(scan.markup))
        units.update(xbrl_contexts.units(scan.markup))
    found = []
    for scan in scans:
        values = _Values(scan, continuations)
        document = XbrlDocument(scan.filename, "inline", contexts, units, [values.fact(e) for e in scan.facts])
        document.problems = _summary(scan)
        found.append(document)
    return found


def _scan(filename: str, markup: Markup) -> _Scan:
    names = "|".join(re.escape(prefix) for prefix in markup.prefixes(*_NAMESPACES)) or "ix"
    scan = _Scan(filename, markup, re.compile(rf"<(/?)(?:{names}):([A-Za-z]+)({TAG_INSIDE})>"))
    opened: list[_Element] = []
    hidden = 0
    for match in scan.tag.finditer(markup.text):
        local = match[2].lower()
        if match[1]:
            depth = next((i for i in range(len(opened) - 1, -1, -1) if opened[i].local == local), -1)
            if depth < 0:
                scan.problems[f"</ix:{match[2]}> closes nothing"] += 1
                continue
            for element in opened[depth:]:
                element.end = match.start()
                hidden -= element.local == "hidden"
                if element.local == "exclude":
                    scan.excluded.append((element.start, match.end()))
            for element in opened[depth + 1 :]:
                scan.problems[f"ix:{element.local} is closed only by what holds it"] += 1
            del opened[depth:]
            continue
        element = _Element(local, match[3], match.start(), match.end(), hidden=hidden > 0)
        _keep(scan, element, opened)
        if match[3].endswith("/"):
            element.end = match.end()
        else:
            opened.append(element)
            hidden += local == "hidden"
    for element in opened:
        scan.problems[f"ix:{element.local} is not closed: the document breaks off or is malformed"] += 1
    scan.excluded.sort()
    for prefix in markup.rebound:
        scan.problems[f"prefix {prefix} is declared twice with different namespaces; the root's was taken"] += 1
    return scan


def _keep(scan: _Scan, element: _Element, opened: list[_Element]) -> None:
    if element.local in _FACTS:
        if "contextRef" in element.inside or (scan.markup.lower_case and "contextref" in element.inside):
            scan.facts.append(element)
        elif not (element.local == "nonfraction" and opened):  # nested ones may leave the context to the outer
            scan.problems[f"ix:{element.local} without contextRef"] += 1
    elif element.local == "continuation":
        key = scan.markup.attributes(element.inside).get("id")
        if key is not None:
            scan.continuations[key] = element
    elif element.local in ("numerator", "denominator"):
        holder = next((e for e in reversed(opened) if e.local == "fraction"), None)
        if holder is not None:
            holder.parts.append(element)


class _Values:
    """Makes facts of one scanned document's elements."""

    def __init__(self, scan: _Scan, continuations: dict[str, tuple[_Scan, _Element]]) -> None:
        self._scan = scan
        self._continuations = continuations
        root = scan.markup.root
        self._lang = root.get("xml:lang") or root.get("lang")
        self._namespaces: dict[str, str | None] = {}

    def fact(self, element: _Element) -> Fact:
        markup = self._scan.markup
        attributes = markup.attributes(element.inside)
        concept = attributes.get("name", "")
        if f"xmlns:{concept.partition(':')[0]}" in attributes:
            namespace = markup.namespace(concept, attributes)
        elif concept in self._namespaces:
            namespace = self._namespaces[concept]
        else:
            namespace = self._namespaces[concept] = markup.namespace(concept, {})
            if namespace is None:
                self._scan.problems[f"{concept or 'a fact without name'}: its prefix is not declared"] += 1
        fact: Fact = {"concept": concept, "namespace": namespace, "value": None}
        fact["context"] = attributes.get("contextRef", "")
        if "unitRef" in attributes:
            fact["unit"] = attributes["unitRef"]
        copy_attributes(attributes, element.inside, fact)
        if "format" in attributes:
            fact["format"] = attributes["format"]
        if "target" in attributes:
            fact["target"] = attributes["target"]
        if element.hidden:
            fact["hidden"] = True
        if "nil" not in fact:
            try:
                fact["value"] = self._value(element, attributes)
            except BadValue as error:
                fact["value"] = error.raw
                self._scan.problems[str(error)] += 1
        if element.local == "nonnumeric" and self._lang and "lang" not in fact:
            fact["lang"] = self._lang
        fact["document"] = self._scan.filename
        return fact

    def _value(self, element: _Element, attributes: dict[str, str]) -> str:
        if element.local == "nonfraction":
            return self._number(element, attributes)
        if element.local == "fraction":
            markup = self._scan.markup
            parts = {e.local: self._number(e, markup.attributes(e.inside)) for e in element.parts}
            return f"{parts.get('numerator', '')}/{parts.get('denominator', '')}"
        if attributes.get("escape") in ("true", "1"):
            return "".join(_escaped(scan, part) for scan, part in self._chain(element, attributes))
        text = "".join(_text(scan, part) for scan, part in self._chain(element, attributes))
        return transform(attributes["format"], text) if "format" in attributes else text

    def _number(self, element: _Element, attributes: dict[str, str]) -> str:
        text = _text(self._scan, element)
        return number(text, attributes.get("format"), attributes.get("scale"), attributes.get("sign") == "-")

    def _chain(self, element: _Element, attributes: dict[str, str]) -> list[tuple[_Scan, _Element]]:
        """The element and its continuations, in order."""
        chain = [(self._scan, element)]
        following, seen = attributes.get("continuedAt"), set[str]()
        while following is not None:
            if following in seen or following not in self._continuations:
                why = "leads back to itself" if following in seen else "does not exist"
                self._scan.problems[f"continuation {following} {why}"] += 1
                break
            seen.add(following)
            scan, part = self._continuations[following]
            chain.append((scan, part))
            following = scan.markup.attributes(part.inside).get("continuedAt")
        return chain


def _pieces(scan: _Scan, element: _Element) -> str:
    """The markup inside an element, without what `ix:exclude` takes out."""
    end = element.end if element.end >= 0 else element.content
    text, position, pieces = scan.markup.text, element.content, []
    if not scan.excluded:
        return text[position:end]
    for start, after in scan.excluded[bisect_left(scan.excluded, (position, 0)) :]:
        if start >= end:
            break
        if start >= position:
            pieces.append(text[position:start])
            position = after
    pieces.append(text[position:end])
    return "".join(pieces)


def _text(scan: _Scan, element: _Element) -> str:
    return scan.markup.plain(_pieces(scan, element))


def _escaped(scan: _Scan, element: _Element) -> str:
    """The markup inside an element as XHTML, without ix tags."""
    return scan.markup.markup(scan.tag.sub("", _pieces(scan, element)))


def _summary(scan: _Scan) -> list[str]:
    """The problems of a document, the most frequent ones by name and how often."""
    listed = [
        problem if count == 1 else f"{problem} ({count} times)"
        for problem, count in scan.problems.most_common(_LISTED_PROBLEMS)
    ]
    left = len(scan.problems) - len(listed)
    return [*listed, f"and {left} more kinds of problem"] if left > 0 else listed
