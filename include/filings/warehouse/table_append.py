"""One append to the tables of a dataset, carried out so that each row goes in exactly once.

The order of writing is what makes it so: plan, delta of every table, append to every table, ledger, plan done.
Whatever stops in between, the next run finds the open plan and goes on from there before it does anything new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce

import numpy as np

from filings.archive.ledger import HAVE_LISTS, Ledger, Part
from filings.archive.sorted_numbers import unique, without
from filings.archive.storage import Conflict, Head, Store
from filings.edgar import accession_rows
from filings.logs import log
from filings.tables import Table
from filings.warehouse import added_columns, compaction, csv_frames, csv_rows
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.plan import Plan, Plans
from filings.warehouse.row_reader import Reader, Result
from filings.warehouse.table_repair import FILINGS, filings

_TRIES = 5
Made = tuple[bytes, int]  # a frame of rows, and how many


class TableAppend:
    """Carries out plans for one container; `run_id` and `part` name its parts of the ledger."""

    def __init__(self, store: Store, bulk: Bulk, dataset: Dataset, reader: Reader, run_id: str, part: str) -> None:
        self._store = store
        self._bulk = bulk
        self._dataset = dataset
        self._reader = reader
        self._run_id = run_id
        self._part = part
        self._plans = Plans(store, dataset.plan_key)
        self._ledger = Ledger(store, dataset.name)
        self.result: Result = reader.result

    def finish_open(self) -> Plan | None:
        """Do what is left of an append that was broken off; returns the last plan."""
        plan = self._plans.last()
        if plan is not None and not plan.done:
            log.info("append_resumed", sequence=plan.sequence, run_id=plan.run_id, accessions=len(plan.accessions))
            self.carry_out(plan, {})
            return self._plans.last()
        return plan

    def open(self, make: Callable[[Plan | None], Plan]) -> Plan:
        """Write down what is to be appended; `make` gets the last plan, and may refuse by raising.

        Raises:
            Conflict: when another container is quicker all the time.
        """
        for _ in range(_TRIES):
            plan = make(self.finish_open())
            try:
                self._plans.open(plan)
                return plan
            except Conflict as error:
                conflict = error
        raise conflict

    def sequence(self, name: str) -> int:
        """The last append that went into a table."""
        head = self._store.head(self._dataset.key("complete", name))
        return _number(head, "sequence") if head else 0

    def in_table(self, name: str) -> np.ndarray:
        """What a table has: what all of them have, and what went into this one alone."""
        return unique([self._ledger.have(), Ledger(self._store, name).have()])

    def carry_out(self, plan: Plan, made: Mapping[str, Made]) -> None:
        """Carry out a plan, or what is left of it; `made` are the rows of tables that are at hand."""
        pending = {name for name in plan.tables if self.sequence(name) < plan.sequence}
        deltas: dict[str, Made] = {}
        for name in sorted(pending):
            ready = made.get(name)
            if ready is None and not self._has_delta(plan, name):
                plan, ready = self._made_again(plan, name)
            deltas[name] = self._delta(plan, name, ready)
        for name, (frame, rows) in deltas.items():
            self._append(plan, self._dataset.tables[name], frame, rows)
        self._record(plan)
        self._plans.close(plan)

    def _has_delta(self, plan: Plan, name: str) -> bool:
        key = self._dataset.key("delta", name)
        head = self._store.head(key)
        if head is None or _number(head, "sequence") < plan.sequence:
            return False
        columns = added_columns.has_columns(self._bulk, key, head, self._dataset.tables[name])
        return columns or _number(head, "sequence") > plan.sequence

    def _delta(self, plan: Plan, name: str, made: Made | None) -> Made:
        """The delta of a table: as it lies in S3, or else written now; without its header."""
        key = self._dataset.key("delta", name)
        header = csv_frames.header_frame(self._dataset.tables[name])
        for _ in range(_TRIES):
            head = self._store.head(key)
            if head is not None and _number(head, "sequence") == plan.sequence:
                written = self._store.get(key)
                if written.startswith(header):  # else it was written before a column was added
                    return written[len(header) :], _number(head, "rows")
            if head is not None and _number(head, "sequence") > plan.sequence:
                return made or (b"", 0)  # a twin is ahead of us: its delta stays, and the table has our rows
            if made is None:
                break  # somebody deleted it meanwhile
            complete = self._store.head(self._dataset.key("complete", name))
            metadata = {
                "sequence": str(plan.sequence),
                "base": str(_number(complete, "sequence") if complete else 0),
                "rows": str(made[1]),
                "header-bytes": str(len(header)),
                "replace": str(plan.replace).lower(),
            }
            try:
                self._bulk.write(key, [header + made[0]], metadata, head.etag if head else None)
                return made
            except Conflict:
                continue
        raise Conflict(self._store.uri(key))

    def _made_again(self, plan: Plan, name: str) -> tuple[Plan, Made]:
        """The rows of a plan that another container made and did not live to write.

        What cannot be read any more is left out of this table: it stays missing, and nothing else waits for it.
        """
        chosen = [accession for accession in plan.of(name) if accession not in plan.emptied]
        read = asyncio.run(self._reader.rows(chosen, {name: []}, keep_empty=True))
        if gone := sorted(set(chosen) - set(read.done)):
            log.warning("left_out_of_append", table=name, accessions=gone[:20], count=len(gone), sequence=plan.sequence)
            plan = self._plans.leave_out(plan, name, gone)
        return plan, (read.frames[name].close(), read.frames[name].rows)

    def _append(self, plan: Plan, table: Table, frame: bytes, rows: int) -> None:
        key = self._dataset.key("complete", table.name)
        for _ in range(_TRIES):
            head = self._store.head(key)
            if head is not None and _number(head, "sequence") >= plan.sequence:
                return
            try:
                if head is None or plan.replace:
                    self._rewrite(plan, table, head, frame, rows)
                else:
                    numbers = _metadata(plan, _number(head, "generation"), _number(head, "rows") + rows)
                    told = numbers | self._filings(plan, table, head) | compaction.after_append(head, frame)
                    self._bulk.append(key, head, frame, told)
                self.result.rows[table.name] = self.result.rows.get(table.name, 0) + rows
                self.result.bytes_out += len(frame)
                log.info("appended", table=table.name, rows=rows, bytes=len(frame), sequence=plan.sequence)
                return
            except Conflict:
                continue
        raise Conflict(self._store.uri(key))

    def _filings(self, plan: Plan, table: Table, head: Head | None) -> dict[str, str]:
        """What a complete object tells of how many filings went in, where no table has a row of each."""
        if self._dataset.details:
            return {}
        if not plan.replace:
            return {FILINGS: str((filings(head) if head else 0) + len(plan.of(table.name)))}
        there = unique([self.in_table(table.name), numbers_of(plan.of(table.name))])
        return {FILINGS: str(len(without(there, numbers_of(plan.emptied))))}

    def _rewrite(self, plan: Plan, table: Table, head: Head | None, frame: bytes, rows: int) -> None:
        """Write a complete table anew: what it has but for the plan's accessions, then the plan's rows."""
        key = self._dataset.key("complete", table.name)
        gone = numbers_of(plan.of(table.name))
        # Read twice: the count stands in the metadata, which S3 wants before the content.
        kept = sum(rows for _, rows in self._kept(key, head, table, gone))
        metadata = _metadata(plan, plan.sequence, kept + rows) | self._filings(plan, table, head)

        def pieces() -> Iterator[bytes]:
            yield csv_frames.header_frame(table)
            yield from csv_frames.packed(piece for piece, _ in self._kept(key, head, table, gone))
            yield frame

        self._bulk.write(key, pieces(), metadata, head.etag if head else None, about=head.size if head else 0)

    def _kept(self, key: str, head: Head | None, table: Table, gone: np.ndarray) -> Iterator[Made]:
        """The rows of a complete table that are not of these accessions, piece by piece, and how many."""
        if head is not None:
            uri = self._store.uri(key)
            pieces = csv_frames.whole_rows(self._bulk.chunks(key, head.etag), table, uri)
            for piece in csv_frames.without_header(pieces, table, uri):
                kept, rows = csv_rows.without(piece, table, gone, uri)
                if rows:
                    yield kept, rows

    def _record(self, plan: Plan) -> None:
        """The ledger, after the objects: of a table alone, or of all of them when none lacks the accession."""
        names = self._dataset.tables
        present = [a for a in plan.accessions if a not in plan.emptied]
        alone = set(present)
        if set(plan.tables) == set(names):
            alone &= set().union(*plan.tables.values())
        self._ledger.add(a for a in present if a not in alone)
        if alone:
            for name in plan.tables:
                Ledger(self._store, name).add(a for a in plan.of(name) if a in alone)
            everywhere = reduce(np.intersect1d, (self.in_table(name) for name in names))
            self._ledger.add_lines("daily", everywhere[~self._ledger.has(everywhere)])
        self._ledger.forget_unavailable(a for a in present if a not in alone)
        if plan.emptied:
            for name in (self._dataset.name, *names):
                Ledger(self._store, name).strike(numbers_of(plan.emptied), HAVE_LISTS)
            self._ledger.record(self._run_id, self._part, Part(unavailable=dict(plan.emptied)))


def numbers_of(accessions: Iterable[str] | np.ndarray) -> np.ndarray:
    """Accession numbers, sorted and unique."""
    return unique([accessions if isinstance(accessions, np.ndarray) else accession_rows.of_strings(accessions)])


def _metadata(plan: Plan, generation: int, rows: int) -> dict[str, str]:
    """What a complete object tells of itself; `generation` is the plan that wrote it anew last."""
    return {"sequence": str(plan.sequence), "generation": str(generation), "rows": str(rows)}


def _number(head: Head, name: str) -> int:
    return int(head.metadata.get(name, "0"))
