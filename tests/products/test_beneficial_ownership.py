"""Schedules 13D and 13G: every XML counted against itself, covers in text by eye, values only where sure."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.beneficial_ownership import cover_values as values
from filings.products.beneficial_ownership.person_names import People
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "beneficial_ownership"
SCHEDULES = Path(__file__).parent / "schedules"
_ELEMENTS = {
    "reporting_persons": r"<(?:reportingPersonInfo|coverPageHeaderReportingPersonDetails)>",
    "signatures": r"<signatureDetails>|<signatureBlock>",
    "authorized_persons": r"<notificationInfo>",
    "cusips": r"<(?:issuerCUSIP|issuerCusip|issuerCusipNumber|cusipNumber)>",
}
_AMOUNTS = [
    "sole_voting_power",
    "shared_voting_power",
    "sole_dispositive_power",
    "shared_dispositive_power",
    "aggregate_amount",
]


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def rows(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def schedule(name: str, form: str, header: sgml.Fields | None = None) -> Parsed:
    document = Document(form, "1", name, "", "text", (SCHEDULES / name).read_bytes())
    return rows_of(Submission("0000000001-25-000001", form, header or {}, [document]))


def cover(**fields: str) -> dict[str, str]:
    """A person's row from a cover page of a 13G with these values behind its labels."""
    labels = {
        "name": "NAME OF REPORTING PERSON",
        "group": "CHECK THE APPROPRIATE BOX IF A MEMBER OF A GROUP",
        "citizenship": "CITIZENSHIP OR PLACE OF ORGANIZATION",
        "sole_voting_power": "5 SOLE VOTING POWER",
        "shared_voting_power": "6 SHARED VOTING POWER",
        "sole_dispositive_power": "7 SOLE DISPOSITIVE POWER",
        "shared_dispositive_power": "8 SHARED DISPOSITIVE POWER",
        "aggregate_amount": "9 AGGREGATE AMOUNT BENEFICIALLY OWNED BY EACH REPORTING PERSON",
        "percent_of_class": "11 PERCENT OF CLASS REPRESENTED BY AMOUNT IN ROW (9)",
        "types": "12 TYPE OF REPORTING PERSON",
    }
    text = "ACME CORP\n(Name of Issuer)\n" + "\n".join(f"{labels[key]}\n{fields.get(key, '')}" for key in labels)
    document = Document("SC 13G", "1", "", "", "text", text.encode())
    (row,) = rows(rows_of(Submission("0000000001-25-000001", "SC 13G", {}, [document])), "reporting_persons")
    return row


@pytest.fixture(scope="module")
def xmls(real_data: Path) -> list[tuple[str, Parsed]]:
    """The text of each schedule of the corpus as XML, and what the product makes of it."""
    paths = sorted(real_data.glob("artefacts/edgarSubmission_SCHEDULE_13*/*.zst"))
    assert len(paths) >= 7
    raws = [(path.name.removesuffix(".zst"), read_submission(path)) for path in paths]
    return [(raw.decode(), rows_of(submission_of(raw, name))) for name, raw in raws]


@pytest.fixture(scope="module")
def texts(real_data: Path) -> dict[str, Parsed]:
    """Schedules of the corpus in HTML, by accession."""
    paths = sorted(real_data.glob("0001076809-24-000144.*")) + sorted(real_data.glob("0001104659-25-002604.txt.*"))
    found = [rows_of(sgml.parse(read_submission(path))) for path in paths]
    return {result.accession: result for result in found}


def test_each_person_signature_and_cusip_of_each_xml_is_a_row(xmls: list[tuple[str, Parsed]]) -> None:
    for text, result in xmls:
        for table, pattern in _ELEMENTS.items():
            assert len(result.tables[table]) == len(re.findall(pattern, text)), table
        assert len(result.tables["submission"]) == 1
        assert not result.problems


