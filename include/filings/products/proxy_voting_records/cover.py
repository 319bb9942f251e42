"""The cover, summary, series and signature pages of an N-PX as rows.

Format: EDGAR Form N-PX XML Technical Specification. Left out are the filer's contact, password and flags of the
submission (`headerData`): the SEC removes them, and they say nothing of votes.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from filings.edgar.xml_forms import Field, row, value
from filings.edgar.xml_tree import boolean, cik, day
from filings.products import Row

SUBMISSION: tuple[Field, ...] = (
    ("submissiontype", "headerData/submissionType", None),
    ("cik", "headerData/filerInfo/filer/issuerCredentials/cik", cik),
    ("periodofreport", "headerData/filerInfo/periodOfReport", day),
    ("registranttype", "headerData/filerInfo/registrantType", None),
    ("investmentcompanytype", "headerData/filerInfo/investmentCompanyType", None),
    ("rptincludeallseriesflag", "headerData/seriesClass/reportSeriesClass/rptIncludeAllSeriesFlag", boolean),
)
_COVER: tuple[Field, ...] = (
    ("yearorquarter", "coverPage/yearOrQuarter", None),
    ("reportcalendaryear", "coverPage/reportCalendarYear", None),
    ("reportquarteryear", "coverPage/reportQuarterYear", None),
    ("isamendment", "coverPage/amendmentInfo/isAmendment", boolean),
    ("amendmentno", "coverPage/amendmentInfo/amendmentNo", None),
    ("amendmenttype", "coverPage/amendmentInfo/amendmentType", None),
    ("confdeniedexpired", "coverPage/amendmentInfo/confDeniedExpired", boolean),
    ("dateexpireddenied", "coverPage/amendmentInfo/dateExpiredDenied", day),
    ("datereported", "coverPage/amendmentInfo/dateReported", day),
    ("reasonfornonconfidentiality", "coverPage/amendmentInfo/reasonForNonConfidentiality", None),
    ("reportingperson_name", "coverPage/reportingPerson/name", None),
    ("reportingperson_phonenumber", "coverPage/reportingPerson/phoneNumber", None),
    ("reportingperson_street1", "coverPage/reportingPerson/address/street1", None),
    ("reportingperson_street2", "coverPage/reportingPerson/address/street2", None),
    ("reportingperson_city", "coverPage/reportingPerson/address/city", None),
    ("reportingperson_stateorcountry", "coverPage/reportingPerson/address/stateOrCountry", None),
    ("reportingperson_zipcode", "coverPage/reportingPerson/address/zipCode", None),
    ("agentforservice_name", "coverPage/agentForService/name", None),
    ("agentforservice_street1", "coverPage/agentForService/address/street1", None),
    ("agentforservice_street2", "coverPage/agentForService/address/street2", None),
    ("agentforservice_city", "coverPage/agentForService/address/city", None),
    ("agentforservice_stateorcountry", "coverPage/agentForService/address/stateOrCountry", None),
    ("agentforservice_zipcode", "coverPage/agentForService/address/zipCode", None),
    ("reporttype", "coverPage/reportInfo/reportType", None),
    ("noticeexplanation", "coverPage/reportInfo/noticeExplanation", None),
    ("confidentialtreatment", "coverPage/reportInfo/confidentialTreatment", boolean),
    ("filenumber", "coverPage/fileNumber", None),
    ("reportingcrdnumber", "coverPage/reportingCrdNumber", None),
    ("reportingsecfilenumber", "coverPage/reportingSecFileNumber", None),
    ("leinumber", "coverPage/leiNumber", None),
    ("explanatorychoice", "coverPage/explanatoryInformation/explanatoryChoice", boolean),
    ("explanatorynotes", "coverPage/explanatoryInformation/explanatoryNotes", None),
    ("otherincludedmanagerscount", "summaryPage/otherIncludedManagersCount", None),
    ("seriescount", "seriesPage/seriesCount", None),
)
_MANAGER: tuple[Field, ...] = (
    ("icaor13ffilenumber", "icaOr13FFileNumber", None),
    ("crdnumber", "crdNumber", None),
    ("otherfilenumber", "otherFileNumber", None),
    ("leinumber", "leiNumberOM", None),
    ("name", "managerName", None),
)
_INCLUDED: tuple[Field, ...] = (
    ("serialno", "serialNo", None),
    ("form13ffilenumber", "form13FFileNumber", None),
    ("crdnumber", "crdNumber", None),
    ("secfilenumber", "secFileNumber", None),
    ("leinumber", "leiNumber", None),
    ("name", "name", None),
)
_SERIES: tuple[Field, ...] = (
    ("idofseries", "idOfSeries", None),
    ("nameofseries", "nameOfSeries", None),
    ("leiofseries", "leiOfSeries", None),
)
_SIGNATURE: tuple[Field, ...] = (
    ("reportingperson", "reportingPerson", None),
    ("txsignature", "txSignature", None),
    ("txprintedsignature", "txPrintedSignature", None),
    ("txtitle", "txTitle", None),
    ("txasofdate", "txAsOfDate", day),
)
_FURTHER: tuple[Field, ...] = (
    ("txsignature", "txSignature", None),
    ("txprintedsignature", "printedSign", None),
    ("txtitle", "txTitle", None),
    ("txasofdate", "txAsOfDate", day),
)


def rows(root: etree._Element) -> Iterator[Row]:
    """The rows of all tables but submission and those of votes; of the root element, `edgarSubmission`."""
    header = root.iterfind("headerData/seriesClass/reportSeriesClass/rptSeriesClassInfo")
    classes = ((info, each) for info in header for each in (info.findall("classInfo") or [info]))
    for place, (info, each) in enumerate(classes, 1):
        yield (
            "series_class",
            {
                "series_class_sk": place,
                "seriesid": value(info, "seriesId"),
                "includeallclassesflag": boolean(value(info, "includeAllClassesFlag")),
                "classid": value(each, "classId"),
            },
        )
    form = root.find("formData")
    if form is None:
        return
    yield "coverpage", row(form, _COVER)
    for table, path, fields in (
        ("othermanager", "coverPage/otherManagersInfo/otherManager", _MANAGER),
        ("othermanager2", "summaryPage/otherManagers2/investmentManagers", _INCLUDED),
        ("series", "seriesPage/seriesDetails/seriesReports", _SERIES),
    ):
        for place, element in enumerate(form.iterfind(path), 1):
            yield table, {f"{table}_sk": place, **row(element, fields)}
    signature = form.find("signaturePage")
    if signature is not None:
        yield "signature", {"signature_sk": 1, **row(signature, _SIGNATURE)}
        for place, element in enumerate(signature.iterfind("secondaryRecords/secondaryRecord"), 2):
            yield "signature", {"signature_sk": place, **row(element, _FURTHER)}
