"""A column added to product.yaml: it comes into the CSV and into MySQL, at its place, and no row is lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harvest_samples import YAML, dataset, filing, put_filings, put_rows, read
from test_table_update import Fatal, Killed, mortal
from warehouse_samples import accession

from filings.archive.storage import Store
from filings.settings import Settings
from filings.warehouse import mysql
from filings.warehouse.added_columns import ColumnsDiffer
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.mysql_load import LoadFailed, TableLoad
from filings.warehouse.table_update import TableUpdate

REMARKS = "harvests_remarks"
NUMBER = "      number: {type: integer, description: Its number}\n"
LANGUAGE = "      language: {type: code(5), description: Its language}\n"
WIDER = YAML.replace(NUMBER, NUMBER + LANGUAGE)
Run = Callable[..., TableUpdate]


@pytest.fixture
def old(tmp_path: Path) -> Dataset:
    return dataset(tmp_path)


@pytest.fixture
def run(s3: Store, bulk: Bulk) -> Run:
    """A run of the task that fills the tables."""

    def update(of: Dataset, *numbers: int, store: Store = s3, large: Bulk = bulk, force: bool = False) -> TableUpdate:
        new = TableUpdate(store, large, of, concurrency=4, run_id="test")
        new.run(map(accession, numbers), list(of.tables), force=force)
        return new

    return update


@pytest.fixture
def load(s3: Store, bulk: Bulk, settings: Settings, database: Any) -> Callable[[Dataset], dict[str, str]]:
    """A run of the task that loads MySQL; the way by table."""

    def run(of: Dataset) -> dict[str, str]:
        connection = mysql.connect(mysql.Address.of(settings))
        try:
            return {name: TableLoad(s3, bulk, connection, of, table).run().way for name, table in of.tables.items()}
        finally:
            connection.close()

    return run


def in_mysql(database: Any) -> list[tuple[Any, ...]]:
    database.execute(f"SELECT * FROM {REMARKS} ORDER BY accession, number")
    return list(database.fetchall())


def remarks(store: Store, of: Dataset) -> list[list[str]]:
    return sorted(read(store, of)["remarks"])


def with_language(row: list[str], language: str = "") -> list[str]:
    return [*row[:2], language, *row[2:]]


def test_a_column_comes_into_complete_tables_once_and_into_mysql_without_a_load(
    s3: Store, old: Dataset, run: Run, load: Any, database: Any, tmp_path: Path
) -> None:
    put_filings(s3, old, 1, 2)
    run(old, 1, 2)
    load(old)
    before, numbers = remarks(s3, old), s3.head(old.key("complete", REMARKS))
    new = dataset(tmp_path, WIDER)
    run(new)
    assert remarks(s3, new) == [with_language(row) for row in before]
    head = s3.head(new.key("complete", REMARKS))
    assert head is not None and numbers is not None
    assert {n: head.metadata[n] for n in ("rows", "sequence", "generation", "filings")} == {
        n: numbers.metadata[n] for n in ("rows", "sequence", "generation", "filings")
    }
    assert set(load(new).values()) == {"up to date"}
    assert in_mysql(database) == [(row[0], int(row[1]), None, row[2], None) for row in before]
    run(new)
    assert s3.head(new.key("complete", REMARKS)) == head
    more = filing(3)
    put_rows(s3, new, 3, {**more, "remarks": [{**more["remarks"][0], "language": "en-US"}]})
    run(new, 3)
    assert load(new)[REMARKS] == "delta"
    assert in_mysql(database)[2][:3] == (accession(3), 0, "en-US")


@pytest.mark.parametrize("later", [(), (3,)], ids=["alone", "and what came later"])
def test_mysql_takes_what_was_appended_just_before_a_column_was_added(
    s3: Store, old: Dataset, run: Run, load: Any, database: Any, tmp_path: Path, later: tuple[int, ...]
) -> None:
    put_filings(s3, old, 1, 2, 3)
    run(old, 1)
    load(old)
    run(old, 2)  # its delta has the columns of then
    new = dataset(tmp_path, WIDER)
    run(new, *later)
    load(new)
    assert [row[:3] for row in in_mysql(database)] == [(accession(n), 0, None) for n in (1, 2, *later)]


def test_a_crash_at_any_write_of_either_is_made_good(
    s3: Store, bulk: Bulk, run: Run, old: Dataset, tmp_path: Path
) -> None:
    """An append with the old columns breaks off, and the code of the next run has the new ones."""
    for at in range(1, 30):
        s3.delete([key for key, _ in s3.list("")])
        of = dataset(tmp_path)
        put_filings(s3, of, 1, 2)
        run(of, 1)
        store, large = mortal(s3, bulk, Fatal(at, after=True))
        try:
            run(of, 2, store=store, large=large)
        except Killed:
            new = dataset(tmp_path, WIDER)
            run(new, 2)
            assert remarks(s3, new) == [
                [accession(n), "0", "", str(filing(n)["remarks"][0]["remark"]), ""] for n in (1, 2)
            ]
        else:
            break
    assert at > 6


def test_filings_made_again_fill_the_column(s3: Store, old: Dataset, run: Run, tmp_path: Path) -> None:
    put_filings(s3, old, 1, 2)
    run(old, 1, 2)
    new = dataset(tmp_path, WIDER)
    put_rows(s3, new, 1, {"remarks": [{"number": 0, "remark": "x", "language": "en"}]})
    run(new, 1, force=True)
    assert [row[:3] for row in remarks(s3, new)] == [[accession(1), "0", "en"], [accession(2), "0", ""]]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (YAML.replace("      by: {type: text(40), description: Whose it is}\n", ""), "has columns by that remarks has"),
        (YAML.replace(NUMBER, NUMBER + LANGUAGE.replace("code(5)", "code(5), null: false")), "lacks columns language"),
        (
            YAML.replace(NUMBER, "")
            .replace("  remarks:", "  remarks:")
            .replace("      by: {type", NUMBER + "      by: {type"),
            "in another order",
        ),
    ],
    ids=["removed", "not null", "moved"],
)
def test_columns_that_went_or_moved_are_an_error_that_says_what_to_do_and_doing_it_helps(
    s3: Store, old: Dataset, run: Run, load: Any, database: Any, tmp_path: Path, text: str, said: str
) -> None:
    put_filings(s3, old, 1, 2)
    run(old, 1, 2)
    load(old)
    before = s3.head(old.key("complete", REMARKS))
    new = dataset(tmp_path, text)
    with pytest.raises(ColumnsDiffer, match=f"complete_remarks.*{said}.*delete it.*update_sec_filings_harvests_s3"):
        run(new)
    assert s3.head(old.key("complete", REMARKS)) == before
    if "null: false" in text:
        return
    s3.delete([new.key("complete", REMARKS)])
    run(new)
    assert len(remarks(s3, new)) == 2
    assert load(new)[REMARKS] == "complete"
    assert len(in_mysql(database)[0]) == len(new.tables[REMARKS].columns)


@pytest.mark.parametrize(
    ("before", "after", "statement"),
    [
        ("text(40)", "text(80)", "varchar(80)"),
        ("text(40)", "text(9000)", "text"),
        ("text(60)", "text(30)", ""),
        ("decimal(22,4)", "decimal(26,6)", "decimal(26,6)"),
        ("decimal(22,4)", "decimal(22,6)", ""),
        ("boolean", "text(5)", ""),
    ],
)
def test_a_type_that_takes_more_is_widened_in_mysql_and_any_other_is_an_error_with_what_to_do(
    s3: Store, run: Run, load: Any, database: Any, tmp_path: Path, before: str, after: str, statement: str
) -> None:
    of = dataset(tmp_path)
    put_filings(s3, of, 1)
    run(of, 1)
    load(of)
    new = dataset(tmp_path, YAML.replace(before, after))
    if not statement:
        with pytest.raises(
            LoadFailed, match=r"MySQL's harvests_\w+ is not as harvests has it: its \w+ is .*DROP TABLE"
        ):
            load(new)
        return
    assert set(load(new).values()) == {"up to date"}
    database.execute("SELECT column_type FROM information_schema.columns WHERE table_name LIKE 'harvests%'")
    assert statement in {kind for (kind,) in database.fetchall()}
    assert len(in_mysql(database)) == 1
