"""The contexts and units of an XBRL document: who, when, which dimensions, and in what a number is measured."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest

import stringzilla

from filings.edgar.xbrl_markup import TAG_INSIDE, Markup, attributes, is_nil
from filings.edgar.xbrl_model import INSTANCE_NAMESPACE, Context, Period
from filings.edgar.xbrl_text import Texts, decode, plain, text_of

_PART = re.compile(
    rb"<(?:[\w.-]+:)?(identifier|startDate|endDate|instant|forever|explicitMember)(?=[\s/>])(" + TAG_INSIDE + rb")>"
    rb"([^<]*+)",
    re.IGNORECASE,
)
_TYPED = re.compile(rb"<((?:[\w.-]+:)?typedMember)(?=\s)(" + TAG_INSIDE + rb")>\s*+", re.IGNORECASE)
_DOMAIN = re.compile(rb"<([\w.:-]++)(" + TAG_INSIDE + rb")>")
_SEGMENT = re.compile(rb"<((?:[\w.-]+:)?(?:segment|scenario))" + TAG_INSIDE + rb">", re.IGNORECASE)
_MEASURE = re.compile(rb"<(?:[\w.-]+:)?(measure|unitDenominator)(?=[\s>])[^<>]*+>([^<]*+)", re.IGNORECASE)
_MEMBER = re.compile(rb"""dimension="([^"]*+)"\s*+>([^<]*+)""")
_AFTER_NAME = (b">", b" ", b"\n", b"\t", b"/")
_START = re.compile(rb"[^\s/>]*+(?=[\s/>])(" + TAG_INSIDE + rb")>")


def contexts(markup: Markup) -> dict[str, Context]:
    """All contexts of a document by id."""
    data, texts = markup.data, Texts()
    periods: dict[tuple[bytes | None, ...], Period] = {}
    found: dict[str, Context] = {}
    for prefix in _prefixes(markup):
        usual = _usual(prefix).match
        for at, limit in _places(markup, prefix + b"context"):
            match = usual(data, at, limit)
            if match is None:
                _odd(markup, at, limit, found)
                continue
            key, scheme, entity, members, *when = match.groups()
            period = periods.get(tuple(when))
            if period is None:
                period = periods[tuple(when)] = _period(*(None if date is None else decode(date) for date in when))
            found[texts[key]] = {
                "entity": texts[entity],
                "scheme": texts[scheme],
                "period": period,
                "dimensions": {texts[axis]: texts[member] for axis, member in _MEMBER.findall(members or b"")},
            }
    return found


def units(markup: Markup) -> dict[str, str]:
    """All units of a document by id, as `measure*measure/measure`, such as `iso4217:USD/xbrli:shares`."""
    found: dict[str, str] = {}
    for prefix in _prefixes(markup):
        for at, limit in _places(markup, prefix + b"unit"):
            key, inside = _element(markup, at, limit)
            if key is not None:
                found[key] = _unit(markup, inside)
    return found


def _prefixes(markup: Markup) -> list[bytes]:
    names = markup.prefixes(INSTANCE_NAMESPACE) or ["xbrli", ""]
    return [f"{name}:".encode() if name else b"" for name in names]


def _places(markup: Markup, name: bytes) -> Iterator[tuple[int, int]]:
    """Where each start tag of this name is, and the next one, before which its element must end."""
    data, tag = markup.data, b"<" + name
    find = stringzilla.Str(data).find
    before = -1
    at = find(tag)
    while at >= 0:
        after = at + len(tag)
        if bytes(data[after : after + 1]) in _AFTER_NAME:
            if before >= 0:
                yield before, at
            before = at
        at = find(tag, after)
    if before >= 0:
        yield before, len(data)


