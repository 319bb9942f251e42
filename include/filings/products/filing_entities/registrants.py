"""The roles in forms of those whom the SEC registers: brokers, transfer agents, municipal advisers, swap dealers."""

from __future__ import annotations

from filings.products.filing_entities.roles import COMPANY, FILER, PERSON, UNKNOWN, Form, Role, address, full_name

_BROKER_REPORT = Form(
    ("X-17A-5",),
    (
        FILER,
        Role(
            "broker_dealer",
            COMPANY,
            "formData/registrantIdentification",
            {"name": "brokerDealerName", **address("businessAddress/")},
        ),
        Role("contact", PERSON, "formData/registrantIdentification", {"name": "contactPersonName"}),
        Role(
            "accountant",
            COMPANY,
            "formData/accountantIdentification",
            {"name": "accountantName", **address("accountantAddress/")},
        ),
        Role("signer", PERSON, "formData/oathSignature", {"name": "signPersonName", "title": "oathTitle"}),
    ),
)

_ENTITY = {"name": "entityName"}
_TRANSFER_AGENT = Form(
    ("TA-1", "TA-2", "TA-W"),
    (
        FILER,
        Role("transfer_agent", COMPANY, "headerData/filerInfo", _ENTITY),
        Role("transfer_agent", COMPANY, "formData/registrant", {**_ENTITY, **address("principalOfficeAddress/")}),
        Role("service_company", COMPANY, "formData/registrant/serviceCompany", _ENTITY),
        Role("named_transfer_agent", COMPANY, "formData/registrant/asServiceCompany", _ENTITY),
        Role("service_company", COMPANY, "formData/engagedServiceCompany/serviceCompanyTransferAgent", _ENTITY),
        Role(
            "controlling_person",
            UNKNOWN,
            "formData/independentRegistrant/otherControlManagement/otherControlManagementDetails",
            _ENTITY,
        ),
        Role("signer", PERSON, "formData/signature", {"name": "signatureName", "title": "signatureTitle"}),
        Role("signer", PERSON, "formData/signatureData", {"name": "signatureName", "title": "signatureTitle"}),
    ),
)

_OWNER = {"title": "baseInformation/titleStatus", "crd": "baseInformation/crdNumber"}
_BENEATH = {"title": "baseInfo/baseInformation/titleStatus", "crd": "baseInfo/baseInformation/crdNumber"}
_ADVISER = Form(
    ("MA", "MA-A"),
    (
        FILER,
        Role(
            "municipal_adviser",
            UNKNOWN,
            "formData",
            {
                "name": "firmName",
                "crd": "firmCrdNumber|soleProprietor/crdNumber",
                **full_name("soleProprietor/name/"),
                **address("principalOfficeAddress/addressInfo/address/"),
            },
        ),
        Role(
            "chief_compliance_officer",
            PERSON,
            "formData/cco",
            {**full_name("name/"), "title": "titles/title[]", **address("address/address/")},
        ),
        Role("contact", PERSON, "formData/contactPerson", {**full_name("name/"), **address("address/address/")}),
        Role("affiliate", COMPANY, "formData/businessAffiliates/businessAffiliate", {"name": "affiliateName"}),
        Role("direct_owner", COMPANY, "formData/scheduleA/businesses/business", {"name": "name", **_OWNER}),
        Role("direct_owner", PERSON, "formData/scheduleA/persons/person", {**full_name("name/"), **_OWNER}),
        Role(
            "indirect_owner", COMPANY, "formData/scheduleB/businesses/business", {"name": "baseInfo/name", **_BENEATH}
        ),
        Role(
            "indirect_owner",
            PERSON,
            "formData/scheduleB/persons/person",
            {**full_name("baseInfo/name/"), **_BENEATH},
        ),
        Role("signer", PERSON, "formData/maExecutionPage/signature", {"name": "signature", "title": "title"}),
    ),
)
_ADVISER_PERSON = Form(
    ("MA-I",),
    (
        FILER,
        Role(
            "municipal_adviser_person",
            PERSON,
            "formData",
            {**full_name("applicantName/"), "crd": "applicantCrdNum"},
        ),
        Role(
            "municipal_adviser",
            COMPANY,
            "formData/municipalAdvisorOffices/municipalAdvisorOffice",
            {
                "name": "municipalFirm/municipalFirmName",
                "cik": "maRegistration/notSecRegistered/hasFiled/cik",
                **address("advisorOffices/advisorOffice/addressInfo/address/"),
            },
        ),
        Role("employer", COMPANY, "formData/employmentHistory/currentEmployer", {"name": "name"}),
        Role("past_employer", COMPANY, "formData/employmentHistory/priorEmployers/priorEmployer", {"name": "name"}),
    ),
)
_ADVISER_END = Form(
    ("MA-W",),
    (
        FILER,
        Role("municipal_adviser", UNKNOWN, "formData", {"name": "fullLegalName"}),
        Role(
            "contact",
            PERSON,
            "formData/contactPersonInfo",
            {
                **full_name("nameAddressPhone/individualName/"),
                "title": "title",
                **address("nameAddressPhone/addressInfo/address/"),
            },
        ),
        Role(
            "record_keeper",
            UNKNOWN,
            "formData/booksAndRecords/personLocation/personInfo",
            {"name": "name", **address("addressInfo/address/")},
        ),
        Role("signer", PERSON, "formData/execution/*", {"name": "signerName|signature", "title": "title"}),
    ),
)

