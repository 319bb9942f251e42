"""A generated day through the whole engine, against the sum of its own stages: what the orchestration costs.

A stage alone is the bare work, one filing after another, without reading from the store or writing to it; storing and
reading back are stages of their own, many objects at once. From the same stages the page of costs is made.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import os
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench import mix
from bench.cost import Measured, Stage
from bench.measure import Case, cloud
from filings.archive import keys, manifest, pack
from filings.archive.batch import run_batch
from filings.archive.compression import compress, decompress
from filings.archive.extract import data_json, dumps
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.verbs import Bounds, Fetch
from filings.edgar import sgml, xbrl
from filings.settings import Settings
from filings.tasks import (
    update_sec_filings_data_s3,
    update_sec_filings_lookup_s3,
    update_sec_filings_tar_r2,
    update_sec_filings_xbrl_s3,
)

Filings = Sequence[tuple[str, bytes]]
_DERIVED = (
    (keys.TAR, update_sec_filings_tar_r2),
    (keys.XBRL, update_sec_filings_xbrl_s3),
    (keys.DATA, update_sec_filings_data_s3),
)
_SMALL = 64_000  # filings below it tell what a filing costs, those above what a megabyte costs


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """The case, over a sandbox; `BENCH_DAY_SCALE` is the size of its filings against real ones."""
    filings = list(mix.day(scale=float(os.environ.get("BENCH_DAY_SCALE", "0.05"))))
    with (
        cloud(scratch) as sandbox,
        Path(os.devnull).open("w") as nowhere,
        contextlib.redirect_stdout(nowhere),  # the log lines of containers
    ):
        day = Day(filings, Settings())
        megabytes = sum(len(raw) for _, raw in filings) / 1e6
        yield [
            Case(
                "day_end_to_end",
                "MB/s",
                "the sum of its stages alone",
                ours=lambda: megabytes / day.end_to_end(),
                peer=lambda: megabytes / day.alone(),
            )
        ]
        sandbox.check()
        day.measured().save()


class Day:
    """The filings of a day in memory, and a store for what becomes of them."""

    def __init__(self, filings: Filings, settings: Settings) -> None:
        self.filings = filings
        self._raw = dict(filings)
        self._settings = settings
        self._s3, self._r2 = Store.s3(settings), Store.r2(settings)
        self._numbers = itertools.count()
        self._small = [f for f in filings if len(f[1]) < _SMALL]
        self._large = [f for f in filings if len(f[1]) >= _SMALL]
        self._cpu: list[dict[str, tuple[float, float]]] = []  # of each turn: stage → CPU seconds of small, of large
        self._shares = (0.0, 0.0, 0.0)

    def end_to_end(self) -> float:
        """Seconds from submissions in memory to all objects and tables in the store, by the tasks' own code."""
        self._forget_tables()
        run_id = f"bench-{next(self._numbers)}"
        began = time.perf_counter()
        report = Report("update_sec_filings_sgml_r2", run_id, 0)
        bounds = Bounds(self._settings.memory_mb)
        fetch = Fetch(_Memory(self._raw), self._r2, self._settings.compression_level, bounds)  # type: ignore[arg-type]
        code = asyncio.run(
            run_batch(
                dict.fromkeys(self._raw, 1),
                fetch,
                store=self._s3,
                archive=keys.SGML,
                report=report,
                concurrency=self._settings.concurrency,
            )
        )
        for archive, task in _DERIVED:
            code = code or task.run(self._arguments(run_id, archive, task.__name__.rpartition(".")[2]), self._settings)
        code = code or self._tables(run_id)
        if code:
            raise RuntimeError(f"run {run_id} ended with exit code {code}: look at its reports")
        return time.perf_counter() - began

    def alone(self) -> float:
        """Seconds of all stages one after another, each by itself."""
        cpu: dict[str, list[float]] = {}
        total = 0.0
        sizes = [0, 0, 0]
        for filings in (self._small, self._large):
            packed: dict[str, bytes] = {}
            parsed: list[sgml.Submission] = []
            tars: dict[str, bytes] = {}
            others: dict[str, bytes] = {}

            def check(filings: Filings = filings, packed: dict[str, bytes] = packed) -> None:
                for accession, raw in filings:
                    _ = sgml.parse(raw, accession=accession).truncated
                    packed[accession] = compress(raw, self._settings.compression_level)

            def unpack(packed: dict[str, bytes] = packed, parsed: list[sgml.Submission] = parsed) -> None:
                parsed[:] = [sgml.parse(decompress(data, a), accession=a) for a, data in packed.items()]

            def tar(parsed: list[sgml.Submission] = parsed, tars: dict[str, bytes] = tars) -> None:
                tars.update({s.accession: pack.pack(s) for s in parsed})

            def facts(parsed: list[sgml.Submission] = parsed, others: dict[str, bytes] = others) -> None:
                for submission in parsed:
                    if (content := xbrl.xbrl_json(submission)) is not None:
                        packed_facts = compress(b"".join(xbrl.dumps(content)))
                        others[keys.object_key(keys.XBRL, submission.accession)] = packed_facts

            def data(parsed: list[sgml.Submission] = parsed, others: dict[str, bytes] = others) -> None:
                for submission in parsed:
                    content = compress(dumps(data_json(submission)))
                    others[keys.object_key(keys.DATA, submission.accession)] = content

            def store(
                packed: dict[str, bytes] = packed, tars: dict[str, bytes] = tars, others: dict[str, bytes] = others
            ) -> None:
                self._put(self._r2, {keys.object_key(keys.SGML, a): content for a, content in packed.items()})
                self._put(self._r2, {keys.object_key(keys.TAR, a): content for a, content in tars.items()})
                self._put(self._s3, others)

            def read(packed: dict[str, bytes] = packed) -> None:
                self._get(self._r2, [keys.object_key(keys.SGML, accession) for accession in packed])

            # What is made from the archive reads it back for itself: three tasks do.
            for name, times, work in (
                ("check and compress", 1, check),
                ("decompress and split", 3, unpack),
                ("tar", 1, tar),
                ("XBRL", 1, facts),
                ("data", 1, data),
                ("store", 1, store),
                ("read back", 3, read),
            ):
                seconds, used = _timed(work)
                total += times * seconds
                cpu.setdefault(name, []).append(times * used)
            sizes = [
                before + sum(map(len, objects.values()))
                for before, objects in zip(sizes, (packed, tars, others), strict=True)
            ]
        self._forget_tables()
        seconds, used = _timed(lambda: self._tables(f"bench-{next(self._numbers)}"))
        raw = sum(len(content) for _, content in self.filings)
        self._shares = (sizes[0] / raw, sizes[1] / raw, sizes[2] / raw)
        each = used / len(self.filings)  # rows come by the filing, not by the byte
        self._cpu.append(
            {name: (small, large) for name, (small, large) in cpu.items()}
            | {"tables": (each * len(self._small), each * len(self._large))}
        )
        return total + seconds

    def measured(self) -> Measured:
        """CPU seconds by filing and by megabyte, from the turn with the median sum of all."""
        turn = sorted(self._cpu, key=lambda stages: sum(map(sum, stages.values())))[len(self._cpu) // 2]
        small, large = _amounts(self._small), _amounts(self._large)
        return Measured([_stage(name, small, large, *used) for name, used in turn.items()], *self._shares)

    def _tables(self, run_id: str) -> int:
        return update_sec_filings_lookup_s3.run(
            self._arguments(run_id, keys.LOOKUP, "update_sec_filings_lookup_s3"), self._settings
        )

    def _arguments(self, run_id: str, archive: str, task: str) -> argparse.Namespace:
        manifest.write(self._s3, run_id, archive, task, dict.fromkeys(self._raw, 1), len(self._raw))
        uri = self._s3.uri(keys.manifest(run_id, archive))
        return argparse.Namespace(task=task, run_id=run_id, manifest=uri, batch=0, force=False, concurrency=None)

    def _forget_tables(self) -> None:
        folders = (keys.lookup_table("", "").rpartition("/")[0] + "/", keys.ROOT + "inventory/")
        self._s3.delete([key for folder in folders for key, _ in self._s3.list(folder)])

    def _put(self, store: Store, objects: dict[str, bytes]) -> None:
        asyncio.run(_all_at_once(list(objects.items()), lambda item: store.aput(*item), self._settings.concurrency))

    def _get(self, store: Store, names: list[str]) -> None:
        asyncio.run(_all_at_once(names, store.aget, self._settings.concurrency))


class _Memory:
    """In the place of EDGAR's client: what a day's requests would have brought."""

    def __init__(self, raw: dict[str, bytes]) -> None:
        self._raw = raw

    async def submission(self, cik: int, accession: str, grow: Callable[[int], Awaitable[None]]) -> bytes:
        await grow(len(self._raw[accession]))
        return self._raw[accession]


async def _all_at_once(items: list[object], work: Callable[..., object], concurrency: int) -> None:
    left = iter(items)

    async def worker() -> None:
        for item in left:
            await work(item)  # type: ignore[misc]

    await asyncio.gather(*(worker() for _ in range(concurrency)))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU."""
    began, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - used


def _amounts(filings: Filings) -> tuple[int, float]:
    return len(filings), sum(len(raw) for _, raw in filings) / 1e6


def _stage(name: str, small: tuple[int, float], large: tuple[int, float], first: float, second: float) -> Stage:
    """Solve `filings · a + megabytes · b = CPU seconds` for both groups; neither figure is below nothing."""
    (n, m), (p, q) = small, large
    determinant = n * q - p * m
    each, more = (first * q - second * m) / determinant, (n * second - p * first) / determinant
    if more < 0:
        each, more = (first + second) / (n + p), 0.0
    if each < 0:
        each, more = 0.0, (first + second) / (m + q)
    return Stage(name, each, more)
