"""The rows of a product, from the objects that its first step has made, `rows/{accession}.json.zst`.

They are checked already. Columns are found by name, so rows that an earlier product.yaml gave still serve: a column
that it had not is null, one that it had besides is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from filings.archive import keys, rows_object
from filings.archive.compression import CorruptObject
from filings.tables import BadRow, Table
from filings.warehouse.row_source import NoRows, Rows


class ProductRows:
    """Where the rows of one product come from."""

    def __init__(self, product: str, tables: Mapping[str, Table]) -> None:
        self._product = product
        self._tables = tables

    @property
    def archive(self) -> str:
        """The ledger of the product's first step."""
        return keys.rows_manifest(self._product)

    @property
    def task(self) -> str:
        """The product's first step."""
        return f"update_sec_filings_{self._product}_rows_s3"

    def key(self, accession: str) -> str:
        """The key of a filing's object."""
        return keys.rows(self._product, accession)

    def rows(self, accession: str, packed: bytes, uri: str) -> Rows:
        """The rows in an object. Raises `CorruptObject`, `BadRow`, `NoRows`."""
        read = rows_object.loads(packed, uri)
        if read.accession != accession:
            raise CorruptObject(uri, f"it tells of {read.accession}")
        found = {
            name: _arranged(table, read.columns[table.file], read.tables[table.file], accession, uri)
            for name, table in self._tables.items()
            if read.tables.get(table.file)
        }
        if not found and read.found:  # a reason of its own for each of millions would be millions of kinds to count
            raise NoRows(f"unusable: see its record below quarantine/{self._product}/")
        if not found:
            raise NoRows(read.reason or "it holds nothing for this product")
        return found


def _arranged(
    table: Table, columns: Sequence[str], rows: Sequence[Sequence[str]], accession: str, uri: str
) -> Sequence[Sequence[str]]:
    """Rows with the table's columns in the table's order."""
    arranged = rows
    if tuple(columns) != table.names:
        places = [columns.index(name) if name in columns else None for name in table.names]
        for column, place in zip(table.columns, places, strict=True):
            if place is None and not column.nullable:
                rule = "it must not be empty, and the rows were made before it was a column: plan the filing with force"
                raise BadRow(accession, table.file, column.name, "", rule)
        arranged = [["" if place is None else row[place] for place in places] for row in rows]
    if any(row[0] != accession for row in arranged):
        raise CorruptObject(uri, f"{table.file} has rows of another filing")
    return arranged
