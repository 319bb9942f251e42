"""XBRL markup as text that regular expressions may scan safely, and what instances and inline documents share.

A scan for the few XBRL tags is several times quicker than a tree of all of them and, unlike a strict parser, still
reads a document that is cut off or not well formed. What makes it exact: comments are gone and CDATA sections are
plain escaped text before anything is searched, and a tag's end is never sought inside a quoted attribute.

Text is held as Latin-1, one byte a character whatever the document's encoding; `Markup.value` decodes what is taken.
"""

from __future__ import annotations

import html.entities
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypedDict

INSTANCE_NAMESPACE = "http://www.xbrl.org/2003/instance"
# The inside of a tag: quoted attributes may hold `>`.
TAG_INSIDE = r"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""

_ENCODING = re.compile(r"""<\?xml[^>]*?\bencoding\s*=\s*["']([\w.:-]+)["']""")
_NOT_MARKUP = re.compile(r"<!(?:--(?s:.*?)-->|\[CDATA\[((?s:.*?))\]\]>)")
_ATTRIBUTE = re.compile(r"""([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_DOUBLE_QUOTED = re.compile(r"""([^\s=<>"'/]+)\s*=\s*"([^"]*)\"""")
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]*);")
_MARKUP_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))
_AMPERSAND = re.compile(r"&(?:amp|AMP|#0*38|#[xX]0*26);")
_TAG = re.compile(rf"<[/!?A-Za-z]{TAG_INSIDE}>")
_XMLNS = re.compile(r"""xmlns(?::([^\s=]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_FIRST_TAG = re.compile(rf"<([A-Za-z_][^\s<>/]*)({TAG_INSIDE})>")
# HTML tools write attribute names in lower case; these are the ones that XBRL reads.
_CANONICAL = {
    name.lower(): name
    for name in ("contextRef", "unitRef", "continuedAt", "tupleRef", "tupleID", "fromRefs", "toRefs", "arcroleRef")
}


class Period(TypedDict, total=False):
    """`instant`, or `start` and `end`, as ISO dates or timestamps; `forever` where the context says so."""

    instant: str
    start: str
    end: str
    forever: bool


class Context(TypedDict, total=False):
    """Whom and what time a fact is about. `segment` holds the markup of a segment that names no dimension."""

    entity: str
    scheme: str
    period: Period
    dimensions: dict[str, Any]
    segment: str


class Fact(TypedDict, total=False):
    """One fact; keys that do not apply are absent. `context` and `unit` are keys of the document's tables."""

    concept: str
    namespace: str | None
    value: str | None
    context: str
    unit: str
    decimals: str
    precision: str
    id: str
    nil: bool
    lang: str
    hidden: bool
    format: str
    target: str
    document: str


@dataclass(slots=True)
class XbrlDocument:
    """What a document says in XBRL. `kind` is `instance` or `inline`; units are such as `iso4217:USD/xbrli:shares`."""

    filename: str
    kind: str
    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Markup:
    """A document's text ready to be scanned, with the namespaces that it declares."""

    text: str
    encoding: str
    lower_case: bool  # an HTML tool has written all names in lower case
    root: dict[str, str]  # attributes of the first element
    namespaces: dict[str, str]  # prefix ("" for the default) → URI; the root's go before those of other elements
    rebound: list[str]  # prefixes that mean something else further down

    def value(self, raw: str) -> str:
        """A piece of the text, decoded and with its character references resolved."""
        if not raw.isascii():
            raw = self._decode(raw)
        return unescape(raw) if "&" in raw else raw

    def markup(self, raw: str) -> str:
        """A piece of the text as markup: decoded, references left as they are."""
        return raw if raw.isascii() else self._decode(raw)

    def plain(self, raw: str) -> str:
        """The text of a piece of markup: without its tags, decoded."""
        return self.value(_TAG.sub("", raw) if "<" in raw else raw)

    def attributes(self, inside: str) -> dict[str, str]:
        """The attributes of a tag, values decoded."""
        if "'" not in inside:
            found: dict[str, str] = dict(_DOUBLE_QUOTED.findall(inside))
        else:
            found = {name: double or single for name, double, single in _ATTRIBUTE.findall(inside)}
        if "&" in inside or not inside.isascii():
            found = {name: self.value(value) for name, value in found.items()}
        return {_CANONICAL.get(name, name): value for name, value in found.items()} if self.lower_case else found

    def namespace(self, name: str, attributes: Mapping[str, str]) -> str | None:
        """The namespace of a prefixed name, by the element's own declaration or the document's."""
        prefix = name.partition(":")[0] if ":" in name else ""
        own = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns")
        return own if own is not None else self.namespaces.get(prefix)

    def prefixes(self, *uris: str) -> list[str]:
        """All prefixes that stand for one of `uris` anywhere in the document."""
        wanted = {uri.lower() for uri in uris}
        return [prefix for prefix, uri in self.namespaces.items() if uri.lower() in wanted]

    def _decode(self, raw: str) -> str:
        data = raw.encode("latin-1")
        try:
            return data.decode(self.encoding)
        except (UnicodeDecodeError, LookupError):
            return data.decode("cp1252", errors="replace")


def read(content: bytes | memoryview) -> Markup:
    """Prepare a document for scanning."""
    content = as_utf8(content)
    declared = _ENCODING.search(str(content[:512], "latin-1"))
    text = _without_comments(str(content, "latin-1"))
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    encoding = declared[1].lower() if declared else "utf-8"
    if encoding in ("us-ascii", "ascii", "utf-16"):
        encoding = "utf-8"
    elif encoding in ("iso-8859-1", "latin-1", "latin1"):
        encoding = "cp1252"  # what writes ISO-8859-1 with bytes from 0x80 to 0x9F means Windows-1252
    lower_case = "contextref=" in text and "contextRef=" not in text
    markup = Markup(text, encoding, lower_case, {}, {}, [])
    first = _FIRST_TAG.search(text)
    if first:
        markup.root = markup.attributes(first[2])
    _declare(markup, first[2] if first else "")
    return markup


def copy_attributes(attributes: Mapping[str, str], inside: str, fact: Fact) -> None:
    """What the attributes of a fact say in both forms of XBRL; `inside` is the tag that they were read from."""
    for name in ("decimals", "precision", "id"):
        if name in attributes:
            fact[name] = attributes[name]
    if ":nil" in inside or ":lang" in inside:
        for name, value in attributes.items():
            if name == "xml:lang":
                fact["lang"] = value
            elif name.endswith(":nil") and value in ("true", "1"):
                fact["nil"] = True


def closing_tag(text: str, name: str, position: int) -> int:
    """Where `</name>` is, from `position` on; the end of the text when it is not there."""
    tag = f"</{name}"
    here = text.find(tag, position)
    while here >= 0 and text[here + len(tag) : here + len(tag) + 1] not in ("", ">", " ", "\n", "\t"):
        here = text.find(tag, here + 1)
    return here if here >= 0 else len(text)


def as_utf8(content: bytes | memoryview) -> bytes | memoryview:
    """The content, recoded where it begins with the mark of UTF-16."""
    if bytes(content[:2]) in (b"\xff\xfe", b"\xfe\xff"):
        return bytes(content).decode("utf-16", errors="replace").encode()
    return content


def unescape(text: str) -> str:
    """Resolve XML character references and HTML's named ones; what is neither stays as it is."""
    for name, character in _MARKUP_REFERENCES:
        text = text.replace(name, character)
    names = set(_REFERENCE.findall(text))
    ampersands = {name for name in names if _character(name) == "&"}
    for name in names - ampersands:  # a text holds thousands of references and few different ones
        text = text.replace(f"&{name};", _character(name))
    # Last and in one pass, since what `&amp;` becomes may look like the start of another reference.
    if ampersands == {"amp"}:
        return text.replace("&amp;", "&")
    return _AMPERSAND.sub("&", text) if ampersands else text


def escape(text: str) -> str:
    """Text as XML content."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@lru_cache(maxsize=64)
def element_pattern(local: str, prefixes: tuple[str, ...], lower_case: bool) -> re.Pattern[str]:
    """Start tags of an element in any of `prefixes` ("" for none): group 1 its name, group 2 the inside of the tag."""
    names = "|".join(sorted((re.escape(f"{p}:" if p else ""), "")[0] + local for p in prefixes))
    return re.compile(rf"<({names})(?=[\s/>])({TAG_INSIDE})>", re.IGNORECASE if lower_case else 0)


def _without_comments(text: str) -> str:
    if "<!--" not in text and "<![CDATA[" not in text:
        return text
    return _NOT_MARKUP.sub(lambda match: escape(match[1]) if match[1] is not None else "", text)


def _declare(markup: Markup, root_inside: str) -> None:
    for prefix, double, single in _XMLNS.findall(root_inside):
        markup.namespaces[prefix] = unescape(double or single)
    fixed = dict(markup.namespaces)
    for prefix, double, single in _XMLNS.findall(markup.text):
        uri = unescape(double or single)
        if not prefix:  # XHTML inside of a text: says nothing of the document
            continue
        if markup.namespaces.setdefault(prefix, uri) != uri and prefix in fixed and prefix not in markup.rebound:
            markup.rebound.append(prefix)


def _character(name: str) -> str:
    """What `&name;` stands for; itself when it is no reference."""
    if name[0] != "#":
        return html.entities.html5.get(f"{name};", f"&{name};")
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else f"&{name};"
