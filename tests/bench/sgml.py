"""Taking submissions apart, and packing them: against the C parser secsgml2, and the tar writer of secsgml.

All get the same bytes from memory. Every uuencoded part is decoded within the time; text is given as a view by ours,
as a copy by the peer's, as each of them likes it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

import secsgml
import secsgml2

from bench.measure import Case, submissions
from filings.archive import pack
from filings.edgar import sgml

_SMALL = 64 << 10
_TIMES_SMALL = 8  # the small ones are few megabytes: a turn takes them so many times


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """The cases of SGML; the peer's tars are written to `scratch`, in memory where the machine has a /dev/shm."""
    everything = [raw for _, raw in submissions()]
    small = [raw for raw in everything if len(raw) < _SMALL]
    megabytes = sum(map(len, everything)) / 1e6
    tars = Path("/dev/shm") if Path("/dev/shm").is_dir() else scratch
    target = tars / f"{scratch.name}-peer.tar"
    _same_documents(everything)
    packable = [raw for raw in everything if _peer_packs(raw, target)]
    packed = sum(map(len, packable)) / 1e6

    def split() -> float:
        return megabytes / _seconds(_decode, everything)

    def split_with_header() -> float:
        return megabytes / _seconds(_decode_with_header, everything)

    def split_peer() -> float:
        return megabytes / _seconds(secsgml2.parse_sgml_content_into_memory, everything)

    def files() -> float:
        return len(small) * _TIMES_SMALL / _seconds(_decode_with_header, small * _TIMES_SMALL)

    def files_peer() -> float:
        return len(small) * _TIMES_SMALL / _seconds(secsgml2.parse_sgml_content_into_memory, small * _TIMES_SMALL)

    def tar() -> float:
        return packed / _seconds(_pack, packable)

    def tar_peer() -> float:
        return packed / _seconds(lambda raw: secsgml.write_sgml_file_to_tar(str(target), bytes_content=raw), packable)

    peer = "secsgml2 (C)"
    try:
        yield [
            Case("sgml_split_decode", "MB/s", peer, split, split_peer, rounds=9),
            Case("sgml_with_header", "MB/s", peer, split_with_header, split_peer, rounds=9),
            Case("sgml_small", "files/s", peer, files, files_peer, rounds=9),
            Case("sgml_to_tar", "MB/s", "secsgml's tar writer", tar, tar_peer),
        ]
    finally:
        target.unlink(missing_ok=True)


def _seconds(work: object, items: list[bytes]) -> float:
    started = perf_counter()
    for item in items:
        work(item)  # type: ignore[operator]
    return perf_counter() - started


def _decode(raw: bytes) -> sgml.Submission:
    submission = sgml.parse(raw)
    for document in submission.documents:
        document.content  # noqa: B018 - a uuencoded part is decoded when it is asked for
    return submission


def _decode_with_header(raw: bytes) -> sgml.Submission:
    submission = _decode(raw)
    submission.header  # noqa: B018 - as above
    return submission


def _pack(raw: bytes) -> bytes:
    return pack.pack(sgml.parse(raw))


def _same_documents(everything: list[bytes]) -> None:
    """Both did the work: nearly all documents are the same to the byte (the peer finds none in files of CR lines)."""
    same = total = 0
    for raw in everything:
        ours, theirs = _decode(raw).documents, secsgml2.parse_sgml_content_into_memory(raw)[1]
        total += len(ours)
        same += sum(bytes(a.content).strip() == b.strip() for a, b in zip(ours, theirs, strict=False))
    if same < total * 0.98:
        raise AssertionError(f"only {same:,} of {total:,} documents are the same as secsgml2's")


def _peer_packs(raw: bytes, target: Path) -> bool:
    """Whether the peer can pack a submission at all; then both have packed as many documents."""
    try:
        secsgml.write_sgml_file_to_tar(str(target), bytes_content=raw)
    except Exception:  # noqa: BLE001 - whatever it fails at, it has no time to compare
        return False
    with tarfile.open(target) as tar:
        return len(tar.getnames()) == len(sgml.parse(raw).documents) + 1
