"""What is done with a damaged file, and the whole ones that are damaged."""

from __future__ import annotations

import io
import tarfile
from datetime import date
from random import Random

import orjson

from bench.measure import corpus
from filings.archive import pack
from filings.edgar import header, sgml
from sandbox.generate.make import make, next_business_day
from submissions import read_submission

_SMALL, _MEDIUM = 24 << 10, 300 << 10
_BLOCK = 512
_SAFE = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+()@=,~ -")


def submissions(rng: Random) -> list[bytes]:
    """Small ones mostly, some of medium size: the corpus' where there is one, generated ones besides."""
    days = [next_business_day(date(2025, 3, 1))]
    found = [make(11, number, days, plain=False).data for number in range(60)]
    folder = corpus()
    if folder is not None:
        paths = sorted(folder.glob("*.zst"), key=lambda path: (path.stat().st_size, path.name))
        found += [read_submission(path) for path in paths[:90]]
    small = [data for data in found if len(data) <= _SMALL]
    medium = [data for data in found if _SMALL < len(data) <= _MEDIUM]
    return small * 3 + rng.sample(medium, min(len(medium), len(small) // 6))


def take_apart(data: bytes, thorough: bool) -> None:
    """Parse, read the header, pack, and read the tar back; raises AssertionError for what is not as it should be."""
    try:
        submission = sgml.parse(data, accession="0000000001-20-000001")
    except sgml.NotASubmission:
        return
    header.entities(submission.header)
    packed = pack.pack(submission)
    about = _read_back(packed, submission)
    if thorough:
        _read_with_tarfile(packed, submission)
        assert b"".join(pack.stream(submission, 10_000)) == packed
        assert about["accession"] == submission.accession


def _read_back(packed: bytes, submission: sgml.Submission) -> dict[str, object]:
    """Walk the tar: plain files only, names that stay where they are put, contents where the metadata says."""
    assert len(packed) % 10_240 == 0
    position, names = 0, []
    while packed[position]:
        block = packed[position : position + _BLOCK]
        name = block[:100].rstrip(b"\0")
        assert block[156:157] == b"0" and not block[157:257].strip(b"\0"), "not a plain file"
        assert block[257:263] == b"ustar\0" and not block[345:500].strip(b"\0"), "not a plain ustar header"
        assert name and set(name) <= _SAFE and name not in (b".", b"..") and name != b"", name
        assert int(block[148:154], 8) == sum(block) - sum(block[148:156]) + 8 * 32, "wrong sum"
        size = int(block[124:135], 8)
        names.append((name.decode(), position + _BLOCK, position + _BLOCK + size))
        position += _BLOCK + size + -size % _BLOCK
    assert not packed[position:].strip(b"\0") and len(packed) - position >= 2 * _BLOCK
    assert len({name.lower() for name, _, _ in names}) == len(names) == len(submission.documents) + 1
    assert names[0][0] == pack.METADATA
    about: dict[str, object] = orjson.loads(packed[names[0][1] : names[0][2]])
    told = [(each["name"], each["start_byte"], each["end_byte"]) for each in about["documents"]]  # type: ignore[attr-defined]
    assert told == names[1:]
    return about


def _read_with_tarfile(packed: bytes, submission: sgml.Submission) -> None:
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        members = tar.getmembers()
        assert all(member.isreg() for member in members)
        for member, document in zip(members[1:], submission.documents, strict=True):
            file = tar.extractfile(member)
            assert file is not None and file.read() == bytes(document.content)
