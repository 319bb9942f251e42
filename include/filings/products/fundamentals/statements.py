"""Which reports of a filing are its cover page and primary financial statements, and which statement each is.

A role's definition says what kind of report it is, `0002 - Statement - Consolidated Balance Sheets` (EDGAR Filer Manual
6.7.12); which statement is said only in its title, in the filer's words, and by what it holds. The title decides, and
where it does not, the concepts that only one kind of statement has.
"""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from filings.edgar.xbrl_linkbase import Concept

COVER, BALANCE, INCOME, CASH, EQUITY, COMPREHENSIVE, UNKNOWN = "CP", "BS", "IS", "CF", "EQ", "CI", "UN"

_DEFINITION = re.compile(r"([\w.\s]*?)\s*-\s*(document|statement|disclosure|schedule)s?\s*-\s*(.*)", re.IGNORECASE)
_PARENTHETICAL = re.compile(r"\(?\bparenthetical", re.IGNORECASE)
# In the order in which they are asked: a statement of cash flows may be "of operations" too, one of comprehensive
# income has "income" in its title, and so may one of changes in equity.
_TITLES = (
    (CASH, re.compile(r"\bcash\s*flows?\b|\bcashflows?\b")),
    (
        BALANCE,
        re.compile(
            r"\bbalance sheets?\b|\bfinancial (?:position|condition)s?\b|\bassets and liabilities\b|\bof condition\b"
        ),
    ),
    (
        EQUITY,
        re.compile(
            r"\bequity\b|\bdeficit\b|\bdeficiency\b|\bcapital\b|\bchanges in net assets\b|\binvestment of parent\b"
        ),
    ),
    (COMPREHENSIVE, re.compile(r"\bcomprehensive\b|\brecogni[sz]ed income\b")),
    (
        INCOME,
        re.compile(r"\bincome\b|\boperations?\b|\bearnings\b|\bprofits?\b|\bloss(?:es)?\b|\bexpenses\b|\brevenues?\b"),
    ),
    (BALANCE, re.compile(r"\bnet assets\b|\bcapitali[sz]ation\b")),
)
_ONLY_IN = tuple(
    (stmt, frozenset(names.split()))
    for stmt, names in (
        (
            CASH,
            """NetCashProvidedByUsedInOperatingActivities NetCashProvidedByUsedInFinancingActivities
            CashFlowsFromUsedInOperatingActivities CashAndCashEquivalentsPeriodIncreaseDecrease""",
        ),
        (BALANCE, "LiabilitiesAndStockholdersEquity EquityAndLiabilities AssetsNet AssetsCurrent CurrentAssets"),
        (
            INCOME,
            """Revenues Revenue CostsAndExpenses OperatingExpenses OperatingIncomeLoss InterestExpense
            IncomeTaxExpenseBenefit IncomeTaxExpenseContinuingOperations ProfitLossBeforeTax BasicEarningsLossPerShare
            EarningsPerShareBasic EarningsPerShareDiluted EarningsPerShareBasicAndDiluted""",
        ),
        (
            COMPREHENSIVE,
            """ComprehensiveIncomeNetOfTax ComprehensiveIncome OtherComprehensiveIncomeLossNetOfTax
            ComprehensiveIncomeNetOfTaxIncludingPortionAttributableToNoncontrollingInterest""",
        ),
        (
            EQUITY,
            """StockholdersEquity StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest Equity
            StatementEquityComponentsAxis ComponentsOfEquityAxis""",
        ),
        (INCOME, "NetIncomeLoss ProfitLoss"),
    )
)
_INCOME_LINES = next(names for stmt, names in _ONLY_IN if stmt == INCOME)


@dataclass(frozen=True, slots=True)
class Kind:
    """What a report is: its statement, and whether it says in parentheses what the statement leaves out."""

    stmt: str
    parenthetical: bool


def kind_of(definition: str, concepts: Set[Concept]) -> Kind | None:
    """What a report is by its role's definition and the concepts in it; None for notes, schedules and details."""
    match = _DEFINITION.fullmatch(definition)
    if match is None:
        return _untyped(definition, concepts)
    kind, title = match[2].lower(), match[3]
    if kind == "document":
        return Kind(COVER, False)
    if kind != "statement":
        return None
    return Kind(_statement(title, concepts), bool(_PARENTHETICAL.search(title)))


def _untyped(definition: str, concepts: Set[Concept]) -> Kind | None:
    """Of a definition that is not written as EDGAR wants it: a cover by what it holds, else nothing primary."""
    names = {name for _, name in concepts}
    if ("dei", "DocumentType") in concepts:
        return Kind(COVER, False)
    for stmt, only in _ONLY_IN[:2]:
        if names & only and _by_title(definition) == stmt:
            return Kind(stmt, bool(_PARENTHETICAL.search(definition)))
    return None


def _statement(title: str, concepts: Set[Concept]) -> str:
    names = {name for _, name in concepts}
    found = _by_title(title)
    if found == COMPREHENSIVE and names & _INCOME_LINES:
        return INCOME  # one statement of operations and of comprehensive income
    if found is not None:
        return found
    if any(family == "dei" for family, _ in concepts) and "DocumentType" in names:
        return COVER
    return next((stmt for stmt, only in _ONLY_IN if names & only), UNKNOWN)


def _by_title(title: str) -> str | None:
    words = title.lower()
    return next((stmt for stmt, pattern in _TITLES if pattern.search(words)), None)
