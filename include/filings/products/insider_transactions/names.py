"""Which element of an ownership document fills which column.

Names on the left: EDGAR Ownership XML Technical Specification; on the right: the SEC's Insider Transactions Data Sets.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from filings.edgar.xml_tree import boolean, cik, day


@dataclass(frozen=True)
class Kind:
    """A kind of row.

    Args:
        table: where it goes.
        columns: element → column. In tables I and II a column `x` has its footnotes in `x_fn`.
        coding: the column of the footnotes to form type, code and swap together; empty where nothing has footnotes.
    """

    table: str
    columns: Mapping[str, str]
    coding: str = ""

    @property
    def key(self) -> str:
        """The column that counts its rows."""
        return f"{self.table}_sk"

    @cached_property
    def steps(self) -> dict[str, tuple[str, str, Callable[[str], object] | None]]:
        """Element → its column, the column of its footnotes (empty when it has none), what its text goes through."""
        return {
            tag: (
                column,
                "" if not self.coding else self.coding if tag in _CODED else f"{column}_fn",
                _CONVERT.get(tag),
            )
            for tag, column in self.columns.items()
        }


_CODED = frozenset({"transactionFormType", "transactionCode", "equitySwapInvolved"})

SUBMISSION = Kind(
    "submission",
    {
        "documentType": "document_type",
        "periodOfReport": "period_of_report",
        "dateOfOriginalSubmission": "date_of_orig_sub",
        "noSecuritiesOwned": "no_securities_owned",
        "notSubjectToSection16": "not_subject_sec16",
        "form3HoldingsReported": "form3_holdings_reported",
        "form4TransactionsReported": "form4_trans_reported",
        "issuerCik": "issuercik",
        "issuerName": "issuername",
        "issuerTradingSymbol": "issuertradingsymbol",
        "issuerForeignTradingSymbol": "issuerforeigntradingsymbol",
        "remarks": "remarks",
        "aff10b5One": "aff10b5one",
        "schemaVersion": "schemaversion",
    },
)
RELATIONSHIPS = {
    "isDirector": "Director",
    "isOfficer": "Officer",
    "isTenPercentOwner": "TenPercentOwner",
    "isOther": "Other",
}
OWNER = Kind(
    "reportingowner",
    {
        "rptOwnerCik": "rptownercik",
        "rptOwnerName": "rptownername",
        "officerTitle": "rptowner_title",
        "otherText": "rptowner_txt",
        "rptOwnerStreet1": "rptowner_street1",
        "rptOwnerStreet2": "rptowner_street2",
        "rptOwnerCity": "rptowner_city",
        "rptOwnerState": "rptowner_state",
        "rptOwnerZipCode": "rptowner_zipcode",
        "rptOwnerStateDescription": "rptowner_state_desc",
        "rptOwnerNonUSAddressFlag": "rptowner_nonusaddressflag",
        "rptOwnerNonUSStateTerritory": "rptowner_nonusstateterritory",
        "rptOwnerCountry": "rptowner_country",
        **{tag: tag for tag in RELATIONSHIPS},
    },
)
SIGNATURE = Kind("owner_signature", {"signatureName": "ownersignaturename", "signatureDate": "ownersignaturedate"})

_SECURITY = {
    "securityTitle": "security_title",
    "transactionFormType": "trans_form_type",
    "sharesOwnedFollowingTransaction": "shrs_ownd_folwng_trans",
    "valueOwnedFollowingTransaction": "valu_ownd_folwng_trans",
    "directOrIndirectOwnership": "direct_indirect_ownership",
    "natureOfOwnership": "nature_of_ownership",
}
_TRANSACTION = {
    "transactionDate": "trans_date",
    "deemedExecutionDate": "deemed_execution_date",
    "transactionCode": "trans_code",
    "equitySwapInvolved": "equity_swap_involved",
    "transactionTimeliness": "trans_timeliness",
    "transactionShares": "trans_shares",
    "transactionPricePerShare": "trans_pricepershare",
    "transactionAcquiredDisposedCode": "trans_acquired_disp_cd",
}
_DERIVATIVE = {
    "conversionOrExercisePrice": "conv_exercise_price",
    "exerciseDate": "exercise_date",
    "expirationDate": "expiration_date",
    "underlyingSecurityTitle": "undlyng_sec_title",
    "underlyingSecurityShares": "undlyng_sec_shares",
    "underlyingSecurityValue": "undlyng_sec_value",
}


_CODING, _FORM_TYPE = "equity_swap_trans_cd_fn", "trans_form_type_fn"
NONDERIV_TRANS = Kind("nonderiv_trans", _SECURITY | _TRANSACTION, _CODING)
NONDERIV_HOLDING = Kind("nonderiv_holding", _SECURITY, _FORM_TYPE)
DERIV_TRANS = Kind(
    "deriv_trans",
    _SECURITY
    | _TRANSACTION
    | _DERIVATIVE
    | {"exerciseDate": "excercise_date", "transactionTotalValue": "trans_total_value"},
    _CODING,
)
DERIV_HOLDING = Kind("deriv_holding", _SECURITY | _DERIVATIVE, _FORM_TYPE)
KINDS = {
    "nonDerivativeTransaction": NONDERIV_TRANS,
    "nonDerivativeHolding": NONDERIV_HOLDING,
    "derivativeTransaction": DERIV_TRANS,
    "derivativeHolding": DERIV_HOLDING,
}
# Schema X0101 (2003) had neither the tables nor a word for holdings, and another one for the price of shares.
_OLD_TRANS = Kind("nonderiv_trans", {**NONDERIV_TRANS.columns, "transactionValue": "trans_pricepershare"}, _CODING)
OLD_KINDS = {
    "nonDerivativeSecurity": (_OLD_TRANS, NONDERIV_HOLDING),
    "derivativeSecurity": (DERIV_TRANS, DERIV_HOLDING),
}
# Elements that only hold others.
GROUPS = frozenset(
    {
        "issuer",
        "reportingOwnerId",
        "reportingOwnerAddress",
        "reportingOwnerRelationship",
        "transactionAmounts",
        "postTransactionAmounts",
        "ownershipNature",
        "underlyingSecurity",
        "transactionCoding",
    }
)
# A password of EDGAR, which only samples have, and its own note that an address has been checked.
IGNORED = frozenset({"rptOwnerCcc", "rptOwnerGoodAddress"})
_CONVERT: Mapping[str, Callable[[str], object]] = (
    dict.fromkeys(
        (
            "periodOfReport",
            "dateOfOriginalSubmission",
            "transactionDate",
            "deemedExecutionDate",
            "exerciseDate",
            "expirationDate",
            "signatureDate",
        ),
        day,
    )
    | dict.fromkeys(
        (
            "noSecuritiesOwned",
            "notSubjectToSection16",
            "form3HoldingsReported",
            "form4TransactionsReported",
            "aff10b5One",
            "equitySwapInvolved",
            "rptOwnerNonUSAddressFlag",
        ),
        boolean,
    )
    | {"issuerCik": cik, "rptOwnerCik": cik}
)
