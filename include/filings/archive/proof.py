"""Whether a run's figures hold: not only that they sum up, but that what they say is so."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from filings.archive import keys, manifest
from filings.archive.accounting import Account
from filings.archive.ledger import Ledger
from filings.archive.sorted_numbers import unique
from filings.archive.storage import NotFound, Store
from filings.edgar import accession_rows

_IN_FLIGHT = 64
_SHOWN = 100  # of what is open, in the proof
_SOURCES = (keys.SGML, keys.TAR)
_MOST_WAITING = 20_000  # are looked for in what they wait for: half a minute of requests


@dataclass(frozen=True, slots=True)
class Made:
    """How a product is made: from which archive, into which complete tables (their keys)."""

    source: str
    tables: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Planned:
    """What a run planned for an archive, how much of it is open, and of which objects to see whether they are there.

    `shown` are the first of what is open; `waiting` is what is open although the archive it is made from has it.
    """

    archive: str
    counts: dict[str, Any]
    count: int
    open_count: int
    shown: list[str]
    waiting: np.ndarray
    sample: np.ndarray


async def prove(
    s3: Store,
    r2: Store,
    run_id: str,
    accounts: Iterable[Account],
    sample: int,
    products: Mapping[str, Made] | None = None,
) -> dict[str, Any]:
    """The proof of a run as it stands in `accounting.json`; `problems` says what does not hold.

    Args:
        s3: the S3 bucket.
        r2: the R2 bucket.
        run_id: the run whose plan and reports are held against the ledgers.
        accounts: all archives' accounts and then the products', after the parts were folded; one is asked for after
            the other, and few are kept.
        sample: how many objects of each archive to look for; what this run planned comes first.
        products: how each product is made.
    """
    made = products or {}
    sources: dict[str, Account] = {}
    planned: list[_Planned] = []
    following = iter(accounts)
    while (account := await asyncio.to_thread(next, following, None)) is not None:
        if account.archive in _SOURCES:
            sources[account.archive] = account
        source = sources.get(_source(account.archive, made))
        planned.append(await asyncio.to_thread(_held_against_plan, s3, run_id, account, source, sample))
    del account, sources
    reasons = await asyncio.to_thread(_reasons, s3, run_id, {one.archive: one.shown for one in planned})
    problems: list[str] = []
    archives: dict[str, Any] = {}
    lost: dict[str, list[str]] = {}
    for one in planned:
        archive, looked_for, counts = one.archive, one.sample, one.counts
        if counts["accessions"] != counts["have"] + counts["missing"] + counts["unavailable"]:
            problems.append(f"{archive}: {counts} does not sum up")
        counts["planned"], counts["open_count"] = one.count, one.open_count
        counts["open"] = {a: reasons.get((archive, a), "no container of this run reported on it") for a in one.shown}
        if archive in _SOURCES:  # what others wait for and it claims to have
            others = (
                other for other in planned if other.archive != archive and _source(other.archive, made) == archive
            )
            looked_for = unique([looked_for, *(other.waiting[:_MOST_WAITING] for other in others)])
        store = r2 if keys.OBJECTS.get(archive, ("s3",))[0] == "r2" else s3
        if absent := await _absent(store, archive, accession_rows.strings(looked_for)):
            lost[archive] = absent
            uris = [store.uri(keys.object_key(archive, a)) for a in absent]
            problems += [f"{uri} is in the ledger and not there; the next run makes it anew" for uri in uris]
        archives[archive] = counts
    problems += await asyncio.to_thread(_tables, s3)
    for one in planned:
        if one.archive in made:
            problems += await asyncio.to_thread(_product, s3, made[one.archive].tables, one.counts)
    return {
        "run_id": run_id,
        "archives": archives,
        "lost": lost,
        "nothing_planned": not any(one.count for one in planned),
        "adds_up": not problems,
        "problems": problems,
    }


def _tables(s3: Store) -> list[str]:
    """Whether the lookup tables hold the submissions that their ledger has."""
    have = len(Ledger(s3, keys.LOOKUP).have())
    key = keys.lookup_table("complete", "sec_submission_details_table")
    head = s3.head(key)
    if head is None:
        return [f"{s3.uri(key)} is not there, and the ledger has {have} submissions in it"] if have else []
    rows = head.metadata.get("rows", "")
    return (
        [f"{s3.uri(key)} has {rows} rows, the ledger {have} submissions"]
        if rows.isdigit() and int(rows) != have
        else []
    )


def _product(s3: Store, tables: Sequence[str], counts: Mapping[str, Any]) -> list[str]:
    """Whether the complete tables of a product are there when its ledger has filings, and hold nothing when not."""
    have = counts["have"] + counts["unlisted"]
    problems = []
    for key in tables:
        head = s3.head(key)
        if have and head is None:
            problems.append(f"{s3.uri(key)} is not there, and the ledger has {have} filings in it")
        if not have and head is not None and head.metadata.get("rows", "0") != "0":
            problems.append(f"{s3.uri(key)} has {head.metadata['rows']} rows, and the ledger has no filing in it")
    return problems


def _source(archive: str, made: Mapping[str, Made]) -> str:
    return made[archive].source if archive in made else keys.SGML


def _held_against_plan(s3: Store, run_id: str, account: Account, source: Account | None, sample: int) -> _Planned:
    try:
        numbers = manifest.planned(s3, manifest.read(s3, s3.uri(keys.manifest(run_id, account.archive))))
    except NotFound:  # the run planned nothing for it
        numbers = np.empty(0, np.uint64)
    open_ = numbers[account.open(numbers)]
    waiting = open_[source.has(open_)] if source is not None else open_[:0]
    shown = accession_rows.strings(open_[:_SHOWN])
    return _Planned(
        account.archive, account.counts(), len(numbers), len(open_), shown, waiting, _sample(account, numbers, sample)
    )


def _reasons(s3: Store, run_id: str, wanted: Mapping[str, list[str]]) -> dict[tuple[str, str], str]:
    """Why some filings are not done, by archive and accession, from the reports of the run's containers."""
    reasons: dict[tuple[str, str], str] = {}
    if not any(wanted.values()):
        return reasons
    for key, _ in s3.list(f"{keys.ROOT}runs/{keys.run_folder(run_id)}/"):
        if "/manifests/" in key or key.endswith("/accounting.json"):
            continue
        report = s3.get_json_or_none(key) or {}
        archive = str(report.get("archive"))
        for accession in wanted.get(archive, ()):
            if accession in report["reasons"]:
                reasons.setdefault((archive, accession), report["reasons"][accession])  # of a product's first step
    return reasons


def _sample(account: Account, planned: np.ndarray, size: int) -> np.ndarray:
    """Accession numbers of objects to look for, sorted: what was planned and is had, then any others."""
    if account.archive not in keys.OBJECTS:
        return np.empty(0, np.uint64)
    fresh = planned[account.has(planned)]
    chosen = fresh[random.sample(range(len(fresh)), min(size, len(fresh)))]
    have = account.have
    older = have[random.sample(range(len(have)), min(size - len(chosen), len(have)))]
    return unique([np.concatenate([chosen, older])])


async def _absent(store: Store, archive: str, accessions: list[str]) -> list[str]:
    gate = asyncio.Semaphore(_IN_FLIGHT)

    async def look(accession: str) -> bool:
        async with gate:
            return await store.ahead(keys.object_key(archive, accession)) is None

    absent = await asyncio.gather(*(look(a) for a in accessions))
    return [a for a, gone in zip(accessions, absent, strict=True) if gone]
