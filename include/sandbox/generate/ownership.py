"""Forms 3, 4 and 5: `ownershipDocument`, with owners, holdings, transactions and footnotes (schema X0508)."""

from __future__ import annotations

from datetime import date, timedelta

from sandbox.generate.cast import Party
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import prose
from sandbox.generate.xml import Xml, document, tag, tags

_TITLES = ("Chief Executive Officer", "Chief Financial Officer", "EVP & General Counsel", "Controller")


def form_3(draft: Draft) -> Made:
    """A first statement: holdings only."""
    return _form(draft, "3", transactions=0, holdings=draft.rng.randint(0, 3), derivatives=draft.rng.randint(0, 2))


def form_4(draft: Draft) -> Made:
    """A change, of shares alone."""
    return _form(draft, "4", transactions=draft.rng.randint(1, 4), holdings=draft.rng.randint(0, 1), derivatives=0)


def form_4_derivatives(draft: Draft) -> Made:
    """A change with options, by two owners."""
    return _form(draft, "4", transactions=2, holdings=1, derivatives=3, owners=2)


def form_5(draft: Draft) -> Made:
    """A yearly statement."""
    return _form(draft, "5", transactions=draft.rng.randint(1, 2), holdings=2, derivatives=1)


def _form(draft: Draft, form: str, *, transactions: int, holdings: int, derivatives: int, owners: int = 1) -> Made:
    rng = draft.rng
    issuer = draft.company()
    people = [draft.person()]
    while len(people) < owners:
        if (other := draft.person()) not in people:
            people.append(other)
    period = draft.filed - timedelta(days=rng.randint(0, 2))
    owned = rng.randint(1_000, 90_000)
    shares = [_transaction(draft, form, period, owned) for _ in range(transactions)]
    shares += [_holding(draft) for _ in range(holdings)]
    options = [_derivative(draft, form, period) for _ in range(derivatives)]
    root = tag(
        "ownershipDocument",
        *tags(schemaVersion="X0508", documentType=form, periodOfReport=period.isoformat()),
        tag("notSubjectToSection16", "0") if form != "3" else tag("noSecuritiesOwned", int(not shares and not options)),
        tag("issuer", *tags(issuerCik=issuer.cik10, issuerName=issuer.name, issuerTradingSymbol=issuer.ticker)),
        *(_owner(draft, person) for person in people),
        tag("aff10b5One", int(rng.random() < 0.2)) if form != "3" else None,
        tag("nonDerivativeTable", *shares) if shares else None,
        tag("derivativeTable", *options) if options else None,
        tag("footnotes", tag("footnote", prose(rng, 2), id="F1")),
        tag("remarks", prose(rng, 1)) if rng.random() < 0.3 else Xml("<remarks></remarks>"),
        *(
            tag("ownerSignature", *tags(signatureName=f"/s/ {person.name}", signatureDate=draft.filed.isoformat()))
            for person in people
        ),
    )
    name = rng.choice(("form.xml", f"wk-form{form}_{rng.randrange(10**9)}.xml"))
    part = Part(form, document(root, '<?xml version="1.0"?>'), name, f"FORM {form}", "XML")
    counts = {"reportingOwner": owners, "nonDerivativeTransaction": transactions}
    roles = [*(Role("REPORTING-OWNER", person) for person in people), Role("ISSUER", issuer)]
    return Made(form, roles, [part], period=period, counts=counts)


def _owner(draft: Draft, person: Party) -> Xml:
    title = draft.rng.choice(_TITLES) if draft.rng.random() < 0.6 else None
    return tag(
        "reportingOwner",
        tag("reportingOwnerId", *tags(rptOwnerCik=person.cik10, rptOwnerName=person.name)),
        tag(
            "reportingOwnerAddress",
            *tags(rptOwnerStreet1=person.street, rptOwnerCity=person.city, rptOwnerState=person.state),
            tag("rptOwnerZipCode", person.zip),
        ),
        tag(
            "reportingOwnerRelationship",
            *tags(isDirector=int(not title), isOfficer=int(bool(title)), officerTitle=title),
        ),
    )


def _value(name: str, value: object, note: bool = False) -> Xml:
    return tag(name, tag("value", value), tag("footnoteId", id="F1") if note else None)


def _coding(form: str, code: str) -> Xml:
    return tag("transactionCoding", *tags(transactionFormType=form, transactionCode=code, equitySwapInvolved=0))


def _amounts(shares: float, price: str, sign: str, note: bool) -> Xml:
    return tag(
        "transactionAmounts",
        _value("transactionShares", shares),
        _value("transactionPricePerShare", price, note),
        _value("transactionAcquiredDisposedCode", sign),
    )


def _nature(draft: Draft) -> Xml:
    if draft.rng.random() < 0.7:
        return tag("ownershipNature", _value("directOrIndirectOwnership", "D"))
    return tag(
        "ownershipNature", _value("directOrIndirectOwnership", "I"), _value("natureOfOwnership", "By family trust")
    )


def _after(owned: float) -> Xml:
    return tag("postTransactionAmounts", _value("sharesOwnedFollowingTransaction", owned))


def _transaction(draft: Draft, form: str, day: date, owned: int) -> Xml:
    code, sign = draft.rng.choice((("P", "A"), ("S", "D"), ("A", "A"), ("F", "D"), ("G", "D")))
    price = "0" if code in "AG" else f"{draft.rng.uniform(2, 400):.4f}".rstrip("0")
    return tag(
        "nonDerivativeTransaction",
        _value("securityTitle", "Common Stock"),
        _value("transactionDate", day.isoformat()),
        _coding(form, code),
        _amounts(draft.rng.randint(1, 9_000), price, sign, draft.rng.random() < 0.3),
        _after(owned),
        _nature(draft),
    )


def _holding(draft: Draft) -> Xml:
    owned = _after(draft.rng.randint(10, 50_000))
    return tag("nonDerivativeHolding", _value("securityTitle", "Common Stock"), owned, _nature(draft))


def _derivative(draft: Draft, form: str, day: date) -> Xml:
    number = draft.rng.randint(100, 20_000)
    underlying = tag(
        "underlyingSecurity",
        _value("underlyingSecurityTitle", "Common Stock"),
        _value("underlyingSecurityShares", f"{number}.0"),
    )
    title = _value("securityTitle", "Stock Option (Right to Buy)")
    price = _value("conversionOrExercisePrice", f"{draft.rng.uniform(1, 90):.2f}")
    exercise = tag("exerciseDate", tag("footnoteId", id="F1"))
    expiration = _value("expirationDate", (day + timedelta(days=3650)).isoformat())
    if form == "3":
        return tag("derivativeHolding", title, price, exercise, expiration, underlying, _nature(draft))
    return tag(
        "derivativeTransaction",
        title,
        price,
        _value("transactionDate", day.isoformat()),
        _coding(form, "A"),
        _amounts(number, "0", "A", False),
        exercise,
        expiration,
        underlying,
        _after(number),
        _nature(draft),
    )
