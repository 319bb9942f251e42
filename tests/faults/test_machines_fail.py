"""MySQL that dies or has no room, clocks that are wrong or set, and a container's own disk that is full."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pymysql.err import OperationalError

from faults.scenario import settle
from faults.troubles import DAY, FETCH, HOUR, INDEX, LOAD, PLANNER, ROWS, WRITES
from faults.world import CLOCK, Trouble, World, stepped_clock
from pipeline.steps import groups
from sandbox import mysql

WAITING = "SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for table%'"


@pytest.mark.ci
def test_mysql_is_killed_in_the_middle_of_a_load(world: World) -> None:
    """A lock holds the load where it merges, so that MySQL dies with the transaction open."""
    world.run("first")
    world.more(6)
    world.run("troubled", {}, groups(last=ROWS))
    connection = mysql.connect(world.cloud.mysql_url)
    with connection.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        cursor.execute("LOCK TABLES sec_documents_table READ")
        loading = pool.submit(world.containers, [(LOAD, "--run-id", "troubled")])
        with mysql.connect(world.cloud.mysql_url).cursor() as watch:
            deadline = time.monotonic() + 60
            while watch.execute(WAITING) and not watch.fetchone()[0]:
                assert time.monotonic() < deadline
                time.sleep(0.02)
        world.kill_mysql()
        [load] = loading.result(120)
    assert load.exits[-1] == 0, world.log(LOAD)
    assert settle(world, "troubled").findings == []


def test_mysql_has_no_room_left(world: World) -> None:
    """The tablespace has a fixed size, and something else has taken all of it; then it is made larger."""
    world.restart_mysql("--innodb-file-per-table=0", "--innodb-data-file-path=ibdata1:12M:autoextend:max:14M")
    with mysql.connect(world.cloud.mysql_url).cursor() as cursor:
        cursor.execute("CREATE TABLE junk (id INT AUTO_INCREMENT PRIMARY KEY, filler LONGTEXT)")
        with pytest.raises(OperationalError, match="full"):
            while True:
                cursor.execute("INSERT INTO junk (filler) VALUES (REPEAT('x', 100000))")
    exits = world.run("troubled")
    assert exits[LOAD] == [1]
    assert "full" in world.log(LOAD) or "No more room" in world.log(LOAD)
    world.restart_mysql()
    with mysql.connect(world.cloud.mysql_url).cursor() as cursor:
        cursor.execute("DROP TABLE junk")
    assert settle(world, "troubled").findings == []


def test_a_containers_own_disk_is_full(world: World) -> None:
    """The kernel refuses what goes over four kilobytes a file, as it can without privileges."""
    full = Trouble(({"kind": "disk", "blocks": 8, "times": -1},))
    world.run("index", {INDEX: full}, groups(last=INDEX))
    world.run("troubled", {task: full for task in (*WRITES, LOAD) if task != INDEX})
    assert world.struck["disk"] > 10
    assert settle(world, "troubled").findings == []


@pytest.mark.ci
def test_no_two_containers_agree_on_the_time(world: World) -> None:
    wrong = Trouble(clocks=(DAY, -HOUR, 0.0, -DAY, 400 * DAY, HOUR, -400 * DAY))
    exits = world.run("troubled", {task: wrong for task in (*WRITES, LOAD) if task != INDEX})
    assert not any(code for codes in exits.values() for code in codes), exits
    assert settle(world, "troubled").findings == []


def test_a_clock_is_set_while_containers_are_at_work(world: World, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0")
    world.run("troubled", {}, groups(last=PLANNER))
    environment = stepped_clock(world.cloud, str(clock))
    assert str(CLOCK) in environment["PYTHONPATH"]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(world.run, "troubled", {FETCH: Trouble(environment=environment)}, groups(FETCH))
        steps = iter((-DAY, HOUR, 90 * DAY, -90 * DAY, 0.0))
        while not running.done():
            if (offset := next(steps, None)) is not None:
                clock.write_text(str(offset))
            time.sleep(1)
        exits = running.result()
    assert not any(code for codes in exits.values() for code in codes), exits
    assert settle(world, "troubled").findings == []
