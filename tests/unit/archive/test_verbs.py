"""The verbs of one filing against a real bucket and a server that answers as EDGAR does."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from filings.archive import keys
from filings.archive.batch_outcome import Outcome
from filings.archive.compression import compress, decompress
from filings.archive.large_objects import LARGE, PART
from filings.archive.storage import Store
from filings.archive.verbs import Bounds, Derived, Fetch
from filings.edgar.client import EdgarClient
from filings.edgar.sgml import Submission
from filings.settings import Settings
from pipeline.steps import accession, small_filing
from sandbox.cloud import Sandbox

NAME = accession(1)
OBJECT = keys.object_key(keys.SGML, NAME)


class Edgar(ThreadingHTTPServer):
    """Answers of submissions by path, one after the other, the last one for ever; all else is absent."""

    answers: dict[str, list[bytes]]
    asked: list[str]

    def serve(self, number: int, *answers: bytes, cik: int = 7) -> None:
        self.answers[f"/Archives/edgar/data/{cik}/{accession(number)}.txt"] = list(answers)


class Handler(BaseHTTPRequestHandler):
    server: Edgar

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        held = self.server.answers.get(self.path, [])
        body = (held.pop(0) if len(held) > 1 else held[0]) if held else b"absent"
        self.send_response(200 if held else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def edgar() -> Iterator[Edgar]:
    with Edgar(("127.0.0.1", 0), Handler) as server:
        server.answers, server.asked = {}, []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def fetch(
    edgar: Edgar, r2: Store, *ciks: int, numbers: Sequence[int] = (1,), memory_mb: int = 64
) -> tuple[list[Outcome], int]:
    """What becomes of some filings, all at once, and the bytes that were most in hand."""
    settings = Settings(
        sec_user_agent="Jane jane@example.com",
        sec_base_url=f"http://127.0.0.1:{edgar.server_port}",
        sec_attempts=1,
        sec_containers=1,
        sec_requests_instant=0,
    )

    async def story() -> tuple[list[Outcome], int]:
        bounds = Bounds(memory_mb)
        most = 0

        async def watch() -> None:
            nonlocal most
            while True:
                most = max(most, bounds.memory.used)
                await asyncio.sleep(0.001)

        watching = asyncio.create_task(watch())
        async with EdgarClient(settings) as client:
            verb = Fetch(client, r2, 1, bounds)
            outcomes = await asyncio.gather(*(verb(accession(n), ciks or 7) for n in numbers))
        watching.cancel()
        return outcomes, most

    return asyncio.run(story())


def test_a_filing_whose_cik_was_corrected_is_found_by_the_other_one(edgar: Edgar, r2: Store) -> None:
    edgar.serve(1, small_filing(1), cik=9)
    ((outcome,), _) = fetch(edgar, r2, 7, 8, 9)
    assert (outcome.kind, outcome.bytes_in) == ("done", len(small_filing(1)))
    assert decompress(r2.get(OBJECT), "k") == small_filing(1)
    assert [path.split("/")[4] for path in edgar.asked] == ["7", "8", "9"]


def test_what_is_absent_by_every_cik_is_not_on_edgar(edgar: Edgar, r2: Store) -> None:
    ((outcome,), _) = fetch(edgar, r2, 7, 8)
    assert outcome.kind == "unavailable"
    assert "not on EDGAR: HTTP 404" in outcome.reason
    assert r2.head(OBJECT) is None


def test_an_answer_cut_short_is_asked_for_again_and_a_file_that_is_so_is_kept(edgar: Edgar, r2: Store) -> None:
    whole = small_filing(1)
    edgar.serve(1, whole[:600], whole)
    ((outcome,), _) = fetch(edgar, r2)
    assert (outcome.kind, outcome.quarantine) == ("done", "")
    assert decompress(r2.get(OBJECT), "k") == whole
    edgar.serve(1, whole[:600])
    ((outcome,), _) = fetch(edgar, r2)
    assert outcome.kind == "done"
    assert "truncated" in outcome.quarantine
    assert decompress(r2.get(OBJECT), "k") == whole[:600]


def padded(number: int, size: int) -> bytes:
    """A submission of that many bytes."""
    raw = small_filing(number)
    at = raw.index(b"<p>")
    line = b"%039d\n" % number
    return raw[:at] + line * ((size - len(raw)) // len(line)) + raw[at:]


def test_large_submissions_come_in_one_at_a_time_and_small_ones_beside_them(edgar: Edgar, r2: Store) -> None:
    sizes = {1: 20 << 20, 2: 3_000, 3: 20 << 20, 4: 3_000, 5: 20 << 20}
    for number, size in sizes.items():
        edgar.serve(number, padded(number, size))
    outcomes, most = fetch(edgar, r2, numbers=list(sizes), memory_mb=40)
    for (number, size), outcome in zip(sizes.items(), outcomes, strict=True):
        head = r2.head(keys.object_key(keys.SGML, accession(number)))
        assert head is not None
        assert (outcome.kind, outcome.bytes_out) == ("done", head.size)
        assert decompress(r2.get(keys.object_key(keys.SGML, accession(number))), "k") == padded(number, size)
    assert 20 << 20 < most < 60 << 20


def derive(r2: Store, content: object, memory_mb: int = 64) -> Outcome:
    """One filing of the tar archive, whose object is what is given."""

    def make(submission: Submission) -> tuple[object, str]:
        assert submission.accession == NAME
        return content, ""

    verb = Derived(keys.TAR, r2, r2, make, "application/x-tar", Bounds(memory_mb), 2)  # type: ignore[arg-type]
    return asyncio.run(verb(NAME, 7))


@pytest.mark.parametrize("size", [1000, LARGE + PART // 2])
def test_what_is_made_in_pieces_is_one_object(r2: Store, size: int) -> None:
    r2.put(OBJECT, compress(small_filing(1)))
    outcome = derive(r2, (b"%0500d" % n for n in range(size // 500)))
    assert (outcome.kind, outcome.bytes_out) == ("done", size // 500 * 500)
    held = r2.get_with_etag(keys.object_key(keys.TAR, NAME))
    assert held is not None
    assert held[0] == b"".join(b"%0500d" % n for n in range(size // 500))
    assert ("-" in held[1]) == (size > LARGE)


@pytest.mark.parametrize("size", [3_000, 4 << 20])
def test_a_damaged_submission_is_put_aside_as_it_is_and_fetched_again(cloud: Sandbox, r2: Store, size: int) -> None:
    packed = bytearray(compress(padded(1, size)))
    packed[-1] ^= 1
    r2.put(OBJECT, bytes(packed))
    outcome = derive(r2, b"", memory_mb=16)
    assert (outcome.kind, outcome.withdraw and outcome.withdraw.archive) == ("failed", keys.SGML)
    assert r2.head(OBJECT) is None
    assert r2.get(keys.broken(keys.SGML, NAME)) == packed
