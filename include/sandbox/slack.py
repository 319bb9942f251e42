"""A sink for Slack's incoming webhooks: keeps every message as a line of a file, for tests and for people.

`POST` anything anywhere is a message; `GET /messages` lists them; `POST /_sandbox/answer {"status": 500, "times": 2}`
makes it refuse the next ones; `DELETE /messages` forgets them.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs


class Sink(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, host: str, port: int, file: Path) -> None:
        self.file = file
        self.lock = threading.Lock()
        self.refusals: tuple[int, int] = (200, 0)  # status, how often still
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
        super().__init__((host, port), Handler)

    def receive(self, message: dict[str, Any]) -> int:
        """The status to answer with."""
        with self.lock:
            status, left = self.refusals
            if left:
                self.refusals = status, left - 1
                return status
            with self.file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(message, ensure_ascii=False) + "\n")
            return 200

    def messages(self) -> list[dict[str, Any]]:
        with self.lock:
            return read_messages(self.file)


def read_messages(file: Path) -> list[dict[str, Any]]:
    """The messages of a sink's file, each `{"time", "path", "payload"}`."""
    if not file.exists():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").split("\n") if line]


class Handler(BaseHTTPRequestHandler):
    server: Sink
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode(errors="replace")
        try:
            payload = json.loads(parse_qs(body)["payload"][0] if body.startswith("payload=") else body)
        except (ValueError, KeyError):
            self._answer(400, b"invalid_payload")
            return
        if self.path == "/_sandbox/answer":
            self.server.refusals = int(payload.get("status", 500)), int(payload.get("times", 1))
            self._answer(200, b"ok")
            return
        status = self.server.receive({"time": time.time(), "path": self.path, "payload": payload})
        self._answer(status, b"ok" if status == 200 else b"server_error")

    def do_GET(self) -> None:
        if self.path == "/messages":
            self._answer(200, json.dumps(self.server.messages(), ensure_ascii=False).encode(), "application/json")
        elif self.path == "/_sandbox/health":
            self._answer(200, b'{"ok": true}', "application/json")
        else:
            self._answer(404, b"no_such_page")

    def do_DELETE(self) -> None:
        with self.server.lock:
            self.server.file.write_text("")
        self._answer(200, b"ok")

    def _answer(self, status: int, body: bytes, kind: str = "text/html") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.slack", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--file", type=Path, required=True, help="where messages are kept, one JSON a line")
    options = parser.parse_args(argv)
    sink = Sink(options.host, options.port, options.file)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print(f"Slack's webhooks on http://{options.host}:{options.port}", flush=True)
    with suppress(KeyboardInterrupt):
        sink.serve_forever()


if __name__ == "__main__":
    main()
