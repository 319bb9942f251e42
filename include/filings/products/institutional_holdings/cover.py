"""The cover page of a 13F, its list of managers, signature and summary page, as rows.

Format: EDGAR Form 13F XML Technical Specification. Left out are the filer's contact, password and flags of the
submission (`headerData` but for type, filer and period): the SEC removes them, and they say nothing of holdings.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from filings.edgar import xml_forms
from filings.edgar.xml_forms import Field
from filings.edgar.xml_tree import boolean, cik, day
from filings.products import Row

_SUBMISSION: tuple[Field, ...] = (
    ("submissiontype", "headerData/submissionType", None),
    ("cik", "headerData/filerInfo/filer/credentials/cik", cik),
    ("periodofreport", "headerData/filerInfo/periodOfReport", day),
)
_COVER: tuple[Field, ...] = (
    ("reportcalendarorquarter", "reportCalendarOrQuarter", day),
    ("isamendment", "isAmendment", boolean),
    ("amendmentno", "amendmentNo", None),
    ("amendmenttype", "amendmentInfo/amendmentType", None),
    ("confdeniedexpired", "amendmentInfo/confDeniedExpired", boolean),
    ("datedeniedexpired", "amendmentInfo/dateDeniedExpired", day),
    ("datereported", "amendmentInfo/dateReported", day),
    ("reasonfornonconfidentiality", "amendmentInfo/reasonForNonConfidentiality", None),
    ("filingmanager_name", "filingManager/name", None),
    ("filingmanager_street1", "filingManager/address/street1", None),
    ("filingmanager_street2", "filingManager/address/street2", None),
    ("filingmanager_city", "filingManager/address/city", None),
    ("filingmanager_stateorcountry", "filingManager/address/stateOrCountry", None),
    ("filingmanager_zipcode", "filingManager/address/zipCode", None),
    ("reporttype", "reportType", None),
    ("form13ffilenumber", "form13FFileNumber", None),
    ("crdnumber", "crdNumber", None),
    ("secfilenumber", "secFileNumber", None),
    ("provideinfoforinstruction5", "provideInfoForInstruction5", boolean),
    ("additionalinformation", "additionalInformation", None),
)
_MANAGER: tuple[Field, ...] = (
    ("cik", "cik", cik),
    ("form13ffilenumber", "form13FFileNumber", None),
    ("crdnumber", "crdNumber", None),
    ("secfilenumber", "secFileNumber", None),
    ("name", "name", None),
)
_INCLUDED: tuple[Field, ...] = (
    ("sequencenumber", "sequenceNumber", None),
    *((column, f"otherManager/{path}", convert) for column, path, convert in _MANAGER),
)
_SIGNATURE: tuple[Field, ...] = (
    ("name", "name", None),
    ("title", "title", None),
    ("phone", "phone", None),
    ("signature", "signature", None),
    ("city", "city", None),
    ("stateorcountry", "stateOrCountry", None),
    ("signaturedate", "signatureDate", day),
)
_SUMMARY: tuple[Field, ...] = (
    ("otherincludedmanagerscount", "otherIncludedManagersCount", None),
    ("tableentrytotal", "tableEntryTotal", None),
    ("tablevaluetotal", "tableValueTotal", None),
    ("isconfidentialomitted", "isConfidentialOmitted", boolean),
)


class Cover:
    """A cover page that was read."""

    def __init__(self, root: etree._Element) -> None:
        """Of the root element, `edgarSubmission`."""
        form = root.find("formData")
        self._page = None if form is None else form.find("coverPage")
        self._summary = None if form is None else form.find("summaryPage")
        self._signature = None if form is None else form.find("signatureBlock")
        self.submission = xml_forms.row(root, _SUBMISSION)
        self.summary: dict[str, Any] | None = None
        if self._summary is not None:
            self.summary = xml_forms.row(self._summary, _SUMMARY)

    @property
    def signed(self) -> str | None:
        """When it was signed."""
        return day(xml_forms.value(self._signature, "signatureDate"))

    def rows(self) -> Iterator[Row]:
        """The rows of all tables but submission and summarypage."""
        if self._page is not None:
            yield "coverpage", xml_forms.row(self._page, _COVER)
            for place, manager in enumerate(self._page.iterfind("otherManagersInfo/otherManager"), 1):
                yield "othermanager", {"othermanager_sk": place, **xml_forms.row(manager, _MANAGER)}
        if self._signature is not None:
            yield "signature", xml_forms.row(self._signature, _SIGNATURE)
        if self._summary is not None:
            for place, manager in enumerate(self._summary.iterfind("otherManagers2Info/otherManager2"), 1):
                yield "othermanager2", {"othermanager2_sk": place, **xml_forms.row(manager, _INCLUDED)}
