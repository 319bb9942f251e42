"""product.yaml: what is wrong is told with file, line and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from filings.products import registry
from filings.products.definition import (
    BadProduct,
    ColumnSpec,
    Documents,
    Owner,
    Product,
    Refresh,
    Source,
    TableSpec,
    load,
)

ROOT = Path(__file__).resolve().parents[2]

GOOD = """\
title: Ship arrivals
description: Where ships have come in.
owner: {team: harbour}
forms: ["SHIP", "SHIP/A"]
tables:
  arrival:
    description: One row a ship.
    key: [accession, arrival_sk]
    columns:
      arrival_sk: {type: integer, description: place in the form}
      tons: {type: "decimal(12,3)", unit: t, description: what it carries, min: 0}
      flag: {type: code(2), description: where it is from, values: [PA, LR]}
"""


def folder(tmp_path: Path, text: str, name: str = "ships") -> Path:
    place = tmp_path / name
    place.mkdir()
    (place / "product.yaml").write_text(text)
    return place


@pytest.mark.parametrize("name", registry.names())
def test_every_product_that_ships_loads(name: str) -> None:
    product = load(registry.folders()[name])
    assert product.name == name and product.tables
    assert callable(registry.parser(name))


def test_a_table_has_the_accession_first_and_what_is_said_of_its_columns(tmp_path: Path) -> None:
    table = load(folder(tmp_path, GOOD)).tables["arrival"]
    assert (table.name, table.file, table.names) == (
        "ships_arrival",
        "arrival",
        ("accession", "arrival_sk", "tons", "flag"),
    )
    assert table.columns[2].unit == "t" and table.columns[2].scale == 3 and table.columns[2].least == 0
    assert not table.columns[1].nullable and table.columns[2].nullable


@pytest.mark.parametrize(
    ("line", "change", "expected"),
    [
        (4, ('forms: ["SHIP", "SHIP/A"]', "forms: [4]"), 'each form must be text: write "4", not 4'),
        (1, ("title: Ship arrivals\n", ""), "title: Field required"),
        (5, ("tables:", "colour: red\ntables:"), "colour: Extra inputs are not permitted"),
        (10, ("type: integer", "type: number"), "'number' is no type; there are text(N)"),
        (11, ("decimal(12,3)", "decimal(12)"), "needs digits and scale such as decimal(22,4)"),
        (11, ("decimal(12,3)", "decimal(40,3)"), "at most 38 digits"),
        (10, ("integer", "text"), "text and code have a width"),
        (
            6,
            ("accession, arrival_sk]", "accession, ship]"),
            "no column ship; there are accession, arrival_sk, tons, flag",
        ),
        (6, ("accession, arrival_sk]", "accession, tons]"), "key column tons is decimal"),
        (12, ("values: [PA, LR]", "values: [NO, 1]"), "each value must be text"),
        (11, ("tons:", "arrival_sk:"), "'arrival_sk' stands twice"),
        (6, ("      tons:", "      Tons:"), "a column is named in lower case"),
        (2, ("description: Where", "description: [Where"), "no YAML"),
        (1, (GOOD, "ships"), "expected a mapping with title"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, line: int, change: tuple[str, str], expected: str
) -> None:
    place = folder(tmp_path, GOOD.replace(*change, 1))
    with pytest.raises(BadProduct) as error:
        load(place)
    told = str(error.value)
    assert told.startswith(f"{place}/product.yaml:") and expected in told
    said = int(told.removeprefix(f"{place}/product.yaml:").partition(":")[0])
    assert abs(said - line) <= 1, told


def test_a_folder_that_is_not_named_in_lower_case_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProduct, match="named in lower case"):
        load(folder(tmp_path, GOOD, "Ships"))


def test_a_table_whose_name_is_too_long_for_mysql_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadProduct, match="too long for MySQL"):
        load(folder(tmp_path, GOOD, "ships_" * 9 + "s"))


@pytest.mark.parametrize(
    ("documents", "wanted"),
    [
        ("{main: true}", [True, False, False]),
        ("{suffix: .XML}", [False, True, False]),
        ('{type: ["EX-101*", SHIP]}', [True, False, True]),
        ("{all: true}", [True, True, True]),
    ],
)
def test_a_product_says_which_documents_it_reads(tmp_path: Path, documents: str, wanted: list[bool]) -> None:
    text = GOOD.replace("tables:", f"source: {{documents: {documents}}}\ntables:")
    source = load(folder(tmp_path, text)).source
    given = [(1, "SHIP", "a.htm"), (2, "GRAPHIC", "b.xml"), (3, "EX-101.INS", "c.txt")]
    assert [source.documents.wants(*one) for one in given] == wanted


@pytest.mark.parametrize("model", [Product, Owner, Source, Documents, Refresh, TableSpec, ColumnSpec])
def test_the_page_on_product_yaml_tells_of_every_key(model: type[BaseModel]) -> None:
    page = (ROOT / "docs" / "product-yaml.md").read_text()
    for name, field in model.model_fields.items():
        assert f"{field.alias or name}:" in page or (model is Product and name == "name"), name


def test_the_example_on_the_page_is_a_product(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "product-yaml.md").read_text()
    example = page.split("```yaml\n")[1].split("```")[0]
    product = load(folder(tmp_path, example))
    assert product.tables["arrivals"].names == ("accession", "arrival_sk", "ship", "flag", "arrived", "dues", "remarks")