def test_all_numbers_of_each_xml_are_in_its_rows(xmls: list[tuple[str, Parsed]]) -> None:
    for text, result in xmls:
        persons = rows(result, "reporting_persons")
        for said, columns in {
            r"VotingPower|DispositivePower": _AMOUNTS[:4],
            r"(?:aggregateAmount|AggregateNumberOf)\w+": ["aggregate_amount"],
            r"percentOfClass": ["percent_of_class"],
        }.items():
            expected = sorted(float(value) for value in re.findall(rf"<\w*(?:{said})>([\d.]+)<", text))
            assert sorted(float(row[column]) for row in persons for column in columns if row[column]) == expected or (
                said == "percentOfClass" and not expected
            )


def test_every_text_that_an_item_has_is_kept(xmls: list[tuple[str, Parsed]]) -> None:
    for text, result in xmls:
        kept = "\n".join(row["text"] for row in rows(result, "items"))
        for leaf in re.findall(r"<(?:transactionPurpose|fundsSource|filingPersonName|certifications)>([^<&]+)<", text):
            assert leaf.strip() in kept


def test_a_nested_list_of_cusips_gives_the_first_and_all(xmls: list[tuple[str, Parsed]]) -> None:
    found = [result for _, result in xmls if len(result.tables["cusips"]) == 3]
    assert len(found) == 2
    for result in found:
        assert rows(result, "submission")[0]["issuer_cusip"] == rows(result, "cusips")[0]["cusip"] == "212122121"


def test_a_field_that_is_repeated_is_one_row(xmls: list[tuple[str, Parsed]]) -> None:
    parts = [row for _, result in xmls for row in rows(result, "items") if row["part"] == "typeOfPersonFiling"]
    assert [(row["item"], row["text"]) for row in parts] == [("3", "IA, HC")]


def test_an_address_and_what_no_column_takes_is_not_lost() -> None:
    xml = b"""<edgarSubmission><headerData><submissionType>SCHEDULE 13D</submissionType></headerData><formData>
    <coverPage><issuerName>A</issuerName><ticker>AAA</ticker></coverPage>
    <reportingPersonInfo><nameOfReportingPerson>B</nameOfReportingPerson><shoeSize>44</shoeSize>
    <address><street1>1 Quay</street1><city>Bath</city><stateOrCountry>ME</stateOrCountry><zipCode>04530</zipCode>
    </address></reportingPersonInfo><certifications>I certify.</certifications></formData></edgarSubmission>"""
    result = rows_of(submission_of(xml, "primary_doc.xml"))
    (person,) = rows(result, "reporting_persons")
    assert [person[name] for name in ("street1", "street2", "city", "state", "zip")] == [
        "1 Quay",
        "",
        "Bath",
        "ME",
        "04530",
    ]
    assert [(row["item"], row["part"], row["text"]) for row in rows(result, "items")] == [
        ("10", "certifications", "I certify.")
    ]
    assert [(problem.where, problem.value) for problem in result.problems] == [
        ("cover page: ticker", "AAA"),
        ("reporting person 1: shoesize", "44"),
    ]


def test_other_forms_of_the_corpus_are_not_its_business(real_data: Path) -> None:
    paths = [
        path for path in sorted(real_data.glob("artefacts/edgarSubmission_*/*.zst")) if "SCHEDULE_13" not in str(path)
    ]
    assert len(paths) > 90
    for path in paths:
        result = rows_of(submission_of(read_submission(path), path.name.removesuffix(".zst")))
        assert not result.rows and result.reason, path.name


@pytest.mark.parametrize("accession", ["0001094891-00-000193", "0001193125-17-242563", "0001140361-23-013281"])
def test_other_filings_of_the_corpus_are_not_its_business(real_data: Path, accession: str) -> None:
    (path,) = real_data.glob(f"{accession}.*")
    result = rows_of(sgml.parse(read_submission(path)))
    assert not result.rows
    assert "not a Schedule 13D or 13G" in result.reason


