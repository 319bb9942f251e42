"""What one container may have in hand at once: bytes of filings, and threads that work on them.

Half of all submissions are under 90 KB and the largest has 410 MB: a count of filings bounds no memory. So a filing is
taken up when there is room for its bytes, first come, first served; one that is larger than all the room waits until
nothing else is in hand, and goes alone.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Hold:
    """The room of one filing."""

    def __init__(self, memory: Memory, size: int) -> None:
        self._memory, self.size, self._large = memory, size, False

    async def grow(self, size: int) -> None:
        """Have room for `size` bytes: the filing turned out larger than was known when it was taken up.

        One filing at a time grows, and no other has to give up what it has for it: newcomers wait, nobody else does.
        """
        if size > self.size:
            await self._memory.add(size - self.size, self._large)
            self.size, self._large = size, True

    def end(self) -> None:
        """Give all of it back."""
        self._memory.give(self.size, self._large)


class Memory:
    """The bytes in hand. `limit` is in bytes."""

    def __init__(self, limit: int) -> None:
        self.limit, self.used = limit, 0
        self._growing = asyncio.Lock()
        self._want_to_grow = 0
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def hold(self, size: int) -> AsyncIterator[Hold]:
        """Room for `size` bytes for as long as the context lasts; returns when there is."""
        await self._take(size)
        held = Hold(self, size)
        try:
            yield held
        finally:
            held.end()

    async def add(self, size: int, again: bool) -> None:
        """Count more in for a filing; when it grows for the first time, as soon as no other does."""
        if not again:
            self._want_to_grow += 1
            try:
                await self._growing.acquire()
            finally:
                self._want_to_grow -= 1
        self.used += size
        self._admit()

    def give(self, size: int, grown: bool) -> None:
        """Take back what was held."""
        self.used -= size
        if grown:
            self._growing.release()
        self._admit()

    async def _take(self, size: int) -> None:
        if not self._waiting and self._fits(size):
            self.used += size
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((size, turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():  # admitted, and stopped in the same moment
                self.used -= size
            self._waiting = deque(one for one in self._waiting if one[1] is not turn)
            self._admit()
            raise

    def _admit(self) -> None:
        """Let in who waits and fits, in the order in which they came."""
        while self._waiting and self._fits(self._waiting[0][0]):
            size, turn = self._waiting.popleft()
            if not turn.done():
                self.used += size
                turn.set_result(None)

    def _fits(self, size: int) -> bool:
        return self.used == 0 or (not self._want_to_grow and self.used + size <= self.limit)


class Threads:
    """A few threads for work that takes the processor; they end with the process, whatever they are at.

    The loop's own threads are waited for when it closes, and a parser that has a minute to go is not to keep a
    container from ending after SIGTERM.
    """

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)

    async def run(self, function: Callable[P, T], *args: P.args, **options: P.kwargs) -> T:
        """What the function gives or raises, from one of the threads."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[T] = loop.create_future()
        await self._free.acquire()

        def end(settle: Callable[[Any], None], value: Any) -> None:
            self._free.release()
            if not done.done():
                settle(value)

        def work() -> None:
            try:
                result = function(*args, **options)
            except StopIteration as error:  # which a future cannot carry
                wrapped = RuntimeError(f"StopIteration: {error}")
                wrapped.__cause__ = error
                ended: tuple[Callable[[Any], None], Any] = (done.set_exception, wrapped)
            except BaseException as error:  # noqa: BLE001 - it is the caller's
                ended = (done.set_exception, error)
            else:
                ended = (done.set_result, result)
            with suppress(RuntimeError):  # the loop is closed: nobody waits for it any more
                loop.call_soon_threadsafe(end, *ended)

        threading.Thread(target=work, daemon=True).start()
        return await done
