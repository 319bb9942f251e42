"""New accessions into the lookup tables: delta, then complete, then the ledger; each row exactly once.

The order of writing is what makes it so: plan, delta of every table, append to every table, ledger, plan done.
Whatever stops in between, the next run finds the open plan and goes on from there before it does anything new.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import reduce

import numpy as np
import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject, decompress
from filings.archive.ledger import Ledger
from filings.archive.quarantine import quarantine
from filings.archive.storage import Conflict, Head, NotFound, Store
from filings.edgar.accession import dashed, to_int
from filings.logs import log
from filings.warehouse import csv_frames, lookup_rows
from filings.warehouse.bulk import Bulk
from filings.warehouse.plan import Plan, Plans
from filings.warehouse.tables import LOOKUP_TABLES, BadRow, Table

# Submissions that one delta holds: a day has up to 8,000. A first start takes more at once, since each round also
# costs a look at the whole ledger; 200,000 are some 200 MB of compressed rows in memory.
ROUND, LARGEST_ROUND, ROUNDS = 20_000, 200_000, 50
_TRIES = 5
_LINES_A_FRAME = 200_000


@dataclass
class Result:
    """What became of the accessions asked for."""

    done: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    bytes_in: int = 0
    bytes_out: int = 0


@dataclass
class _Read:
    """Rows of one round, per table, and what could not be read."""

    frames: dict[str, csv_frames.RowFrame]
    done: list[str] = field(default_factory=list)


class LookupUpdate:
    """Brings accessions into lookup tables of one bucket.

    Set `stopping` to end early: a round that has not begun to write is dropped, one that has is finished.
    """

    def __init__(self, store: Store, bulk: Bulk, concurrency: int, run_id: str) -> None:
        self._store = store
        self._bulk = bulk
        self._concurrency = concurrency
        self._run_id = run_id
        self._plans = Plans(store)
        self._ledger = Ledger(store, keys.LOOKUP)
        self.result = Result()
        self.stopping = False

    def finish_open_plan(self) -> Plan | None:
        """Do what is left of an append that was broken off; returns the last plan."""
        plan = self._plans.last()
        if plan is not None and not plan.done:
            log.info("append_resumed", sequence=plan.sequence, run_id=plan.run_id, accessions=len(plan.accessions))
            self._apply(plan, {})
            return self._plans.last()
        return plan

    def run(self, accessions: Iterable[str], tables: Sequence[str], force: bool = False, lost: bool = False) -> Result:
        """Bring accessions into tables; with `force` their rows replace those that are there.

        With `lost` they are appended although the ledger says that they are there (see `lacking`).

        Accessions whose data is not there yet are `waiting`; those that cannot be read or checked are `failed`, with a
        quarantine record. Raises `Conflict` when another container is at the same work all the time.
        """
        self.finish_open_plan()
        wanted = sorted(set(accessions))
        numbers = np.fromiter(map(to_int, wanted), np.uint64, len(wanted))
        nothing = np.zeros(len(wanted), bool)
        held = {name: nothing if force or lost else np.isin(numbers, self._in_table(name)) for name in tables}
        skipped = np.logical_and.reduce(list(held.values()))
        self.result.skipped += [a for a, has in zip(wanted, skipped, strict=True) if has]
        todo = [i for i, has in enumerate(skipped) if not has]
        size = min(max(ROUND, len(todo) // ROUNDS), LARGEST_ROUND)
        for start in range(0, len(todo), size):
            chosen = todo[start : start + size]
            left_out = {name: [wanted[i] for i in chosen if held[name][i]] for name in tables}
            if not self.stopping:
                self._round([wanted[i] for i in chosen], left_out, force)
        return self.result

    def lacking(self, table: str, candidates: Iterable[str]) -> list[str]:
        """Those accessions of which a complete table holds no row (the table is read from end to end)."""
        key = keys.lookup_table("complete", table)
        head = self._store.head(key)
        present: set[bytes] = set()
        if head is not None:
            uri = self._store.uri(key)
            pieces = csv_frames.whole_lines(self._bulk.chunks(key, head.etag), uri)
            for piece in csv_frames.without_header(pieces, LOOKUP_TABLES[table], uri):
                present.update(one[:20] for one in piece.splitlines())
        return [a for a in candidates if a.encode() not in present]

    def _in_table(self, table: str) -> np.ndarray:
        """What a table has: what all of them have, and what went into this one alone."""
        return np.union1d(self._ledger.have(), Ledger(self._store, table).have())

    def _round(self, chosen: Sequence[str], left_out: Mapping[str, Sequence[str]], force: bool) -> None:
        read = asyncio.run(self._rows(chosen, left_out))
        if self.stopping or not read.done:
            return
        for attempt in range(_TRIES):
            last = self.finish_open_plan()
            plan = Plan(
                sequence=max(last.sequence if last else 0, *(self._sequence(name) for name in left_out)) + 1,
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
        self.result.done += read.done

    async def _rows(self, chosen: Sequence[str], left_out: Mapping[str, Sequence[str]]) -> _Read:
        """Read the data of accessions and make their rows, in the order of accessions."""
        read = _Read({name: csv_frames.RowFrame() for name in left_out})
        skip = {name: set(accessions) for name, accessions in left_out.items()}
        window: list[asyncio.Task[bytes]] = []
        try:
            following = iter(chosen)
            for accession in chosen:
                if self.stopping:
                    break
                while len(window) < self._concurrency and (ahead := next(following, None)) is not None:
                    window.append(asyncio.create_task(self._store.aget(keys.object_key(keys.DATA, ahead))))
                task = window.pop(0)
                try:
                    made = self._made(accession, await task)
                except NotFound:
                    self.result.waiting[accession] = "data/ has no JSON of it; update_sec_filings_data_s3 comes first"
                    continue
                except (CorruptObject, BadRow) as error:
                    self._fail(accession, str(error))
                    continue
                for name, frame in read.frames.items():
                    if accession not in skip[name]:
                        frame.add(made[name])
                read.done.append(accession)
        finally:
            for task in window:
                task.cancel()
        return read

    def _made(self, accession: str, packed: bytes) -> dict[str, list[list[str]]]:
        uri = self._store.uri(keys.object_key(keys.DATA, accession))
        content = decompress(packed, uri)
        self.result.bytes_in += len(packed)
        try:
            data = orjson.loads(content)
            if data["accession"] != accession:
                raise CorruptObject(uri, f"it tells of {data['accession']}")
            return lookup_rows.rows(data)
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise CorruptObject(uri, f"no data of a submission: {error!r}") from error

    def _fail(self, accession: str, reason: str) -> None:
        self.result.failed[accession] = reason
        quarantine(self._store, keys.LOOKUP, accession, reason)
        log.error("filing_failed", accession=accession, reason=reason)

    def _apply(self, plan: Plan, made: Mapping[str, tuple[bytes, int]]) -> None:
        """Carry out a plan, or what is left of it."""
        pending = {name for name in plan.tables if self._sequence(name) < plan.sequence}
        deltas = {name: self._delta(plan, name, made.get(name)) for name in sorted(pending)}
        for name, (frame, rows) in deltas.items():
            self._append(plan, LOOKUP_TABLES[name], frame, rows)
        self._record(plan)
        self._plans.close(plan)

    def _delta(self, plan: Plan, name: str, made: tuple[bytes, int] | None) -> tuple[bytes, int]:
        """The delta of a table: as it lies in S3, or else written now; without its header."""
        key = keys.lookup_table("delta", name)
        header = csv_frames.header_frame(LOOKUP_TABLES[name])
        for _ in range(_TRIES):
            head = self._store.head(key)
            if head is not None and _number(head, "sequence") == plan.sequence:
                return self._store.get(key)[_number(head, "header-bytes") :], _number(head, "rows")
            if made is None:
                made = self._made_again(plan, name)
            if head is not None and _number(head, "sequence") > plan.sequence:
                return made  # a twin is ahead of us: its delta stays
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

    def _made_again(self, plan: Plan, name: str) -> tuple[bytes, int]:
        """The rows of a plan that another container made and did not live to write."""
        chosen = plan.of(name)
        read = asyncio.run(self._rows(chosen, {name: []}))
        if lost := sorted(set(chosen) - set(read.done)):
            raise CorruptObject(
                self._store.uri(keys.object_key(keys.DATA, lost[0])),
                f"an append that has begun needs it ({len(lost)} such); make it with update_sec_filings_data_s3",
            )
        return read.frames[name].close(), read.frames[name].rows

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
                    self._bulk.append(key, head, frame, metadata)
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
        if set(plan.tables) == set(LOOKUP_TABLES):
            self._ledger.add(plan.accessions, "inventory")
            return
        for name in plan.tables:
            Ledger(self._store, name).add(plan.accessions, "daily")
        everywhere = reduce(np.intersect1d, (self._in_table(name) for name in LOOKUP_TABLES))
        self._ledger.add((dashed(int(n)) for n in np.setdiff1d(everywhere, self._ledger.have())), "inventory")

    def _sequence(self, name: str) -> int:
        head = self._store.head(keys.lookup_table("complete", name))
        return _number(head, "sequence") if head else 0


def _metadata(plan: Plan, generation: int, rows: int) -> dict[str, str]:
    """What a complete object tells of itself; `generation` is the plan that wrote it anew last."""
    return {"sequence": str(plan.sequence), "generation": str(generation), "rows": str(rows)}


def _number(head: Head, name: str) -> int:
    return int(head.metadata.get(name, "0"))
