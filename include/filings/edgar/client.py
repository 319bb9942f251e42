"""The way to sec.gov: politely, within this process's share of one budget, and clear about what went wrong.

The SEC allows 10 requests a second per user and blocks for ten minutes and longer who goes over. Requests of this
process are spaced evenly; a 429, or a 403 that does not say that a file is absent, pauses every process of the system
through a shared `Brake`.
"""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol, Self

import httpx

from filings.logs import log
from filings.settings import Settings

_RETRIED_STATUS = {408, 425, 500, 502, 503, 504}
_BLOCK_SECONDS = 600.0  # the SEC's block lasts ten minutes, and grows if one goes on
_CHUNK = 1 << 20
_LEAST_PAUSE = 10.0  # also when the answer says to come back at once
# EDGAR's files lie in S3, which says of a missing one that access is denied; any other 403 is meant for us.
_MARK_OF_ABSENCE = b"<Code>AccessDenied</Code>"

Room = Callable[[int], Awaitable[None]]


class EdgarError(RuntimeError):
    """A request that did not succeed after all tries."""


class NotOnEdgar(LookupError):
    """EDGAR answers that it has no such file."""

    def __init__(self, url: str, status: int) -> None:
        super().__init__(f"HTTP {status} for {url}")
        self.url = url
        self.status = status


class Brake(Protocol):
    """What all processes that ask the SEC share: when one is told off, all pause."""

    async def wait(self) -> None:
        """Return when requests may be made."""

    def pulled(self) -> bool:
        """Whether requests must wait, as far as this process knows."""

    async def pull(self, seconds: float, reason: str) -> None:
        """Stop all requests for some time."""


class LocalBrake:
    """A brake for one process alone."""

    def __init__(self) -> None:
        self._until = 0.0

    async def wait(self) -> None:
        """Return when requests may be made."""
        while (left := self._until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)

    def pulled(self) -> bool:
        """Whether requests must wait."""
        return self._until > asyncio.get_running_loop().time()

    async def pull(self, seconds: float, reason: str) -> None:
        """Stop requests for some time."""
        self._until = max(self._until, asyncio.get_running_loop().time() + seconds)


class Pace:
    """Spaces requests evenly: no two starts are closer than 1/rate seconds."""

    def __init__(self, per_second: float) -> None:
        self.interval = 1.0 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Return when it is the caller's turn."""
        clock = asyncio.get_running_loop().time
        now = clock()
        turn = max(now, self._next)
        self._next = turn + self.interval
        while (left := turn - clock()) > 0:
            await asyncio.sleep(left)


async def _plenty(size: int) -> None:
    """There is always room."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response; `content` is empty when the file has not changed since `etag` or `last_modified` (status 304)."""

    status: int
    content: bytes
    etag: str | None
    last_modified: str | None

    @property
    def unchanged(self) -> bool:
        """Whether the file is still the one that the caller has."""
        return self.status == 304


