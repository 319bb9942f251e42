"""The rows of filings read for a dataset's tables, many objects at once, and what cannot be read put down.

A broken object is taken off its archive's list, so that the next run makes it anew; what no retry can cure, a text
wider than its column or a filing that has nothing for the tables, becomes unavailable with its reason.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from filings.archive.compression import CorruptObject
from filings.archive.ledger import Ledger, Part
from filings.archive.quarantine import quarantine
from filings.archive.sorted_numbers import unique
from filings.archive.storage import NotFound, Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed
from filings.logs import log
from filings.tables import BadRow
from filings.warehouse import csv_frames
from filings.warehouse.dataset import Dataset
from filings.warehouse.row_source import NoRows, Rows

MOST_BYTES = 160 << 20  # of compressed rows that a round holds
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
    """Rows of one round, per table, and what could not be read.

    `reached` of the accessions that were asked for were looked at; `emptied` are those of `done` that have no row.
    """

    frames: dict[str, csv_frames.RowFrame]
    done: list[str] = field(default_factory=list)
    emptied: dict[str, str] = field(default_factory=dict)
    waiting: dict[str, str] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    unusable: dict[str, str] = field(default_factory=dict)
    nothing: dict[str, str] = field(default_factory=dict)
    reached: int = 0


class Reader:
    """Reads a dataset's source for one container; `part` names its parts of the ledgers in its run."""

    def __init__(
        self, store: Store, dataset: Dataset, concurrency: int, run_id: str, part: str, result: Result
    ) -> None:
        self._store = store
        self._dataset = dataset
        self._source = dataset.source
        self._concurrency = concurrency
        self._run_id = run_id
        self._part = part
        self.result = result

    async def rows(
        self,
        chosen: Sequence[str],
        left_out: Mapping[str, Sequence[str]],
        stopping: Callable[[], bool] = lambda: False,
        keep_empty: bool = False,
    ) -> Read:
        """Read accessions and collect their rows, in the order of accessions, until memory is full.

        A filing without rows is unavailable; with `keep_empty` it is done, so that rows that it had before can go.
        """
        read = Read({name: csv_frames.RowFrame() for name in left_out})
        skip = {name: set(accessions) for name, accessions in left_out.items()}
        window: list[asyncio.Task[bytes]] = []
        try:
            following = iter(chosen)
            for accession in chosen:
                if stopping() or sum(frame.bytes for frame in read.frames.values()) >= MOST_BYTES:
                    break
                while len(window) < self._concurrency and (ahead := next(following, None)) is not None:
                    window.append(asyncio.create_task(self._store.aget(self._source.key(ahead))))
                read.reached += 1
                await self._take(accession, window.pop(0), read, skip, keep_empty)
        finally:
            for task in window:
                task.cancel()
        self._tell(read)
        return read

    async def _take(
        self, accession: str, object: asyncio.Task[bytes], read: Read, skip: Mapping[str, set[str]], keep_empty: bool
    ) -> None:
        """Take in one filing's object."""
        try:
            made = self._made(accession, await object)
        except NotFound:
            folder = self._source.key("").rpartition("/")[0].rpartition("/")[2]
            read.waiting[accession] = f"{folder}/ has no JSON of it; {self._source.task} comes first"
            return
        except CorruptObject as error:
            read.failed[accession] = str(error)
            return
        except BadRow as error:
            read.unusable[accession] = f"unusable: {error}"
            return
        except NoRows as error:
            if not keep_empty:
                read.nothing[accession] = str(error)
                return
            read.emptied[accession] = str(error)
            made = {}
        for name, frame in read.frames.items():
            if accession not in skip[name] and name in made:
                frame.add(made[name])
        read.done.append(accession)

    def _tell(self, read: Read) -> None:
        """Put down what could not be read: broken data is made anew, what a table does not take is not tried again."""
        name, source = self._dataset.name, Ledger(self._store, self._source.archive)
        for accession, reason in (read.failed | read.unusable).items():
            quarantine(self._store, name, accession, reason)
            log.error("filing_failed", accession=accession, reason=reason)
        self.result.wait(read.waiting)
        self.result.failed |= read.failed
        unavailable = read.unusable | read.nothing
        self.result.unavailable |= unavailable
        withdrawn = dict(read.failed)
        if read.waiting:
            absent = unique([accession_rows.of_strings(read.waiting)])
            lost = absent[source.has(absent)]
            withdrawn |= dict.fromkeys(accession_rows.strings(lost), "the ledger had it, the bucket has not")
        if withdrawn:
            source.record(self._run_id, self._part, Part(withdrawn=withdrawn))
        if unavailable:
            Ledger(self._store, name).record(self._run_id, self._part, Part(unavailable=unavailable))

    def _made(self, accession: str, packed: bytes) -> Rows:
        self.result.bytes_in += len(packed)
        return self._source.rows(accession, packed, self._store.uri(self._source.key(accession)))
