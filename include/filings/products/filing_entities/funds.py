"""The roles in forms of funds and of those who serve them."""

from __future__ import annotations

from filings.products.filing_entities.roles import COMPANY, FILER, PERSON, UNKNOWN, Form, Role, address

_VOTES = Form(
    ("N-PX", "N-PX CTR"),
    (
        FILER,
        Role(
            "reporting_person",
            COMPANY,
            "formData/coverPage/reportingPerson",
            {"name": "name", **address("address/")},
        ),
        Role(
            "agent_for_service",
            UNKNOWN,
            "formData/coverPage/agentForService",
            {"name": "name", **address("address/")},
        ),
        Role(
            "other_manager",
            COMPANY,
            "formData/coverPage/otherManagersInfo/otherManager",
            {"name": "managerName", "crd": "crdNumber", "lei": "leiNumberOM"},
        ),
        Role(
            "included_manager",
            COMPANY,
            "formData/summaryPage/otherManagers2/investmentManagers",
            {"name": "name", "crd": "crdNumber", "lei": "leiNumber"},
        ),
        Role(
            "series",
            COMPANY,
            "formData/seriesPage/seriesDetails/seriesReports",
            {"name": "nameOfSeries", "series_id": "idOfSeries", "lei": "leiOfSeries"},
        ),
        Role(
            "signer", PERSON, "formData/signaturePage", {"name": "txPrintedSignature|txSignature", "title": "txTitle"}
        ),
        Role(
            "signer",
            PERSON,
            "formData/signaturePage/secondaryRecords/secondaryRecord",
            {"name": "printedSign|txSignature", "title": "txTitle"},
        ),
    ),
)

_PORTFOLIO = Form(
    ("NPORT-P", "NPORT-NP"),
    (
        FILER,
        Role(
            "registrant",
            COMPANY,
            "formData/genInfo",
            {
                "name": "regName",
                "cik": "regCik",
                "lei": "regLei",
                "street1": "regStreet1",
                "street2": "regStreet2",
                "city": "regCity",
                "state_or_country": "regStateConditional@regState",
                "country": "regStateConditional@regCountry|regCountry",
                "zip_code": "regZipOrPostalCode",
            },
        ),
        Role(
            "series",
            COMPANY,
            "formData/genInfo",
            {"name": "seriesName", "series_id": "seriesId", "lei": "seriesLei"},
        ),
        Role("borrower", COMPANY, "formData/fundInfo/borrowers/borrower", {"name": "@name", "lei": "@lei"}),
        Role("signer", PERSON, "formData/signature", {"name": "signerName|signature", "title": "title"}),
    ),
)


def _provider(role: str, path: str, word: str, place: str = "", kind: str = COMPANY) -> Role:
    """One who serves a fund in N-CEN, where each name begins with the word of the role."""
    place = place or word
    return Role(
        role,
        kind,
        f"formData/{path}",
        {
            "name": f"{word}Name",
            "lei": f"{word}Lei",
            "crd": f"{word}CrdNo|{word}CrdNumber",
            "state_or_country": f"{place}StateCountry@{place}State",
            "country": f"{place}StateCountry@{place}Country|{place}Country",
        },
    )


