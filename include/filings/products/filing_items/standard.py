"""The items that Forms 8-K, 10-K and 10-Q have had since 1994, by the words of their headings.

Numbers alone do not tell an item: item 4 of a 10-K was a vote, then nothing, then mine safety; item 14 was exhibits,
controls, the auditor's fees; a 10-Q has two items 1. So every item has its titles, each with the words by which a
heading is known, and the day from which the form had it. Source: the forms (sec.gov/files/form10-k.pdf, form10-q.pdf,
form8-k.pdf) and the releases 33-8400 (8-K, 2004), 33-8128 and 33-8183 (10-K, 2003), 33-8591 (1A, 1B, 2005), 33-9106
(item 4, 2010), 33-9286 (mine safety, 2012), 33-10890 (item 6, 2021), 33-11216 (1C and 1.05, 2023).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

RENUMBERED = "20040823"  # from this filing date on an 8-K has items such as 2.02


@dataclass(frozen=True)
class Title:
    """A title that the form gives an item.

    Args:
        part: of the form, empty where it has none.
        number: such as 1A.
        words: the title.
        known: a pattern in lower case by which a heading's title is known for this one.
        since: the filing date from which the form had it, YYYYMMDD.
    """

    part: str
    number: str
    words: str
    known: str
    since: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What a title like this one has near its begin."""
        return re.compile(self.known, re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Form:
    """A form's items. `ordered` says whether filers keep the form's order (those of an 8-K do not have to)."""

    name: str
    titles: tuple[Title, ...]
    ordered: bool = True

    @cached_property
    def by_number(self) -> dict[str, tuple[Title, ...]]:
        """All titles of a number, those of several parts too."""
        found: dict[str, tuple[Title, ...]] = {}
        for title in self.titles:
            found[title.number] = (*found.get(title.number, ()), title)
        return found

    @cached_property
    def parts(self) -> frozenset[str]:
        """The parts in which a number may stand twice; empty where a number says its part."""
        seen: dict[str, set[str]] = {}
        for title in self.titles:
            seen.setdefault(title.number, set()).add(title.part)
        return frozenset().union(*(parts for parts in seen.values() if len(parts) > 1))

    def match(self, number: str, words: str) -> Title | None:
        """The title of that number that words are, if they are one's."""
        head = words[:160]
        for title in self.by_number.get(number, ()):
            if title.pattern.match(head):
                return title
        return None

    def default(self, number: str, part: str, filed: str) -> Title | None:
        """What an item without a title is, at a filing date."""
        titles = self.by_number.get(number, ())
        known = [t for t in titles if t.part == part] or titles
        of_its_time = [t for t in known if t.since <= (filed or "99999999")]
        return of_its_time[-1] if of_its_time else (known[0] if known else None)


_MDA = r"management\W{0,3}s?\W+(discussion|d\s*&\s*a)|discussion and analysis|plan of operations?"
_OWNERS = r"security ownership|(certain )?beneficial owner"
_RELATED = r"certain relations?|related part|related transactions|transactions with|certain transactions"
_FEES = r"princip\w+ account\w* fee|accounting fees|fees (and|paid)|audit fees|principal account"
_CHANGES_IN = r"changes?\s+(in|and)\W.*(disagree|accountant|auditor)|disagreements?|changes in accountants"
_MARKET = (
    r"market\b(?!\s+risk)|common (stock|equity)|(price range|description) of|stock price|registrant.s (common|market)"
)
_STATEMENTS = (
    r"(\W*(un)?audited\W+)?((consolidated|condensed|interim|combined)\s+){0,3}(financial (statements?|information)"
    r"|statements? of|balance sheets?)|index to"
)
_EXHIBITS = r"(list of |index (to|of) )?(exhibits?\b|financial statement)"
_SUBMISSION = r"submission|matters? submitted|vote of|results of votes"
_RESERVED = r"\W*(removed and )?(reserved|removed|omitted|intentionally)"
_CONTROLS = r"(evaluation of )?(disclosure )?controls?\b|evaluation of disclosure"
_DIRECTORS = r"directors?\b|identification of directors|executive officers|management\b(?!.s d)"
_RISK = r"quantitative|qualitative|market risk|disclosures? about market"
_SALES = (
    r"unregistered|changes? in (the )?(rights|securit)|issuer (purchase|repurchase)|purchases? of equity|recent sales"
    r"|sales? of (unreg|equity)|(share|stock) repurchase|repurchase|use of proceeds|changes in registrant.s sec"
)

TEN_K = Form(
    "10-K",
    (
        Title(
            "I",
            "1",
            "Business",
            r"((description|narrative description) of )?(our )?(the )?business|general\b|the company",
        ),
        Title("I", "1A", "Risk Factors", r"(certain )?(risk|factors)", "20051201"),
        Title("I", "1B", "Unresolved Staff Comments", r"un?resolved|staff comments", "20051201"),
        Title("I", "1C", "Cybersecurity", r"cyber", "20231215"),
        Title("I", "2", "Properties", r"(description of )?(the )?(our )?propert|real estate|facilities"),
        Title("I", "3", "Legal Proceedings", r"(pending )?(legal|litigation)"),
        Title("I", "4", "Submission of Matters to a Vote of Security Holders", _SUBMISSION),
        Title("I", "4", "(Removed and Reserved)", _RESERVED, "20100228"),
        Title("I", "4", "Mine Safety Disclosures", r"mine", "20120127"),
        Title("I", "4A", "Executive Officers of the Registrant", r"executive officers|officers"),
        Title(
            "II",
            "5",
            "Market for Registrant's Common Equity, Related Stockholder Matters and Issuer Purchases of Equity "
            "Securities",
            _MARKET,
        ),
        Title("II", "6", "Selected Financial Data", r"selected|(consolidated )?financial (data|highlights)|summary"),
        Title("II", "6", "[Reserved]", _RESERVED, "20210210"),
        Title("II", "7", "Management's Discussion and Analysis of Financial Condition and Results of Operations", _MDA),
        Title("II", "7A", "Quantitative and Qualitative Disclosures About Market Risk", _RISK, "19970601"),
        Title("II", "8", "Financial Statements and Supplementary Data", _STATEMENTS),
        Title(
            "II",
            "9",
            "Changes in and Disagreements with Accountants on Accounting and Financial Disclosure",
            _CHANGES_IN,
        ),
        Title("II", "9A", "Controls and Procedures", _CONTROLS, "20030814"),
        Title("II", "9B", "Other Information", r"other information", "20041001"),
        Title(
            "II",
            "9C",
            "Disclosure Regarding Foreign Jurisdictions that Prevent Inspections",
            r"disclosures? regarding|foreign",
            "20211201",
        ),
        Title("III", "10", "Directors, Executive Officers and Corporate Governance", _DIRECTORS),
        Title(
            "III",
            "11",
            "Executive Compensation",
            r"(executive|management|directors?).{0,30}(compensation|remuneration)",
        ),
        Title(
            "III",
            "12",
            "Security Ownership of Certain Beneficial Owners and Management and Related Stockholder Matters",
            _OWNERS,
        ),
        Title("III", "13", "Certain Relationships and Related Transactions, and Director Independence", _RELATED),
        Title("IV", "14", "Exhibits, Financial Statement Schedules, and Reports on Form 8-K", _EXHIBITS),
        Title("III", "14", "Controls and Procedures", _CONTROLS, "20020829"),
        Title("III", "14", "Principal Accountant Fees and Services", _FEES, "20030814"),
        Title("IV", "15", "Exhibits and Financial Statement Schedules", _EXHIBITS, "20020829"),
        Title("III", "15", "Principal Accountant Fees and Services", _FEES, "20020829"),
        Title("IV", "16", "Exhibits, Financial Statement Schedules, and Reports on Form 8-K", _EXHIBITS, "20020829"),
        Title("III", "16", "Principal Accountant Fees and Services", _FEES, "20020829"),
        Title("IV", "16", "Form 10-K Summary", r"(form )?10-?k summary|summary", "20160601"),
    ),
)

TEN_KSB = Form(
    "10-KSB",
    (
        Title("I", "1", "Description of Business", r"(description of )?(our )?(the )?business|general\b"),
        Title("I", "1A", "Risk Factors", r"(certain )?(risk|factors)", "20051201"),
        Title("I", "1B", "Unresolved Staff Comments", r"unresolved|staff comments", "20051201"),
        Title("I", "2", "Description of Property", r"(description of )?(the )?(our )?propert|facilities"),
        Title("I", "3", "Legal Proceedings", r"(pending )?(legal|litigation)"),
        Title("I", "4", "Submission of Matters to a Vote of Security Holders", _SUBMISSION),
        Title("II", "5", "Market for Common Equity and Related Stockholder Matters", _MARKET),
        Title("II", "6", "Management's Discussion and Analysis or Plan of Operation", _MDA),
        Title("II", "7", "Financial Statements", _STATEMENTS),
        Title(
            "II",
            "8",
            "Changes in and Disagreements with Accountants on Accounting and Financial Disclosure",
            _CHANGES_IN,
        ),
        Title("II", "8A", "Controls and Procedures", _CONTROLS, "20030814"),
        Title("II", "8B", "Other Information", r"other information", "20041001"),
        Title(
            "III",
            "9",
            "Directors, Executive Officers, Promoters and Control Persons; Compliance with Section 16(a) of the "
            "Exchange Act",
            _DIRECTORS,
        ),
        Title(
            "III",
            "10",
            "Executive Compensation",
            r"(executive|management|directors?).{0,30}(compensation|remuneration)",
        ),
        Title("III", "11", "Security Ownership of Certain Beneficial Owners and Management", _OWNERS),
        Title("III", "12", "Certain Relationships and Related Transactions", _RELATED),
        Title("III", "13", "Exhibits and Reports on Form 8-K", _EXHIBITS),
        Title("III", "14", "Controls and Procedures", _CONTROLS, "20020829"),
        Title("III", "14", "Principal Accountant Fees and Services", _FEES, "20030814"),
    ),
)

TEN_Q = Form(
    "10-Q",
    (
        Title("I", "1", "Financial Statements", _STATEMENTS),
        Title("I", "2", "Management's Discussion and Analysis of Financial Condition and Results of Operations", _MDA),
        Title("I", "3", "Quantitative and Qualitative Disclosures About Market Risk", _RISK, "19970601"),
        Title("I", "3", "Controls and Procedures", _CONTROLS, "99999999"),
        Title("I", "4", "Controls and Procedures", _CONTROLS, "20020829"),
        Title("II", "1", "Legal Proceedings", r"(pending )?(legal|litigation)"),
        Title(
            "II", "1A", "Risk Factors", r"(certain )?(risk|factors)|(material )?changes? (in|to|from) risk", "20051201"
        ),
        Title("II", "2", "Unregistered Sales of Equity Securities and Use of Proceeds", _SALES),
        Title("II", "3", "Defaults Upon Senior Securities", r"defaults?\b"),
        Title("II", "4", "Submission of Matters to a Vote of Security Holders", _SUBMISSION),
        Title("II", "4", "(Removed and Reserved)", _RESERVED, "20100228"),
        Title("II", "4", "Mine Safety Disclosures", r"mine", "20120127"),
        Title("II", "5", "Other Information", r"other (information|matters|events|items)"),
        Title("II", "6", "Exhibits", r"(list of |index (to|of) )?exhibits?\b|reports on form"),
    ),
)

_OLD_8K = (
    Title("", "1", "Changes in Control of Registrant", r"changes? (in|of) control"),
    Title("", "2", "Acquisition or Disposition of Assets", r"acquisition|disposition"),
    Title("", "3", "Bankruptcy or Receivership", r"bankruptcy|receivership"),
    Title(
        "",
        "4",
        "Changes in Registrant's Certifying Accountant",
        r"changes? in (the )?(registrant|company|certifying|acc)",
    ),
    Title("", "5", "Other Events", r"other\b"),
    Title("", "6", "Resignations of Registrant's Directors", r"resignations?"),
    Title("", "7", "Financial Statements and Exhibits", r"financial|exhibits?|pro forma"),
    Title("", "8", "Change in Fiscal Year", r"changes? in fiscal"),
    Title("", "9", "Regulation FD Disclosure", r"regulation|reg\.? ?fd|sales of equity"),
    Title("", "10", "Amendments to the Registrant's Code of Ethics", r"amendments?"),
    Title("", "11", "Temporary Suspension of Trading Under Registrant's Employee Benefit Plans", r"temporary"),
    Title("", "12", "Results of Operations and Financial Condition", r"results|disclosure of results"),
)

_NEW_8K = (
    ("1.01", "Entry into a Material Definitive Agreement", r"entry|amendment|material"),
    ("1.02", "Termination of a Material Definitive Agreement", r"termination"),
    ("1.03", "Bankruptcy or Receivership", r"bankruptcy|receivership"),
    ("1.04", "Mine Safety - Reporting of Shutdowns and Patterns of Violations", r"mine"),
    ("1.05", "Material Cybersecurity Incidents", r"(material )?cyber"),
    ("2.01", "Completion of Acquisition or Disposition of Assets", r"completion|acquisition|disposition"),
    ("2.02", "Results of Operations and Financial Condition", r"results|disclosure of results"),
    (
        "2.03",
        "Creation of a Direct Financial Obligation or an Obligation under an Off-Balance Sheet Arrangement of a "
        "Registrant",
        r"creation",
    ),
    (
        "2.04",
        "Triggering Events That Accelerate or Increase a Direct Financial Obligation or an Obligation under an "
        "Off-Balance Sheet Arrangement",
        r"triggering",
    ),
    ("2.05", "Costs Associated with Exit or Disposal Activities", r"costs?\b"),
    ("2.06", "Material Impairments", r"(material )?impairment"),
    (
        "3.01",
        "Notice of Delisting or Failure to Satisfy a Continued Listing Rule or Standard; Transfer of Listing",
        r"notice|transfer|failure|delisting",
    ),
    ("3.02", "Unregistered Sales of Equity Securities", r"unregistered|sales? of"),
    ("3.03", "Material Modification to Rights of Security Holders", r"(material )?modifications?"),
    ("4.01", "Changes in Registrant's Certifying Accountant", r"changes? (in|of)"),
    (
        "4.02",
        "Non-Reliance on Previously Issued Financial Statements or a Related Audit Report or Completed Interim Review",
        r"non\W{0,3}reliance",
    ),
    ("5.01", "Changes in Control of Registrant", r"changes? (in|of) control"),
    (
        "5.02",
        "Departure of Directors or Certain Officers; Election of Directors; Appointment of Certain Officers; "
        "Compensatory Arrangements of Certain Officers",
        r"departure|election|appointment|compensatory|resignation",
    ),
    (
        "5.03",
        "Amendments to Articles of Incorporation or Bylaws; Change in Fiscal Year",
        r"amendments?|changes? in fiscal",
    ),
    (
        "5.04",
        "Temporary Suspension of Trading Under Registrant's Employee Benefit Plans",
        r"temporary",
    ),
    (
        "5.05",
        "Amendments to the Registrant's Code of Ethics, or Waiver of a Provision of the Code of Ethics",
        r"amendments?|waiver",
    ),
    ("5.06", "Change in Shell Company Status", r"changes? in shell"),
    ("5.07", "Submission of Matters to a Vote of Security Holders", r"submission|matters|results of"),
    ("5.08", "Shareholder Director Nominations", r"(share|stock)holder"),
    ("6.01", "ABS Informational and Computational Material", r"abs\b|asset"),
    ("6.02", "Change of Servicer or Trustee", r"changes? (of|in)"),
    ("6.03", "Change in Credit Enhancement or Other External Support", r"changes? in credit"),
    ("6.04", "Failure to Make a Required Distribution", r"failure"),
    ("6.05", "Securities Act Updating Disclosure", r"securities act"),
    ("7.01", "Regulation FD Disclosure", r"regulation|reg\.? ?fd"),
    ("8.01", "Other Events", r"other\b"),
    ("9.01", "Financial Statements and Exhibits", r"financial|exhibits?|pro forma"),
)

EIGHT_K = Form("8-K", (*_OLD_8K, *(Title("", *each) for each in _NEW_8K)), ordered=False)


@lru_cache(64)
def form_of(name: str) -> Form | None:
    """The items of a form type such as `10-K405/A`; None where it has none."""
    plain = name.upper().replace(" ", "")
    if plain.startswith("8-K"):
        return EIGHT_K
    if plain.startswith(("10-KSB", "10KSB", "10-KTSB")):
        return TEN_KSB
    if plain.startswith(("10-K", "10KT")):
        return TEN_K
    return TEN_Q if plain.startswith(("10-Q", "10QSB")) else None
