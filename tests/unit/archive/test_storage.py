from __future__ import annotations

import asyncio
import base64
import hashlib
from collections.abc import Iterator
from typing import Any

import pytest

from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.storage import Conflict, NotFound, Store
from sandbox.cloud import Sandbox


@pytest.fixture(autouse=True)
def no_faults_left(cloud: Sandbox) -> Iterator[None]:
    yield
    cloud.clear_faults()


def test_what_is_put_is_got_with_its_metadata(s3: Store) -> None:
    etag = s3.put("a/b.json.zst", b"123", metadata={"last-delta": "x"})
    head = s3.head("a/b.json.zst")
    assert head is not None
    assert (head.etag, head.size, dict(head.metadata)) == (etag, 3, {"last-delta": "x"})
    assert s3.get("a/b.json.zst") == b"123"


def test_an_object_that_is_not_there_is_named(s3: Store) -> None:
    with pytest.raises(NotFound, match="s3://filings/no/such"):
        s3.get("no/such")
    assert s3.get_or_none("no/such") is None
    assert s3.head("no/such") is None
    assert s3.get_with_etag("no/such") is None


def test_an_empty_object_is_no_missing_one(s3: Store) -> None:
    asyncio.run(s3.aput("empty", b""))
    assert asyncio.run(s3.aget("empty")) == s3.get("empty") == b""
    assert asyncio.run(s3.aopen("empty")).size == 0


def test_of_two_writers_one_is_told(s3: Store) -> None:
    assert s3.create("k", b"1")
    assert not s3.create("k", b"2")
    held = s3.get_with_etag("k")
    assert held is not None
    s3.replace("k", b"3", held[1])
    with pytest.raises(Conflict, match="another writer"):
        s3.replace("k", b"4", held[1])
    assert s3.get("k") == b"3"


def test_the_same_content_is_not_written_again(s3: Store) -> None:
    assert s3.put_zst("k.zst", b"content")
    assert not s3.put_zst("k.zst", b"content")
    assert s3.put_zst("k.zst", b"other")


def test_keys_are_listed_in_order_from_where_one_says(s3: Store) -> None:
    for name in "cab":
        s3.put(f"x/{name}", b"1")
    assert [key for key, _ in s3.list("x/")] == ["x/a", "x/b", "x/c"]
    assert [key for key, _ in s3.list("x/", "x/a")] == ["x/b", "x/c"]


@pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: b"x" + d, lambda d: d[:8] + b"\xff\xff" + d[10:]])
def test_a_damaged_object_is_an_error_that_names_it(damage: object) -> None:
    data = compress(b"some content" * 100)
    with pytest.raises(CorruptObject, match="s3://b/k is corrupt"):
        decompress(damage(data), "s3://b/k")  # type: ignore[operator]


def test_frames_one_after_the_other_are_one_content() -> None:
    assert decompress(compress(b"a") + compress(b"b"), "k") == b"ab"


@pytest.mark.parametrize("fault", [{"status": 500}, {"what": "reset"}], ids=["500", "reset"])
def test_a_write_whose_answer_was_lost_is_no_other_writers(cloud: Sandbox, s3: Store, fault: dict[str, Any]) -> None:
    cloud.fault("object", key="/k", method="PUT", after=True, **fault)
    assert s3.create("k", b"1")
    assert not s3.create("k", b"2")
    held = s3.get_with_etag("k")
    assert held is not None
    cloud.fault("object", key="/k", method="PUT", after=True, **fault)
    etag = s3.replace("k", b"3", held[1], metadata={"a": "b"})
    assert s3.get_with_etag("k") == (b"3", etag)
    with pytest.raises(Conflict):
        s3.replace("k", b"3", held[1], metadata={"a": "c"})


def test_an_answer_that_breaks_off_is_had_again_and_never_short(cloud: Sandbox, s3: Store) -> None:
    data = bytes(range(256)) * 2000
    s3.put("k", data)
    cloud.fault("object", key="/k", method="GET", what="cut", bytes=1000, times=3)
    assert s3.get("k") == data
    cloud.fault("object", key="/k", method="GET", what="cut", bytes=1000, times=3)
    assert asyncio.run(s3.aget("k")) == data


def test_what_is_sent_carries_a_checksum_that_the_store_verifies(cloud: Sandbox, s3: Store) -> None:
    asyncio.run(s3.aput("k", b"content"))
    answer = cloud.client("s3").head_object(Bucket="filings", Key="k", ChecksumMode="ENABLED")
    assert base64.b64decode(answer["ChecksumSHA256"]) == hashlib.sha256(b"content").digest()
