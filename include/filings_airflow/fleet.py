"""The containers that are at work in the cluster, and which run each belongs to, by the tags the operator gave them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from filings_airflow.deployment import AWS_CONN_ID, Deployment


@dataclass(frozen=True)
class Container:
    """A container of the task family that has not stopped. One without `run` was started by hand."""

    arn: str
    created: datetime | None
    deployment: str | None
    dag: str | None
    run: str | None
    task: str | None
    map_index: int

    def __str__(self) -> str:
        if not self.run:
            return f"container {self.arn}, started by hand"
        batch = f"[{self.map_index}]" if self.map_index >= 0 else ""
        return f"container {self.arn} of {self.dag} {self.run} {self.task}{batch}"


class Fleet:
    """The containers of a deployment's task family in its cluster; those of other families are not ours to judge."""

    def __init__(self, deployment: Deployment, client: Any) -> None:
        self.deployment = deployment
        self.client = client

    @classmethod
    def of(cls, deployment: Deployment) -> Fleet:
        """The fleet of a deployment, through the Airflow connection."""
        from airflow.providers.amazon.aws.hooks.ecs import EcsHook

        return cls(deployment, EcsHook(aws_conn_id=AWS_CONN_ID).conn)

    def at_work(self) -> Iterator[Container]:
        """Every container that is not stopped; AWS gives them by the hundred."""
        cluster = self.deployment.cluster
        pages = self.client.get_paginator("list_tasks").paginate(
            cluster=cluster, family=self.deployment.family, desiredStatus="RUNNING", PaginationConfig={"PageSize": 100}
        )
        for page in pages:
            if not page["taskArns"]:
                continue
            described = self.client.describe_tasks(cluster=cluster, tasks=page["taskArns"], include=["TAGS"])
            yield from (_read(task) for task in described["tasks"] if task["lastStatus"] != "STOPPED")

    def stop(self, container: Container, reason: str) -> None:
        """Ask a container to end: SIGTERM, and SIGKILL after its stop timeout."""
        self.client.stop_task(cluster=self.deployment.cluster, task=container.arn, reason=reason)


def _read(task: dict[str, Any]) -> Container:
    tags = {tag["key"]: tag["value"] for tag in task.get("tags", [])}
    return Container(
        arn=task["taskArn"],
        created=task.get("createdAt"),
        deployment=tags.get("deployment"),
        dag=tags.get("dag"),
        run=tags.get("run"),
        task=tags.get("task"),
        map_index=int(tags.get("map_index", -1)),
    )