@pytest.mark.parametrize(
    ("said", "filed_as", "taken"),
    [
        ("<headerData><submissionType>SHO</submissionType></headerData>", "SCHEDULE 13D", False),
        ("<submissionType>D</submissionType>", "", False),
        ("", "13F-HR", False),
        ("", "SCHEDULE 13G/A", True),
        ("<headerData><submissionType>SCHEDULE 13D/A</submissionType></headerData>", "SC TO-T/A", True),
    ],
)
def test_the_form_is_judged_by_the_document_and_then_by_the_filing(said: str, filed_as: str, taken: bool) -> None:
    page = "<formData><coverPageHeader><issuerName>A</issuerName></coverPageHeader></formData>"
    xml = f"<edgarSubmission>{said}{page}</edgarSubmission>".encode()
    document = Document(filed_as, "1", "primary_doc.xml", "", "text", xml)
    result = rows_of(Submission("0000000001-25-000001", filed_as, {}, [document]))
    assert bool(result.tables["submission"]) is taken


def test_a_text_is_a_schedule_by_its_form_or_its_heading() -> None:
    page = b"<p>ACME CORP</p><p>(Name of Issuer)</p><p>Item 4. We sold.</p>"
    for form, text, taken in (
        ("", page, False),
        ("", b"<p>SCHEDULE 13D</p>" + page, True),
        ("SC 13D/A", page, True),
        ("SC 13D/A", b"<p>Dear holder</p>", False),
        ("DEFA14A", b"<p>SCHEDULE 13D</p>" + page, False),
    ):
        document = Document(form, "1", "a.htm", "", "text", text)
        result = rows_of(Submission("0000000001-25-000001", form, {}, [document]))
        assert bool(result.rows) is taken, form


def test_a_text_that_lies_alone_has_the_form_of_its_heading() -> None:
    result = rows_of(submission_of((SCHEDULES / "plain_13d.txt").read_bytes(), "plain_13d.txt"))
    (submission,) = rows(result, "submission")
    assert (submission["form"], submission["amendment_no"]) == ("SC 13D/A", "2")
    assert len(rows(result, "reporting_persons")) == 2


def test_xml_that_is_no_schedule_has_a_reason() -> None:
    result = rows_of(submission_of(b"<?xml version='1.0'?><ownershipDocument/>", "primary_doc.xml", form="SC 13D"))
    assert "not a Schedule 13D or 13G" in result.reason
    broken = rows_of(submission_of(b"<?xml version='1.0'?><edgarSubmission>", "primary_doc.xml", form="SCHEDULE 13D"))
    assert "not well-formed" in broken.reason


def test_a_value_of_an_xml_that_cannot_be_is_told_and_the_rest_kept() -> None:
    xml = b"""<edgarSubmission><headerData><submissionType>SCHEDULE 13G</submissionType></headerData><formData>
    <coverPageHeader><dateOfEvent>soon</dateOfEvent><issuerInfo><issuerName>A</issuerName></issuerInfo></coverPageHeader>
    <coverPageHeaderReportingPersonDetails><reportingPersonName>B</reportingPersonName>
    <classPercent>about 5</classPercent><memberGroup>b</memberGroup>
    </coverPageHeaderReportingPersonDetails></formData></edgarSubmission>"""
    result = rows_of(submission_of(xml, "primary_doc.xml"))
    (person,) = rows(result, "reporting_persons")
    assert (person["name"], person["member_of_group"], person["percent_of_class"]) == ("B", "b", "")
    assert rows(result, "submission")[0]["issuer_name"] == "A"
    assert [(problem.where, problem.value) for problem in result.problems] == [
        ("submission.date_of_event", "soon"),
        ("reporting_persons.percent_of_class", "about 5"),
    ]


def test_covers_of_a_real_13g_are_read_as_by_eye(texts: dict[str, Parsed]) -> None:
    result = texts["0001076809-24-000144"]
    (submission,) = rows(result, "submission")
    assert {key: submission[key] for key in ("source", "issuer_cik", "issuer_cusip", "date_of_event", "rules")} == {
        "source": "text",
        "issuer_cik": "0000704562",
        "issuer_cusip": "05368M106",
        "date_of_event": "2024-12-09",
        "rules": "Rule 13d-1(c)",
    }
    persons = rows(result, "reporting_persons")
    assert [(row["name"], row["cik"], row["types"]) for row in persons] == [
        ("Glazer Capital, LLC", "0001076809", "IA, OO"),
        ("Paul J. Glazer", "", "IN"),
    ]
    for row in persons:
        assert [row[column] for column in _AMOUNTS] == ["0", "3394114", "0", "3394114", "3394114"]
        assert (row["percent_of_class"], row["excludes_certain_shares"], row["member_of_group"]) == (
            "5.31",
            "false",
            "",
        )
    items = {int(row["item"]): row["text"] for row in rows(result, "items")}
    assert list(items) == list(range(1, 11))
    assert items[8].endswith("Not applicable.")
    assert [tuple(row.values())[2:5] for row in rows(result, "signatures")] == [
        ("GLAZER CAPITAL, LLC", "Paul J. Glazer", "Managing Member"),
        ("Paul J. Glazer", "Paul J. Glazer", ""),
    ]
    assert not result.problems


