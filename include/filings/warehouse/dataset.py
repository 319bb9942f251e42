"""A dataset: tables that are filled together, where they lie, and what their rows are read from.

The lookup tables are one dataset and every product is one, so whatever appends, repairs, compacts or loads tables is
written once, for any of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from filings.archive import keys
from filings.products.definition import Product
from filings.tables import Table
from filings.warehouse.lookup_rows import LookupRows
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.product_rows import ProductRows
from filings.warehouse.row_source import RowSource


@dataclass(frozen=True, eq=False)
class Dataset:
    """Tables that are filled together.

    Args:
        name: of its archive in the ledger.
        folder: where its tables lie, with a slash at the end.
        tables: by `Table.name`.
        source: what its rows are read from.
        tables_task, mysql_task: the tasks that fill its tables in S3 and in MySQL, to be named in messages.
        details: the table that has one row a filing, if there is one for sure.
        counts: which column of `details` says how many rows another table has of a filing.
    """

    name: str
    folder: str
    tables: Mapping[str, Table]
    source: RowSource
    tables_task: str
    mysql_task: str
    details: str = ""
    counts: Mapping[str, str] = field(default_factory=dict)

    def key(self, kind: str, table: str) -> str:
        """The key of a table, which is given by `Table.name`; `kind` is delta or complete."""
        return keys.table(self.folder, kind, self.tables[table].file)

    @property
    def mysql_state(self) -> str:
        """The table of MySQL that says up to where its tables are loaded."""
        return f"sec_filings_{self.name.removeprefix('sec_filings_')}_loads"

    @property
    def mysql_lock(self) -> str:
        """The lock in MySQL that keeps a second loader waiting; the name may have 64 characters."""
        return f"filings_{self.name.removeprefix('sec_filings_')}_mysql"[:64]

    @cached_property
    def plan_key(self) -> str:
        """The key of the plan of what is being appended."""
        return f"{self.folder}plan.json.zst"


LOOKUP = Dataset(
    keys.LOOKUP,
    keys.LOOKUP_FOLDER,
    LOOKUP_TABLES,
    LookupRows(),
    "update_sec_filings_lookup_s3",
    "update_sec_filings_lookup_mysql",
    SUBMISSION_DETAILS.name,
    {ACCESSION_CIK.name: "filer_count", DOCUMENTS.name: "document_count"},
)


def of_product(product: Product) -> Dataset:
    """The dataset of a product."""
    tables = {table.name: table for table in product.tables.values()}
    return Dataset(
        product.name,
        keys.product_folder(product.name),
        tables,
        ProductRows(product.name, tables),
        f"update_sec_filings_{product.name}_s3",
        f"update_sec_filings_{product.name}_mysql",
    )
