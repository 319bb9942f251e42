"""Forms that list holdings and votes: 13F-HR, NPORT-P, N-PX."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.edgar.header import Section
from sandbox.generate.cast import Party, company
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import FIRST, LAST, prose
from sandbox.generate.xml import Xml, document, tag, tags

_COMMON = "http://www.sec.gov/edgar/common"
_13F = "http://www.sec.gov/edgar/document/thirteenf/informationtable"
_VOTES = "http://www.sec.gov/edgar/document/npxproxy/informationtable"


def form_13f(draft: Draft, rows: int | None = None) -> Made:
    """A 13F-HR whose cover totals agree with its table; values are in dollars, as since 2023."""
    rng, manager = draft.rng, draft.company()
    period = _quarter_before(draft.filed)
    held = [company(number) for number in rng.sample(range(400), rows or rng.randint(3, 25))]
    values = [rng.randint(10_000, 90_000_000) for _ in held]
    others = [draft.company()] if rng.random() < 0.4 else []
    table = tag(
        "informationTable", *(_row(draft, *each, bool(others)) for each in zip(held, values, strict=True)), xmlns=_13F
    )
    cover = tag(
        "coverPage",
        *tags(reportCalendarOrQuarter=_american(period), isAmendment="false"),
        tag("filingManager", tag("name", manager.name), _address("address", manager)),
        *tags(reportType="13F HOLDINGS REPORT", form13FFileNumber=f"028-{rng.randint(10000, 29999)}"),
        tag("provideInfoForInstruction5", "N"),
    )
    signature = tag(
        "signatureBlock",
        *tags(name=_name(draft), title="Compliance Officer", phone="555-010-2233", signature=f"/s/ {_name(draft)}"),
        *tags(city=manager.city, stateOrCountry=manager.state, signatureDate=_american(draft.filed)),
    )
    listed = [
        tag("otherManager2", tag("sequenceNumber", 1), tag("otherManager", *tags(cik=other.cik10, name=other.name)))
        for other in others
    ]
    summary = tag(
        "summaryPage",
        *tags(otherIncludedManagersCount=len(others), tableEntryTotal=len(held), tableValueTotal=sum(values)),
        tag("isConfidentialOmitted", "false"),
        tag("otherManagers2Info", *listed) if listed else None,
    )
    root = _submission(
        "http://www.sec.gov/edgar/thirteenffiler",
        _header("13F-HR", manager, tag("periodOfReport", _american(period))),
        tag("formData", cover, signature, summary),
    )
    parts = [
        Part("13F-HR", document(root), "primary_doc.xml", "", "XML"),
        Part("INFORMATION TABLE", document(table), "infotable.xml", "", "XML"),
    ]
    return Made("13F-HR", [Role("FILER", manager)], parts, period=period, counts={"infoTable": len(held)})


def form_13f_wide(draft: Draft) -> Made:
    """A 13F-HR whose table is one long line, for EDGAR to break at 1,023 characters."""
    made = form_13f(draft, rows=30)
    for part in made.parts:
        part.content = part.content.replace(b"\n", b"")
    return made


def form_nport(draft: Draft) -> Made:
    """A fund's monthly portfolio."""
    rng, fund = draft.rng, draft.company()
    period = _quarter_before(draft.filed)
    held = [company(number) for number in rng.sample(range(400), rng.randint(2, 15))]
    values = [round(rng.uniform(1_000, 9_000_000), 2) for _ in held]
    total = sum(values)
    series, share_class = f"S{rng.randrange(10**8):09d}", f"C{rng.randrange(10**8):09d}"
    general = tag(
        "genInfo",
        *tags(regName=fund.name, regFileNumber="811-09999", regCik=fund.cik10, regLei=_lei(draft)),
        *tags(regStreet1=fund.street, regCity=fund.city),
        tag("regStateConditional", regCountry="US", regState=f"US-{fund.state}"),
        *tags(regZipOrPostalCode=fund.zip, regPhone="555-010-0000", seriesName=f"{fund.name} Income Series"),
        *tags(seriesId=series, seriesLei=_lei(draft), repPdEnd=period.isoformat(), repPdDate=period.isoformat()),
        tag("isFinalFiling", "N"),
    )
    zero = ("amtPayOneYrBanksBorr", "amtPayOneYrCtrldComp", "delayDeliv", "standByCommit", "liquidPref")
    months = [
        tag(f"mon{n}Flow", redemption=_dollars(draft), reinvestment="0.00", sales=_dollars(draft)) for n in (1, 2, 3)
    ]
    returns = tag(
        "returnInfo",
        tag(
            "monthlyTotReturns",
            tag("monthlyTotReturn", classId=share_class, **{f"rtn{n}": f"{rng.uniform(-3, 3):.2f}" for n in (1, 2, 3)}),
        ),
        *(
            tag(f"othMon{n}", netRealizedGain="0.00", netUnrealizedAppr=f"{rng.uniform(-9e4, 9e4):.2f}")
            for n in (1, 2, 3)
        ),
    )
    fund_info = tag(
        "fundInfo",
        *tags(totAssets=f"{total + 5000:.2f}", totLiabs="5000.00", netAssets=f"{total:.2f}"),
        *(tag(name, "0.00") for name in zero),
        tag("isNonCashCollateral", "N"),
        returns,
        *months,
    )
    root = _submission(
        "http://www.sec.gov/edgar/nport",
        tag(
            "headerData",
            *tags(submissionType="NPORT-P", isConfidential="false"),
            tag(
                "filerInfo",
                tag("filer", tag("issuerCredentials", *tags(cik=fund.cik10, ccc="XXXXXXXX"))),
                tag("seriesClassInfo", *tags(seriesId=series, classId=share_class)),
            ),
        ),
        tag(
            "formData",
            general,
            fund_info,
            tag("invstOrSecs", *(_holding(draft, *each, total) for each in zip(held, values, strict=True))),
            tag(
                "signature",
                *tags(dateSigned=draft.filed.isoformat(), nameOfApplicant=fund.name, signature=_name(draft)),
            ),
        ),
    )
    parts = [Part("NPORT-P", document(root), "primary_doc.xml", "", "XML")]
    roles = [Role("FILER", fund, act="40")]
    counts = {"invstOrSec": len(held)}
    return Made("NPORT-P", roles, parts, period=period, series=_series(fund, series, share_class), counts=counts)


