"""What goes wrong with requests of objects when a fault is ordered: before they take effect, on the way, or after."""

from __future__ import annotations

import asyncio
import hashlib
import signal
from collections.abc import Callable

import zstandard
from aiohttp.web import BaseRequest, Response, StreamResponse

from sandbox.connection import hang_up
from sandbox.faults import Faults, Rule
from sandbox.objects.errors import S3Error
from sandbox.objects.server import Asked, ObjectServer, Strain, refusal
from sandbox.objects.store import Entry, ObjectStore

CODES = {
    409: "ConditionalRequestConflict",
    412: "PreconditionFailed",
    500: "InternalError",
    503: "SlowDown",
    507: "InsufficientStorage",
}
Signal = Callable[[int, str | None, object, int | None], None]


class Misfortune:
    """An object server as its clients meet it while faults are ordered."""

    def __init__(self, endpoint: str, server: ObjectServer, faults: Faults, send: Signal) -> None:
        self._endpoint = endpoint
        self._server = server
        self._faults = faults
        self._send = send

    async def answer(self, request: BaseRequest) -> StreamResponse:
        asked = Asked.of(request)
        path = f"/{asked.bucket}/{asked.key}"
        rule = self._faults.strike_object(self._endpoint, request.method, asked.operation, path)
        if rule is None:
            return await self._server.handle(request)
        match rule["what"]:
            case "error":
                status = int(rule.get("status", 503))
                error = S3Error(rule.get("code") or CODES.get(status, "InternalError"))
                error.status = status
                return refusal(request, error) if await self._goes_on(request, rule) else self._lost(request)
            case "reset":
                await self._goes_on(request, rule)
                return self._lost(request)
            case "slow":
                await asyncio.sleep(rule.get("seconds", 0))
                return await self._server.handle(request, Strain(bytes_per_second=rule.get("bytes_per_second", 0)))
            case "cut":
                return await self._server.handle(request, Strain(cut_after=int(rule.get("bytes", 100))))
            case "full":
                return await self._server.handle(request, Strain(full=True))
            case "conflict":
                return await self._conflict(request, asked)
        return await self._kill(request, rule)

    async def _goes_on(self, request: BaseRequest, rule: Rule) -> bool:
        """Let the request take effect if the fault comes after it; whether its client is still there."""
        if rule.get("after"):
            await self._server.handle(request)
        return request.transport is not None

    async def _kill(self, request: BaseRequest, rule: Rule) -> StreamResponse:
        """A signal in the middle of a request. Who gets SIGKILL before it took effect has not sent it to the end."""
        number = int(rule.get("signal", signal.SIGKILL))
        answer = await self._server.handle(request) if rule.get("after") else None
        self._send(number, rule.get("task"), rule.get("batch"), rule.get("pid"))
        if answer is not None:
            return answer
        if number == signal.SIGKILL and rule.get("pid") is None:
            return self._lost(request)
        return await self._server.handle(request)

    async def _conflict(self, request: BaseRequest, asked: Asked) -> StreamResponse:
        """Another writer is quicker. What it writes means the same, so that only the loser's care is tried."""
        if request.headers.get("If-None-Match") is not None:
            await self._server.handle(request)  # a twin has written the very same
            return refusal(request, S3Error("PreconditionFailed"))
        write_otherwise(self._server.store, asked.bucket, asked.key)
        return await self._server.handle(request)

    def _lost(self, request: BaseRequest) -> Response:
        hang_up(request)
        return Response(status=500)


def write_otherwise(store: ObjectStore, bucket: str, key: str) -> None:
    """Replace an object by other bytes of the same meaning: an empty zstd frame or a line break more."""
    entry = store.find(bucket, key)
    if entry is None:
        return
    more = zstandard.compress(b"") if key.endswith(".zst") else b"\n"
    written = store.new_file()
    data = store.path(bucket, key).read_bytes() + more
    written.write_bytes(data)
    etag = hashlib.md5(data).hexdigest()
    store.commit(bucket, key, written, Entry(len(data), 0, etag, entry.content_type, entry.metadata))
