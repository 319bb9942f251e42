from __future__ import annotations

import hashlib
import io
import tarfile
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.archive import pack
from filings.edgar import sgml
from submissions import read_submission


def made(*documents: tuple[str, bytes]) -> sgml.Submission:
    return sgml.Submission(
        "0000000001-20-000001",
        "8-K",
        {"type": "8-K"},
        [sgml.Document("8-K", str(n), name, "", "text", content) for n, (name, content) in enumerate(documents, 1)],
    )


def check(submission: sgml.Submission) -> None:
    packed = pack.pack(submission)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = tar.getmembers()
        assert members[0].name == pack.METADATA
        about = orjson.loads(tar.extractfile(members[0]).read())  # type: ignore[union-attr]
        assert len(members) == len(submission.documents) + 1
        for member, told, document in zip(members[1:], about["documents"], submission.documents, strict=True):
            content = tar.extractfile(member).read()  # type: ignore[union-attr]
            assert content == bytes(document.content)
            assert content == packed[told["start_byte"] : told["end_byte"]]
            assert told["sha256"] == hashlib.sha256(content).hexdigest()
            assert (told["name"], told["filename"]) == (member.name, document.filename)
    assert about == pack.metadata(submission)


@given(st.lists(st.tuples(st.text(max_size=150), st.binary(max_size=2000)), max_size=12))
def test_every_document_is_where_the_metadata_says(documents: list[tuple[str, bytes]]) -> None:
    check(made(*documents))


@given(st.lists(st.one_of(st.text(max_size=200), st.sampled_from(["A.htm", "a.htm", "metadata.json", ".."]))))
def test_names_are_safe_and_unique(filenames: list[str]) -> None:
    names = pack.safe_names(filenames)
    assert len({name.lower() for name in names}) == len(filenames)
    for name in names:
        assert name.isascii() and 0 < len(name) <= 100
        assert not set(name) & set("/\\\0\r\n") and name not in (".", "..") and name.lower() != "metadata.json"


@pytest.mark.parametrize(
    ("filed", "name"),
    [
        ("../../etc/passwd", "passwd"),
        ("/abs.htm", "abs.htm"),
        ("c:\\x\\y.htm", "y.htm"),
        ("", "document-1.txt"),
        ("a\0b.htm", "a_b.htm"),
    ],
)
def test_names_that_try_to_leave_the_tar_are_made_safe(filed: str, name: str) -> None:
    assert pack.safe_names([filed]) == [name]


def test_the_same_submission_gives_the_same_bytes() -> None:
    assert pack.pack(made(("a.htm", b"x"))) == pack.pack(made(("a.htm", b"x")))


def test_real_submissions_are_packed_whole(real_data: Path, real_index: list[dict[str, str]]) -> None:
    for known in real_index[::7]:
        check(sgml.parse(read_submission(real_data / known["file"])))
