"""ECS tasks that really run: what RunTask, DescribeTasks, ListTasks and StopTask promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from botocore.exceptions import ClientError

from sandbox.cloud import Sandbox
from sandbox.names import CLUSTER, FAMILY, SUBNET


def test_a_container_ends_with_its_exit_code_and_its_log(containers):
    task = containers.run("exit", "3", startedBy="a-test", tags=[{"key": "dag", "value": "d"}])
    assert task["containers"][0]["exitCode"] == 3
    assert (task["stopCode"], task["stoppedReason"]) == (
        "EssentialContainerExited",
        "Essential container in task exited",
    )
    assert (task["startedBy"], task["tags"]) == ("a-test", [{"key": "dag", "value": "d"}])
    assert containers.lines(task["taskArn"]) == ["about to end"]


def test_a_container_sees_its_task_definition_and_nothing_of_the_host(containers, cloud: Sandbox, monkeypatch):
    task = containers.run("environment")
    seen = json.loads(containers.lines(task["taskArn"])[0])
    task_id = task["taskArn"].rpartition("/")[2]
    assert seen["SEC_USER_AGENT"].endswith(f"sandbox@example.com task={task_id}")
    assert (seen["AWS_ENDPOINT_URL"], seen["R2_ENDPOINT_URL"]) == (cloud.aws_url, cloud.r2_url)
    assert seen["MYSQL_URL"] == cloud.mysql_url, "a secret of the task definition"
    assert not seen.keys() & {"PYTEST_CURRENT_TEST", "USER", "VIRTUAL_ENV", "AIRFLOW_HOME"}
    assert seen["files"] == [], "a container begins in an empty folder"
    assert not Path(seen["cwd"]).exists(), "which ends with it"


def test_stop_task_lets_the_container_finish_its_work(containers, cloud: Sandbox):
    arn = cloud.run_task("polite")
    containers.wait_for_line(arn, "at work")
    containers.ecs.stop_task(cluster=CLUSTER, task=arn, reason="enough")
    task = containers.wait_for(arn)
    assert (task["containers"][0]["exitCode"], task["stopCode"], task["stoppedReason"]) == (
        143,
        "UserInitiated",
        "enough",
    )
    assert containers.lines(arn)[-1] == "ledger written"


def test_a_container_that_does_not_listen_is_killed_after_its_stop_timeout(containers, cloud: Sandbox):
    definition = containers.ecs.describe_task_definition(taskDefinition=FAMILY)["taskDefinition"]
    container = {**definition["containerDefinitions"][0], "stopTimeout": 1}
    containers.ecs.register_task_definition(
        family="impatient",
        networkMode="awsvpc",
        requiresCompatibilities=["FARGATE"],
        cpu="256",
        memory="512",
        containerDefinitions=[container],
    )
    arn = containers.ecs.run_task(
        cluster=CLUSTER,
        taskDefinition="impatient",
        launchType="FARGATE",
        networkConfiguration={"awsvpcConfiguration": {"subnets": [SUBNET]}},
        overrides={"containerOverrides": [{"name": "task", "command": ["deaf"]}]},
    )["tasks"][0]["taskArn"]
    containers.wait_for_line(arn, "at work")
    containers.ecs.stop_task(cluster=CLUSTER, task=arn)
    assert containers.wait_for(arn)["containers"][0]["exitCode"] == 137


def test_what_a_container_started_ends_with_it(containers, cloud: Sandbox):
    task = containers.run("child")
    assert not alive(int(containers.lines(task["taskArn"])[0]))


def alive(pid: int) -> bool:
    """Whether it runs; one that has ended and that nobody has waited for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_more_containers_than_slots_wait_as_pending(containers, cloud: Sandbox):
    arns = [cloud.run_task("wait", startedBy="slots") for _ in range(3)]
    for arn in arns[:2]:
        containers.wait_for(arn, "RUNNING")
    assert containers.describe(arns[2])["lastStatus"] == "PENDING"
    containers.ecs.stop_task(cluster=CLUSTER, task=arns[0])
    containers.wait_for(arns[2], "RUNNING")
    for arn in arns[1:]:
        containers.ecs.stop_task(cluster=CLUSTER, task=arn)
        containers.wait_for(arn)


