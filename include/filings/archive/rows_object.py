"""The rows that a product makes of one filing, as they lie in the bucket: zstd JSON, the same rows the same bytes.

An object names the columns of its rows, so that it can be read by them after product.yaml has got more. A filing that
gives no row has an object too: whoever fills the tables learns from it why, and that rows of an earlier try must go.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from filings.archive.compression import CorruptObject, compress, decompress

_SHOWN = 100
_LONGEST = 1000  # characters of a value in a problem: enough to find it, and no whole chapter


@dataclass(frozen=True, slots=True)
class FilingRows:
    """The rows of one filing.

    Args:
        accession: of the filing.
        columns: table → names of the columns, of each table that has rows.
        tables: table → rows, each a field of text for each column, empty for null.
        problems: what was wrong: where, value, rule.
        found: how many problems there were, also those that are not kept.
        reason: why there is no row; empty when there is one.
    """

    accession: str
    columns: Mapping[str, Sequence[str]]
    tables: Mapping[str, Sequence[Sequence[str]]]
    problems: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    found: int = 0
    reason: str = ""

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.tables.values()))


def dumps(rows: FilingRows, level: int = 10) -> bytes:
    """The object's bytes."""
    tables = {name: some for name, some in rows.tables.items() if some}
    content = {
        "accession": rows.accession,
        "columns": {name: list(rows.columns[name]) for name in tables},
        "tables": tables,
        "problems": shown(rows.problems),
        "found": rows.found,
        "reason": _writable(rows.reason),
    }
    return compress(orjson.dumps(content), level)


def loads(packed: bytes, uri: str) -> FilingRows:
    """The rows of an object.

    Raises:
        CorruptObject: naming `uri`.
    """
    content = decompress(packed, uri)
    try:
        read: dict[str, Any] = orjson.loads(content)
        names = ("accession", "columns", "tables", "problems", "found", "reason")
        rows = FilingRows(*(read[name] for name in names))
        wrong = [name for name, some in rows.tables.items() for row in some if len(row) != len(rows.columns[name])]
    except (orjson.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
        raise CorruptObject(uri, f"no rows of a filing: {error!r}") from error
    if wrong:
        raise CorruptObject(uri, f"a row of {wrong[0]} has not as many fields as the table has columns")
    return rows


def in_words(problem: Mapping[str, str]) -> str:
    """A problem as a sentence."""
    return f"{problem['where']} is {problem['value'][:_SHOWN]!r}, but {problem['rule']}"


def shown(problems: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """Problems as JSON takes them, each value as long as a person needs it."""
    return [{name: _writable(text[:_LONGEST]) for name, text in problem.items()} for problem in problems]


def _writable(text: str) -> str:
    """Text without halves of characters, which UTF-8 has no bytes for."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
