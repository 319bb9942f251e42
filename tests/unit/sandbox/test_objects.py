"""S3 and R2 as files: what clients are promised, and what a person finds on disk."""

from __future__ import annotations

import hashlib
import io
import os
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import pytest
from botocore.exceptions import ClientError
from obstore.exceptions import AlreadyExistsError, PermissionDeniedError, PreconditionError
from obstore.store import S3Store

from sandbox.cloud import Sandbox
from sandbox.objects.errors import S3Error
from sandbox.objects.store import Entry, ObjectStore

MEBIBYTE = 1 << 20


def store_of(cloud: Sandbox, endpoint: str = "aws", key: str | None = None) -> S3Store:
    url, own_key = (cloud.aws_url, "sandbox") if endpoint == "aws" else (cloud.r2_url, "sandbox-r2")
    return S3Store(
        "filings",
        endpoint=url,
        region="us-east-1",
        access_key_id=key or own_key,
        secret_access_key="any",
        client_options={"allow_http": True},
        retry_config={"max_retries": 0},
    )


@pytest.fixture
def store(cloud: Sandbox) -> S3Store:
    return store_of(cloud)


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_a_put_object_is_a_plain_file_with_its_bytes(cloud: Sandbox, store: S3Store):
    obstore.put(store, "plain/a.txt", b"hello")
    assert (cloud.folder / "s3" / "filings" / "plain" / "a.txt").read_bytes() == b"hello"
    assert obstore.get(store, "plain/a.txt").bytes() == b"hello"


def test_r2_is_another_place_with_its_own_key(cloud: Sandbox):
    obstore.put(store_of(cloud, "r2"), "only-r2", b"x")
    assert (cloud.folder / "r2" / "filings" / "only-r2").exists()
    assert not (cloud.folder / "s3" / "filings" / "only-r2").exists()
    with pytest.raises(PermissionDeniedError):
        obstore.put(store_of(cloud, "r2", key="sandbox"), "only-r2", b"y")


def test_content_type_and_metadata_come_back(cloud: Sandbox):
    s3 = cloud.client("s3")
    s3.put_object(Bucket="filings", Key="meta", Body=b"x", ContentType="zst", Metadata={"accession": "1-2-3"})
    head = s3.head_object(Bucket="filings", Key="meta")
    assert (head["ContentType"], head["Metadata"], head["ContentLength"]) == ("zst", {"accession": "1-2-3"}, 1)


def test_creating_an_existing_object_is_refused(store: S3Store):
    obstore.put(store, "once", b"first", mode="create")
    with pytest.raises(AlreadyExistsError):
        obstore.put(store, "once", b"second", mode="create")
    assert obstore.get(store, "once").bytes() == b"first"


def test_replacing_needs_the_etag_of_what_is_there(store: S3Store):
    first = obstore.put(store, "guarded", b"first")
    second = obstore.put(store, "guarded", b"second", mode={"e_tag": first["e_tag"]})
    with pytest.raises(PreconditionError):
        obstore.put(store, "guarded", b"third", mode={"e_tag": first["e_tag"]})
    assert obstore.head(store, "guarded")["e_tag"] == second["e_tag"]


def test_replacing_what_is_not_there_is_not_found(cloud: Sandbox):
    with pytest.raises(ClientError) as refused:
        cloud.client("s3").put_object(Bucket="filings", Key="never-was", Body=b"x", IfMatch='"abc"')
    assert code(refused) == "NoSuchKey"


def test_of_many_creators_at_once_exactly_one_wins(store: S3Store):
    def create(number: int) -> bool:
        try:
            obstore.put(store, "race", str(number).encode(), mode="create")
        except AlreadyExistsError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(create, range(48))) == 1


def test_of_many_writers_with_the_same_etag_exactly_one_wins(store: S3Store):
    etag = obstore.put(store, "swap", b"0")["e_tag"]

    def swap(number: int) -> bool:
        try:
            obstore.put(store, "swap", str(number).encode(), mode={"e_tag": etag})
        except PreconditionError:
            return False
        return True

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(swap, range(1, 33))) == 1


def test_a_listing_goes_on_behind_its_offset_in_byte_order(store: S3Store):
    names = [f"list/{name}" for name in ("a", "a-b", "a.b", "a0", "b c", "é", "z&<")]
    for name in names:
        obstore.put(store, name, b"x")
    listed = [entry["path"] for page in obstore.list(store, "list/") for entry in page]
    assert listed == sorted(names, key=str.encode)
    behind = [entry["path"] for page in obstore.list(store, "list/", offset="list/a0") for entry in page]
    assert behind == [name for name in listed if name.encode() > b"list/a0"]


