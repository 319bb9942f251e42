"""Of which form an XML document is: forms share the root `edgarSubmission`, and differ in where they say their type."""

from __future__ import annotations

from lxml import etree

from filings.edgar.xml_tree import text

_PLACES = ("headerData/submissionType", "submissionType")  # newer forms; form D, notices and the forms of ABS issuers
_PAGE = "formData/coverPage"


def not_of(root: etree._Element, form: str, filed_as: str) -> str:
    """Why a document is not the cover page of a form; empty when it is.

    The document's own word counts before the submission's. One that says nothing, in a submission that says nothing,
    must have a cover page.

    Args:
        root: the root element, with local names.
        form: how the form's types begin, such as `13F`.
        filed_as: the form type of the submission, empty where that is not known.
    """
    said = next(filter(None, (text(root, place) for place in _PLACES)), filed_as.strip())
    if said:
        return "" if said.upper().startswith(form) else f"it is of form {said}, which does not begin with {form}"
    return "" if root.find(_PAGE) is not None else f"it says no form type and has no {_PAGE}"