def test_a_container_stopped_while_it_waits_never_starts(containers, cloud: Sandbox):
    arns = [cloud.run_task("wait") for _ in range(3)]
    containers.ecs.stop_task(cluster=CLUSTER, task=arns[2])
    task = containers.wait_for(arns[2])
    assert "startedAt" not in task and "exitCode" not in task["containers"][0]
    for arn in arns[:2]:
        containers.ecs.stop_task(cluster=CLUSTER, task=arn)
        containers.wait_for(arn)


def test_lists_show_what_runs_and_on_request_what_has_stopped(containers, cloud: Sandbox):
    ended = containers.run("exit", "0", startedBy="lists")["taskArn"]
    running = cloud.run_task("wait", startedBy="lists")
    listed = containers.ecs.list_tasks
    assert listed(cluster=CLUSTER, startedBy="lists")["taskArns"] == [running]
    assert listed(cluster=CLUSTER, startedBy="lists", desiredStatus="STOPPED")["taskArns"] == [ended]
    assert running in listed(cluster=CLUSTER, family=FAMILY)["taskArns"]
    assert listed(cluster=CLUSTER, startedBy="someone else")["taskArns"] == []
    containers.ecs.stop_task(cluster=CLUSTER, task=running)
    containers.wait_for(running)


def test_an_unknown_image_is_a_start_that_failed_with_the_reason(containers, cloud: Sandbox):
    containers.ecs.register_task_definition(
        family="imageless", containerDefinitions=[{"name": "task", "image": "no/such:1", "memory": 1}]
    )
    arn = containers.ecs.run_task(cluster=CLUSTER, taskDefinition="imageless", launchType="FARGATE")["tasks"][0][
        "taskArn"
    ]
    task = containers.wait_for(arn)
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].startswith("CannotPullContainerError: no image no/such:1 here")


def test_the_limits_of_the_real_service_hold(containers, cloud: Sandbox):
    with pytest.raises(ClientError, match="at most 8192"):
        cloud.run_task("x" * 9000)
    with pytest.raises(ClientError, match="at most 100"):
        containers.ecs.describe_tasks(cluster=CLUSTER, tasks=["x"] * 101)
    with pytest.raises(ClientError, match="Network Configuration must be provided"):
        containers.ecs.run_task(cluster=CLUSTER, taskDefinition=FAMILY, launchType="FARGATE")


def test_an_ordered_failure_hits_the_batch_it_is_meant_for_so_many_times(containers, cloud: Sandbox):
    cloud.fault("exit", task="exit", batch=2, code=9)
    assert containers.run("exit", "0", "--batch", "1")["containers"][0]["exitCode"] == 0
    assert containers.run("exit", "0", "--batch", "2")["containers"][0]["exitCode"] == 9
    assert containers.run("exit", "0", "--batch", "2")["containers"][0]["exitCode"] == 0


def test_an_ordered_kill_looks_like_a_container_out_of_memory(containers, cloud: Sandbox):
    cloud.fault("kill", task="wait")
    container = containers.run("wait")["containers"][0]
    assert container["exitCode"] == 137
    assert "OutOfMemory" in container["reason"]


def test_an_ordered_start_failure_is_told_as_one(containers, cloud: Sandbox):
    cloud.fault("start", reason="ResourceInitializationError: out of luck")
    task = containers.run("exit", "0")
    assert (task["stopCode"], task["stoppedReason"]) == (
        "TaskFailedToStart",
        "ResourceInitializationError: out of luck",
    )


def test_run_task_can_be_throttled_or_without_capacity(containers, cloud: Sandbox):
    cloud.fault("throttle", task="exit")
    with pytest.raises(ClientError) as refused:
        cloud.run_task("exit", "0")
    assert refused.value.response["Error"]["Code"] == "ThrottlingException"
    cloud.fault("capacity", task="exit")
    answer = containers.ecs.run_task(
        cluster=CLUSTER,
        taskDefinition=FAMILY,
        overrides={"containerOverrides": [{"name": "task", "command": ["exit", "0"]}]},
    )
    assert answer["tasks"] == []
    assert "Capacity is unavailable" in answer["failures"][0]["reason"]
    assert containers.run("exit", "0")["containers"][0]["exitCode"] == 0
