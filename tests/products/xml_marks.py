"""Marks on every leaf of an XML form, to see that a parser loses none: what was marked must come out in some row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from copy import deepcopy
from datetime import date, timedelta

from lxml import etree

from filings.edgar.xml_json import parse_xml

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[/-]\d{1,2}[/-]\d{4}")
_NONE = {"", "N/A", "XXXX"}
_YES_NO = {"Y", "N", "true", "false", "TRUE", "FALSE"}
Leaf = tuple[str, etree._Element, str]  # path, element, attribute or empty for its text


def leaves(root: etree._Element) -> Iterator[Leaf]:
    """Every attribute and every text of an element without children, with its path of local names."""
    for element in root.iter("{*}*"):
        path = "/".join(_local(each.tag) for each in (*reversed(list(element.iterancestors())), element))
        for name in element.attrib:
            yield f"{path}/@{_local(name)}", element, str(name)
        if not len(element) and (element.text or "").strip():
            yield path, element, ""


def kinds(roots: Iterable[etree._Element]) -> dict[str, str]:
    """What stands at each path: number, date, yes or no, or text."""
    found: dict[str, set[str]] = {}
    for root in roots:
        for path, element, name in leaves(root):
            found.setdefault(path, set()).add(_value(element, name))
    return {path: _kind(values - _NONE) for path, values in found.items()}


def pruned(content: bytes, repeated: str) -> etree._Element:
    """A document with only those elements of a name that hold a path which none before them holds."""
    root = parse_xml(content)
    seen: set[str] = set()
    for element in list(root.iter("{*}" + repeated)):
        paths = {path for path, _, _ in leaves(element)}
        if paths <= seen:
            element.getparent().remove(element)
        seen |= paths
    return root


def marked(root: etree._Element, kind: dict[str, str], *, keep: str) -> tuple[bytes, dict[str, list[str]]]:
    """The document with another value in each leaf, and those values by path.

    What says yes or no stays as it is, and so do the paths that end with `keep`, by which a parser knows its form.
    """
    root = deepcopy(root)
    marks: dict[str, list[str]] = {}
    for place, (path, element, name) in enumerate(list(leaves(root))):
        if path.endswith(keep):
            continue
        match kind[path]:
            case "number":
                mark = written = str(7_000_000_000 + place)
            case "date":
                day = date(2001, 1, 1) + timedelta(days=place)
                mark = day.isoformat()
                written = mark if "-" in _value(element, name)[:5] else f"{day:%m/%d/%Y}"
            case "text":
                mark = written = f"M{place}"
            case _:
                continue
        _write(element, name, written)
        marks.setdefault(path, []).append(mark)
    return etree.tostring(root), marks


def turned(root: etree._Element, kind: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """For the first leaf of each path that says yes or no, the document that says the opposite."""
    opposite = {"Y": "N", "N": "Y", "true": "false", "false": "true"}
    seen: set[str] = set()
    for path, element, name in list(leaves(root)):
        before = _value(element, name)
        if kind[path] == "yes or no" and path not in seen and before not in _NONE:
            seen.add(path)
            _write(element, name, opposite[before])
            yield path, etree.tostring(root)
            _write(element, name, before)


def _kind(values: set[str]) -> str:
    if all(_NUMBER.fullmatch(each) for each in values):
        return "number"  # also where no document says anything: a number fits text as well
    if values and all(_DATE.fullmatch(each) for each in values):
        return "date"
    return "yes or no" if values and values <= _YES_NO else "text"


def _value(element: etree._Element, name: str) -> str:
    return str(element.get(name, "") if name else element.text or "").strip()


def _write(element: etree._Element, name: str, value: str) -> None:
    if name:
        element.set(name, value)
    else:
        element.text = value


def _local(name: str) -> str:
    return str(name).rpartition("}")[2]
