"""Facts of an XBRL instance: every element with a contextRef attribute is one."""

from __future__ import annotations

import re

from filings.edgar import xbrl_contexts
from filings.edgar.xbrl_markup import TAG_INSIDE, Fact, XbrlDocument, as_utf8, closing_tag, copy_attributes, read

_PROLOG = rb"(?:\xef\xbb\xbf)?(?:\s|<\?(?s:.*?)\?>|<!--(?s:.*?)-->|<!DOCTYPE[^>\[]*(?:\[[^\]]*\])?[^>]*>)*"
_ROOT = re.compile(_PROLOG + rb"<([A-Za-z_][^\s<>/]*)")
_ELEMENT = re.compile(rf"<([A-Za-z_][^\s<>/]*)\s+({TAG_INSIDE})>([^<]*+)(</)?")


def is_instance(content: bytes | memoryview) -> bool:
    """Whether a document is an XBRL instance: its first element is `xbrl`."""
    match = _ROOT.match(bytes(as_utf8(content[:65536])))
    return match is not None and match[1].rpartition(b":")[2] == b"xbrl"


def facts(content: bytes | memoryview, filename: str) -> XbrlDocument:
    """The facts of an instance document."""
    markup = read(content)
    document = XbrlDocument(filename, "instance", xbrl_contexts.contexts(markup), xbrl_contexts.units(markup))
    append = document.facts.append
    namespaces: dict[str, str | None] = {}
    for match in _ELEMENT.finditer(markup.text):
        concept, inside, raw, closed = match.groups()
        if "contextRef" not in inside:
            continue
        attributes = markup.attributes(inside)
        if "xmlns" in inside:
            namespace = markup.namespace(concept, attributes)
        elif concept in namespaces:
            namespace = namespaces[concept]
        else:
            namespace = namespaces[concept] = markup.namespace(concept, {})
        fact: Fact = {"concept": concept, "namespace": namespace, "value": None, "context": attributes["contextRef"]}
        if "unitRef" in attributes:
            fact["unit"] = attributes["unitRef"]
        copy_attributes(attributes, inside, fact)
        if "nil" not in fact:
            if inside.endswith("/"):
                raw = ""
            elif not closed:  # markup inside: take all up to the closing tag
                raw = markup.text[match.start(3) : closing_tag(markup.text, concept, match.end(3))]
            fact["value"] = raw if raw.isascii() and "&" not in raw and "<" not in raw else markup.plain(raw)
        fact["document"] = filename
        append(fact)
    if not markup.text.rstrip()[-16:].rstrip().endswith("xbrl>"):
        document.problems.append("the document breaks off: it does not end with its root's closing tag")
    return document
