"""What can go wrong with the containers of a task, each drawn with its details from a seeded chance.

A moment is told by progress, the n-th request that a server sees, and never by the clock: so the same seed strikes at
the same place on a slow machine and on a quick one, as far as processes that run at once allow.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from faults.world import MYSQL, Trouble

HOUR, DAY = 3600.0, 86_400.0
INDEX, MISSING, PLANNER = "update_sec_master_submissions_index_s3", "update_missing_s3", "calculate_s3_batches"
FEED, FETCH = "update_sec_filings_sgml_feed_r2", "update_sec_filings_sgml_r2"
TAR, XBRL, DATA = "update_sec_filings_tar_r2", "update_sec_filings_xbrl_s3", "update_sec_filings_data_s3"
ROWS, LOAD, PROOF = "update_sec_filings_lookup_s3", "update_sec_filings_lookup_mysql", "check_accounting"
# What a task writes, and about how often in a world of some forty filings.
WRITES = {
    INDEX: (r"sec_master_submissions|control/", 2),
    MISSING: (r"/missing/|/inventory/", 5),
    PLANNER: (r"/manifests/", 12),
    FEED: (r"sgml-archive/|parts/|/runs/", 12),
    FETCH: (r"sgml-archive/|parts/|/runs/", 36),
    TAR: (r"tar-archive/|parts/|/runs/", 36),
    XBRL: (r"/xbrl/|parts/|/runs/", 10),
    DATA: (r"/data/|parts/|/runs/", 36),
    ROWS: (r"sec-filings-lookup/|/inventory/", 12),
    PROOF: (r"/inventory/|/missing/|/runs/", 8),
}
ASKS_EDGAR = (INDEX, FEED, FETCH)


def fault(what: str, **details: Any) -> dict[str, Any]:
    """A fault of objects."""
    return {"kind": "object", "what": what, **details}


def killed(task: str, chance: Random, number: int = signal.SIGKILL) -> Trouble:
    """Its containers get a signal while one of its writes is at S3, before it takes effect or after."""
    key, writes = WRITES[task]
    moment = {"skip": chance.randrange(writes), "after": chance.random() < 0.5}
    return Trouble((fault("kill", task=task, key=key, method="PUT", signal=int(number), **moment),))


def terminated(task: str, chance: Random) -> Trouble:
    """The same with SIGTERM, as when a task is stopped."""
    return killed(task, chance, signal.SIGTERM)


def failing_store(task: str, chance: Random) -> Trouble:
    """S3 fails now and then: 500 and 503, and answers lost before or after the effect."""
    share = {"times": -1, "seed": chance.randrange(1000)}
    return Trouble(
        (
            fault("error", status=chance.choice((500, 503)), chance=0.08, **share),
            fault("error", status=500, method="PUT", after=True, chance=0.05, **share),
            fault("reset", after=chance.random() < 0.5, method="PUT", chance=0.04, **share),
            fault("cut", method="GET", operation="GetObject", bytes=chance.randrange(300), chance=0.05, **share),
        )
    )


def slow_store(task: str, chance: Random) -> Trouble:
    """S3 takes its time, to answer and to send."""
    pace = {"seconds": chance.random(), "bytes_per_second": 40_000, "chance": 0.1, "times": -1}
    return Trouble((fault("slow", seed=chance.randrange(1000), **pace),))


def contended(task: str, chance: Random) -> Trouble:
    """Other writers are quicker at the lists and tables that are written on condition."""
    key = r"/inventory/|sec-filings-lookup/|sec_master"
    share = {"times": 4, "chance": 0.5, "seed": chance.randrange(1000)}
    return Trouble((fault("conflict", key=key, method="PUT", **share), fault("conflict", key=key, method="POST")))


def full_store(task: str, chance: Random) -> Trouble:
    """The disk behind S3 is full for some writes."""
    return Trouble((fault("full", skip=chance.randrange(10), times=chance.randint(2, 30)),))


def failing_edgar(task: str, chance: Random) -> Trouble:
    """EDGAR fails now and then, in all ways but those that stop us for minutes."""
    share = {"match": "/Archives/", "times": -1, "seed": chance.randrange(1000)}
    return Trouble(
        edgar=(
            {**share, "kind": "status", "status": chance.choice((500, 502, 503)), "chance": 0.08},
            {**share, "kind": "short_read", "bytes": chance.randrange(500), "chance": 0.06},
            {**share, "kind": "reset", "chance": 0.06},
            {**share, "kind": "timeout", "seconds": 4, "chance": 0.02},
            {**share, "kind": "page", "chance": 0.04},
        )
    )


def turned_away(task: str, chance: Random) -> Trouble:
    """EDGAR says once that we are too fast, and when to come back."""
    status = chance.choice((403, 429))
    told = {"match": "/Archives/", "status": status, "retry_after": 1, "skip": chance.randrange(6)}
    return Trouble(edgar=(told,))


def twins(task: str, chance: Random) -> Trouble:
    """Each container is started twice or three times at once, as when its scheduler loses track of it."""
    return Trouble(twins=chance.randint(1, 2))


def clocks_off(task: str, chance: Random) -> Trouble:
    """No two containers agree on the time, and some are a day ahead or behind."""
    return Trouble(clocks=tuple(chance.choice((-DAY, -HOUR, 0.0, HOUR, DAY)) for _ in range(5)))


def cannot_start(task: str, chance: Random) -> Trouble:
    """Containers end before they begin."""
    exits = {"kind": "exit", "task": task, "code": chance.choice((1, 137)), "times": chance.randint(1, 2)}
    return Trouble((exits,))


def database_killed(task: str, chance: Random) -> Trouble:
    """MySQL dies while it is being loaded, and comes back."""
    key = r"sec-filings-lookup/complete_"
    return Trouble((fault("kill", pid=MYSQL, key=key, method="GET", skip=chance.randrange(6)),))


Kind = Callable[[str, Random], Trouble]
ANYWHERE: tuple[Kind, ...] = (failing_store, slow_store, full_store, clocks_off, cannot_start)
WRITING: tuple[Kind, ...] = (killed, killed, terminated, contended)  # a kill tells most
TWO_AT_ONCE = {FEED, FETCH, TAR, XBRL, DATA, ROWS}


def drawn(chance: Random) -> Mapping[str, Trouble]:
    """Troubles for a run: of some tasks, one or two each."""
    tasks = [*WRITES, LOAD]
    chosen = chance.sample(tasks, chance.randint(3, 6))
    return {task: _of(task, chance) for task in tasks if task in chosen}


def _of(task: str, chance: Random) -> Trouble:
    kinds = [*ANYWHERE]
    if task in WRITES:
        kinds += WRITING
    if task in ASKS_EDGAR:
        kinds += [failing_edgar, failing_edgar, turned_away]
    if task in TWO_AT_ONCE:
        kinds += [twins, twins]
    if task == LOAD:
        kinds += [database_killed] * 4
    return sum((kind(task, chance) for kind in chance.sample(kinds, chance.randint(1, 2))), Trouble())