@lru_cache(maxsize=16)
def _usual(prefix: bytes) -> re.Pattern[bytes]:
    """A context as nearly all are: nothing in it but an entity, explicit members, and a period."""
    p = re.escape(prefix)
    text = rb"([^<]*+)"
    member = rb"\s*+<[\w.-]++:explicit[Mm]ember\s++dimension=\"[^\"<]*+\"\s*+>[^<]*+</[\w.-]++:explicit[Mm]ember>"
    return re.compile(
        rb"<" + p + rb"context\s++id=\"([^\"<&]*+)\"\s*+>\s*+<" + p + rb"entity>\s*+"
        rb"<" + p + rb"identifier\s++scheme=\"([^\"<]*+)\"\s*+>" + text + rb"</" + p + rb"identifier>\s*+"
        rb"(?:<" + p + rb"segment>((?:" + member + rb")++)\s*+</" + p + rb"segment>\s*+)?"
        rb"</" + p + rb"entity>\s*+<" + p + rb"period>\s*+"
        rb"(?:<" + p + rb"instant>" + text + rb"</" + p + rb"instant>"
        rb"|<" + p + rb"start[Dd]ate>" + text + rb"</" + p + rb"start[Dd]ate>\s*+"
        rb"<" + p + rb"end[Dd]ate>" + text + rb"</" + p + rb"end[Dd]ate>)\s*+"
        rb"</" + p + rb"period>\s*+</" + p + rb"context\s*+>"
    )


def _period(instant: str | None, start: str | None, end: str | None) -> Period:
    if instant is not None:
        return {"instant": instant.strip()}
    return {"start": (start or "").strip(), "end": (end or "").strip()}


def _element(markup: Markup, at: int, limit: int) -> tuple[str | None, bytes]:
    """The id and the content of an element that starts here; all before the next one when it is not closed."""
    data = markup.data
    tag = _START.match(data, at + 1, limit)
    if tag is None:
        return None, b""
    inside = bytes(data[tag.end() : limit])
    return attributes(decode(tag[1])).get("id"), inside[: _closing(inside, bytes(data[at + 1 : tag.start(1)]))]


def _closing(inside: bytes, name: bytes, begin: int = 0) -> int:
    """Where the closing tag of this name is; the end when there is none."""
    tag = b"</" + name
    at = inside.find(tag, begin)
    while at >= 0 and inside[at + len(tag) : at + len(tag) + 1] not in _AFTER_NAME:
        at = inside.find(tag, at + len(tag))
    return at if at >= 0 else len(inside)


def _odd(markup: Markup, at: int, limit: int, found: dict[str, Context]) -> None:
    """A context with anything else in it, part by part."""
    key, inside = _element(markup, at, limit)
    if key is None:
        return
    context: Context = {}
    period: Period = {}
    dimensions: dict[str, object] = {}
    for name, said, content in _PART.findall(inside):
        kind = name.lower()
        text = text_of(content).strip()
        if kind == b"explicitmember":
            dimensions[attributes(decode(said)).get("dimension", "")] = text
        elif kind == b"identifier":
            context["entity"] = text
            context["scheme"] = attributes(decode(said)).get("scheme", "")
        elif kind == b"instant":
            period["instant"] = text
        elif kind == b"startdate":
            period["start"] = text
        elif kind == b"enddate":
            period["end"] = text
        else:
            period["forever"] = True
    dimensions |= _typed(inside)
    context["period"] = period
    context["dimensions"] = dimensions
    if not dimensions and (segment := _SEGMENT.search(inside)):
        end = _closing(inside, segment[1], segment.end())
        context["segment"] = decode(inside[segment.end() : end]).strip()
    found[key] = context


def _typed(inside: bytes) -> dict[str, object]:
    """Members that are not of a list: the element that holds the value, and the value, null when it is nil."""
    found: dict[str, object] = {}
    tags = list(_TYPED.finditer(inside))
    for tag, following in zip_longest(tags, tags[1:]):
        limit = len(inside) if following is None else following.start()
        content = inside[tag.end() : limit]
        content = content[: _closing(content, tag[1])]
        domain = _DOMAIN.match(content)
        nil = domain is not None and is_nil(attributes(decode(domain[2])))
        found[attributes(decode(tag[2])).get("dimension", "")] = {
            "element": decode(domain[1]) if domain else "",
            "value": None if nil else plain(content).strip(),
        }
    return found


def _unit(markup: Markup, inside: bytes) -> str:
    above: list[str] = []
    below: list[str] = []
    measures = above
    for name, content in _MEASURE.findall(inside):
        if name.lower() == b"measure":
            measures.append(_measure(markup, text_of(content).strip()))
        else:
            measures = below
    return "*".join(above) + ("/" + "*".join(below) if below else "")


def _measure(markup: Markup, name: str) -> str:
    """A measure; the two of the instance namespace are `xbrli:` whatever prefix the document has for it."""
    if markup.namespace(name, {}) == INSTANCE_NAMESPACE:
        return f"xbrli:{name.rpartition(':')[2]}"
    return name
