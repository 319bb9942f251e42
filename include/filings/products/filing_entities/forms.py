"""The forms and their roles. To add a form, add its `Form` here and its types to product.yaml.

Paths are those of the SEC's XML technical specifications of the forms; where versions differ, all are named.
"""

from __future__ import annotations

from filings.products.filing_entities.funds import FUND_FORMS
from filings.products.filing_entities.registrants import REGISTRANT_FORMS
from filings.products.filing_entities.roles import (
    COMPANY,
    FILER,
    PERSON,
    UNKNOWN,
    Form,
    Role,
    address,
    full_name,
    kind_of_holder,
    kind_of_owner,
    kind_of_related,
)
from filings.products.filing_entities.small_offerings import SMALL_OFFERING_FORMS

_OWNERSHIP = Form(
    ("3", "4", "5"),
    (
        Role("issuer", COMPANY, "issuer", {"name": "issuerName", "cik": "issuerCik"}),
        Role(
            "reporting_owner",
            UNKNOWN,
            "reportingOwner",
            {
                "name": "reportingOwnerId/rptOwnerName",
                "cik": "reportingOwnerId/rptOwnerCik",
                "title": "reportingOwnerRelationship/officerTitle|reportingOwnerRelationship/otherText",
                "street1": "reportingOwnerAddress/rptOwnerStreet1",
                "street2": "reportingOwnerAddress/rptOwnerStreet2",
                "city": "reportingOwnerAddress/rptOwnerCity",
                "state_or_country": "reportingOwnerAddress/rptOwnerState",
                "country": "reportingOwnerAddress/rptOwnerCountry",
                "zip_code": "reportingOwnerAddress/rptOwnerZipCode",
            },
            kind_of_owner,
        ),
        Role("signer", UNKNOWN, "ownerSignature", {"name": "signatureName"}),
        Role("signer", UNKNOWN, "signature", {"name": "signatureName"}),
    ),
    root="ownershipDocument",
)

_D_ISSUER = {"name": "entityName", "cik": "cik", **address("issuerAddress/")}
_FORM_D = Form(
    ("D",),
    (
        Role("issuer", COMPANY, "primaryIssuer", _D_ISSUER),
        Role("issuer", COMPANY, "issuerList/issuer", _D_ISSUER),
        Role(
            "related_person",
            PERSON,
            "relatedPersonsList/relatedPersonInfo",
            {
                **full_name("relatedPersonName/"),
                "title": "relatedPersonRelationshipList/relationship[]",
                **address("relatedPersonAddress/"),
            },
            kind_of_related,
        ),
        Role(
            "sales_recipient",
            UNKNOWN,
            "offeringData/salesCompensationList/recipient",
            {"name": "recipientName", "crd": "recipientCRDNumber", **address("recipientAddress/")},
        ),
        Role(
            "broker_dealer",
            COMPANY,
            "offeringData/salesCompensationList/recipient",
            {"name": "associatedBDName", "crd": "associatedBDCRDNumber"},
        ),
        Role(
            "signer",
            PERSON,
            "offeringData/signatureBlock/signature",
            {"name": "nameOfSigner|signatureName", "title": "signatureTitle"},
        ),
    ),
)

_MANAGER = {"name": "name", "cik": "cik", "crd": "crdNumber"}
_HOLDINGS = Form(
    ("13F-HR", "13F-NT", "13F-CTR"),
    (
        FILER,
        Role(
            "manager",
            COMPANY,
            "formData/coverPage",
            {"name": "filingManager/name", "crd": "crdNumber", **address("filingManager/address/")},
        ),
        Role("other_manager", COMPANY, "formData/coverPage/otherManagersInfo/otherManager", _MANAGER),
        Role(
            "included_manager",
            COMPANY,
            "formData/summaryPage/otherManagers2Info/otherManager2/otherManager",
            _MANAGER,
        ),
        Role(
            "signer",
            PERSON,
            "formData/signatureBlock",
            {"name": "name|signature", "title": "title", "city": "city", "state_or_country": "stateOrCountry"},
        ),
    ),
)

