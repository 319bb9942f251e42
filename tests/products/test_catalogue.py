"""docs/products tells of the tables that there are, and its queries work."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from conftest import PROJECT
from filings.__main__ import main
from filings.products import registry
from filings.products.definition import load
from filings.tasks.docs import differing
from filings.warehouse import catalogue, csv_frames, parquet, parquet_tables, queries
from filings.warehouse.dataset import of_product
from products.conftest import AddProduct
from products.product_samples import sample_rows
from products.test_definition import GOOD, folder

DOCS = PROJECT / "docs" / "products"


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    """The pages of an invented product."""
    product = load(folder(tmp_path, GOOD))
    rows = [{"accession": "0000000001-25-000001", "arrival_sk": 1, "tons": 12.5, "flag": None}]
    return catalogue.pages({"ships": product}, {"ships": {"arrival": rows}})


def test_the_pages_are_what_the_registry_says() -> None:
    wrong = differing(DOCS, catalogue.of_registry())
    assert not wrong, f"run `make docs` and commit what it writes: {', '.join(path.name for path in wrong)} differ"


@pytest.mark.parametrize("change", ["a page says something else", "a page is gone", "a page is of no product"])
def test_a_difference_is_found(tmp_path: Path, pages: dict[str, str], change: str) -> None:
    place = tmp_path / "docs"
    place.mkdir()
    for name, text in pages.items():
        (place / name).write_text(text)
    assert differing(place, pages) == []
    if change == "a page says something else":
        (place / "ships.md").write_text(pages["ships.md"].replace("decimal(12,3)", "decimal(12,2)"))
    elif change == "a page is gone":
        (place / "ships.md").unlink()
    else:
        (place / "ships.md").rename(place / "boats.md")
    assert place / ("boats.md" if "no product" in change else "ships.md") in differing(place, pages)


def test_the_task_writes_what_differs_and_can_look_without_writing(tmp_path: Path, add_product: AddProduct) -> None:
    add_product("ships", GOOD)
    ask = ["docs", "--folder", str(tmp_path / "docs")]
    assert main([*ask, "--check"]) == 1 and not (tmp_path / "docs").exists()
    assert main(ask) == 0 and main([*ask, "--check"]) == 0
    (tmp_path / "docs" / "boats.md").write_text("of a product that went")
    assert main([*ask, "--check"]) == 1
    assert main(ask) == 0 and not (tmp_path / "docs" / "boats.md").exists()


def test_a_page_has_columns_units_rules_keys_and_sample_rows(pages: dict[str, str]) -> None:
    page = pages["ships.md"]
    for told in (
        "# Ship arrivals",
        "| forms | SHIP, SHIP/A |",
        "| `tons` | decimal(12,3) | t |  | what it carries (at least 0) |",
        "| `flag` | code(2) |  |  | where it is from (one of LR, PA) |",
        "| `arrival_sk` | integer |  | no | place in the form |",
        "- `sec/filings/ships/complete_arrival.csv.zst`",
        "- `sec/filings/ships/parquet/arrival/*.parquet`",
        '{"accession": "0000000001-25-000001", "arrival_sk": 1, "tons": 12.5}',
        "FROM ships_arrival",
    ):
        assert told in page, told
    assert "[Ship arrivals](ships.md)" in pages["README.md"]


def test_signs_that_markdown_would_take_for_its_own_are_told_as_they_are(tmp_path: Path) -> None:
    text = GOOD.replace("place in the form", '"a|b <i>c"')
    page = catalogue.pages({"ships": load(folder(tmp_path, text))}, {})["ships.md"]
    assert "| a\\|b &lt;i>c |" in page


@pytest.mark.parametrize("name", registry.names())
def test_the_queries_work_on_the_parquet_of_the_samples(name: str, tmp_path: Path) -> None:
    product = registry.product(name)
    for table in product.tables.values():
        rows = [row for one in sample_rows(name) for row in one.tables[table.file]]
        _write(tmp_path / parquet_tables.folder(of_product(product), table), name, table.file, rows)
    with duckdb.connect() as connection:
        for statement in queries.duckdb(product, f"{tmp_path}/").split(";\n"):
            connection.execute(statement)
        connection.fetchall()
        table = next(iter(product.tables.values()))
        place = f"{tmp_path}/{parquet_tables.folder(of_product(product), table)}"
        for statement in queries.listed(place).split(";\n"):
            connection.execute(statement)
        assert connection.fetchall() == [(sum(len(one.tables[table.file]) for one in sample_rows(name)),)]
    shown = StringIO()
    with redirect_stdout(shown):
        exec(queries.pandas(product, f"{tmp_path}/"), {})
    assert shown.getvalue().strip()


@pytest.mark.parametrize("name", registry.names())
def test_pandas_reads_the_csv_as_the_index_says(name: str) -> None:
    for table in registry.product(name).tables.values():
        rows = [row for one in sample_rows(name) for row in one.tables[table.file]]
        text = "".join(map(csv_frames.line, [table.names, *rows]))
        read = pd.read_csv(StringIO(text), keep_default_na=False, na_values=[""], dtype="string")
        assert list(read.columns) == list(table.names)
        assert [["" if pd.isna(field) else field for field in row] for row in read.to_numpy().tolist()] == rows


def _write(place: Path, name: str, table: str, rows: Sequence[Sequence[str]]) -> None:
    place.mkdir(parents=True)
    of = registry.product(name).tables[table]
    lines = "".join(map(csv_frames.line, rows)).encode()
    groups = [parquet.rows_of(of, lines, str(place))] if rows else []
    (place / "part.parquet").write_bytes(b"".join(parquet.encoded(of, groups)))
    (place / "_files.json").write_text('{"files": [{"name": "part.parquet", "rows": 1}]}')
