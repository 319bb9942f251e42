"""Objects in parts and ranges, on stores that hold to S3's and R2's rules: whole or not at all, whatever happens."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from obstore.exceptions import BaseError

from filings.archive.compression import CorruptObject, compress, expand
from filings.archive.large_objects import PART, ObjectChanged
from filings.archive.storage import NotFound, Store
from sandbox.cloud import Sandbox

DATA = Random(1).randbytes(2 * PART + PART // 3)


@pytest.fixture(autouse=True)
def no_faults_left(cloud: Sandbox) -> Iterator[None]:
    yield
    cloud.clear_faults()


def uploads(cloud: Sandbox, service: str = "r2") -> list[Any]:
    """What was begun and not ended."""
    return list(cloud.client(service).list_multipart_uploads(Bucket="filings").get("Uploads", []))


def pieces(data: bytes, *steps: int) -> Iterator[bytes]:
    position, number = 0, 0
    while position < len(data):
        step = steps[number % len(steps)]
        yield data[position : position + step]
        position, number = position + step, number + 1


def read(store: Store, key: str) -> bytes:
    source = asyncio.run(store.aopen(key)).content
    return b"".join(iter(lambda: bytes(source.read()), b""))


@pytest.mark.parametrize("service", ["s3", "r2"])
@pytest.mark.parametrize("steps", [(512, 700_000), (len(DATA),), (PART, 1, PART - 1)])
def test_an_object_in_pieces_is_the_same_as_in_one(s3: Store, r2: Store, service: str, steps: tuple[int, ...]) -> None:
    store = {"s3": s3, "r2": r2}[service]
    size = asyncio.run(store.aput_pieces("a/k", pieces(DATA, *steps), "application/x-tar"))
    assert size == len(DATA)
    assert store.get("a/k") == DATA
    assert read(store, "a/k") == DATA


def test_every_way_of_putting_a_large_object_is_in_parts_that_the_store_takes(s3: Store, r2: Store) -> None:
    for store in (s3, r2):
        asyncio.run(store.aput("one", DATA + b"x" * PART))
        store.put("two", DATA + b"x" * PART)
        heads = [store.head(key) for key in ("one", "two")]
        assert [head and head.etag.strip('"').partition("-")[2] for head in heads] == ["4", "4"]
        assert store.get("one") == store.get("two") == DATA + b"x" * PART


def test_where_making_the_pieces_fails_nothing_is_left(cloud: Sandbox, r2: Store) -> None:
    def failing() -> Iterator[bytes]:
        yield from pieces(DATA, PART)
        raise CorruptObject("r2://filings/x", "torn")

    with pytest.raises(CorruptObject, match="torn"):
        asyncio.run(r2.aput_pieces("k", failing()))
    assert (r2.head("k"), uploads(cloud)) == (None, [])


def test_where_the_store_refuses_a_part_nothing_is_left(cloud: Sandbox, r2: Store) -> None:
    cloud.fault("object", key="/k", endpoint="r2", operation="UploadPart", status=400, code="BadDigest", times=-1)
    with pytest.raises(BaseError, match="400"):
        asyncio.run(r2.aput_pieces("k", pieces(DATA, PART)))
    assert (r2.head("k"), uploads(cloud)) == (None, [])


def test_an_upload_that_is_given_up_is_aborted(cloud: Sandbox, r2: Store) -> None:
    async def story() -> None:
        begun = asyncio.Event()
        loop = asyncio.get_running_loop()

        def endless() -> Iterator[bytes]:
            while True:
                yield DATA[:PART]
                loop.call_soon_threadsafe(begun.set)

        work = asyncio.create_task(r2.aput_pieces("k", endless()))
        await begun.wait()
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work
        assert (r2.head("k"), uploads(cloud)) == (None, [])

    asyncio.run(story())


@pytest.mark.parametrize("operation", ["CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"])
@pytest.mark.parametrize("fault", [{"status": 503}, {"what": "reset"}, {"what": "reset", "after": True}], ids=str)
def test_a_bad_moment_of_the_store_costs_only_time(
    cloud: Sandbox, r2: Store, operation: str, fault: dict[str, Any]
) -> None:
    cloud.fault("object", key="/k", endpoint="r2", operation=operation, **fault)
    asyncio.run(r2.aput_pieces("k", pieces(DATA, PART)))
    assert r2.get("k") == DATA


def test_an_object_is_read_range_by_range_and_a_range_cut_short_is_had_again(cloud: Sandbox, s3: Store) -> None:
    s3.put("k", DATA)
    cloud.fault("object", key="/k", what="cut", bytes=PART // 2, skip=2, times=2, method="GET")
    assert hashlib.sha256(read(s3, "k")).digest() == hashlib.sha256(DATA).digest()


def test_an_object_that_is_replaced_while_it_is_read_is_no_mixture(s3: Store) -> None:
    s3.put("k", DATA)
    source = asyncio.run(s3.aopen("k")).content
    source.read()
    s3.put("k", DATA[::-1])
    with pytest.raises(ObjectChanged, match="k was changed"):
        source.read()
    with pytest.raises(NotFound, match="s3://filings/none"):
        asyncio.run(s3.aopen("none"))


@pytest.mark.parametrize("size", [5_000, 3 << 20])
def test_a_byte_that_changed_in_the_bucket_is_found_when_it_is_read(cloud: Sandbox, r2: Store, size: int) -> None:
    content = Random(2).randbytes(size)
    packed = compress(content)
    r2.put("k", packed)
    file = cloud.folder / "r2/filings/k"
    for place in (len(packed) // 2, len(packed) - 1):
        damaged = bytearray(packed)
        damaged[place] ^= 1
        file.write_bytes(damaged)
        opened = asyncio.run(r2.aopen("k"))
        assert opened.plain_size == size
        with pytest.raises(CorruptObject, match="r2://filings/k is corrupt"):
            expand(opened.content, opened.plain_size, r2.uri("k"))
    file.write_bytes(packed)
    opened = asyncio.run(r2.aopen("k"))
    assert expand(opened.content, opened.plain_size, r2.uri("k")) == content
