"""A filing through a product's parser: rows checked against their tables, and what was wrong with the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from filings.edgar.sgml import Submission
from filings.products import PROBLEM, NothingHere, Rows, Unusable
from filings.products.definition import BadProduct, Product
from filings.tables import BadRow, Table, columns_of, key_of

MOST_PROBLEMS = 1000  # of one filing are kept; more say nothing new
_AT_ONCE = 500
_MANY = 5  # rows from which on looking at them together is quicker


@dataclass(frozen=True, slots=True)
class Problem:
    """What was wrong: where, with which value, and the rule it breaks."""

    where: str
    value: str
    rule: str

    def __str__(self) -> str:
        return f"{self.where} is {self.value[:100]!r}, but {self.rule}"


@dataclass
class Parsed:
    """What a product makes of one filing: table → rows as text, in the order of the parser."""

    accession: str
    tables: dict[str, list[list[str]]]
    problems: list[Problem] = field(default_factory=list)
    found: int = 0  # problems, also those that are not kept
    nothing: str = ""  # why nothing was to be expected

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.tables.values()))

    @property
    def reason(self) -> str:
        """Why there is no row; empty when there is one."""
        if self.rows:
            return ""
        if self.nothing:
            return self.nothing
        return str(self.problems[0]) if self.problems else "it holds nothing for this product"

    def add(self, problem: Problem) -> None:
        """Put down a problem."""
        self.found += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def parsed(product: Product, parse: Callable[[Submission], Rows], submission: Submission) -> Parsed:
    """Parse one filing and check its rows.

    A row that its table does not take is left out and becomes a problem; so does one whose key is there already. When
    the parser refuses the filing, the rows that it gave before do not count.

    Raises:
        BadProduct: when the parser names a table or column that product.yaml has not.
    """
    taker = _Taker(product, submission.accession)
    try:
        waiting = taker.waiting
        for name, values in parse(submission):
            rows = waiting.get(name)
            if rows is None:
                taker.no_row(name, values)
                continue
            rows.append(values)
            if len(rows) >= _AT_ONCE:
                taker.take(name)
        taker.end()
    except NothingHere as error:
        taker = _Taker(product, submission.accession)
        taker.result.nothing = str(error)
    except Unusable as error:
        taker = _Taker(product, submission.accession)
        taker.result.add(Problem("the filing", submission.form, str(error)))
    return taker.result


class _Taker:
    """Takes rows as they come and checks them by the hundred."""

    def __init__(self, product: Product, accession: str) -> None:
        self._product, self._tables = product, product.tables
        self.waiting: dict[str, list[Mapping[str, Any]]] = {name: [] for name in product.tables}
        self._keys: dict[str, set[tuple[str, ...]]] = {name: set() for name in product.tables}
        self.result = Parsed(accession, {name: [] for name in product.tables})

    def no_row(self, name: str, values: Mapping[str, Any]) -> None:
        """A problem, or a row of a table that there is not. Raises `BadProduct`."""
        if name != PROBLEM:
            known = ", ".join(self._tables)
            raise BadProduct(f"{self._product.name}: parse gives rows of {name}; product.yaml has {known}")
        self.result.add(Problem(**values))

    def end(self) -> None:
        """Take what is left."""
        for name in self.waiting:
            self.take(name)

    def take(self, name: str) -> None:
        """Check the rows of a table that wait. Raises `BadProduct`."""
        rows, self.waiting[name] = self.waiting[name], []
        if not rows:
            return
        table, seen, accession = self._tables[name], self._keys[name], self.result.accession
        columns = columns_of(rows)
        given = set().union(*rows) if columns is None else columns.keys()
        if not table.known.issuperset(given):
            unknown = ", ".join(sorted(given - table.known))
            raise BadProduct(f"{self._product.name}: parse gives {name} a column {unknown} that product.yaml has not")
        made = table.rows(rows, accession, columns) if len(rows) >= _MANY else None
        if made is not None:
            keys = set(map(table.key_fields, made))
            if len(keys) == len(made) and seen.isdisjoint(keys):
                seen |= keys
                self.result.tables[name] += made
                return
        for values in rows:
            self._take_one(table, {table.accession: accession, **values}, seen)

    def _take_one(self, table: Table, values: Mapping[str, Any], seen: set[tuple[str, ...]]) -> None:
        try:
            fields = table.row(values)
        except BadRow as error:
            which = ", ".join(f"{name} {values.get(name)}" for name in table.key[1:])
            where = f"{error.table}.{error.column}" + (f" of {which}" if which else "")
            self.result.add(Problem(where, error.value, f"{error.rule}; the row is left out"))
            return
        key = table.key_fields(fields)
        if key in seen:
            self.result.add(Problem(f"{table.file}: {key_of(table, fields)}", "a row", "another row has that key"))
            return
        seen.add(key)
        self.result.tables[table.file].append(fields)
