"""The server: which path is what, and the gate and the faults that every request goes through first.

Beside the SEC's own paths: `GET /_sandbox/health`, `GET /_sandbox/requests` (counts), `GET` and `POST
/_sandbox/faults`, `POST /_sandbox/reset` (forgets counts, block and faults). They are not counted.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable

from aiohttp import web

from sandbox.connection import hang_up
from sandbox.edgar import answers, current, search
from sandbox.edgar.content import Content, Unreadable
from sandbox.edgar.deliver import deliver, spoil, with_row
from sandbox.edgar.faults import Faults
from sandbox.edgar.feed import Feed
from sandbox.edgar.folder import Folder
from sandbox.edgar.indexes import Indexes
from sandbox.edgar.limits import Gate, says_who

_SUBMISSION = re.compile(r"data/(\d+)/(?:(\d{18})/)?(\d{10}-\d\d-\d{6})\.txt")
_ARCHIVES = "/Archives/edgar/"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Edgar:
    """EDGAR over a folder of submissions."""

    def __init__(self, folder: Folder, gate: Gate) -> None:
        self.folder = folder
        self.gate = gate
        self.faults = Faults()
        self.indexes = Indexes(folder)
        self.feed = Feed(folder, self.indexes)
        self.documents = search.Documents(folder)

    def application(self) -> web.Application:
        """The aiohttp application."""
        app = web.Application(middlewares=[self._watch])
        app.router.add_get("/_sandbox/health", self._health)
        app.router.add_get("/_sandbox/requests", self._requests)
        app.router.add_get("/_sandbox/faults", self._list_faults)
        app.router.add_post("/_sandbox/faults", self._order_faults)
        app.router.add_post("/_sandbox/reset", self._reset)
        app.router.add_get("/{path:.*}", self._answer)
        return app

    @web.middleware
    async def _watch(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/_sandbox/"):
            return await handler(request)
        user_agent = request.headers.get("User-Agent", "")
        status = self.gate.enter(user_agent, kind_of(request.path))
        if status is not None:
            response: web.StreamResponse = answers.too_fast(status, self.gate.seconds_blocked)
        elif not says_who(user_agent):
            response = answers.undeclared()
        else:
            response = await handler(request)
        self.gate.left(response.status)
        return response

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        fault = self.faults.next_for(request.path_qs)
        match fault.kind if fault else None:
            case "status":
                return answers.failing(fault.status, fault.retry_after)
            case "page":
                return answers.maintenance()
            case "timeout":
                await asyncio.sleep(fault.seconds)
                hang_up(request)
                return web.Response(status=504)
            case "reset":
                hang_up(request)
                return web.Response(status=504)
        found = await asyncio.to_thread(self._find, request)
        if isinstance(found, web.Response):
            return found
        if fault is None:
            return await deliver(request, found)
        if fault.kind == "malformed_row":
            return await deliver(request, with_row(found, fault.text))
        return await spoil(request, found, fault)

    def _find(self, request: web.Request) -> Content | web.Response:
        self.folder.refresh()
        if request.path == "/cgi-bin/browse-edgar":
            return current.page(self.folder, request.query)
        if request.path == "/LATEST/search-index":
            return search.page(self.folder, self.documents, request.query)
        path = request.path.removeprefix(_ARCHIVES)
        if path == request.path:
            return answers.no_file(request.path)
        if match := _SUBMISSION.fullmatch(path):
            return self._submission(*match.groups()) or answers.no_file(request.path)
        if path.startswith("Feed/"):
            return self.feed.get(path) or answers.no_index()
        if path.startswith(("full-index/", "daily-index/")):
            return self.indexes.get(path) or answers.no_index()
        return answers.no_file(request.path)

    def _submission(self, cik: str, folder_name: str | None, accession: str) -> Content | web.Response | None:
        entry = self.folder.find(accession)
        if entry is None or accession in self.folder.quirks.answers_404:
            return None
        if folder_name not in (None, accession.replace("-", "")) or str(int(cik)) not in entry.filing.ciks:
            return None
        try:
            return self.folder.content(entry)
        except Unreadable as error:
            return answers.broken(f"{entry.file.path.name} {error}")

    async def _health(self, request: web.Request) -> web.Response:
        await asyncio.to_thread(self.folder.refresh)
        filings = len(self.folder.entries())
        return web.json_response({"status": "ok", "filings": filings, "unreadable": self.folder.unreadable})

    async def _requests(self, request: web.Request) -> web.Response:
        return web.json_response(self.gate.report())

    async def _reset(self, request: web.Request) -> web.Response:
        self.gate.reset()
        self.faults.order([])
        return web.json_response({"status": "ok"})

    async def _list_faults(self, request: web.Request) -> web.Response:
        return web.json_response([fault.to_json() for fault in self.faults.all])

    async def _order_faults(self, request: web.Request) -> web.Response:
        try:
            self.faults.order(await request.json())
        except (ValueError, TypeError, json.JSONDecodeError, re.error) as error:
            return web.json_response({"error": str(error)}, status=400)
        return await self._list_faults(request)


def kind_of(path: str) -> str:
    """What a path is, for the count."""
    for part, kind in (
        ("/full-index/", "full-index"),
        ("/daily-index/", "daily-index"),
        ("/Feed/", "feed"),
        ("/edgar/data/", "submission"),
        ("/browse-edgar", "getcurrent"),
        ("/search-index", "efts"),
    ):
        if part in path:
            return kind
    return "other"
