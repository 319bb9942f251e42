"""The operator against ECS whose containers really run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from airflow.providers.amazon.aws.utils.identifiers import generate_uuid
from airflow.sdk.exceptions import AirflowException, TaskDeferred

from filings_airflow.container import ContainerTask

TRIGGER_FAILED = {"error": "Trigger failure", "traceback": ["botocore.exceptions.ClientError: Rate exceeded"]}
TRIGGER_TIMEOUT = {"error": "Trigger timeout"}


def failure_of(run: Any) -> dict[str, Any]:
    """The XCom that a failed try leaves for the alert."""
    from airflow.models.xcom import XComModel
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        found = select(XComModel).where(XComModel.run_id == run.run_id, XComModel.dag_id == run.dag_id)
        return XComModel.deserialize_value(session.scalar(found.where(XComModel.key == "failure")))


def test_a_failure_carries_the_last_lines_of_the_containers_log(cloud: Any, single_dags: Any) -> None:
    run = single_dags["failing"].test()

    assert run.state == "failed"
    assert len(cloud.tasks()) == 2, "the application's failure is retried"
    failure = failure_of(run)
    assert failure["log_tail"][-1] == "event=failed accession=0000320193-23-000015 do=nothing"
    assert len(failure["log_tail"]) == 15
    told = {key: failure[key] for key in ("dag", "task", "batch", "try", "kind", "exit_code")}
    assert told == {"dag": "failing", "task": "fail", "batch": None, "try": 2, "kind": "application", "exit_code": 1}
    assert failure["log_url"].endswith("/tasks/only?try_number=2")


def test_wrong_usage_is_not_retried(cloud: Any, single_dags: Any) -> None:
    run = single_dags["misused"].test()

    assert run.state == "failed"
    assert len(cloud.tasks()) == 1
    assert failure_of(run)["kind"] == "usage"


@pytest.mark.parametrize("kind", ["capacity", "throttle"])
def test_a_start_waits_while_aws_has_no_room_and_costs_no_try(cloud: Any, single_dags: Any, kind: str) -> None:
    cloud.fault(kind, times=1)

    run = single_dags["well"].test()

    assert run.state == "success"
    [ti] = run.get_task_instances()
    assert ti.try_number == 1


def test_no_room_for_long_is_told_apart_from_a_failure_of_the_application(cloud: Any, single_dags: Any) -> None:
    cloud.fault("capacity", times=1000)

    run = single_dags["well"].test()

    assert run.state == "failed"
    failure = failure_of(run)
    assert failure["kind"] == "capacity"
    assert "Capacity is unavailable" in failure["reason"]


def test_a_container_that_does_not_start_says_why(cloud: Any, single_dags: Any) -> None:
    cloud.fault("start", times=2, reason="CannotPullContainerError: no such image")

    run = single_dags["well"].test()

    failure = failure_of(run)
    assert failure["kind"] == "platform"
    assert "CannotPullContainerError: no such image" in failure["reason"]


@pytest.mark.parametrize(
    ("hour", "of_try", "command", "containers"),
    [
        (1, "1", ["work", "--run-id", "x"], 1),
        (2, "0", ["work", "--run-id", "x"], 2),
        (3, "1", ["fail", "--run-id", "x", "1"], 2),
    ],
    ids=["ended well unseen: not run again", "ended before the task was cleared: run", "failed: run"],
)
def test_what_ended_while_airflow_looked_away(
    cloud: Any,
    single_dags: Any,
    start_container: Any,
    until_stopped: Any,
    hour: int,
    of_try: str,
    command: list[str],
    containers: int,
) -> None:
    date = datetime(2025, 11, 4, hour, tzinfo=UTC)
    started_by = generate_uuid("well", "only", f"manual__{date.isoformat()}", "-1")
    until_stopped(start_container(*command, started_by=started_by, **{"try": of_try}))

    run = single_dags["well"].test(logical_date=date, run_after=date)

    assert run.run_id == f"manual__{date.isoformat()}"
    assert run.state == "success"
    assert len(cloud.tasks()) == containers


class Ti:
    """What the operator asks of a task instance, for the cases that dag.test() cannot make."""

    dag_id, task_id, run_id, map_index, try_number, max_tries = "dag", "only", "run", -1, 1, 2
    log_url = "http://airflow/log"

    def __init__(self, arn: str | None) -> None:
        self.xcom: dict[str, Any] = {"ecs_task_arn": arn}

    def xcom_push(self, key: str, value: Any) -> None:
        self.xcom[key] = value

    def xcom_pull(self, *, task_ids: str, key: str, map_indexes: int) -> Any:
        return self.xcom.get(key)


def resume(ti: Ti, error: dict[str, Any], until: str = "2999-01-01T00:00:00+00:00") -> None:
    ti.xcom["watch"] = {"until": until, "failures": 0}
    operator = ContainerTask(task_id="only", task="work", retries=2)
    operator.resume_execution("__fail__", error, {"ti": ti, "run_id": ti.run_id})


def test_a_trigger_that_breaks_goes_on_watching_the_same_container(cloud: Any, start_container: Any) -> None:
    started_by = generate_uuid("dag", "only", "run", "-1")
    arn = start_container("sleep", "--run-id", "x", "60", started_by=started_by)

    with pytest.raises(TaskDeferred) as deferred:
        resume(Ti(arn), TRIGGER_FAILED)

    assert deferred.value.trigger.task_arn == arn
    assert len(cloud.tasks()) == 1


def test_a_trigger_that_breaks_forever_fails_the_task(cloud: Any, start_container: Any) -> None:
    ti = Ti(start_container("sleep", "--run-id", "x", "60"))
    operator = ContainerTask(task_id="only", task="work", retries=2)
    ti.xcom["watch"] = {"until": "2999-01-01T00:00:00+00:00", "failures": 5}

    with pytest.raises(AirflowException, match="watching the container failed 6 times"):
        operator.resume_execution("__fail__", TRIGGER_FAILED, {"ti": ti, "run_id": "run"})


def test_a_container_that_ended_well_while_its_trigger_broke_is_done(start_container: Any, until_stopped: Any) -> None:
    arn = start_container("work", "--run-id", "x")
    until_stopped(arn)

    resume(Ti(arn), TRIGGER_FAILED)


def test_a_container_that_failed_while_its_trigger_broke_tells_its_log(
    start_container: Any, until_stopped: Any
) -> None:
    arn = start_container("fail", "--run-id", "x", "1")
    until_stopped(arn)
    ti = Ti(arn)

    with pytest.raises(AirflowException, match="accession=0000320193-23-000015"):
        resume(ti, TRIGGER_FAILED)

    assert ti.xcom["failure"]["exit_code"] == 1


def test_the_execution_timeout_holds_for_a_deferred_task_and_stops_its_container(
    start_container: Any, until_stopped: Any
) -> None:
    arn = start_container("sleep", "--run-id", "x", "60")

    with pytest.raises(AirflowException, match="not done after 12:00:00"):
        resume(Ti(arn), TRIGGER_TIMEOUT)

    assert until_stopped(arn)["stopCode"] == "UserInitiated"


def test_a_container_that_ecs_has_forgotten_is_called_lost(cloud: Any) -> None:
    ti = Ti("arn:aws:ecs:us-east-1:123456789012:task/filings/00000000000000000000000000000000")

    with pytest.raises(AirflowException, match="knows this container no more"):
        resume(ti, TRIGGER_FAILED)


def test_the_watch_of_a_container_ends_with_its_execution_timeout(start_container: Any, cloud: Any) -> None:
    ti = Ti(None)
    operator = ContainerTask(task_id="only", task="sleep", options=("60",), retries=2)

    with pytest.raises(TaskDeferred) as deferred:
        operator.execute({"ti": ti, "run_id": "run"})

    trigger = deferred.value.trigger
    assert 12 * 3600 <= trigger.waiter_max_attempts * trigger.waiter_delay <= 12 * 3600 + trigger.waiter_delay
    [task] = cloud.tasks()
    assert task["command"] == ["sleep", "--run-id", "run", "60"]
