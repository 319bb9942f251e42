"""Which element of a form D fills which column.

Names on the left: EDGAR Form D XML Technical Specification; on the right: the SEC's Form D Data Sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from filings.edgar.xml_tree import boolean, cik, day


@dataclass(frozen=True)
class Fields:
    """What fills a row.

    Args:
        columns: path of an element → column.
        joined: path of an element that repeats → column, with commas between.
        numbered: path of an element that repeats → its columns, one for each; the word None is none.
        chosen: path of an element that is true when chosen → column and what then stands there.
        ignored: paths that are no data of the offering.
    """

    columns: Mapping[str, str]
    joined: Mapping[str, str] = field(default_factory=dict)
    numbered: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    chosen: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()


def _address(path: str) -> dict[str, str]:
    parts = ("street1", "street2", "city", "stateOrCountry", "stateOrCountryDescription", "zipCode")
    return {f"{path}/{part}": part.lower() for part in parts}


def _previous(column: str) -> tuple[str, ...]:
    return tuple(f"{column}_previousname_{number}" for number in (1, 2, 3))


SUBMISSION = Fields(
    {
        "schemaVersion": "schemaversion",
        "submissionType": "submissiontype",
        "testOrLive": "testorlive",
        "relatedPersonsList/over100PersonsFlag": "over100personsflag",
        "issuerList/over100IssuerFlag": "over100issuerflag",
    }
)
ISSUER = Fields(
    {
        "cik": "cik",
        "entityName": "entityname",
        **_address("issuerAddress"),
        "issuerPhoneNumber": "issuerphonenumber",
        "jurisdictionOfInc": "jurisdictionofinc",
        "entityType": "entitytype",
        "entityTypeOtherDesc": "entitytypeotherdesc",
        "yearOfInc/value": "yearofinc_value_entered",
    },
    numbered={
        "issuerPreviousNameList/previousName": _previous("issuer"),
        "issuerPreviousNameList/value": _previous("issuer"),
        "edgarPreviousNameList/previousName": _previous("edgar"),
        "edgarPreviousNameList/value": _previous("edgar"),
    },
    chosen={
        f"yearOfInc/{span}": ("yearofinc_timespan_choice", span)
        for span in ("overFiveYears", "withinFiveYears", "yetToBeFormed")
    },
    ignored=frozenset({"ccc"}),
)
_SECURITIES = (
    "isEquityType",
    "isDebtType",
    "isOptionToAcquireType",
    "isSecurityToBeAcquiredType",
    "isPooledInvestmentFundType",
    "isTenantInCommonType",
    "isMineralPropertyType",
    "isOtherType",
    "descriptionOfOtherType",
)
OFFERING = Fields(
    {
        "industryGroup/industryGroupType": "industrygrouptype",
        "industryGroup/investmentFundInfo/investmentFundType": "investmentfundtype",
        "industryGroup/investmentFundInfo/is40Act": "is40act",
        "issuerSize/revenueRange": "revenuerange",
        "issuerSize/aggregateNetAssetValueRange": "aggregatenetassetvaluerange",
        "typeOfFiling/newOrAmendment/isAmendment": "isamendment",
        "typeOfFiling/newOrAmendment/previousAccessionNumber": "previousaccessionnumber",
        "typeOfFiling/dateOfFirstSale/value": "sale_date",
        "typeOfFiling/dateOfFirstSale/yetToOccur": "yettooccur",
        "durationOfOffering/moreThanOneYear": "morethanoneyear",
        **{f"typesOfSecuritiesOffered/{each}": each.lower() for each in _SECURITIES},
        "businessCombinationTransaction/isBusinessCombinationTransaction": "isbusinesscombinationtrans",
        "businessCombinationTransaction/clarificationOfResponse": "buscombclarificationofresp",
        "minimumInvestmentAccepted": "minimuminvestmentaccepted",
        "salesCompensationList/over100RecipientFlag": "over100recipientflag",
        "offeringSalesAmounts/totalOfferingAmount": "totalofferingamount",
        "offeringSalesAmounts/totalAmountSold": "totalamountsold",
        "offeringSalesAmounts/totalRemaining": "totalremaining",
        "offeringSalesAmounts/clarificationOfResponse": "salesamtclarificationofresp",
        "investors/hasNonAccreditedInvestors": "hasnonaccreditedinvestors",
        "investors/numberNonAccreditedInvestors": "numbernonaccreditedinvestors",
        "investors/totalNumberAlreadyInvested": "totalnumberalreadyinvested",
        "salesCommissionsFindersFees/salesCommissions/dollarAmount": "salescomm_dollaramount",
        "salesCommissionsFindersFees/salesCommissions/isEstimate": "salescomm_isestimate",
        "salesCommissionsFindersFees/findersFees/dollarAmount": "findersfee_dollaramount",
        "salesCommissionsFindersFees/findersFees/isEstimate": "findersfee_isestimate",
        "salesCommissionsFindersFees/clarificationOfResponse": "finderfeeclarificationofresp",
        "useOfProceeds/grossProceedsUsed/dollarAmount": "grossproceedsused_dollaramount",
        "useOfProceeds/grossProceedsUsed/isEstimate": "grossproceedsused_isestimate",
        "useOfProceeds/clarificationOfResponse": "grossproceedsused_clarofresp",
        "signatureBlock/authorizedRepresentative": "authorizedrepresentative",
    },
    joined={"federalExemptionsExclusions/item": "federalexemptions_items_list"},
)
RECIPIENT = Fields(
    {
        "recipientName": "recipientname",
        "recipientCRDNumber": "recipientcrdnumber",
        "associatedBDName": "associatedbdname",
        "associatedBDCRDNumber": "associatedbdcrdnumber",
        **_address("recipientAddress"),
        "foreignSolicitation": "foreignsolicitation",
    },
    joined={
        "statesOfSolicitationList/value": "states_or_value_list",
        "statesOfSolicitationList/state": "states_or_value_list",
        "statesOfSolicitationList/description": "descriptions_list",
    },
)
PERSON = Fields(
    {
        "relatedPersonName/firstName": "firstname",
        "relatedPersonName/middleName": "middlename",
        "relatedPersonName/lastName": "lastname",
        **_address("relatedPersonAddress"),
        "relationshipClarification": "relationshipclarification",
    },
    numbered={
        "relatedPersonRelationshipList/relationship": ("relationship_1", "relationship_2", "relationship_3"),
    },
)
SIGNATURE = Fields(
    {each: each.lower() for each in ("issuerName", "signatureName", "nameOfSigner", "signatureTitle", "signatureDate")}
)
CONVERT: Mapping[str, Callable[[str], object]] = {
    **dict.fromkeys(
        (
            "over100personsflag",
            "over100issuerflag",
            "over100recipientflag",
            "is40act",
            "isamendment",
            "yettooccur",
            "morethanoneyear",
            *(each.lower() for each in _SECURITIES if each.startswith("is")),
            "isbusinesscombinationtrans",
            "hasnonaccreditedinvestors",
            "salescomm_isestimate",
            "findersfee_isestimate",
            "grossproceedsused_isestimate",
            "authorizedrepresentative",
            "foreignsolicitation",
        ),
        boolean,
    ),
    "sale_date": day,
    "signaturedate": day,
    "cik": cik,
}
