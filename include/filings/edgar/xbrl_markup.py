"""A document of XBRL markup ready to be scanned: its bytes, its namespaces, and how tags say what they say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import stringzilla

from filings.edgar.xbrl_text import decode, prepared, unescape

# The inside of a tag: quoted attributes may hold `>`.
TAG_INSIDE = rb"""(?:[^<>"']++|"[^"]*+"|'[^']*+')*+"""

_TOKEN = re.compile(r"""([^\s=<>"'/]++)(?:\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>=`]++)))?""")
_XMLNS = re.compile(rb"""xmlns(?::([^\s=<>"'/&]{1,100}+))?\s*+=\s*+(?:"([^"<]*+)"|'([^'<]*+)')""")
_FIRST_TAG = re.compile(rb"<[A-Za-z_][^\s<>/]*+(" + TAG_INSIDE + rb")>")
_LONGEST_TAG = 65_536  # characters of a tag that are read; real ones have up to 2,000
_MOST_PREFIXES = 1_000  # declared in one document; real ones have up to 50
# HTML tools write attribute names in lower case; these are the ones that XBRL reads.
CANONICAL = {
    name.lower(): name
    for name in ("contextRef", "unitRef", "continuedAt", "fromRefs", "toRefs", "footnoteRefs", "footnoteID")
}


@dataclass(slots=True)
class Markup:
    """A document's bytes, prepared, with the namespaces that it declares."""

    data: bytes | memoryview
    root: dict[str, str] = field(default_factory=dict)  # attributes of the first element
    namespaces: dict[str, str] = field(default_factory=dict)  # prefix ("" for the default) → URI; the root's go first
    rebound: dict[str, None] = field(default_factory=dict)  # prefixes that mean something else further down

    def namespace(self, name: str, attributes: Mapping[str, str]) -> str | None:
        """The namespace of a prefixed name, by the element's own declaration or the document's."""
        prefix = name.partition(":")[0] if ":" in name else ""
        own = attributes.get(f"xmlns:{prefix}" if prefix else "xmlns")
        return own if own is not None else self.namespaces.get(prefix)

    def prefixes(self, *uris: str) -> list[str]:
        """Prefixes that stand for one of `uris` anywhere in the document, the first ones only of a great many."""
        wanted = {uri.lower() for uri in uris}
        return [prefix for prefix, uri in self.namespaces.items() if uri.lower() in wanted][:8]


def read(content: bytes | memoryview) -> Markup:
    """Prepare a document for scanning."""
    markup = Markup(prepared(content))
    first = _FIRST_TAG.search(markup.data)
    if first:
        markup.root = attributes(decode(first[1]))
        for match in _XMLNS.finditer(first[1]):
            markup.namespaces[decode(match[1] or b"")] = unescape(decode(match[2] or match[3] or b""))
    _declare(markup)
    return markup


def attributes(inside: str) -> dict[str, str]:
    """The attributes of a tag by name, by what they say; of two with one name the first."""
    found = {
        name: double or single or bare
        for name, double, single, bare in reversed(_TOKEN.findall(inside, 0, _LONGEST_TAG))
    }
    if "&" in inside:
        found = {name: unescape(value) for name, value in found.items()}
    return {CANONICAL.get(name.lower(), name): value for name, value in found.items()}


def is_nil(found: Mapping[str, str]) -> bool:
    """Whether an element's attributes say that it has no value."""
    return any(name.endswith(":nil") and value.strip() in ("true", "1") for name, value in found.items())


def _declare(markup: Markup) -> None:
    data, fixed = markup.data, dict(markup.namespaces)
    find = stringzilla.Str(data).find
    at = find(b"xmlns:")
    while at >= 0:
        match = _XMLNS.match(data, at)
        if match:
            prefix, uri = decode(match[1]), unescape(decode(match[2] or match[3] or b""))
            if len(markup.namespaces) < _MOST_PREFIXES or prefix in markup.namespaces:
                before = markup.namespaces.setdefault(prefix, uri)
                if before != uri and prefix in fixed:
                    markup.rebound[prefix] = None
        at = find(b"xmlns:", at + 6)
