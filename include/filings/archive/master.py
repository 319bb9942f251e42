"""The master index: every (accession, CIK) that EDGAR's indexes have ever listed, as planning needs it.

On disk it is `sec_master_submissions.csv.zst`, sorted by accession and CIK: 25 million rows and more than 2 GB of text.
What plans and accounts need of it, numbers, dates and forms, lies beside it as Parquet of a tenth of that, written by
the same writer (see `master_update`); a reader that finds the Parquet older than the index makes it from the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from filings.archive import keys, master_csv
from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import places
from filings.archive.storage import Store
from filings.logs import log

# Columns of `sec_master_submissions_numbers.parquet`: `accession` as an integer, one row per (accession, CIK).
SCHEMA = pa.schema(
    [
        ("accession", pa.uint64()),
        ("cik", pa.int64()),
        ("filing_date", pa.date32()),
        ("form", pa.dictionary(pa.int32(), pa.string())),
    ]
)
ROWS_A_GROUP = 1 << 18
# The metadata of what is made with the master index names its ETag.
MADE_WITH = "master-etag"
_COLUMNS = ("accession", "cik", "filing_date")
_NO_OTHERS = (np.empty(0, np.uint64), np.empty(0, np.uint32))
_MOST_CIKS = 4  # to try for a filing; some are listed under hundreds


@dataclass(frozen=True, slots=True)
class Filings:
    """Filings, sorted: accession number, the lowest CIK that it is listed under, filing date as days since 1970.

    `others` are further CIKs as (accession number, CIK), sorted by the first, perhaps of more filings than these: where
    one CIK was corrected later, EDGAR has the submission under another one alone.
    """

    numbers: np.ndarray
    ciks: np.ndarray
    days: np.ndarray
    others: tuple[np.ndarray, np.ndarray] = _NO_OTHERS

    @classmethod
    def of(cls, rows: Iterable[pa.Table], *, others: bool = False) -> Filings:
        """From rows with accession, cik and filing_date, sorted by the first two; a filing has its first row's."""
        numbers, ciks, days = [np.empty(0, np.uint64)], [np.empty(0, np.uint32)], [np.empty(0, np.int32)]
        more_numbers, more_ciks = [_NO_OTHERS[0]], [_NO_OTHERS[1]]
        last = None
        for table in rows:
            listed = table["accession"].to_numpy()
            if not len(listed):
                continue
            first = np.ones(len(listed), bool)
            np.not_equal(listed[1:], listed[:-1], out=first[1:])
            first[0] = listed[0] != last
            last = listed[-1]
            cik = _narrow(table["cik"].to_numpy())
            numbers.append(listed[first])
            ciks.append(cik[first])
            days.append(pc.cast(table["filing_date"], pa.int32()).to_numpy()[first])
            if others:
                row = np.arange(len(listed))
                further = ~first & (row - np.maximum.accumulate(np.where(first, row, 0)) < _MOST_CIKS)
                more_numbers.append(listed[further])
                more_ciks.append(cik[further])
        return cls(_joined(numbers), _joined(ciks), _joined(days), (_joined(more_numbers), _joined(more_ciks)))

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, rows: np.ndarray | slice) -> Filings:
        return Filings(self.numbers[rows], self.ciks[rows], self.days[rows], self.others)

    def among(self, numbers: np.ndarray) -> Filings:
        """Those of some accession numbers (sorted) that are here."""
        at, there = places(self.numbers, numbers)
        return self if len(numbers) == len(self) and there.all() else self[at[there]]

    def all_ciks(self) -> tuple[np.ndarray, np.ndarray]:
        """The CIKs of each, the lowest first, one filing's after the other's; and how many each has."""
        numbers, ciks = self.others
        starts = np.searchsorted(numbers, self.numbers)
        counts = 1 + np.searchsorted(numbers, self.numbers, "right") - starts
        places = np.cumsum(counts) - counts
        # Within a filing, the place of each CIK beyond the first is its place among the others.
        further = np.arange(int(counts.sum())) + np.repeat(starts - places - 1, counts)
        further[places] = 0
        found = ciks[further] if len(ciks) else np.zeros(len(further), self.ciks.dtype)
        found = found.astype(np.promote_types(ciks.dtype, self.ciks.dtype))
        found[places] = self.ciks
        return found, counts


def filings(store: Store, *, others: bool = False) -> Filings:
    """All filings, 16 bytes each; with their further CIKs when asked for. Raises `CorruptObject`."""
    return Filings.of(rows(store, _COLUMNS), others=others)


def rows(store: Store, columns: Sequence[str] = tuple(SCHEMA.names)) -> Iterator[pa.Table]:
    """Columns of the master index, sorted by accession and CIK, some 200,000 rows at a time; none when there is none.

    Raises:
        CorruptObject: naming the object that cannot be read.
    """
    index, made = store.head(keys.MASTER), store.head(keys.MASTER_NUMBERS)
    if index is None:
        return
    if made is not None and made.metadata.get(MADE_WITH) == index.etag:
        yield from _groups(store, columns)
        return
    log.warning(
        "master_numbers_stale",
        uri=store.uri(keys.MASTER_NUMBERS),
        taken_instead=store.uri(keys.MASTER),
        cured_by="the next run of update_sec_master_submissions_index_s3",
    )
    for block in master_csv.blocks(store.get(keys.MASTER), store.uri(keys.MASTER)):
        yield numbers_of(block).select(list(columns))


def numbers_of(rows: pa.Table) -> pa.Table:
    """The columns of `SCHEMA` of rows of the text (see `master_csv.SCHEMA`)."""
    return pa.table(
        [
            pa.array(master_csv.accession_numbers(rows["accession"])),
            rows["cik"],
            pc.cast(rows["filing_date"], pa.date32()),
            pc.dictionary_encode(rows["form"]).cast(SCHEMA.field("form").type),
        ],
        schema=SCHEMA,
    )


def numbers_writer(sink: IO[bytes]) -> pq.ParquetWriter:
    """What writes the Parquet: numbers as differences, since they are sorted."""
    return pq.ParquetWriter(
        sink,
        SCHEMA,
        compression="zstd",
        compression_level=3,
        use_dictionary=["filing_date", "form"],
        column_encoding={"accession": "DELTA_BINARY_PACKED", "cik": "DELTA_BINARY_PACKED"},
    )


def _groups(store: Store, columns: Sequence[str]) -> Iterator[pa.Table]:
    try:
        file = pq.ParquetFile(pa.BufferReader(store.get(keys.MASTER_NUMBERS)))
        for group in range(file.num_row_groups):
            yield file.read_row_group(group, columns=list(columns), use_threads=False)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, KeyError, OSError) as error:
        raise CorruptObject(
            store.uri(keys.MASTER_NUMBERS), f"{error}; delete it: it is made anew from the master index"
        ) from error


def _narrow(ciks: np.ndarray) -> np.ndarray:
    """CIKs have seven digits so far and may have ten."""
    return ciks.astype(np.uint32) if ciks.max() < 1 << 32 else ciks


def _joined(arrays: list[np.ndarray]) -> np.ndarray:
    together = np.concatenate(arrays)
    arrays.clear()
    return together
