"""What tables and columns the XML of a form suggests, from examples: a start for who writes a product, not the truth.

Leaves become columns of the nearest element around them that occurs several times; each such element is a table. The
more examples there are, the better can be told what occurs several times, and of which type a value is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import count

from lxml import etree

from filings.edgar.xml_tree import boolean, day

# Of the filer's dealings with EDGAR, not of the form.
_NOT_OF_THE_FORM = {"ccc", "contact", "notifications", "flags", "livetestflag", "documents"}
_BORDERS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[^A-Za-z0-9]+")
_CODE = re.compile(
    r"cik|zip|phone|fax|cusip|isin|lei|file_?n|irs|ein|sic|crd|(?:^|_)(?:id|code|number|num|type|class|version)$"
)
_NUMBER = re.compile(r"-?(?:(?:0|[1-9]\d*)(?:\.\d+)?|\.\d+)")
_LONGEST_NAME = 60
_LINE = 255
_SCALE = 8
_RESERVED = {"accession", "form", "filing_date"}
# Names that say nothing without the element around them.
_GENERAL = {"name", "title", "date", "type", "id", "number", "code", "amount", "description"} | {
    "street1",
    "street2",
    "city",
    "state",
    "country",
    "zip",
}
_COLLECTIONS = ("s", "list", "table", "records", "info")


@dataclass
class Shape:
    """A table: `path` leads to its elements from those of the table around it; `leaves` map paths to the values."""

    name: str
    path: str
    leaves: dict[str, list[str]] = field(default_factory=dict)
    inner: dict[str, Shape] = field(default_factory=dict)

    def columns(self) -> Iterator[tuple[str, str, list[str]]]:
        """Name, path and values of each column; names are as short as they can be told apart."""
        for path, name in _names(self.leaves, self.name).items():
            yield name, path, self.leaves[path]

    def all(self, outer: Shape | None = None) -> Iterator[tuple[Shape, Shape | None]]:
        """This table and those within it, each with the one around it."""
        yield self, outer
        for shape in self.inner.values():
            yield from shape.all(self)


def shape(roots: Iterable[etree._Element], longest: int = _LONGEST_NAME) -> Shape:
    """The shape of examples, which are trees with local names (see `xml_tree.tree`) and one root element.

    `longest` is how many characters a table's name may have.
    """
    examples = list(roots)
    repeated = {path for root in examples for path in _repeated(root, ())}
    made = Shape("submission", "")
    for root in examples:
        _walk(root, (), "", made, repeated)
    taken: set[str] = set()
    for each, outer in made.all():
        wanted = [each.name, f"{outer.name}_{each.name}" if outer else "", *(f"{each.name}_{n}" for n in range(2, 100))]
        fitting = (
            name if len(name) <= longest else f"{name[: longest - 4].rstrip('_')}_{name[-3:]}" for name in wanted
        )
        each.name = next(name for name in fitting if name and name not in taken)
        taken.add(each.name)
    return made


def column_type(name: str, values: Iterable[str]) -> str:
    """The type that values suggest, generous where they leave it open."""
    told = [value for value in values if value]
    longest = max(map(len, told), default=0)
    if any("\n" in value for value in told) or longest > 4 * _LINE:
        return "longtext"
    if told and all(_is_day(value) for value in told):
        return "date"
    if told and "cik" in name and all(value.isdigit() and len(value) <= 10 for value in told):
        return "code(10)"
    words = {value.lower() for value in told}
    if told and not words & {"0", "1"} and all(isinstance(boolean(value), bool) for value in told):
        return "boolean"
    if words <= {"0", "1"} and re.match(r"(?:is|has|are|was|not)_", name):
        return "boolean"
    if told and not _CODE.search(name) and all(_NUMBER.fullmatch(value) for value in told):
        return f"decimal(38,{max(_SCALE, *(len(value.partition('.')[2]) for value in told))})"
    return f"text({_LINE if longest <= _LINE else 4 * _LINE})"


def _is_day(value: str) -> bool:
    """Whether a value is a date that is written as one: digits alone may be anything."""
    try:
        found = date.fromisoformat(day(value) or "")
    except ValueError:
        return False
    return not value.isdigit() and 1000 <= found.year < 3000  # as tables have them


def snake(name: str) -> str:
    """`issuerName` as `issuer_name`."""
    made = "_".join(word.lower() for word in _BORDERS.split(name) if word)
    return _short(made if made[:1].isalpha() else f"x_{made}")


def _short(name: str) -> str:
    return name[:_LONGEST_NAME].rstrip("_")


def _children(element: etree._Element) -> list[etree._Element]:
    return [child for child in element.iterchildren(etree.Element) if child.tag.lower() not in _NOT_OF_THE_FORM]


def _repeated(element: etree._Element, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    children = _children(element)
    tags = [child.tag for child in children]
    for child in children:
        here = (*path, child.tag)
        collected = len(set(tags)) == 1 and element.tag.lower() in {child.tag.lower() + end for end in _COLLECTIONS}
        if tags.count(child.tag) > 1 or (collected and path):
            yield here
        yield from _repeated(child, here)


def _walk(
    element: etree._Element, path: tuple[str, ...], steps: str, into: Shape, repeated: set[tuple[str, ...]]
) -> None:
    children = _children(element)
    for name, value in ((str(name), str(value)) for name, value in element.attrib.items()):
        if not name.startswith("{"):
            into.leaves.setdefault(f"{steps}/@{name}".lstrip("/"), []).append(value.strip())
    if not children and steps:
        into.leaves.setdefault(steps, []).append((element.text or "").strip())
    elif not children and path:
        into.leaves.setdefault(".", []).append((element.text or "").strip())
    for child in children:
        here = (*path, child.tag)
        below = f"{steps}/{child.tag}".lstrip("/")
        if here not in repeated:
            _walk(child, here, below, into, repeated)
            continue
        inner = into.inner.setdefault(below, Shape(snake(child.tag), below))
        _walk(child, here, "", inner, repeated)


def _names(paths: Iterable[str], alone: str) -> dict[str, str]:
    """Column names for paths: the last step, and as many before it as tell them apart; `alone` is that of no step."""
    steps = {
        path: [step for each in path.split("/") if (step := each.lstrip("@")) not in (".", "value")] or [alone]
        for path in paths
    }
    names: dict[str, str] = {}
    taken = set(_RESERVED)
    for depth in range(1, max(map(len, steps.values()), default=0) + 1):
        tried = {path: snake("_".join(steps[path][-depth:])) for path in steps if path not in names}
        often = Counter(tried.values())
        for path, name in tried.items():
            general = name in _GENERAL and len(steps[path]) > depth
            if name not in taken and often[name] == 1 and not general:
                names[path] = name
        taken |= set(names.values())
    for path in steps:
        if path not in names:
            whole = snake("_".join(steps[path]))[: _LONGEST_NAME - 4].rstrip("_")
            names[path] = next(name for n in count(2) if (name := f"{whole}_{n}") not in taken)
            taken.add(names[path])
    return {path: names[path] for path in steps}
