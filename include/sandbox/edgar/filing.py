"""What the indexes and feeds need to know of a filing, made from its header."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sandbox.edgar.header import Section

UNKNOWN = "UNKNOWN"
_FIRST_YEAR = 1993  # that of EDGAR's first index: what is filed before is in none

# The names that getcurrent gives to the roles, where they differ from the tag's.
_SHOWN_ROLES = {"REPORTING-OWNER": "Reporting", "SUBJECT-COMPANY": "Subject", "FILED-BY": "Filed by"}


Quarter = tuple[int, int]


def quarter_of(day: date) -> Quarter:
    """(year, quarter) of a day."""
    return day.year, (day.month + 2) // 3


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


def from_header(accession: str, header: Section, dated: str | None, today: date) -> tuple[Filing, str]:
    """The filing that a header describes, and what had to stand in for what the header does not say (or "").

    A filing is listed whatever its header lacks, so that it is for the reader of EDGAR to find it wanting: the form is
    then UNKNOWN, the filer the one whose number begins the accession, the day that of the submission's first line
    (`dated`), or the accession year's 2 January.
    """
    wanting: list[str] = []
    form = header.value("TYPE")
    if not form:
        form = UNKNOWN
        wanting.append(f"no form (listed as {UNKNOWN})")
    entities = tuple(entity for section in header.sections() if (entity := _entity(section)) is not None)
    if not entities:
        cik = str(int(accession[:10]))
        entities = (Entity("FILER", cik, UNKNOWN, *[None] * 6),)
        wanting.append(f"no CIK (listed under {cik})")
    first_line = _moment(dated)
    day = _moment(header.value("FILING-DATE"))
    if day is None:
        day = first_line or _from_accession(accession, today)
        wanting.append(f"no filing date (listed under {day:%Y-%m-%d})")
    late = first_line if header.value("PRIVATE-TO-PUBLIC") is not None else None
    filing = Filing(
        accession=accession,
        form=form,
        filed=day.date(),
        accepted=_moment(header.value("ACCEPTANCE-DATETIME")) or day.replace(hour=12),
        period=header.value("PERIOD"),
        items=tuple(header.values("ITEMS")),
        disseminated=(late or day).date(),
        entities=entities,
    )
    return filing, f"its header has {', '.join(wanting)}" if wanting else ""


def _moment(text: str | None) -> datetime | None:
    """A header's `YYYYMMDD` or `YYYYMMDDhhmmss`; None if it is no time that EDGAR can have."""
    digits = (text or "")[:14]
    try:
        moment = datetime.strptime(digits, "%Y%m%d%H%M%S" if len(digits) == 14 else "%Y%m%d")
    except ValueError:
        return None
    return moment if moment.year >= _FIRST_YEAR else None


def _from_accession(accession: str, today: date) -> datetime:
    year = int(accession[11:13])
    year += 1900 if year >= _FIRST_YEAR % 100 else 2000
    return datetime(min(year, today.year), 1, 2)


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
