"""A submission read back from its tar is the one that was packed, and no more of the tar is fetched than is wanted."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.archive import keys, pack, unpack
from filings.archive.compression import CorruptObject, compress
from filings.archive.large_objects import PART, Begun, ObjectChanged
from filings.archive.memory import Threads
from filings.archive.sources import Submissions, Tars, with_wanted
from filings.archive.storage import NotFound, Store
from filings.archive.unpack import Wants
from filings.edgar import sgml
from pipeline.steps import accession, small_filing
from submissions import read_submission

NAME = accession(1)
WANTS: dict[str, Wants] = {
    "all": lambda position, type, filename: True,
    "main": lambda position, type, filename: position == 1,
    "xml": lambda position, type, filename: filename.lower().endswith(".xml"),
    "none": lambda position, type, filename: False,
}


class Bytes(Begun):
    """A tar in memory of which the beginning is here; it remembers what was fetched besides."""

    def __init__(self, content: bytes, here: int) -> None:
        super().__init__(None, "x.tar", content[:here], len(content), "etag")  # type: ignore[arg-type]
        self.content, self.asked = content, []  # type: list[tuple[int, int]]

    async def _part(self, first: int, last: int) -> bytes:
        self.asked.append((first, last))
        return self.content[first:last]


def read(begun: Begun, name: str, wants: Wants) -> sgml.Submission:
    async def story() -> sgml.Submission:
        tar = await unpack.begin(begun, "r2://x.tar", name, wants)
        return tar.submission(await tar.fetch())

    return asyncio.run(story())


def told(submission: sgml.Submission) -> dict[str, Any]:
    return {
        "accession": submission.accession,
        "form": submission.form,
        "header": submission.header,
        "truncated": submission.truncated,
        "variant": submission.variant,
        "documents": [
            (d.type, d.sequence, d.filename, d.description, d.encoding, d.size, d.sha256) for d in submission.documents
        ],
    }


def test_every_real_submission_comes_back_as_it_was(real_data: Path, real_index: list[dict[str, str]]) -> None:
    small = [entry for entry in real_index if int(entry["bytes"]) < 3_000_000]
    for n, entry in enumerate(small):
        raw = read_submission(real_data / entry["file"])
        content = pack.pack(sgml.parse(raw, accession=entry["accession"]))
        wants = list(WANTS.values())[n % len(WANTS)]
        whole = sgml.parse(raw, accession=entry["accession"])
        for here in (len(content), 2048):
            back = read(Bytes(content, here), whole.accession, wants)
            assert told(back) == told(with_wanted(sgml.parse(raw, accession=entry["accession"]), wants)), entry["file"]


def submission(*sizes: int) -> sgml.Submission:
    parts = [
        sgml.Document("EX-1", str(n), f"d{n}.xml", "", "text", bytes([65 + n % 26]) * size)
        for n, size in enumerate(sizes, 1)
    ]
    return sgml.Submission(NAME, "8-K", {"type": "8-K"}, parts)


@given(
    st.lists(st.integers(0, 600_000), max_size=8),
    st.sets(st.integers(1, 8)),
    st.integers(512, 700_000),
)
def test_whatever_is_wanted_is_there_and_little_else_is_fetched(sizes: list[int], chosen: set[int], here: int) -> None:
    content = pack.pack(submission(*sizes))
    tar = Bytes(content, here)
    back = read(tar, NAME, lambda position, type, filename: position in chosen)
    places = sorted(n for n in chosen if n <= len(sizes))
    assert [bytes(d.content) for d in back.documents] == [bytes([65 + n]) * sizes[n - 1] for n in places]
    metadata = 512 * (len(sizes) + 1)
    most = metadata + sum(sizes[n - 1] for n in places) + len(places) * (256 << 10)
    assert sum(last - first for first, last in tar.asked) <= most


def test_neighbours_come_with_one_request_and_what_lies_apart_does_not() -> None:
    assert unpack.joined([(0, 10), (1000, 2000), (5_000_000, 5_000_001)]) == [(0, 2000), (5_000_000, 5_000_001)]
    tar = Bytes(pack.pack(submission(30_000, 30_000, 3_000_000, 30_000)), 2048)
    read(tar, NAME, lambda position, type, filename: position != 3)
    assert len(tar.asked) == 2


def test_a_tar_of_a_megabyte_comes_with_one_request_and_a_large_one_in_parts(r2: Store) -> None:
    for size in (1000, 3 * PART + 5):
        packed = submission(size, 7)
        r2.put(keys.object_key(keys.TAR, NAME), pack.pack(packed))

        async def story(packed: sgml.Submission = packed) -> None:
            opened = await Tars(r2, WANTS["all"]).open(NAME)
            assert opened.size == sum(d.size for d in packed.documents)
            back = await opened.read(Threads(1))
            assert told(back) == told(packed)

        asyncio.run(story())


def test_metadata_may_be_longer_than_what_comes_first(r2: Store) -> None:
    packed = submission(*[10] * 6000)
    assert len(pack.pack(packed)) > 1 << 20
    r2.put(keys.object_key(keys.TAR, NAME), pack.pack(packed))

    async def story() -> sgml.Submission:
        return await (await Tars(r2, WANTS["all"]).open(NAME)).read(Threads(1))

    assert told(asyncio.run(story())) == told(packed)


def test_binary_documents_come_decoded_and_say_how_they_were_filed() -> None:
    packed = submission(10)
    content = bytes(range(256)) * 3
    packed.documents.append(sgml.Document.decoded("GRAPHIC", "2", "a.gif", "", "uuencode", content))
    back = read(Bytes(pack.pack(packed), 512), NAME, WANTS["all"]).documents[1]
    assert (back.encoding, bytes(back.content), b"".join(back.pieces(100))) == ("uuencode", content, content)


def damaged(how: str) -> bytes:
    content = bytearray(pack.pack(submission(2000, 3000)))
    if how == "a letter of a document":
        content[content.rindex(b"C")] ^= 1
    if how == "its first byte":
        content[0] ^= 1
    if how == "its metadata":
        content[520] = 0
    if how == "cut off in a document":
        del content[4000:]
    if how == "cut off in the metadata":
        del content[600:]
    if how == "empty":
        content.clear()
    if how == "no metadata of ours":
        content[:] = pack.pack(sgml.Submission(NAME, "8-K", {}, [])).replace(b'"documents"', b'"dokuments"')
    if how == "of another filing":
        content[:] = pack.pack(sgml.Submission(accession(2), "8-K", {}, []))
    return bytes(content)


@pytest.mark.parametrize(
    "how",
    [
        "a letter of a document",
        "its first byte",
        "its metadata",
        "cut off in a document",
        "cut off in the metadata",
        "empty",
        "no metadata of ours",
        "of another filing",
    ],
)
def test_a_tar_that_is_not_what_was_packed_is_found_out(how: str) -> None:
    content = damaged(how)
    with pytest.raises(CorruptObject, match=r"r2://x\.tar"):
        read(Bytes(content, 2048), NAME, WANTS["all"])


def test_a_tar_that_is_written_anew_while_it_is_read_is_no_mixture(r2: Store) -> None:
    key = keys.object_key(keys.TAR, NAME)
    r2.put(key, pack.pack(submission(2 << 20)))

    async def story() -> None:
        opened = await Tars(r2, WANTS["all"]).open(NAME)
        r2.put(key, pack.pack(submission(3 << 20)))
        with pytest.raises(ObjectChanged):
            await opened.read(Threads(1))

    asyncio.run(story())


def test_the_two_archives_give_the_same_submission(r2: Store) -> None:
    r2.put(keys.object_key(keys.SGML, NAME), compress(small_filing(1)))
    r2.put(keys.object_key(keys.TAR, NAME), pack.pack(sgml.parse(small_filing(1))))

    async def story(wants: Wants) -> list[dict[str, Any]]:
        opened = [await archive(r2, wants).open(NAME) for archive in (Tars, Submissions)]
        return [told(await one.read(Threads(1))) for one in opened]

    for wants in WANTS.values():
        by_tar, by_sgml = asyncio.run(story(wants))
        assert by_tar == by_sgml


def test_an_empty_object_is_broken_and_none_is_none(r2: Store) -> None:
    r2.put(keys.object_key(keys.TAR, NAME), b"")
    with pytest.raises(CorruptObject):
        asyncio.run(Tars(r2, WANTS["all"]).open(NAME))
    with pytest.raises(NotFound):
        asyncio.run(Tars(r2, WANTS["all"]).open(accession(2)))
