"""The ledger of a dataset made anew from the tables themselves: what they hold is the truth, lists can be lost.

A list that lacks what a table holds would have rows appended twice; one that has what a table lost would hide the
loss. Of the lookup tables, the details say of each filing how many rows the other two must have, so wrong numbers are
found as well. Where no table has a row of every filing, see `table_repair`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.sorted_numbers import unique
from filings.archive.storage import Conflict, Head, Store
from filings.edgar.accession import dashed
from filings.logs import log
from filings.tables import Table
from filings.warehouse import csv_frames, csv_rows
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.plan import Plan, Plans

_TRIES = 5
_NUMBERS = ("sequence", "generation", "rows")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the tables hold: filings that are in all of them, and those whose number of rows is wrong."""

    filings: int
    wrong: list[str]


@dataclass
class Held:
    """A table's accession numbers, sorted, and how many rows it has of each; of the details, what they say besides."""

    numbers: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    counts: Mapping[str, np.ndarray] = field(default_factory=dict)

    def of(self, numbers: np.ndarray) -> np.ndarray:
        """How many rows there are of other accession numbers."""
        found = np.zeros(len(numbers), np.int64)
        if len(self.numbers):
            at = np.minimum(np.searchsorted(self.numbers, numbers), len(self.numbers) - 1)
            hit = self.numbers[at] == numbers
            found[hit] = self.rows[at[hit]]
        return found


def knows_itself(head: Head) -> bool:
    """Whether a complete object has the numbers that it should tell of itself; one put there by hand has not."""
    return all(head.metadata.get(name, "").isdigit() for name in _NUMBERS)


def heads(store: Store, dataset: Dataset) -> dict[str, Head | None]:
    """The complete objects of a dataset, by table."""
    return {name: store.head(dataset.key("complete", name)) for name in dataset.tables}


@dataclass(frozen=True)
class Lists:
    """What the ledger says: what went into all tables of a dataset, and what went into each alone."""

    together: np.ndarray
    alone: Mapping[str, np.ndarray]

    @classmethod
    def of(cls, store: Store, dataset: Dataset) -> Lists:
        """As they are now. Raises `CorruptObject`."""
        alone = {name: Ledger(store, name).have() for name in dataset.tables}
        return cls(Ledger(store, dataset.name).have(), alone)

    def held(self) -> dict[str, np.ndarray]:
        """What each table has."""
        together = self.together
        return {name: unique([together, some]) if len(some) else together for name, some in self.alone.items()}


def _set(ledger: Ledger, lists: Mapping[str, np.ndarray | list[int]]) -> None:
    """Make lists hold exactly these; a list that is not there and would be empty is not written."""
    for kind, numbers in lists.items():
        if len(numbers) or ledger.store.head(keys.have_list(kind, ledger.archive)) is not None:
            ledger.replace(kind, np.asarray(numbers, np.uint64))


def rebuild(store: Store, bulk: Bulk, dataset: Dataset) -> Rebuilt:
    """Make the ledger, and the lists of single tables, what the complete tables hold; writes only what differs.

    Reads the tables from end to end. Raises `CorruptObject` naming a table that cannot be read, and `Conflict` when
    another container changes them all the time.
    """
    for _ in range(_TRIES):
        before = heads(store, dataset)
        held = {name: read(bulk, dataset, dataset.tables[name], head) for name, head in before.items()}
        rebuilt = _write(store, dataset, held)
        stamped = False
        for name, head in before.items():
            if head is not None and head.metadata.get("rows") != str(held[name].rows.sum()):
                _stamp(store, bulk, dataset, dataset.tables[name], head, held[name])
                stamped = True
        # Whoever appended before the lists were written is seen here; whoever comes later adds to what was written.
        if not stamped and heads(store, dataset) == before:
            log.info("table_ledger_rebuilt", dataset=dataset.name, filings=rebuilt.filings, wrong=len(rebuilt.wrong))
            return rebuilt
    raise Conflict(store.uri(dataset.key("complete", dataset.details)))


def present(store: Store, bulk: Bulk, dataset: Dataset, table: Table) -> np.ndarray:
    """The accession numbers that a complete table has rows of, sorted. Raises `CorruptObject`, `Conflict`."""
    return read(bulk, dataset, table, store.head(dataset.key("complete", table.name))).numbers


def stamp_unknown(store: Store, bulk: Bulk, dataset: Dataset) -> None:
    """Count the complete tables that do not know their numbers, and write these into their metadata."""
    for name, head in heads(store, dataset).items():
        if head is not None and not knows_itself(head):
            table = dataset.tables[name]
            _stamp(store, bulk, dataset, table, head, read(bulk, dataset, table, head))


