"""The invented companies, people and funds that file; the same number is always the same one, whatever the seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random

from sandbox.edgar.header import Section
from sandbox.generate.words import ADJECTIVES, FIRST, LAST, NOUNS, STREETS, SUFFIXES, TOWNS

COMPANIES = 400
PEOPLE = 900

SIC_TITLES = {
    "2834": "PHARMACEUTICAL PREPARATIONS",
    "3559": "SPECIAL INDUSTRY MACHINERY, NEC",
    "4911": "ELECTRIC SERVICES",
    "6022": "STATE COMMERCIAL BANKS",
    "6189": "ASSET-BACKED SECURITIES",
    "7372": "SERVICES-PREPACKAGED SOFTWARE",
}
_OFFICES = {
    "2834": "03 Life Sciences",
    "3559": "06 Technology",
    "4911": "01 Energy & Transportation",
    "6022": "02 Finance",
    "6189": "",
    "7372": "06 Technology",
}


@dataclass(frozen=True)
class Party:
    """A company or a person, as a header describes it."""

    cik: int
    name: str
    person: bool
    street: str
    street2: str | None
    city: str
    state: str
    zip: str
    phone: str
    ticker: str = ""
    sic: str = ""
    irs: str = ""
    incorporated: str = ""
    year_end: str = ""
    file_number: str = ""
    former: tuple[tuple[str, str], ...] = ()

    @property
    def cik10(self) -> str:
        """The CIK with its ten digits."""
        return f"{self.cik:010d}"

    def section(self, role: str, form: str, film: int, *, act: str | None = "34", old: bool = False) -> Section:
        """The header's section for this party in a role."""
        values = [("FORM-TYPE", form)]
        if role not in ("FILED-BY", "ISSUER"):
            values += [("ACT", act)] if act else []
            values += [("FILE-NUMBER", self.file_number or "001-39999"), ("FILM-NUMBER", str(film))]
        parts: list[Section | tuple[str, str]] = [self._data(old)]
        if role != "ISSUER":
            parts.append(Section("FILING-VALUES", list(values)))
        address: list[Section | tuple[str, str]] = [("STREET1", self.street.upper())]
        address += [("STREET2", self.street2.upper())] if self.street2 else []
        address += [("CITY", self.city.upper()), ("STATE", self.state), ("ZIP", self.zip)]
        if not self.person:
            parts.append(Section("BUSINESS-ADDRESS", [*address, ("PHONE", self.phone)]))
        parts.append(Section("MAIL-ADDRESS", address))
        former = "FORMER-NAME" if self.person else "FORMER-COMPANY"
        parts += [
            Section(former, [("FORMER-CONFORMED-NAME", name), ("DATE-CHANGED", day)]) for name, day in self.former
        ]
        return Section(role, parts)

    def _data(self, old: bool) -> Section:
        known: list[Section | tuple[str, str]] = [("CONFORMED-NAME", self.name), ("CIK", self.cik10)]
        if self.person:
            return Section("OWNER-DATA", known if old else [*known, ("ORGANIZATION-NAME", "")])
        known.append(("ASSIGNED-SIC", self.sic))
        if not old:
            known.append(("ORGANIZATION-NAME", _OFFICES[self.sic]))
        known += [("IRS-NUMBER", self.irs), ("STATE-OF-INCORPORATION", self.incorporated)]
        return Section("COMPANY-DATA", [*known, ("FISCAL-YEAR-END", self.year_end)])


@lru_cache(maxsize=COMPANIES)
def company(number: int) -> Party:
    """The company of that number, from 0 to COMPANIES - 1."""
    rng = Random(f"company {number}")
    name = f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} {rng.choice(SUFFIXES)}"
    former = []
    for year in sorted(rng.sample(range(1996, 2022), rng.choice((0, 0, 1, 2))), reverse=True):
        former.append(
            (f"{rng.choice(ADJECTIVES)} {rng.choice(NOUNS)} CORP /DE/".upper(), f"{year}0{rng.randint(1, 9)}15")
        )
    city, state, code = rng.choice(TOWNS)
    return Party(
        cik=1_800_000 + 7 * number,
        name=name,
        person=False,
        street=f"{rng.randint(1, 990)} {rng.choice(STREETS)} Lane",
        street2=rng.choice((None, None, "Suite 400")),
        city=city,
        state=state,
        zip=code,
        phone=f"(555) 01{rng.randint(0, 9)}-{rng.randint(1000, 9999)}",
        ticker="".join(word[0] for word in name.split()[:2]) + f"{chr(65 + number % 26)}{chr(65 + number // 26 % 26)}",
        sic=rng.choice(sorted(SIC_TITLES)),
        irs=f"{rng.randint(100_000_000, 999_999_999)}",
        incorporated=rng.choice(("DE", "NV", "NY", "MD")),
        year_end=rng.choice(("1231", "0630", "0930")),
        file_number=f"001-{38_000 + number}",
        former=tuple(former),
    )


@lru_cache(maxsize=PEOPLE)
def person(number: int) -> Party:
    """The person of that number, from 0 to PEOPLE - 1."""
    rng = Random(f"person {number}")
    city, state, code = rng.choice(TOWNS)
    return Party(
        cik=1_900_001 + 11 * number,
        name=f"{rng.choice(LAST)} {rng.choice(FIRST)} {rng.choice('ABCDEFGHJKLMN')}.",
        person=True,
        street=f"{rng.randint(1, 990)} {rng.choice(STREETS)} Street",
        street2=None,
        city=city,
        state=state,
        zip=code,
        phone="",
        former=((f"{rng.choice(LAST)} {rng.choice(FIRST)}", "20120405"),) if number % 17 == 0 else (),
    )
