"""Which Parquet files are a table now: `_files.json`, written last and at one stroke.

A folder of files cannot change at one stroke, a list can. Whoever reads the files of the list sees the table as it was
at some moment, never half an update or a row twice; should one be gone, the list has changed and is read again. Whoever
reads `*.parquet` sees what the list says but for the moment in which files are exchanged. The underscore hides the list
from readers of whole folders (Arrow, Spark, Athena).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import orjson

from filings.archive.storage import Conflict, Store
from filings.logs import log
from filings.tables import Table
from filings.warehouse import parquet

LIST = "_files.json"
STAGING = "_staging/"
_SEQUENCE = 10  # digits that a file's name begins with


@dataclass(frozen=True, slots=True)
class Part:
    """A file: its name in the folder, and its rows."""

    name: str
    rows: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files of a table, and which state of its complete CSV they hold (see `mysql_load.State`)."""

    sequence: int
    generation: int
    bytes: int
    digest: str
    parts: tuple[Part, ...]

    @property
    def rows(self) -> int:
        """Rows of all files."""
        return sum(part.rows for part in self.parts)


def part_name(sequence: int, kind: str, digest: str, number: int) -> str:
    """The name of a file: the same for the same work, so that work done twice leaves one file."""
    return f"{sequence:0{_SEQUENCE}}-{kind}-{digest}-{number:04}.parquet"


class Folder:
    """The Parquet folder of one table."""

    def __init__(self, store: Store, table: Table, prefix: str) -> None:
        """`prefix` is the folder's key, with the slash at its end."""
        self._store = store
        self._table = table
        self.prefix = prefix
        self._etag: str | None = None

    def files(self) -> Files | None:
        """What the list says; None when there is none, or one that nobody can read."""
        held = self._store.get_with_etag(self.prefix + LIST)
        self._etag = held[1] if held else None
        if held is None:
            return None
        try:
            told = orjson.loads(held[0])
            parts = tuple(Part(part["name"], part["rows"]) for part in told["files"])
            return Files(told["sequence"], told["generation"], told["bytes"], told["digest"], parts)
        except (ValueError, TypeError, KeyError) as error:
            log.warning("list_unreadable", uri=self._store.uri(self.prefix + LIST), error=str(error), note="made anew")
            return None

    def sizes(self) -> dict[str, int]:
        """Bytes of every Parquet file that lies in the folder, by name."""
        return {
            name: size
            for key, size in self._store.list(self.prefix)
            if (name := key.removeprefix(self.prefix)).endswith(".parquet") and not name.startswith(STAGING)
        }

    def replace(self, files: Files) -> None:
        """Write the list. Raises `Conflict` when another container has written one since `files` was asked."""
        key = self.prefix + LIST
        told = {
            "table": self._table.name,
            "columns": {field.name: str(field.type) for field in parquet.schema(self._table)},
            "rows": files.rows,
            "sequence": files.sequence,
            "generation": files.generation,
            "bytes": files.bytes,
            "digest": files.digest,
            "files": [{"name": part.name, "rows": part.rows} for part in files.parts],
        }
        data = orjson.dumps(told, option=orjson.OPT_INDENT_2)
        if self._etag is not None:
            self._etag = self._store.replace(key, data, self._etag, "application/json")
        elif (etag := self._store.create(key, data, "application/json")) is not None:
            self._etag = etag
        else:
            raise Conflict(self._store.uri(key))

    def sweep(self, files: Files) -> None:
        """Delete what the list does not name; what a container with newer rows is about to name stays."""
        named = {part.name for part in files.parts}
        names = (key.removeprefix(self.prefix) for key, _ in self._store.list(self.prefix))
        self._store.delete(self.prefix + name for name in _left_over(names, named, files.sequence))


def _left_over(names: Iterable[str], named: set[str], sequence: int) -> list[str]:
    found = []
    for name in names:
        begin = name.removeprefix(STAGING)[:_SEQUENCE]
        if name not in named and begin.isdigit() and int(begin) <= sequence:
            found.append(name)
    return found