def form_npx(draft: Draft) -> Made:
    """A fund's proxy votes: cover and vote table."""
    rng, fund = draft.rng, draft.company()
    period = date(draft.filed.year - (draft.filed.month < 8), 6, 30)
    votes = [_vote(draft, company(rng.randrange(400)), period) for _ in range(rng.randint(2, 12))]
    table = tag("inf:proxyVoteTable", *votes, xmlns__inf=_VOTES)
    cover = tag(
        "coverPage",
        *tags(yearOrQuarter="YEAR", reportCalendarYear=period.year),
        tag("reportingPerson", *tags(name=fund.name, phoneNumber="5550100000"), _address("address", fund)),
        tag("reportInfo", *tags(reportType="FUND VOTING REPORT", confidentialTreatment="N")),
        tag("fileNumber", "811-09999"),
        tag("explanatoryInformation", tag("explanatoryChoice", "N")),
    )
    signed = tags(
        reportingPerson=fund.name, txSignature=_name(draft), txPrintedSignature=_name(draft), txTitle="Secretary",
        txAsOfDate=draft.filed.strftime("%m/%d/%Y"),
    )  # fmt: skip
    root = _submission(
        "http://www.sec.gov/edgar/npx",
        _header("N-PX", fund, tag("periodOfReport", period.strftime("%m/%d/%Y")), "issuerCredentials"),
        tag(
            "formData",
            cover,
            tag("summaryPage", tag("otherIncludedManagersCount", 0)),
            tag("seriesPage", tag("seriesCount", 0)),
            tag("signaturePage", *signed),
        ),
    )
    parts = [
        Part("N-PX", document(root), "primary_doc.xml", "", "XML"),
        Part("PROXY VOTING RECORD", document(table), "votes.xml", "", "XML"),
    ]
    return Made("N-PX", [Role("FILER", fund, act="40")], parts, period=period, counts={"proxyTable": len(votes)})


def _series(fund: Party, series: str, share_class: str) -> Section:
    contract = Section("CLASS-CONTRACT", [("CLASS-CONTRACT-ID", share_class), ("CLASS-CONTRACT-NAME", "Class A")])
    known = [("OWNER-CIK", fund.cik10), ("SERIES-ID", series), ("SERIES-NAME", f"{fund.name} Income Series")]
    existing = Section("EXISTING-SERIES-AND-CLASSES-CONTRACTS", [Section("SERIES", [*known, contract])])
    return Section("SERIES-AND-CLASSES-CONTRACTS-DATA", [existing])


