"""The accounting: for each archive, accessions in master = have + missing + unavailable, each of them for a reason.

An archive that is made from the SGML archive cannot have what that one cannot have: such accessions are unavailable
there too, for as long as they are here. Lists are read a block at a time and marked on what the master index lists, a
byte an accession, so that an account of twenty million costs no more memory than that.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from filings.archive import keys, missing
from filings.archive.ledger import Ledger
from filings.archive.master import Filings
from filings.archive.sorted_numbers import places, unique
from filings.archive.storage import Store
from filings.archive.universe import Universes

_AT_ONCE = 2  # archives whose lists are read at a time: decompressing one, marking another
_MOST_KINDS = 60_000  # marks have 16 bits
_COUNTED = 1 << 20
_OTHERS = "for other reasons"


@dataclass
class Account:
    """One archive's figures and what it lacks; marks are of the listed accession numbers, one each."""

    archive: str
    accessions: np.ndarray  # listed: unsigned 64-bit integers, sorted
    held: np.ndarray  # marks
    gone: np.ndarray  # marks of what is unavailable
    reasons: dict[str, int]
    unlisted: int  # had, but in no index (any more)

    @property
    def have(self) -> np.ndarray:
        """What is listed and had."""
        return np.asarray(self.accessions[self.held])

    @property
    def missing(self) -> np.ndarray:
        """What is listed, and neither had nor unavailable."""
        return np.asarray(self.accessions[~(self.held | self.gone)])

    def has(self, numbers: np.ndarray) -> np.ndarray:
        """For each of some accession numbers, whether it is listed and had."""
        return self._marked(self.held, numbers)

    def open(self, numbers: np.ndarray) -> np.ndarray:
        """For each of some accession numbers, whether it is neither had nor unavailable."""
        return ~self._marked(self.held | self.gone, numbers)

    def counts(self) -> dict[str, Any]:
        """The figures as they stand in `accounting.json` and in the missing list."""
        return {
            "accessions": len(self.accessions),
            "have": int(self.held.sum()),
            "missing": len(self.accessions) - int((self.held | self.gone).sum()),
            "unavailable": int(self.gone.sum()),
            "unlisted": self.unlisted,
            "reasons": self.reasons,
        }

    def _marked(self, marks: np.ndarray, numbers: np.ndarray) -> np.ndarray:
        at, there = places(self.accessions, numbers)
        there[there] = marks[at[there]]
        return there


def accounts(
    store: Store, listed: np.ndarray, archives: tuple[str, ...] = keys.ARCHIVES, *, keep_parts: bool = False
) -> list[Account]:
    """Take stock of some archives; see `each_account`."""
    found = {account.archive: account for account in each_account(store, listed, archives, keep_parts=keep_parts)}
    return [found[archive] for archive in archives]


def each_account(
    store: Store,
    listed: np.ndarray,
    archives: tuple[str, ...] = keys.ARCHIVES,
    products: Universes | None = None,
    *,
    keep_parts: bool = False,
) -> Iterator[Account]:
    """Fold what containers have reported into the ledgers, and take stock of each archive, then of each product.

    Of accounts of twenty million filings a few are in memory at a time; who keeps none of them needs no more.

    Args:
        store: the S3 bucket.
        listed: the accession numbers in the master index, sorted.
        archives: which ones.
        products: which filings each product is about; None for no product.
        keep_parts: whether what containers have reported stays besides, as it must while their run may go on.

    Raises:
        CorruptObject: naming the list or part that is broken.
    """

    def take(archive: str) -> _Stock:
        return _taken(store, archive, listed, archive in archives, keep_parts)

    with ThreadPoolExecutor(_AT_ONCE, "stock") as pool:
        # The archive that the others are made from comes first: what it cannot have, they cannot have either.
        stocks = pool.map(take, dict.fromkeys((keys.SGML, *archives)))
        source = next(stocks)
        lost = np.flatnonzero(source.marks > 1)
        reasons = source.marks[lost]
        if keys.SGML in archives:
            yield source.account(listed)
        for stock in stocks:
            stock.inherit(lost, reasons, source.kinds)
            yield stock.account(listed)
    if products is None:
        return
    for name in products.names:
        universe = products.numbers(name)
        stock = _taken(store, name, universe, True, keep_parts)
        at, there = places(universe, listed[lost])
        stock.inherit(at[there], reasons[there], source.kinds)
        yield stock.account(universe)


def write_missing(store: Store, account: Account, listed: Filings) -> bool:
    """Write `missing_{archive}.json.zst`; whether it has changed."""
    if account.accessions is listed.numbers:
        lacking = listed[~(account.held | account.gone)]
    else:
        lacking = listed.among(account.missing)
    return missing.write(store, account.archive, account.counts(), lacking.numbers, lacking.ciks)


def _taken(store: Store, archive: str, universe: np.ndarray, fold: bool, keep_parts: bool) -> _Stock:
    ledger = Ledger(store, archive)
    if fold:
        ledger.fold(keep=keep_parts)
    return _Stock.of(ledger, universe)


@dataclass
class _Stock:
    """An archive's lists, marked on what is listed: 1 for had, 2 and more for a kind of reason not to be had."""

    archive: str
    marks: np.ndarray
    kinds: dict[str, int] = field(default_factory=dict)  # reason → mark
    unlisted: int = 0

    @classmethod
    def of(cls, ledger: Ledger, listed: np.ndarray) -> _Stock:
        """Read the lists."""
        stock = cls(ledger.archive, np.zeros(len(listed), np.uint16))
        beyond = []
        for block in ledger.have_blocks():
            at, there = places(listed, block)
            if there.all():
                stock.marks[at] = 1
            else:
                stock.marks[at[there]] = 1
                beyond.append(block[~there])
        stock.unlisted = len(unique(beyond))
        for numbers, (_, reason) in ledger.unavailable_stretches():
            at, there = places(listed, numbers)
            at = at[there]
            stock.marks[at[stock.marks[at] == 0]] = stock._code(_kind(reason))
        return stock

    def inherit(self, lost: np.ndarray, marks: np.ndarray, kinds: dict[str, int]) -> None:
        """Take over what the SGML archive cannot have, unless there is an own mark.

        Args:
            lost: places among what is listed.
            marks: of each that archive's mark.
            kinds: that archive's reasons.
        """
        own = np.zeros(len(kinds) + 2, np.uint16)
        for kind, mark in kinds.items():
            own[mark] = self._code(_kind(f"its submission is unavailable: {kind}"))
        free = self.marks[lost] == 0
        self.marks[lost[free]] = own[marks[free]]

    def account(self, listed: np.ndarray) -> Account:
        """The account."""
        gone = self.marks > 1
        counts = np.zeros(len(self.kinds) + 2, np.int64)
        for start in range(0, len(gone), _COUNTED):
            some = slice(start, start + _COUNTED)
            counts += np.bincount(self.marks[some][gone[some]], minlength=len(counts))
        reasons = {kind: int(counts[mark]) for kind, mark in self.kinds.items() if counts[mark]}
        return Account(self.archive, listed, self.marks == 1, gone, reasons, self.unlisted)

    def _code(self, kind: str) -> int:
        if kind not in self.kinds and len(self.kinds) >= _MOST_KINDS:
            kind = _OTHERS
        return self.kinds.setdefault(kind, len(self.kinds) + 2)


def _kind(reason: str) -> str:
    """A reason without what is particular to one filing, so that like reasons count together."""
    for mark in (": HTTP", "unusable: "):
        head, found, _ = reason.partition(mark)
        if found:
            return head or mark.strip(": ")
    return reason
