"""The inventory: what the buckets really hold, listed in even slices of the key space, and the ledger set right by it.

A slice is a range of accession numbers that holds about as many objects as any other, cut from what the archive's
ledger has, or where that is empty, from the master index; the first and the last are open, so every key falls into one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from filings.archive import accession_list, keys, listing, manifest, master
from filings.archive.ledger import Ledger
from filings.archive.quarantine import quarantine
from filings.archive.sorted_numbers import unique, without
from filings.archive.storage import ZSTD, NotFound, Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed

PLANS = {"s3": "inventory_s3", "r2": "inventory_r2"}
TASKS = {"s3": "update_sec_filings_inventory_s3", "r2": "update_sec_filings_inventory_r2"}

_LEAST = 2000  # keys worth a listing of their own: two pages


def archives_in(scheme: str) -> list[str]:
    """The archives whose objects lie in a store (s3 or r2)."""
    return [archive for archive, (where, _, _) in keys.OBJECTS.items() if where == scheme]


@dataclass(frozen=True, slots=True)
class Slice:
    """A range of an archive's accession numbers: after `after`, up to and with `until`; empty means open.

    `cuts` divide it into ranges of about the same number of objects, which are listed side by side.
    """

    archive: str
    after: str
    until: str
    cuts: tuple[str, ...] = ()


def slices(accessions: np.ndarray, archive: str, size: int) -> Iterator[Slice]:
    """Cut sorted accession numbers into ranges of about `size` each (one open range when there are none)."""
    count = max(1, min(len(accessions), round(len(accessions) / size)))
    ends = [len(accessions) * n // count for n in range(count + 1)]
    for number, (first, end) in enumerate(pairwise(ends)):
        after = dashed(int(accessions[first - 1])) if number else ""
        until = dashed(int(accessions[end - 1])) if number < count - 1 else ""
        parts = max(1, min(listing.AT_ONCE, (end - first) // _LEAST))
        inner = [first + (end - first) * n // parts - 1 for n in range(1, parts)]
        yield Slice(archive, after, until, tuple(accession_rows.strings(accessions[inner])))


def write_slice(s3: Store, where: Store, part: Slice, batch: int) -> int:
    """List one slice of a store's archive and write it; returns how many objects it has."""
    _, folder, ending = keys.OBJECTS[part.archive]
    numbers = unique(listing.accessions(where, folder, ending, part.after, part.until, part.cuts))
    s3.put_if_changed(keys.inventory_batch(part.archive, batch), accession_list.frame(numbers), ZSTD)
    return len(numbers)


def combine(s3: Store, where: Store, run_id: str) -> dict[str, dict[str, int]]:
    """Make the inventory lists of a store's archives from the slices of this run, and set the other lists right.

    What a daily or instant list has and the listing has not is looked at: it stays when the object is there (written
    since), and is struck off, with a quarantine record, when it is not; then it is missing and made anew.

    Raises:
        NotFound: when a slice of the plan is not there: its container has failed.
    """
    plan = manifest.read(s3, s3.uri(keys.manifest(run_id, PLANS[where.scheme])))
    result: dict[str, dict[str, int]] = {}
    for archive in archives_in(where.scheme):
        batches = [entry for entry in plan["batches"] if entry["archive"] == archive]
        found = unique([_read_slice(s3, where, run_id, archive, int(entry["batch"])) for entry in batches])
        ledger = Ledger(s3, archive)
        ledger.fold()
        later, lost = _since(ledger, where, found)
        ledger.replace("inventory", found)
        ledger.strike(unique([found, accession_rows.of_strings(lost)]))
        ledger.keep_source(unique([found, later]))
        ledger.compact_unavailable()
        for accession in lost:
            quarantine(s3, archive, accession, "the ledger had it, the bucket has not; it is made anew")
        result[archive] = {"objects": len(found), "written_since": len(later), "lost": len(lost)}
    return result


def calculate(s3: Store, run_id: str, size: int) -> dict[str, Any]:
    """Plan the listing of all archives: one manifest a store; returns batches by store."""
    listed = master.filings(s3).numbers
    planned = {}
    for scheme, name in PLANS.items():
        expected = {archive: _expected(s3, archive, listed) for archive in archives_in(scheme)}
        total = sum(map(len, expected.values()))
        # Every archive's number of slices is rounded: a slice each is left for that.
        size = max(size, -(-total // (manifest.MAX_BATCHES - len(expected))))
        parts = [part for archive, numbers in expected.items() for part in slices(numbers, archive, size)]
        entries = [
            {"batch": n, "archive": part.archive, "after": part.after, "until": part.until, "cuts": list(part.cuts)}
            for n, part in enumerate(parts)
        ]
        manifest.write_plan(s3, run_id, name, TASKS[scheme], entries, total=total)
        planned[scheme] = len(entries)
        kept = {keys.inventory_batch(part.archive, n) for n, part in enumerate(parts)}
        held = [key for archive in expected for key, _ in s3.list(keys.inventory_folder(archive))]
        s3.delete(key for key in held if key not in kept)  # slices of an earlier, larger plan
    return planned


def _expected(s3: Store, archive: str, listed: np.ndarray) -> np.ndarray:
    """The accession numbers of the objects that an archive should have; where it has none, of all that it could."""
    have = Ledger(s3, archive).have()
    return have if len(have) else listed


def _read_slice(s3: Store, where: Store, run_id: str, archive: str, batch: int) -> np.ndarray:
    """A slice that this run has listed: one of an earlier run may lie there still, which is told by the report."""
    key = keys.inventory_batch(archive, batch)
    try:
        s3.get(keys.report(run_id, TASKS[where.scheme], batch))
        return accession_list.read(s3.get(key), s3.uri(key))
    except NotFound as error:
        raise NotFound(s3.uri(key), f"its listing has not ended well: run batch {batch} of it again") from error


def _since(ledger: Ledger, where: Store, found: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """What the lists have beyond the listing: (there all the same, lost)."""
    beyond = unique([without(block, found) for block in ledger.have_blocks()])
    there = [where.head(keys.object_key(ledger.archive, dashed(n))) is not None for n in beyond.tolist()]
    stays = np.array(there, bool)
    return beyond[stays], accession_rows.strings(beyond[~stays])
