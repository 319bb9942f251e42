"""The accounting: for each archive, accessions in master = have + missing + unavailable, each of them for a reason.

An archive that is made from the SGML archive cannot have what that one cannot have: such accessions are unavailable
there too, for as long as they are here.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from filings.archive import keys, master
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.storage import Store
from filings.edgar.accession import dashed, to_int


@dataclass
class Account:
    """One archive's figures and what it lacks. Accession numbers are unsigned 64-bit integers, sorted."""

    archive: str
    accessions: np.ndarray
    have: np.ndarray
    unavailable: dict[int, str]
    unlisted: np.ndarray  # had, but in no index (any more)

    @property
    def missing(self) -> np.ndarray:
        """What is listed, and neither had nor unavailable."""
        gone = np.fromiter(self.unavailable, np.uint64, len(self.unavailable))
        return np.setdiff1d(self.accessions, np.union1d(self.have, gone), assume_unique=False)

    def counts(self) -> dict[str, Any]:
        """The figures as they stand in `accounting.json` and in the missing list."""
        return {
            "accessions": len(self.accessions),
            "have": len(self.have),
            "missing": len(self.missing),
            "unavailable": len(self.unavailable),
            "unlisted": len(self.unlisted),
            "reasons": dict(Counter(_kind(reason) for reason in self.unavailable.values())),
        }


def accounts(
    store: Store, table: pa.Table, archives: tuple[str, ...] = keys.ARCHIVES, *, keep_parts: bool = False
) -> list[Account]:
    """Fold what containers have reported into the ledgers, and take stock of each archive.

    Args:
        store: the S3 bucket.
        table: the master index.
        archives: which ones.
        keep_parts: whether what containers have reported stays besides, as it must while their run may go on.

    Raises:
        CorruptObject: naming the list or part that is broken.
    """
    listed = np.unique(master.accession_numbers(table["accession"]))
    upstream: dict[int, str] = {}
    found = []
    for archive in archives:
        ledger = Ledger(store, archive)
        ledger.fold(keep=keep_parts)
        held = ledger.have()
        have = np.intersect1d(listed, held, assume_unique=True)
        own = {to_int(a): reason for a, (_, reason) in ledger.unavailable().items()}
        if archive == keys.SGML:
            upstream = {number: f"its submission is unavailable: {reason}" for number, reason in own.items()}
        elif keys.SGML not in archives and not upstream:
            sgml = Ledger(store, keys.SGML).unavailable()
            upstream = {to_int(a): f"its submission is unavailable: {reason}" for a, (_, reason) in sgml.items()}
        reasons = own if archive == keys.SGML else upstream | own
        absent = _within(reasons, np.setdiff1d(listed, have, assume_unique=True))
        found.append(Account(archive, listed, have, absent, np.setdiff1d(held, listed, assume_unique=True)))
    return found


def write_missing(store: Store, account: Account, ciks: dict[int, int]) -> bool:
    """Write `missing_{archive}.json.zst`; whether it has changed.

    Args:
        store: the S3 bucket.
        account: the archive's account.
        ciks: accession number → a CIK that its submission can be fetched by.
    """
    content = {
        "archive": account.archive,
        "counts": account.counts(),
        "missing": {dashed(int(n)): ciks[int(n)] for n in account.missing},
    }
    return store.put_zst(keys.missing(account.archive), orjson.dumps(content, option=orjson.OPT_SORT_KEYS))


def read_missing(store: Store, archive: str) -> dict[str, int]:
    """What an archive lacks: accession → CIK. Raises `NotFound`, `CorruptObject`."""
    key = keys.missing(archive)
    try:
        return {str(a): int(cik) for a, cik in orjson.loads(store.get_zst(key))["missing"].items()}
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptObject(store.uri(key), f"no list of what is missing: {error}") from error


def first_ciks(table: pa.Table) -> dict[int, int]:
    """Accession number → the lowest CIK under which the index lists it (the table is sorted by both)."""
    numbers = master.accession_numbers(table["accession"])
    unique, first = np.unique(numbers, return_index=True)
    ciks = table["cik"].to_numpy()[first]
    return dict(zip(unique.tolist(), ciks.tolist(), strict=True))


def _within(reasons: dict[int, str], numbers: np.ndarray) -> dict[int, str]:
    wanted = np.intersect1d(numbers, np.fromiter(reasons, np.uint64, len(reasons)))
    return {int(n): reasons[int(n)] for n in wanted}


def _kind(reason: str) -> str:
    """A reason without what is particular to one filing, so that like reasons count together."""
    for mark in (": HTTP", "unusable: "):
        head, found, _ = reason.partition(mark)
        if found:
            return head or mark.strip(": ")
    return reason
