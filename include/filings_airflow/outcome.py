"""Why a container stopped, told apart: what the application did, what AWS did, and what only a person can mend."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

# RunTask and stopped tasks say these when AWS lacks room or is asked too often, not when anything of ours is wrong.
_CAPACITY = re.compile(
    r"capacity is unavailable|RESOURCE:|insufficient|limit on the number of|throttl|rate exceeded|toomanyrequests"
    r"|timeout waiting for network interface|RequestLimitExceeded|ServerException|ServiceUnavailable",
    re.IGNORECASE,
)
_THROTTLED = {
    "ThrottlingException",
    "Throttling",
    "RequestLimitExceeded",
    "TooManyRequestsException",
    "ServerException",
}

USAGE, SIGKILLED, SIGTERMED = 2, 137, 143


@dataclass(frozen=True)
class Outcome:
    """How a container ended. `kind` is one of done, application, usage, memory, stopped, capacity, platform, lost."""

    kind: str
    exit_code: int | None = None
    reason: str = ""

    @property
    def retry(self) -> bool:
        """Whether the same command could succeed another time."""
        return self.kind != "usage"


def is_capacity(reason: str) -> bool:
    """Whether AWS's words mean that it had no room or was asked too often."""
    return bool(_CAPACITY.search(reason))


def is_throttled(code: str, message: str) -> bool:
    """Whether a ClientError of this code is about rate or room."""
    return code in _THROTTLED or is_capacity(message)


def read_outcome(task: dict[str, Any] | None, container: str) -> Outcome:
    """The outcome of a stopped ECS task as DescribeTasks tells it; None when ECS knows the task no more."""
    if task is None:
        return Outcome("lost", reason="ECS knows this container no more (it keeps stopped ones for about an hour)")
    found: dict[str, Any] = next((c for c in task.get("containers", []) if c.get("name") == container), {})
    code = found.get("exitCode")
    stop_code = task.get("stopCode", "")
    reason = "; ".join(part for part in (found.get("reason", ""), task.get("stoppedReason", "")) if part)
    if code == 0:
        return Outcome("done", 0)
    if code is None:
        kind = "capacity" if is_capacity(reason) else "platform"
        return Outcome(kind, reason=f"the container did not start: {reason or stop_code or 'no reason given'}")
    if "OutOfMemory" in reason:
        return Outcome("memory", code, f"out of memory: {reason}")
    if code in (SIGTERMED, SIGKILLED):
        return Outcome(
            "stopped", code, f"stopped from outside ({stop_code or 'signal'}): {reason or 'nobody says why'}"
        )
    if code == USAGE:
        return Outcome("usage", code, "wrong usage: the command line or a setting is wrong, a retry cannot help")
    return Outcome("application", code, f"the task ended with exit code {code}")