def test_long_listings_come_in_pages_and_folders_roll_up(cloud: Sandbox):
    s3 = cloud.client("s3")
    for number in range(25):
        s3.put_object(Bucket="filings", Key=f"pages/{number % 5}/{number:02}", Body=b"x")
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="filings", Prefix="pages/", PaginationConfig={"PageSize": 7}
    )
    assert [len(page["Contents"]) for page in pages] == [7, 7, 7, 4]
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket="filings", Prefix="pages/", Delimiter="/", PaginationConfig={"PageSize": 2}
    )
    folders = [folder["Prefix"] for page in pages for folder in page["CommonPrefixes"]]
    assert folders == [f"pages/{number}/" for number in range(5)]


def test_a_multipart_upload_appears_whole_and_only_at_its_end(cloud: Sandbox, store: S3Store):
    body = os.urandom(12 * MEBIBYTE)
    obstore.put(store, "big", body, use_multipart=True, chunk_size=5 * MEBIBYTE)
    assert (cloud.folder / "s3" / "filings" / "big").read_bytes() == body
    assert obstore.head(store, "big")["e_tag"].endswith('-3"')
    s3 = cloud.client("s3")
    upload = s3.create_multipart_upload(Bucket="filings", Key="half")["UploadId"]
    s3.upload_part(Bucket="filings", Key="half", UploadId=upload, PartNumber=1, Body=b"x")
    assert not (cloud.folder / "s3" / "filings" / "half").exists()
    s3.abort_multipart_upload(Bucket="filings", Key="half", UploadId=upload)


def test_an_append_by_part_copy_keeps_the_old_bytes(cloud: Sandbox):
    s3 = cloud.client("s3")
    old = os.urandom(6 * MEBIBYTE)
    s3.put_object(Bucket="filings", Key="log", Body=old)
    upload = s3.create_multipart_upload(Bucket="filings", Key="log")["UploadId"]
    where = {"Bucket": "filings", "Key": "log", "UploadId": upload}
    copied = s3.upload_part_copy(**where, PartNumber=1, CopySource={"Bucket": "filings", "Key": "log"})
    added = s3.upload_part(**where, PartNumber=2, Body=b"tail")
    parts = [(1, copied["CopyPartResult"]["ETag"]), (2, added["ETag"])]
    s3.complete_multipart_upload(
        **where, MultipartUpload={"Parts": [{"PartNumber": number, "ETag": etag} for number, etag in parts]}
    )
    assert s3.get_object(Bucket="filings", Key="log")["Body"].read() == old + b"tail"


def test_a_small_part_that_is_not_the_last_is_refused(cloud: Sandbox):
    s3 = cloud.client("s3")
    where = {"Bucket": "filings", "Key": "small-parts"}
    where["UploadId"] = s3.create_multipart_upload(**where)["UploadId"]
    etags = [s3.upload_part(**where, PartNumber=number, Body=b"x")["ETag"] for number in (1, 2)]
    with pytest.raises(ClientError) as refused:
        s3.complete_multipart_upload(
            **where, MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in enumerate(etags, 1)]}
        )
    assert code(refused) == "EntityTooSmall"


def test_r2_wants_parts_of_one_length(cloud: Sandbox):
    r2 = cloud.client("r2")
    where = {"Bucket": "filings", "Key": "uneven"}
    where["UploadId"] = r2.create_multipart_upload(**where)["UploadId"]
    sizes = [5 * MEBIBYTE, 6 * MEBIBYTE, 1]
    etags = [r2.upload_part(**where, PartNumber=n, Body=bytes(size))["ETag"] for n, size in enumerate(sizes, 1)]
    with pytest.raises(ClientError) as refused:
        r2.complete_multipart_upload(
            **where, MultipartUpload={"Parts": [{"PartNumber": n, "ETag": e} for n, e in enumerate(etags, 1)]}
        )
    assert code(refused) == "InvalidPart"


def test_ranges_copies_streams_and_deletes_work(cloud: Sandbox, store: S3Store):
    s3 = cloud.client("s3")
    s3.upload_fileobj(io.BytesIO(b"0123456789"), "filings", "stream")
    assert bytes(obstore.get_range(store, "stream", start=2, length=3)) == b"234"
    assert s3.get_object(Bucket="filings", Key="stream", Range="bytes=-2")["Body"].read() == b"89"
    s3.copy_object(Bucket="filings", Key="copy", CopySource="filings/stream")
    s3.delete_objects(Bucket="filings", Delete={"Objects": [{"Key": "stream"}, {"Key": "never-was"}]})
    assert obstore.get(store, "copy").bytes() == b"0123456789"
    with pytest.raises(FileNotFoundError):
        obstore.head(store, "stream")


