"""EDGAR that fails, breaks off, shows a page in a file's place, or turns us away."""

from __future__ import annotations

import json
import time

import pytest

from faults.scenario import settle
from faults.troubles import DAY, FEED, FETCH, INDEX, PLANNER
from faults.world import Trouble, World
from pipeline.steps import groups

FILES = {"match": "/Archives/", "times": -1}
BACKOFF = "s3/filings/sec/filings/control/sec_backoff.json"


def from_edgar(*faults: dict[str, object]) -> dict[str, Trouble]:
    return {task: Trouble(edgar=faults) for task in (INDEX, FEED, FETCH)}


@pytest.mark.ci
def test_500s_timeouts_short_reads_resets_and_pages_for_people(world: World) -> None:
    kinds = (
        {"kind": "status", "status": 500},
        {"kind": "timeout", "seconds": 4, "chance": 0.03},
        {"kind": "short_read", "bytes": 100},
        {"kind": "truncate", "bytes": 700},
        {"kind": "reset"},
        {"kind": "page"},
    )
    world.run("troubled", from_edgar(*({**FILES, "chance": 0.08, "seed": n, **k} for n, k in enumerate(kinds))))
    assert world.struck["EDGAR's status"] + world.struck["EDGAR's reset"] + world.struck["EDGAR's short_read"] > 3
    assert settle(world, "troubled").findings == []


def test_turned_away_by_429_and_403_and_told_when_to_come_back(world: World) -> None:
    """And the containers' clocks are a year ahead, which is not to stop the system for a year."""
    told = [{"match": "/edgar/data/", "status": status, "retry_after": 1, "skip": 3} for status in (429, 403)]
    exits = world.run("troubled", {FETCH: Trouble(edgar=tuple(told), clocks=(365 * DAY,))})
    assert world.struck["EDGAR's status"] == 2
    assert not any(exits[FETCH])
    assert settle(world, "troubled").findings == []


def test_a_block_without_a_word_stops_all_containers_for_ten_minutes(world: World) -> None:
    """The minutes are not waited for: the containers that wait are stopped, and those of a later hour go on."""
    world.run("troubled", {}, groups(last=PLANNER))
    commands = [c for group in groups(FETCH, FETCH) for step in group for c in world.commands(step, "troubled")]
    with world.trouble(Trouble(edgar=({"match": "/edgar/data/", "status": 403, "skip": 4},))):
        arns = [world.cloud.run_task(*command) for command in commands]
        deadline = time.monotonic() + 60
        while not (world.run_folder / BACKOFF).exists():
            assert time.monotonic() < deadline
            time.sleep(0.05)
    told = json.loads((world.run_folder / BACKOFF).read_bytes())
    assert 590 < told["until"] - time.time() <= 600
    ecs = world.cloud.client("ecs")
    for arn in arns:
        ecs.stop_task(cluster="filings", task=arn)
    ecs.get_waiter("tasks_stopped").wait(cluster="filings", tasks=arns, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    asked = world.cloud.edgar_requests()["by_path_kind"]["submission"]
    stopped = [world.cloud.run_task(*command) for command in commands]
    deadline = time.monotonic() + 60
    while any(task["status"] == "PENDING" for task in world.cloud.tasks()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(2)  # long enough for a container that does not heed the block to show it
    assert world.cloud.edgar_requests()["by_path_kind"]["submission"] == asked
    for arn in stopped:
        ecs.stop_task(cluster="filings", task=arn)
    ecs.get_waiter("tasks_stopped").wait(cluster="filings", tasks=stopped, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    world.containers(commands, Trouble(clocks=(660.0,)))
    assert world.cloud.edgar_requests()["by_path_kind"]["submission"] > asked
    (world.run_folder / BACKOFF).unlink()
    assert settle(world, "troubled").findings == []
