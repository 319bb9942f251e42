"""A batch of days through the Feed: what is kept of a bad file, and that memory is bounded."""

from __future__ import annotations

import asyncio
import gzip
import io
import tarfile
from collections.abc import AsyncGenerator
from datetime import date

import pytest

from filings.archive import feed as module
from filings.archive import keys
from filings.archive.feed import FeedBatch
from filings.archive.ledger import Ledger, Part
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.verbs import Bounds
from filings.edgar.accession import to_int
from filings.edgar.client import EdgarError

DAY = date(2026, 1, 5)
TASK = "update_sec_filings_sgml_feed_r2"


def accession(number: int) -> str:
    return f"0000000007-26-{number:06d}"


def submission(number: int, size: int = 100) -> bytes:
    body = "x" * 60 + "\n"
    return (
        f"<SUBMISSION>\n<ACCESSION-NUMBER>{accession(number)}\n<TYPE>8-K\n<PUBLIC-DOCUMENT-COUNT>1\n"
        f"<FILING-DATE>20260105\n<DOCUMENT>\n<TYPE>8-K\n<SEQUENCE>1\n<FILENAME>a.txt\n<TEXT>\n"
        f"{body * (size // len(body))}</TEXT>\n</DOCUMENT>\n</SUBMISSION>\n"
    ).encode()


def tar(members: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as file:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            file.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), 1)


class Edgar:
    """Gives a day's file in small chunks, and ends as it is told to."""

    def __init__(self, content: bytes, error: Exception | None = None) -> None:
        self.content, self.error, self.requests = content, error, 0

    async def download(self, path: str) -> AsyncGenerator[bytes, None]:
        self.requests += 1
        for start in range(0, len(self.content), 4_000):
            yield self.content[start : start + 4_000]
        if self.error is not None:
            raise self.error


def read(edgar: Edgar, s3: Store, r2: Store, wanted: int, memory_mb: int = 16) -> tuple[int, Report]:
    """A container's work on the filings up to a number; its exit code and report."""
    report = Report(TASK, "run", 0)
    work = FeedBatch(edgar, s3, r2, report, 3, Bounds(memory_mb), 4)  # type: ignore[arg-type]
    accessions = {accession(n): 7 for n in range(1, wanted + 1)}
    return asyncio.run(work.run(accessions, [DAY], grace_seconds=5)), report


def part(s3: Store) -> Part:
    return Ledger(s3, keys.SGML).part("run", "feed-0")


def test_members_that_are_not_what_they_are_called_or_break_off_are_left_to_be_fetched_one_by_one(
    s3: Store, r2: Store
) -> None:
    members = {
        f"{accession(1)}.nc": submission(1),
        f"{accession(2)}.nc": submission(9),
        f"{accession(3)}.nc": submission(3)[:-40],
        f"{accession(4)}.nc": b"<html>not here</html>",
        f"{accession(5)}.corr01": submission(5),
        f"{accession(8)}.nc": submission(8),
    }
    code, report = read(Edgar(tar(members)), s3, r2, wanted=6)
    assert (code, report.done, report.waiting, report.failed) == (0, 1, 5, 0)
    assert part(s3).done == part(s3).feed == {accession(1)}
    assert {a: r.partition(": ")[2].split()[0] for a, r in report.reasons.items()} == {
        accession(2): "EDGAR",
        accession(3): "truncated:",
        accession(4): "EDGAR",
    }
    assert [key for key, _ in r2.list("sgml-archive/")] == [f"sgml-archive/{accession(1)}.sgml"]
    assert r2.get_zst(f"sgml-archive/{accession(1)}.sgml") == submission(1)
    assert report.details["days"][str(DAY)]["others"] == 1


