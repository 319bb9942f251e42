"""What a maker of forms says of a filing, before it becomes bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from sandbox.edgar.header import Section
from sandbox.generate.cast import COMPANIES, PEOPLE, Party, company, person


@dataclass
class Part:
    """A document. `content` is what a parser should find; the wrapper is a tag such as XML around it."""

    type: str
    content: bytes
    filename: str = ""
    description: str = ""
    wrapper: str = ""
    uuencoded: bool = False
    closed: bool = True
    keep_blanks: bool = True


@dataclass
class Role:
    """A party in a filing."""

    tag: str
    party: Party
    act: str | None = "34"


@dataclass
class Made:
    """A filing: who, what, and how it is laid out. `counts` says how many of each there are in its XML."""

    form: str
    roles: list[Role]
    parts: list[Part]
    period: date | None = None
    items: list[str] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    declared: int | None = None
    series: Section | None = None
    counts: dict[str, int] = field(default_factory=dict)


@dataclass
class Draft:
    """What a maker of forms has to work with: its own chance, the day, the accession."""

    rng: Random
    accession: str
    filed: date
    accepted: datetime

    def company(self) -> Party:
        """Some company."""
        return company(self.rng.randrange(COMPANIES))

    def person(self) -> Party:
        """Some person."""
        return person(self.rng.randrange(PEOPLE))
