"""1 MB appended to a table of 1 GB: what goes over the wire, by a server-side copy and by reading and writing anew.

Every byte of both directions is counted, headers and retries too, by a relay between the client and the store.
"""

from __future__ import annotations

import asyncio
import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench.measure import Case, cloud
from filings.archive.storage import Store
from filings.settings import Settings
from filings.warehouse.bulk import Bulk

_BASE, _DELTA = 1_000_000_000, 1_000_000
_KEY = "complete_table.csv.zst"
_BLOCK = 1 << 20


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """The one case; the object of 1 GB is made once, grows a little each turn, and goes with its store."""
    with cloud(scratch) as sandbox, _Relay(sandbox.aws_url) as relay:
        direct = Settings()
        source = random.Random(1)
        pieces = (source.randbytes(_BASE // 100) for _ in range(100))
        Bulk(Store.s3(direct), direct).write(_KEY, pieces, {"rows": "1"}, None)
        delta = random.Random(2).randbytes(_DELTA)
        settings = Settings(aws_endpoint_url=relay.url)
        store = Store.s3(settings)
        bulk = Bulk(store, settings)

        def ours() -> float:
            head = store.head(_KEY)
            assert head is not None
            with relay.counting() as moved:
                head = store.head(_KEY)
                assert head is not None
                bulk.append(_KEY, head, delta, {"rows": "2"})
            _grew(head.size)
            return float(moved())

        def peer() -> float:
            before = store.head(_KEY)
            assert before is not None
            with relay.counting() as moved:
                store.put(_KEY, store.get(_KEY) + delta)
            _grew(before.size)
            return float(moved())

        def _grew(size: int) -> None:
            now = store.head(_KEY)
            assert now is not None and now.size == size + _DELTA, now

        yield [Case("append_delta", "bytes", "read and rewrite", ours, peer, higher_is_better=False, warm_up=False)]


class _Relay:
    """A TCP relay in a thread that counts what goes through it."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._host, self._port = str(parts.hostname), int(parts.port or 80)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self.bytes = 0
        self.url = ""

    def __enter__(self) -> _Relay:
        self._thread.start()
        server = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._serve, "127.0.0.1", 0), self._loop)
        self.url = f"http://127.0.0.1:{server.result().sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *exc: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    @contextmanager
    def counting(self) -> Iterator[Callable[[], int]]:
        """Gives a function that says how many bytes went through since."""
        before = self.bytes
        yield lambda: self.bytes - before

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        with suppress(asyncio.CancelledError):  # of a connection that is open when all is done
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer), return_exceptions=True)

    async def _end(self) -> None:
        open_ones = asyncio.all_tasks() - {asyncio.current_task()}
        for task in open_ones:
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while block := await reader.read(_BLOCK):
                self.bytes += len(block)
                writer.write(block)
                await writer.drain()
        finally:
            writer.close()
