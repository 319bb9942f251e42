"""Fundamentals: against the SEC's readme, companyfacts and rendered pages; the rules on examples of our own."""

from __future__ import annotations

import gzip
import html
import json
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml, xbrl
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Document, Submission
from filings.products import registry
from filings.products.fundamentals.periods import NoDate, ddate_qtrs, last_day, rounded
from filings.products.fundamentals.statements import Kind, kind_of
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "fundamentals"
SAMPLES = Path(registry.__file__).parent / NAME / "samples"
_ACCESSION = re.compile(r"\d{10}-\d\d-\d{6}")
_LABEL = re.compile(r"defref_[A-Za-z-]+_(\w+)'[^>]*>(.*?)</a>", re.DOTALL)

Key = tuple[str, str, int, str]


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def sample(name: str, *changes: tuple[str, str]) -> Submission:
    text = (SAMPLES / f"{name}.txt").read_text()
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return sgml.parse(text.encode())


def without(submission: Submission, *types: str) -> Submission:
    kept = [document for document in submission.documents if document.type not in types]
    return Submission(submission.accession, submission.form, submission.header, kept)


def number(result: Parsed, tag: str, **where: str) -> list[str]:
    rows = [row for row in values(result, "num") if row["tag"] == tag]
    return [row["value"] for row in rows if all(row[name] == value for name, value in where.items())]


# Against what others made of the same filings.


@pytest.fixture(scope="module")
def real(real_data: Path) -> list[tuple[Submission, Parsed]]:
    """Each submission of the corpus that holds XBRL, and what the product makes of it."""
    found = []
    for path in sorted(real_data.glob("*.zst")):
        raw = read_submission(path)
        if b"xbrl" in raw.lower():
            submission = sgml.parse(raw)
            if any(xbrl.kind(document) for document in submission.documents):
                found.append((submission, rows_of(submission)))
    return found


@pytest.fixture(scope="module")
def companyfacts(real_data: Path) -> dict[str, dict[Key, set[Decimal]]]:
    """What the SEC's companyfacts say of each accession: (tag, ddate, qtrs, unit) → values."""
    found: dict[str, dict[Key, set[Decimal]]] = defaultdict(lambda: defaultdict(set))
    for path in sorted(real_data.glob("artefacts/*companyfacts_json/*.zst")):
        raw = read_submission(path)
        raw = gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw
        for tags in json.loads(raw, parse_float=Decimal)["facts"].values():
            for tag, said in tags.items():
                for unit, facts in said["units"].items():
                    for fact in facts:
                        start = {"start": fact["start"]} if "start" in fact else None
                        day, quarters = ddate_qtrs({**start, "end": fact["end"]} if start else {"instant": fact["end"]})
                        found[fact["accn"]][tag, day.isoformat(), quarters, unit].add(Decimal(fact["val"]))
    return found


def test_every_figure_of_companyfacts_is_a_row_with_the_same_date_quarters_unit_and_value(
    real_data: Path, companyfacts: dict[str, dict[Key, set[Decimal]]]
) -> None:
    compared = 0
    for path in sorted(real_data.glob("artefacts/*xbrl*/*.zst")):
        accession = _ACCESSION.search(path.name)
        expected = companyfacts.get(accession[0]) if accession else None
        if not expected:
            continue
        result = rows_of(submission_of(read_submission(path), path.name.removesuffix(".zst")))
        rows = [row for row in values(result, "num") if not row["coreg"]]
        found = {(row["tag"], row["ddate"], int(row["qtrs"]), row["uom"]): row["value"] for row in rows}
        wrong = {
            key: found.get(key) for key, known in expected.items() if Decimal(found.get(key) or "NaN") not in known
        }
        assert not wrong, path.name
        compared += len(expected)
    assert compared > 1000


def test_every_real_submission_with_xbrl_has_its_row_and_its_numbers(real: list[tuple[Submission, Parsed]]) -> None:
    assert len(real) >= 10
    for submission, result in real:
        assert len(result.tables["sub"]) == 1, submission.accession
        assert not result.problems, submission.accession
        said = xbrl.xbrl_json(submission)
        assert said is not None
        with_units = [fact for fact in said["facts"] if "unit" in fact and not _of_segment(said, fact)]
        assert bool(result.tables["num"]) == bool(with_units), submission.accession


def _of_segment(said: dict[str, Any], fact: Any) -> bool:
    return bool(said["contexts"][fact["context"]].get("dimensions"))


