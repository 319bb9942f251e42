"""What the indexes and feeds need to know of a filing, made from its header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sandbox.edgar.header import BadHeader, Section

# The names that getcurrent gives to the roles, where they differ from the tag's.
_SHOWN_ROLES = {"REPORTING-OWNER": "Reporting", "SUBJECT-COMPANY": "Subject", "FILED-BY": "Filed by"}


@dataclass(frozen=True, slots=True)
class Entity:
    """A filer, owner, issuer … of a filing. `cik` has no leading zeros."""

    role: str
    cik: str
    name: str
    sic: str | None
    state_of_incorporation: str | None
    file_number: str | None
    film_number: str | None
    city: str | None
    state: str | None

    @property
    def shown_role(self) -> str:
        """The role as getcurrent writes it."""
        return _SHOWN_ROLES.get(self.role, self.role.replace("-", " ").capitalize())


@dataclass(frozen=True, slots=True)
class Filing:
    """One submission. `accepted` is Eastern time without a zone, as the header has it.

    `disseminated` is after `filed` for what was private first.
    """

    accession: str
    form: str
    filed: date
    accepted: datetime
    period: str | None
    items: tuple[str, ...]
    disseminated: date
    entities: tuple[Entity, ...]

    @property
    def ciks(self) -> dict[str, Entity]:
        """The first entity of each CIK: a filing has one index row a CIK, whatever its roles."""
        found: dict[str, Entity] = {}
        for entity in self.entities:
            found.setdefault(entity.cik, entity)
        return found


def from_header(accession: str, header: Section, dated: str | None = None) -> Filing:
    """The filing that a header describes; `dated` is the date in the submission's first line.

    Raises:
        BadHeader: when the form, the filing date or every CIK is missing.
    """
    form, filed = header.value("TYPE"), header.value("FILING-DATE")
    entities = tuple(entity for section in header.sections() if (entity := _entity(section)) is not None)
    if not form or not filed or not entities:
        raise BadHeader(f"{accession}: no form, filing date or filer in the header")
    try:
        day = datetime.strptime(filed[:8], "%Y%m%d")
        accepted = header.value("ACCEPTANCE-DATETIME")
        private_first = header.value("PRIVATE-TO-PUBLIC") is not None and dated is not None
        disseminated = datetime.strptime(dated, "%Y%m%d") if private_first else day
        moment = datetime.strptime(accepted[:14], "%Y%m%d%H%M%S") if accepted else day.replace(hour=12)
    except ValueError as error:
        raise BadHeader(f"{accession}: {error}") from error
    return Filing(
        accession=accession,
        form=form,
        filed=day.date(),
        accepted=moment,
        period=header.value("PERIOD"),
        items=tuple(header.values("ITEMS")),
        disseminated=disseminated.date(),
        entities=entities,
    )


def _entity(section: Section) -> Entity | None:
    data = section.section("COMPANY-DATA", "OWNER-DATA", "FILER-DATA")
    cik = data.value("CIK") if data else section.value("CIK")
    if not cik or not cik.isdigit():
        return None
    data = data or section
    values = section.section("FILING-VALUES") or Section("")
    address = section.section("BUSINESS-ADDRESS", "MAIL-ADDRESS") or Section("")
    return Entity(
        role=section.tag,
        cik=str(int(cik)),
        name=data.value("CONFORMED-NAME") or "",
        sic=data.value("ASSIGNED-SIC"),
        state_of_incorporation=data.value("STATE-OF-INCORPORATION"),
        file_number=values.value("FILE-NUMBER"),
        film_number=values.value("FILM-NUMBER"),
        city=address.value("CITY"),
        state=address.value("STATE"),
    )
