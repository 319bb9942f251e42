"""A WSGI application (moto is one) served from an asyncio server, one call at a time in a thread of its own.

moto keeps its state in plain objects without locks: calling it serially is what makes it safe.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

from aiohttp.web import BaseRequest, Response

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Any]


class WsgiBridge:
    def __init__(self, app: WsgiApp) -> None:
        self._app = app
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="wsgi")

    async def handle(self, request: BaseRequest) -> Response:
        environ = wsgi_environ(request, await request.read())
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._call, environ)

    def _call(self, environ: dict[str, Any]) -> Response:
        begun: list[Any] = []
        chunks = self._app(environ, lambda status, headers, exc_info=None: begun.extend((status, headers)))
        try:
            body = b"".join(chunks)
        finally:
            if close := getattr(chunks, "close", None):
                close()
        status, headers = begun
        kept = [(name, value) for name, value in headers if name.lower() not in ("content-length", "connection")]
        return Response(status=int(status.split()[0]), headers=kept, body=body)


def wsgi_environ(request: BaseRequest, body: bytes) -> dict[str, Any]:
    path, _, query = request.raw_path.partition("?")
    host, _, port = request.host.partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": unquote(path),
        "RAW_URI": request.raw_path,
        "QUERY_STRING": query,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.remote or "",
        "CONTENT_TYPE": request.headers.get("Content-Type", ""),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for name, value in request.headers.items():
        if name.lower() not in ("content-type", "content-length"):
            environ["HTTP_" + name.upper().replace("-", "_")] = value
    return environ
