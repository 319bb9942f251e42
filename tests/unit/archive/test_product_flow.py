"""A product from archived submissions to MySQL, by its containers' own command line."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from filings.__main__ import main
from filings.archive import keys, manifest, master_csv, master_update
from filings.archive.compression import compress
from filings.archive.ledger import Ledger
from filings.archive.storage import Store
from filings.edgar.index import IndexRow
from filings.settings import Settings
from pipeline.steps import accession, small_filing
from sandbox import mysql as sandbox_mysql
from sandbox.cloud import Sandbox

A, B, C = NAMES = tuple(map(accession, (1, 2, 3)))
PARSE = """
from filings.edgar.xml_tree import text, tree
from filings.products import Unusable, problem


def parse(submission):
    (document,) = submission.documents
    for element in tree(document).iter("b"):
        if element.text == "unusable":
            raise Unusable("it says so")
        if element.text == "none":
            return
        yield "things", {"form": element.text}
        yield problem("b.xml: b", element.text, "it was looked at")
"""
DOCUMENTS = "source: {archive: tar, documents: {suffix: .xml}}"


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """S3, R2 and MySQL."""
    with Sandbox(tmp_path_factory.mktemp("cloud")) as sandbox:
        yield sandbox


@pytest.fixture
def database(settings: Settings) -> Iterator[Any]:
    """A cursor of MySQL."""
    connection = sandbox_mysql.connect(str(settings.mysql_url))
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    """What a container does with signals is not for the process of the tests."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in handlers.items():
        signal.signal(number, handler)


def archived(s3: Store, r2: Store, **values: str) -> None:
    """Submissions in the SGML archive, with what their XML says; and the master index."""
    for name, value in values.items():
        number = NAMES.index({"a": A, "b": B, "c": C}[name]) + 1
        raw = small_filing(number).replace(b"<b>1</b>", f"<b>{value}</b>".encode())
        r2.put(keys.object_key(keys.SGML, accession(number)), compress(raw))
    rows = [IndexRow(a, 7, "X", "8-K", "2026-01-05", f"edgar/data/7/{a}.txt") for a in NAMES]
    with master_update.NewRows() as new:
        new.add(master_csv.table_of(rows), quarterly=True)
        master_update.update(s3, new)
    Ledger(s3, keys.SGML).add(NAMES)


def step(s3: Store, task: str, run: str, name: str, expected: int = 0) -> None:
    """All batches of a mapped step."""
    uri = s3.uri(keys.manifest(run, name))
    for batch in manifest.read(s3, uri)["batches"]:
        assert main([task, "--run-id", run, "--manifest", uri, "--batch", str(batch["batch"])]) == expected


def whole_run(s3: Store, run: str, *options: str) -> None:
    """What a run does for the product, in its order."""
    assert main(["update_missing_s3", "--run-id", run]) == 0
    assert main(["calculate_s3_batches", "--run-id", run, *options]) == 0
    step(s3, "update_sec_filings_tar_r2", run, keys.TAR)
    step(s3, "update_sec_filings_small_things_rows_s3", run, "small_things_rows")
    step(s3, "update_sec_filings_small_things_s3", run, "small_things")
    assert main(["update_sec_filings_small_things_mysql", "--run-id", run]) == 0
    assert main(["check_accounting", "--run-id", run]) == 0


def held(s3: Store, database: Any) -> list[tuple[str, str]]:
    """The rows of MySQL, which are those of CSV and Parquet."""
    database.execute("SELECT accession, form FROM small_things_things ORDER BY accession")
    rows = [tuple(row) for row in database.fetchall()]
    lines = s3.get_zst("sec/filings/small-things/complete_things.csv.zst").decode().splitlines()
    assert lines[0] == "accession,form"
    assert sorted(tuple(line.split(",")) for line in lines[1:]) == rows
    parts = [key for key, _ in s3.list("sec/filings/small-things/parquet/things/") if key.endswith(".parquet")]
    tables = [pq.read_table(pa.BufferReader(s3.get(key))).select(["accession", "form"]) for key in parts]
    found = pa.concat_tables(tables).to_pylist() if tables else []
    assert sorted((row["accession"], row["form"]) for row in found) == rows
    return rows


