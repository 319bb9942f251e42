"""Offerings: form D in XML, and the registration statements and prospectuses S-1, 424B2, 20-F, 6-K as pages."""

from __future__ import annotations

from datetime import timedelta

from sandbox.generate import binary
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import FIRST, LAST, html, html_paragraphs
from sandbox.generate.xml import document, tag, tags


def form_d(draft: Draft) -> Made:
    """A notice of an exempt offering."""
    rng, issuer = draft.rng, draft.company()
    place = tags(
        street1=issuer.street.upper(), city=issuer.city.upper(), stateOrCountry=issuer.state, zipCode=issuer.zip
    )
    people = [
        tag(
            "relatedPersonInfo",
            tag("relatedPersonName", *tags(firstName=rng.choice(FIRST), lastName=rng.choice(LAST))),
            tag("relatedPersonAddress", *place),
            tag("relatedPersonRelationshipList", tag("relationship", rng.choice(("Executive Officer", "Director")))),
        )
        for _ in range(rng.randint(1, 5))
    ]
    total = rng.randint(1, 900) * 100_000
    sold = rng.randint(0, total)
    offering = tag(
        "offeringData",
        tag("industryGroup", tag("industryGroupType", "Other Technology")),
        tag("issuerSize", tag("revenueRange", "Decline to Disclose")),
        tag("federalExemptionsExclusions", tag("item", "06b")),
        tag("typeOfFiling", tag("newOrAmendment", tag("isAmendment", "false"))),
        tag("durationOfOffering", tag("moreThanOneYear", "false")),
        tag("typesOfSecuritiesOffered", tag("isEquityType", "true")),
        tag("minimumInvestmentAccepted", rng.choice((0, 25_000))),
        tag(
            "offeringSalesAmounts",
            *tags(totalOfferingAmount=total, totalAmountSold=sold, totalRemaining=total - sold),
        ),
        tag("investors", *tags(hasNonAccreditedInvestors="false", totalNumberAlreadyInvested=rng.randint(0, 90))),
        tag("signatureBlock", tag("signature", *tags(issuerName=issuer.name, signatureDate=draft.filed.isoformat()))),
    )
    root = tag(
        "edgarSubmission",
        *tags(schemaVersion="X0708", submissionType="D", testOrLive="LIVE"),
        tag(
            "primaryIssuer",
            *tags(cik=issuer.cik10, entityName=issuer.name),
            tag("issuerAddress", *place),
            *tags(issuerPhoneNumber=issuer.phone, jurisdictionOfInc="DELAWARE", entityType="Corporation"),
        ),
        tag("relatedPersonsList", *people),
        offering,
    )
    parts = [Part("D", document(root, '<?xml version="1.0"?>'), "primary_doc.xml", "", "XML")]
    return Made("D", [Role("FILER", issuer, act="33")], parts, counts={"relatedPersonInfo": len(people)})


def s_1(draft: Draft) -> Made:
    """A registration statement with a logo, an opinion and a table of fees."""
    rng, filer = draft.rng, draft.company()
    page = html(f"{filer.name} S-1", f'<img src="logo.jpg"/>\n<h1>{filer.name}</h1>\n{html_paragraphs(rng, 25)}')
    parts = [
        Part("S-1", page.encode(), "forms-1.htm", "REGISTRATION STATEMENT"),
        Part("EX-5.1", html("Opinion", html_paragraphs(rng, 3)).encode(), "ex5-1.htm", "OPINION OF COUNSEL"),
        Part("EX-FILING FEES", html("Fees", html_paragraphs(rng, 1)).encode(), "ex107.htm", "FEES"),
        Part("GRAPHIC", binary.jpg(rng, 4), "logo.jpg", uuencoded=True),
    ]
    return Made("S-1", [Role("FILER", filer, act="33")], parts)


def prospectus(draft: Draft) -> Made:
    """A pricing supplement under Rule 424(b)(2), by an issuer and its guarantor."""
    rng, filer, guarantor = draft.rng, draft.company(), draft.company()
    rows = "\n".join(f"<tr><td>{n}</td><td>{rng.uniform(90, 110):.3f}%</td></tr>" for n in range(rng.randint(4, 20)))
    body = f"<h1>Notes linked to an index</h1>\n<table>\n{rows}\n</table>\n{html_paragraphs(rng, 8)}"
    parts = [Part("424B2", html("Pricing supplement", body).encode(), "supplement.htm", "PRICING SUPPLEMENT")]
    roles = [Role("FILER", filer, act="33")] + ([Role("FILER", guarantor, act="33")] if guarantor != filer else [])
    return Made("424B2", roles, parts)


def form_20f(draft: Draft) -> Made:
    """A foreign issuer's annual report."""
    rng, filer = draft.rng, draft.company()
    parts = [
        Part("20-F", html(f"{filer.name} 20-F", html_paragraphs(rng, 40)).encode(), "form20f.htm", "ANNUAL REPORT"),
        Part("EX-12.1", html("Certification", html_paragraphs(rng, 2)).encode(), "ex12-1.htm", "CERTIFICATION"),
        Part("GRAPHIC", binary.gif(rng), "map.gif", uuencoded=True),
    ]
    period = draft.filed.replace(day=1) - timedelta(days=1)
    return Made("20-F", [Role("FILER", filer)], parts, period=period)


def form_6k(draft: Draft) -> Made:
    """A foreign issuer's report, with the same news as a page and as PDF."""
    rng, filer = draft.rng, draft.company()
    parts = [
        Part("6-K", html(f"{filer.name} 6-K", html_paragraphs(rng, 3)).encode(), "form6k.htm", "REPORT"),
        Part("EX-99.1", html("News", html_paragraphs(rng, 6)).encode(), "ex99-1.htm", "NEWS"),
    ]
    if rng.random() < 0.5:
        parts.append(Part("EX-99.2", binary.pdf([filer.name, "News"]), "ex99-2.pdf", "NEWS", "PDF", uuencoded=True))
    return Made("6-K", [Role("FILER", filer)], parts, period=draft.filed)