_SIGNATURE = {"name": "signatureDetails/signature", "title": "signatureDetails/title"}
_SCHEDULE_13D = Form(
    ("SCHEDULE 13D",),
    (
        FILER,
        Role(
            "issuer",
            COMPANY,
            "formData/coverPageHeader/issuerInfo",
            {"name": "issuerName", "cik": "issuerCIK|issuerCik", **address("address/")},
        ),
        Role(
            "reporting_person",
            UNKNOWN,
            "formData/reportingPersons/reportingPersonInfo",
            {"name": "reportingPersonName", "cik": "reportingPersonCIK"},
            kind_of_holder,
        ),
        Role(
            "authorized_person",
            UNKNOWN,
            "formData/coverPageHeader/authorizedPersons/notificationInfo",
            {"name": "personName", **address("personAddress/")},
        ),
        Role("signer", UNKNOWN, "formData/signatureInfo/signaturePerson", _SIGNATURE),
        # Software other than the SEC's leaves out some levels.
        Role("issuer", COMPANY, "formData/coverPage", {"name": "issuerName", "cik": "issuerCik"}),
        Role(
            "reporting_person",
            UNKNOWN,
            "formData/reportingPersonInfo",
            {"name": "nameOfReportingPerson", "cik": "reportingPersonCik", **address("address/")},
            kind_of_holder,
        ),
        Role("signer", UNKNOWN, "formData/signatureBlock", {"name": "signatureName", "title": "signatureTitle"}),
    ),
)
_SCHEDULE_13G = Form(
    ("SCHEDULE 13G",),
    (
        FILER,
        Role(
            "issuer",
            COMPANY,
            "formData/coverPageHeader/issuerInfo",
            {
                "name": "issuerName",
                "cik": "issuerCik|issuerCIK",
                **address("issuerPrincipalExecutiveOfficeAddress/"),
            },
        ),
        Role(
            "reporting_person",
            UNKNOWN,
            "formData/coverPageHeaderReportingPersonDetails",
            {"name": "reportingPersonName", "cik": "reportingCik|reportingPersonCIK"},
            kind_of_holder,
        ),
        Role("signer", UNKNOWN, "formData/signatureInformation", _SIGNATURE),
    ),
)

_FORM_144 = Form(
    ("144",),
    (
        FILER,
        Role(
            "issuer",
            COMPANY,
            "formData/issuerInfo",
            {"name": "issuerName", "cik": "issuerCik", **address("issuerAddress/")},
        ),
        Role(
            "seller",
            UNKNOWN,
            "formData/issuerInfo",
            {
                "name": "nameOfPersonForWhoseAccountTheSecuritiesAreToBeSold",
                "title": "relationshipsToIssuer/relationshipToIssuer[]",
            },
        ),
        Role(
            "broker",
            COMPANY,
            "formData/securitiesInformation/brokerOrMarketmakerDetails",
            {"name": "name", **address("address/")},
        ),
        Role("acquired_from", UNKNOWN, "formData/securitiesToBeSold", {"name": "nameOfPersonfromWhomAcquired"}),
        Role(
            "past_seller",
            UNKNOWN,
            "formData/securitiesSoldInPast3Months/sellerDetails",
            {"name": "name", **address("address/")},
        ),
        Role("signer", UNKNOWN, "formData/noticeSignature", {"name": "signature"}),
    ),
)

_DELISTED = {"name": "entityName", "cik": "cik", **address("address/")}
_DELISTING = Form(
    ("25-NSE",),
    (
        Role("exchange", COMPANY, "exchange", _DELISTED),
        Role("issuer", COMPANY, "issuer", _DELISTED),
        Role("signer", PERSON, "signatureData", {"name": "signatureName", "title": "signatureTitle"}),
    ),
    root="notificationOfRemoval",
)
_EFFECT = Form(
    ("EFFECT",),
    (Role("registrant", COMPANY, "effectiveData/filer", {"name": "entityName", "cik": "cik"}),),
    amended=False,
)

FORMS: tuple[Form, ...] = (
    _OWNERSHIP,
    _FORM_D,
    _HOLDINGS,
    _SCHEDULE_13D,
    _SCHEDULE_13G,
    _FORM_144,
    *FUND_FORMS,
    _DELISTING,
    _EFFECT,
    *SMALL_OFFERING_FORMS,
    *REGISTRANT_FORMS,
)
TYPES: tuple[str, ...] = tuple(
    kind for form in FORMS for each in form.types for kind in ((each, f"{each}/A") if form.amended else (each,))
)
