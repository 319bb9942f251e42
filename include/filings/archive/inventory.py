"""The inventory: what the buckets really hold, listed in even slices of the key space, and the ledger set right by it.

A slice is a range of accession numbers cut from the master index, so that batches are of even size however unevenly
filers are spread; the first and the last are open, so every key falls into one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from filings.archive import keys, manifest, master
from filings.archive.ledger import Ledger
from filings.archive.quarantine import quarantine
from filings.archive.storage import NotFound, Store
from filings.edgar.accession import dashed, is_accession, to_int
from filings.logs import log

PLANS = {"s3": "inventory_s3", "r2": "inventory_r2"}
TASKS = {"s3": "update_sec_filings_inventory_s3", "r2": "update_sec_filings_inventory_r2"}


def archives_in(scheme: str) -> list[str]:
    """The archives whose objects lie in a store (s3 or r2)."""
    return [archive for archive, (where, _, _) in keys.OBJECTS.items() if where == scheme]


@dataclass(frozen=True, slots=True)
class Slice:
    """A range of an archive's accession numbers: after `after`, up to and with `until`; empty means open."""

    archive: str
    after: str
    until: str


def slices(accessions: np.ndarray, archive: str, size: int) -> Iterator[Slice]:
    """Cut sorted accession numbers into ranges of about `size` each (one open range when there are none)."""
    cuts = [dashed(int(n)) for n in accessions[size - 1 :: size][: -1 if len(accessions) % size == 0 else None]]
    for after, until in zip(["", *cuts], [*cuts, ""], strict=True):
        yield Slice(archive, after, until)


def listed(store: Store, part: Slice) -> Iterator[str]:
    """The accessions of the objects in a slice, in order; keys that are no accession's are logged and passed over."""
    _, folder, ending = keys.OBJECTS[part.archive]
    start = keys.object_key(part.archive, part.after) if part.after else None
    for key, _ in store.list(folder, start):
        accession = key[len(folder) : -len(ending)] if key.endswith(ending) else ""
        if part.until and key > keys.object_key(part.archive, part.until):
            return
        if is_accession(accession):
            yield accession
        else:
            log.warning("foreign_object", uri=store.uri(key), what_to_do="look what it is and delete it")


def write_slice(s3: Store, archive: str, batch: int, accessions: Iterable[str]) -> int:
    """Write one listed slice; returns how many objects it has."""
    lines = [f"{a}\n" for a in accessions]
    s3.put_zst(keys.inventory_batch(archive, batch), "".join(lines).encode())
    return len(lines)


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
        numbers = [_read_slice(s3, archive, int(entry["batch"])) for entry in batches]
        found = np.unique(np.concatenate(numbers)) if numbers else np.empty(0, np.uint64)
        ledger = Ledger(s3, archive)
        ledger.fold()
        later, lost = _since(ledger, where, found)
        ledger.replace("inventory", found)
        ledger.replace("daily", later)
        ledger.replace("instant", np.empty(0, np.uint64))
        for accession in lost:
            quarantine(s3, archive, accession, "the ledger had it, the bucket has not; it is made anew")
        result[archive] = {"objects": len(found), "written_since": len(later), "lost": len(lost)}
    return result


def calculate(s3: Store, run_id: str, size: int) -> dict[str, Any]:
    """Plan the listing of all archives: one manifest a store; returns batches by store."""
    table = master.load(s3)
    accessions = np.unique(master.accession_numbers(table["accession"]))
    size = max(size, -(-len(accessions) * 2 // manifest.MAX_BATCHES) + 1)  # two archives share a manifest
    planned = {}
    for scheme, name in PLANS.items():
        parts = [part for archive in archives_in(scheme) for part in slices(accessions, archive, size)]
        entries = [
            {"batch": n, "archive": part.archive, "after": part.after, "until": part.until}
            for n, part in enumerate(parts)
        ]
        manifest.write_plan(s3, run_id, name, TASKS[scheme], entries, total=len(accessions))
        planned[scheme] = len(entries)
        kept = {keys.inventory_batch(part.archive, n) for n, part in enumerate(parts)}
        held = [key for archive in archives_in(scheme) for key, _ in s3.list(keys.inventory_folder(archive))]
        s3.delete(key for key in held if key not in kept)  # slices of an earlier, larger plan
    return planned


def _read_slice(s3: Store, archive: str, batch: int) -> np.ndarray:
    key = keys.inventory_batch(archive, batch)
    try:
        lines = s3.get_zst(key).decode().split()
    except NotFound as error:
        raise NotFound(s3.uri(key), f"its listing has not ended well: run batch {batch} of it again") from error
    return np.fromiter((to_int(line) for line in lines), np.uint64, len(lines))


def _since(ledger: Ledger, where: Store, found: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """What the lists have beyond the listing: (there all the same, lost)."""
    beyond = [dashed(int(n)) for n in np.setdiff1d(ledger.have(), found)]
    there = [a for a in beyond if where.head(keys.object_key(ledger.archive, a)) is not None]
    lost = sorted(set(beyond) - set(there))
    return np.fromiter((to_int(a) for a in there), np.uint64, len(there)), lost
