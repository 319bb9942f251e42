"""What is being appended, written down before it is: so that a crash anywhere neither loses a row nor doubles one.

A plan has a sequence number and its accessions. Every table remembers, in its complete object's metadata, the sequence
of the last plan that went into it; so whoever finds a plan open can tell for each table whether it is still to be
done, and does it. There is one open plan at most, and no new one before the last is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import orjson

from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.storage import ZSTD, Conflict, Store


@dataclass(frozen=True, slots=True)
class Plan:
    """One append.

    `tables` maps a table to the accessions that it leaves out, because it has them already. With `replace`, rows that
    a table has of these accessions go; `emptied` are those of them that have no row any more, with the reason.
    """

    sequence: int
    run_id: str
    tables: Mapping[str, Sequence[str]]
    accessions: Sequence[str]
    replace: bool
    done: bool = False
    emptied: Mapping[str, str] = field(default_factory=dict)

    def of(self, table: str) -> list[str]:
        """The accessions that go into a table."""
        left_out = set(self.tables[table])
        return [a for a in self.accessions if a not in left_out]


class Plans:
    """The place of a dataset's plan in S3."""

    def __init__(self, store: Store, key: str) -> None:
        self._store = store
        self._key = key
        self._etag: str | None = None

    def last(self) -> Plan | None:
        """The plan that is open, or else the one that was done last. Raises `CorruptObject`."""
        held = self._store.get_with_etag(self._key)
        self._etag = held[1] if held else None
        if held is None:
            return None
        uri = self._store.uri(self._key)
        try:
            return Plan(**orjson.loads(decompress(held[0], uri)))
        except (ValueError, TypeError) as error:
            raise CorruptObject(uri, f"no plan of an append: {error}") from error

    def open(self, plan: Plan) -> None:
        """Write a new plan. Raises `Conflict` when another container has written one since `last`."""
        self._write(plan)

    def leave_out(self, plan: Plan, table: str, accessions: Sequence[str]) -> Plan:
        """Have an open plan leave accessions out of a table; returns it as it is now. Raises `Conflict`."""
        now = self.last()
        if now is None or now.done or now.sequence != plan.sequence:
            raise Conflict(self._store.uri(self._key))
        left_out = sorted({*now.tables[table], *accessions})
        changed = Plan(**(asdict(now) | {"tables": {**now.tables, table: left_out}}))
        self._write(changed)
        return changed

    def close(self, plan: Plan) -> None:
        """Mark a plan as done; no matter if another container did so first."""
        now = self.last()
        if now is not None and now.sequence == plan.sequence and not now.done:
            self._write(Plan(**(asdict(plan) | {"done": True})))

    def _write(self, plan: Plan) -> None:
        data = compress(orjson.dumps(asdict(plan)))
        if self._etag is None:
            if not self._store.create(self._key, data, ZSTD):
                self._etag = ""
            else:
                return
        self._etag = self._store.replace(self._key, data, self._etag, ZSTD)
