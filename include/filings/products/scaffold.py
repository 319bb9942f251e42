"""A new product's folder: a product.yaml that is valid, a parse.py that gives rows, and a sample whose test fails.

With examples of the form's XML, tables, columns and types are proposed from them; without, there is one table with what
every submission's header says.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from filings.edgar.sgml import Document, Submission
from filings.edgar.xml_json import parse_xml
from filings.edgar.xml_tree import NotXml, is_xml, tree
from filings.products.definition import ALL_FORMS, FILE, LONGEST_NAME
from filings.products.scaffold_parse import parse_py
from filings.products.xml_shape import Shape, column_type, shape

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_SAMPLE_ELEMENTS = 3  # of a kind beside one another

_SUBMISSION = """\
<SEC-DOCUMENT>0001234567-25-000001.txt : 20250304
<SEC-HEADER>0001234567-25-000001.hdr.sgml : 20250304
<ACCEPTANCE-DATETIME>20250304160509
ACCESSION NUMBER:		0001234567-25-000001
CONFORMED SUBMISSION TYPE:	{form}
PUBLIC DOCUMENT COUNT:		1
FILED AS OF DATE:		20250304
DATE AS OF CHANGE:		20250304

FILER:

	COMPANY DATA:
		COMPANY CONFORMED NAME:			INVENTED HOLDINGS INC
		CENTRAL INDEX KEY:			0001234567
		STATE OF INCORPORATION:			DE
		FISCAL YEAR END:			1231

	FILING VALUES:
		FORM TYPE:		{form}
		SEC ACT:		1934 Act
		SEC FILE NUMBER:	001-00001
		FILM NUMBER:		25000001
</SEC-HEADER>
<DOCUMENT>
<TYPE>{form}
<SEQUENCE>1
<FILENAME>{file}
<TEXT>
{content}
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""


class CannotScaffold(ValueError):
    """What stands in the way of a new product; the message says what to do."""


def scaffold(place: Path, name: str, forms: Sequence[str], examples: Sequence[Submission]) -> Path:
    """Write the folder of a product; returns it.

    Args:
        place: the folder of products that it goes into.
        forms: form types; none means those of the examples, or else all.
        examples: submissions, or documents that lie alone, with the form's XML.

    Raises:
        CannotScaffold: when there is such a product, the name is no name, or the examples hold no XML of one kind.
    """
    folder = place / name
    if not _NAME.fullmatch(name):
        raise CannotScaffold(f"{name!r}: a product is named in lower case, with digits and underscores, as form_144")
    if folder.exists():
        raise CannotScaffold(f"{folder} is there already: choose another name, or delete it")
    documents = [_xml(example) for example in examples]
    roots = [tree(document) for document in documents]
    kinds = sorted({root.tag for root in roots})
    if len(kinds) > 1:
        raise CannotScaffold(f"the examples are of several kinds: {', '.join(kinds)}; give those of one")
    said = tuple(dict.fromkeys(forms or _with_amendments(example.form for example in examples if example.form)))
    proposed = shape(roots, LONGEST_NAME - len(name) - 1)
    files = {
        FILE: product_yaml(name, said, proposed),
        "parse.py": parse_py(name, proposed, kinds[0] if kinds else ""),
        f"samples/{name}.txt": sample(said, bytes(documents[0].content) if documents else b""),
    }
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    return folder


def product_yaml(name: str, forms: Sequence[str], proposed: Shape) -> str:
    """The product.yaml of a proposal."""
    documents = "suffix: [.xml]" if proposed.leaves or proposed.inner else "main: true"
    lines = [
        f"title: {name.replace('_', ' ').capitalize()}",
        f"description: Rows of {', '.join(forms) if forms else 'all forms'}.",
        "owner: {team: filings}",
        f"forms: {json.dumps(list(forms)) if forms else ALL_FORMS}",
        "# since: 2023-04-13   # filing date of the first that can be read: older filings are then not asked",
        f"source: {{archive: tar, documents: {{{documents}}}}}",
        "# question: What the query answers, for docs/products",
        "# query: SELECT … FROM {submission} …",
        "tables:",
    ]
    for table, outer in proposed.all():
        within = f", within {outer.path}" if outer and outer.path else ""
        lines += [
            f"  {table.name}:",
            f"    description: One row a {table.path + within if outer else 'filing'}.",
            f"    key: [accession{f', {table.name}_sk' if outer else ''}]",
            "    columns:",
        ]
        lines += [f"      {column}: {spec}" for column, spec in _columns(table, outer)]
    return "\n".join(lines) + "\n"


def sample(forms: Sequence[str], xml: bytes) -> str:
    """A small submission as EDGAR serves it, with the example's XML and an invented header."""
    content = f"<XML>\n{_pruned(xml)}\n</XML>" if xml else "What the form says."
    return _SUBMISSION.format(
        form=forms[0] if forms else "8-K", content=content, file="primary_doc.xml" if xml else "main.txt"
    )


def _columns(table: Shape, outer: Shape | None) -> list[tuple[str, str]]:
    if outer is None:
        found = [
            ("form", _spec("code(20)", "form type, from the header")),
            ("filing_date", _spec("date", "day on which it was filed, from the header")),
        ]
    else:
        found = [(f"{table.name}_sk", _spec("integer", f"place among the {table.path} of the filing, from 1"))]
        if outer.path:
            found.append((f"{outer.name}_sk", _spec("integer", f"the row of {outer.name} that it belongs to")))
    return found + [
        (name, _spec(column_type(name, values), path if path != "." else table.path))
        for name, path, values in table.columns()
    ]


def _with_amendments(forms: Iterable[str]) -> Iterator[str]:
    for form in forms:
        yield from (form, form if form.endswith("/A") else f"{form}/A")


def _spec(kind: str, description: str) -> str:
    return f"{{type: {json.dumps(kind) if ',' in kind else kind}, description: {json.dumps(description)}}}"


def _xml(example: Submission) -> Document:
    for document in example.documents:
        if is_xml(document):
            try:
                tree(document)
            except NotXml as error:
                raise CannotScaffold(str(error)) from error
            return document
    raise CannotScaffold(f"{example.accession}: it holds no XML to propose columns from")


def _pruned(xml: bytes) -> str:
    """The XML with no more than a few elements of a kind beside one another."""
    root = parse_xml(xml)
    for element in list(root.iter(etree.Element)):
        seen: Counter[str] = Counter()
        for child in list(element.iterchildren(etree.Element)):
            seen[str(child.tag)] += 1
            if seen[str(child.tag)] > _SAMPLE_ELEMENTS:
                element.remove(child)
    text: str = etree.tostring(root, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text
