"""Faults on order: what a test asks to go wrong, how often, and where.

A fault is a JSON object. `times` (default 1) says how often it strikes; then it is spent.

{"kind": "throttle"}                       RunTask is refused: ThrottlingException
{"kind": "capacity"}                       RunTask returns no task but a failure ("reason" to say which)
{"kind": "start"}                          the task is accepted and never starts: TaskFailedToStart
{"kind": "exit", "code": 3}                the container ends at once with that exit code
{"kind": "kill", "after": 2}               the container gets SIGKILL after so many seconds (out of memory: exit 137)
{"kind": "delay", "seconds": 5}            the container sleeps first, so that another run can meet it
{"kind": "disk", "blocks": 8}              no file that the container writes gets larger than so many half kilobytes
{"kind": "object", "key": "inventory/"}    requests for such keys go wrong, as "what" says (see below)

The first seven may be limited by "task" (the first word of the container's command) and "batch" (its --batch).

A fault of objects strikes requests whose path ("/BUCKET/KEY") matches the regular expression "key", limited by
"endpoint" (s3 or r2), "method" and "operation" (AWS's name, such as UploadPartCopy). "skip" lets so many of them pass
first; "chance" is the share that it strikes, drawn from "seed"; `times` -1 means always. "what" is one of

error (default)  "status" (503 unless said; "code" is S3's word for it); with "after" the request takes effect first
reset            the connection is reset; with "after" the request takes effect first
slow             "seconds" until the first byte, and "bytes_per_second" from then on
cut              the body of a GET ends after "bytes" although more were announced
conflict         another writer changes the object first, so that a condition of the request does not hold any more
full             the disk has no room: what is written fails with the kernel's ENOSPC
kill             running containers of "task" (and "batch"), or the process "pid", get "signal" (default 9) while the
                 request is at the server; with "after" when it has taken effect, and nobody hears of it
"""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Callable
from typing import Any

CONTAINER_KINDS = ("throttle", "capacity", "start", "exit", "kill", "delay", "disk")
KINDS = (*CONTAINER_KINDS, "object")
OBJECT_FAULTS = ("error", "reset", "slow", "cut", "conflict", "full", "kill")
Rule = dict[str, Any]


class Faults:
    def __init__(self, rules: list[dict[str, Any]] | None = None) -> None:
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._draws: list[Callable[[], float]] = []
        for rule in rules or []:
            self.add(rule)

    def add(self, rule: dict[str, Any]) -> None:
        if rule.get("kind") not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}, not {rule.get('kind')!r}")
        if rule["kind"] == "object" and rule.setdefault("what", "error") not in OBJECT_FAULTS:
            raise ValueError(f"what must be one of {', '.join(OBJECT_FAULTS)}, not {rule['what']!r}")
        try:
            re.compile(rule.get("key", ""))
        except re.error as error:
            raise ValueError(f"key is no regular expression: {error}") from None
        draw = random.Random(rule.get("seed", 0)).random
        with self._lock:
            self._rules.append({"times": 1, "struck": 0, "seen": 0, **rule})
            self._draws.append(draw)

    def clear(self) -> None:
        with self._lock:
            self._rules.clear()
            self._draws.clear()

    def listed(self) -> list[dict[str, Any]]:
        with self._lock:
            return [dict(rule) for rule in self._rules]

    def strike(self, kinds: tuple[str, ...], command: list[str]) -> dict[str, Any] | None:
        """The first fault of these kinds that is meant for a container with this command; it counts as used."""
        task, batch = (command or [""])[0], option(command, "--batch")

        def meant(rule: dict[str, Any]) -> bool:
            return rule.get("task") in (None, task) and (rule.get("batch") is None or str(rule["batch"]) == batch)

        return self._use(lambda rule: rule["kind"] in kinds and meant(rule))

    def strike_object(self, endpoint: str, method: str, operation: str, path: str) -> Rule | None:
        """The first fault that is meant for this request of an object; it counts as used."""
        return self._use(
            lambda rule: (
                rule["kind"] == "object"
                and rule.get("endpoint") in (None, endpoint)
                and rule.get("method") in (None, method)
                and rule.get("operation") in (None, operation)
                and re.search(rule.get("key", ""), path) is not None
            )
        )

    def _use(self, matches: Callable[[Rule], bool]) -> Rule | None:
        with self._lock:
            for rule, draw in zip(self._rules, self._draws, strict=True):
                if 0 <= rule["times"] <= rule["struck"] or not matches(rule):
                    continue
                rule["seen"] += 1
                if rule["seen"] > rule.get("skip", 0) and draw() < rule.get("chance", 1):
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
