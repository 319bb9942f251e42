"""The ledger of the lookup tables made anew from the tables themselves: what they hold is the truth, lists can be lost.

A list that lacks what a table holds would have rows appended twice; one that has what a table lost would hide the
loss. The details table says of each filing how many rows the other two must have, so wrong numbers are found as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger
from filings.archive.storage import Conflict, Head, Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed, is_accession
from filings.logs import log
from filings.tables import Table
from filings.warehouse import csv_frames
from filings.warehouse.bulk import Bulk
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.plan import Plan, Plans

_TRIES = 5
_NUMBERS = ("sequence", "generation", "rows")
# Which column of the details says how many rows another table has of a filing.
_COUNTS = {ACCESSION_CIK.name: "filer_count", DOCUMENTS.name: "document_count"}
_ACCESSION = accession_rows.ACCESSION


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What the tables hold: filings that are in all of them, and those whose number of rows is wrong."""

    filings: int
    wrong: list[str]


@dataclass
class _Held:
    """A table's accession numbers, sorted, and how many rows it has of each; of the details, what they say besides."""

    numbers: np.ndarray = field(default_factory=lambda: np.empty(0, np.uint64))
    rows: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))
    counts: Mapping[str, np.ndarray] = field(
        default_factory=lambda: dict.fromkeys(_COUNTS, np.empty(0, np.int64)),
    )

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


def rebuild(store: Store, bulk: Bulk) -> Rebuilt:
    """Make the ledger, and the lists of single tables, what the complete tables hold; writes only what differs.

    Reads the three tables from end to end. Raises `CorruptObject` naming a table that cannot be read, and `Conflict`
    when another container changes them all the time.
    """
    for _ in range(_TRIES):
        before = _heads(store)
        held = {name: _read(bulk, head, LOOKUP_TABLES[name]) for name, head in before.items()}
        rebuilt = _write(store, held)
        stamped = False
        for name, head in before.items():
            if head is not None and head.metadata.get("rows") != str(held[name].rows.sum()):
                _stamp(store, bulk, LOOKUP_TABLES[name], head, held[name])
                stamped = True
        # Whoever appended before the lists were written is seen here; whoever comes later adds to what was written.
        if not stamped and _heads(store) == before:
            log.info("lookup_ledger_rebuilt", filings=rebuilt.filings, wrong=len(rebuilt.wrong))
            return rebuilt
    raise Conflict(store.uri(keys.lookup_table("complete", SUBMISSION_DETAILS.name)))


def present(store: Store, bulk: Bulk, table: Table) -> np.ndarray:
    """The accession numbers that a complete table has rows of, sorted. Raises `CorruptObject`, `Conflict`."""
    return _read(bulk, store.head(keys.lookup_table("complete", table.name)), table).numbers


def stamp_unknown(store: Store, bulk: Bulk) -> None:
    """Count the complete tables that do not know their numbers, and write these into their metadata."""
    for name, head in _heads(store).items():
        if head is not None and not knows_itself(head):
            _stamp(store, bulk, LOOKUP_TABLES[name], head, _read(bulk, head, LOOKUP_TABLES[name]))


def _stamp(store: Store, bulk: Bulk, table: Table, head: Head, held: _Held) -> None:
    last = Plans(store).last()
    if last is not None and not last.done and not knows_itself(head):
        sequence = last.sequence if _went_in(last, table.name, held) else last.sequence - 1
    else:
        sequences = [int(h.metadata["sequence"]) for h in _heads(store).values() if h is not None and knows_itself(h)]
        sequence = max([last.sequence if last else 0, *sequences]) + 1
        if last is not None and not last.done:
            sequence = int(head.metadata["sequence"])
    rows = str(held.rows.sum())
    key = keys.lookup_table("complete", table.name)
    # A generation of its own: MySQL takes the whole table, whatever it holds of an earlier one.
    bulk.append(key, head, b"", {"sequence": str(sequence), "generation": str(sequence), "rows": rows})
    log.warning("table_counted", uri=store.uri(key), rows=rows, was=head.metadata.get("rows"), sequence=sequence)


def _went_in(plan: Plan, name: str, held: _Held) -> bool:
    """Whether an open plan's rows are in a table; replacing them once more does no harm."""
    if name not in plan.tables or plan.replace:
        return name not in plan.tables
    return bool(set(map(dashed, held.numbers.tolist())) & set(plan.of(name)))


