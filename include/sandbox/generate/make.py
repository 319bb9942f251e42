"""Makes one filing: its day and accession, its bytes, and what is true of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from sandbox.generate import header, letters, plan
from sandbox.generate.filing import Draft, Made
from sandbox.generate.layout import Layout, cut, lay, privacy_enhanced
from sandbox.generate.plan import Case

_PRIVATE_DAYS = 20
_AGENTS = 4
_CUTOFF = time(17, 30)
_OWNERSHIP = {"3", "4", "5"}


@dataclass(frozen=True)
class Filing:
    """A filing as it is written to the folder; `truth` is its entry of the manifest."""

    accession: str
    variant: str
    data: bytes
    truth: dict[str, Any]


def make(seed: int, number: int, days: list[date], *, plain: bool, large: bool = False, late: bool = True) -> Filing:
    """The filing of that number.

    Args:
        seed, number: what it depends on, together with `days`.
        days: the business days to choose from.
        plain: whether to leave out the roll call of forms and quirks.
        large: whether to make the one of more than 10 MB.
        late: whether some may come after 17:30 and so be dated the next business day.
    """
    rng = Random(f"{seed} {number}")
    case = plan.LARGE if large else plan.case(number, rng, plain=plain)
    draft = _draft(rng, case, seed, number, days)
    made = case.maker(draft)
    if late and made.form not in _OWNERSHIP and rng.random() < 0.15 and case.layout.era >= 2001:
        draft.accepted = draft.accepted.replace(hour=rng.randint(18, 21))
        draft.filed = next_business_day(draft.filed)
    layout = case.layout
    if "private_to_public" in case.quirks:
        layout = replace(layout, disseminated=draft.filed + timedelta(days=_PRIVATE_DAYS))
    data, documents = _bytes(draft, made, layout)
    return Filing(draft.accession, layout.variant, data, _truth(draft, made, case, layout, data, documents))


def next_business_day(day: date) -> date:
    """The next day that is no Saturday or Sunday."""
    day += timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day


def _draft(rng: Random, case: Case, seed: int, number: int, days: list[date]) -> Draft:
    day = rng.choice(days)
    if case.layout.era < 2001:
        day = next_business_day(date(case.layout.era, 1, 1) + timedelta(days=rng.randrange(350)))
    elif "private_to_public" in case.quirks:
        day = days[0]
    prefix = 9_900_000 + seed % 10_000 * 10 + rng.randint(1, _AGENTS)  # so that seeds share no accessions
    if case.maker is letters.paper:
        prefix = 9_999_999_997
    elif case.maker is letters.upload:
        prefix = 0
    accession = f"{prefix:010d}-{day:%y}-{number + 1:06d}"
    hour = rng.choices(range(6, 18), (8, 3, 3, 4, 5, 5, 5, 5, 6, 8, 22, 6))[0]
    moment = time(hour, rng.randrange(30 if hour == _CUTOFF.hour else 60), rng.randrange(60))
    return Draft(rng, accession, day, datetime.combine(day, moment))


def _bytes(draft: Draft, made: Made, layout: Layout) -> tuple[bytes, list[dict[str, object]]]:
    root = header.tree(draft, made, layout)
    newline = layout.newline.encode()
    if layout.variant == "nc":
        before, after = f"<SUBMISSION>\n{header.as_tags(root)}", "</SUBMISSION>\n"
    else:
        kind = "IMS" if layout.ims else "SEC"
        dated = (layout.disseminated or draft.filed).strftime("%Y%m%d")
        before = f"<{kind}-DOCUMENT>{draft.accession}.txt : {dated}\n{header.as_text(root, draft, layout)}"
        after = f"</{kind}-DOCUMENT>\n"
    if layout.pem:
        before = privacy_enhanced(draft.rng, before)
        after += "-----END PRIVACY-ENHANCED MESSAGE-----\n"
    laid = lay(made.parts, layout, before.encode("latin-1").replace(b"\n", newline))
    data = cut(laid) if layout.cut else bytes(laid.data) + after.encode().replace(b"\n", newline)
    return data, laid.documents


def _truth(
    draft: Draft, made: Made, case: Case, layout: Layout, data: bytes, documents: list[dict[str, object]]
) -> dict[str, Any]:
    truth: dict[str, Any] = {
        "form": made.form,
        "filed": draft.filed.isoformat(),
        "accepted": draft.accepted.isoformat() if layout.era >= 2001 and layout.variant == "txt" else None,
        "period": made.period.isoformat() if made.period else None,
        "items": made.items,
        "filers": [{"role": role.tag, "cik": role.party.cik, "name": role.party.name} for role in made.roles],
        "variant": layout.variant,
        "file": f"{draft.accession}.{layout.variant}.zst",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "declared_documents": len(made.parts) if made.declared is None else made.declared,
        "truncated": layout.cut,
        "quirks": list(case.quirks),
        "documents": documents,
        "counts": made.counts,
    }
    if layout.disseminated:
        truth["disseminated"] = layout.disseminated.isoformat()
    return truth
