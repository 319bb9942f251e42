"""Appending by server-side copies, and conditions where two writers meet."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from filings.archive.storage import Conflict, Store
from filings.settings import Settings
from filings.warehouse import bulk as module
from filings.warehouse.bulk import LEAST_PART, Bulk

KEY = "large"


@pytest.mark.parametrize("size", [10, LEAST_PART - 1, LEAST_PART, LEAST_PART + 1, 12_345_678])
@pytest.mark.parametrize("tail", [b"", b"tail" * 100])
def test_an_append_leaves_the_old_bytes_then_the_new(s3: Store, bulk: Bulk, size: int, tail: bytes) -> None:
    before = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    s3.put(KEY, before, metadata={"rows": "1"})
    head = s3.head(KEY)
    assert head is not None
    bulk.append(KEY, head, tail, {"rows": "2"})
    after = s3.head(KEY)
    assert after is not None
    assert after.metadata["rows"] == "2"
    assert s3.get(KEY) == before + tail


@pytest.fixture(params=["s3", "r2"])
def either(request: pytest.FixtureRequest, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bulk]:
    """Both kinds of store: R2 takes parts of one length alone, but for the last."""
    if request.param == "s3":
        store, where = Store.s3(settings), settings
    else:
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)  # it keeps the keys that it was made with
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", str(settings.r2_access_key_id))
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", str(settings.r2_secret_access_key))
        store = Store.r2(settings)
        where = settings.model_copy(update={"aws_endpoint_url": settings.r2_endpoint_url, "aws_region": "auto"})
    yield Bulk(store, where)
    store.delete([KEY])


@pytest.mark.parametrize("keep", [LEAST_PART - 1, 3 * LEAST_PART + 2, 21_000_001])
@pytest.mark.parametrize("tail", [0, 1, 2 * LEAST_PART + 1])
def test_what_is_put_behind_a_kept_beginning_in_several_parts_is_whole(
    either: Bulk, keep: int, tail: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "COPIED_PART", LEAST_PART + 100_000)
    monkeypatch.setattr(module, "UPLOAD_PART", LEAST_PART)
    source = random.Random(keep)
    before, pieces = source.randbytes(21_000_001), [source.randbytes(tail // 3), source.randbytes(tail - tail // 3)]
    either.write(KEY, [before], {}, None)
    head = either.store.head(KEY)
    assert head is not None
    either.splice(KEY, head, keep, pieces, {"rows": "3"})
    after = either.store.head(KEY)
    assert after is not None
    assert after.metadata == {"rows": "3"}
    assert either.store.get(KEY) == before[:keep] + b"".join(pieces)


def test_an_append_to_a_large_object_uploads_the_tail_alone(
    s3: Store, bulk: Bulk, monkeypatch: pytest.MonkeyPatch
) -> None:
    s3.put(KEY, b"x" * (LEAST_PART * 2))
    sent: list[int] = []
    real = bulk._client.upload_part
    monkeypatch.setattr(bulk._client, "upload_part", lambda **k: sent.append(len(k["Body"])) or real(**k))
    monkeypatch.setattr(s3, "get", lambda key: pytest.fail("it was read"))
    head = s3.head(KEY)
    assert head is not None
    bulk.append(KEY, head, b"tail", {})
    assert sent == [4]


@pytest.mark.parametrize("size", [10, LEAST_PART + 10])
def test_an_append_to_what_another_has_changed_is_a_conflict(s3: Store, bulk: Bulk, size: int) -> None:
    s3.put(KEY, b"x" * size)
    head = s3.head(KEY)
    assert head is not None
    s3.put(KEY, b"y" * size)
    with pytest.raises(Conflict):
        bulk.append(KEY, head, b"tail", {})
    assert s3.get(KEY) == b"y" * size


@pytest.mark.parametrize("size", [10, 40 << 20])
def test_writing_where_something_is_already_is_a_conflict(s3: Store, bulk: Bulk, size: int) -> None:
    pieces = [b"z" * (10 << 20)] * (size // (10 << 20)) or [b"z" * size]
    bulk.write(KEY, pieces, {"rows": "7"}, None)
    head = s3.head(KEY)
    assert head is not None
    assert (head.size, head.metadata["rows"]) == (size, "7")
    with pytest.raises(Conflict):
        bulk.write(KEY, pieces, {}, None)
    bulk.write(KEY, [b"anew"], {}, head.etag)
    with pytest.raises(Conflict):
        bulk.write(KEY, pieces, {}, head.etag)
    assert s3.get(KEY) == b"anew"


def test_a_part_of_an_object_can_be_read(s3: Store, bulk: Bulk) -> None:
    etag = s3.put(KEY, b"0123456789")
    assert b"".join(bulk.chunks(KEY, etag, 3)) == b"3456789"
    assert b"".join(bulk.chunks(KEY, etag, 3, 5)) == b"34"
    assert b"".join(bulk.chunks(KEY, etag, 10, 10)) == b""
    s3.put(KEY, b"other")
    with pytest.raises(Conflict):
        b"".join(bulk.chunks(KEY, etag))
