"""Whether a run's figures hold: not only that they sum up, but that what they say is so."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from filings.archive import keys
from filings.archive.accounting import Account
from filings.archive.ledger import Ledger
from filings.archive.manifest import read as read_manifest
from filings.archive.storage import NotFound, Store
from filings.edgar.accession import dashed, to_int

_IN_FLIGHT = 64


async def prove(s3: Store, r2: Store, run_id: str, accounts: list[Account], sample: int) -> dict[str, Any]:
    """The proof of a run as it stands in `accounting.json`; `problems` says what does not hold.

    Args:
        s3: the S3 bucket.
        r2: the R2 bucket.
        run_id: the run whose plan and reports are held against the ledgers.
        accounts: all archives' accounts, after the parts were folded.
        sample: how many objects of each archive to look for; what this run planned comes first.
    """
    problems: list[str] = []
    archives: dict[str, Any] = {}
    lost: dict[str, list[str]] = {}
    planned_in_all = 0
    waiting: set[str] = set()
    # The archive that the others are made from comes last: what they wait for and it claims to have is looked for.
    for account in sorted(accounts, key=lambda one: one.archive == keys.SGML):
        planned = await asyncio.to_thread(_planned, s3, run_id, account.archive)
        reasons = await asyncio.to_thread(_reasons, s3, run_id, account.archive)
        planned_in_all += len(planned)
        counts = account.counts()
        if counts["accessions"] != counts["have"] + counts["missing"] + counts["unavailable"]:
            problems.append(f"{account.archive}: {counts} does not sum up")
        have, unavailable = set(account.have.tolist()), account.unavailable
        open_ = [a for a in planned if to_int(a) not in have and to_int(a) not in unavailable]
        counts["planned"] = len(planned)
        counts["open"] = {a: reasons.get(a, "no container of this run reported on it") for a in open_[:100]}
        counts["open_count"] = len(open_)
        waiting.update(open_)
        looked_for = _sample(account, planned, sample)
        if account.archive == keys.SGML:
            looked_for += [a for a in waiting if to_int(a) in have]
        store = r2 if keys.OBJECTS.get(account.archive, ("s3",))[0] == "r2" else s3
        if absent := await _absent(store, account.archive, sorted(set(looked_for))):
            lost[account.archive] = absent
            uris = [store.uri(keys.object_key(account.archive, a)) for a in absent]
            problems += [f"{uri} is in the ledger and not there; the next run makes it anew" for uri in uris]
        archives[account.archive] = counts
    problems += await asyncio.to_thread(_tables, s3)
    return {
        "run_id": run_id,
        "archives": {account.archive: archives[account.archive] for account in accounts},
        "lost": lost,
        "nothing_planned": planned_in_all == 0,
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


def _planned(s3: Store, run_id: str, archive: str) -> list[str]:
    """What the run planned for an archive; nothing when it planned nothing."""
    try:
        plan = read_manifest(s3, s3.uri(keys.manifest(run_id, archive)))
    except NotFound:
        return []
    lines = [s3.get_zst(s3.key(batch["uri"])).decode().splitlines() for batch in plan["batches"]]
    return [line.partition("\t")[0] for batch in lines for line in batch]


def _reasons(s3: Store, run_id: str, archive: str) -> dict[str, str]:
    """Why filings are not done, from the reports of the run's containers."""
    reasons: dict[str, str] = {}
    for key, _ in s3.list(f"{keys.ROOT}runs/{keys.run_folder(run_id)}/"):
        if "/manifests/" in key or key.endswith("/accounting.json"):
            continue
        report = s3.get_json_or_none(key) or {}
        if report.get("archive") == archive:
            reasons |= report["reasons"]
    return reasons


def _sample(account: Account, planned: list[str], size: int) -> list[str]:
    if account.archive not in keys.OBJECTS:
        return []
    have = set(account.have.tolist())
    fresh = [a for a in planned if to_int(a) in have]
    chosen = random.sample(fresh, min(size, len(fresh)))
    rest = size - len(chosen)
    older = random.sample(range(len(account.have)), min(rest, len(account.have)))
    return [*chosen, *(dashed(int(account.have[i])) for i in older)]


async def _absent(store: Store, archive: str, accessions: list[str]) -> list[str]:
    gate = asyncio.Semaphore(_IN_FLIGHT)

    async def look(accession: str) -> bool:
        async with gate:
            return await store.ahead(keys.object_key(archive, accession)) is None

    absent = await asyncio.gather(*(look(a) for a in accessions))
    return [a for a, gone in zip(accessions, absent, strict=True) if gone]
