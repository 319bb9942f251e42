"""The master index: every (accession, CIK) that EDGAR's indexes have ever listed.

Rows are only ever added or corrected, never dropped: both of EDGAR's indexes are rewritten later, and the daily one
holds rows that the quarterly one never gets. On disk: `sec_master_submissions.csv.zst`, sorted by accession and CIK.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.storage import Store
from filings.edgar.index import IndexRow

SCHEMA = pa.schema(
    [
        ("accession", pa.string()),
        ("cik", pa.int64()),
        ("company_name", pa.string()),
        ("form", pa.string()),
        ("filing_date", pa.string()),
        ("filename", pa.string()),
    ]
)


def load(store: Store) -> pa.Table:
    """The master index; empty when there is none yet. Raises `CorruptObject`."""
    content = store.get_zst_or_none(keys.MASTER)
    if content is None:
        return SCHEMA.empty_table()
    try:
        table = csv.read_csv(
            io.BytesIO(content),
            convert_options=csv.ConvertOptions(column_types=SCHEMA, strings_can_be_null=False),
            parse_options=csv.ParseOptions(newlines_in_values=False),
        )
        accession_numbers(table["accession"])
        return table.select(SCHEMA.names)
    except (pa.ArrowInvalid, KeyError) as error:
        raise CorruptObject(store.uri(keys.MASTER), f"no master index: {error}") from error


def save(store: Store, table: pa.Table) -> bool:
    """Write the master index and the list of its accessions; whether anything has changed."""
    out = io.BytesIO()
    csv.write_csv(table, out)
    accessions = pc.unique(table["accession"]).to_pylist()
    changed = store.put_zst(keys.MASTER, out.getvalue())
    return store.put_zst(keys.ACCESSIONS, "".join(f"{a}\n" for a in accessions).encode()) or changed


def table_of(rows: Iterable[IndexRow]) -> pa.Table:
    """Rows as a table of the master index's columns."""
    listed = list(rows)
    return pa.table({name: [getattr(row, name) for row in listed] for name in SCHEMA.names}, schema=SCHEMA)


def merge(master: pa.Table, quarterly: pa.Table, daily: pa.Table) -> pa.Table:
    """The master index with new rows: the quarterly index corrects rows, the daily one only adds."""
    # Of rows with one key the last one counts: so the daily rows come first.
    together = pa.concat_tables([daily, master, quarterly]).combine_chunks()
    if together.num_rows == 0:
        return together
    accessions, ciks = accession_numbers(together["accession"]), together["cik"].to_numpy()
    order = np.lexsort((ciks, accessions))  # stable: later rows of one key stay later
    last = np.ones(len(order), bool)
    last[:-1] = (accessions[order][1:] != accessions[order][:-1]) | (ciks[order][1:] != ciks[order][:-1])
    return together.take(pa.array(order[last]))


def accession_numbers(column: pa.ChunkedArray) -> np.ndarray:
    """Dashed accession numbers as unsigned 64-bit integers."""
    plain = pc.replace_substring(column, "-", "")
    numbers: np.ndarray = pc.cast(plain, pa.uint64()).to_numpy()
    return numbers
