"""Letters and notices: UPLOAD, CORRESP, SC 13G, SC 13D, SCHEDULE 13D, 40-17G under many filers, paper filings."""

from __future__ import annotations

from sandbox.generate import binary
from sandbox.generate.cast import company
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import html, html_paragraphs, paragraphs, prose
from sandbox.generate.xml import document, tag, tags

MANY = 40


def upload(draft: Draft) -> Made:
    """The staff's letter: PDF and the text drawn from it, private first."""
    filer = draft.company()
    text = paragraphs(draft.rng, 4)
    parts = [
        Part("LETTER", binary.pdf(text.splitlines()), "filename1.pdf", "", "PDF", uuencoded=True),
        Part("TEXT-EXTRACT", text.encode(), "filename2.txt"),
    ]
    return Made("UPLOAD", [Role("FILED-FOR", filer, act=None)], parts, flags=["PRIVATE-TO-PUBLIC"])


def corresp(draft: Draft) -> Made:
    """The company's answer, private first."""
    filer = draft.company()
    parts = [Part("CORRESP", html("Letter", html_paragraphs(draft.rng, 6)).encode(), "filename1.htm")]
    return Made("CORRESP", [Role("FILER", filer, act=None)], parts, flags=["PRIVATE-TO-PUBLIC"])


def sc_13g(draft: Draft) -> Made:
    """A passive holder's statement, typed."""
    return _about(draft, "SC 13G", paragraphs(draft.rng, 6).encode(), "sc13g.txt", "SCHEDULE 13G")


def sc_13d(draft: Draft) -> Made:
    """An active holder's statement as a page, with an agreement."""
    page = html("Schedule 13D", html_paragraphs(draft.rng, 12)).encode()
    made = _about(draft, "SC 13D", page, "sc13d.htm", "SCHEDULE 13D")
    agreement = html("Agreement", html_paragraphs(draft.rng, 2)).encode()
    made.parts.append(Part("EX-99.1", agreement, "ex99-1.htm", "JOINT FILING AGREEMENT"))
    return made


def schedule_13d(draft: Draft) -> Made:
    """The same in XML, as since the end of 2024."""
    made = _about(draft, "SCHEDULE 13D", b"", "primary_doc.xml", "")
    issuer, holder = made.roles[0].party, made.roles[1].party
    owned = draft.rng.randint(100_000, 9_000_000)
    day = draft.filed.strftime("%m/%d/%Y")
    powers = tags(
        soleVotingPower=owned, sharedVotingPower=0, soleDispositivePower=owned, sharedDispositivePower=0,
        aggregateAmountOwned=owned, isAggregateExcludeShares="N", percentOfClass=f"{draft.rng.uniform(5, 30):.1f}",
        typeOfReportingPerson="IN",
    )  # fmt: skip
    cover = tag(
        "coverPageHeader",
        *tags(securitiesClassTitle="Common Stock", dateOfEvent=day, previouslyFiledFlag="false"),
        tag("issuerInfo", *tags(issuerCIK=issuer.cik10, issuerCUSIP=f"9{issuer.cik}0", issuerName=issuer.name)),
    )
    person = tag(
        "reportingPersonInfo",
        *tags(reportingPersonCIK=holder.cik10, reportingPersonName=holder.name, fundType="PF"),
        tag("citizenshipOrOrganization", "X1"),
        *powers,
    )
    items = tag(
        "items1To7",
        tag("item1", *tags(securityTitle="Common Stock", issuerName=issuer.name)),
        tag("item4", tag("transactionPurpose", prose(draft.rng, 4))),
        tag("item7", tag("filedExhibits", "None")),
    )
    root = tag(
        "edgarSubmission",
        tag(
            "headerData",
            tag("submissionType", "SCHEDULE 13D"),
            tag("filerInfo", tag("filer", tag("filerCredentials", *tags(cik=holder.cik10, ccc="XXXXXXXX")))),
        ),
        tag("formData", cover, tag("reportingPersons", person), items),
        xmlns="http://www.sec.gov/edgar/schedule13D",
        xmlns__com="http://www.sec.gov/edgar/common",
    )
    made.parts[0].content, made.parts[0].wrapper = document(root), "XML"
    made.counts = {"reportingPersonInfo": 1}
    return made


def many_filers(draft: Draft) -> Made:
    """One notice by forty funds."""
    first = draft.rng.randrange(400 - MANY)
    filers = [Role("FILER", company(number), act="40") for number in range(first, first + MANY)]
    parts = [Part("40-17G", html("Fidelity bond", html_paragraphs(draft.rng, 5)).encode(), "bond.htm", "FIDELITY BOND")]
    return Made("40-17G", filers, parts)


def paper(draft: Draft) -> Made:
    """What EDGAR holds of a filing on paper: a stub that points to it."""
    number = draft.accession[11:13] + draft.accession[14:]
    text = f"This stub stands for a filing on paper.\nIts document control number is {number}.\n"
    parts = [Part("X-17A-5", text.rstrip("\n").encode(), f"{draft.accession}.paper", "PAPER FILING")]
    return Made("X-17A-5", [Role("FILER", draft.company())], parts, period=draft.filed, flags=["PAPER"])


def _about(draft: Draft, form: str, content: bytes, filename: str, description: str) -> Made:
    roles = [Role("SUBJECT-COMPANY", draft.company()), Role("FILED-BY", draft.person(), act=None)]
    return Made(form, roles, [Part(form, content, filename, description)])