def _stamp(store: Store, bulk: Bulk, dataset: Dataset, table: Table, head: Head, held: Held) -> None:
    last = Plans(store, dataset.plan_key).last()
    if last is not None and not last.done and not knows_itself(head):
        sequence = last.sequence if _went_in(last, table.name, held) else last.sequence - 1
    else:
        known = [h for h in heads(store, dataset).values() if h is not None and knows_itself(h)]
        sequence = max([last.sequence if last else 0, *(int(h.metadata["sequence"]) for h in known)]) + 1
        if last is not None and not last.done:
            sequence = int(head.metadata["sequence"])
    rows = str(held.rows.sum())
    key = dataset.key("complete", table.name)
    # A generation of its own: MySQL takes the whole table, whatever it holds of an earlier one.
    bulk.append(key, head, b"", {"sequence": str(sequence), "generation": str(sequence), "rows": rows})
    log.warning("table_counted", uri=store.uri(key), rows=rows, was=head.metadata.get("rows"), sequence=sequence)


def _went_in(plan: Plan, name: str, held: Held) -> bool:
    """Whether an open plan's rows are in a table; replacing them once more does no harm."""
    if name not in plan.tables or plan.replace:
        return name not in plan.tables
    return bool(set(map(dashed, held.numbers.tolist())) & set(plan.of(name)))


def _write(store: Store, dataset: Dataset, held: Mapping[str, Held]) -> Rebuilt:
    details = held[dataset.details]
    everywhere = np.ones(len(details.numbers), bool)
    wrong = details.rows > 1
    present = {dataset.details: details.numbers}
    for name in dataset.counts:
        wanted = details.counts.get(name, np.empty(0, np.int64))
        rows = held[name].of(details.numbers)
        lacking = (rows == 0) & (wanted > 0)
        everywhere &= ~lacking
        wrong |= ~lacking & (rows != wanted)
        present[name] = np.union1d(held[name].numbers, details.numbers[wanted == 0])
    whole = details.numbers[everywhere]
    # First what each table has alone: were the list of all written first, a crash here could hide what is in a table.
    for name, numbers in present.items():
        _set(Ledger(store, name), {"inventory": [], "instant": [], "daily": np.setdiff1d(numbers, whole)})
    _set(Ledger(store, dataset.name), {"inventory": whole, "daily": [], "instant": []})
    return Rebuilt(len(whole), [dashed(int(n)) for n in details.numbers[wrong]])


def read(bulk: Bulk, dataset: Dataset, table: Table, head: Head | None) -> Held:
    """What a complete table holds, read piece by piece: some 30 bytes a filing stay in memory.

    Raises:
        CorruptObject: naming the table, when it cannot be read or a row begins with no accession number.
    """
    if head is None:
        return Held()
    key = dataset.key("complete", table.name)
    uri = bulk.store.uri(key)
    numbers, rows, counts = [], [], []
    pieces = csv_frames.whole_rows(bulk.chunks(key, head.etag), table, uri)
    for piece in csv_frames.without_header(pieces, table, uri):
        found = csv_rows.numbers(piece, table, uri)
        if table.name == dataset.details:
            counts.append(_counts(piece, dataset, table, uri))
            numbers.append(found)
            rows.append(np.ones(len(found), np.int64))
        else:
            some, times = np.unique(found, return_counts=True)
            numbers.append(some)
            rows.append(times.astype(np.int64))
    if not numbers:
        return Held()
    together = np.concatenate(numbers)
    all_of_them, inverse = np.unique(together, return_inverse=True)
    total = np.bincount(inverse, np.concatenate(rows), len(all_of_them)).astype(np.int64)
    if not counts:
        return Held(all_of_them, total)
    last = np.zeros(len(all_of_them), np.int64)
    np.maximum.at(last, inverse, np.arange(len(together)))
    told = np.concatenate(counts)[last]
    return Held(all_of_them, total, {name: told[:, column] for column, name in enumerate(dataset.counts)})


def _counts(piece: bytes, dataset: Dataset, table: Table, uri: str) -> np.ndarray:
    """What the rows of the details say of the other tables' rows, a column a table."""
    places = [table.names.index(column) for column in dataset.counts.values()]
    try:
        found = [[int(row[place]) for place in places] for row in csv_rows.records(piece)]
    except (ValueError, IndexError) as error:
        raise CorruptObject(uri, f"a line of it is no row of {table.name}: {error}") from error
    return np.array(found, np.int64).reshape(-1, len(places))
