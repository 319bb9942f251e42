"""A filing to the rows of a product, against real buckets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import orjson
import pytest

from filings.archive import keys, pack, rows_object
from filings.archive.batch import run_batch
from filings.archive.batch_outcome import Outcome
from filings.archive.compression import CorruptObject, compress
from filings.archive.ledger import Ledger
from filings.archive.parse import Parse
from filings.archive.report import Report
from filings.archive.rows_object import FilingRows
from filings.archive.sources import Submissions, Tars
from filings.archive.storage import Store
from filings.archive.verbs import Bounds
from filings.edgar import sgml
from filings.edgar.sgml import Submission
from pipeline.steps import accession, small_filing

NAME, OTHER = accession(1), accession(2)
PRODUCT = "small_things"
WRONG = {"where": "b.xml: b", "value": "1", "rule": "it must be two"}


def all_of_them(position: int, type: str, filename: str) -> bool:
    return True


def rows_of(submission: Submission, *problems: dict[str, str]) -> FilingRows:
    """A row a document."""
    rows = [[submission.accession, d.filename] for d in submission.documents]
    columns = {"files": ["accession", "file"], "none": ["accession"]}
    return FilingRows(submission.accession, columns, {"files": rows, "none": []}, problems, len(problems))


def nothing_in(submission: Submission) -> FilingRows:
    return FilingRows(submission.accession, {}, {}, [], 0, "it holds nothing for this product")


@pytest.fixture
def tars(r2: Store) -> Store:
    """Two small filings in both archives."""
    for number in (1, 2):
        raw = small_filing(number)
        r2.put(keys.object_key(keys.SGML, accession(number)), compress(raw))
        r2.put(keys.object_key(keys.TAR, accession(number)), pack.pack(sgml.parse(raw)))
    return r2


def attempt(
    s3: Store, r2: Store, parse: Callable[[Submission], FilingRows], *, sgml: bool = False, memory_mb: int = 64
) -> Outcome:
    source = (Submissions if sgml else Tars)(r2, all_of_them)
    return asyncio.run(Parse(PRODUCT, source, s3, parse, Bounds(memory_mb))(NAME, 7))


def stored(s3: Store, name: str = NAME) -> FilingRows:
    key = keys.rows(PRODUCT, name)
    return rows_object.loads(s3.get(key), s3.uri(key))


@pytest.mark.parametrize("sgml", [False, True])
def test_rows_lie_below_the_product_and_the_same_filing_gives_the_same_bytes(
    s3: Store, tars: Store, sgml: bool
) -> None:
    outcome = attempt(s3, tars, rows_of, sgml=sgml)
    assert (outcome.kind, outcome.quarantine, outcome.counts) == ("done", "", {"rows": 2, "problems": 0})
    key = "sec/filings/small-things/rows/" + NAME + ".json.zst"
    first = s3.get(key)
    assert stored(s3) == FilingRows(
        NAME, {"files": ["accession", "file"]}, {"files": [[NAME, "a1.htm"], [NAME, "b.xml"]]}, []
    )
    attempt(s3, tars, rows_of, sgml=not sgml)
    assert s3.get(key) == first


def batch(s3: Store, r2: Store, parse: Callable[[Submission], FilingRows], run: str = "run") -> tuple[int, Report]:
    """Both filings, as a container does them."""
    report = Report("update_sec_filings_small_things_rows_s3", run)
    verb = Parse(PRODUCT, Tars(r2, all_of_them), s3, parse, Bounds(64))
    code = asyncio.run(
        run_batch(
            {NAME: 7, OTHER: 7},
            verb,
            store=s3,
            archive=PRODUCT,
            ledger=keys.rows_manifest(PRODUCT),
            report=report,
            concurrency=2,
        )
    )
    return code, report


def test_what_is_wrong_goes_into_quarantine_and_comes_out_when_it_is_right_again(s3: Store, tars: Store) -> None:
    key = keys.quarantine(PRODUCT, NAME)
    code, report = batch(s3, tars, lambda submission: rows_of(submission, WRONG, WRONG | {"value": "x" * 5000}))
    assert (code, report.done, report.quarantined) == (0, 2, 2)
    record = orjson.loads(s3.get(key))
    assert record["reason"] == "b.xml: b is '1', but it must be two"
    assert [problem["where"] for problem in record["details"]["problems"]] == ["b.xml: b"] * 2
    assert len(record["details"]["problems"][1]["value"]) == 1000
    assert stored(s3).rows == 2
    batch(s3, tars, rows_of, run="later")
    assert s3.head(key) is None


def test_a_filing_without_rows_says_why_and_is_no_failure(s3: Store, tars: Store) -> None:
    code, report = batch(s3, tars, nothing_in)
    assert (code, report.unavailable, report.quarantined) == (0, 2, 0)
    assert report.reasons[NAME] == "it holds nothing for this product"
    assert stored(s3) == FilingRows(NAME, {}, {}, [], 0, "it holds nothing for this product")


def test_the_ledger_of_the_product_hears_nothing_of_rows_that_are_in_no_table(s3: Store, tars: Store) -> None:
    tried: list[str] = []

    def parse(submission: Submission) -> FilingRows:
        tried.append(submission.accession)
        return rows_of(submission, WRONG)

    for _ in range(2):
        code, report = batch(s3, tars, parse)
        assert code == 0
    assert sorted(tried) == [NAME, OTHER]  # a retry does what is left
    assert (report.skipped, report.details) == (2, {})
    ledger = Ledger(s3, PRODUCT)
    ledger.fold()
    assert len(ledger.have()) == 0
    Ledger(s3, keys.rows_manifest(PRODUCT)).drop_parts()
    assert not [key for key, _ in s3.list(keys.ROOT + "inventory/")]


def test_rows_and_problems_are_counted_in_the_report(s3: Store, tars: Store) -> None:
    _, report = batch(s3, tars, lambda submission: rows_of(submission, WRONG))
    assert report.details == {"rows": 4, "problems": 2}
    assert report.archive == PRODUCT


def test_a_parser_that_breaks_costs_its_filing_alone_and_is_named_with_its_place(s3: Store, tars: Store) -> None:
    def parse(submission: Submission) -> FilingRows:
        if submission.accession == NAME:
            return FilingRows(no="such")  # type: ignore[arg-type]
        return rows_of(submission)

    code, report = batch(s3, tars, parse)
    assert (code, report.done, report.failed) == (1, 1, 1)
    assert "the parser of small_things failed: TypeError:" in report.reasons[NAME]
    assert "archive/test_parse.py:" in report.reasons[NAME]
    assert orjson.loads(s3.get(keys.quarantine(PRODUCT, NAME)))["reason"] == report.reasons[NAME]
    assert s3.head(keys.rows(PRODUCT, NAME)) is None


def test_a_filing_that_is_not_archived_yet_waits(s3: Store, r2: Store) -> None:
    code, report = batch(s3, r2, rows_of)
    assert (code, report.waiting) == (0, 2)


def test_a_broken_tar_is_put_aside_and_made_anew(s3: Store, tars: Store) -> None:
    key = keys.object_key(keys.TAR, NAME)
    content = bytearray(tars.get(key))
    content[content.rindex(b"event")] ^= 1
    tars.put(key, bytes(content))
    Ledger(s3, keys.TAR).add([NAME, OTHER])
    code, report = batch(s3, tars, rows_of)
    assert (code, report.done, report.failed) == (1, 1, 1)
    assert tars.head(key) is None
    assert tars.get(keys.broken(keys.TAR, NAME)) == content
    ledger = Ledger(s3, keys.TAR)
    ledger.fold()
    assert len(ledger.have()) == 1


def test_of_two_that_find_it_broken_one_puts_it_aside(s3: Store, tars: Store) -> None:
    key = keys.object_key(keys.TAR, NAME)
    tars.put(key, b"no tar")
    assert attempt(s3, tars, rows_of).kind == "failed"
    assert attempt(s3, tars, rows_of).kind == "waiting"


def test_what_no_container_of_this_size_could_parse_is_not_tried(s3: Store, r2: Store) -> None:
    whole = Submission(NAME, "8-K", {}, [sgml.Document("EX", "1", "a.xml", "", "text", b"x" * (9 << 20))])
    r2.put(keys.object_key(keys.TAR, NAME), pack.pack(whole))
    outcome = attempt(s3, r2, rows_of, memory_mb=16)
    assert outcome.kind == "unavailable"
    assert "FILINGS_MEMORY_MB" in outcome.quarantine
    assert "9,437,184 bytes" in stored(s3).reason
    assert attempt(s3, r2, rows_of, memory_mb=18).kind == "done"


def test_rows_of_halves_of_characters_can_be_written() -> None:
    rows = FilingRows(NAME, {}, {}, [WRONG | {"value": "a\ud800"}], 1, "a\ud800")
    assert rows_object.loads(rows_object.dumps(rows), "x").reason == "a?"


@pytest.mark.parametrize(
    "content",
    [
        b"{}",
        b"[]",
        b'{"accession"',
        b"",
        rows_object.orjson.dumps(
            {
                "accession": NAME,
                "columns": {"a": ["x"]},
                "tables": {"a": [["1", "2"]]},
                "problems": [],
                "found": 0,
                "reason": "",
            }
        ),
    ],
)
def test_what_is_no_rows_object_is_told_so(content: bytes) -> None:
    with pytest.raises(CorruptObject, match="s3://x"):
        rows_object.loads(compress(content), "s3://x")