def test_the_lines_are_labelled_as_edgar_renders_them(real: list[tuple[Submission, Parsed]]) -> None:
    compared = 0
    for submission, result in real:
        pages = {d.filename: bytes(d.content).decode() for d in submission.documents if d.type == "XML"}
        for row in values(result, "pre"):
            report = row["report"]
            shown = _shown(pages.get(f"R{report}.htm", ""), pages.get(f"R{report}.xml", ""))
            if shown:
                assert (row["tag"], row["plabel"]) in shown, (submission.accession, report)
                compared += 1
    assert compared > 300


def _shown(htm: str, xml: str) -> list[tuple[str, str]]:
    """The tags and labels of a rendered report, of its page or of the XML of before 2012."""
    found = [
        (tag, html.unescape(" ".join(re.sub(r"<[^>]*>", " ", label).split()))) for tag, label in _LABEL.findall(htm)
    ]
    for row in re.findall(r"<Row .*?</Row>|<Row>.*?</Row>", xml, re.DOTALL):
        element, label = re.search(r"<ElementName>(.*?)<", row), re.search(r"<Label>(.*?)</Label>", row, re.DOTALL)
        if element and label:
            found.append((element[1].partition("_")[2], html.unescape(" ".join(label[1].split()))))
    return found


def test_a_real_report_has_its_statements_and_the_numbers_that_edgar_renders(
    real: list[tuple[Submission, Parsed]],
) -> None:
    submission, result = next(each for each in real if each[0].accession == "0000950123-10-019392")
    by_report = {int(row["report"]): (row["stmt"], row["inpth"]) for row in values(result, "pre")}
    assert [by_report[report] for report in sorted(by_report)] == [
        ("CP", "false"), ("BS", "false"), ("BS", "true"), ("IS", "false"), ("EQ", "false"), ("CF", "false"),
    ]  # fmt: skip
    known: dict[str, set[Decimal]] = defaultdict(set)
    for row in values(result, "num"):
        known[row["tag"]].add(Decimal(row["value"]))
    compared = 0
    for document in submission.documents:
        if document.filename not in ("R2.xml", "R3.xml", "R4.xml", "R6.xml"):
            continue
        for row_ in re.findall(r"<Row>.*?</Row>", bytes(document.content).decode(), re.DOTALL):
            element = re.search(r"<ElementName>\w[\w-]*?_(\w+)<", row_)
            for amount in re.findall(r"<NumericAmount>([^<]+)</NumericAmount>\s*(?!.*IsNumeric>false)", row_):
                if element and Decimal(amount):
                    # Negated lines are rendered with the other sign.
                    assert {Decimal(amount), -Decimal(amount)} & known[element[1]], (element[1], amount)
                    compared += 1
    assert compared > 100


def test_the_tables_have_the_columns_of_the_readme_in_its_order(real_data: Path) -> None:
    page = lxml.html.fromstring((real_data / "datasets" / "filingsReadme.htm").read_text("cp1252"))
    readme = []
    for table in page.iter("table"):
        cells = [row.xpath("string((.//td)[1])") for row in table.iter("tr")]
        names = [" ".join(cell.split()) for cell in cells]
        if names[0] == "Field Name":
            readme.append(["doc" if name == "foc" else name for name in names[1:]])  # misprinted there
    product = registry.product(NAME)
    ours = {name: [column for column in table.names if column != "num_sk"] for name, table in product.tables.items()}
    ours["tag"].remove("adsh")  # theirs has the tags of all submissions together
    assert [ours["sub"], ours["tag"], ours["num"], ours["pre"]] == readme
    assert len(ours["sub"]) == 36


# The SEC's conventions.


@pytest.mark.parametrize(
    ("day", "end"),
    [
        ("2023-09-30", "2023-09-30"), ("2022-09-24", "2022-09-30"), ("2010-01-03", "2009-12-31"),
        ("2024-02-15", "2024-01-31"), ("2024-02-16", "2024-02-29"), ("2023-01-01", "2022-12-31"),
    ],
)  # fmt: skip
def test_a_date_is_rounded_to_the_nearest_end_of_a_month(day: str, end: str) -> None:
    assert rounded(date.fromisoformat(day)).isoformat() == end


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
def test_a_rounded_date_is_the_end_of_a_month_and_at_most_half_a_month_away(day: date) -> None:
    end = rounded(day)
    assert abs((end - day).days) <= 15
    assert rounded(end) == end


