"""The data of submissions read for the lookup tables, many objects at once, and what cannot be read put down.

Broken data is taken off its archive's list, so that the next run makes it anew; what no retry can cure, a text wider
than its column, becomes unavailable with its reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject, decompress
from filings.archive.ledger import Ledger, Part
from filings.archive.quarantine import quarantine
from filings.archive.sorted_numbers import unique
from filings.archive.storage import NotFound, Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed
from filings.logs import log
from filings.tables import BadRow
from filings.warehouse import csv_frames, lookup_rows

_NAMED = 10_000  # of those that wait, in the result and so in the report


@dataclass
class Result:
    """What became of the accessions asked for: of millions of them, 8 bytes each.

    `waiting` names the first of those that wait, `waited` counts all of them.
    """

    done_numbers: list[np.ndarray] = field(default_factory=list)
    skipped_numbers: list[np.ndarray] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    waited: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    unavailable: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    bytes_in: int = 0
    bytes_out: int = 0

    @property
    def done(self) -> list[str]:
        """The accessions brought in."""
        return [dashed(n) for numbers in self.done_numbers for n in numbers.tolist()]

    @property
    def skipped(self) -> list[str]:
        """The accessions that were there already."""
        return [dashed(n) for numbers in self.skipped_numbers for n in numbers.tolist()]

    def wait(self, waiting: Mapping[str, str]) -> None:
        """Count accessions that wait, and name the first of all."""
        self.waited += len(waiting)
        self.waiting |= dict(islice(waiting.items(), _NAMED - len(self.waiting)))


@dataclass
class Read:
    """Rows of one round, per table, and what could not be read."""

    frames: dict[str, csv_frames.RowFrame]
    done: list[str] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)


class Reader:
    """Reads data/ for one container; `part` names its parts of the ledgers in its run."""

    def __init__(self, store: Store, concurrency: int, run_id: str, part: str, result: Result) -> None:
        self._store = store
        self._concurrency = concurrency
        self._run_id = run_id
        self._part = part
        self._result = result

    async def rows(
        self, chosen: Sequence[str], left_out: Mapping[str, Sequence[str]], stopping: Callable[[], bool] = lambda: False
    ) -> Read:
        """Read the data of accessions and make their rows, in the order of accessions."""
        read = Read({name: csv_frames.RowFrame() for name in left_out})
        skip = {name: set(accessions) for name, accessions in left_out.items()}
        window: list[asyncio.Task[bytes]] = []
        try:
            following = iter(chosen)
            for accession in chosen:
                if stopping():
                    break
                while len(window) < self._concurrency and (ahead := next(following, None)) is not None:
                    window.append(asyncio.create_task(self._store.aget(keys.object_key(keys.DATA, ahead))))
                task = window.pop(0)
                try:
                    made = self._made(accession, await task)
                except NotFound:
                    reason = "data/ has no JSON of it; update_sec_filings_data_s3 comes first"
                    read.waiting[accession] = reason
                    continue
                except CorruptObject as error:
                    read.failed[accession] = str(error)
                    continue
                except BadRow as error:
                    read.unusable[accession] = f"unusable: {error}"
                    continue
                for name, frame in read.frames.items():
                    if accession not in skip[name]:
                        frame.add(made[name])
                read.done.append(accession)
        finally:
            for task in window:
                task.cancel()
        self._tell(read)
        return read

    def _tell(self, read: Read) -> None:
        """Put down what could not be read: broken data is made anew, what a table does not take is not tried again."""
        for accession, reason in (read.failed | read.unusable).items():
            quarantine(self._store, keys.LOOKUP, accession, reason)
            log.error("filing_failed", accession=accession, reason=reason)
        self._result.wait(read.waiting)
        self._result.failed |= read.failed
        self._result.unavailable |= read.unusable
        withdrawn = dict(read.failed)
        if read.waiting:
            absent = unique([accession_rows.of_strings(read.waiting)])
            lost = absent[Ledger(self._store, keys.DATA).has(absent)]
            withdrawn |= dict.fromkeys(accession_rows.strings(lost), "the ledger had it, the bucket has not")
        if withdrawn:
            Ledger(self._store, keys.DATA).record(self._run_id, self._part, Part(withdrawn=withdrawn))
        if read.unusable:
            Ledger(self._store, keys.LOOKUP).record(self._run_id, self._part, Part(unavailable=read.unusable))

    def _made(self, accession: str, packed: bytes) -> dict[str, list[list[str]]]:
        uri = self._store.uri(keys.object_key(keys.DATA, accession))
        content = decompress(packed, uri)
        self._result.bytes_in += len(packed)
        try:
            data = orjson.loads(content)
            if data["accession"] != accession:
                raise CorruptObject(uri, f"it tells of {data['accession']}")
            return lookup_rows.rows(data)
        except (orjson.JSONDecodeError, KeyError, TypeError) as error:
            raise CorruptObject(uri, f"no data of a submission: {error!r}") from error