@pytest.mark.parametrize("error", [EdgarError("reset"), None])
def test_what_came_before_a_break_is_kept_and_a_retry_takes_the_rest(
    s3: Store, r2: Store, error: Exception | None
) -> None:
    whole = tar({f"{accession(n)}.nc": submission(n, 50_000) for n in range(1, 9)})
    code, report = read(Edgar(whole[: len(whole) // 2], error), s3, r2, wanted=8)
    assert code == 1
    assert 0 < report.done < 8
    assert report.error == f"{DAY}: {error or report.reasons[str(DAY)]}"
    again = Edgar(whole)
    assert read(again, s3, r2, wanted=8)[0] == 0
    assert again.requests == 1
    assert part(s3).feed == {accession(n) for n in range(1, 9)}
    assert read(again, s3, r2, wanted=8)[0] == 0
    assert again.requests == 1, "nothing is left to ask for"


def test_a_day_read_to_its_end_is_not_read_again_for_what_it_does_not_have(s3: Store, r2: Store) -> None:
    edgar = Edgar(tar({f"{accession(1)}.nc": submission(1)}))
    for _ in range(2):
        code, report = read(edgar, s3, r2, wanted=2)
        assert (code, report.waiting) == (0, 1)
    assert edgar.requests == 1


def test_a_wrong_checksum_withdraws_all_of_its_day(s3: Store, r2: Store) -> None:
    raw = bytearray(tar({f"{accession(n)}.nc": submission(n, 9_000_000) for n in (1, 2)}))
    raw[-7] ^= 1
    code, report = read(Edgar(bytes(raw)), s3, r2, wanted=2)
    assert code == 1
    assert "data check" in str(report.error)
    assert part(s3).withdrawn.keys() == part(s3).done
    assert accession(1) in part(s3).done
    assert Ledger(s3, keys.SGML).fold() == 1
    assert not len(Ledger(s3, keys.SGML).have())
    assert not list(r2.list("sgml-archive/")), "put aside, lest a listing takes them for whole"
    assert r2.head(f"quarantine/sgml-archive/{accession(1)}.sgml") is not None


def test_what_an_earlier_try_has_kept_of_a_file_with_a_wrong_checksum_is_withdrawn_and_can_be_had_singly(
    s3: Store, r2: Store
) -> None:
    raw = bytearray(tar({f"{accession(n)}.nc": submission(n, 9_000_000) for n in (1, 2)}))
    assert read(Edgar(bytes(raw[: len(raw) * 2 // 3]), EdgarError("reset")), s3, r2, wanted=2)[0] == 1
    assert part(s3).done == {accession(1)}
    raw[-7] ^= 1
    assert read(Edgar(bytes(raw)), s3, r2, wanted=2)[0] == 1
    assert accession(1) in part(s3).withdrawn
    ledger = Ledger(s3, keys.SGML)
    ledger.record("run", 0, Part(done={accession(1)}))  # the step after it has fetched it
    ledger.fold()
    assert ledger.have().tolist() == [to_int(accession(1))]
    assert not len(ledger.from_feed())


def test_a_store_that_fails_fails_those_filings_by_name(s3: Store, r2: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    keep = module.keep

    async def broken(store: Store, name: str, *rest: object) -> int:
        if name == accession(2):
            raise OSError("no route to the bucket")
        return await keep(store, name, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "keep", broken)
    code, report = read(Edgar(tar({f"{accession(n)}.nc": submission(n) for n in (1, 2, 3)})), s3, r2, wanted=3)
    assert (code, report.done, report.failed) == (1, 2, 1)
    assert "no route to the bucket" in report.reasons[accession(2)]


def test_no_more_is_in_hand_than_there_is_room_for_and_what_is_larger_goes_alone(
    s3: Store, r2: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {1: 7_000_000, 2: 7_000_000, 3: 20_000_000, 4: 7_000_000, 5: 100, 6: 7_000_000}
    in_hand, most, keep = 0, [], module.keep

    async def counted(store: Store, name: str, raw: bytes, *rest: object) -> int:
        nonlocal in_hand
        in_hand += len(raw)
        most.append(in_hand)
        try:
            await asyncio.sleep(0.05)
            return await keep(store, name, raw, *rest)  # type: ignore[arg-type]
        finally:
            in_hand -= len(raw)

    monkeypatch.setattr(module, "keep", counted)
    content = tar({f"{accession(n)}.nc": submission(n, size) for n, size in sizes.items()})
    code, report = read(Edgar(content), s3, r2, wanted=6, memory_mb=16)
    assert (code, report.done) == (0, 6)
    large = len(submission(3, sizes[3]))
    assert max(most) == large
    assert max(held for held in most if held != large) <= 16 << 20
