"""What an N-PORT says of the fund as a whole: registrant, figures, risks, flows and returns, as rows.

Format: EDGAR Form N-PORT XML Technical Specification; tables and columns: the SEC's Form N-PORT data sets. A column
that the SEC's set has not is marked in product.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from filings.edgar.xml_forms import Fault, Field, calendar_day, flag, number, row, value
from filings.edgar.xml_tree import cik
from filings.products import Row, problem

_SUBMISSION: tuple[Field, ...] = (
    ("sub_type", "headerData/submissionType", None),
    ("file_num", "formData/genInfo/regFileNumber", None),
    ("report_ending_period", "formData/genInfo/repPdEnd", calendar_day),
    ("report_date", "formData/genInfo/repPdDate", calendar_day),
    ("is_last_filing", "formData/genInfo/isFinalFiling", flag),
    ("is_confidential", "headerData/isConfidential", flag),
    ("invst_company_type", "headerData/filerInfo/invstCompanyType", None),
)
_REGISTRANT: tuple[Field, ...] = (
    ("cik", "regCik", cik),
    ("registrant_name", "regName", None),
    ("file_num", "regFileNumber", None),
    ("lei", "regLei", None),
    ("address1", "regStreet1", None),
    ("address2", "regStreet2", None),
    ("city", "regCity", None),
    ("state", "regStateConditional/@regState", None),
    ("country", "regStateConditional/@regCountry", None),
    ("zip", "regZipOrPostalCode", None),
    ("phone", "regPhone", None),
)
_TERMS = ("3Mon", "1Yr", "5Yr", "10Yr", "30Yr")
_INFO: tuple[Field, ...] = (
    ("series_name", "genInfo/seriesName", None),
    ("series_id", "genInfo/seriesId", None),
    ("series_lei", "genInfo/seriesLei", None),
    ("total_assets", "fundInfo/totAssets", number),
    ("total_liabilities", "fundInfo/totLiabs", number),
    ("net_assets", "fundInfo/netAssets", number),
    ("assets_attrbt_to_misc_security", "fundInfo/assetsAttrMiscSec", number),
    ("assets_invested", "fundInfo/assetsInvested", number),
    ("borrowing_pay_within_1yr", "fundInfo/amtPayOneYrBanksBorr", number),
    ("ctrld_companies_pay_within_1yr", "fundInfo/amtPayOneYrCtrldComp", number),
    ("other_affilia_pay_within_1yr", "fundInfo/amtPayOneYrOthAffil", number),
    ("other_pay_within_1yr", "fundInfo/amtPayOneYrOther", number),
    ("borrowing_pay_after_1yr", "fundInfo/amtPayAftOneYrBanksBorr", number),
    ("ctrld_companies_pay_after_1yr", "fundInfo/amtPayAftOneYrCtrldComp", number),
    ("other_affilia_pay_after_1yr", "fundInfo/amtPayAftOneYrOthAffil", number),
    ("other_pay_after_1yr", "fundInfo/amtPayAftOneYrOther", number),
    ("delayed_delivery", "fundInfo/delayDeliv", number),
    ("standby_commitment", "fundInfo/standByCommit", number),
    ("liquidation_preference", "fundInfo/liquidPref", number),
    ("cash_not_rptd_in_c_or_d", "fundInfo/cshNotRptdInCorD", number),
    *(
        (f"credit_spread_{term.lower()}_{grade}", f"fundInfo/creditSprdRisk{part}InvstGrade/@period{term}", number)
        for grade, part in (("invest", ""), ("noninvest", "Non"))
        for term in _TERMS
    ),
    *(
        (f"{column}_nonderiv_mon{month}", f"fundInfo/returnInfo/othMon{month}/@{attribute}", number)
        for month in (1, 2, 3)
        for column, attribute in (("net_realize_gain", "netRealizedGain"), ("net_unrealize_ap", "netUnrealizedAppr"))
    ),
    *(
        (f"{flow}_flow_mon{month}", f"fundInfo/mon{month}Flow/@{flow}", number)
        for month in (1, 2, 3)
        for flow in ("sales", "reinvestment", "redemption")
    ),
    ("highly_liquid_invst_min", "fundInfo/liquidInvst/highlyLiquidInvst", number),
    ("days_below_liquid_min", "fundInfo/liquidInvst/daysOfHolding", number),
    ("is_liquid_min_changed", "fundInfo/liquidInvst/isChangeRepPd", flag),
    ("deriv_exposure_pct", "fundInfo/derivExposureInfo/derivExposurePct", number),
    ("deriv_currency_exposure_pct", "fundInfo/derivExposureInfo/derivCurrencyExposurePct", number),
    ("deriv_int_rate_exposure_pct", "fundInfo/derivExposureInfo/derivIntRateExposurePct", number),
    ("deriv_days_in_excess", "fundInfo/derivExposureInfo/noOfBusinessDaysInExcess", number),
    ("eighty_percent_basket", "fundInfo/namesRuleInvstPolicy/fundsEightyPercentBasket", number),
)
_VAR: tuple[Field, ...] = (
    ("designated_index_name", "fundsDesignatedInfo/nameDesignatedIndex", None),
    ("designated_index_identifier", "fundsDesignatedInfo/indexIdentifier", None),
    ("median_daily_var_pct", "medianDailyVarPct", number),
    ("median_var_ratio_pct", "fundsDesignatedInfo/medianVarRatioPct", number),
    ("backtesting_results", "backtestingResults", number),
)
_RATES: tuple[Field, ...] = (
    ("currency_code", "curCd", None),
    *(
        (f"intrst_rate_change_{term.lower()}_{shift}", f"intrstRtRisk{shift}/@period{term}", number)
        for shift in ("dv01", "dv100")
        for term in _TERMS
    ),
)
_BORROWER: tuple[Field, ...] = (("name", "@name", None), ("lei", "@lei", None), ("aggregate_value", "@aggrVal", number))
_AGGREGATE: tuple[Field, ...] = (("amount", "@amt", number), ("collateral", "@collatrl", number))
_RETURN: tuple[Field, ...] = (
    ("class_id", "@classId", None),
    *((f"monthly_total_return{month}", f"@rtn{month}", number) for month in (1, 2, 3)),
)
_CLASSIFICATION: tuple[Field, ...] = (("classification", "@classification", None), ("percentage", "@fundPct", number))
_TERM: tuple[Field, ...] = (("term", "@term", None), ("definition", "@definitionofTerm", None))
_NOTE: tuple[Field, ...] = (("item_no", "@noteItem", None), ("explanatory_note", "@note", None))
_SIGNATURE: tuple[Field, ...] = (
    ("date_signed", "dateSigned", calendar_day),
    ("name_of_applicant", "nameOfApplicant", None),
    ("signature", "signature", None),
    ("signer_name", "signerName", None),
    ("title", "title", None),
)
# Table, where its rows stand under formData, columns; each row has an ordinal, `{table}_id`.
_LISTS: tuple[tuple[str, str, tuple[Field, ...]], ...] = (
    ("interest_rate_risk", "fundInfo/curMetrics/curMetric", _RATES),
    ("borrower", "fundInfo/borrowers/borrower", _BORROWER),
    ("monthly_total_return", "fundInfo/returnInfo/monthlyTotReturns/monthlyTotReturn", _RETURN),
    ("derivative_classification", "fundInfo/derivTrans/derivTran", _CLASSIFICATION),
    ("derivative_classification", "fundInfo/derivTrans/classification", (("classification", ".", None),)),
    ("names_rule_term", "fundInfo/namesRuleInvstPolicy/terms/termInformation", _TERM),
    ("explanatory_note", "explntrNotes/explntrNote", _NOTE),
)


def rows(root: etree._Element, filed: str | None, form: str) -> Iterator[Row]:
    """The rows of all tables but those of holdings; of the root element, `edgarSubmission`."""
    faults: list[Fault] = []
    said = row(root, _SUBMISSION, faults)
    yield "submission", {**said, "sub_type": form or said["sub_type"], "filing_date": filed}
    for place, each in enumerate(root.iterfind("headerData/filerInfo/seriesClassInfo/classId"), 1):
        series = value(root, "headerData/filerInfo/seriesClassInfo/seriesId")
        yield "series_class", {"series_class_id": place, "series_id": series, "class_id": (each.text or "").strip()}
    form_data = root.find("formData")
    if form_data is not None:
        yield from _fund(form_data, faults)
    for column, found, rule in faults:
        yield problem(column, found, rule)


def _fund(form: etree._Element, faults: list[Fault]) -> Iterator[Row]:
    general = form.find("genInfo")
    if general is not None:
        registrant = row(general, _REGISTRANT)
        yield "registrant", {**registrant, "country": registrant["country"] or value(general, "regCountry")}
    either = value(form, "fundInfo/isNonCashCollateral")
    collateral = flag(either or value(form, "fundInfo/aggregateCondition/@isNonCashCollateral"))
    yield "fund_reported_info", {**row(form, _INFO), "is_non_cash_collateral": collateral}
    risk = form.find("fundInfo/varInfo")
    if risk is not None:
        yield "fund_var_info", row(risk, _VAR)
    for table, path, fields in _LISTS:
        for place, element in enumerate(form.iterfind(path), 1):
            yield table, {f"{table}_id": place, **row(element, fields)}
    for place, element in enumerate(form.iterfind("fundInfo/aggregateCondition/aggregateInfos/aggregateInfo"), 1):
        yield "borrow_aggregate", {"borrow_aggregate_id": place, **row(element, _AGGREGATE), **category(element)}
    yield from _returns(form)
    signature = form.find("signature")
    if signature is not None:
        yield "signature", row(signature, _SIGNATURE, faults)


def category(element: etree._Element) -> dict[str, Any]:
    """The category of a collateral: named, or "other" and described."""
    named = value(element, "invstCat") or value(element, "invstCatConditional/@invstCat")
    return {"investment_cat": named, "other_desc": value(element, "invstCatConditional/@desc")}


def _returns(form: etree._Element) -> Iterator[Row]:
    """Gains of derivatives by the kind of asset, in all and by instrument."""
    for asset in form.iterfind("fundInfo/returnInfo/monthlyReturnCats/*"):
        kinds = [("all", "mon", asset)]
        kinds += [(kind.tag.removesuffix("Category"), "instrMon", kind) for kind in asset if len(kind)]
        for name, prefix, element in kinds:
            values = {
                f"{column}_mon{month}": number(value(element, f"{prefix}{month}/@{attribute}"))
                for month in (1, 2, 3)
                for column, attribute in (
                    ("net_realized_gain", "netRealizedGain"),
                    ("net_unrealized_ap", "netUnrealizedAppr"),
                )
            }
            if any(values.values()):
                kind = {"asset_cat": asset.tag.removesuffix("Contracts"), "instrument_kind": name}
                yield "monthly_return_cat_instrument", {**kind, **values}
