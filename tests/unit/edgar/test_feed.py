"""A day's Feed file: the same submissions however it arrives, and a clear word where it breaks."""

from __future__ import annotations

import asyncio
import gzip
import io
import random
import tarfile
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import feed
from filings.edgar.client import EdgarClient, EdgarError
from filings.edgar.feed import DamagedFeed, FeedTar
from filings.settings import Settings

SIZES = (0, 1, 511, 512, 513, 40_000)


def name(number: int) -> str:
    return f"0000000001-25-{number:06d}"


CONTENT = {name(n): random.Random(n).randbytes(size) for n, size in enumerate(SIZES)}


def packed(content: dict[str, bytes], *others: str) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for member, data in {**{f"{a}.nc": d for a, d in content.items()}, **dict.fromkeys(others, b"x")}.items():
            info = tarfile.TarInfo(member)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), mtime=0)


DAY = packed(CONTENT, "0000000001-25-000001.corr01")


def taken(data: bytes, cuts: list[int], wanted: set[str]) -> dict[str, bytes]:
    """What a reader of these chunks has taken."""
    tar, found = FeedTar(wanted.__contains__), {}
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        for member in tar.read(data[start:end]):
            if member.whole:
                assert len(member.content) == member.size
                found[member.accession] = member.content
    tar.close()
    assert (tar.members, tar.others) == (len(CONTENT), ["0000000001-25-000001.corr01"])
    return found


@given(st.lists(st.integers(0, 1 << 20), max_size=20), st.sets(st.sampled_from(sorted(CONTENT))))
def test_any_chunks_give_the_wanted_submissions_to_the_byte(cuts: list[int], wanted: set[str]) -> None:
    assert taken(DAY, cuts, wanted) == {a: CONTENT[a] for a in wanted if CONTENT[a]}


def test_gzip_members_behind_each_other_are_one_file() -> None:
    plain = gzip.decompress(DAY)
    data = gzip.compress(plain[:700]) + gzip.compress(plain[700:])
    assert taken(data, [], set(CONTENT)) == {a: d for a, d in CONTENT.items() if d}


@given(st.integers(0, len(DAY) - 12))
def test_a_file_cut_off_anywhere_is_told_apart_from_a_whole_one(length: int) -> None:
    tar = FeedTar(CONTENT.__contains__)
    with pytest.raises(DamagedFeed, match=r"cut off|no gzip"):
        whole = [member for member in tar.read(DAY[:length]) if member.whole]
        assert all(CONTENT[member.accession] == member.content for member in whole)
        tar.close()


def test_a_page_is_no_feed_and_a_wrong_checksum_makes_all_of_it_suspect() -> None:
    with pytest.raises(DamagedFeed, match="no gzip") as page:
        list(FeedTar(CONTENT.__contains__).read(b"<html>come back later</html>"))
    assert not page.value.suspect
    raw = bytearray(DAY)
    raw[-6] ^= 1
    tar = FeedTar(CONTENT.__contains__)
    with pytest.raises(DamagedFeed, match="incorrect data check") as wrong:
        list(tar.read(bytes(raw)))
        tar.close()
    assert wrong.value.suspect


def test_what_is_packed_in_the_gzip_and_is_no_tar_is_refused() -> None:
    with pytest.raises(DamagedFeed, match="no tar"):
        list(FeedTar(CONTENT.__contains__).read(gzip.compress(b"x" * 2000)))


def test_the_path_names_year_quarter_and_day() -> None:
    assert feed.path(date(2025, 11, 3)) == "/Archives/edgar/Feed/2025/QTR4/20251103.nc.tar.gz"


class Server(ThreadingHTTPServer):
    """Breaks off each answer after so many bytes; `versions` are the ETags of one answer after the other."""

    broken_after: int
    versions: list[str]
    ranges: list[str | None]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        etag = self.server.versions.pop(0) if len(self.server.versions) > 1 else self.server.versions[0]
        start = int(asked.removeprefix("bytes=").rstrip("-")) if asked and self.headers["If-Range"] == etag else 0
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(DAY) - start))
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(DAY[start : start + self.server.broken_after])
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.ranges, server.versions, server.broken_after = [], ['"a"'], len(DAY) // 2
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def download(server: Server, monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr("random.uniform", lambda low, high: 0.01)
    monkeypatch.setattr("filings.edgar.client._CHUNK", 1000)
    settings = Settings(
        sec_user_agent="Jane jane@example.com", sec_base_url=f"http://127.0.0.1:{server.server_port}", sec_attempts=3
    )

    async def ask() -> bytes:
        async with EdgarClient(settings) as client:
            return b"".join([chunk async for chunk in client.download(feed.path(date(2025, 11, 3)))])

    return asyncio.run(ask())


def test_a_download_that_breaks_goes_on_where_it_broke(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    assert download(server, monkeypatch) == DAY
    assert len(server.ranges) == 3
    assert server.ranges[0] is None
    assert all(asked is not None for asked in server.ranges[1:])


def test_a_download_may_break_ever_so_often_as_long_as_it_goes_on(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.broken_after = len(DAY) // 9
    assert download(server, monkeypatch) == DAY
    assert len(server.ranges) > 6


def test_a_file_that_is_another_one_now_is_not_patched_together(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.versions = ['"a"', '"b"']
    with pytest.raises(EdgarError, match=r"HTTP 200.*another file now.*bytes received"):
        download(server, monkeypatch)
