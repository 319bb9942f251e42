from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from filings.edgar.client import EdgarClient, EdgarError, NotOnEdgar
from filings.settings import MissingSetting, Settings

ABSENT = b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>"
PATH = "/Archives/edgar/data/7/0000000007-26-000001.txt"


class Server(ThreadingHTTPServer):
    """Answers what it was given, one after the other, the last one for ever."""

    answers: list[tuple[int, bytes, dict[str, str]]]
    agents: list[str]


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.agents.append(self.headers["User-Agent"])
        status, body, headers = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


class Brake:
    """A brake that only tells what was asked of it."""

    def __init__(self) -> None:
        self.pulls: list[float] = []

    async def wait(self) -> None:
        pass

    def pulled(self) -> bool:
        return False

    async def pull(self, seconds: float, reason: str) -> None:
        self.pulls.append(seconds)


@pytest.fixture
def server() -> Iterator[Server]:
    with Server(("127.0.0.1", 0), Handler) as server:
        server.agents = []
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(server: Server, brake: Brake, attempts: int = 2, agent: str = "Jane jane@example.com") -> bytes:
    settings = Settings(
        sec_user_agent=agent, sec_base_url=f"http://127.0.0.1:{server.server_port}", sec_attempts=attempts
    )

    async def get() -> bytes:
        async with EdgarClient(settings, brake, alone=True) as client:
            return (await client.get(PATH)).content

    return asyncio.run(get())


def test_who_asks_is_said_and_must_have_an_e_mail(server: Server) -> None:
    server.answers = [(200, b"x", {})]
    assert ask(server, Brake()) == b"x"
    assert server.agents == ["Jane jane@example.com"]
    with pytest.raises(MissingSetting, match="SEC_USER_AGENT"):
        ask(server, Brake(), agent="Jane")


@pytest.mark.parametrize("answer", [(404, b"", {}), (410, b"", {}), (403, ABSENT, {})])
def test_what_is_absent_is_said_so_at_once(server: Server, answer: tuple[int, bytes, dict[str, str]]) -> None:
    server.answers, brake = [answer], Brake()
    with pytest.raises(NotOnEdgar, match=f"HTTP {answer[0]}"):
        ask(server, brake)
    assert brake.pulls == []
    assert len(server.agents) == 1


@pytest.mark.parametrize(
    ("answer", "seconds"),
    [
        ((429, b"", {}), 600),
        ((429, b"", {"Retry-After": "0"}), 10),
        ((429, b"", {"Retry-After": "120"}), 120),
        ((403, b"<html>Access Denied by a firewall</html>", {}), 600),
    ],
)
def test_being_told_off_stops_everybody_and_is_no_word_on_the_file(
    server: Server, answer: tuple[int, bytes, dict[str, str]], seconds: float
) -> None:
    server.answers, brake = [answer], Brake()
    with pytest.raises(EdgarError, match=f"{PATH}: HTTP {answer[0]}, 2 tries"):
        ask(server, brake)
    assert brake.pulls == [seconds, seconds]


def test_a_bad_moment_is_tried_again_and_a_redirect_is_not_followed(server: Server) -> None:
    server.answers = [(503, b"", {}), (200, b"x", {})]
    assert ask(server, Brake()) == b"x"
    server.answers = [(302, b"", {"Location": "http://127.0.0.1:1/"})]
    with pytest.raises(EdgarError, match="HTTP 302"):
        ask(server, Brake())
