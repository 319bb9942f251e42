"""A newcomer's product: its folder is made, gives rows, and goes from a filing to MySQL with nothing else edited."""

from __future__ import annotations

import io
import runpy
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
import pytest
from lxml import etree

from filings.__main__ import main
from filings.archive import keys, manifest, pack
from filings.archive.storage import Store
from filings.edgar import sgml
from filings.edgar.loose import submission_of
from filings.products import registry
from filings.products.definition import load
from filings.products.parsing import Parsed, parsed
from filings.products.scaffold import CannotScaffold, scaffold
from filings.products.xml_shape import column_type, shape, snake
from filings.settings import Settings
from filings.tasks.product import lines
from filings.warehouse import parquet_files
from products.conftest import forget
from products.product_samples import rows_of

SALE = """<?xml version="1.0"?>
<n1:saleNotice xmlns:n1="urn:sale" xmlns:com="urn:common" version="X01">
  <headerData><submissionType>SALE</submissionType><filerInfo><filer><filerCredentials><cik>0001234567</cik>
    <ccc>secret</ccc></filerCredentials></filer><flags><confirm>true</confirm></flags></filerInfo></headerData>
  <formData>
    <issuerInfo><issuerName>Quiet Harbour Ltd</issuerName>
      <com:address><com:city>Bergen</com:city></com:address></issuerInfo>
    <broker><name>Plain &amp; Daughters</name><com:address><com:city>Oslo</com:city></com:address></broker>
    <isGift>0</isGift><affiliated>Y</affiliated><noticeDate>03/04/2025</noticeDate>
    <lots>
      <lot id="a"><title>Common</title><shares><value>1200.5</value></shares><zipCode>02110</zipCode>
        <payment><paid>2025-01-02</paid></payment><payment><paid>2025-01-03</paid></payment></lot>
      <lot id="b"><title>Preferred</title><shares><value>7</value></shares><zipCode>10001</zipCode>
        <payment><paid>2025-02-02</paid></payment></lot>
    </lots>
    <relationship>Officer</relationship><relationship>Director</relationship>
    <remarks>In two
lines.</remarks>
  </formData>
</n1:saleNotice>
"""


def example(xml: str = SALE) -> sgml.Submission:
    """The XML as it lies alone."""
    return submission_of(xml.encode(), "sale.xml")


def rows(folder: Path, submission: sgml.Submission) -> Parsed:
    """What the parser in a folder makes of a submission."""
    parse: Callable[..., Any] = runpy.run_path(str(folder / "parse.py"))["parse"]
    return parsed(load(folder), parse, submission)


def test_columns_and_tables_are_proposed_from_the_xml_of_an_example(tmp_path: Path) -> None:
    tables = load(scaffold(tmp_path, "sales", [], [example()])).tables
    assert {name: table.names[1:] for name, table in tables.items()} == {
        "submission": (
            "form",
            "filing_date",
            "version",
            "submission_type",
            "issuer_name",
            "issuer_info_address_city",
            "broker_name",
            "broker_address_city",
            "is_gift",
            "affiliated",
            "notice_date",
            "remarks",
        ),
        "filer": ("filer_sk", "cik"),
        "lot": ("lot_sk", "id", "title", "shares", "zip_code"),
        "payment": ("payment_sk", "lot_sk", "paid"),
        "relationship": ("relationship_sk", "relationship"),
    }
    types = {column.name: column.type for table in tables.values() for column in table.columns}
    assert types["shares"] == "decimal" and types["zip_code"] == "text" and types["cik"] == "code"
    assert types["is_gift"] == types["affiliated"] == "boolean" and types["paid"] == types["notice_date"] == "date"
    assert types["remarks"] == "longtext" and types["lot_sk"] == "integer"


def test_the_proposed_parser_gives_these_rows(tmp_path: Path) -> None:
    folder = scaffold(tmp_path, "sales", [], [example()])
    result = rows(folder, example())
    assert not result.problems
    (submission,) = result.tables["submission"]
    assert submission[1:] == [
        "SALE",
        "",
        "X01",
        "SALE",
        "Quiet Harbour Ltd",
        "Bergen",
        "Plain & Daughters",
        "Oslo",
        "false",
        "true",
        "2025-03-04",
        "In two\nlines.",
    ]
    assert [row[1:] for row in result.tables["lot"]] == [
        ["1", "a", "Common", "1200.5", "02110"],
        ["2", "b", "Preferred", "7", "10001"],
    ]
    assert [row[1:] for row in result.tables["payment"]] == [
        ["1", "1", "2025-01-02"],
        ["2", "1", "2025-01-03"],
        ["3", "2", "2025-02-02"],
    ]
    assert [row[2] for row in result.tables["relationship"]] == ["Officer", "Director"]


