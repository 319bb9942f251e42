"""EDGAR at work on a real socket, over a generated folder that is made once."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
from aiohttp import web

from sandbox.edgar.folder import Folder
from sandbox.edgar.limits import Gate
from sandbox.edgar.server import Edgar
from sandbox.generate import folder as generated

USER_AGENT = "Test Person test@example.org task=tests"
START = date(2026, 3, 2)


class Running:
    """A server in a thread, and a client that speaks with it."""

    def __init__(self, data: Path, per_second: int = 1_000_000, block_seconds: float = 600.0, **folder: object) -> None:
        self.edgar = Edgar(Folder(data, **folder), Gate(per_second, block_seconds))
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),))
        self._thread.start()
        assert self._ready.wait(10)
        self.client = httpx.Client(base_url=self.url, headers={"User-Agent": USER_AGENT}, timeout=5)

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A file below /Archives/edgar/, or anything by its whole path."""
        whole = path if path.startswith("/") else f"/Archives/edgar/{path}"
        return self.client.get(whole, headers={name.replace("_", "-"): value for name, value in headers.items()})

    def close(self) -> None:
        """Stop it."""
        self.client.close()
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        self._loop.close()

    async def _serve(self) -> None:
        runner = web.AppRunner(self.edgar.application(), shutdown_timeout=0.2)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.url = "http://{}:{}".format(*runner.addresses[0])
        self._ready.set()
        await self._stop.wait()
        await runner.cleanup()


@pytest.fixture(scope="session")
def generated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty filings, every form and quirk among them. Not to be changed."""
    folder = tmp_path_factory.mktemp("generated")
    generated.create(folder, 60, seed=7, start=START, days=20)
    return folder


@pytest.fixture(scope="session")
def start_server() -> Iterator[Callable[..., Running]]:
    """Starts servers that end with the last test."""
    yield from _starter()


@pytest.fixture(scope="session")
def served(start_server: Callable[..., Running], generated_folder: Path) -> Running:
    """EDGAR over that folder, without limits."""
    return start_server(generated_folder)


@pytest.fixture
def folder_of_my_own(generated_folder: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(generated_folder, tmp_path / "copy"))


@pytest.fixture
def serve() -> Iterator[Callable[..., Running]]:
    """Starts servers that end with the test."""
    yield from _starter()


def _starter() -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(*args: object, **options: object) -> Running:
        running.append(Running(*args, **options))
        return running[-1]

    yield start
    for each in running:
        each.close()
