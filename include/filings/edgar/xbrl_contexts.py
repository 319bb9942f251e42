"""The contexts and units of an XBRL document: who, when, which dimensions, and in what a number is measured."""

from __future__ import annotations

import re

from filings.edgar.xbrl_markup import (
    INSTANCE_NAMESPACE,
    TAG_INSIDE,
    Context,
    Markup,
    Period,
    closing_tag,
    element_pattern,
)

_PART = re.compile(
    r"<(?:[\w.-]+:)?(identifier|startDate|endDate|instant|forever|explicitMember)(?=[\s/>])"
    rf"({TAG_INSIDE})>([^<]*+)",
    re.IGNORECASE,
)
_TYPED = re.compile(
    rf"<((?:[\w.-]+:)?typedMember)(?=\s)({TAG_INSIDE})>\s*"
    rf"(?:<([\w.:-]+)({TAG_INSIDE})>)?((?s:.*?))</\1\s*>",
    re.IGNORECASE,
)
_SEGMENT = re.compile(rf"<((?:[\w.-]+:)?(?:segment|scenario)){TAG_INSIDE}>((?s:.*?))</\1\s*>", re.IGNORECASE)
_MEASURE = re.compile(r"<(?:[\w.-]+:)?(measure|unitDenominator)(?=[\s>])[^<>]*>([^<]*)", re.IGNORECASE)


def contexts(markup: Markup) -> dict[str, Context]:
    """All contexts of a document by id."""
    return {key: _context(markup, inside) for key, inside in _elements(markup, "context")}


def units(markup: Markup) -> dict[str, str]:
    """All units of a document by id, as `measure*measure/measure`, such as `iso4217:USD/xbrli:shares`."""
    return {key: _unit(markup, inside) for key, inside in _elements(markup, "unit")}


def _elements(markup: Markup, local: str) -> list[tuple[str, str]]:
    """(id, content) of each element of the instance namespace with this name."""
    pattern = element_pattern(local, tuple(markup.prefixes(INSTANCE_NAMESPACE)) or ("xbrli", ""), markup.lower_case)
    text, found = markup.text, []
    for match in pattern.finditer(text):
        key = markup.attributes(match[2]).get("id")
        if key is not None:
            found.append((key, text[match.end() : closing_tag(text, match[1], match.end())]))
    return found


def _context(markup: Markup, inside: str) -> Context:
    context: Context = {}
    period: Period = {}
    dimensions: dict[str, object] = {}
    for name, attributes, content in _PART.findall(inside):
        kind = name.lower()
        if kind == "explicitmember":
            axis = markup.attributes(attributes).get("dimension", "")
            dimensions[axis] = markup.value(content).strip()
        elif kind == "identifier":
            context["entity"] = markup.value(content).strip()
            context["scheme"] = markup.attributes(attributes).get("scheme", "")
        elif kind == "instant":
            period["instant"] = content.strip()
        elif kind == "startdate":
            period["start"] = content.strip()
        elif kind == "enddate":
            period["end"] = content.strip()
        else:
            period["forever"] = True
    if "typedmember" in inside.lower():
        for _, attributes, element, own, content in _TYPED.findall(inside):
            axis = markup.attributes(attributes).get("dimension", "")
            value = None if _is_nil(markup, own) else markup.plain(content).strip()
            dimensions[axis] = {"element": element, "value": value}
    context["period"] = period
    context["dimensions"] = dimensions
    if not dimensions and (segment := _SEGMENT.search(inside)):
        context["segment"] = markup.markup(segment[2]).strip()
    return context


def _is_nil(markup: Markup, inside: str) -> bool:
    attributes = markup.attributes(inside)
    return any(name.endswith(":nil") and value in ("true", "1") for name, value in attributes.items())


def _unit(markup: Markup, inside: str) -> str:
    above: list[str] = []
    below: list[str] = []
    measures = above
    for name, content in _MEASURE.findall(inside):
        if name.lower() == "measure":
            measures.append(_measure(markup, markup.value(content).strip()))
        else:
            measures = below
    return "*".join(above) + ("/" + "*".join(below) if below else "")


def _measure(markup: Markup, name: str) -> str:
    """A measure; the two of the instance namespace are `xbrli:` whatever prefix the document has for it."""
    if markup.namespace(name, {}) == INSTANCE_NAMESPACE:
        return f"xbrli:{name.rpartition(':')[2]}"
    return name