def test_the_sample_is_a_submission_with_the_examples_xml_and_gives_the_same_rows(tmp_path: Path) -> None:
    folder = scaffold(tmp_path, "sales", ["SALE"], [example()])
    submission = sgml.parse((folder / "samples" / "sales.txt").read_bytes())
    assert (submission.form, submission.accession) == ("SALE", "0001234567-25-000001")
    alone, whole = rows(folder, example()), rows(folder, submission)
    assert {name: [row[1:] for row in some] for name, some in whole.tables.items() if name != "submission"} == {
        name: [row[1:] for row in some] for name, some in alone.tables.items() if name != "submission"
    }
    assert whole.tables["submission"][0][2] == "2025-03-04"


def test_several_examples_tell_what_occurs_several_times_and_of_which_type_it_is(tmp_path: Path) -> None:
    one = "<s><a><n>1</n></a></s>"
    several = "<s><a><n>x</n></a><a><n>2</n></a></s>"
    alone = load(scaffold(tmp_path, "alone", ["S"], [example(one)])).tables
    together = load(scaffold(tmp_path, "together", ["S"], [example(one), example(several)])).tables
    assert list(alone) == ["submission"] and alone["submission"].columns[-1].type == "decimal"
    assert list(together) == ["submission", "a"] and together["a"].columns[-1].type == "text"


def test_without_an_example_there_is_a_row_a_filing(tmp_path: Path) -> None:
    folder = scaffold(tmp_path, "plain", ["8-K"], [])
    submission = sgml.parse((folder / "samples" / "plain.txt").read_bytes())
    assert rows(folder, submission).tables == {"submission": [["0001234567-25-000001", "8-K", "2025-03-04"]]}


def test_amendments_are_thought_of_when_nobody_says_which_forms(tmp_path: Path) -> None:
    assert load(scaffold(tmp_path, "sales", [], [example()])).forms == ("SALE", "SALE/A")
    assert load(scaffold(tmp_path, "only", ["SALE"], [example()])).forms == ("SALE",)


@pytest.mark.parametrize(
    ("name", "xml", "expected"),
    [
        ("Form-144", SALE, "named in lower case"),
        ("there", SALE, "is there already: choose another name"),
        ("torn", "<?xml version='1.0'?><a><b></a>", "not well-formed XML"),
        ("page", "<p>Only text", "it holds no XML"),
    ],
)
def test_what_stands_in_the_way_is_told(tmp_path: Path, name: str, xml: str, expected: str) -> None:
    (tmp_path / "there").mkdir()
    submission = submission_of(xml.encode(), "a.xml" if xml.startswith("<?xml") else "a.htm")
    with pytest.raises(CannotScaffold, match=expected):
        scaffold(tmp_path, name, [], [submission])
    with pytest.raises(CannotScaffold, match="of several kinds: saleNotice, x"):
        scaffold(tmp_path, "two", [], [example(), example("<x><a>1</a></x>")])


@pytest.mark.parametrize(
    ("name", "values", "expected"),
    [
        ("price", ["1", "2.50", ""], "decimal(38,8)"),
        ("price", ["1", "n/a"], "text(255)"),
        ("price", ["-"], "text(255)"),
        ("price", ["-.5"], "decimal(38,8)"),
        ("issuer_cik", ["320193"], "code(10)"),
        ("zip_code", ["12345678"], "text(255)"),
        ("sold", ["20250304"], "decimal(38,8)"),
        ("sold", ["2025-02-30"], "text(255)"),
        ("is_gift", ["1", "0"], "boolean"),
        ("gifts", ["1", "0"], "decimal(38,8)"),
        ("remarks", ["a" * 2000], "longtext"),
        ("nothing", [""], "text(255)"),
    ],
)
def test_types_are_generous_where_values_leave_them_open(name: str, values: list[str], expected: str) -> None:
    assert column_type(name, values) == expected


def test_columns_of_one_name_get_as_much_of_their_path_as_tells_them_apart() -> None:
    tree = etree.fromstring("<r><a><x><n>1</n></x></a><b><x><n>2</n></x></b><accession>7</accession><form>8</form></r>")
    names = {path: name for name, path, _ in shape([tree]).columns()}
    assert names == {"a/x/n": "a_x_n", "b/x/n": "b_x_n", "accession": "accession_2", "form": "form_2"}
    assert [snake(name) for name in ("issuerCIK", "isXBRLFiled", "1st-Name")] == [
        "issuer_cik",
        "is_xbrl_filed",
        "x_1st_name",
    ]


def test_every_xml_form_of_the_corpus_can_be_begun(tmp_path: Path, real_data: Path) -> None:
    """Of each kind of artefact, one example; what is proposed loads and takes the example's own rows."""
    from filings.tasks.product import read

    places = [place for place in sorted((real_data / "artefacts").glob("edgarSubmission_*")) if any(place.iterdir())]
    made = 0
    for number, place in enumerate(places):
        submission = read(min(place.iterdir(), key=lambda path: (path.stat().st_size, path.name)))
        try:
            folder = scaffold(tmp_path, f"form_{number}", [], [submission])
        except CannotScaffold:
            continue
        result = rows(folder, submission)
        assert result.rows and not result.problems, f"{place.name}: {result.problems[:3]}"
        made += 1
    assert made > 0.9 * len(places)


