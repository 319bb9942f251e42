"""A filing through a product's parser: rows checked against their tables, and what was wrong with the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from filings.edgar.sgml import Submission
from filings.products import PROBLEM, Rows, Unusable
from filings.products.definition import BadProduct, Product
from filings.tables import BadRow, Table, key_of

MOST_PROBLEMS = 1000  # of one filing are kept; more say nothing new


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

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return sum(map(len, self.tables.values()))

    @property
    def reason(self) -> str:
        """Why there is no row; empty when there is one."""
        if self.rows:
            return ""
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
    result = Parsed(submission.accession, {name: [] for name in product.tables})
    seen: dict[str, set[tuple[str, ...]]] = {name: set() for name in product.tables}
    try:
        for name, values in parse(submission):
            if name == PROBLEM:
                result.add(Problem(**values))
                continue
            table = product.tables.get(name)
            if table is None:
                raise BadProduct(f"{product.name}: parse gives rows of {name}; product.yaml has {', '.join(seen)}")
            _take(product, table, values, result, seen[name])
    except Unusable as error:
        result = Parsed(submission.accession, {name: [] for name in product.tables})
        result.add(Problem("the filing", submission.form, str(error)))
    return result


def _take(product: Product, table: Table, values: Any, result: Parsed, seen: set[tuple[str, ...]]) -> None:
    if not values.keys() <= table.known:
        unknown = ", ".join(sorted(values.keys() - table.known))
        raise BadProduct(f"{product.name}: parse gives {table.file} a column {unknown} that product.yaml has not")
    try:
        fields = table.row({table.accession: result.accession, **values})
    except BadRow as error:
        result.add(Problem(f"{error.table}.{error.column}", error.value, error.rule))
        return
    key = table.key_fields(fields)
    if key in seen:
        result.add(Problem(f"{table.file}: {key_of(table, fields)}", "a row", "another row has that key"))
        return
    seen.add(key)
    result.tables[table.file].append(fields)