def test_a_product_goes_from_its_filings_to_mysql_and_a_correction_changes_its_own_rows_alone(
    s3: Store, r2: Store, database: Any, add: Callable[..., None]
) -> None:
    add("small_things", '["8-K"]', DOCUMENTS, PARSE)
    archived(s3, r2, a="one", b="two", c="none")
    whole_run(s3, "first", "--archives", "tar_archive,small_things")
    assert held(s3, database) == [(A, "one"), (B, "two")]
    counts = orjson.loads(s3.get(keys.accounting("first")))["archives"]["small_things"]
    assert (counts["have"], counts["unavailable"], counts["missing"]) == (2, 1, 0)
    assert counts["reasons"] == {"it holds nothing for this product": 1}
    record = orjson.loads(s3.get(keys.quarantine("small_things", A)))
    assert record["reason"] == "b.xml: b is 'one', but it was looked at"

    before = s3.get("sec/filings/small-things/complete_things.csv.zst")
    whole_run(s3, "second")
    assert s3.get("sec/filings/small-things/complete_things.csv.zst") == before
    assert manifest.read(s3, s3.uri(keys.manifest("second", "small_things_rows")))["batches"] == []

    archived(s3, r2, a="none", b="2", c="three")
    chosen = ("--archives", "tar_archive,small_things", "--force", "--accessions")
    whole_run(s3, "third", *chosen, f"{B},{C}")
    assert held(s3, database) == [(A, "one"), (B, "2"), (C, "three")]
    whole_run(s3, "fourth", *chosen, A)
    assert held(s3, database) == [(B, "2"), (C, "three")]
    assert s3.head(keys.quarantine("small_things", A)) is None
    counts = orjson.loads(s3.get(keys.accounting("fourth")))["archives"]["small_things"]
    assert (counts["have"], counts["unavailable"], counts["missing"]) == (2, 1, 0)
    assert main(["weekly_cleanup"]) == 0
    assert held(s3, database) == [(B, "2"), (C, "three")]


def test_a_parser_that_breaks_leaves_its_filing_open_and_the_mended_one_takes_it_up(
    s3: Store, r2: Store, database: Any, add: Callable[..., None]
) -> None:
    add("small_things", '["8-K"]', DOCUMENTS, PARSE.replace('== "none"', '== {"one": "1"}[element.text]'))
    archived(s3, r2, a="one", b="none", c="none")
    assert main(["update_missing_s3", "--run-id", "bad"]) == 0
    assert main(["calculate_s3_batches", "--run-id", "bad"]) == 0
    step(s3, "update_sec_filings_tar_r2", "bad", keys.TAR)
    step(s3, "update_sec_filings_small_things_rows_s3", "bad", "small_things_rows", expected=1)
    step(s3, "update_sec_filings_small_things_s3", "bad", "small_things")
    report = orjson.loads(s3.get(keys.report("bad", "update_sec_filings_small_things_rows_s3")))
    assert (report["done"], report["failed"]) == (1, 2)
    assert "the parser of small_things failed: KeyError: 'none' (" in report["reasons"][B]
    line = 1 + PARSE.splitlines().index('        if element.text == "none":')
    assert f"small_things/parse.py:{line} parse)" in report["reasons"][B]
    add("small_things", '["8-K"]', DOCUMENTS, PARSE.replace('"none"', '"never"'))
    whole_run(s3, "good")
    assert held(s3, database) == [(A, "one"), (B, "none"), (C, "none")]


def test_filings_that_are_unusable_in_their_own_ways_are_one_kind_in_the_ledger(
    s3: Store, r2: Store, database: Any, add: Callable[..., None]
) -> None:
    parse = PARSE.replace('== "unusable"', 'in ("two", "three")').replace('"it says so"', 'f"it says {element.text}"')
    add("small_things", '["8-K"]', DOCUMENTS, parse)
    archived(s3, r2, a="one", b="two", c="three")
    whole_run(s3, "first")
    assert held(s3, database) == [(A, "one")]
    unavailable = Ledger(s3, "small_things").unavailable()
    assert {unavailable[name][1] for name in (B, C)} == {"unusable: see its record below quarantine/small_things/"}
    for name, word in ((B, "two"), (C, "three")):
        record = orjson.loads(s3.get(keys.quarantine("small_things", name)))
        assert record["reason"] == f"the filing is '8-K', but it says {word}"
    counts = orjson.loads(s3.get(keys.accounting("first")))["archives"]["small_things"]
    assert counts["reasons"] == {"unusable": 2}