_ATS = Form(
    ("ATS-N", "ATS-N/MA", "ATS-N/UA", "ATS-N/CA", "ATS-N/OFA", "ATS-N-C", "ATS-N-W"),
    (
        FILER,
        Role("trading_system", COMPANY, "formData/cover", {"name": "txNMSStockATSName"}),
        Role(
            "broker_dealer",
            COMPANY,
            "formData/partOne",
            {"name": "txPart1Item2ATSName", "crd": "txPart1Item4aBdCrdNumber"},
        ),
        Role(
            "contact",
            PERSON,
            "formData/partFour",
            {
                "first_name": "txPart4ContactFirstName",
                "last_name": "txPart4ContactLastName",
                "title": "txPart4ContactTitle",
                **address("part4PrimaryAddr/"),
            },
        ),
        Role("signer", PERSON, "formData/partFour", {"name": "txSignatureName", "title": "txSignatureTitle"}),
    ),
    amended=False,
)

_PORTAL = Form(
    ("CFPORTAL", "CFPORTAL-W"),
    (
        FILER,
        Role(
            "funding_portal",
            COMPANY,
            "formData/identifyingInformation",
            {"name": "nameOfPortal", **address("portalAddress/")},
        ),
        Role(
            "contact",
            PERSON,
            "formData/identifyingInformation",
            {**full_name("contactEmployeeName/"), "title": "contactEmployeeTitle"},
        ),
        Role(
            "direct_owner",
            UNKNOWN,
            "formData/scheduleA/entityOrNaturalPerson",
            {"name": "fullLegalName", "title": "titleStatus", "crd": "crdNumber"},
        ),
        Role("signer", PERSON, "formData/execution", {"name": "personSignature", "title": "personTitle"}),
    ),
)

_SWAP_APPLICANT = {
    "name": "fullApplicantName",
    "cik": "applicantCik",
    "crd": "crdNo",
    **address("mainAddress/"),
}
_SWAP_OFFICER = {**full_name("officerName/"), "title": "title"}
_SWAP_DEALER = Form(
    ("SBSE", "SBSE-A", "SBSE-BD", "SBSE-C", "SBSE-CCO-RPT", "SBSE-W"),
    (
        FILER,
        *(
            role
            for path in ("applicant/applicantDataPageOne", "applicant/applicantOne", "applicantOne")
            for role in (
                Role("swap_dealer", COMPANY, f"formData/{path}", _SWAP_APPLICANT),
                Role("chief_compliance_officer", PERSON, f"formData/{path}/chiefComplianceOfficer", _SWAP_OFFICER),
            )
        ),
        Role(
            "swap_dealer",
            COMPANY,
            "formData/sbseW",
            {"name": "fullName", "crd": "crdNo", **address("mainAddress/")},
        ),
        Role("signer", PERSON, "formData/certificationOne", {"name": "name|signature", "title": "title"}),
        Role("signer", PERSON, "formData/certificationTwo", {"name": "name|signature", "title": "title"}),
        Role(
            "signer",
            PERSON,
            "formData/execution",
            {"name": "nameOfPersonSigning|signature", "title": "titleOfPersonSigning"},
        ),
    ),
)
_SWAP_PLACE = Form(
    ("SDR", "SDR-W", "SBSEF", "SBSEF-V", "SBSEF-W"),
    (
        FILER,
        Role("applicant", COMPANY, "formData/principalInfo", {"name": "applicantName"}),
        Role("predecessor", COMPANY, "formData/generalInfo/successor", {"name": "predecessorName", "cik": "cik"}),
        Role("consent_recipient", UNKNOWN, "formData/generalInfo/consentName", {"name": "personNameOrOfficerTitle"}),
        Role("applicant", COMPANY, "formData/signatureInfo", {"name": "signatureApplicantName"}),
    ),
)

_SHORT = Form(
    ("SHO",),
    (
        FILER,
        Role(
            "manager",
            COMPANY,
            "formData/coverPage/reporterInfo",
            {"name": "name", "lei": "nonLapsedLEI", **address("address/")},
        ),
        Role(
            "included_manager",
            COMPANY,
            "formData/coverPage/managerInfoList/managerInfo",
            {"name": "name", "lei": "nonLapsedLEI"},
        ),
    ),
)

REGISTRANT_FORMS: tuple[Form, ...] = (
    _BROKER_REPORT,
    _TRANSFER_AGENT,
    _ADVISER,
    _ADVISER_PERSON,
    _ADVISER_END,
    _ATS,
    _PORTAL,
    _SWAP_DEALER,
    _SWAP_PLACE,
    _SHORT,
)
