"""Tables of a product that got lost or do not hold what they should: found by counting filings, and emptied.

No table of a product has a row of every filing, so rows cannot tell which filings went in; every complete object tells
instead how many did. When that is not what the ledger has, whichever of them is wrong is set right: a ledger that got
lost becomes what the tables hold; a table that got lost, was put back from an earlier time or cannot be read becomes
empty, and its rows come anew from `rows/`, by appends, so that it costs what the table has, once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

import numpy as np

from filings.archive.compression import CorruptObject
from filings.archive.ledger import HAVE_LISTS, Ledger
from filings.archive.sorted_numbers import unique, within, without
from filings.archive.storage import Conflict, Head, Store
from filings.logs import log
from filings.warehouse import csv_frames, table_ledger
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.plan import Plan
from filings.warehouse.table_ledger import Held, Lists, heads, knows_itself

FILINGS = "filings"  # in the metadata of a complete object: how many went in, with rows or without
_TRIES = 5
_NOTHING = np.empty(0, np.uint64)


def repair(store: Store, bulk: Bulk, dataset: Dataset, finish: Callable[[], Plan | None]) -> np.ndarray:
    """Make ledger and tables tell the same; returns the filings that some table lacks, as sorted numbers.

    Args:
        store: the S3 bucket.
        bulk: the same for large objects.
        dataset: one without a table of details.
        finish: finishes an append that was broken off, and returns the last plan.
    """
    before, lists = _settled(store, dataset, finish)
    held = lists.held()
    everything = unique(list(held.values()))
    wrong = [name for name, head in before.items() if filings(head) != len(held[name])]
    if wrong:
        sound = [name for name in dataset.tables if name not in wrong]
        if not sound:  # then it is the ledger that is wrong, or all of them are
            sound, found = _from_tables(bulk, dataset, before)
            everything = unique([everything, found]) if len(sound) < len(dataset.tables) else found
            held = dict.fromkeys(dataset.tables, found)
            wrong = [name for name in dataset.tables if name not in sound]
        held = {name: held[name] if name in sound else _NOTHING for name in dataset.tables}
        if wrong:
            _empty(bulk, dataset, before, wrong, finish())
    _set_ledger(store, dataset, lists, held)
    return unique([without(everything, numbers) for numbers in held.values()])


def filings(head: Head | None) -> int:
    """How many filings went into a complete object, as it tells; -1 when it does not."""
    if head is None:
        return 0
    told = head.metadata.get(FILINGS, "")
    return int(told) if told.isdigit() and knows_itself(head) else -1


def _settled(store: Store, dataset: Dataset, finish: Callable[[], Plan | None]) -> tuple[dict[str, Head | None], Lists]:
    """The complete objects and the ledger, from a time when nobody was changing them."""
    for _ in range(_TRIES):
        finish()
        before = heads(store, dataset)
        lists = Lists.of(store, dataset)
        held = lists.held()
        if all(filings(head) == len(held[name]) for name, head in before.items()):
            return before, lists
        plan = finish()
        if (plan is None or plan.done) and heads(store, dataset) == before:
            return before, lists
    raise Conflict(store.uri(dataset.plan_key))


def _from_tables(bulk: Bulk, dataset: Dataset, before: dict[str, Head | None]) -> tuple[list[str], np.ndarray]:
    """The tables that hold what they say of themselves, and the filings that all tables have rows of together."""
    read: dict[str, Held] = {}
    for name, head in before.items():
        if head is None or filings(head) < 0:
            continue
        try:
            read[name] = table_ledger.read(bulk, dataset, dataset.tables[name], head)
        except CorruptObject as error:
            log.error("table_unreadable", error=str(error), what_is_done="it is made anew")
    together = unique([held.numbers for held in read.values()])
    sound = [
        name
        for name, held in read.items()
        if (head := before[name]) is not None
        and filings(head) == len(together)
        and head.metadata["rows"] == str(held.rows.sum())
    ]
    return sound, together


def _set_ledger(store: Store, dataset: Dataset, lists: Lists, held: Mapping[str, np.ndarray]) -> None:
    """What all tables have as what the dataset has, the rest as what each has alone.

    Only what differs from the lists as they were read is written: what others have added since stays.
    """
    whole = reduce(lambda some, more: some[within(more, some)], held.values())
    ledger = Ledger(store, dataset.name)
    new, gone = without(whole, lists.together), without(lists.together, whole)
    ledger.add_lines("daily", new)
    # Before anything is taken off the list of all: a crash in between leaves each filing in some list.
    for name, numbers in held.items():
        alone = without(numbers, whole)
        Ledger(store, name).add_lines("inventory", without(alone, lists.alone[name]))
        Ledger(store, name).strike(without(lists.alone[name], alone), HAVE_LISTS)
    ledger.strike(gone, HAVE_LISTS)
    if len(new) or len(gone):
        log.warning("ledger_set_right", dataset=dataset.name, filings=len(whole), added=len(new), taken_off=len(gone))


def _empty(
    bulk: Bulk, dataset: Dataset, before: dict[str, Head | None], wrong: Sequence[str], last: Plan | None
) -> None:
    """Make tables empty, so that all of their rows come anew; one that is not there is made by the first append."""
    sequences = [int(head.metadata["sequence"]) for head in before.values() if head is not None and knows_itself(head)]
    sequence = str(max([last.sequence if last else 0, *sequences]) + 1)
    for name in wrong:
        if (head := before[name]) is not None:
            told = {"sequence": sequence, "generation": sequence, "rows": "0", FILINGS: "0"}
            header = csv_frames.header_frame(dataset.tables[name])
            bulk.write(dataset.key("complete", name), [header], told, head.etag)
    log.warning(
        "tables_made_anew",
        tables=[bulk.store.uri(dataset.key("complete", name)) for name in wrong],
        why="lost, or they did not hold what they should",
        what_is_done=f"all of their rows are read again from what {dataset.source.task} has written",
    )
