from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Coroutine
from pathlib import Path
from random import Random

import pytest

import filings
from filings.archive.memory import Memory, Threads


async def settled() -> None:
    """Let everything that can go on do so."""
    for _ in range(20):
        await asyncio.sleep(0)


class Worker:
    """Something that holds room until it is told to end."""

    def __init__(self, memory: Memory, size: int, grows_to: int = 0) -> None:
        self.at_work, self.grown, self._end = False, False, asyncio.Event()
        self.task = asyncio.create_task(self._work(memory, size, grows_to))

    async def _work(self, memory: Memory, size: int, grows_to: int) -> None:
        async with memory.hold(size) as held:
            self.at_work = True
            await held.grow(grows_to)
            self.grown = True
            await self._end.wait()

    async def end(self) -> None:
        self._end.set()
        await self.task
        await settled()


def run(story: Coroutine[None, None, None]) -> None:
    asyncio.run(asyncio.wait_for(story, 20))


def test_small_ones_go_side_by_side_and_one_larger_than_all_the_room_goes_alone() -> None:
    async def story() -> None:
        memory = Memory(100)
        small = [Worker(memory, 40), Worker(memory, 40)]
        giant = Worker(memory, 1000)
        await settled()
        assert [w.at_work for w in (*small, giant)] == [True, True, False]
        await small[0].end()
        assert not giant.at_work
        await small[1].end()
        assert giant.at_work
        late = Worker(memory, 1)
        await settled()
        assert not late.at_work
        await giant.end()
        assert late.at_work
        await late.end()
        assert memory.used == 0

    run(story())


def test_who_waits_for_much_is_not_overtaken_by_who_wants_little() -> None:
    async def story() -> None:
        memory = Memory(100)
        first, large, little = Worker(memory, 50), Worker(memory, 80), Worker(memory, 10)
        await settled()
        assert (large.at_work, little.at_work) == (False, False)
        await first.end()
        assert (large.at_work, little.at_work) == (True, True)
        await asyncio.gather(large.end(), little.end())

    run(story())


def test_one_at_a_time_turns_out_larger_and_nobody_new_is_taken_up_meanwhile() -> None:
    async def story() -> None:
        memory = Memory(110)
        one, other = Worker(memory, 10, grows_to=95), Worker(memory, 10, grows_to=95)
        await settled()
        assert (one.grown, other.at_work, other.grown, memory.used) == (True, True, False, 105)
        late = Worker(memory, 20)
        await settled()
        assert not late.at_work
        await one.end()
        assert (other.grown, late.at_work, memory.used) == (True, False, 95)
        await other.end()
        assert late.at_work
        await late.end()
        assert memory.used == 0

    run(story())


def test_who_is_stopped_while_waiting_leaves_the_queue_and_no_room_is_lost() -> None:
    async def story() -> None:
        memory = Memory(100)
        first, stopped, last = Worker(memory, 100), Worker(memory, 100), Worker(memory, 100)
        await settled()
        stopped.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped.task
        await first.end()
        assert last.at_work
        await last.end()
        # admitted and stopped in the same moment
        first, stopped = Worker(memory, 100), Worker(memory, 100)
        await settled()
        first._end.set()
        await first.task
        stopped.task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await stopped.task
        assert memory.used == 0

    run(story())


@pytest.mark.parametrize("seed", range(5))
def test_whatever_comes_all_of_it_ends_and_the_bound_is_passed_by_one_at_most(seed: int) -> None:
    rng = Random(seed)

    async def story() -> None:
        memory = Memory(100)
        most = 0

        async def filing(size: int, real: int) -> None:
            nonlocal most
            async with memory.hold(size) as held:
                await held.grow(real)
                most = max(most, memory.used)
                await asyncio.sleep(rng.random() / 500)

        sizes = [(rng.randint(1, 20), rng.choice((1, 10, 50, 400))) for _ in range(300)]
        await asyncio.gather(*(filing(size, real) for size, real in sizes))
        assert memory.used == 0
        assert most <= 100 + 400

    run(story())


def test_threads_are_few_and_what_they_raise_is_raised() -> None:
    async def story() -> None:
        threads, at_once, most = Threads(2), 0, 0

        def work(number: int) -> int:
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            time.sleep(0.005)
            at_once -= 1
            return number

        assert await asyncio.gather(*(threads.run(work, n) for n in range(8))) == list(range(8))
        assert most == 2
        with pytest.raises(ZeroDivisionError):
            await threads.run(lambda: 1 // 0)
        with pytest.raises(RuntimeError, match="StopIteration"):
            await asyncio.wait_for(threads.run(lambda: next(iter(()))), 5)
        assert await threads.run(work, 9) == 9

    run(story())


def test_a_thread_at_work_does_not_keep_a_process_from_ending() -> None:
    script = (
        "import asyncio, time\n"
        "from filings.archive.memory import Threads\n"
        "async def main():\n"
        "    task = asyncio.create_task(Threads(1).run(time.sleep, 60))\n"
        "    await asyncio.sleep(0.1)\n"
        "    task.cancel()\n"
        "asyncio.run(main())\n"
    )
    path = Path(filings.__file__).parents[1]
    assert subprocess.run([sys.executable, "-c", script], cwd=path, timeout=20, check=False).returncode == 0