def test_a_scaffolded_product_goes_from_a_filing_to_mysql(
    own_products: Path,
    tmp_path: Path,
    settings: Settings,
    s3: Store,
    r2: Store,
    database: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With nothing but its folder: tasks, tables, Parquet, quarantine and documentation; then a column more."""
    (tmp_path / "sale.xml").write_text(SALE)
    assert main(["new_product", "sales", "--into", str(own_products), "--examples", str(tmp_path / "sale.xml")]) == 0
    raw = (own_products / "sales" / "samples" / "sales.txt").read_bytes()
    submission = sgml.parse(raw)
    wrong = sgml.parse(raw.replace(b"<value>7<", b"<value>many<").replace(b"25-000001", b"25-000002"))
    one, other = submission.accession, wrong.accession
    for each in (submission, wrong):
        r2.put(keys.object_key(keys.TAR, each.accession), pack.pack(each))
    run_tasks(s3, [one, other], "first")
    database.execute("SELECT accession, lot_sk, shares FROM sales_lot ORDER BY accession, lot_sk")
    assert database.fetchall() == ((one, 1, Decimal("1200.5")), (one, 2, Decimal(7)), (other, 1, Decimal("1200.5")))
    assert parquet_column(s3, "shares") == [Decimal("1200.5"), Decimal(7), Decimal("1200.5")]
    quarantined = s3.get(keys.quarantine("sales", other)).decode()
    for told in (other, "lot.shares", "many", "it must be"):
        assert told in quarantined
    assert main(["docs", "--folder", str(tmp_path / "docs")]) == 0
    assert "sales_lot" in (tmp_path / "docs" / "sales.md").read_text()

    definition = own_products / "sales" / "product.yaml"
    id_line = '      id: {type: text(255), description: "@id"}\n'
    colour = "      colour: {type: code(9), description: added later}\n"
    definition.write_text(definition.read_text().replace(id_line, id_line + colour))
    forget()
    run_tasks(s3, [one, other], "second")
    database.execute("COMMIT")
    database.execute("SELECT id, colour, shares FROM sales_lot ORDER BY accession, lot_sk")
    assert database.fetchall() == (("a", None, Decimal("1200.5")), ("b", None, 7), ("a", None, Decimal("1200.5")))
    assert parquet_column(s3, "colour") == [None, None, None]

    monkeypatch.setattr(parquet_files, "MOST", 0)  # files that are left alone
    assert main(["weekly_cleanup", "--run-id", "third"]) == 0
    assert "joined" in next(key for key, _ in s3.list("sec/filings/sales/parquet/lot/") if key.endswith(".parquet"))
    assert parquet_column(s3, "shares") == [Decimal("1200.5"), Decimal(7), Decimal("1200.5")]


def run_tasks(s3: Store, accessions: list[str], run: str) -> None:
    """The three tasks of the product, as a run has them do it."""
    for step, mapped in (("sales_rows", "_rows_s3"), ("sales", "_s3")):
        task = f"update_sec_filings_sales{mapped}"
        manifest.write(s3, run, step, task, dict.fromkeys(accessions, 1234567), 500)
        uri = s3.uri(keys.manifest(run, step))
        assert main([task, "--manifest", uri, "--batch", "0", "--run-id", run]) == 0
    assert main(["update_sec_filings_sales_mysql", "--run-id", run]) == 0


def parquet_column(s3: Store, name: str) -> list[Any]:
    """A column of the lots, from the one file that the list names."""
    (file,) = orjson.loads(s3.get("sec/filings/sales/parquet/lot/_files.json"))["files"]
    read = pq.read_table(io.BytesIO(s3.get("sec/filings/sales/parquet/lot/" + file["name"])))
    values: list[Any] = read[name].to_pylist()
    return values


def test_the_sample_test_of_a_new_product_fails_and_says_what_to_do(own_products: Path) -> None:
    folder = scaffold(own_products, "sales", ["SALE"], [example()])
    ask = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider"]
    tests = str(Path(__file__).with_name("test_conformance.py"))
    which = "exactly_the_rows and sales"
    done = subprocess.run([*ask, tests, "-k", which], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 1, done.stdout
    assert "sales.jsonl is not there. Next: look at what `python -m filings product sales" in done.stdout
    result = rows_of("sales", (folder / "samples" / "sales.txt").read_bytes())
    (folder / "samples" / "sales.jsonl").write_bytes(b"".join(lines(registry.product("sales").tables, result)))
    done = subprocess.run([*ask, tests, "-k", which], capture_output=True, text=True, cwd=Path(__file__).parents[2])
    assert done.returncode == 0, done.stdout
