from __future__ import annotations

import pytest

from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.storage import Conflict, NotFound, Store


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
