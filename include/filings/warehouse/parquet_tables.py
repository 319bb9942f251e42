"""The Parquet files of a dataset's tables: what its tasks call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from filings.archive.storage import Store
from filings.logs import log
from filings.tables import Table
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.parquet_files import TableFiles
from filings.warehouse.plan import Plans


def update(store: Store, bulk: Bulk, dataset: Dataset) -> dict[str, int]:
    """Bring the files of every table up to what its complete CSV holds; returns the rows by `Table.file`.

    Raises:
        CorruptObject: when a complete CSV is gone or cannot be read, or has another number of rows than it says.
        Conflict: when another container changes one all the time.
    """
    rows = {}
    for table, files in _files(store, bulk, dataset):
        made = files.run()
        rows[table.file] = made.rows
        log.info("parquet_updated", dataset=dataset.name, table=table.file, way=made.way, rows=made.rows)
    return rows


def compact(store: Store, bulk: Bulk, dataset: Dataset) -> dict[str, int]:
    """Join small files of tables that have many; returns how many were joined, by `Table.file`."""
    return {table.file: count for table, files in _files(store, bulk, dataset) if (count := files.compact())}


def due(store: Store, bulk: Bulk, dataset: Dataset) -> list[str]:
    """The tables that `compact` would change, by `Table.file`."""
    return [table.file for table, files in _files(store, bulk, dataset) if files.many_small()]


def folder(dataset: Dataset, table: Table) -> str:
    """The key of a table's Parquet folder, with the slash at its end."""
    return f"{dataset.folder}parquet/{table.file}/"


def _files(store: Store, bulk: Bulk, dataset: Dataset) -> Iterator[tuple[Table, TableFiles]]:
    for name, table in dataset.tables.items():

        def replaced(sequence: int, name: str = name) -> Sequence[str] | None:
            plan = Plans(store, dataset.plan_key).last()
            return plan.of(name) if plan is not None and plan.sequence == sequence and name in plan.tables else None

        yield (
            table,
            TableFiles(
                store,
                bulk,
                table,
                complete=dataset.key("complete", name),
                delta=dataset.key("delta", name),
                folder=folder(dataset, table),
                replaced=replaced,
            ),
        )
