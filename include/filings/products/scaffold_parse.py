"""The parse.py that a new product begins with, written for the tables and columns that were proposed."""

from __future__ import annotations

from filings.products.xml_shape import Shape, column_type

_CONVERTS = {"date": "day", "boolean": "boolean"}

_PLAIN = '''\
"""{title}: a row a filing, from its header. Give what you read of the documents as further columns and rows."""

from __future__ import annotations

from filings.edgar.xml_forms import filing_date
from filings.products import Rows, Submission


def parse(submission: Submission) -> Rows:
    """The rows of one filing."""
    yield "submission", {{"form": submission.form, "filing_date": filing_date(submission)}}
'''

_FROM_XML = '''\
"""{title}: the rows of its XML."""

from __future__ import annotations

{counting}from lxml import etree

from filings.edgar.xml_forms import Field, filing_date, root_name, row
from filings.edgar.xml_tree import {reading}
from filings.products import Rows, Submission, Unusable

{fields}


def parse(submission: Submission) -> Rows:
    """The rows of one filing."""
    root = _root(submission)
{body}


def _root(submission: Submission) -> etree._Element:
    for document in submission.documents:
        if root_name(document) == "{root}":
            try:
                return tree(document)
            except NotXml as error:
                raise Unusable(str(error)) from error
    raise Unusable("no document of it is the form's XML, whose root is {root}")
'''


def parse_py(name: str, proposed: Shape, root: str) -> str:
    """The module's text; `root` is the XML's root element, empty when there is no XML."""
    title = name.replace("_", " ").capitalize()
    if not root:
        return _PLAIN.format(title=title)
    shapes = [each for each, _ in proposed.all()]
    nested = [each for each, outer in proposed.all() if outer and outer.path]
    converts = {convert for each in shapes for *_, convert in _converted(each)} - {"None"}
    body = [f"    {each.name}_numbers = count(1)" for each in nested]
    header = '"form": submission.form, "filing_date": filing_date(submission)'
    body.append(_row(proposed, "root", header, 1))
    for inner in proposed.inner.values():
        body += _loop(inner, "root", None, 1)
    return _FROM_XML.format(
        title=title,
        counting="from itertools import count\n\n" if nested else "",
        reading=", ".join(sorted(["NotXml", *converts, "tree"], key=lambda word: (word[0].islower(), word))),
        fields="\n".join(_fields(each) for each in shapes if each.leaves),
        body="\n".join(body),
        root=root,
    )


def _converted(shape: Shape) -> list[tuple[str, str, str]]:
    return [(c, path, _CONVERTS.get(column_type(c, values), "None")) for c, path, values in shape.columns()]


def _fields(shape: Shape) -> str:
    """A constant that says where each column of a table stands."""
    lines = [f'    ("{column}", "{path}", {convert}),' for column, path, convert in _converted(shape)]
    return "\n".join([f"{_constant(shape)}: tuple[Field, ...] = (", *lines, ")"])


def _constant(shape: Shape) -> str:
    return f"_{shape.name.upper()}"


def _loop(shape: Shape, around: str, outer: Shape | None, depth: int) -> list[str]:
    """What goes through the elements of a table within those of another."""
    margin = "    " * depth
    number, element = (f"{shape.name}_sk", shape.name) if shape.inner or outer else ("number", "element")
    if outer is None:
        lines = [f'{margin}for {number}, {element} in enumerate({around}.iterfind("{shape.path}"), 1):']
        keys = f'"{shape.name}_sk": {number}'
    else:
        lines = [
            f'{margin}for {element} in {around}.iterfind("{shape.path}"):',
            f"{margin}    {number} = next({shape.name}_numbers)",
        ]
        keys = f'"{shape.name}_sk": {number}, "{outer.name}_sk": {outer.name}_sk'
    lines.append(_row(shape, element, keys, depth + 1))
    for inner in shape.inner.values():
        lines += _loop(inner, element, shape, depth + 1)
    return lines


def _row(shape: Shape, element: str, keys: str, depth: int) -> str:
    """What yields one row."""
    values = f"{keys}, **row({element}, {_constant(shape)})" if shape.leaves else keys
    return f'{"    " * depth}yield "{shape.name}", {{{values}}}'
