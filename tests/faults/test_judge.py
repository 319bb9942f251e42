"""The judge sees what it is there to see: in a world that is right, each wrong thing is found, and nothing else."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zstandard

from faults.judge import OBJECTS, ROOT, Truth, judge, uploads_under_way
from faults.world import World
from pipeline import proof
from sandbox import mysql


@pytest.fixture(scope="module")
def right(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A world after a run in which nothing went wrong."""
    with World(tmp_path_factory.mktemp("right"), filings=14) as world:
        world.run("first")
        world.run("second")
        yield world


def first(run: Path, archive: str) -> Path:
    folder, _ = OBJECTS[archive]
    return sorted((run / folder).iterdir())[0]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def put_zst(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(zstandard.compress(content))


def another_letter(path: Path) -> None:
    put_zst(path, proof.read(path).replace(b"e", b"3", 1))


def a_line_more(path: Path) -> None:
    put_zst(path, proof.read(path) + proof.read(path).splitlines(keepends=True)[-1])


def a_line_less(path: Path) -> None:
    put_zst(path, b"".join(proof.read(path).splitlines(keepends=True)[:-1]))


def in_tar(run: Path) -> None:
    path = first(run, "tar_archive")
    raw = bytearray(path.read_bytes())
    start = next(d["start_byte"] for d in metadata(run)["documents"] if d["bytes"])
    raw[start] ^= 1
    path.write_bytes(raw)


def metadata(run: Path) -> dict[str, list[dict[str, int]]]:
    with tarfile.open(first(run, "tar_archive")) as tar:
        content: dict[str, list[dict[str, int]]] = json.load(tar.extractfile("metadata.json"))  # type: ignore[arg-type]
        return content


SPOILERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "a torn submission": (lambda run: cut(first(run, "sgml_archive")), "is torn"),
    "another submission": (lambda run: another_letter(first(run, "sgml_archive")), "is not what EDGAR served"),
    "a lost submission": (lambda run: first(run, "sgml_archive").unlink(), "objects against the ledger: lacks 1"),
    "a lost tar": (lambda run: first(run, "tar_archive").unlink(), "objects against the ledger: lacks 1"),
    "a changed document": (in_tar, "is another"),
    "a torn tar": (lambda run: first(run, "tar_archive").write_bytes(b"no tar"), "is torn"),
    "a torn JSON": (lambda run: cut(first(run, "sec_filings_data")), "is torn"),
    "a foreign object": (lambda run: (run / OBJECTS["tar_archive"][0] / "x.part").touch(), "foreign x.part"),
    "a ledger that forgot": (lambda run: a_line_less(run / ROOT / "inventory/daily_sgml_archive.txt.zst"), "too many"),
    "a row twice": (
        lambda run: a_line_more(run / ROOT / "sec-filings-lookup/complete_sec_documents_table.csv.zst"),
        "has a row 2 times",
    ),
    "a row lost": (
        lambda run: a_line_less(run / ROOT / "sec-filings-lookup/complete_sec_documents_table.csv.zst"),
        "lacks a document",
    ),
    "a torn table": (
        lambda run: cut(run / ROOT / "sec-filings-lookup/complete_sec_accession_cik_table.csv.zst"),
        "is torn",
    ),
    "a forgotten accession": (lambda run: a_line_less(run / ROOT / "sec_master_submissions.csv.zst"), "lacks 1"),
    "something missing": (
        lambda run: put_zst(run / ROOT / "missing/missing_tar_archive.json.zst", b'{"missing": {"x": 1}}'),
        "x is listed as missing",
    ),
    "an open plan": (
        lambda run: put_zst(run / ROOT / "sec-filings-lookup/plan.json.zst", b'{"done": false}'),
        "still open",
    ),
    "a part not folded": (
        lambda run: put_zst(run / ROOT / "inventory/parts/tar_archive/run/0.json", b"{}"),
        "is not folded",
    ),
}


def test_a_world_in_which_nothing_went_wrong_is_right(right: World) -> None:
    assert judge(right.run_folder, Truth.of(right.data), right.cloud.mysql_url) == []


@pytest.mark.parametrize("name", SPOILERS)
def test_what_is_wrong_in_the_buckets_is_found(right: World, tmp_path: Path, name: str) -> None:
    spoil, said = SPOILERS[name]
    run = tmp_path / "spoilt"
    for folder in ("s3", "r2", "objects"):
        shutil.copytree(right.run_folder / folder, run / folder)
    spoil(run)
    found = judge(run, Truth.of(right.data), None)
    assert any(said in finding for finding in found), found


def test_what_is_wrong_in_mysql_is_found(right: World) -> None:
    url = str(right.cloud.mysql_url)
    connection = mysql.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE staging_sec_documents_table (a INT)")
            assert any("left over" in finding for finding in judge(right.run_folder, Truth.of(right.data), url))
            cursor.execute("DROP TABLE staging_sec_documents_table")
            cursor.execute("DELETE FROM sec_documents_table LIMIT 1")
            assert any("differs" in finding for finding in judge(right.run_folder, Truth.of(right.data), url))
    finally:
        connection.close()


def test_an_upload_that_nobody_ends_is_seen(right: World) -> None:
    s3 = right.cloud.client("s3")
    upload = s3.create_multipart_upload(Bucket="filings", Key="abandoned")["UploadId"]
    assert uploads_under_way(s3) == ["abandoned"]
    s3.abort_multipart_upload(Bucket="filings", Key="abandoned", UploadId=upload)
    assert uploads_under_way(s3) == []
