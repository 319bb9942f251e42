"""Orphans are stopped, and nothing else is."""

from __future__ import annotations

from typing import Any

SLEEP = ("sleep", "--run-id", "x", "60")


def test_only_containers_that_nobody_waits_for_are_stopped(
    cloud: Any, dagbag: Any, other_run: Any, start_container: Any, until_stopped: Any
) -> None:
    other_run("daily_pipeline", "working", "running")
    other_run("daily_pipeline", "ended", "failed")
    ours = {"deployment": "filings", "dag": "daily_pipeline", "task": "update_missing_s3", "map_index": "-1"}
    orphan = start_container(*SLEEP, **ours, run="ended")
    left_alone = [
        start_container(*SLEEP, **ours, run="working"),
        start_container(*SLEEP, **{**ours, "deployment": "somebody else's"}, run="ended"),
        start_container(*SLEEP),
    ]

    run = dagbag.dags["container_reaper"].test()

    assert run.state == "success"
    assert until_stopped(orphan)["stoppedReason"] == "orphan: its run is not at work any more"
    described = cloud.client("ecs").describe_tasks(cluster="filings", tasks=left_alone)["tasks"]
    assert "STOPPED" not in {task["lastStatus"] for task in described}
