"""What differs between deployments, in one Airflow Variable: nothing else does, so no code asks where it runs."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

VARIABLE = "filings"
AWS_CONN_ID = "aws_default"
SLACK_CONN_ID = "slack_default"


class BadDeployment(ValueError):
    """The Airflow Variable `filings` cannot be used as it is."""


@dataclass(frozen=True)
class Deployment:
    """Names and times of one deployment; the Variable `filings` (a JSON object) overrides any of them.

    Read it when a task runs, never when a DAG file is parsed.
    """

    name: str = "filings"  # tag on every container: two Airflows may share a cluster, and each reaps its own
    cluster: str = "filings"
    task_definition: str = "filings-task"
    container: str = "task"
    bucket: str = "filings"
    subnets: tuple[str, ...] = ()
    security_groups: tuple[str, ...] = ()
    assign_public_ip: bool = False
    log_group: str = "/ecs/filings-task"
    log_stream_prefix: str = "task"
    waiter_delay: int = 25  # seconds between two DescribeTasks of one container
    launch_patience_seconds: float = 900  # how long a start is tried again while AWS throttles or has no capacity
    overlap_wait_minutes: float = 60
    overlap_wait_minutes_backfill: float = 720
    overlap_poke_seconds: float = 60
    reap_grace_minutes: float = 15

    @classmethod
    def read(cls) -> Deployment:
        """The deployment that the Variable describes.

        Raises:
            BadDeployment: when the Variable is not an object, or has a key that nothing reads.
        """
        from airflow.sdk import Variable

        return cls.of(Variable.get(VARIABLE, default={}, deserialize_json=True))

    @classmethod
    def of(cls, values: Any) -> Deployment:
        """The deployment of these values; what is not given keeps its default."""
        if not isinstance(values, dict):
            raise BadDeployment(f"the Airflow Variable {VARIABLE!r} must be a JSON object, not {values!r}")
        known = {field.name: field for field in fields(cls)}
        if unknown := sorted(set(values) - set(known)):
            raise BadDeployment(
                f"the Airflow Variable {VARIABLE!r} has unknown keys {', '.join(unknown)}; known are {', '.join(known)}"
            )
        given: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}
        return cls(**given)

    @property
    def family(self) -> str:
        """The task definition's family, whether it is given as a family, family:revision or ARN."""
        return self.task_definition.rsplit("/", 1)[-1].split(":", 1)[0]

    @property
    def network_configuration(self) -> dict[str, Any] | None:
        """Where containers run, for RunTask; None without subnets."""
        if not self.subnets:
            return None
        return {
            "awsvpcConfiguration": {
                "subnets": list(self.subnets),
                "securityGroups": list(self.security_groups),
                "assignPublicIp": "ENABLED" if self.assign_public_ip else "DISABLED",
            }
        }
