"""What containers do when the world misbehaves: real processes, real sockets, a real MySQL."""

from __future__ import annotations

import io
import json
import tarfile

import pytest
import zstandard

from filings.archive import keys
from filings.archive.ledger import Ledger
from pipeline.steps import PRODUCT, Pipeline, accession, adds_up, clean, mysql_rows, small_filing


def test_a_run_archives_everything_and_the_next_finds_nothing_missing(pipeline: Pipeline) -> None:
    pipeline.products = (PRODUCT,)
    assert clean(pipeline.daily("run1")), pipeline.logs
    account = pipeline.accounting("run1")
    assert account["adds_up"]
    for archive, counts in account["archives"].items():
        assert adds_up(counts)
        assert counts["accessions"] == 5
        assert counts["missing"] == 0, archive
    for number in range(1, 6):
        name = accession(number)
        raw = zstandard.ZstdDecompressor().decompressobj().decompress(pipeline.r2.get(f"sgml-archive/{name}.sgml"))
        assert raw == small_filing(number)
        with tarfile.open(fileobj=io.BytesIO(pipeline.r2.get(f"tar-archive/{name}.tar"))) as tar:
            assert tar.getnames() == ["metadata.json", f"a{number}.htm", "b.xml"]
    assert mysql_rows(pipeline, "sec_submission_details_table") == 5
    assert mysql_rows(pipeline, "sec_documents_table") == 10

    before = pipeline.objects()
    assert clean(pipeline.daily("run2")), pipeline.logs
    assert {u: e for u, e in pipeline.objects().items() if before.get(u) != e} == {}
    assert pipeline.accounting("run2")["nothing_planned"]
    assert "nothing_missing" in pipeline.logs["update_missing_s3"]

    pipeline.file(6, 7, 8)
    assert clean(pipeline.daily("run3")), pipeline.logs
    for archive in keys.ARCHIVES:
        planned = [batch["count"] for batch in pipeline.manifest("run3", archive)["batches"]]
        assert sum(planned) == 3, archive
    assert {u: e for u, e in pipeline.objects().items() if "-archive/" in u and u in before} == {
        u: e for u, e in before.items() if "-archive/" in u
    }
    assert mysql_rows(pipeline, "sec_documents_table") == 16


def test_what_edgar_does_not_have_is_unavailable_with_the_reason_everywhere(pipeline: Pipeline) -> None:
    (pipeline.data / "sandbox.json").write_text(json.dumps({"answers_404": [accession(2)]}))
    assert clean(pipeline.daily("run")), pipeline.logs
    for archive, counts in pipeline.accounting("run")["archives"].items():
        assert adds_up(counts)
        assert counts["unavailable"] >= 1, archive
        assert any("not on EDGAR" in reason for reason in counts["reasons"]), archive
    reasons = Ledger(pipeline.s3, keys.SGML).unavailable()
    assert "HTTP 404" in reasons[accession(2)][1]
    before = pipeline.edgar("/_sandbox/requests")["by_path_kind"]["submission"]
    pipeline.daily("run2")
    assert pipeline.edgar("/_sandbox/requests")["by_path_kind"]["submission"] == before


def test_a_submission_cut_short_is_kept_as_served_and_said(pipeline: Pipeline) -> None:
    (pipeline.data / "sandbox.json").write_text(json.dumps({"cut": {accession(3): 500}}))
    assert clean(pipeline.daily("run")), pipeline.logs
    raw = zstandard.ZstdDecompressor().decompressobj().decompress(pipeline.r2.get(f"sgml-archive/{accession(3)}.sgml"))
    assert raw == small_filing(3)[:500]
    record = json.loads(pipeline.s3.get(keys.quarantine(keys.SGML, accession(3))))
    assert "truncated" in record["reason"]
    assert all(adds_up(c) and c["missing"] == 0 for c in pipeline.accounting("run")["archives"].values())


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "status", "status": 500, "times": 2},
        {"kind": "short_read", "bytes": 200, "times": 2},
        {"kind": "truncate", "bytes": 500, "times": 1},
        {"kind": "reset", "times": 2},
        {"kind": "timeout", "seconds": 6, "times": 1},
    ],
    ids=lambda fault: str(fault["kind"]),
)
def test_a_bad_moment_of_edgars_costs_only_time(pipeline: Pipeline, fault: dict[str, object]) -> None:
    pipeline.faults({"match": accession(1), **fault})
    pipeline.plan("run")
    assert not any(pipeline.step(keys.SGML, "run")), pipeline.logs
    raw = pipeline.r2.get(f"sgml-archive/{accession(1)}.sgml")
    assert zstandard.ZstdDecompressor().decompressobj().decompress(raw) == small_filing(1)


def test_a_page_that_is_no_submission_fails_by_name_and_is_not_archived(pipeline: Pipeline) -> None:
    pipeline.faults({"match": accession(4), "kind": "garbage", "times": -1})
    pipeline.plan("run")
    assert 1 in pipeline.step(keys.SGML, "run")
    assert pipeline.r2.head(f"sgml-archive/{accession(4)}.sgml") is None
    assert any(accession(4) in log for log in pipeline.logs.values())
    pipeline.do("check_accounting", "run")
    account = pipeline.accounting("run")["archives"][keys.SGML]
    assert adds_up(account)
    assert (account["have"], account["missing"]) == (4, 1)
    assert "no submission" in account["open"][accession(4)]


def test_a_malformed_index_row_is_quarantined_and_named(pipeline: Pipeline) -> None:
    rows = [{"day": "2026-01-05", "text": "7|SMALL|8-K|yesterday|nowhere", "in": ["full"]}]
    (pipeline.data / "sandbox.json").write_text(json.dumps({"malformed_rows": rows}))
    pipeline.plan("run")
    assert "malformed_index_row" in pipeline.logs["update_sec_master_submissions_index_s3"]
    assert "7|SMALL|8-K|yesterday|nowhere" in pipeline.logs["update_sec_master_submissions_index_s3"]
    records = list(pipeline.s3.list(f"{keys.ROOT}quarantine/sec_master_submissions/"))
    assert len(records) == 1
    assert sum(batch["count"] for batch in pipeline.manifest("run", keys.SGML)["batches"]) == 5
