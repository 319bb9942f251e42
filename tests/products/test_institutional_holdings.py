"""13F: rows and totals held against what the XML says when it is counted, and the unit of values."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.edgar.xml_forms import Fault, enclosed
from filings.edgar.xml_tree import tree
from filings.products import registry
from filings.products.institutional_holdings import infotable
from filings.products.institutional_holdings.parse import in_dollars
from filings.products.institutional_holdings.value_unit import decide
from filings.products.parsing import Parsed, parsed
from products.product_samples import samples
from products.xml_marks import kinds, leaves, marked, pruned
from submissions import read_submission

NAME = "institutional_holdings"
# Header lines of the SEC's quarterly files, without ACCESSION_NUMBER.
SEC_COLUMNS = {
    "submission": "FILING_DATE SUBMISSIONTYPE CIK PERIODOFREPORT",
    "coverpage": "REPORTCALENDARORQUARTER ISAMENDMENT AMENDMENTNO AMENDMENTTYPE CONFDENIEDEXPIRED DATEDENIEDEXPIRED "
    "DATEREPORTED REASONFORNONCONFIDENTIALITY FILINGMANAGER_NAME FILINGMANAGER_STREET1 FILINGMANAGER_STREET2 "
    "FILINGMANAGER_CITY FILINGMANAGER_STATEORCOUNTRY FILINGMANAGER_ZIPCODE REPORTTYPE FORM13FFILENUMBER CRDNUMBER "
    "SECFILENUMBER PROVIDEINFOFORINSTRUCTION5 ADDITIONALINFORMATION",
    "othermanager": "OTHERMANAGER_SK CIK FORM13FFILENUMBER CRDNUMBER SECFILENUMBER NAME",
    "signature": "NAME TITLE PHONE SIGNATURE CITY STATEORCOUNTRY SIGNATUREDATE",
    "summarypage": "OTHERINCLUDEDMANAGERSCOUNT TABLEENTRYTOTAL TABLEVALUETOTAL ISCONFIDENTIALOMITTED",
    "othermanager2": "SEQUENCENUMBER CIK FORM13FFILENUMBER CRDNUMBER SECFILENUMBER NAME",
    "infotable": "INFOTABLE_SK NAMEOFISSUER TITLEOFCLASS CUSIP FIGI VALUE SSHPRNAMT SSHPRNAMTTYPE PUTCALL "
    "INVESTMENTDISCRETION OTHERMANAGER VOTING_AUTH_SOLE VOTING_AUTH_SHARED VOTING_AUTH_NONE",
}
# What is in the XML of a cover page and in no row, and why.
LEFT_OUT = {
    r"@schemaLocation|schemaVersion": "of the XML, not of the manager",
    r"headerData/filerInfo/(liveTestFlag|contact/.*|notifications/.*|flags/.*|denovoRequest)": "about sending",
    r"headerData/filerInfo/filer/(credentials/ccc|fileNumber)": "the password of samples; the header's file number",
    r"documents/.*": "enclosed documents, which are read as what they are",
}


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def values(result: Parsed, table: str) -> list[dict[str, str]]:
    names = registry.product(NAME).tables[table].names
    return [dict(zip(names, row, strict=True)) for row in result.tables[table]]


def document(content: bytes) -> Document:
    return Document("INFORMATION TABLE", "2", "infotable.xml", "", "text", content)


@pytest.fixture(scope="module")
def tables(real_data: Path) -> list[bytes]:
    """The information tables of the corpus that lie alone."""
    raw = map(read_submission, sorted(real_data.glob("artefacts/13f_infotable_xml/*.zst")))
    found = [each for each in raw if re.search(rb"<(?:\w+:)?informationTable", each) and b"<SEC-HEADER>" not in each]
    assert len(found) >= 8
    return found


@pytest.fixture(scope="module")
def filings(real_data: Path, real_index: list[dict[str, str]]) -> list[Submission]:
    """The whole 13F submissions of the corpus."""
    paths = [real_data / each["file"] for each in real_index if each["form"].startswith("13F")]
    assert len(paths) >= 3
    return [sgml.parse(read_submission(path)) for path in paths]


@pytest.fixture(scope="module")
def covers(real_data: Path) -> list[bytes]:
    """The cover pages of the corpus, most of them with tables in base64."""
    found = [read_submission(path) for path in sorted(real_data.glob("artefacts/edgarSubmission_13F*/*.zst"))]
    assert len(found) >= 10
    return found


def test_the_tables_have_the_columns_of_the_secs_own_sets_in_their_order() -> None:
    for table, header in SEC_COLUMNS.items():
        names = [name for name in registry.product(NAME).tables[table].names if name.upper() in header.split()]
        assert names == header.lower().split(), table


def test_every_13f_agrees_with_its_totals(filings: list[Submission]) -> None:
    for submission in filings:
        result = rows_of(submission)
        (summary,) = values(result, "summarypage")
        held = values(result, "infotable")
        assert not result.problems
        assert len(held) == int(summary["tableentrytotal"])
        assert sum(Decimal(each["value"]) for each in held) == Decimal(summary["tablevaluetotal"])
        assert {each["value_unit"] for each in held} == {"dollars"}


def test_a_table_and_a_cover_that_lie_apart_agree_too(tables: list[bytes], covers: list[bytes]) -> None:
    cover = next(each for each in covers if b"<tableValueTotal>1129298<" in each)
    table = next(each for each in tables if each.count(b"<ns1:infoTable>") == 278)
    both = Submission(
        "0000000000-21-000001",
        "13F-HR",
        {"type": "13F-HR", "filing_date": "20211015"},
        [Document("13F-HR", "1", "primary_doc.xml", "", "text", cover), document(table)],
    )
    result = rows_of(both)
    assert not result.problems
    assert values(result, "summarypage")[0]["tablevaluetotal"] == "1129298000"


def test_each_entry_of_each_real_table_is_a_row_with_its_value(tables: list[bytes]) -> None:
    for content in tables:
        result = rows_of(submission_of(content, "infotable.xml"))
        said = [int(each) for each in re.findall(rb"<(?:\w+:)?value>(\d+)<", content)]
        times = 1000 if values(result, "infotable")[0]["value_unit"] == "thousands" else 1
        assert [int(each["value"]) for each in values(result, "infotable")] == [value * times for value in said]
        assert {each["value_unit_basis"] for each in values(result, "infotable")} == {"implied prices"}
        assert not result.problems


def test_both_readers_of_a_table_give_the_same_rows(tables: list[bytes]) -> None:
    for content in tables:
        faults: list[Fault] = []
        usual = list(infotable._usual(content, infotable._Odd("", faults)))
        assert [tuple(leaf or None for leaf in entry) for entry in usual] == list(
            infotable._parsed(document(content), infotable._Odd("", faults))
        )
        assert not faults


def test_covers_that_lie_alone_give_their_rows_and_their_enclosed_tables(covers: list[bytes]) -> None:
    for content in covers:
        result = rows_of(submission_of(content, "primary_doc.xml"))
        assert len(result.tables["submission"]) == len(result.tables["coverpage"]) == 1
        enclosed = b">INFORMATION TABLE<" in content
        assert bool(result.tables["infotable"]) == enclosed
        for each in result.problems:
            assert each.where in ("summarypage.tableentrytotal", "summarypage.tablevaluetotal")
            assert each.rule.startswith("the rows" if enclosed else "there is no information table with it")


def test_each_leaf_of_each_real_cover_comes_out_in_a_row(covers: list[bytes]) -> None:
    ours = [
        found for path in samples(NAME) for found in re.findall(rb"<XML>\n(.*?)</XML>", path.read_bytes(), re.DOTALL)
    ]
    roots = [pruned(each, "document") for each in (*covers, *(each for each in ours if b"<edgarSubmission" in each))]
    kind = kinds(roots)
    for root in roots:
        content, marks = marked(root, kind, keep="submissionType")
        result = rows_of(submission_of(content, "primary_doc.xml"))
        kept = {field for rows in result.tables.values() for row in rows for field in row}
        kept |= {each.value for each in result.problems}
        for path, wanted in marks.items():
            short = path.removeprefix("edgarSubmission/")
            if not any(re.fullmatch(reason, short) for reason in LEFT_OUT):
                thousands = {mark for mark in wanted if f"{mark}000" in kept}
                assert set(wanted) - thousands <= kept, path
    assert len({path for root in roots for path, _, _ in leaves(root)}) > 40


def test_a_stylesheet_and_a_text_of_old_are_refused_with_a_reason(real_data: Path) -> None:
    (sheet,) = real_data.glob("artefacts/13f_infotable_xml/*.xsl.zst")
    result = rows_of(submission_of(read_submission(sheet), "INFO-TABLE.xsl"))
    assert (result.rows, "root elements: stylesheet" in result.reason) == (0, True)
    old = Submission("0000000000-05-000001", "13F-HR", {"type": "13F-HR", "filing_date": "20050214"}, [])
    assert "before 20 May 2013 a 13F was text" in rows_of(old).reason


def test_a_total_that_the_rows_do_not_make_is_told_and_the_rows_are_kept() -> None:
    result = rows_of(_filing(_table(_entry(value=50)), entries=2, total=51, filed="20250513"))
    assert len(result.tables["infotable"]) == 1
    assert [(each.where, each.value, each.rule) for each in result.problems] == [
        ("summarypage.tableentrytotal", "2", "the rows are 1"),
        ("summarypage.tablevaluetotal", "51", "the rows come to 50"),
    ]


def test_a_cover_in_dollars_over_rows_in_thousands_says_its_own_unit() -> None:
    result = rows_of(_filing(_table(_entry(value=50)), entries=1, total=50_012, filed="20200513"))
    (summary,) = values(result, "summarypage")
    assert (summary["tablevaluetotal"], summary["value_unit"]) == ("50012", "dollars")
    assert summary["value_unit_basis"] == "total of the rows"
    assert values(result, "infotable")[0]["value"] == "50000"


def test_a_second_cover_is_told_and_left_out() -> None:
    once = _filing(_table(_entry()), entries=1, total=50, filed="20250513")
    twice = Submission(once.accession, once.form, once.header, [once.documents[0], *once.documents])
    assert ["already" in each.rule for each in rows_of(twice).problems] == [True]


def test_a_table_that_breaks_off_keeps_its_rows_and_tells() -> None:
    content = _table(_entry(), _entry(), _entry())
    broken = content[: content.rindex(b"<titleOfClass>")]
    result = rows_of(submission_of(broken, "infotable.xml"))
    assert len(result.tables["infotable"]) == 2
    assert "after 2 infoTable" in result.problems[0].rule


ROW = ("ACME & CO", "COM", "123456789", None, "50", "2", "SH", None, "SOLE", "1,2", "2", "0", "0")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<cusip>", "<!-- a comment --><cusip>"),
        ("ACME &amp; CO", "<![CDATA[ACME & CO]]>"),
        ("ACME &amp; CO", "  ACME &#38; CO\n"),
        ("<otherManager>1,2</otherManager>", "<otherManager>1</otherManager><otherManager>2</otherManager>"),
        ("<putCall/>", ""),
        (
            "<titleOfClass>COM</titleOfClass><cusip>123456789</cusip>",
            "<cusip>123456789</cusip><titleOfClass>COM</titleOfClass>",
        ),
        ("<infoTable>", "<infoTable >"),
        ("<figi/>", "<figi></figi>"),
        ("</informationTable>", "</informationTable>\n<!-- made by a program -->"),
        ('encoding="UTF-8"', 'encoding="ISO-8859-1"'),
    ],
)
def test_a_row_is_the_same_however_it_is_written(before: str, after: str) -> None:
    content = _table(
        _entry(name="ACME &amp; CO", manager="<otherManager>1,2</otherManager>", extra="<figi/>", put="<putCall/>")
    )
    assert before.encode() in content
    for each in (content, content.replace(before.encode(), after.encode())):
        assert [tuple(leaf or None for leaf in entry) for entry in infotable.entries(document(each), [])] == [ROW]


@pytest.mark.parametrize("encoding", ["ISO-8859-1", "UTF-8"])
def test_names_are_read_in_the_encoding_that_the_table_says(encoding: str) -> None:
    content = _table(_entry(name="Société")).decode().replace("UTF-8", encoding).encode(encoding)
    assert next(infotable.entries(document(content), []))[0] == "Société"


def test_a_table_whose_long_lines_edgar_has_broken_is_read() -> None:
    line = b"".join(_entry(name=f"COMPANY {n}").encode() for n in range(20)).replace(b"\n", b"")
    broken = b"\n".join(line[at : at + 1023] for at in range(0, len(line), 1023))
    content = b'<informationTable xmlns="x">\n' + broken + b"\n</informationTable>"
    assert [entry[0] for entry in infotable.entries(document(content), [])] == [f"COMPANY {n}" for n in range(20)]


def test_an_unusual_row_late_in_a_table_repeats_and_loses_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(infotable, "_PIECE", 2000)
    names = [f"COMPANY {n}" for n in range(50)]
    content = _table(*(_entry(name=name if n != 40 else f"<!-- -->{name}") for n, name in enumerate(names)))
    assert [entry[0] for entry in infotable.entries(document(content), [])] == names


def test_the_amount_of_the_secs_samples_is_read_where_they_have_it(covers: list[bytes]) -> None:
    seen = 0
    for content in covers:
        tables = [each for each in enclosed(tree(document(content)), []) if b"shrsPrnType=" in bytes(each.content)]
        for table in tables:
            said = re.findall(rb'shrsPrnType="(\w+)">(\d+)<', bytes(table.content))
            held = values(rows_of(submission_of(bytes(table.content), "infotable.xml")), "infotable")
            assert [(each["sshprnamttype"], each["sshprnamt"]) for each in held] == [
                (kind.decode(), amount.decode()) for kind, amount in said
            ]
            seen += len(said)
    assert seen >= 34


def odd(before: str, after: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    """The second of three rows, changed so, and what is told of it."""
    content = _table(_entry(), _entry(name="ODD"), _entry()).decode()
    start = content.index("ODD") - 40
    assert before in content[start:]
    result = rows_of(submission_of((content[:start] + content[start:].replace(before, after, 1)).encode(), "t.xml"))
    rows = values(result, "infotable")
    assert len(rows) == 3
    assert rows[0]["sshprnamttype"] == rows[2]["sshprnamttype"] == "SH"
    return rows[1], [(each.where, each.value) for each in result.problems if each.where.startswith("t.xml")]


@pytest.mark.parametrize(
    ("before", "after", "column", "value"),
    [
        (">SH<", ">sh<", "sshprnamttype", "SH"),
        (">SH<", ">Shares<", "sshprnamttype", "SH"),
        (">SH<", "> principal\n amount <", "sshprnamttype", "PRN"),
        (">SOLE<", ">DEFINED<", "investmentdiscretion", "DFND"),
        (">SOLE<", ">Sole<", "investmentdiscretion", "SOLE"),
        (">SOLE<", ">Other<", "investmentdiscretion", "OTR"),
        ("<Shared>0<", "<Shared>1,234,567.5<", "voting_auth_shared", "1234567.5"),
        ("<sshPrnamt>2<", "<sshPrnamt>804,500<", "sshprnamt", "804500"),
        ("<investmentD", "<putCall>puts</putCall><investmentD", "putcall", "Put"),
    ],
)
def test_what_is_plainly_meant_is_read_and_nothing_told(before: str, after: str, column: str, value: str) -> None:
    for comment in ("", "<!-- for the XML parser -->"):
        row, told = odd(before, comment + after if after[0] == "<" else after)
        assert (row[column], told) == (value, [])


@pytest.mark.parametrize(
    ("before", "after", "column", "value", "told"),
    [
        (">SH<", ">units<", "sshprnamttype", "", [("t.xml: infoTable 2: sshprnamttype", "units")]),
        (">SOLE<", ">both<", "investmentdiscretion", "", [("t.xml: infoTable 2: investmentdiscretion", "both")]),
        ("<Sole>2<", "<Sole>1,2<", "voting_auth_sole", "", [("t.xml: infoTable 2: voting_auth_sole", "1,2")]),
        ("<sshPrnamt>2<", "<sshPrnamt><", "sshprnamt", "", [("t.xml: infoTable 2", "")]),
        ("<sshPrnamt>2</sshPrnamt>", "", "sshprnamt", "", [("t.xml: infoTable 2", "")]),
        (
            ">ODD<",
            f">{'ODD ' * 80}<",
            "nameofissuer",
            ("ODD " * 80)[:255],
            [("t.xml: infoTable 2: nameofissuer", "ODD")],
        ),
        ("<figi/>", "<isin>XX0001</isin>", "cusip", "123456789", [("t.xml: infoTable 2 isin", "XX0001")]),
        (
            "<cusip>",
            "<cusip>987654321</cusip><cusip>",
            "cusip",
            "987654321",
            [("t.xml: infoTable 2 cusip", "123456789")],
        ),
        (
            "<sshPrnamt>2</sshPrnamt><sshPrnamtType>SH</sshPrnamtType>",
            "",
            "sshprnamttype",
            "",
            [("t.xml: infoTable 2", "")],
        ),
    ],
)
def test_what_is_not_plain_is_told_and_the_row_is_kept(
    before: str, after: str, column: str, value: str, told: list[tuple[str, str]]
) -> None:
    if before == "<figi/>":
        before, after = "</cusip>", f"</cusip>{after}"
    row, found = odd(before, after)
    assert row[column] == value.strip()
    assert [(where, text[: len(said)]) for (where, text), (_, said) in zip(found, told, strict=True)] == told


def test_an_option_that_is_neither_put_nor_call_does_not_count_as_the_security() -> None:
    content = _table(_entry(), _entry(put="<putCall>straddle</putCall>"))
    result = rows_of(submission_of(content, "t.xml"))
    assert len(result.tables["infotable"]) == 1
    assert [each.value for each in result.problems if "putcall" in each.where] == ["Straddle"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["ACME", "A &amp; B", "", "LONG " * 60, " ACME\n  CO "]),
            st.sampled_from(["50", "1,000", "", "x", "12.5", "1,2"]),
            st.sampled_from(["SH", "sh", " PRN ", "Shares", "units", ""]),
            st.sampled_from(["", "<putCall>CALL</putCall>", "<putCall>puts</putCall>", "<putCall/>"]),
            st.sampled_from(["", "<otherManager>1,2</otherManager>"]),
        ),
        max_size=5,
    )
)
def test_however_odd_its_rows_both_readers_of_a_table_agree(rows: list[tuple[str, str, str, str, str]]) -> None:
    entries = [
        _entry(name=name, put=put, manager=manager).replace(">2<", f">{amount}<").replace(">SH<", f">{kind}<")
        for name, amount, kind, put, manager in rows
    ]
    content = _table(*entries)
    usual, by_parser = (
        rows_of(submission_of(each, "t.xml")) for each in (content, content.replace(b'edgar">', b'edgar"><!-- -->'))
    )
    assert (usual.tables, usual.problems) == (by_parser.tables, by_parser.problems)


def test_an_odd_row_does_not_send_the_others_to_the_xml_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(infotable, "_parsed")
    content = _table(*(_entry(name=f"COMPANY {n}") for n in range(30))).replace(b">SH<", b">sh<", 1)
    assert {entry[6] for entry in infotable.entries(document(content), [])} == {"SH"}


def test_a_table_of_unknown_elements_says_what_stands_there() -> None:
    result = rows_of(submission_of(_table(_entry()).replace(b"infoTable>", b"InfoTable>"), "t.xml"))
    assert (result.rows, "t.xml is 'InfoTable'" in result.reason) == (0, True)
    assert rows_of(submission_of(_table(), "t.xml")).reason == "its information table holds no entry"


def test_the_cover_of_another_form_gives_no_row(real_data: Path) -> None:
    for path in sorted(real_data.glob("artefacts/edgarSubmission*/*.zst")):
        if not path.parent.name.startswith("edgarSubmission_13F"):
            result = rows_of(submission_of(read_submission(path), "primary_doc.xml"))
            assert (result.rows, bool(result.reason)) == (0, True), path


@pytest.mark.parametrize(
    ("inner", "form", "rows"),
    [
        ("<submissionType>D</submissionType>", "13F-HR", 0),
        ("<headerData><submissionType>13F-NT</submissionType></headerData>", "", 1),
        ("<primaryIssuer/>", "", 0),
        ("<primaryIssuer/>", "D", 0),
        ("<formData><coverPage><reportType>13F NOTICE</reportType></coverPage></formData>", "13F-NT", 2),
    ],
)
def test_the_form_of_a_cover_is_what_it_says_or_else_that_of_the_filing(inner: str, form: str, rows: int) -> None:
    cover = Document(form, "1", "primary_doc.xml", "", "text", f"<edgarSubmission>{inner}</edgarSubmission>".encode())
    assert rows_of(Submission("0000000000-25-000001", form, {}, [cover])).rows == rows


def entry_at(price: float, cusip: str = "123456789", kind: str = "SH") -> infotable.Entry:
    return ("A", "COM", cusip, None, str(round(price * 1_000_000)), "1000000", kind, None, "SOLE", None, "0", "0", "0")


def several(price: float, kind: str = "SH") -> list[infotable.Entry]:
    return [entry_at(price, str(n), kind) for n in range(5)]


@pytest.mark.parametrize(
    ("sample", "filed", "signed", "period", "unit", "basis", "doubtful"),
    [
        (several(50), "2023-03-23", None, "2021-12-31", "dollars", "filing date", False),
        (several(0.05), "2022-11-14", None, None, "thousands", "filing date", False),
        (several(0.05), "2023-02-10", None, None, "thousands", "implied prices", True),
        (several(50), "2022-02-10", None, None, "dollars", "implied prices", True),
        (several(0.001, "PRN"), "2023-05-10", None, None, "thousands", "implied prices", True),
        ([entry_at(400)], "2015-02-10", None, None, "thousands", "filing date", True),
        ([entry_at(0.05), *several(50)], "2023-05-10", None, None, "dollars", "filing date", False),
        ([], "2022-12-30", None, None, "thousands", "filing date", False),
        ([], None, "2023-03-22", "2021-12-31", "dollars", "signature date", False),
        ([], None, None, "2022-12-31", "dollars", "period of report", False),
        ([entry_at(0.05)], None, None, "2022-09-30", "thousands", "implied prices", False),
        (several(2), None, None, None, None, "", False),
        ([], None, None, None, None, "", False),
    ],
)
def test_the_unit_is_told_by_the_date_unless_enough_prices_say_otherwise(
    sample: list[infotable.Entry],
    filed: str | None,
    signed: str | None,
    period: str | None,
    unit: str | None,
    basis: str,
    doubtful: bool,
) -> None:
    decision = decide(sample, filed, signed, period)
    assert (decision.unit, decision.basis, bool(decision.doubt)) == (unit, basis, doubtful)


@given(st.decimals(min_value=0, max_value=10**12, places=3))
def test_thousands_become_dollars_to_the_last_digit(value: Decimal) -> None:
    assert Decimal(in_dollars(f"{value:f}", "thousands") or 0) == value * 1000
    assert in_dollars(f"{value:f}", "dollars") == f"{value:f}"
    assert in_dollars(f"{value:f}", None) is None


def test_where_nothing_tells_the_unit_values_are_null_and_it_is_told() -> None:
    result = rows_of(submission_of(_table(_entry(value=3, shares=2)), "infotable.xml"))
    assert [(each["value"], each["value_unit"]) for each in values(result, "infotable")] == [("", "")]
    assert [each.where for each in result.problems] == ["infotable.value"]


def _entry(
    value: int = 50, shares: int = 2, name: str = "ACME", manager: str = "", extra: str = "", put: str = ""
) -> str:
    return (
        f"<infoTable>\n<nameOfIssuer>{name}</nameOfIssuer><titleOfClass>COM</titleOfClass><cusip>123456789</cusip>{extra}"
        f"<value>{value}</value><shrsOrPrnAmt><sshPrnamt>{shares}</sshPrnamt><sshPrnamtType>SH</sshPrnamtType>"
        f"</shrsOrPrnAmt>{put}<investmentDiscretion>SOLE</investmentDiscretion>{manager}<votingAuthority>"
        f"<Sole>{shares}</Sole><Shared>0</Shared><None>0</None></votingAuthority></infoTable>"
    )


def _table(*entries: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<informationTable xmlns="http://www.sec.gov/edgar">'
    return (head + "\n".join(entries) + "</informationTable>").encode()


def _filing(table: bytes, *, entries: int, total: int, filed: str) -> Submission:
    cover = (
        "<edgarSubmission><headerData><submissionType>13F-HR</submissionType></headerData><formData><summaryPage>"
        f"<tableEntryTotal>{entries}</tableEntryTotal><tableValueTotal>{total}</tableValueTotal>"
        "</summaryPage></formData></edgarSubmission>"
    )
    documents = [Document("13F-HR", "1", "primary_doc.xml", "", "text", cover.encode()), document(table)]
    header = {"type": "13F-HR", "filing_date": filed}
    return Submission("0000000000-25-000001", "13F-HR", header, documents)