class EdgarClient:
    """An HTTP client for sec.gov. Use as an async context manager.

    Args:
        settings: address, User-Agent, tries, and the share of the budget.
        brake: what stops all processes when one is told off; one for this process alone when not given.
        alone: whether no other daily container is at work, so that the whole daily budget may be used.
    """

    def __init__(self, settings: Settings, brake: Brake | None = None, *, alone: bool = False) -> None:
        self._settings = settings
        self._brake = brake or LocalBrake()
        self._pace = Pace(settings.sec_share * (settings.sec_containers if alone else 1))
        self.requests = 0
        self._http = httpx.AsyncClient(
            base_url=settings.sec_base_url.rstrip("/"),
            headers={"User-Agent": settings.require_user_agent(), "Accept-Encoding": "gzip, deflate"},
            timeout=httpx.Timeout(settings.sec_timeout_seconds, connect=20.0),
            limits=httpx.Limits(max_connections=8, max_keepalive_connections=8),
            follow_redirects=False,  # a redirect would be a request that nobody counts
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self._http.aclose()

    async def submission(self, cik: int, accession: str, room: Room = _plenty) -> bytes:
        """The complete submission text file; for `room`, see `get`. Raises `NotOnEdgar`, `EdgarError`."""
        return (await self.get(f"/Archives/edgar/data/{cik}/{accession}.txt", room=room)).content

    async def get(self, path: str, validators: Mapping[str, str] | None = None, room: Room = _plenty) -> Answer:
        """A file, tried several times.

        Args:
            path: below sec.gov, with a leading slash.
            validators: `etag` and `last_modified` of what the caller has; then the answer may be `unchanged`.
            room: is told the size as the content comes in, and may make it wait until there is memory for it.

        Raises:
            NotOnEdgar: on 404, and on a 403 that says there is no such file.
            EdgarError: when all tries failed; the message names the path and the last cause.
        """
        headers = {}
        if validators and validators.get("etag"):
            headers["If-None-Match"] = validators["etag"]
        if validators and validators.get("last_modified"):
            headers["If-Modified-Since"] = validators["last_modified"]
        attempts = self._settings.sec_attempts
        cause = ""
        for attempt in range(1, attempts + 1):
            await self._turn()
            self.requests += 1
            try:
                async with self._http.stream("GET", path, headers=headers) as response:
                    content = await _received(response, room)
            except httpx.HTTPError as error:
                cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
            else:
                if response.status_code in (200, 304):
                    return Answer(
                        response.status_code,
                        content,
                        response.headers.get("etag"),
                        response.headers.get("last-modified"),
                    )
                cause = f"HTTP {response.status_code}"
                if await self._told_off(response, content):
                    continue
                if response.status_code in (403, 404, 410):  # a 403 that is none of absence has pulled the brake
                    raise NotOnEdgar(str(response.url), response.status_code)
                if response.status_code not in _RETRIED_STATUS:
                    break
            if attempt < attempts:
                await self._pause(path, attempt, cause)
        raise EdgarError(f"{path}: {cause}, {attempts} tries")

    async def download(self, path: str) -> AsyncGenerator[bytes, None]:
        """A large file as it comes; where the connection breaks it is asked to go on from there.

        Raises:
            NotOnEdgar: on 404, and on a 403 that says there is no such file.
            EdgarError: when it cannot be had to its end; what came before has been given.
        """
        attempts, received, validator, cause = self._settings.sec_attempts, 0, "", ""
        attempt, reached = 0, 0
        # What counts is tries in a row that brought nothing: a day's file takes hours, and connections end.
        while attempt < attempts or received > reached:
            attempt, reached = (1 if received > reached else attempt + 1), received
            await self._turn()
            self.requests += 1
            headers, content = {"Accept-Encoding": "identity"}, b""
            if received:
                headers |= {"Range": f"bytes={received}-", "If-Range": validator}
            try:
                async with self._http.stream("GET", path, headers=headers) as response:
                    if response.status_code == (206 if received else 200):
                        validator = _strong(response.headers)
                        async for chunk in response.aiter_raw(_CHUNK):
                            received += len(chunk)
                            yield chunk
                        return
                    if response.status_code >= 400:
                        content = await _received(response, _plenty)
            except httpx.HTTPError as error:
                cause = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
                if received and not validator:
                    break
            else:
                cause = f"HTTP {response.status_code}"
                if await self._told_off(response, content):
                    continue
                if response.status_code in (403, 404, 410) and not received:
                    raise NotOnEdgar(str(response.url), response.status_code)
                if response.status_code < 400:
                    cause += " instead of the rest: it is another file now"
                if response.status_code not in _RETRIED_STATUS:
                    break
            if attempt < attempts or received > reached:
                await self._pause(path, attempt, cause)
        raise EdgarError(f"{path}: {cause}, {attempt} of {attempts} tries, {received:,} bytes received")

    async def _pause(self, path: str, attempt: int, cause: str) -> None:
        seconds = min(30.0, 0.5 * 2**attempt) * random.uniform(0.5, 1.0)
        log.warning("sec_retry", path=path, attempt=attempt, cause=cause, seconds=round(seconds, 1))
        await asyncio.sleep(seconds)

    async def _turn(self) -> None:
        """Return when it is this request's turn; who waited for it looks at the brake again."""
        while True:
            await self._brake.wait()
            await self._pace.turn()
            if not self._brake.pulled():
                return

    async def _told_off(self, response: httpx.Response, content: bytes) -> bool:
        """Pause the whole system when the SEC says we are too fast; whether it did."""
        absent = response.status_code == 403 and _MARK_OF_ABSENCE in content
        too_fast = response.status_code in (403, 429) and not absent
        if too_fast:
            told = response.headers.get("retry-after", "")
            seconds = max(float(told), _LEAST_PAUSE) if told.isdigit() else _BLOCK_SECONDS
            log.error("sec_block", status=response.status_code, path=response.url.path, pause_seconds=seconds)
            await self._brake.pull(seconds, f"HTTP {response.status_code} for {response.url.path}")
        return too_fast


async def _received(response: httpx.Response, room: Room) -> bytes:
    """The content, decoded; in memory once, since the buffer that grows is the result."""
    buffer = io.BytesIO()
    async for chunk in response.aiter_bytes():
        await room(buffer.tell() + len(chunk))
        buffer.write(chunk)
    return buffer.getvalue()


def _strong(headers: httpx.Headers) -> str:
    """What `If-Range` may ask for: an ETag that is not weak, or a date; empty when there is neither."""
    etag = headers.get("etag", "")
    return str(headers.get("last-modified", "") if etag.startswith("W/") or not etag else etag)
