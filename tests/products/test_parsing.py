"""A filing through a parser: what is wrong becomes a problem, and the rest is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from filings.edgar.sgml import Submission
from filings.products import NothingHere, Unusable, problem
from filings.products.definition import BadProduct, Product, load
from filings.products.parsing import MOST_PROBLEMS, Parsed, Problem, parsed
from products.test_definition import GOOD, folder

FILING = Submission("0000000001-25-000001", "SHIP", {"type": "SHIP"})


@pytest.fixture
def product(tmp_path: Path) -> Product:
    """A product of one table."""
    return load(folder(tmp_path, GOOD))


def made(product: Product, *given: tuple[str, dict[str, Any]], end: Exception | None = None) -> Parsed:
    """What becomes of what a parser yields."""

    def parse(submission: Submission) -> Iterator[tuple[str, dict[str, Any]]]:
        yield from given
        if end is not None:
            raise end

    return parsed(product, parse, FILING)


def test_rows_are_text_with_the_accession_first(product: Product) -> None:
    result = made(
        product, ("arrival", {"arrival_sk": 1, "tons": "0012.50", "flag": "PA"}), ("arrival", {"arrival_sk": 2})
    )
    assert result.tables == {"arrival": [[FILING.accession, "1", "12.5", "PA"], [FILING.accession, "2", "", ""]]}
    assert (result.rows, result.found, result.reason) == (2, 0, "")


def test_a_row_that_breaks_a_rule_is_named_by_column_value_and_rule_and_the_rest_is_kept(product: Product) -> None:
    result = made(product, ("arrival", {"arrival_sk": 1, "tons": "-1"}), ("arrival", {"arrival_sk": 2, "flag": "PA"}))
    assert [row[1] for row in result.tables["arrival"]] == ["2"]
    assert result.problems == [
        Problem("arrival.tons of arrival_sk 1", "-1", "it must be from 0 to any; the row is left out")
    ]


def test_a_second_row_of_a_key_is_a_problem(product: Product) -> None:
    result = made(product, ("arrival", {"arrival_sk": 1, "flag": "PA"}), ("arrival", {"arrival_sk": 1, "flag": "LR"}))
    assert [row[3] for row in result.tables["arrival"]] == ["PA"]
    assert "another row has that key" in str(result.problems[0]) and "arrival_sk 1" in str(result.problems[0])


def test_what_a_parser_reports_stands_beside_the_rows(product: Product) -> None:
    result = made(product, ("arrival", {"arrival_sk": 1}), problem("form.xml: total", 3, "the rows come to 2"))
    assert result.rows == 1 and str(result.problems[0]) == "form.xml: total is '3', but the rows come to 2"


def test_a_filing_that_is_refused_has_no_row_and_a_reason(product: Product) -> None:
    result = made(product, ("arrival", {"arrival_sk": 1}), end=Unusable("it is in Latin"))
    assert result.rows == 0 and result.reason == "the filing is 'SHIP', but it is in Latin"


def test_a_filing_with_nothing_for_the_product_has_a_reason_too(product: Product) -> None:
    assert made(product).reason == "it holds nothing for this product"


def test_of_very_many_problems_some_are_kept_and_all_are_counted(product: Product) -> None:
    result = made(product, *[problem("x", n, "no") for n in range(MOST_PROBLEMS + 5)])
    assert (len(result.problems), result.found) == (MOST_PROBLEMS, MOST_PROBLEMS + 5)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("departure", {"arrival_sk": 1}), "gives rows of departure; product.yaml has arrival"),
        (("arrival", {"arrival_sk": 1, "colour": "red"}), "gives arrival a column colour that product.yaml has not"),
    ],
)
def test_a_parser_that_product_yaml_does_not_know_is_an_error(
    product: Product, given: tuple[str, dict[str, Any]], expected: str
) -> None:
    with pytest.raises(BadProduct, match=expected):
        made(product, given)


def test_a_filing_that_is_not_the_products_business_has_a_reason_and_no_problem(product: Product) -> None:
    result = made(product, ("arrival", {"arrival_sk": 1}), end=NothingHere("its main document is XML"))
    assert (result.rows, result.problems, result.reason) == (0, [], "its main document is XML")