def test_covers_of_a_real_tender_offer_that_amends_a_13d_are_read(texts: dict[str, Parsed]) -> None:
    result = texts["0001104659-25-002604"]
    persons = rows(result, "reporting_persons")
    assert [row["percent_of_class"] for row in persons] == ["51.8", "51.8", "67.2", "67.2", "67.2", "67.2"]
    assert [row["aggregate_amount"] for row in persons] == ["52070593"] * 2 + ["67570593"] * 4
    assert not rows(result, "items")
    assert not result.problems
    signed = rows(result, "signatures")
    assert [row["reporting_person"].split()[0] for row in signed] == [
        "ICAHN",
        "ICAHN",
        "ICAHN",
        "IEP",
        "AMERICAN",
        "BECKTON",
        "CARL",
    ]
    assert signed[-2]["title"] == "Vice President"


def test_a_tender_offer_without_covers_is_not_its_business() -> None:
    document = Document("SC TO-T", "1", "a.htm", "", "text", b"<p>TENDER OFFER</p><p>(Name of Issuer)</p>")
    result = rows_of(Submission("0000000001-25-000001", "SC TO-T", {}, [document]))
    assert "no cover page of a reporting person" in result.reason


def test_items_of_a_tender_offer_are_not_those_of_a_13d() -> None:
    page = (SCHEDULES / "table_13d.htm").read_bytes()
    document = Document("SC TO-T", "1", "table_13d.htm", "", "text", page)
    result = rows_of(Submission("0000000001-25-000001", "SC TO-T", {}, [document]))
    assert len(result.tables["reporting_persons"]) == 1
    assert not result.tables["items"]


def test_a_typewritten_13d_is_read_and_what_is_not_sure_is_null_and_told() -> None:
    header: sgml.Fields = {
        "subject_company": [{"company_data": {"conformed_name": "LARKSPUR CORDAGE CORP", "cik": "9900202"}}],
        "filed_by": [{"company_data": {"conformed_name": "MARCHETTI ODILE B", "cik": "0009900201"}}],
    }
    result = schedule("plain_13d.txt", "SC 13D/A", header)
    (submission,) = rows(result, "submission")
    assert (submission["issuer_name"], submission["issuer_cik"]) == ("Larkspur Cordage Corp.", "0009900202")
    assert (submission["issuer_cusip"], submission["amendment_no"]) == ("518220104", "2")
    assert submission["securities_class_title"] == "Common Stock, $.10 par value per share"
    first, second = rows(result, "reporting_persons")
    assert (first["name"], first["cik"], first["source_of_funds"]) == ("Marchetti Holdings, L.P.", "", "WC, OO")
    assert [first[column] for column in _AMOUNTS] == ["1204600", "0", "1204600", "0", "1204600"]
    assert (first["excludes_certain_shares"], first["member_of_group"], first["citizenship"]) == (
        "true",
        "a",
        "Connecticut",
    )
    assert (second["cik"], second["sole_voting_power"], second["percent_of_class"]) == ("0009900201", "", "")
    assert (second["sole_dispositive_power"], second["types"]) == ("0", "IN")
    assert {problem.where for problem in result.problems} == {
        "cover page 2: sole_voting_power",
        "cover page 2: percent_of_class",
    }
    assert [row["item"] for row in rows(result, "items")] == ["1", "4", "5"]
    assert [tuple(row.values())[2:] for row in rows(result, "signatures")] == [
        ("MARCHETTI HOLDINGS, L.P.", "Odile B. Marchetti", "General Partner", "1997-03-24"),
        ("Odile B. Marchetti", "Odile B. Marchetti", "", "1997-03-24"),
    ]


