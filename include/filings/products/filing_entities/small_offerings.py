"""The roles in forms of small offerings: crowdfunding and regulation A."""

from __future__ import annotations

from filings.products.filing_entities.roles import COMPANY, FILER, PERSON, UNKNOWN, Form, Role, address

_CO_FILER = Role("co_filer", UNKNOWN, "headerData/coIssuerInfo/co-filer", {"cik": "coIssuerCredentials/cik"})

_CROWD = "formData/issuerInformation"
_CROWDFUNDING = Form(
    ("C", "C-U", "C-AR", "C-TR", "C-W"),
    (
        FILER,
        Role("issuer", COMPANY, f"{_CROWD}/issuerInfo", {"name": "nameOfIssuer", **address("issuerAddress/")}),
        Role(
            "co_issuer",
            COMPANY,
            f"{_CROWD}/coIssuers/coIssuerInfo",
            {"name": "nameOfCoIssuer", **address("coIssuerAddress/")},
        ),
        Role("intermediary", COMPANY, _CROWD, {"name": "companyName", "cik": "commissionCik", "crd": "crdNumber"}),
        Role(
            "signer",
            PERSON,
            "formData/signatureInfo/issuerSignature",
            {"name": "issuerSignature", "title": "issuerTitle"},
        ),
        Role(
            "signer",
            PERSON,
            "formData/signatureInfo/signaturePersons/signaturePerson",
            {"name": "personSignature", "title": "personTitle"},
        ),
    ),
)


def _sellers(path: str, **names: str) -> tuple[Role, ...]:
    """Those who serve a small offering, each with a name alone."""
    return tuple(Role(role, COMPANY, path, {"name": name}) for role, name in names.items())


_REGULATION_A = Form(
    ("1-A", "1-A/A", "1-A POS"),
    (
        FILER,
        _CO_FILER,
        Role(
            "issuer",
            COMPANY,
            "formData",
            {
                "name": "employeesInfo/issuerName",
                "cik": "employeesInfo/cik",
                **address("issuerInfo/"),
            },
        ),
        Role(
            "contact",
            PERSON,
            "formData/issuerInfo",
            {
                "name": "connectionName",
                "street1": "connectionStreet1",
                "street2": "connectionStreet2",
                "city": "connectionCity",
                "state_or_country": "connectionStateOrCountry",
                "zip_code": "connectionZipCode",
            },
        ),
        *_sellers(
            "formData/summaryInfo",
            underwriter="underwritersServiceProviderName",
            sales_agent="salesCommissionsServiceProviderName",
            finder="findersFeesServiceProviderName",
            accountant="auditorServiceProviderName",
            legal_counsel="legalServiceProviderName",
            promoter="promotersServiceProviderName",
            blue_sky_service="blueSkyServiceProviderName",
        ),
    ),
    amended=False,
)
_SOLD = {
    "underwriter": "underwrittenSpName",
    "sales_agent": "salesCommissionsSpName",
    "finder": "findersSpName",
    "accountant": "auditorSpName",
    "legal_counsel": "legalSpName",
    "promoter": "promoterSpName",
    "blue_sky_service": "blueSkySpName",
}
_REGULATION_A_YEAR = Form(
    ("1-K",),
    (
        FILER,
        _CO_FILER,
        Role(
            "issuer",
            COMPANY,
            "formData",
            {"name": "item1Info/issuerName", "cik": "item1Info/cik", **address("item1/")},
        ),
        *_sellers("formData/summaryInfo", **_SOLD),
    ),
)
_REGULATION_A_END = Form(
    ("1-Z",),
    (
        FILER,
        _CO_FILER,
        Role("issuer", COMPANY, "formData/item1", {"name": "issuerName", **address()}),
        *_sellers("formData/summaryInfoOffering", **_SOLD),
        Role("signer", PERSON, "formData/signatureTab", {"name": "signatureBy", "title": "title"}),
    ),
)

SMALL_OFFERING_FORMS: tuple[Form, ...] = (_CROWDFUNDING, _REGULATION_A, _REGULATION_A_YEAR, _REGULATION_A_END)