def _heads(store: Store) -> dict[str, Head | None]:
    return {name: store.head(keys.lookup_table("complete", name)) for name in LOOKUP_TABLES}


def _write(store: Store, held: Mapping[str, _Held]) -> Rebuilt:
    details = held[SUBMISSION_DETAILS.name]
    everywhere = np.ones(len(details.numbers), bool)
    wrong = details.rows > 1
    present = {SUBMISSION_DETAILS.name: details.numbers}
    for name, wanted in details.counts.items():
        rows = held[name].of(details.numbers)
        lacking = (rows == 0) & (wanted > 0)
        everywhere &= ~lacking
        wrong |= ~lacking & (rows != wanted)
        present[name] = np.union1d(held[name].numbers, details.numbers[wanted == 0])
    whole = details.numbers[everywhere]
    # First what each table has alone: were the list of all written first, a crash here could hide what is in a table.
    for name, numbers in present.items():
        _set(Ledger(store, name), {"inventory": [], "instant": [], "daily": np.setdiff1d(numbers, whole)})
    _set(Ledger(store, keys.LOOKUP), {"inventory": whole, "daily": [], "instant": []})
    return Rebuilt(len(whole), [dashed(int(n)) for n in details.numbers[wrong]])


def _set(ledger: Ledger, lists: Mapping[str, np.ndarray | list[int]]) -> None:
    for kind, numbers in lists.items():
        if len(numbers) or ledger.store.head(keys.have_list(kind, ledger.archive)) is not None:
            ledger.replace(kind, np.asarray(numbers, np.uint64))


def _read(bulk: Bulk, head: Head | None, table: Table) -> _Held:
    """What a complete table holds, read piece by piece: some 30 bytes a filing stay in memory."""
    if head is None:
        return _Held()
    key = keys.lookup_table("complete", table.name)
    uri = bulk.store.uri(key)
    numbers, rows, counts = [], [], []
    for piece in _pieces(bulk, key, head, table, uri):
        found = _numbers(piece, uri)
        if table is SUBMISSION_DETAILS:
            counts.append(_counts(piece, uri))
            numbers.append(found)
            rows.append(np.ones(len(found), np.int64))
        else:
            unique, times = np.unique(found, return_counts=True)
            numbers.append(unique)
            rows.append(times.astype(np.int64))
    if not numbers:
        return _Held()
    together = np.concatenate(numbers)
    unique, inverse = np.unique(together, return_inverse=True)
    total = np.bincount(inverse, np.concatenate(rows), len(unique)).astype(np.int64)
    if not counts:
        return _Held(unique, total)
    last = np.zeros(len(unique), np.int64)
    np.maximum.at(last, inverse, np.arange(len(together)))
    told = np.concatenate(counts)[last]
    return _Held(unique, total, {name: told[:, column] for column, name in enumerate(_COUNTS)})


def _pieces(bulk: Bulk, key: str, head: Head, table: Table, uri: str) -> Iterator[bytes]:
    lines = csv_frames.whole_lines(bulk.chunks(key, head.etag), uri)
    return csv_frames.without_header(lines, table, uri)


def _numbers(piece: bytes, uri: str) -> np.ndarray:
    """The accession numbers that lines begin with."""
    numbers = accession_rows.of_lines(piece)
    if numbers is None:
        bad = next(line for line in piece.split(b"\n") if not is_accession(line[:_ACCESSION].decode("latin-1")))
        raise CorruptObject(uri, f"a line of it begins with no accession number: {bad[:80]!r}")
    return numbers


def _counts(piece: bytes, uri: str) -> np.ndarray:
    """What the lines of the details say of the other tables' rows, a column a table."""
    places = [SUBMISSION_DETAILS.names.index(column) for column in _COUNTS.values()]
    try:
        found = [[int(row[place]) for place in places] for row in csv.reader(piece.decode().split("\n")[:-1])]
    except (ValueError, IndexError) as error:
        raise CorruptObject(uri, f"a line of it is no row of {SUBMISSION_DETAILS.name}: {error}") from error
    return np.array(found, np.int64).reshape(-1, len(places))
