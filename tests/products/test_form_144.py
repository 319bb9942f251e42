"""Form 144: what its boxes become, what amendments leave standing, and what damaged notices give."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from filings.edgar import sgml
from filings.edgar.xml_tree import tree
from filings.products import registry
from filings.products.parsing import Parsed
from products.product_samples import rows_of, samples

NAME = "form_144"
# Element of the XML → its table: what a reader of the form would count.
ELEMENTS = {
    "filer": "filers",
    "relationshipToIssuer": "relationships",
    "securitiesInformation": "proposed_sales",
    "securitiesToBeSold": "acquisitions",
    "securitiesSoldInPast3Months": "past_sales",
    "planAdoptionDate": "plan_adoptions",
}
NOT_KEPT = {"ccc", "liveTestFlag", "submissionType"}


def read(name: str) -> bytes:
    return next(path for path in samples(NAME) if path.stem == name).read_bytes()


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def changed(old: str, new: str, name: str = "form_144") -> Parsed:
    """The rows of a sample in which one thing is another."""
    filing = read(name)
    assert filing.count(old.encode()) == 1, f"{old} must be there once"
    return rows_of(NAME, filing.replace(old.encode(), new.encode()))


def leaf_texts(name: str) -> list[tuple[str, str]]:
    root = tree(sgml.parse(read(name)).documents[0])
    return [
        (str(element.tag), element.text.strip())
        for element in root.iter(etree.Element)
        if not len(element) and element.text and element.tag not in NOT_KEPT
    ]


@pytest.mark.parametrize("name", [path.stem for path in samples(NAME)])
def test_every_element_that_is_filled_is_in_a_row_and_nothing_else_is(name: str) -> None:
    result = rows_of(NAME, read(name))
    assert not result.problems
    filed = sorted(_plain(tag, text) for tag, text in leaf_texts(name))
    keys = {"accession", "form", "filing_date"} | {f"{word}_sk" for word in ("filer", "relationship", "proposed_sale")}
    keys |= {"acquisition_sk", "past_sale_sk", "plan_adoption_sk"}
    rows = [row for table in result.tables for row in values(result, table)]
    assert sorted(text for row in rows for column, text in row.items() if text and column not in keys) == filed


@pytest.mark.parametrize("name", [path.stem for path in samples(NAME)])
def test_an_element_that_may_repeat_is_a_row_numbered_from_1(name: str) -> None:
    root, result = tree(sgml.parse(read(name)).documents[0]), rows_of(NAME, read(name))
    for tag, table in ELEMENTS.items():
        key = registry.product(NAME).tables[table].key[-1]
        count = len(list(root.iter(tag)))
        assert [row[key] for row in values(result, table)] == [str(n) for n in range(1, count + 1)], table


def test_an_amendment_names_the_notice_it_amends_and_leaves_its_rows() -> None:
    original, amended = rows_of(NAME, read("form_144")), rows_of(NAME, read("form_144_amended"))
    (first,), (second,) = values(original, "submission"), values(amended, "submission")
    assert (first["form"], first["previous_accession_number"]) == ("144", "")
    assert (second["form"], second["previous_accession_number"]) == ("144/A", first["accession"])
    assert first["accession"] != second["accession"]
    assert second["nothing_sold_in_past_3_months"] == "true" and not amended.tables["past_sales"]


def test_an_accession_number_without_dashes_joins_as_one_with_them() -> None:
    result = changed(">0009999002-25-000001<", ">000999900225000001<", "form_144_amended")
    assert values(result, "submission")[0]["previous_accession_number"] == "0009999002-25-000001"


@given(st.decimals(min_value=0, max_value=Decimal(10) ** 28 - 1, places=6, allow_nan=False, allow_infinity=False))
def test_amounts_are_exact(amount: Decimal) -> None:
    result = changed(">987654.32<", f">{amount:f}<")
    assert not result.problems
    assert Decimal(values(result, "proposed_sales")[0]["aggregate_market_value"]) == amount


@pytest.mark.parametrize(
    ("old", "new", "table", "column"),
    [
        (">12345<", ">12,345<", "proposed_sales", "units_to_be_sold"),
        (">12345<", ">-1<", "proposed_sales", "units_to_be_sold"),
        (">12345<", ">1e3<", "proposed_sales", "units_to_be_sold"),
        (">987654.32<", f">{'9' * 29}<", "proposed_sales", "aggregate_market_value"),
        (">03/05/2025<", ">13/45/2025<", "proposed_sales", "approximate_sale_date"),
        (">03/05/2025<", ">02/29/2025<", "proposed_sales", "approximate_sale_date"),
        (">06/01/1999<", ">06/01/0199<", "acquisitions", "donor_acquired_date"),
        (">N</nothing", ">maybe</nothing", "submission", "nothing_sold_in_past_3_months"),
        (">119999.99<", ">USD 5<", "past_sales", "gross_proceeds"),
        ("<issuerCik>0009999001<", "<issuerCik>99990010001<", "submission", "issuer_cik"),
    ],
)
def test_a_value_that_is_none_empties_its_column_and_no_row(old: str, new: str, table: str, column: str) -> None:
    whole, result = rows_of(NAME, read("form_144")), changed(old, new)
    assert result.rows == whole.rows
    (problem,) = result.problems
    assert column in problem.where and problem.value == re.split("[<>]", new.replace("<issuerCik>", ">"))[1]
    before, after = values(whole, table), values(result, table)
    different = [(row, c) for row, (a, b) in enumerate(zip(before, after, strict=True)) for c in a if a[c] != b[c]]
    assert [c for _, c in different] == [column]
    assert not after[different[0][0]][column]


def test_a_plan_without_a_date_is_told_and_the_other_keeps_its_number() -> None:
    result = changed("<planAdoptionDate>09/30/2024<", "<planAdoptionDate>soon<")
    assert [row["plan_adoption_sk"] for row in values(result, "plan_adoptions")] == ["2"]
    assert [problem.value for problem in result.problems] == ["soon"]


def test_an_element_that_nobody_knows_is_told() -> None:
    result = changed("<remarks>", "<novelty>of 2031</novelty><remarks>")
    assert [(p.where, p.value) for p in result.problems] == [("primary_doc.xml: formData/novelty", "of 2031")]
    assert result.rows == rows_of(NAME, read("form_144")).rows


def test_a_form_type_other_than_the_headers_is_told_and_the_headers_taken() -> None:
    result = changed("<submissionType>144</submissionType>", "<submissionType>144/A</submissionType>")
    assert values(result, "submission")[0]["form"] == "144"
    assert [problem.value for problem in result.problems] == ["144/A"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("</issuerName>", "</issuer>", "not well-formed XML"),
        ("</edgarSubmission>", "", "not well-formed XML"),
        ("edgarSubmission", "somethingElse", "no document of it is the form's XML"),
        ("formData>", "formerData>", "has no <formData>"),
    ],
)
def test_a_broken_notice_gives_no_row_and_says_why(old: str, new: str, why: str) -> None:
    result = rows_of(NAME, read("form_144").replace(old.encode(), new.encode()))
    assert not result.rows and why in result.reason


def test_no_password_and_no_contact_comes_into_a_row() -> None:
    contact = "<contact><contactName>Nobody Atall</contactName></contact><flags>"
    result = changed("</filerInfo>", f"{contact}<overrideInternetFlag>false</overrideInternetFlag></flags></filerInfo>")
    assert not result.problems
    said = {field for rows in result.tables.values() for row in rows for field in row}
    assert not said & {"Nobody Atall", "XXXXXXXX"}


def _plain(tag: str, text: str) -> str:
    """A value as a table holds it, made without the product: dates, yes and no, numbers without needless zeros."""
    if match := re.fullmatch(r"(\d\d)/(\d\d)/(\d{4})", text):
        return f"{match[3]}-{match[1]}-{match[2]}"
    if tag in ("isGiftTransaction", "nothingToReportFlagOnSecuritiesSoldInPast3Months"):
        return {"Y": "true", "N": "false"}[text]
    if re.fullmatch(r"\d+\.\d+", text):
        return text.rstrip("0").rstrip(".")
    return text


@pytest.mark.parametrize("form", ["D", "13F-HR"])
def test_the_xml_of_another_form_is_no_notice(form: str) -> None:
    result = changed("<submissionType>144<", f"<submissionType>{form}<")

    assert result.rows == 0 and "is no notice" in result.reason