def test_a_cover_in_boxes_of_dashes_is_read() -> None:
    result = schedule("boxed_13g.txt", "SC 13G")
    (row,) = rows(result, "reporting_persons")
    assert (row["name"], row["citizenship"], row["member_of_group"]) == (
        "Fairweather Trust Company",
        "Massachusetts",
        "b",
    )
    assert [row[column] for column in _AMOUNTS] == ["345000", "0", "400000", "7", "400007"]
    assert (row["percent_of_class"], row["types"], row["excludes_certain_shares"]) == ("6.01", "BK, HC", "false")
    assert rows(result, "submission")[0]["rules"] == "Rule 13d-1(b)"


def test_a_cover_of_paragraphs_with_footnotes_is_read() -> None:
    result = schedule("lines_13g.htm", "SC 13G/A")
    (row,) = rows(result, "reporting_persons")
    assert [row[column] for column in _AMOUNTS] == ["0", "2500000", "0", "2500000", "2500000"]
    assert (row["name"], row["percent_of_class"], row["types"]) == ("Bramble Peak Capital Ltd", "5.75", "CO, FI")
    (submission,) = rows(result, "submission")
    assert (submission["rules"], submission["amendment_no"]) == ("Rule 13d-1(c)", "4")
    assert rows(result, "signatures")[0]["title"] == "Director"


def test_a_cover_in_a_table_is_read_and_what_is_blank_is_null_without_a_problem() -> None:
    result = schedule("table_13d.htm", "SC 13D")
    (row,) = rows(result, "reporting_persons")
    assert [row[column] for column in _AMOUNTS] == ["0", "9", "", "", "8400000.5"]
    assert (row["legal_proceedings"], row["excludes_certain_shares"], row["types"]) == ("true", "", "OO")
    assert not result.problems


def test_a_label_that_is_not_on_the_cover_is_told() -> None:
    text = (SCHEDULES / "plain_13d.txt").read_text().replace("SOLE VOTING POWER", "SOLE POWER")
    document = Document("SC 13D", "1", "", "", "text", text.encode())
    result = rows_of(Submission("0000000001-25-000001", "SC 13D", {}, [document]))
    told = [(problem.where, problem.rule) for problem in result.problems if problem.where.endswith("sole_voting_power")]
    assert told == [(f"cover page {n}: sole_voting_power", "its label does not stand there") for n in (1, 2)]


