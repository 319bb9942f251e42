from __future__ import annotations

import binascii
import hashlib
import io
import subprocess
import tarfile
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from random import Random

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.archive import pack, ustar
from filings.edgar import document as document_module
from filings.edgar import sgml

NAMES = st.one_of(st.text(max_size=150), st.sampled_from(["A.htm", "a.htm", "metadata.json", "..", "x" * 200, "../a"]))


def uuencoded(data: bytes) -> bytes:
    lines = b"".join(binascii.b2a_uu(data[start : start + 45]) for start in range(0, len(data), 45))
    return b"begin 644 a.bin\n" + lines + b"`\nend"


def made(*documents: tuple[str, bytes], encoding: str = "text") -> sgml.Submission:
    parts = [sgml.Document("EX", str(n), name, "", encoding, content) for n, (name, content) in enumerate(documents, 1)]
    return sgml.Submission("0000000001-20-000001", "8-K", {"type": "8-K"}, parts)


def by_tarfile(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in members:
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return out.getvalue()


@given(st.lists(st.tuples(NAMES, st.binary(max_size=3000)), max_size=12))
def test_a_tar_is_to_the_byte_what_the_standard_library_writes(documents: list[tuple[str, bytes]]) -> None:
    packed = pack.pack(made(*documents))
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = [(member.name, tar.extractfile(member).read()) for member in tar]  # type: ignore[union-attr]
    assert packed == by_tarfile(members)


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 8 * 1024**3 - 1])
@pytest.mark.parametrize("name", ["a", "a" * 100, "metadata.json"])
def test_a_header_is_what_the_standard_library_writes(name: str, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size = size
    assert ustar.header(name, size) == member.tobuf(tarfile.USTAR_FORMAT)


@pytest.mark.parametrize(("name", "size"), [("", 1), ("a" * 101, 1), ("a", 8 * 1024**3)])
def test_what_does_not_fit_into_a_header_is_refused(name: str, size: int) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        ustar.header(name, size)


@given(st.lists(st.tuples(NAMES, st.binary(max_size=3000)), max_size=8), st.integers(1, 20_000))
def test_streamed_or_whole_the_bytes_are_the_same(documents: list[tuple[str, bytes]], piece: int) -> None:
    submission = made(*documents)
    packed = pack.pack(submission)
    assert b"".join(pack.stream(submission, piece)) == packed
    assert pack.size(submission) == len(packed)


@given(st.binary(max_size=5000), st.integers(1, 4000))
def test_a_large_part_decoded_in_pieces_gives_the_same_bytes(data: bytes, piece: int) -> None:
    submission = made(("a.bin", uuencoded(data)), encoding="uuencode")
    (document,) = submission.documents
    document.keeps = False
    packed = b"".join(pack.stream(submission, piece))
    assert b"".join(document.pieces(piece)) == data == document.content
    assert (document.size, document.sha256) == (len(data), hashlib.sha256(data).hexdigest())
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        assert tar.extractfile(tar.getmembers()[1]).read() == data  # type: ignore[union-attr]


def test_packing_a_large_submission_takes_memory_of_a_few_pieces() -> None:
    picture = uuencoded(Random(1).randbytes(1 << 20) * 40)
    raw = b"<SUBMISSION>\n<ACCESSION-NUMBER>0000000001-20-000001\n" + b"".join(
        b"<DOCUMENT>\n<TYPE>EX\n<SEQUENCE>1\n<FILENAME>%s\n<TEXT>\n%s\n</TEXT>\n</DOCUMENT>\n" % part
        for part in ((b"a.jpg", picture), (b"b.txt", b"words and more words\n" * (2 << 20)))
    )
    del picture
    tracemalloc.start()
    submission = sgml.parse(raw)
    sent, digest = 0, hashlib.sha256()
    for piece in pack.stream(submission, 4 << 20):
        sent += len(piece)
        digest.update(piece)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sent == pack.size(submission) > 80 << 20
    assert digest.digest() == hashlib.sha256(pack.pack(submission)).digest()
    assert peak < 20 << 20, f"{peak:,} bytes"


def test_documents_are_hashed_once_however_often_they_are_described(monkeypatch: pytest.MonkeyPatch) -> None:
    hashed = []
    original = hashlib.sha256

    def counting(*given: bytes) -> object:
        hashed.append(1)
        return original(*given)

    submission = made(("a.htm", b"x" * 5000), ("b.htm", b"y" * 5000))
    monkeypatch.setattr(document_module.hashlib, "sha256", counting)
    pack.metadata(submission)
    pack.pack(submission)
    list(pack.stream(submission))
    assert len(hashed) == len(submission.documents)


def lookups(filenames: list[str]) -> int:
    """How often the naming of documents asked whether a name is taken."""
    asked = 0

    class Taken(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal asked
            asked += 1
            return super().__contains__(name)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pack, "_Taken", Taken)
        assert len({name.lower() for name in pack.safe_names(filenames)}) == len(filenames)
    return asked


@pytest.mark.parametrize(
    "names",
    [
        lambda count: ["a.htm"] * count,
        lambda count: ["a.htm", "A.HTM"] * (count // 2),
        lambda count: ["x" * 200 + ".htm"] * count,
        lambda count: ["x" * 97 + f"{number:03}" for number in range(count // 2)] * 2,
        lambda count: ["metadata.json", ""] * (count // 2),
    ],
)
def test_naming_takes_work_in_proportion_to_the_documents(names: Callable[[int], list[str]]) -> None:
    assert lookups(names(1000)) <= 2 * lookups(names(500)) + 10


def test_tar_itself_lists_and_unpacks_it(tmp_path: Path) -> None:
    names = ["../../out.htm", "/abs.htm", "a\0b.htm", "a.htm", "A.HTM", "metadata.json", "...", "ünï.htm", "x" * 300]
    archive = tmp_path / "a.tar"
    archive.write_bytes(pack.pack(made(*[(name, name.encode()) for name in names])))
    into = tmp_path / "into"
    into.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", into], check=True)
    unpacked = sorted(path.name for path in tmp_path.rglob("*") if path.is_file())
    about = orjson.loads((into / "metadata.json").read_bytes())
    assert unpacked == sorted(["a.tar", "metadata.json", *(told["name"] for told in about["documents"])])
    for told, name in zip(about["documents"], names, strict=True):
        assert told["filename"] == name
        assert (into / told["name"]).read_bytes() == name.encode()