@pytest.mark.parametrize(
    ("start", "end", "quarters"),
    [
        ("2012-01-01", "2012-12-29", 4), ("2022-09-25", "2023-09-30", 4), ("2023-07-02", "2023-09-30", 1),
        ("2023-01-01", "2023-09-30", 3), ("2024-01-01", "2024-01-31", 0), ("2019-01-01", "2021-12-31", 12),
    ],
)  # fmt: skip
def test_a_span_is_counted_in_quarters(start: str, end: str, quarters: int) -> None:
    assert ddate_qtrs({"start": start, "end": end})[1] == quarters


def test_midnight_ends_the_day_before_and_what_is_no_date_is_told() -> None:
    assert last_day("2024-01-01T00:00:00") == date(2023, 12, 31)
    assert ddate_qtrs({"instant": "2024-03-31"}) == (date(2024, 3, 31), 0)
    for period in ({"forever": True}, {"instant": "soon"}, {"start": "2024-01-01", "end": "0001-01-05"}):
        with pytest.raises(NoDate):
            ddate_qtrs(period)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("definition", "concepts", "stmt", "parenthetical"),
    [
        ("0001 - Document - Cover", (), "CP", False),
        ("0002 - Statement - CONSOLIDATED BALANCE SHEETS", (), "BS", False),
        ("0003 - Statement - Balance Sheets (Parenthetical)", (), "BS", True),
        ("1002 - Statement - Statements of Financial Condition", (), "BS", False),
        ("0004 - Statement - CONSOLIDATED STATEMENTS OF CASH FLOWS", (), "CF", False),
        ("0004 - Statement - Statements of Stockholders' Deficit", (), "EQ", False),
        ("0005 - Statement - Statements of Changes in Net Assets", (), "EQ", False),
        ("0006 - Statement - Statements of Comprehensive Income", ("ComprehensiveIncomeNetOfTax",), "CI", False),
        ("0006 - Statement - Statements of Operations and Comprehensive Loss", ("EarningsPerShareBasic",), "IS", False),
        ("R7 - Statement - Consolidated Statements of Earnings", (), "IS", False),
        ("0008 - Statement - Kontoutdrag", ("LiabilitiesAndStockholdersEquity",), "BS", False),
        ("0009 - Statement - Schedule of Things", (), "UN", False),
    ],
)
def test_a_statement_is_known_by_its_title_and_else_by_its_tags(
    definition: str, concepts: tuple[str, ...], stmt: str, parenthetical: bool
) -> None:
    assert kind_of(definition, {("us-gaap", name) for name in concepts}) == Kind(stmt, parenthetical)


def test_notes_and_schedules_are_no_statements() -> None:
    for definition in (
        "0010 - Disclosure - Cash Flows (Details)",
        "0099 - Schedule - Balance Sheets",
        "Income taxes",
        "",
    ):
        assert kind_of(definition, {("us-gaap", "Assets")}) is None


# Rules, on a filing of our own.


def test_numbers_are_those_of_the_statements_without_segments_but_co_registrants() -> None:
    result = rows_of(sample("form_10k"))
    assert number(result, "Revenues", qtrs="4", ddate="2012-12-31") == ["1200000"]
    assert number(result, "CashAndCashEquivalentsAtCarryingValue", coreg="LarkfieldFinance") == ["15000"]
    assert not number(result, "LongTermDebtMaturitiesRepaymentsOfPrincipalInNextTwelveMonths")
    assert values(result, "sub")[0]["detail"] == "true"
    assert number(result, "CommonStockParOrStatedValuePerShare") == ["0.00001"]


def test_a_filing_without_linkbases_gives_all_its_numbers_and_tags() -> None:
    result = rows_of(without(sample("form_10k"), "EX-101.PRE", "EX-101.LAB"))
    assert number(result, "LongTermDebtMaturitiesRepaymentsOfPrincipalInNextTwelveMonths") == ["7000"]
    assert not result.tables["pre"]
    assert "DocumentFiscalYearFocus" in {row["tag"] for row in values(result, "tag")}
    assert values(result, "sub")[0]["detail"] == ""


def test_linkbases_may_stand_in_the_schema() -> None:
    apart = sample("form_10k")
    linkbases = [bytes(d.content) for d in apart.documents if d.type in ("EX-101.LAB", "EX-101.PRE")]
    links = b"".join(re.sub(rb"<\?xml.*?\?>|</?link:linkbase[^>]*>", b"", linkbase) for linkbase in linkbases)
    documents = []
    for document in without(apart, "EX-101.LAB", "EX-101.PRE").documents:
        if document.type == "EX-101.SCH":
            linkbase = b'<link:linkbase xmlns:xlink="http://www.w3.org/1999/xlink">' + links + b"</link:linkbase>"
            content = bytes(document.content).replace(b"</xs:appinfo>", linkbase + b"</xs:appinfo>")
            document = Document("EX-101.SCH", "3", document.filename, "", "text", content)
        documents.append(document)
    together = Submission(apart.accession, apart.form, apart.header, documents)
    assert rows_of(together).tables == rows_of(apart).tables


