"""Faults of objects on order: each strikes what it is meant for, so often and at that moment, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import zstandard
from botocore.exceptions import BotoCoreError, ClientError, IncompleteReadError

from sandbox.cloud import Sandbox
from unit.sandbox.conftest import Containers

FAILURES = (ClientError, BotoCoreError)


@pytest.fixture(autouse=True)
def no_faults_left(cloud: Sandbox) -> Iterator[None]:
    cloud.clear_faults()
    yield
    cloud.clear_faults()


def put(cloud: Sandbox, key: str, body: bytes = b"x", **conditions: str) -> str:
    """Put an object; what became of it: an S3 error code, a kind of exception, or nothing."""
    try:
        cloud.client("s3").put_object(Bucket="filings", Key=key, Body=body, **conditions)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    except BotoCoreError as error:
        return type(error).__name__
    return ""


def there(cloud: Sandbox, key: str) -> bool:
    return (cloud.folder / "s3/filings" / key).exists()


def test_a_fault_lets_some_requests_pass_and_strikes_so_many(cloud: Sandbox) -> None:
    cloud.fault("object", key="nth/", operation="PutObject", status=500, skip=2, times=2)
    assert [put(cloud, f"nth/{n}") for n in range(6)] == ["", "", "InternalError", "InternalError", "", ""]


def test_a_fault_by_chance_is_the_same_for_the_same_seed(cloud: Sandbox) -> None:
    drawn = []
    for _ in range(2):
        cloud.clear_faults()
        cloud.fault("object", key="chance/", times=-1, chance=0.5, seed=7)
        drawn.append([put(cloud, f"chance/{n}") for n in range(12)])
    assert drawn[0] == drawn[1]
    assert set(drawn[0]) == {"", "SlowDown"}


@pytest.mark.parametrize(("what", "told"), [("error", "InternalError"), ("reset", "ConnectionClosedError")])
@pytest.mark.parametrize("after", [False, True])
def test_a_failing_answer_comes_before_or_after_the_effect(cloud: Sandbox, what: str, told: str, after: bool) -> None:
    key = f"effect/{what}-{after}"
    cloud.fault("object", key=key, what=what, status=500, after=after)
    assert put(cloud, key) == told
    assert there(cloud, key) is after


def test_another_writer_really_changes_the_object_but_not_its_meaning(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    first = s3.put_object(Bucket="filings", Key="met.zst", Body=zstandard.compress(b"lines\n"))["ETag"]
    cloud.fault("object", key="met.zst", what="conflict", method="PUT")
    assert put(cloud, "met.zst", b"mine", IfMatch=first) == "PreconditionFailed"
    held = s3.get_object(Bucket="filings", Key="met.zst")
    assert held["ETag"] != first
    read = zstandard.ZstdDecompressor().stream_reader(held["Body"].read(), read_across_frames=True).read()
    assert read == b"lines\n"
    assert put(cloud, "met.zst", b"mine", IfMatch=held["ETag"]) == ""


def test_a_twin_that_creates_the_same_first_is_told_of(cloud: Sandbox) -> None:
    cloud.fault("object", key="twin", what="conflict", method="PUT")
    assert put(cloud, "twin", b"same", IfNoneMatch="*") == "PreconditionFailed"
    assert (cloud.folder / "s3/filings/twin").read_bytes() == b"same"


def test_a_body_may_end_early(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    s3.put_object(Bucket="filings", Key="short", Body=b"x" * 1000)
    cloud.fault("object", key="short", what="cut", method="GET", bytes=10)
    with pytest.raises((IncompleteReadError, *FAILURES)):
        s3.get_object(Bucket="filings", Key="short")["Body"].read()
    assert len(s3.get_object(Bucket="filings", Key="short")["Body"].read()) == 1000


def test_an_answer_may_be_slow_to_begin_and_slow_to_come(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    s3.put_object(Bucket="filings", Key="slowly", Body=b"x" * 1000)
    cloud.fault("object", key="slowly", what="slow", seconds=0.2, bytes_per_second=4000)
    begun = time.monotonic()
    assert len(s3.get_object(Bucket="filings", Key="slowly")["Body"].read()) == 1000
    assert time.monotonic() - begun >= 0.4


def test_a_full_disk_takes_nothing_and_leaves_what_was_there(cloud: Sandbox) -> None:
    assert put(cloud, "disk/a", b"old") == ""
    incoming = cloud.folder / "objects/s3/incoming"
    before = set(incoming.iterdir())
    cloud.fault("object", key="disk/", what="full", times=2)
    assert put(cloud, "disk/a", b"new" * 100_000) == "InsufficientStorage"
    upload = {"Bucket": "filings", "Key": "disk/b"}
    s3 = cloud.client("s3")
    upload["UploadId"] = s3.create_multipart_upload(**upload)["UploadId"]
    cloud.clear_faults()
    cloud.fault("object", key="disk/", what="full")
    with pytest.raises(ClientError, match="InsufficientStorage"):
        s3.upload_part(**upload, PartNumber=1, Body=b"x")
    assert (cloud.folder / "s3/filings/disk/a").read_bytes() == b"old"
    assert put(cloud, "disk/a", b"new") == ""
    s3.abort_multipart_upload(**upload)
    assert set(incoming.iterdir()) == before


def test_a_container_is_killed_while_its_request_is_at_the_server(cloud: Sandbox, containers: Containers) -> None:
    arn = cloud.run_task("wait")
    other = cloud.run_task("deaf")
    containers.wait_for_line(arn, "at work")
    containers.wait_for_line(other, "at work")
    cloud.fault("object", key="deadly", what="kill", task="wait", after=True)
    put(cloud, "deadly")
    assert containers.wait_for(arn)["containers"][0]["exitCode"] == 137
    assert there(cloud, "deadly")
    assert containers.describe(other)["lastStatus"] == "RUNNING"
    cloud.fault("object", key="deadly-2", what="kill", task="deaf")
    put(cloud, "deadly-2")
    assert containers.wait_for(other)["containers"][0]["exitCode"] == 137
    assert not there(cloud, "deadly-2")


def test_a_fault_that_makes_no_sense_is_refused(cloud: Sandbox) -> None:
    for wrong in ({"what": "explode"}, {"key": "("}):
        with pytest.raises(OSError, match="400"):
            cloud.fault("object", **wrong)


def test_uploads_under_way_are_listed_until_they_end(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    upload = s3.create_multipart_upload(Bucket="filings", Key="under-way")["UploadId"]
    listed = s3.list_multipart_uploads(Bucket="filings", Prefix="under-")["Uploads"]
    assert [(one["Key"], one["UploadId"]) for one in listed] == [("under-way", upload)]
    s3.abort_multipart_upload(Bucket="filings", Key="under-way", UploadId=upload)
    assert "Uploads" not in s3.list_multipart_uploads(Bucket="filings", Prefix="under-")


def test_of_many_that_complete_an_upload_with_one_condition_one_wins(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    etag = s3.put_object(Bucket="filings", Key="contended", Body=b"old")["ETag"]
    uploads = []
    for number in range(6):
        where = {"Bucket": "filings", "Key": "contended"}
        where["UploadId"] = s3.create_multipart_upload(**where)["UploadId"]
        part = s3.upload_part(**where, PartNumber=1, Body=f"new {number}".encode())
        uploads.append((where, {"Parts": [{"PartNumber": 1, "ETag": part["ETag"]}]}))

    def complete(upload: tuple[dict[str, str], dict[str, object]]) -> bool:
        try:
            s3.complete_multipart_upload(**upload[0], MultipartUpload=upload[1], IfMatch=etag)
        except ClientError as error:
            assert error.response["Error"]["Code"] == "PreconditionFailed"
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(complete, uploads)) == 1


def test_a_copied_part_is_what_the_object_was_when_it_was_copied(cloud: Sandbox) -> None:
    s3 = cloud.client("s3")
    s3.put_object(Bucket="filings", Key="source", Body=b"0123456789")
    where = {"Bucket": "filings", "Key": "copied"}
    where["UploadId"] = s3.create_multipart_upload(**where)["UploadId"]
    source = {"Bucket": "filings", "Key": "source"}
    part = s3.upload_part_copy(**where, PartNumber=1, CopySource=source, CopySourceRange="bytes=2-5")
    s3.put_object(Bucket="filings", Key="source", Body=b"abcdefghij")
    s3.delete_object(Bucket="filings", Key="source")
    parts = [{"PartNumber": 1, "ETag": part["CopyPartResult"]["ETag"]}]
    s3.complete_multipart_upload(**where, MultipartUpload={"Parts": parts})
    assert s3.get_object(Bucket="filings", Key="copied")["Body"].read() == b"2345"
