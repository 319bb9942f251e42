"""Rows of CSV as Parquet: the same values, with their true types, in row groups that fit into little memory.

Types are those that every reader has. An integer is signed, since Athena, Spark and BigQuery know no unsigned ones and
a difference of two unsigned ones wraps around; no value of ours is above 2^63-1. A timestamp has microseconds, since
Parquet has no seconds, and no zone: it is EDGAR's own clock, that of Washington.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from filings.archive.compression import CorruptObject
from filings.tables import Column, Table

CONTENT_TYPE = "application/vnd.apache.parquet"
GROUP = 8 << 20  # bytes of CSV that make a row group: some 20 MB as Arrow
_LEVEL = 6


def schema(table: Table) -> pa.Schema:
    """The table's schema; descriptions and units go with the columns."""
    return pa.schema(
        [
            pa.field(column.name, _type(column), column.nullable, {"description": column.note, "unit": column.unit})
            for column in table.columns
        ],
        {"table": table.name, "key": ",".join(table.key)},
    )


def digest(table: Table) -> str:
    """What names the table's columns and types in a word: another one means that files must be made anew."""
    said = ",".join(f"{field.name} {field.type} {field.nullable}" for field in schema(table))
    return hashlib.sha256(said.encode()).hexdigest()[:8]


def rows_of(table: Table, lines: bytes, uri: str) -> pa.Table:
    """Rows of CSV without header, as Arrow.

    Raises:
        CorruptObject: naming `uri`, when a value is not of its column's type.
    """
    target = schema(table)
    read = pyarrow.csv.ReadOptions(
        column_names=list(table.names),
        use_threads=False,
        block_size=len(lines) + 1,  # a row may be longer than any smaller block
    )
    parse = pyarrow.csv.ParseOptions(newlines_in_values=table.multiline, ignore_empty_lines=False)
    convert = pyarrow.csv.ConvertOptions(
        column_types={field.name: field.type for field in target},
        null_values=[""],
        strings_can_be_null=True,
        true_values=["true"],
        false_values=["false"],
        timestamp_parsers=["%Y-%m-%d %H:%M:%S"],
    )
    try:
        return pyarrow.csv.read_csv(io.BytesIO(lines), read, parse, convert).cast(target)
    except (pa.ArrowInvalid, ValueError) as error:
        raise CorruptObject(uri, f"its rows are not those of {table.name}: {error}") from error


def encoded(table: Table, groups: Iterable[pa.Table]) -> Iterator[bytes]:
    """A Parquet file in pieces, a row group for each table that is given; its last piece is what makes it readable."""
    sink = _Sink()
    with pq.ParquetWriter(
        sink,
        schema(table),
        compression="zstd",
        compression_level=_LEVEL,
        store_decimal_as_integer=True,
        write_page_checksum=True,
    ) as writer:
        for group in groups:
            if group.num_rows:
                writer.write_table(group, row_group_size=group.num_rows)
                yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """Where the writer writes to, emptied as it goes on."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object, /) -> int:
        piece = bytes(memoryview(data))  # type: ignore[arg-type]
        self._held.append(piece)
        self._written += len(piece)
        return len(piece)

    def tell(self) -> int:
        return self._written

    def taken(self) -> bytes:
        """What was written since it was last taken."""
        held, self._held = b"".join(self._held), []
        return held


def _type(column: Column) -> pa.DataType:
    match column.type:
        case "accession" | "text" | "code":
            return pa.string()
        case "longtext":
            return pa.large_string()
        case "integer":
            return pa.int64()
        case "decimal":
            return pa.decimal128(column.width, column.scale)
        case "date":
            return pa.date32()
        case "timestamp":
            return pa.timestamp("us")
        case "boolean":
            return pa.bool_()
