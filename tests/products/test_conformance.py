"""What holds of every product, whatever it is about: samples, rules, and the same rows in CSV, Parquet and MySQL."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from filings.__main__ import main
from filings.archive import keys, manifest, pack
from filings.archive.compression import compress
from filings.archive.storage import Store
from filings.edgar import sgml
from filings.edgar.sgml import Submission
from filings.products import PROBLEM, registry
from filings.products.definition import Product
from filings.products.parsing import Parsed, parsed
from filings.settings import Settings
from filings.tables import Column, Table
from filings.tasks.product import lines
from filings.warehouse import csv_rows, queries
from filings.warehouse.dataset import of_product
from filings.warehouse.parquet_tables import folder
from products.product_samples import by_key, rows_of, sample_rows, samples, values

EVERY = pytest.mark.parametrize("name", registry.names())
EVERY_SAMPLE = pytest.mark.parametrize(
    ("name", "sample"),
    [pytest.param(name, path, id=f"{name}-{path.stem}") for name in registry.names() for path in samples(name)],
)
Rows = dict[str, list[tuple[Any, ...]]]  # short name of a table → its rows by key


@EVERY
def test_a_product_has_samples_and_a_row_of_each_of_its_tables(name: str) -> None:
    place = registry.folders()[name] / "samples"
    assert samples(name), f"{place} needs a submission (invented names and numbers), {name}.txt"
    found = {table for one in sample_rows(name) for table, rows in one.tables.items() if rows}
    missing = registry.product(name).tables.keys() - found
    assert not missing, f"no sample in {place} gives a row of {', '.join(sorted(missing))}: add to one what does"


@EVERY_SAMPLE
def test_a_sample_gives_exactly_the_rows_that_lie_beside_it(name: str, sample: Path) -> None:
    expected = sample.with_suffix(".jsonl")
    made = b"".join(lines(registry.product(name).tables, rows_of(name, sample.read_bytes()))).decode()
    how = f"python -m filings product {name} {sample}"
    assert expected.is_file(), (
        f"{expected} is not there. Next: look at what `{how}` prints, and mend product.yaml and parse.py until it is "
        f"what a reader of the form would say; have invented names and numbers in {sample.name}; then keep the rows: "
        f"{how} > {expected}"
    )
    assert made.splitlines() == expected.read_text().splitlines(), f"if the new rows are right: {how} > {expected}"


@EVERY_SAMPLE
def test_parsing_is_pure(name: str, sample: Path) -> None:
    raw = sample.read_bytes()
    assert rows_of(name, raw) == rows_of(name, raw)


@EVERY
def test_a_value_that_breaks_its_column_is_put_aside_and_all_other_rows_are_kept(name: str) -> None:
    """Of each column, one row of the samples gets a value that its type cannot hold."""
    product = registry.product(name)
    for sample in samples(name):
        submission = sgml.parse(sample.read_bytes())
        given = [(table, row) for table, row in registry.parser(name)(submission) if table in product.tables]
        good = parsed(product, _giving(given), submission)
        for table, place in _first_of_each(product, given, submission).items():
            for column in product.tables[table].columns[1:]:
                bad = _bad(column)
                if bad is None:
                    continue
                broken = [*given[:place], (table, {**given[place][1], column.name: bad}), *given[place + 1 :]]
                result = parsed(product, _giving(broken), submission)
                assert result.found == good.found + 1
                field = f"{table}.{column.name}"
                problem = next(one for one in result.problems if one.where.partition(" of ")[0] == field)
                assert problem.value == bad and problem.rule.endswith("; the row is left out")
                kept = good.tables | {table: good.tables[table][1:]}
                assert result.tables == kept, field


@EVERY
def test_parse_csv_parquet_and_mysql_hold_the_same_rows(
    name: str, settings: Settings, s3: Store, r2: Store, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From archived filings to MySQL by the container tasks; then again, and then with a corrected filing."""
    world = World(name, s3, r2, database)
    filings = world.archive_samples()
    if not filings:
        pytest.skip("no sample gives a row")
    world.run(list(filings), force=False)
    assert world.held() == world.expected(filings)
    database.execute(queries.sql(registry.product(name)))
    database.fetchall()

    before = world.state()
    world.run(list(filings), force=False)
    assert world.state() == before, "a second run has changed something"

    first = next(iter(filings))
    parse = _shorter(world.product, registry.parser(name))
    corrected = parsed(world.product, parse, world.submissions[first])
    assert corrected.tables != filings[first].tables
    monkeypatch.setattr(registry, "parser", lambda _: parse)
    world.run([first], force=True)
    assert world.held() == world.expected(filings | {first: corrected})


