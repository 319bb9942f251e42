"""The master index as text: `sec_master_submissions.csv.zst`, read block by block, since as a whole it is too large."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

import numpy as np
import pyarrow as pa
from pyarrow import csv

from filings.archive.compression import CorruptObject
from filings.archive.zstd_text import pieces
from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession
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
_BLOCK = 16 << 20  # bytes of text, some 150,000 rows


def table_of(rows: Iterable[IndexRow]) -> pa.Table:
    """Rows of EDGAR's indexes as a table."""
    listed = list(rows)
    return pa.table({name: [getattr(row, name) for row in listed] for name in SCHEMA.names}, schema=SCHEMA)


def blocks(data: bytes, uri: str) -> Iterator[pa.Table]:
    """The rows of the index in its own order, a block at a time. Raises `CorruptObject` naming `uri`."""
    names: list[str] | None = None
    for text in _whole_lines(pieces(data, uri)):
        try:
            table = csv.read_csv(
                io.BytesIO(text),
                read_options=csv.ReadOptions(column_names=names, use_threads=False, block_size=2 * _BLOCK),
                parse_options=csv.ParseOptions(newlines_in_values=False),
                convert_options=csv.ConvertOptions(column_types=SCHEMA, strings_can_be_null=False),
            )
            names = table.column_names
            accession_numbers(table["accession"])
            yield table.select(SCHEMA.names).combine_chunks()
        except (pa.ArrowInvalid, InvalidAccession, KeyError) as error:
            raise CorruptObject(uri, f"no master index: {error}; put its last version back") from error


def text(rows: pa.Table, header: bool) -> memoryview:
    """Rows as text."""
    out = io.BytesIO()
    csv.write_csv(rows, out, csv.WriteOptions(include_header=header))
    return out.getbuffer()


def accession_numbers(column: pa.ChunkedArray) -> np.ndarray:
    """A column of accessions, dashed or as integers, as unsigned 64-bit integers.

    Raises:
        InvalidAccession: naming the first that is none.
    """
    if pa.types.is_integer(column.type):
        return np.asarray(column.to_numpy(), np.uint64)
    arrays = [_numbers(chunk) for chunk in column.chunks]
    return np.concatenate(arrays) if arrays else np.empty(0, np.uint64)


def _numbers(strings: pa.StringArray) -> np.ndarray:
    _, offsets, content = strings.buffers()
    ends = np.frombuffer(offsets, np.int32, len(strings) + 1, strings.offset * 4)
    if len(strings) and ends[-1] - ends[0] == accession_rows.ACCESSION * len(strings):
        found = accession_rows.parse(content, accession_rows.ACCESSION, len(strings), int(ends[0]))
        if found is not None:
            return found
    return accession_rows.of_strings(strings.to_pylist())


def _whole_lines(texts: Iterable[bytes]) -> Iterator[bytes]:
    held: list[bytes] = []
    size = 0
    for piece in texts:
        held.append(piece)
        size += len(piece)
        if size >= _BLOCK and b"\n" in piece:
            together = b"".join(held)
            end = together.rfind(b"\n") + 1
            held = [together[end:]]
            size = len(held[0])
            yield together[:end]
    if size:
        yield b"".join(held)
