"""Faults on order: what a test asks to go wrong, how often, and where.

A fault is a JSON object. `times` (default 1) says how often it strikes; then it is spent.

{"kind": "throttle"}                       RunTask is refused: ThrottlingException
{"kind": "capacity"}                       RunTask returns no task but a failure ("reason" to say which)
{"kind": "start"}                          the task is accepted and never starts: TaskFailedToStart
{"kind": "exit", "code": 3}                the container ends at once with that exit code
{"kind": "kill", "after": 2}               the container gets SIGKILL after so many seconds (out of memory: exit 137)
{"kind": "delay", "seconds": 5}            the container sleeps first, so that another run can meet it
{"kind": "object", "key": "inventory/"}    requests for such keys get 503 SlowDown ("method", "endpoint": s3 or r2)

The first six may be limited by "task" (the first word of the container's command) and "batch" (its --batch).
"""

from __future__ import annotations

import threading
from typing import Any

CONTAINER_KINDS = ("throttle", "capacity", "start", "exit", "kill", "delay")
KINDS = (*CONTAINER_KINDS, "object")


class Faults:
    def __init__(self, rules: list[dict[str, Any]] | None = None) -> None:
        self._lock = threading.Lock()
        self._rules: list[dict[str, Any]] = []
        for rule in rules or []:
            self.add(rule)

    def add(self, rule: dict[str, Any]) -> None:
        if rule.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {rule.get('kind')!r}")
        with self._lock:
            self._rules.append({"times": 1, "struck": 0, **rule})

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(rule) for rule in self._rules]

    def strike(self, kinds: tuple[str, ...], command: list[str]) -> dict[str, Any] | None:
        """The first fault of these kinds that is meant for a container with this command; it counts as used."""
        task, batch = (command or [""])[0], option(command, "--batch")

        def meant(rule: dict[str, Any]) -> bool:
            return rule.get("task") in (None, task) and (rule.get("batch") is None or str(rule["batch"]) == batch)

        return self._use(lambda rule: rule["kind"] in kinds and meant(rule))

    def strike_object(self, endpoint: str, method: str, key: str) -> dict[str, Any] | None:
        return self._use(
            lambda rule: (
                rule["kind"] == "object"
                and rule.get("endpoint") in (None, endpoint)
                and rule.get("method") in (None, method)
                and rule.get("key", "") in key
            )
        )

    def _use(self, matches: Any) -> dict[str, Any] | None:
        with self._lock:
            for rule in self._rules:
                if rule["struck"] < rule["times"] and matches(rule):
                    rule["struck"] += 1
                    return dict(rule)
        return None


def option(command: list[str], name: str) -> str | None:
    """The value of `name VALUE` or `name=VALUE` in a command line."""
    for position, word in enumerate(command):
        if word == name and position + 1 < len(command):
            return command[position + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return None
