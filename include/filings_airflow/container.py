"""One container task of the system as an Airflow task: the provider's ECS operator, minus what hurts at 3 a.m.

The provider's operator says nothing of the container's log when a deferred task fails, ignores `execution_timeout`
while deferred, starts a container again that finished while Airflow looked away, and fails on AWS having no room as if
the application had failed. This subclass mends these and leaves the rest to it.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NoReturn

from airflow.providers.amazon.aws.exceptions import EcsOperatorError
from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
from airflow.sdk.exceptions import (
    AirflowException,
    AirflowFailException,
    TaskDeferralError,
    TaskDeferralTimeout,
)

from filings_airflow import selection
from filings_airflow.deployment import AWS_CONN_ID, Deployment
from filings_airflow.outcome import Outcome, is_capacity, is_throttled, read_outcome

EXECUTION_TIMEOUT = timedelta(hours=12)
LOG_LINES = 15
_LINE_LENGTH = 500
_WATCH_FAILURES = 5  # a watcher that fails this often is not having a bad moment
_WATCH, FAILURE = "watch", "failure"


class ContainerTask(EcsRunTaskOperator):
    """Run `python -m filings TASK` in a Fargate container and wait for it without a worker.

    Plain: `task` with `options`. Mapped: `.partial(task=…).expand(overrides=…)` with RunTask overrides. A failed try
    leaves an XCom `failure` that says what a person needs, its log's last lines among it.

    Args:
        task: name of the container task.
        options: its command line after `--run-id`.
        selects: whether the trigger form's fields become options too (planners).
    """

    overwrite_rtif_after_execution = True  # the UI shows the cluster and command in use, known only at run time

    def __init__(
        self,
        *,
        task: str,
        options: Sequence[str] = (),
        selects: bool = False,
        overrides: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        settled = {
            "cluster": "",
            "task_definition": "",
            "launch_type": "FARGATE",
            "deferrable": True,
            "reattach": True,
            "number_logs_exception": LOG_LINES,
            "aws_conn_id": AWS_CONN_ID,
            "botocore_config": {"retries": {"mode": "adaptive", "max_attempts": 10}},
            "execution_timeout": EXECUTION_TIMEOUT,
        }
        super().__init__(overrides=overrides or {}, **{**settled, **kwargs})
        self.task = task
        self.options = options
        self.selects = selects

    def execute(self, context: Any) -> None:
        self._settle(context)
        ti = context["ti"]
        self.tags = {
            "deployment": self.deployment.name,
            "dag": ti.dag_id,
            "run": ti.run_id,
            "task": ti.task_id,
            "map_index": str(ti.map_index),
            "try": str(ti.try_number),
        }
        until = datetime.now(UTC) + (self.execution_timeout or EXECUTION_TIMEOUT)
        ti.xcom_push(_WATCH, {"until": until.isoformat(), "failures": 0})
        self._watch_until(until)
        super().execute(context)

    def resume_execution(self, next_method: str, next_kwargs: dict[str, Any] | None, context: Any) -> None:
        self._settle(context)
        try:
            super().resume_execution(next_method, next_kwargs, context)
        except TaskDeferralTimeout:
            self._time_out()
        except TaskDeferralError as error:
            self._look_again(str(error))

    def execute_complete(self, context: Any, event: dict[str, Any] | None = None) -> None:
        if event and event.get("status") == "success":
            self.arn, self.cluster = event["task_arn"], event["cluster"]
            self._after_execution()
        else:
            self._look_again(f"the trigger reports {event}")

    def _settle(self, context: Any) -> None:
        """Take names and places from the deployment, and the command from the task, now that they can be read."""
        self.context = context
        self.deployment = here = Deployment.read()
        self.cluster, self.task_definition, self.container_name = here.cluster, here.task_definition, here.container
        self.network_configuration = here.network_configuration
        self.awslogs_group, self.awslogs_stream_prefix = here.log_group, here.log_stream_prefix
        self.waiter_delay = here.waiter_delay + random.randint(0, here.waiter_delay // 4)
        if not self.overrides:
            chosen = selection.options(context) if self.selects else []
            command = [self.task, "--run-id", context["run_id"], *self.options, *chosen]
            self.overrides = {"containerOverrides": [{"name": here.container, "command": command}]}

    # -- start ------------------------------------------------------------------------------------------------------

    def _start_task(self) -> None:
        """Start the container; wait with growing pauses while AWS has no room or wants fewer calls."""
        from botocore.exceptions import ClientError

        give_up = time.monotonic() + self.deployment.launch_patience_seconds
        pause = 2.0
        while True:
            try:
                return super()._start_task()
            except EcsOperatorError as error:
                reason = "; ".join(" ".join(map(str, f.values())) for f in error.failures)
                capacity = is_capacity(reason)
            except ClientError as error:
                reason = str(error)
                capacity = is_throttled(error.response["Error"]["Code"], reason)
            if not capacity:
                self._fail(Outcome("platform", reason=f"RunTask refused to start the container: {reason}"))
            if time.monotonic() + pause > give_up:
                self._fail(Outcome("capacity", reason=f"AWS has no room for the container or throttles us: {reason}"))
            self.log.warning("AWS has no room or throttles us; starting again in about %.0f s: %s", pause, reason)
            time.sleep(pause * random.uniform(0.75, 1.25))
            pause = min(pause * 2, 60)

    def _try_reattach_task(self, started_by: str) -> None:
        super()._try_reattach_task(started_by)
        if not self.arn:
            self.arn = self._finished_unseen(started_by)

    def _finished_unseen(self, started_by: str) -> str | None:
        """A container of an earlier try that ended well while Airflow did not look; its work is not done again.

        Tries before the last clearing do not count: who clears a task wants it run.
        """
        found = self.client.list_tasks(cluster=self.cluster, desiredStatus="STOPPED", startedBy=started_by)["taskArns"]
        if not found:
            return None
        first_try = self.context["ti"].max_tries - (self.retries or 0) + 1
        described = self.client.describe_tasks(cluster=self.cluster, tasks=found, include=["TAGS"])
        for task in described["tasks"]:
            tags = {tag["key"]: tag["value"] for tag in task.get("tags", [])}
            if int(tags.get("try", 0)) < first_try or read_outcome(task, self.deployment.container).kind != "done":
                continue
            self.log.info("Container %s of try %s has done this already", task["taskArn"], tags["try"])
            return task["taskArn"]
        return None

    # -- watch ------------------------------------------------------------------------------------------------------

    def _watch_until(self, until: datetime) -> None:
        """Bound the trigger: Airflow does not apply execution_timeout to a deferred task (apache/airflow#32580)."""
        left = max((until - datetime.now(UTC)).total_seconds(), 1)
        self.waiter_max_attempts = math.ceil(left / max(self.waiter_delay, 1))

    def _look_again(self, why: str) -> None:
        """The watcher broke, which says nothing of the container: settle if it has stopped, else watch it again."""
        ti = self.context["ti"]
        self.arn = self._remembered("ecs_task_arn")
        watch = self._remembered(_WATCH) or {"until": datetime.now(UTC).isoformat(), "failures": 0}
        task = self._describe()
        if task is None or task["lastStatus"] == "STOPPED":
            self._check_success_task()
            return
        until = datetime.fromisoformat(watch["until"])
        if until <= datetime.now(UTC):
            self._time_out()
        failures = watch["failures"] + 1
        if failures > _WATCH_FAILURES:
            self.on_kill()  # a container that nobody watches would work on beside its own retry
            self._fail(Outcome("platform", reason=f"watching the container failed {failures} times: {why}"))
        self.log.warning("Watching container %s failed (%s); watching it again", self.arn, why)
        ti.xcom_push(_WATCH, {"until": watch["until"], "failures": failures})
        self._watch_until(until)
        super().execute(self.context)

    def _time_out(self) -> NoReturn:
        self.arn = self.arn or self._remembered("ecs_task_arn")
        self.on_kill()
        self._fail(Outcome("timeout", reason=f"not done after {self.execution_timeout}; the container was stopped"))

    def _remembered(self, key: str) -> Any:
        ti = self.context["ti"]
        return ti.xcom_pull(task_ids=ti.task_id, key=key, map_indexes=ti.map_index)

    def _describe(self) -> dict[str, Any] | None:
        if not self.arn:
            return None
        found = self.client.describe_tasks(cluster=self.cluster, tasks=[self.arn])["tasks"]
        return found[0] if found else None

    # -- end --------------------------------------------------------------------------------------------------------

    def _check_success_task(self) -> None:
        outcome = read_outcome(self._describe(), self.deployment.container)
        if outcome.kind != "done":
            self._fail(outcome)
        self.log.info("Container %s has done its work", self.arn)

    def _fail(self, outcome: Outcome) -> NoReturn:
        """Say what happened where the alert finds it, then fail the try.

        Raises:
            AirflowFailException: when a retry cannot help.
            AirflowException: else.
        """
        ti = self.context["ti"]
        tail = self._log_tail() if self.arn else []
        batch = self._batch(ti.map_index)
        failure = {
            "dag": ti.dag_id,
            "task": self.task,
            "batch": batch,
            "try": ti.try_number,
            "kind": outcome.kind,
            "exit_code": outcome.exit_code,
            "reason": outcome.reason,
            "log_tail": tail,
            "log_url": ti.log_url,
            "log_stream": f"{self.awslogs_group} {self._get_logs_stream_name()}" if self.arn else None,
        }
        ti.xcom_push(FAILURE, failure)
        where = self.task if batch is None else f"{self.task} batch {batch}"
        said = "\n".join(["", "last lines of its log:", *tail]) if tail else "\nit left no log"
        error = AirflowException if outcome.retry else AirflowFailException
        raise error(f"{where}: {outcome.reason}{said}")

    def _batch(self, map_index: int) -> int | None:
        command: list[str] = self.overrides["containerOverrides"][0]["command"]
        if "--batch" in command:
            return int(command[command.index("--batch") + 1])
        return map_index if map_index >= 0 else None

    def _log_tail(self) -> list[str]:
        """The last lines of the container's log; CloudWatch has them a moment after the container stopped."""
        from airflow.providers.amazon.aws.hooks.logs import AwsLogsHook
        from botocore.exceptions import ClientError

        client = AwsLogsHook(aws_conn_id=self.aws_conn_id, region_name=self.awslogs_region).conn
        stream = self._get_logs_stream_name()
        for pause in (1, 2, 0):
            try:
                events = client.get_log_events(
                    logGroupName=self.awslogs_group,
                    logStreamName=stream,
                    startFromHead=False,
                    limit=self.number_logs_exception,
                )["events"]
            except ClientError as error:
                if error.response["Error"]["Code"] != "ResourceNotFoundException":
                    return [f"(the log {self.awslogs_group} {stream} cannot be read: {error})"]
                events = []
            if events:
                return [event["message"][:_LINE_LENGTH] for event in events]
            time.sleep(pause)
        return []
