"""Small objects, which are half of all: what it costs the processor of a container to put and to get them.

Both clients speak with the same server, a process of its own that does not count, and both send and verify checksums as
they do in production: ours a SHA-256 of every body, boto3 its own default. Keys and sizes are the archives'.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from bench.measure import Case, object_store
from filings.archive import keys
from filings.archive.storage import ZSTD, Store
from filings.edgar.accession import dashed

_OBJECTS = 2_000
_BYTES = 5_000  # a compressed ownership report, the commonest of filings
_AT_ONCE = 64
_THREADS = 16
_UNIT = "objects/CPU s"


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """put_small and get_small."""
    with object_store(scratch) as store, ThreadPoolExecutor(_THREADS) as threads:
        ours, peer = Ours(store), Boto3(store.bucket, threads)
        for client in (ours, peer):
            client.put()
            if client.get() != [BODIES[name] for name in NAMES]:
                raise AssertionError(f"{type(client).__name__} gets something else than it has put")
        peer_name = f"boto3, {_THREADS} threads"
        yield [
            Case(name, _UNIT, peer_name, partial(_rate, getattr(ours, verb)), partial(_rate, getattr(peer, verb)))
            for name, verb in (("put_small", "put"), ("get_small", "get"))
        ]


NAMES = [dashed(320193_25_000000 + number) for number in range(_OBJECTS)]
BODIES = dict(zip(NAMES, (Random(n).randbytes(_BYTES) for n in range(_OBJECTS)), strict=True))


class Ours:
    """The store's own verbs, so many under way as a container has."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self) -> None:
        self._all(lambda name: self._store.aput(keys.object_key(keys.DATA, name), BODIES[name]))

    def get(self) -> list[bytes]:
        return self._all(lambda name: self._store.aget(keys.object_key(keys.DATA, name)))

    def _all(self, verb: Callable[[str], Awaitable[Any]]) -> list[Any]:
        found: dict[str, Any] = {}

        async def worker(names: Iterator[str]) -> None:
            for name in names:
                found[name] = await verb(name)

        async def work() -> None:
            names = iter(NAMES)
            await asyncio.gather(*(worker(names) for _ in range(_AT_ONCE)))

        asyncio.run(work())
        return [found[name] for name in NAMES]


class Boto3:
    """One client for all threads, with a connection for each, as its documentation says."""

    def __init__(self, bucket: str, threads: ThreadPoolExecutor) -> None:
        import boto3
        from botocore.config import Config

        self._client = boto3.client("s3", config=Config(max_pool_connections=_THREADS))
        self._bucket, self._threads = bucket, threads

    def put(self) -> None:
        list(self._threads.map(self._put, NAMES))

    def get(self) -> list[bytes]:
        return list(self._threads.map(self._get, NAMES))

    def _put(self, name: str) -> None:
        key = f"boto3/{keys.object_key(keys.DATA, name)}"
        self._client.put_object(Bucket=self._bucket, Key=key, Body=BODIES[name], ContentType=ZSTD)

    def _get(self, name: str) -> bytes:
        answer = self._client.get_object(Bucket=self._bucket, Key=f"boto3/{keys.object_key(keys.DATA, name)}")
        return bytes(answer["Body"].read())


def _rate(work: Callable[[], object]) -> float:
    """Objects per second of this process's processor time, threads of all languages included."""
    before = _cpu_seconds()
    work()
    return _OBJECTS / (_cpu_seconds() - before)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