def test_a_schedule_without_cover_pages_has_its_issuer_and_a_problem() -> None:
    document = Document("SC 13D/A", "1", "a.htm", "", "text", b"<p>Item 4. Purpose. Item 4 is amended: we sold.</p>")
    header: sgml.Fields = {"subject_company": [{"company_data": {"conformed_name": "ACME", "cik": "0000000007"}}]}
    result = rows_of(Submission("0000000001-25-000001", "SC 13D/A", header, [document]))
    assert rows(result, "submission")[0]["issuer_cik"] == "0000000007"
    assert rows(result, "items")[0]["item"] == "4"
    assert [problem.where for problem in result.problems] == ["cover pages"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234,567", "1234567"),
        ("-0-", "0"),
        ("-0", "0"),
        ("- 0 -", "0"),
        ("None", "0"),
        ("1,000 shares (including 500 options) [2]", "1000"),
        ("  SHARES   12,500.75 \n BENEFICIALLY", "12500.75"),
        ("10,000 or 12,000, as may be", None),
        ("12,34", None),
        ("1,000 shares. See Item 5", "1000"),
        ("1,000 shares of Common Stock, including 500 shares under options", "1000"),
        ("2,000 as of December 31, 2012", "2000"),
        ("including 500", None),
        ("see Item 5", None),
        ("Class A 1,000", None),
        ("", None),
        ("--", None),
        ("1.234,567", None),
        ("1.234.567", None),
        ("1.234", None),
        ("10,000-12,000", None),
        ("1.5 million", None),
        ("1,234,5671", None),
        ("12 1/2", None),
        ("5%", None),
        ("1,000shares", "1000"),
        ("1,234,567*", "1234567"),
        ("1,234,567\u00b9", "1234567"),
        ("1,000 shares of Series A-1 Preferred", "1000"),
    ],
)
def test_an_amount_is_the_only_number_or_nothing(text: str, expected: str | None) -> None:
    assert values.amount(text) == expected
    assert cover(sole_voting_power=text)["sole_voting_power"] == (expected or "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("5.31%", "5.31"),
        ("12.4 percent (see Item 5)", "12.4"),
        ("5.3", "5.3"),
        ("less than 5%", None),
        ("<1%", None),
        ("5.1% of Class A, 6.2% of Class B", None),
        ("1,204", None),
        ("12 1/2%", "12.5"),
        ("5 1/2 %", "5.5"),
        ("5-1/4 percent", "5.25"),
        ("5\u00bd%", "5.5"),
        ("1/2%", "0.5"),
        ("5.125", "5.125"),
        ("5.1% of the 12,345,678 shares outstanding", "5.1"),
        ("1/3%", None),
        ("51/2%", None),
        ("1/2 of 1%", None),
        ("12 5%", None),
        ("5-6%", None),
        ("5.0 to 5.3%", None),
        ("5,31%", None),
        ("at least 5%", None),
    ],
)
def test_a_percentage_is_the_only_one_and_no_bound(text: str, expected: str | None) -> None:
    assert values.percent(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a) [X]\n(b) [ ]", "a"),
        ("(a) ☐ (b) ☒", "b"),
        ("(a) ___ (b) _X_", "b"),
        ("(a) / / (b) /x/", "b"),
        ("[X] (a)  [ ] (b)", "a"),
        ("(a) [ ] (b) [ ]", None),
        ("(a) [X] (b) [X]", None),
        ("not applicable", None),
    ],
)
def test_a_group_is_the_one_box_that_is_checked(text: str, expected: str | None) -> None:
    assert values.group(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("IA, OO", "IA, OO"), ("PN (Limited Partnership)", "PN"), ("HC and IN", "HC, IN"), ("an individual", None)],
)
def test_types_are_codes_of_the_form(text: str, expected: str | None) -> None:
    assert values.person_types(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("December 9, 2024", "2024-12-09"),
        ("12/31/02", "2002-12-31"),
        ("3-14-1997", "1997-03-14"),
        ("December 31,2008", "2008-12-31"),
        ("Dec. 9, 2024", "2024-12-09"),
        ("Sept. 30, 1999", "1999-09-30"),
        ("9 December 2024", "2024-12-09"),
        ("31st day of December, 2008", "2008-12-31"),
        ("2008-12-31", "2008-12-31"),
        ("February 14, 2003 (14 February 2003)", "2003-02-14"),
        ("June 30 and July 1, 1998", None),
        ("30 June and 1 July 1998", None),
        ("6/30 and 7/1/1998", None),
        ("31/12/2008", None),
        ("February 30, 2020", None),
        ("March 1, 2020 and March 2, 2020", None),
        ("N/A", None),
    ],
)
def test_a_date_is_the_only_one_that_the_calendar_has(text: str, expected: str | None) -> None:
    assert values.day(text) == expected


def signers(name: str, header: sgml.Fields | None = None) -> list[tuple[str, ...]]:
    return [tuple(row.values())[2:] for row in rows(schedule(name, "SC 13G", header), "signatures")]


def test_each_who_signs_a_typewritten_schedule_is_a_row_with_the_company_above() -> None:
    assert signers("signed_13g.txt") == [
        ("Thornbury Mills Corp.", "Agnes Pell", "President", "1999-03-02"),
        ("Oxbow Fund, L.P.", "Tomas Rehn", "General Partner", "1999-03-02"),
        ("GAULT & SONS INC.", "WILMA GAULT", "Vice President and Secretary", "1999-03-02"),
        ("DELVE FUND, L.P.", "Carl Poe", "Managing Member", "1999-03-02"),
        ("DELVE FUND, L.P.", "Una Strand", "Secretary", "1999-03-02"),
        ("", "Jane Roe", "", "1999-03-02"),
    ]


