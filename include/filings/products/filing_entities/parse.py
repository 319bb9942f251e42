"""The people and companies in a filing's structured documents, by the table of forms and roles."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from filings.edgar.xml_tree import Fault, NotXml, roots, text
from filings.products import NothingHere, Rows, Submission, Unusable, problem
from filings.products.filing_entities.forms import FORMS
from filings.products.filing_entities.roles import FILER, Form, Role

_OF_TYPE: dict[tuple[str, str], Form] = {(form.root, kind): form for form in FORMS for kind in form.types}
_OF_ROOT: dict[str, Form] = {form.root: form for form in FORMS if form.root != "edgarSubmission"}


def parse(submission: Submission) -> Rows:
    """A row for each role that somebody has. Raises `Unusable`, and `NothingHere` when no document names anybody."""
    number = 0
    faults: list[Fault] = []
    try:
        for document, root in roots(submission, faults):
            for role in _roles(root, submission.form):
                for row in role.rows(root):
                    number += 1
                    yield "entities", {"entity_sk": number, "document": document.filename or document.type, **row}
    except NotXml as error:
        if not number:
            raise Unusable(str(error)) from error
        yield problem("a further document", "XML", str(error))
    if not number:
        raise NothingHere("it has no XML document of a form that names people or companies")
    for fault in faults:
        yield problem(*fault)


def _roles(root: etree._Element, form: str) -> Iterator[Role]:
    """The roles that a document can have; those of a form that is not in the table are the filers of its header."""
    kind = text(root, "headerData/submissionType") or text(root, "submissionType") or form
    known = _OF_ROOT.get(str(root.tag)) or _OF_TYPE.get((str(root.tag), kind))
    known = known or _OF_TYPE.get((str(root.tag), kind.removesuffix("/A")))
    if known:
        yield from known.roles
    elif root.tag == "edgarSubmission":
        yield FILER
