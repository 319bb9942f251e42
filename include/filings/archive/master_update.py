"""The master index merged with what EDGAR's indexes say now, in one pass and bounded memory, written if that is more.

Rows are only ever added or corrected, never dropped: both of EDGAR's indexes are rewritten later, and the daily one
holds rows that the quarterly one never gets. New rows lie sorted in files of this container until they are merged; on
a fresh start they are all there are.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from filings.archive import accession_list, keys, master, master_csv
from filings.archive.master_csv import accession_numbers
from filings.archive.storage import ZSTD, Conflict, CorruptObject, Head, Store
from filings.archive.zstd_text import Frame
from filings.logs import log

_ROWS_A_BLOCK = 200_000
_TRIES = 5
_LEVEL = 6  # of the master index: 2 GB of text are compressed anew by every run that finds something new


@dataclass(frozen=True, slots=True)
class Written:
    """What became of an update: rows now, how many of them are new, and whether anything was written."""

    rows: int
    new_rows: int
    written: bool


@dataclass
class _Run:
    """Sorted rows in a file; `numbers` are their accessions, `at` is how far they have been taken."""

    rows: pa.Table
    numbers: np.ndarray
    at: int = 0

    def take(self, until: int | None) -> pa.Table:
        """The rows not yet taken, up to and with an accession number; all when None."""
        end = len(self.numbers) if until is None else int(np.searchsorted(self.numbers, np.uint64(until), "right"))
        taken = self.rows.slice(self.at, end - self.at)
        self.at = end
        return taken


class NewRows:
    """Rows of EDGAR's indexes, laid down in files as they come. Use as a context manager."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="filings-master-")
        self._files: dict[bool, list[tuple[Path, np.ndarray]]] = {True: [], False: []}

    def __enter__(self) -> NewRows:
        return self

    def __exit__(self, *exc: object) -> None:
        self._folder.cleanup()

    def __bool__(self) -> bool:
        return any(self._files.values())

    def add(self, rows: pa.Table, *, quarterly: bool) -> None:
        """Take in the rows of one index file."""
        rows = _last_of_each(rows)
        files = self._files[quarterly]
        path = Path(self._folder.name, f"{quarterly}-{len(files)}.arrow")
        with pa.ipc.new_file(path, rows.schema) as file:
            file.write_table(rows)
        files.append((path, accession_numbers(rows["accession"])))

    def runs(self, *, quarterly: bool) -> list[_Run]:
        """Each file's rows, none of them taken; in the order in which the files came."""
        return [
            _Run(pa.ipc.open_file(pa.memory_map(str(path))).read_all(), numbers)
            for path, numbers in self._files[quarterly]
        ]


def update(store: Store, new: NewRows) -> Written:
    """Merge new rows into the master index: the quarterly index corrects rows, the daily one only adds.

    Writes the index, then what is made with it (`sec_accessions.txt.zst`, the numbers), each only if it has changed.

    Raises:
        CorruptObject: when the index that is there cannot be read.
        Conflict: when another writer changes it all the time.
    """
    for _ in range(_TRIES):
        held = store.get_with_etag(keys.MASTER)
        head = None if held is None else store.head(keys.MASTER)
        current = head is not None and _made_with(store, head)
        if not new and (held is None or current):
            return Written(_rows(store), 0, False)
        output = _Output()
        before = changed = 0
        for old, merged in _merged(None if held is None else held[0], store.uri(keys.MASTER), new):
            before += old.num_rows
            changed += not merged.equals(old)
            output.add(merged)
        if not changed and (current or held is None):
            return Written(output.rows, 0, False)
        try:
            _write(store, output, held[1] if held else None, bool(changed))
        except Conflict as error:
            log.warning("master_index_merged_again", reason=str(error))
            continue
        return Written(output.rows, output.rows - before, bool(changed))
    raise Conflict(store.uri(keys.MASTER))