def test_each_who_signs_a_page_is_a_row_and_captions_are_no_names() -> None:
    assert signers("signed_13g.htm") == [
        ("", "John Q. Harrow", "Vice President", "2003-02-14"),
        ("ACRE LP", "Xenia Yarrow", "Zoning Director", "2003-02-14"),
        ("", "Ann Leigh", "as Trustee", "2003-02-14"),
        ("EPSOM TRUST", "Zed Zorn", "Trustee", "2003-02-14"),
        ("OMBER CAPITAL LLC", "Joe Dace", "Managing Member", "2003-02-14"),
        ("JANE ROE", "Joe Dace", "Attorney-in-Fact", "2003-02-14"),
        ("RILL FUND LP", "Joe Dace", "Manager", "2003-02-14"),
    ]


def test_one_who_signs_for_himself_is_the_person_when_the_header_names_him() -> None:
    header: sgml.Fields = {"filed_by": [{"company_data": {"conformed_name": "LEIGH ANN", "cik": "0009900301"}}]}
    assert signers("signed_13g.htm", header)[2][0] == "Ann Leigh"


@pytest.mark.parametrize(
    ("written", "header"),
    [
        ("Foo Partners, L.P.", "FOO PARTNERS L P"),
        ("John A. Doe", "DOE JOHN A"),
        ("The Gault Company", "GAULT CO /DE/"),
        ("O'Dell & Sons, Incorporated", "ODELL AND SONS INC"),
    ],
)
def test_a_person_has_the_cik_of_the_header_however_the_name_is_written(written: str, header: str) -> None:
    assert People([(header, "0000000007"), ("BAR PARTNERS L P", "0000000008")]).find(written) == "0000000007"


def test_a_name_that_two_filers_have_is_none_of_them() -> None:
    assert People([("FOO LTD", "0000000007"), ("Foo Limited", "0000000008")]).find("Foo, Ltd.") is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Smith, John (SS# 123-45-6789)", "Smith, John"),
        ("Jane Roe S.S. No. 123-45-6789", "Jane Roe"),
        ("Acme (IRS No. 12-3456789)", "Acme"),
        ("Acme\nI.R.S. Employer Identification No.: 12-3456789", "Acme"),
        ("Acme Corp. IRS Identification No. N/A", "Acme Corp."),
        ("Ross Capital LLC", "Ross Capital LLC"),
        ("Heirs of Moss", "Heirs of Moss"),
        ("Tax Free Fund Inc", "Tax Free Fund Inc"),
    ],
)
def test_a_name_is_without_its_tax_number_and_nothing_else(text: str, expected: str) -> None:
    assert values.name(text) == expected


def test_a_paragraph_where_a_name_should_stand_is_told_and_the_row_kept() -> None:
    text = (SCHEDULES / "table_13d.htm").read_text()
    for said, column in (
        ("Delaware", "citizenship"),
        ("Sable Ridge Partners LLC", "name"),
        ("Verdigris Foods Inc<", "issuer"),
    ):
        page = text.replace(said, "Delaware and so on " * 40 + "<" * said.endswith("<")).encode()
        document = Document("SC 13D", "1", "a.htm", "", "text", page)
        result = rows_of(Submission("0000000001-25-000001", "SC 13D", {}, [document]))
        assert len(rows(result, "submission")) == len(rows(result, "reporting_persons")) == 1
        assert [column in problem.where for problem in result.problems] == [True]


def test_the_number_of_a_note_is_no_part_of_an_amount() -> None:
    page = (SCHEDULES / "table_13d.htm").read_bytes()
    for note in (b"<sup>1</sup>", b"<sup><b>2</b></sup>", b'<span style="vertical-align: super">1</span>'):
        document = Document(
            "SC 13D", "1", "a.htm", "", "text", page.replace(b"POWER<BR>9<", b"POWER<BR>9" + note + b"<")
        )
        (row,) = rows(rows_of(Submission("0000000001-25-000001", "SC 13D", {}, [document])), "reporting_persons")
        assert row["shared_voting_power"] == "9"
