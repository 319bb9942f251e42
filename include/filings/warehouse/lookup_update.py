"""New accessions into the lookup tables: delta, then complete, then the ledger; each row exactly once.

The order of writing is what makes it so: plan, delta of every table, append to every table, ledger, plan done.
Whatever stops in between, the next run finds the open plan and goes on from there before it does anything new. A table
or a list that got lost is noticed first: the ledger is made what the tables hold, and what a table lost comes back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce

import numpy as np

from filings.archive import keys
from filings.archive.ledger import Ledger
from filings.archive.sorted_numbers import unique, without
from filings.archive.storage import Conflict, Head, Store
from filings.edgar import accession_rows
from filings.logs import log
from filings.tables import Table
from filings.warehouse import compaction, csv_frames, lookup_ledger
from filings.warehouse.bulk import Bulk
from filings.warehouse.lookup_read import Reader, Result
from filings.warehouse.lookup_tables import LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.plan import KEY as PLAN
from filings.warehouse.plan import Plan, Plans

# Submissions that one delta holds: a day has up to 8,000. A first start takes more at once, since each round also
# costs a look at the whole ledger; 200,000 are some 200 MB of compressed rows in memory.
ROUND, LARGEST_ROUND, ROUNDS = 20_000, 200_000, 50
_TRIES = 5
_LINES_A_FRAME = 200_000


class _Overtaken(Exception):
    """Another container has appended since the ledger was asked."""


class LookupUpdate:
    """Brings accessions into lookup tables of one bucket.

    Set `stopping` to end early: a round that has not begun to write is dropped, one that has is finished.
    """

    def __init__(self, store: Store, bulk: Bulk, concurrency: int, run_id: str, part: str = "lookup-0") -> None:
        """`part` names this container's parts of the ledgers in its run."""
        self._store = store
        self._bulk = bulk
        self._run_id = run_id
        self._mended: np.ndarray | None = None
        self._plans = Plans(store)
        self._ledger = Ledger(store, keys.LOOKUP)
        self.result = Result()
        self._reader = Reader(store, concurrency, run_id, part, self.result)
        self.stopping = False

    def finish_open_plan(self) -> Plan | None:
        """Do what is left of an append that was broken off; returns the last plan."""
        plan = self._plans.last()
        if plan is not None and not plan.done:
            log.info("append_resumed", sequence=plan.sequence, run_id=plan.run_id, accessions=len(plan.accessions))
            self._apply(plan, {})
            return self._plans.last()
        return plan

    def run(
        self, accessions: Iterable[str] | np.ndarray, tables: Sequence[str], force: bool = False, lost: bool = False
    ) -> Result:
        """Bring accessions, or their numbers, into tables; with `force` their rows replace those that are there.

        With `lost` they are appended although the ledger says that they are there (see `lacking`).

        Accessions whose data is not there yet are `waiting`; those whose data cannot be read are `failed`, and those
        that a table does not take are `unavailable`, both with a quarantine record. What a table has lost is brought
        back too (see `mend`). Raises `Conflict` when another container is at the same work all the time.
        """
        back = self.mend(tables)
        wanted = _numbers(accessions)
        self._bring(wanted if force else without(wanted, back), tables, force, lost)
        return self.result

    def mend(self, tables: Sequence[str]) -> np.ndarray:
        """Finish what was broken off, and set right what got lost; returns what a table had lost, as sorted numbers.

        A complete object that is not there although its table has filings in the ledger has lost them: they come back
        from data/. A ledger that has not what the tables hold is made anew, lest rows be appended twice.
        """
        if self._mended is not None:
            return self._mended
        lookup_ledger.stamp_unknown(self._store, self._bulk)
        gone = [name for name in tables if self._store.head(keys.lookup_table("complete", name)) is None]
        before = {name: self._in_table(name) for name in gone}
        self.finish_open_plan()
        lost = {name: numbers for name, numbers in before.items() if len(numbers)}
        if lost or self._ledger_lacks():
            log.warning(
                "lookup_ledger_differs",
                lost_tables=[self._store.uri(keys.lookup_table("complete", name)) for name in lost],
                what_is_done="the ledger is made what the tables hold; what a table lost is made anew from data/",
            )
            lookup_ledger.rebuild(self._store, self._bulk)
        self._mended = unique([without(had, self._in_table(name)) for name, had in lost.items()])
        if len(self._mended):
            log.warning("table_repaired", tables=sorted(lost), accessions=len(self._mended))
            self._bring(self._mended, tables, force=False, lost=False)
        return self._mended

    def _ledger_lacks(self) -> bool:
        """Whether the ledger cannot be what the tables hold: the details have one row a filing."""
        in_all = self._ledger.have()
        for name in LOOKUP_TABLES:
            head = self._store.head(keys.lookup_table("complete", name))
            filings = len(unique([in_all, Ledger(self._store, name).have()]))
            rows = _number(head, "rows") if head else 0
            if rows != filings if name == SUBMISSION_DETAILS.name and head else rows and not filings:
                return True
        return False

    def _bring(self, wanted: np.ndarray, tables: Sequence[str], force: bool, lost: bool) -> None:
        since = _sequence_of(self.finish_open_plan())  # before the ledger is asked, which knows no more than that
        held = {name: np.zeros(len(wanted), bool) for name in tables}
        if not (force or lost):
            in_all = self._ledger.has(wanted)
            held = {name: in_all | Ledger(self._store, name).has(wanted) for name in tables}
        skipped = np.logical_and.reduce(list(held.values()))
        self.result.skipped_numbers.append(wanted[skipped])
        todo = np.flatnonzero(~skipped)
        size = min(max(ROUND, len(todo) // ROUNDS), LARGEST_ROUND)
        for start in range(0, len(todo), size):
            chosen = todo[start : start + size]
            left_out = {name: accession_rows.strings(wanted[chosen[held[name][chosen]]]) for name in tables}
            if self.stopping:
                return
            try:
                since = self._round(accession_rows.strings(wanted[chosen]), left_out, force, since)
            except _Overtaken:
                if lost:
                    raise Conflict(self._store.uri(PLAN)) from None
                self._bring(wanted[todo[start:]], tables, force, lost)
                return

    def lacking(self, table: str) -> np.ndarray:
        """What a table should have and holds no row of, as sorted numbers (the table is read from end to end)."""
        return without(self._in_table(table), lookup_ledger.present(self._store, self._bulk, LOOKUP_TABLES[table]))

    def _in_table(self, table: str) -> np.ndarray:
        """What a table has: what all of them have, and what went into this one alone."""
        return unique([self._ledger.have(), Ledger(self._store, table).have()])

    def _round(self, chosen: Sequence[str], left_out: Mapping[str, Sequence[str]], force: bool, since: int) -> int:
        """One append; returns its sequence.

        Raises `_Overtaken` when another container has appended after `since`, perhaps the very same.
        """
        read = asyncio.run(self._reader.rows(chosen, left_out, lambda: self.stopping))
        if self.stopping or not read.done:
            return since
        for attempt in range(_TRIES):
            last = self.finish_open_plan()
            if _sequence_of(last) != since and not force:
                raise _Overtaken
            plan = Plan(
                sequence=max(_sequence_of(last), *(self._sequence(name) for name in left_out)) + 1,
                run_id=self._run_id,
                tables={name: sorted(set(accessions) & set(read.done)) for name, accessions in left_out.items()},
                accessions=read.done,
                replace=force,
            )
            try:
                self._plans.open(plan)
                break
            except Conflict:
                if attempt == _TRIES - 1:
                    raise
        frames = {name: frame.close() for name, frame in read.frames.items()}
        counts = {name: frame.rows for name, frame in read.frames.items()}
        self._apply(plan, {name: (frames[name], counts[name]) for name in frames})
        self.result.done_numbers.append(_numbers(read.done))
        return plan.sequence

    def _apply(self, plan: Plan, made: Mapping[str, tuple[bytes, int]]) -> None:
        """Carry out a plan, or what is left of it."""
        pending = {name for name in plan.tables if self._sequence(name) < plan.sequence}
        deltas: dict[str, tuple[bytes, int]] = {}
        for name in sorted(pending):
            ready = made.get(name)
            if ready is None and not self._has_delta(plan, name):
                plan, ready = self._made_again(plan, name)
            deltas[name] = self._delta(plan, name, ready)
        for name, (frame, rows) in deltas.items():
            self._append(plan, LOOKUP_TABLES[name], frame, rows)
        self._record(plan)
        self._plans.close(plan)

    def _has_delta(self, plan: Plan, name: str) -> bool:
        head = self._store.head(keys.lookup_table("delta", name))
        return head is not None and _number(head, "sequence") >= plan.sequence

    def _delta(self, plan: Plan, name: str, made: tuple[bytes, int] | None) -> tuple[bytes, int]:
        """The delta of a table: as it lies in S3, or else written now; without its header."""
        key = keys.lookup_table("delta", name)
        header = csv_frames.header_frame(LOOKUP_TABLES[name])
        for _ in range(_TRIES):
            head = self._store.head(key)
            if head is not None and _number(head, "sequence") == plan.sequence:
                return self._store.get(key)[_number(head, "header-bytes") :], _number(head, "rows")
            if head is not None and _number(head, "sequence") > plan.sequence:
                return made or (b"", 0)  # a twin is ahead of us: its delta stays, and the table has our rows
            if made is None:
                break  # somebody deleted it meanwhile
            complete = self._store.head(keys.lookup_table("complete", name))
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

    def _made_again(self, plan: Plan, name: str) -> tuple[Plan, tuple[bytes, int]]:
        """The rows of a plan that another container made and did not live to write.

        What cannot be read any more is left out of this table: it stays missing, and nothing else waits for it.
        """
        chosen = plan.of(name)
        read = asyncio.run(self._reader.rows(chosen, {name: []}))
        if gone := sorted(set(chosen) - set(read.done)):
            log.warning("left_out_of_append", table=name, accessions=gone[:20], count=len(gone), sequence=plan.sequence)
            plan = self._plans.leave_out(plan, name, gone)
        return plan, (read.frames[name].close(), read.frames[name].rows)

    def _append(self, plan: Plan, table: Table, frame: bytes, rows: int) -> None:
        key = keys.lookup_table("complete", table.name)
        for _ in range(_TRIES):
            head = self._store.head(key)
            if head is not None and _number(head, "sequence") >= plan.sequence:
                return
            try:
                if head is None or plan.replace:
                    self._rewrite(plan, table, head, frame, rows)
                else:
                    metadata = _metadata(plan, _number(head, "generation"), _number(head, "rows") + rows)
                    self._bulk.append(key, head, frame, metadata | compaction.after_append(head, frame))
                self.result.rows[table.name] = self.result.rows.get(table.name, 0) + rows
                self.result.bytes_out += len(frame)
                log.info("appended", table=table.name, rows=rows, bytes=len(frame), sequence=plan.sequence)
                return
            except Conflict:
                continue
        raise Conflict(self._store.uri(key))

    def _rewrite(self, plan: Plan, table: Table, head: Head | None, frame: bytes, rows: int) -> None:
        """Write a complete table anew: what it has but for the plan's accessions, then the plan's rows."""
        key = keys.lookup_table("complete", table.name)
        gone = {a.encode() for a in plan.of(table.name)}
        # Read twice: the count stands in the metadata, which S3 wants before the content.
        kept = sum(map(len, self._kept(key, head, table, gone)))
        metadata = _metadata(plan, plan.sequence, kept + rows)

        def pieces() -> Iterator[bytes]:
            yield csv_frames.header_frame(table)
            collected = csv_frames.RowFrame()
            for lines in self._kept(key, head, table, gone):
                collected.add_lines([one.decode() for one in lines])
                if collected.rows >= _LINES_A_FRAME:
                    yield collected.close()
                    collected = csv_frames.RowFrame()
            yield collected.close()
            yield frame

        self._bulk.write(key, pieces(), metadata, head.etag if head else None)

    def _kept(self, key: str, head: Head | None, table: Table, gone: set[bytes]) -> Iterator[list[bytes]]:
        """The lines of a complete table that are not of these accessions."""
        if head is not None:
            uri = self._store.uri(key)
            pieces = csv_frames.whole_lines(self._bulk.chunks(key, head.etag), uri)
            for piece in csv_frames.without_header(pieces, table, uri):
                yield [one for one in piece.splitlines(keepends=True) if one[:20] not in gone]

    def _record(self, plan: Plan) -> None:
        """The ledger, after the objects: of a table alone, or of all of them when none lacks the accession."""
        alone = set(plan.accessions)
        if set(plan.tables) == set(LOOKUP_TABLES):
            alone &= set().union(*plan.tables.values())
        self._ledger.add(a for a in plan.accessions if a not in alone)
        if alone:
            for name in plan.tables:
                Ledger(self._store, name).add(a for a in plan.of(name) if a in alone)
            everywhere = reduce(np.intersect1d, (self._in_table(name) for name in LOOKUP_TABLES))
            self._ledger.add_lines("daily", everywhere[~self._ledger.has(everywhere)])
        self._ledger.forget_unavailable(a for a in plan.accessions if a not in alone)

    def _sequence(self, name: str) -> int:
        head = self._store.head(keys.lookup_table("complete", name))
        return _number(head, "sequence") if head else 0


def _numbers(accessions: Iterable[str] | np.ndarray) -> np.ndarray:
    """Accession numbers, sorted and unique."""
    return unique([accessions if isinstance(accessions, np.ndarray) else accession_rows.of_strings(accessions)])


def _sequence_of(plan: Plan | None) -> int:
    return plan.sequence if plan else 0


def _metadata(plan: Plan, generation: int, rows: int) -> dict[str, str]:
    """What a complete object tells of itself; `generation` is the plan that wrote it anew last."""
    return {"sequence": str(plan.sequence), "generation": str(generation), "rows": str(rows)}


def _number(head: Head, name: str) -> int:
    return int(head.metadata.get(name, "0"))