def test_what_edgar_has_extracted_is_read_once_and_not_beside_its_page() -> None:
    inline = sample("form_10q_amended")
    instance = without(sample("form_10k"), "EX-101.PRE").documents[1]
    made = Document("XML", "2", "orrin-20240630_htm.xml", "", "text", instance.content)
    both = Submission(inline.accession, inline.form, inline.header, [*inline.documents, made])
    assert number(rows_of(both), "Assets", ddate="2012-12-31") == ["500000"]
    assert not number(rows_of(both), "ProfitLoss")


def test_a_fee_exhibit_beside_statements_is_taken_whole() -> None:
    fees = b"""<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
      xmlns:ffd="http://xbrl.sec.gov/ffd/2024q2" xmlns:dei="http://xbrl.sec.gov/dei/2024">
      <context id="c"><entity><identifier scheme="http://www.sec.gov/CIK">0009990001</identifier></entity>
      <period><startDate>2013-03-01</startDate><endDate>2013-03-01</endDate></period></context>
      <unit id="u"><measure>iso4217:USD</measure></unit>
      <dei:EntityRegistrantName contextRef="c">Larkfield Pumps Inc.</dei:EntityRegistrantName>
      <ffd:TtlFeeAmt contextRef="c" unitRef="u" decimals="2">92.70</ffd:TtlFeeAmt>
      <ffd:FormTp contextRef="c">S-1</ffd:FormTp></xbrl>"""
    filing = sample("form_10k")
    filing.documents.append(Document("EX-FILING FEES", "7", "fees.xml", "", "text", fees))
    result = rows_of(filing)
    assert number(result, "TtlFeeAmt", version="ffd/2024q2", qtrs="0") == ["92.7"]
    assert not number(result, "LongTermDebtMaturitiesRepaymentsOfPrincipalInNextTwelveMonths")


_ASSETS = '<us-gaap:Assets contextRef="E12" unitRef="USD" decimals="-3" id="A12">500000</us-gaap:Assets>'


def test_of_two_facts_with_one_key_the_more_exact_one_stays_and_it_is_no_problem() -> None:
    twice = _ASSETS + '<us-gaap:Assets contextRef="E12" unitRef="USD" decimals="0">499981</us-gaap:Assets>'
    result = rows_of(sample("form_10k", (_ASSETS, twice)))
    assert number(result, "Assets", ddate="2012-12-31") == ["499981"]
    assert not result.problems


def test_of_two_days_that_round_to_one_the_nearer_one_stays_and_the_other_is_told() -> None:
    context = (
        '<context id="E11"><entity><identifier scheme="http://www.sec.gov/CIK">0009990001</identifier></entity><period>'
    )
    opening = context.replace("E11", "J1") + "<instant>2012-01-01</instant></period></context>" + context
    adopted = _ASSETS + '<us-gaap:Assets contextRef="J1" unitRef="USD" decimals="-3">377000</us-gaap:Assets>'
    result = rows_of(sample("form_10k", (context, opening), (_ASSETS, adopted)))
    assert number(result, "Assets", ddate="2011-12-31") == ["380000"]
    assert [(problem.where, problem.value) for problem in result.problems] == [("Assets 2012-01-01: value", "377000")]


def test_a_number_that_is_none_is_put_aside_and_the_rest_kept() -> None:
    result = rows_of(sample("form_10k", ("1200000", "much")))
    assert [problem.where for problem in result.problems] == ["num.value of num_sk 10"]
    assert number(result, "Revenues", qtrs="4") == ["1100000"]


def test_a_cover_that_says_nonsense_costs_no_row() -> None:
    result = rows_of(sample("form_10k", (">2012<", ">MMXII<"), (">FY<", ">Year<"), (">Accelerated Filer<", ">Big<")))
    assert [problem.value for problem in result.problems] == ["Big", "MMXII", "Year"]
    assert (values(result, "sub")[0]["fy"], values(result, "sub")[0]["fp"]) == ("", "")


