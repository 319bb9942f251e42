"""What the rows of a dataset are read from: an object a filing, made by an earlier step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

Rows = Mapping[str, Sequence[Sequence[str]]]  # Table.name → rows as checked text


class NoRows(ValueError):
    """A filing that has nothing for the tables; the message says why. No retry cures it."""


class RowSource(Protocol):
    """Where the rows of a filing come from."""

    @property
    def archive(self) -> str:
        """The ledger of the objects, from which one that proves broken is withdrawn."""

    @property
    def task(self) -> str:
        """The task that makes the objects."""

    def key(self, accession: str) -> str:
        """The key of a filing's object."""

    def rows(self, accession: str, packed: bytes, uri: str) -> Rows:
        """The rows in an object, of each table.

        Raises:
            CorruptObject: naming `uri`, when the object is not what the task makes.
            BadRow: when a table does not take a row.
            NoRows: when the filing has none.
        """
