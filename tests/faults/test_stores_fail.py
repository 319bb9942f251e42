"""S3 and R2 that fail, stall, lose answers, have other writers, or have no room left."""

from __future__ import annotations

from random import Random

import pytest

from faults.scenario import settle
from faults.troubles import DATA, FETCH, INDEX, LOAD, ROWS, TAR, WRITES, XBRL, contended, fault
from faults.world import Trouble, World

ALWAYS = {"times": -1}


def everywhere(*faults: dict[str, object]) -> dict[str, Trouble]:
    return {task: Trouble(faults) for task in (*WRITES, LOAD)}


@pytest.mark.ci
def test_500_and_503_before_and_after_the_effect(world: World) -> None:
    faults = [
        fault("error", status=status, after=after, chance=0.05, seed=status + after, **ALWAYS)
        for status in (500, 503)
        for after in (False, True)
    ]
    world.run("troubled", everywhere(*(f | {"method": "PUT"} if f["after"] else f for f in faults)))
    assert world.struck["error"] > 10
    assert settle(world, "troubled").findings == []


def test_answers_that_are_lost_slow_or_end_early(world: World) -> None:
    slow = fault("slow", seconds=0.2, bytes_per_second=50_000, chance=0.06, **ALWAYS)
    cut = fault("cut", operation="GetObject", bytes=40, chance=0.1, **ALWAYS)
    lost = [fault("reset", method="PUT", after=after, chance=0.06, seed=after, **ALWAYS) for after in (False, True)]
    world.run("troubled", everywhere(*lost, cut, slow))
    assert min(world.struck[what] for what in ("reset", "slow", "cut")) > 3
    assert settle(world, "troubled").findings == []


def test_other_writers_are_quicker_at_lists_and_tables(world: World) -> None:
    world.run("first")
    world.more(6)
    world.run("troubled", {task: contended(task, Random(task)) for task in WRITES})
    assert world.struck["conflict"] > 5
    assert settle(world, "troubled").findings == []


@pytest.mark.ci
def test_a_full_disk_behind_the_store(world: World) -> None:
    full = {task: Trouble((fault("full", times=4, skip=2),)) for task in (INDEX, FETCH, TAR, XBRL, DATA, ROWS)}
    world.run("troubled", full)
    assert world.struck["full"] >= 6
    assert settle(world, "troubled").findings == []


def test_a_disk_that_stays_full_for_a_whole_step(world: World) -> None:
    full = Trouble((fault("full", key="sgml-archive/|parts/", **ALWAYS),))
    exits = world.run("troubled", {FETCH: full})
    assert any(exits[FETCH])
    assert settle(world, "troubled").findings == []