def test_a_broken_linkbase_is_a_problem_and_the_numbers_are_kept() -> None:
    result = rows_of(sample("form_10k", ("</link:labelLink>", "</link:label>")))
    assert [problem.where for problem in result.problems] == ["lkfd-20121229_lab.xml"]
    assert len(result.tables["num"]) == 14


def test_a_line_without_the_label_that_it_asks_for_has_the_plain_one() -> None:
    for role, label in (
        ("2009/role/negatedLabel", "Income tax expense"),
        ("2009/role/negatedTotalLabel", "Total assets"),
    ):
        asks = f'preferredLabel="http://www.xbrl.org/{role}"'
        changes = [('preferredLabel="http://www.xbrl.org/2009/role/negatedLabel"', asks)]
        changes += [('preferredLabel="http://www.xbrl.org/2003/role/totalLabel"', asks)]
        changes += [('xlink:role="http://www.xbrl.org/2009/role/negatedLabel"', 'xlink:role="http://x.example/other"')]
        assert label in {row["plabel"] for row in values(rows_of(sample("form_10k", *changes)), "pre")}


def test_a_number_of_two_entities_at_once_is_of_neither() -> None:
    entity = (
        '<xbrldi:explicitMember dimension="dei:LegalEntityAxis">lkfd:LarkfieldFinanceMember</xbrldi:explicitMember>'
    )
    parent = entity.replace("dei:LegalEntityAxis", "srt:ConsolidatedEntitiesAxis").replace("LarkfieldFinance", "Parent")
    result = rows_of(sample("form_10k", (entity, entity + parent)))
    assert {row["coreg"] for row in values(result, "num")} == {""}


def test_a_linkbase_that_ties_each_to_each_ends_in_a_problem_and_not_in_hours() -> None:
    schema = "http://xbrl.fasb.org/us-gaap/2012/elts/us-gaap-2012-01-31.xsd#us-gaap_"
    locators = "".join(f'<link:loc xlink:href="{schema}Tag{n}" xlink:label="x"/>' for n in range(1100))
    arcs = '<link:presentationArc xlink:from="x" xlink:to="x" order="1"/>'
    end = "</link:presentationLink>\n</link:linkbase>"
    result = rows_of(sample("form_10k", (end, f"{locators}{arcs}{end}")))
    assert ["tie more than" in problem.rule for problem in result.problems] == [True]
    assert number(result, "Revenues", qtrs="4", ddate="2012-12-31") == ["1200000"]


@pytest.mark.parametrize("cut", ["facts", "instance"])
def test_xbrl_without_a_fact_is_a_problem_and_not_silence(cut: str) -> None:
    filing = sample("form_10k")
    kept = [document for document in filing.documents if document.type != "EX-101.INS"]
    if cut == "facts":
        empty = b'<xbrl xmlns="http://www.xbrl.org/2003/instance"></xbrl>'
        kept.append(Document("EX-101.INS", "2", "lkfd-20121229.xml", "", "text", empty))
    result = rows_of(Submission(filing.accession, filing.form, filing.header, kept))
    assert not result.rows
    assert ("no fact" if cut == "facts" else "no instance") in result.reason


def test_a_filing_without_xbrl_has_nothing_for_this_product() -> None:
    filing = Submission("0009990001-13-000005", "10-K", {}, [Document("10-K", "1", "a.htm", "", "text", b"<html/>")])
    result = rows_of(filing)
    assert (result.reason, result.problems) == ("it has no XBRL", [])


def test_a_known_prefix_that_a_page_does_not_declare_is_no_tag_of_the_filers_own(real_data: Path) -> None:
    (path,) = real_data.glob("artefacts/ixbrl_htm/acd145500a*.zst")
    result = rows_of(submission_of(read_submission(path), "lone.htm"))
    versions = {row["tag"]: (row["version"], row["custom"]) for row in values(result, "tag")}
    assert versions["EntityCommonStockSharesOutstanding"] == ("dei", "false")
    assert ("us-gaap/2024", "false") in versions.values()
    assert any("its prefix is not declared" in each.rule for each in result.problems)
    assert {version for version, custom in versions.values() if custom == "true"} <= {result.accession}


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_each_number_and_line_has_its_tag(path: Path) -> None:
    result = rows_of(sgml.parse(path.read_bytes()))
    tags = {(row["tag"], row["version"]) for row in values(result, "tag")}
    named = {(row["tag"], row["version"]) for table in ("num", "pre") for row in values(result, table)}
    assert named <= tags
    assert result.tables["num"]