_FUND = "managementInvestmentQuestionSeriesInfo/managementInvestmentQuestion"
_CLOSED_END = "closedEndManagementInvestment"
_TRUST = "unitInvestmentTrust"
_CENSUS = Form(
    ("N-CEN",),
    (
        FILER,
        Role(
            "registrant",
            COMPANY,
            "formData/registrantInfo",
            {
                "name": "registrantFullName",
                "cik": "registrantCik",
                "lei": "registrantLei",
                "street1": "registrantstreet1",
                "street2": "registrantstreet2",
                "city": "registrantcity",
                "state_or_country": "registrantstate",
                "country": "registrantcountry",
                "zip_code": "registrantzipCode",
            },
        ),
        Role(
            "books_location",
            COMPANY,
            "formData/registrantInfo/locationBooksRecords/locationBooksRecord",
            {
                "name": "officeName",
                "street1": "officeAddress1",
                "street2": "officeAddress2",
                "city": "officeCity",
                "state_or_country": "officeStateCountry@officeState",
                "country": "officeStateCountry@officeCountry|officeCountry",
                "zip_code": "officeRecordsZipCode",
            },
        ),
        Role(
            "director",
            PERSON,
            "formData/registrantInfo/directors/director",
            {"name": "directorName", "crd": "crdNumber"},
        ),
        Role(
            "chief_compliance_officer",
            PERSON,
            "formData/registrantInfo/chiefComplianceOfficers/chiefComplianceOfficer",
            {
                "name": "ccoName",
                "crd": "crdNumber",
                "street1": "ccoStreet1",
                "street2": "ccoStreet2",
                "city": "ccoCity",
                "state_or_country": "ccoStateCountry@ccoState",
                "country": "ccoStateCountry@ccoCountry|ccoCountry",
                "zip_code": "ccoZipCode",
            },
        ),
        _provider(
            "principal_underwriter",
            "registrantInfo/principalUnderwriters/principalUnderwriter",
            "principalUnderwriter",
            "principalUnderWriter",
        ),
        _provider("accountant", "registrantInfo/publicAccountants/publicAccountant", "publicAccountant"),
        Role(
            "series",
            COMPANY,
            f"formData/{_FUND}",
            {"name": "mgmtInvFundName", "series_id": "mgmtInvSeriesId", "lei": "mgmtInvLei"},
        ),
        _provider("lending_agent", f"{_FUND}/securityLendings/securityLending", "securitiesAgent"),
        _provider("investment_adviser", f"{_FUND}/investmentAdvisers/investmentAdviser", "investmentAdviser"),
        _provider("sub_adviser", f"{_FUND}/subAdvisers/subAdviser", "subAdviser"),
        _provider("transfer_agent", f"{_FUND}/transferAgents/transferAgent", "transferAgent"),
        _provider("pricing_service", f"{_FUND}/pricingServices/pricingService", "pricingService"),
        _provider("custodian", f"{_FUND}/custodians/custodian", "custodian"),
        _provider(
            "shareholder_servicing_agent",
            f"{_FUND}/shareholderServicingAgents/shareholderServicingAgent",
            "shareholderServiceAgent",
        ),
        _provider("administrator", f"{_FUND}/admins/admin", "admin"),
        _provider("broker_dealer", f"{_FUND}/brokerDealers/brokerDealer", "brokerDealer"),
        _provider("broker", f"{_FUND}/brokers/broker", "broker"),
        _provider("principal_dealer", f"{_FUND}/principalTransactions/principalTransaction", "principal"),
        _provider(
            "liquidity_classifier",
            f"{_FUND}/liquidityClassifications/liquidityClassificationService",
            "liquidity",
        ),
        Role(
            "authorized_participant",
            COMPANY,
            "formData/exchangeSeriesInfo/exchangeTradedFund/authorizedParticipants/authorizedParticipant",
            {
                "name": "@authorizedParticipantName",
                "crd": "@authorizedParticipantCrdNo",
                "lei": "@authorizedParticipantLei",
            },
        ),
        _provider(
            "investment_adviser",
            f"{_CLOSED_END}/smallInvestmentAdvisers/smallInvestmentAdviser",
            "smallInvestmentAdviser",
        ),
        _provider("sub_adviser", f"{_CLOSED_END}/smallSubAdvisers/smallSubAdviser", "smallSubAdviser"),
        _provider("transfer_agent", f"{_CLOSED_END}/smallTransferAgents/smallTransferAgent", "smallTransferAgent"),
        _provider("custodian", f"{_CLOSED_END}/smallCustodians/smallCustodian", "smallCustodian"),
        _provider("depositor", f"{_TRUST}/depositors/depositor", "depositor"),
        _provider("administrator", f"{_TRUST}/uitAdmins/uitAdmin", "uitAdmin"),
        _provider("sponsor", f"{_TRUST}/notRegistrantSeparateInsuranceAccount/sponsors/sponsor", "sponsor"),
        _provider("trustee", f"{_TRUST}/notRegistrantSeparateInsuranceAccount/trustees/trustee", "trustee"),
        Role("signer", PERSON, "formData/signature", {"name": "@signature", "title": "@title"}),
    ),
)

_MONEY = "formData/seriesLevelInfo"
_MONEY_MARKET = Form(
    ("N-MFP", "N-MFP1", "N-MFP2", "N-MFP3"),
    (
        FILER,
        Role(
            "registrant",
            COMPANY,
            "formData/generalInfo",
            {"name": "registrantFullName", "cik": "cik", "lei": "registrantLEIId"},
        ),
        Role(
            "series",
            COMPANY,
            "formData/generalInfo",
            {"name": "nameOfSeries", "series_id": "seriesId", "lei": "leiOfSeries"},
        ),
        Role("investment_adviser", COMPANY, f"{_MONEY}/adviser", {"name": "adviserName"}),
        Role("sub_adviser", COMPANY, f"{_MONEY}/subAdviser", {"name": "adviserName"}),
        Role(
            "accountant",
            COMPANY,
            f"{_MONEY}/indpPubAccountant",
            {"name": "name", "city": "city", "state_or_country": "stateCountry"},
        ),
        Role("administrator", COMPANY, f"{_MONEY}/administrator", {"name": "administratorName|."}),
        Role("transfer_agent", COMPANY, f"{_MONEY}/transferAgent", {"name": "name", "cik": "cik"}),
        Role("master_fund", COMPANY, f"{_MONEY}/masterFeederFund", {"name": "name", "cik": "cik"}),
        Role("feeder_fund", COMPANY, f"{_MONEY}/feederFund", {"name": "name", "cik": "cik"}),
        Role(
            "signer",
            PERSON,
            "formData/signature",
            {"name": "nameOfSigningOfficer|signature", "title": "titleOfSigningOfficer"},
        ),
    ),
)

_SALES = Form(
    ("24F-2NT",),
    (
        FILER,
        Role(
            "issuer",
            COMPANY,
            "formData/annualFilings/annualFilingInfo/item1",
            {"name": "nameOfIssuer", **address("addressOfIssuer/")},
        ),
        Role(
            "series",
            COMPANY,
            "formData/annualFilings/annualFilingInfo/item2/reportSeriesClass/rptSeriesClassInfo",
            {"name": "seriesName", "series_id": "seriesId"},
        ),
        Role(
            "signer",
            PERSON,
            "formData/annualFilings/annualFilingInfo/signature",
            {"name": "signature", "title": "nameAndTitle"},
        ),
    ),
)
_CURRENT = Form(
    ("N-CR",),
    (
        FILER,
        Role(
            "registrant",
            COMPANY,
            "formData/generalInfo",
            {"name": "registrantName", "cik": "registrantCik", "lei": "registrantLei"},
        ),
        Role(
            "series",
            COMPANY,
            "formData/generalInfo",
            {"name": "seriesName", "series_id": "seriesId", "lei": "seriesLei"},
        ),
        Role("signer", PERSON, "formData/signatureBlock", {"name": "name|signature", "title": "title"}),
    ),
)

FUND_FORMS: tuple[Form, ...] = (_VOTES, _PORTFOLIO, _CENSUS, _MONEY_MARKET, _SALES, _CURRENT)