def _merged(held: bytes | None, uri: str, new: NewRows) -> Iterator[tuple[pa.Table, pa.Table]]:
    """Blocks of the index as it is and as it is to be, in the order of accessions; none is cut within an accession."""
    daily, quarterly = new.runs(quarterly=False), new.runs(quarterly=True)

    def merge(old: pa.Table, until: int | None) -> tuple[pa.Table, pa.Table]:
        # Of rows with one key the last one counts: so the daily rows come first.
        tables = [*(run.take(until) for run in daily), old, *(run.take(until) for run in quarterly)]
        return old, _last_of_each(pa.concat_tables(tables))

    rest = master_csv.SCHEMA.empty_table()
    for block in master_csv.blocks(held, uri) if held is not None else ():
        together = pa.concat_tables([rest, block])
        numbers = accession_numbers(together["accession"])
        if not (numbers[1:] >= numbers[:-1]).all():
            raise CorruptObject(uri, "its rows are not in the order of accessions; put its last version back")
        end = int(np.searchsorted(numbers, numbers[-1])) if len(numbers) else 0
        rest = together.slice(end)
        if end:
            yield merge(together.slice(0, end), int(numbers[end - 1]))
    if rest.num_rows:
        yield merge(rest, int(accession_numbers(rest["accession"])[-1]))
    left = np.sort(np.concatenate([np.empty(0, np.uint64), *(run.numbers[run.at :] for run in (*daily, *quarterly))]))
    for until in left[_ROWS_A_BLOCK - 1 :: _ROWS_A_BLOCK].tolist():
        yield merge(master_csv.SCHEMA.empty_table(), until)
    yield merge(master_csv.SCHEMA.empty_table(), None)


def _last_of_each(rows: pa.Table) -> pa.Table:
    """Rows sorted by accession and CIK, of those with one key the last."""
    rows = rows.combine_chunks()
    if not rows.num_rows:
        return rows
    accessions, ciks = accession_numbers(rows["accession"]), rows["cik"].to_numpy()
    later = (accessions[1:] > accessions[:-1]) | ((accessions[1:] == accessions[:-1]) & (ciks[1:] > ciks[:-1]))
    if later.all():
        return rows
    order = np.lexsort((ciks, accessions))  # stable: later rows of one key stay later
    last = np.ones(len(order), bool)
    last[:-1] = (accessions[order][1:] != accessions[order][:-1]) | (ciks[order][1:] != ciks[order][:-1])
    return rows.take(pa.array(order[last]))


class _Output:
    """The three objects in the making."""

    def __init__(self) -> None:
        self.rows = 0
        self.index, self.accessions = Frame(_LEVEL), Frame(_LEVEL)
        self.numbers = io.BytesIO()
        self._parquet = master.numbers_writer(self.numbers)

    def add(self, rows: pa.Table) -> None:
        """Add rows that follow the earlier ones, all of an accession at once."""
        self.index.add(master_csv.text(rows, header=not self.rows))
        self.rows += rows.num_rows
        numbers = master.numbers_of(rows)
        for lines in accession_list.rows(pc.unique(numbers["accession"]).to_numpy()):
            self.accessions.add(lines)
        self._parquet.write_table(numbers, row_group_size=master.ROWS_A_GROUP)

    def close(self) -> None:
        """Nothing more comes."""
        self._parquet.close()


def _write(store: Store, output: _Output, etag: str | None, changed: bool) -> None:
    """The index first: what is made with it names its ETag, and is not taken for current until it does."""
    output.close()
    if changed and etag is not None:
        etag = store.replace(keys.MASTER, output.index.close(), etag, ZSTD)
    elif changed:
        etag = store.create(keys.MASTER, output.index.close(), ZSTD)
    if etag is None:
        raise Conflict(store.uri(keys.MASTER))
    made_with = {master.MADE_WITH: etag}
    store.put(keys.ACCESSIONS, output.accessions.close(), ZSTD, made_with)
    store.put(keys.MASTER_NUMBERS, output.numbers.getvalue(), "application/vnd.apache.parquet", made_with)


def _made_with(store: Store, index: Head) -> bool:
    made = (store.head(keys.ACCESSIONS), store.head(keys.MASTER_NUMBERS))
    return all(head is not None and head.metadata.get(master.MADE_WITH) == index.etag for head in made)


def _rows(store: Store) -> int:
    data = store.get_or_none(keys.MASTER_NUMBERS)
    return 0 if data is None else int(pq.read_metadata(pa.BufferReader(data)).num_rows)
