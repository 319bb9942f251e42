"""One run at a time: who waits, who is skipped, and whose lock is stale."""

from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from filings.archive import keys
from filings_airflow.bucket import Bucket
from filings_airflow.lock import Lock, Run
from sandbox.names import BUCKET

OTHER = ("end_of_week_pipeline", "manual__other")


def hold(cloud: Any, *holders: tuple[str, str]) -> None:
    """The lock as it lies in S3 after these runs, the last one first."""
    runs = [{"dag_id": dag, "run_id": run} for dag, run in holders]
    content = {"holder": runs[0], "since": "2025-11-04T08:00:00+00:00", "earlier": runs[1:]}
    cloud.client("s3").put_object(Bucket=BUCKET, Key=keys.LOCK, Body=json.dumps(content).encode())


def holder(cloud: Any) -> str:
    return json.loads(cloud.client("s3").get_object(Bucket=BUCKET, Key=keys.LOCK)["Body"].read())["holder"]["run_id"]


def assert_skipped(run: Any, states: Any) -> None:
    assert run.state == "success"
    assert set(states(run).values()) == {"skipped"}


def test_a_run_beside_a_working_one_is_skipped_with_all_its_tasks(
    cloud: Any, dagbag: Any, states: Any, other_run: Any
) -> None:
    hold(cloud, OTHER)
    other_run(*OTHER, "running")

    run = dagbag.dags["daily_pipeline"].test()

    assert_skipped(run, states)
    assert holder(cloud) == OTHER[1]
    assert not cloud.tasks() and not cloud.slack_messages()


@pytest.mark.parametrize("state", ["failed", "success", "running"])
def test_the_lock_of_a_run_that_has_ended_is_taken_over(cloud: Any, state: str) -> None:
    hold(cloud, OTHER)
    lock = Lock(Bucket(BUCKET, cloud.client("s3")), lambda other: state == "running")

    blocker = lock.take(Run("daily_pipeline", "manual__new"))

    assert blocker == (Run(*OTHER) if state == "running" else None)
    assert holder(cloud) == (OTHER[1] if state == "running" else "manual__new")


def test_an_earlier_holder_that_was_cleared_and_works_again_is_waited_for(
    cloud: Any, dagbag: Any, states: Any, other_run: Any
) -> None:
    hold(cloud, ("daily_pipeline", "ended_since"), OTHER)
    other_run(*OTHER, "running")

    assert_skipped(dagbag.dags["daily_pipeline"].test(), states)


@pytest.mark.parametrize("tags", [{"dag": OTHER[0], "run": OTHER[1]}, {}], ids=["of an earlier run", "started by hand"])
def test_a_run_beside_a_working_container_is_skipped(
    dagbag: Any, states: Any, start_container: Any, tags: dict[str, str]
) -> None:
    start_container("sleep", "--run-id", "x", "60", **tags)

    assert_skipped(dagbag.dags["daily_pipeline"].test(), states)


def test_a_run_behind_one_that_failed_waits_for_its_container_and_then_works(
    cloud: Any, dagbag: Any, states: Any, other_run: Any, start_container: Any
) -> None:
    hold(cloud, OTHER)
    other_run(*OTHER, "failed")
    start_container("sleep", "--run-id", "x", "3", dag=OTHER[0], run=OTHER[1])

    run = dagbag.dags["daily_pipeline"].test(run_conf={"overlap_wait_minutes": 1})

    assert run.state == "success"
    assert states(run)["finish"] == "success"
    assert holder(cloud) == run.run_id


def test_a_gate_that_fails_lets_nothing_through_and_the_run_is_told(cloud: Any, dagbag: Any, states: Any) -> None:
    cloud.client("s3").put_object(Bucket=BUCKET, Key=keys.LOCK, Body=b"not JSON")

    run = dagbag.dags["daily_pipeline"].test()

    assert run.state == "failed"
    found = states(run)
    assert found.pop("no_overlap") == "failed"
    assert set(found.values()) == {"upstream_failed"}
    [message] = cloud.slack_messages()
    assert "last task: no_overlap" in message["payload"]["text"]


def test_of_many_runs_of_the_same_second_one_gets_the_lock(cloud: Any) -> None:
    bucket = Bucket(BUCKET, cloud.client("s3"))
    runs = [Run("daily_pipeline", f"run_{n}") for n in range(8)]
    together = threading.Barrier(len(runs))
    answers: dict[str, Run | None] = {}

    def take(run: Run) -> None:
        together.wait()
        answers[run.run_id] = Lock(bucket, lambda other: True).take(run)

    threads = [threading.Thread(target=take, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    [winner] = [run_id for run_id, blocker in answers.items() if blocker is None]
    assert {blocker.run_id for blocker in answers.values() if blocker} == {winner} == {holder(cloud)}


def test_a_run_that_has_the_lock_takes_it_again_after_a_restart(cloud: Any) -> None:
    lock = Lock(Bucket(BUCKET, cloud.client("s3")), lambda other: True)
    run = Run("daily_pipeline", datetime.now(UTC).isoformat())

    assert lock.take(run) is None
    assert lock.take(run) is None