@dataclass
class World:
    """The buckets and the database of one product's tests."""

    name: str
    s3: Store
    r2: Store
    database: Any

    def __post_init__(self) -> None:
        self.product = registry.product(self.name)
        self.dataset = of_product(self.product)
        self.submissions: dict[str, Submission] = {}
        self.runs = 0

    def archive_samples(self) -> dict[str, Parsed]:
        """Archive the samples, the first of them also as another filing; returns what they give, by accession."""
        raws = [path.read_bytes() for path in samples(self.name)]
        if raws:
            accession = sgml.parse(raws[0]).accession
            raws.append(raws[0].replace(accession.encode(), b"0009999999-25-000009"))
        made = {}
        for raw in raws:
            submission = sgml.parse(raw)
            result = rows_of(self.name, raw)
            if result.rows:
                assert submission.accession not in made, f"two samples are {submission.accession}"
                made[submission.accession] = result
                self.submissions[submission.accession] = submission
                self.r2.put(keys.object_key(keys.TAR, submission.accession), pack.pack(submission))
                self.r2.put(keys.object_key(keys.SGML, submission.accession), compress(raw))
        return made

    def run(self, accessions: Sequence[str], force: bool) -> None:
        """The three tasks of the product, as a run has them do it."""
        self.runs += 1
        run = f"run-{self.runs}"
        for step, mapped in ((f"{self.name}_rows", "_rows_s3"), (self.name, "_s3")):
            task = f"update_sec_filings_{self.name}{mapped}"
            manifest.write(self.s3, run, step, task, dict.fromkeys(accessions, 1), 500, force)
            uri = self.s3.uri(keys.manifest(run, step))
            assert main([task, "--manifest", uri, "--batch", "0", "--run-id", run]) == 0
        assert main([f"update_sec_filings_{self.name}_mysql", "--run-id", run]) == 0

    def expected(self, made: Mapping[str, Parsed]) -> dict[str, Rows]:
        """What every form of the tables should hold."""
        rows = {
            table.file: values(table, [row for one in made.values() for row in one.tables[table.file]])
            for table in self.product.tables.values()
        }
        return dict.fromkeys(("csv", "parquet", "mysql"), rows)

    def held(self) -> dict[str, Rows]:
        """What they hold."""
        tables = self.product.tables.values()
        return {
            form: {table.file: read(table) for table in tables}
            for form, read in (("csv", self._csv), ("parquet", self._parquet), ("mysql", self._mysql))
        }

    def state(self) -> object:
        """What a run that has nothing to do leaves as it is."""
        etags = {
            key: head.etag if (head := self.s3.head(key)) else None
            for key, _ in self.s3.list(self.dataset.folder)
            if not key.endswith("plan.json.zst")
        }
        return etags, [self._mysql(table) for table in self.product.tables.values()]

    def _csv(self, table: Table) -> list[tuple[Any, ...]]:
        head, *rows = csv_rows.records(self.s3.get_zst(self.dataset.key("complete", table.name)))
        assert tuple(head) == table.names
        return values(table, rows)

    def _parquet(self, table: Table) -> list[tuple[Any, ...]]:
        place = folder(self.dataset, table)
        listed = {place + one["name"] for one in orjson.loads(self.s3.get(place + "_files.json"))["files"]}
        assert {key for key, _ in self.s3.list(place) if key.endswith(".parquet")} == listed
        read = pa.concat_tables([pq.read_table(io.BytesIO(self.s3.get(key))) for key in sorted(listed)])
        return by_key(table, [tuple(row.values()) for row in read.to_pylist()])

    def _mysql(self, table: Table) -> list[tuple[Any, ...]]:
        self.database.execute("COMMIT")
        self.database.execute(f"SELECT {', '.join(f'`{name}`' for name in table.names)} FROM `{table.name}`")
        booleans = {place for place, column in enumerate(table.columns) if column.type == "boolean"}
        return by_key(
            table,
            [
                tuple(bool(one) if place in booleans and one is not None else one for place, one in enumerate(row))
                for row in self.database.fetchall()
            ],
        )


def _giving(rows: Sequence[tuple[str, Mapping[str, Any]]]) -> Callable[[Submission], Iterator[Any]]:
    return lambda submission: iter(rows)


def _first_of_each(product: Product, given: Sequence[tuple[str, Any]], submission: Submission) -> dict[str, int]:
    """The place of the first row of each table that the table takes."""
    first: dict[str, int] = {}
    for place, (table, row) in enumerate(given):
        if table not in first and parsed(product, _giving([(table, row)]), submission).rows:
            first[table] = place
    return first


def _bad(column: Column) -> str | None:
    """A value that a column cannot hold, if there is one."""
    match column.type:
        case "text" | "code":
            return "x" * (column.width + 1)
        case "longtext":
            return "x" * (column.width + 1) if column.width else None
        case "boolean":
            return "perhaps"
    return "no such thing"


def _shorter(product: Product, parse: Callable[[Submission], Iterator[Any]]) -> Callable[[Submission], Iterator[Any]]:
    """A parser that leaves out the last row of each table with several, and empties what may be empty in the others."""

    def corrected(submission: Submission) -> Iterator[Any]:
        given = [one for one in parse(submission) if one[0] != PROBLEM]
        count = Counter(table for table, _ in given)
        last = {table: place for place, (table, _) in enumerate(given)}
        for place, (table, row) in enumerate(given):
            optional = {column.name for column in product.tables[table].columns if column.nullable}
            if count[table] == 1:
                yield table, {name: None if name in optional else value for name, value in row.items()}
            elif last[table] != place:
                yield table, row

    return corrected
