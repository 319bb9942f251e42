"""New accessions into the tables of a dataset: what is to be appended, round by round, after what got lost is mended.

A table or a list that got lost is noticed before anything else: the ledger is made what the tables hold, and what a
table lost comes back. How an append goes in exactly once, see `table_append`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from filings.archive.ledger import Ledger
from filings.archive.sorted_numbers import unique, without
from filings.archive.storage import Conflict, Store
from filings.edgar import accession_rows
from filings.logs import log
from filings.warehouse import added_columns, table_ledger
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.plan import Plan
from filings.warehouse.row_reader import Reader, Result
from filings.warehouse.table_append import TableAppend, numbers_of
from filings.warehouse.table_repair import repair

# Submissions that one delta holds: a day has up to 8,000. A first start takes more at once, since each round also
# costs a look at the whole ledger; the reader ends a round earlier when its rows fill the memory.
ROUND, LARGEST_ROUND, ROUNDS = 20_000, 200_000, 50


class _Overtaken(Exception):
    """Another container has appended since the ledger was asked."""


class TableUpdate:
    """Brings accessions into the tables of a dataset.

    Set `stopping` to end early: a round that has not begun to write is dropped, one that has is finished.
    """

    def __init__(
        self, store: Store, bulk: Bulk, dataset: Dataset, concurrency: int, run_id: str, part: str = "tables-0"
    ) -> None:
        """`part` names this container's parts of the ledgers in its run."""
        self._store = store
        self._bulk = bulk
        self._dataset = dataset
        self._run_id = run_id
        self._mended: np.ndarray | None = None
        self._ledger = Ledger(store, dataset.name)
        self.result = Result()
        self._reader = Reader(store, dataset, concurrency, run_id, part, self.result)
        self._append = TableAppend(store, bulk, dataset, self._reader, run_id, part)
        self.stopping = False

    def finish_open_plan(self) -> Plan | None:
        """Do what is left of an append that was broken off; returns the last plan."""
        return self._append.finish_open()

    def run(
        self, accessions: Iterable[str] | np.ndarray, tables: Sequence[str], force: bool = False, lost: bool = False
    ) -> Result:
        """Bring accessions, or their numbers, into tables; with `force` their rows replace those that are there.

        With `lost` they are appended although the ledger says that they are there (see `lacking`).

        Accessions whose object is not there yet are `waiting`; those whose object cannot be read are `failed`, and
        those that a table does not take or that have no row are `unavailable`. With `force`, the rows of one that has
        none any more go. What a table has lost is brought back too (see `mend`).

        Raises:
            Conflict: when another container is at the same work all the time.
            ColumnsDiffer: when a table's columns are not those of the dataset; the message says what to do.
        """
        back = self.mend(tables)
        wanted = numbers_of(accessions)
        self._bring(wanted if force else without(wanted, back), tables, force, lost)
        return self.result

    def mend(self, tables: Sequence[str]) -> np.ndarray:
        """Finish what was broken off, and set right what got lost; returns what a table had lost, as sorted numbers.

        Columns that were added come into the complete tables. A complete object that is not there although its table
        has filings in the ledger has lost them: they come back from where rows are read. A ledger that has not what the
        tables hold is made anew, lest rows be appended twice.
        """
        if self._mended is None:
            for table in self._dataset.tables.values():
                added_columns.add_columns(self._store, self._bulk, self._dataset, table)
            self._mended = self._mend_counted(tables) if self._dataset.details else self._mend_others(tables)
        return self._mended

    def _mend_counted(self, tables: Sequence[str]) -> np.ndarray:
        """Of a dataset with a table that tells what the others have."""
        dataset = self._dataset
        table_ledger.stamp_unknown(self._store, self._bulk, dataset)
        gone = [name for name in tables if self._store.head(dataset.key("complete", name)) is None]
        before = {name: self._append.in_table(name) for name in gone}
        self.finish_open_plan()
        lost = {name: numbers for name, numbers in before.items() if len(numbers)}
        if lost or self._ledger_lacks():
            log.warning(
                "table_ledger_differs",
                lost_tables=[self._store.uri(dataset.key("complete", name)) for name in lost],
                what_is_done="the ledger is made what the tables hold; what a table lost is made anew from its source",
            )
            table_ledger.rebuild(self._store, self._bulk, dataset)
        back = unique([without(had, self._append.in_table(name)) for name, had in lost.items()])
        if len(back):
            log.warning("table_repaired", tables=sorted(lost), accessions=len(back))
            self._bring(back, tables, force=False, lost=False)
        return back

    def _mend_others(self, tables: Sequence[str]) -> np.ndarray:
        """Of a dataset none of whose tables has a row of every filing."""
        back = repair(self._store, self._bulk, self._dataset, self.finish_open_plan)
        if len(back):
            log.warning("rows_brought_back", dataset=self._dataset.name, accessions=len(back))
            self._bring(back, tables, force=False, lost=False, keep_empty=True)
        return back

    def _ledger_lacks(self) -> bool:
        """Whether the ledger cannot be what the tables hold: the details have one row a filing."""
        in_all = self._ledger.have()
        for name in self._dataset.tables:
            head = self._store.head(self._dataset.key("complete", name))
            held = len(unique([in_all, Ledger(self._store, name).have()]))
            rows = int(head.metadata.get("rows", "0")) if head else 0
            if rows != held if name == self._dataset.details and head else rows and not held:
                return True
        return False

    def _bring(
        self, wanted: np.ndarray, tables: Sequence[str], force: bool, lost: bool, keep_empty: bool = False
    ) -> None:
        since = _sequence_of(self.finish_open_plan())  # before the ledger is asked, which knows no more than that
        held = {name: np.zeros(len(wanted), bool) for name in tables}
        if not (force or lost):
            in_all = self._ledger.has(wanted)
            held = {name: in_all | Ledger(self._store, name).has(wanted) for name in tables}
        skipped = np.logical_and.reduce(list(held.values()))
        self.result.skipped_numbers.append(wanted[skipped])
        todo = np.flatnonzero(~skipped)
        size = min(max(ROUND, len(todo) // ROUNDS), LARGEST_ROUND)
        start = 0
        while start < len(todo) and not self.stopping:
            chosen = todo[start : start + size]
            left_out = {name: accession_rows.strings(wanted[chosen[held[name][chosen]]]) for name in tables}
            try:
                since, reached = self._round(
                    accession_rows.strings(wanted[chosen]), left_out, force, since, keep_empty or force
                )
            except _Overtaken:
                if lost:
                    raise Conflict(self._store.uri(self._dataset.plan_key)) from None
                self._bring(wanted[todo[start:]], tables, force, lost, keep_empty)
                return
            start += reached

    def lacking(self, table: str) -> np.ndarray:
        """What a table should have and holds no row of, as sorted numbers (the table is read from end to end)."""
        there = table_ledger.present(self._store, self._bulk, self._dataset, self._dataset.tables[table])
        return without(self._append.in_table(table), there)

    def _round(
        self, chosen: Sequence[str], left_out: Mapping[str, Sequence[str]], force: bool, since: int, keep_empty: bool
    ) -> tuple[int, int]:
        """One append; returns its sequence, and how many accessions were looked at.

        Raises `_Overtaken` when another container has appended after `since`, perhaps the very same.
        """
        read = asyncio.run(self._reader.rows(chosen, left_out, lambda: self.stopping, keep_empty))
        if self.stopping or not read.done:
            return since, read.reached

        def made(last: Plan | None) -> Plan:
            if _sequence_of(last) != since and not force:
                raise _Overtaken
            return Plan(
                sequence=max(_sequence_of(last), *map(self._append.sequence, left_out)) + 1,
                run_id=self._run_id,
                tables={name: sorted(set(accessions) & set(read.done)) for name, accessions in left_out.items()},
                accessions=read.done,
                replace=force,
                emptied=read.emptied if force else {},
            )

        plan = self._append.open(made)
        self._append.carry_out(plan, {name: (frame.close(), frame.rows) for name, frame in read.frames.items()})
        self.result.unavailable |= plan.emptied
        self.result.done_numbers.append(without(numbers_of(read.done), numbers_of(plan.emptied)))
        return plan.sequence, read.reached


def _sequence_of(plan: Plan | None) -> int:
    return plan.sequence if plan else 0
