"""Form N-PORT: a fund's figures and each of its holdings.

Format: EDGAR Form N-PORT XML Technical Specification; tables and columns: the SEC's Form N-PORT data sets. A portfolio
may have tens of thousands of holdings: they are read one at a time.
"""

from __future__ import annotations

from filings.edgar import xml_forms, xml_stream, xml_tree
from filings.products import Rows, Submission, Unusable, problem
from filings.products.fund_holdings import fund, holding

ENTRY, FORM = "invstOrSec", "NPORT"


def parse(submission: Submission) -> Rows:
    """The rows of an N-PORT."""
    found = [each for each in submission.documents if xml_forms.root_name(each).lower() == xml_forms.COVER]
    if not found:
        roots = xml_forms.roots(submission)
        raise Unusable(f"it has no document that begins as an N-PORT in XML; its documents' root elements: {roots}")
    place = 0
    faults: list[xml_tree.Fault] = []
    try:
        for element in xml_stream.parts(found[0], ENTRY, faults=faults):
            if element.tag == ENTRY:
                place += 1
                yield from holding.rows(place, element)
            else:
                form = xml_forms.value(element, "headerData/submissionType") or ""
                if not form.upper().startswith(FORM):
                    raise Unusable(f"its XML is that of the form {form or 'without a type'} and no N-PORT")
                yield from fund.rows(element, xml_forms.filing_date(submission), submission.form)
    except xml_tree.NotXml as error:
        if not place:
            raise Unusable(str(error)) from error
        yield problem(found[0].filename, "the document", f"{error}; the holdings before are kept")
    for fault in faults:
        yield problem(*fault)
    for other in found[1:]:
        yield problem(other.filename, "the document", "the filing has a report already; this one is left out")
