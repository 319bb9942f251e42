"""Containers that end in the middle of their work: by kill -9, by SIGTERM, before they begin, and beside a twin."""

from __future__ import annotations

import signal

import pytest

from faults.scenario import settle
from faults.troubles import DATA, FETCH, PLANNER, PROOF, ROWS, TAR, WRITES, XBRL, fault
from faults.world import Trouble, World
from pipeline.steps import DAILY, INVENTORY

LEDGER = r"/inventory/"


def at_its_first_object(task: str, number: int, *, after: bool, times: int = 1) -> Trouble:
    """A signal while the task's first object is at S3; `times` strikes as many tries of it."""
    key, _ = WRITES[task]
    return Trouble((fault("kill", task=task, key=key, method="PUT", signal=int(number), after=after, times=times),))


@pytest.mark.ci
def test_kill_9_of_every_task_after_its_first_write_and_before_it_hears_of_it(world: World) -> None:
    troubles = {task: at_its_first_object(task, signal.SIGKILL, after=True) for task in WRITES}
    world.run("troubled", troubles)
    assert world.struck["kill"] == len(WRITES)
    assert settle(world, "troubled").findings == []


def test_kill_9_of_every_try_leaves_the_rest_to_the_next_run(world: World) -> None:
    troubles = {task: at_its_first_object(task, signal.SIGKILL, after=True, times=9) for task in (FETCH, DATA, ROWS)}
    exits = world.run("troubled", troubles)
    assert 137 in exits[FETCH]
    assert settle(world, "troubled").findings == []


def test_sigterm_of_every_task_in_the_middle_of_its_work(world: World) -> None:
    troubles = {task: at_its_first_object(task, signal.SIGTERM, after=False) for task in WRITES}
    world.run("troubled", troubles)
    assert world.struck["kill"] == len(WRITES)
    assert settle(world, "troubled").findings == []


@pytest.mark.ci
def test_three_containers_on_every_batch_at_once(world: World) -> None:
    exits = world.run("troubled", {task: Trouble(twins=2) for task in (PLANNER, FETCH, TAR, XBRL, DATA, ROWS, PROOF)})
    assert not any(code for codes in exits.values() for code in codes), exits
    assert settle(world, "troubled").findings == []


def test_twins_of_which_one_is_killed_between_object_and_ledger(world: World) -> None:
    killed = {task: fault("kill", task=task, key=LEDGER, method="PUT") for task in (FETCH, TAR, DATA, ROWS)}
    world.run("troubled", {task: Trouble((one,), twins=1) for task, one in killed.items()})
    assert world.struck["kill"] == 4
    assert settle(world, "troubled").findings == []


def test_the_end_of_week_run_is_killed_at_each_of_its_steps(world: World) -> None:
    world.run("first")
    world.more(6)
    tasks = {step.task for group in INVENTORY for step in group}
    kills = {task: Trouble((fault("kill", task=task, method="PUT", skip=1, after=True),)) for task in tasks}
    world.run("troubled", kills, [*INVENTORY, *DAILY])
    assert world.struck["kill"] >= 3
    assert settle(world, "troubled").findings == []