def _submission(namespace: str, *content: Xml) -> Xml:
    return tag("edgarSubmission", *content, xmlns=namespace, xmlns__com=_COMMON)


def _header(form: str, party: Party, period: Xml, credentials: str = "credentials") -> Xml:
    filer = tag("filer", tag(credentials, *tags(cik=party.cik10, ccc="XXXXXXXX")))
    return tag("headerData", tag("submissionType", form), tag("filerInfo", tag("liveTestFlag", "LIVE"), filer, period))


def _address(name: str, party: Party) -> Xml:
    return tag(
        name,
        tag("com:street1", party.street),
        tag("com:city", party.city),
        tag("com:stateOrCountry", party.state),
        tag("com:zipCode", party.zip),
    )


def _row(draft: Draft, party: Party, value: int, others: bool) -> Xml:
    rng = draft.rng
    shares = rng.randint(100, 900_000)
    kind = rng.random()
    split = rng.randint(0, shares)
    return tag(
        "infoTable",
        *tags(nameOfIssuer=party.name.upper(), titleOfClass="COM", cusip=_cusip(party), value=value),
        tag("shrsOrPrnAmt", *tags(sshPrnamt=shares, sshPrnamtType="PRN" if kind < 0.05 else "SH")),
        tag("putCall", rng.choice(("Put", "Call"))) if kind > 0.9 else None,
        tag("investmentDiscretion", "DFND" if others else "SOLE"),
        tag("otherManager", 1) if others else None,
        tag("votingAuthority", *tags(Sole=split, Shared=0), tag("None", shares - split)),
    )


def _holding(draft: Draft, party: Party, value: float, total: float) -> Xml:
    lending = tags(isCashCollateral="N", isNonCashCollateral="N", isLoanByFund="N")
    return tag(
        "invstOrSec",
        *tags(name=party.name, lei=_lei(draft), title=f"{party.name} Common Stock", cusip=_cusip(party)),
        tag("identifiers", tag("ticker", value=party.ticker)),
        *tags(balance=draft.rng.randint(10, 90_000), units="NS", curCd="USD", valUSD=value),
        *tags(pctVal=f"{value / total * 100:.10f}", payoffProfile="Long", assetCat="EC", issuerCat="CORP"),
        *tags(invCountry="US", isRestrictedSec="N", fairValLevel=1),
        tag("securityLending", *lending),
    )


def _vote(draft: Draft, party: Party, period: date) -> Xml:
    rng = draft.rng
    shares = rng.randint(1, 90_000)
    record = (("howVoted", rng.choice(("FOR", "AGAINST", "ABSTAIN"))), ("sharesVoted", shares))
    record += (("managementRecommendation", rng.choice(("FOR", "AGAINST"))),)
    kind = rng.choice(("DIRECTOR ELECTIONS", "SECTION 14A SAY-ON-PAY VOTES", "CORPORATE GOVERNANCE"))
    return tag(
        "inf:proxyTable",
        tag("inf:issuerName", party.name),
        tag("inf:cusip", _cusip(party)),
        tag("inf:meetingDate", (period - timedelta(days=rng.randint(1, 300))).strftime("%m/%d/%Y")),
        tag("inf:voteDescription", prose(rng, 1)),
        tag("inf:voteCategories", tag("inf:voteCategory", tag("inf:categoryType", kind))),
        tag("inf:voteSource", "ISSUER"),
        tag("inf:sharesVoted", shares),
        tag("inf:sharesOnLoan", 0),
        tag("inf:vote", tag("inf:voteRecord", *(tag(f"inf:{name}", value) for name, value in record))),
    )


def _cusip(party: Party) -> str:
    return f"9{party.cik:07d}0"


def _lei(draft: Draft) -> str:
    return f"SANDBOX{draft.rng.randrange(10**13):013d}"


def _dollars(draft: Draft) -> str:
    return f"{draft.rng.uniform(0, 900_000):.2f}"


def _name(draft: Draft) -> str:
    return f"{draft.rng.choice(FIRST)} {draft.rng.choice(LAST)}"


def _american(day: date) -> str:
    return day.strftime("%m-%d-%Y")


def _quarter_before(day: date) -> date:
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return first - timedelta(days=1)
