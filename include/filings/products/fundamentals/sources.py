"""What stands beside the facts of a submission: its own schema, its linkbases, and what EDGAR's renderer has left."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from filings.edgar import xbrl_rendering, xbrl_schema
from filings.edgar.sgml import Document, Submission
from filings.edgar.xbrl_linkbase import Concept, Linkbases, TooManyTies
from filings.edgar.xbrl_rendering import Meaning, Rendered
from filings.edgar.xbrl_schema import Schema
from filings.edgar.xml_json import parse_xml

_TAXONOMY = (".xsd", "_lab.xml", "_pre.xml", "-lab.xml", "-pre.xml")
_TYPES = ("EX-101.SCH", "EX-101.LAB", "EX-101.PRE")


@dataclass(slots=True)
class Sources:
    """What the documents beside the instances say."""

    schema: Schema
    linkbases: Linkbases
    rendered: dict[str, Rendered] = field(default_factory=dict)
    meanings: dict[Concept, Meaning] = field(default_factory=dict)
    problems: list[tuple[str, str, str]] = field(default_factory=list)  # name and type, and what is wrong


def sources(submission: Submission) -> Sources:
    """Read schema, linkbases and what EDGAR's renderer has left. What is not well-formed is named and left out."""
    schema = Schema()
    said = Sources(schema, Linkbases(schema))
    roots = list(_roots(submission, said))
    for document, root in roots:
        if document.type.upper() == "EX-101.SCH" or document.filename.lower().endswith(".xsd"):
            xbrl_schema.add(schema, root)
    try:
        for _, root in roots:
            said.linkbases.add(root)
    except TooManyTies as error:
        said.problems.append(("the filing", submission.form, str(error)))
    for document in submission.documents:
        name = document.filename.lower()
        if name == xbrl_rendering.META_LINKS:
            said.meanings = xbrl_rendering.meanings(document)
        elif name == xbrl_rendering.SUMMARY:
            try:
                said.rendered = xbrl_rendering.reports(document)
            except etree.XMLSyntaxError as error:
                said.problems.append((document.filename, document.type, f"it is not well-formed XML: {error}"))
    return said


def _roots(submission: Submission, said: Sources) -> Iterator[tuple[Document, etree._Element]]:
    for document in submission.documents:
        if document.type.upper() not in _TYPES and not document.filename.lower().endswith(_TAXONOMY):
            continue
        if document.encoding != "text":
            continue
        try:
            yield document, parse_xml(document.content)
        except etree.XMLSyntaxError as error:
            said.problems.append((document.filename, document.type, f"it is not well-formed XML: {error}"))