def test_the_same_put_again_counts_but_does_not_touch_the_file(cloud: Sandbox, store: S3Store):
    obstore.put(store, "same", b"x")
    file = cloud.folder / "s3" / "filings" / "same"
    before, written = cloud.object_counts()["s3"]["filings"], file.stat().st_mtime_ns
    obstore.put(store, "same", b"x")
    after = cloud.object_counts()["s3"]["filings"]
    assert (after["puts"] - before["puts"], after["changes"] - before["changes"]) == (1, 0)
    assert file.stat().st_mtime_ns == written


def test_a_file_that_a_person_changes_is_served_as_it_is_now(cloud: Sandbox, store: S3Store):
    etag = obstore.put(store, "edited", b"good")["e_tag"]
    (cloud.folder / "s3" / "filings" / "edited").write_bytes(b"corrupt")
    assert obstore.get(store, "edited").bytes() == b"corrupt"
    assert obstore.head(store, "edited")["e_tag"] != etag


def test_a_browser_may_look_but_not_write(cloud: Sandbox, store: S3Store):
    obstore.put(store, "seen", b"x")
    with urllib.request.urlopen(f"{cloud.aws_url}/filings/seen") as answer:
        assert answer.read() == b"x"
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(urllib.request.Request(f"{cloud.aws_url}/filings/seen", b"y", method="PUT"))


def test_ordered_slow_downs_hit_the_keys_they_are_meant_for(cloud: Sandbox):
    cloud.fault("object", key="slow/", method="PUT", times=1)
    s3 = cloud.client("s3")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket="filings", Key="slow/x", Body=b"x")
    assert code(refused) == "SlowDown"
    s3.put_object(Bucket="filings", Key="slow/x", Body=b"x")


# -- across restarts, without a server


def write(store: ObjectStore, key: str, body: bytes, etag: str, **told: object) -> None:
    file = store.new_file()
    file.write_bytes(body)
    store.commit("b", key, file, Entry(len(body), 0, etag, **told))


def test_the_next_start_finds_all_objects_with_their_etags_and_metadata(tmp_path: Path):
    first = ObjectStore(tmp_path / "s3", tmp_path / "side")
    first.create_bucket("b")
    write(first, "a/1", b"one", "etag-of-parts-2", content_type="zst", metadata={"k": "v"})
    write(first, "a/2", b"two", "e2")
    first.delete("b", "a/2")
    first.close()
    again = ObjectStore(tmp_path / "s3", tmp_path / "side")
    assert list(again.bucket("b").keys("", "")) == ["a/1"]
    entry = again.get("b", "a/1")
    assert (entry.etag, entry.content_type, entry.metadata) == ("etag-of-parts-2", "zst", {"k": "v"})
    again.close()


def test_files_changed_or_added_while_it_was_down_are_taken_as_they_are(tmp_path: Path):
    first = ObjectStore(tmp_path / "s3", tmp_path / "side")
    first.create_bucket("b")
    write(first, "kept", b"one", "multipart-1", content_type="zst")
    first.close()
    (tmp_path / "s3" / "b" / "kept").write_bytes(b"edited")
    (tmp_path / "s3" / "b" / "added").write_bytes(b"new")
    again = ObjectStore(tmp_path / "s3", tmp_path / "side")
    assert again.get("b", "kept").etag == hashlib.md5(b"edited").hexdigest()
    assert again.get("b", "kept").content_type == "zst"
    assert again.get("b", "added").size == 3
    again.close()


def test_a_journal_whose_last_line_broke_off_is_read_as_far_as_it_goes(tmp_path: Path):
    first = ObjectStore(tmp_path / "s3", tmp_path / "side")
    first.create_bucket("b")
    write(first, "a", b"one", "e1")
    first.close()
    with (tmp_path / "side" / "journal.jsonl").open("a") as journal:
        journal.write('{"bucket": "b", "ke')
    again = ObjectStore(tmp_path / "s3", tmp_path / "side")
    assert again.get("b", "a").etag == "e1"
    again.close()


@pytest.mark.parametrize("key", ["../x", "a//b", "a/./b", "a/"])
def test_a_key_that_cannot_be_a_path_is_refused(tmp_path: Path, key: str):
    store = ObjectStore(tmp_path / "s3", tmp_path / "side")
    store.create_bucket("b")
    with pytest.raises(S3Error, match="cannot be a path"):
        store.find("b", key)
    store.close()


def test_a_key_inside_another_key_is_refused_with_a_reason(tmp_path: Path):
    store = ObjectStore(tmp_path / "s3", tmp_path / "side")
    store.create_bucket("b")
    write(store, "a", b"one", "e1")
    with pytest.raises(S3Error, match="folder of, or in, another key"):
        write(store, "a/b", b"two", "e2")
    assert not list(store.incoming.iterdir())
    store.close()
