"""A short run of the fuzzer; and that it sees what it is there to see."""

from __future__ import annotations

import time
from random import Random

import pytest

from faults import fuzz_submissions, fuzz_targets
from faults.fuzz_submissions import Target
from filings.archive import pack
from filings.edgar import sgml


def target(work: object) -> Target:
    return Target(lambda rng: [b"seed"], lambda rng, seeds: rng.randbytes(100), work)  # type: ignore[arg-type]


def raising(data: bytes, thorough: bool) -> None:
    raise KeyError("odd")


def slow(data: bytes, thorough: bool) -> None:
    until = time.thread_time() + 1.1
    while time.thread_time() < until:
        pass


def greedy(data: bytes, thorough: bool) -> None:
    assert len(bytearray(fuzz_submissions.FLOOR + 12 * len(data)))


def test_some_damaged_submissions_are_taken_apart_without_a_failure() -> None:
    assert fuzz_submissions.run("submissions", 12, range(400)) is None


@pytest.mark.parametrize(
    ("work", "number", "why"), [(raising, 1, "KeyError"), (slow, 1, "took"), (greedy, 0, "memory")]
)
def test_the_fuzzer_sees_exceptions_slowness_and_greed(work: object, number: int, why: str) -> None:
    assert why in fuzz_submissions.attempt(target(work), b"x" * 100, number)
    assert fuzz_submissions.attempt(target(lambda data, thorough: None), b"x" * 100, number) == ""


def test_the_same_seed_damages_the_same_way() -> None:
    kind = fuzz_submissions.TARGETS["submissions"]
    seeds = [b"<SEC-DOCUMENT>\n<DOCUMENT>\n<TYPE>4\n<FILENAME>a\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n"]
    once, again = (kind.mutate(Random("3 5"), seeds) for _ in range(2))
    assert once == again


@pytest.mark.parametrize("name", ["../a", "/a", "a/b", "..", "a\0b", "A.htm"])
def test_a_name_that_leaves_the_tar_is_seen(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [sgml.Document("4", "1", "a.htm", "", "text", b"x"), sgml.Document("4", "2", "b.htm", "", "text", b"y")]
    submission = sgml.Submission("0000000001-20-000001", "4", {"type": "4"}, documents)
    monkeypatch.setattr(pack, "safe_names", lambda filenames: ["a.htm", name])
    with pytest.raises(AssertionError):
        fuzz_targets._read_back(pack.pack(submission), submission)
