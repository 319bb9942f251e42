"""ECS whose tasks really run. moto keeps the books; a `LocalTask` is moto's Task with a process behind its status.

Limits of the real service that a deployment would meet are kept: overrides of at most 8192 characters, 100 tasks a
DescribeTasks, a network configuration for `awsvpc`, ListTasks that shows running tasks unless told otherwise.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import moto.ecs.models as moto_ecs
from moto.ecs.exceptions import InvalidParameterException
from moto.logs.models import logs_backends
from moto.secretsmanager.models import secretsmanager_backends

from sandbox.containers import CannotStart, Image, Start, container_command, image_of, start_of
from sandbox.faults import Faults, option
from sandbox.processes import leashed
from sandbox.tasklog import TaskLog

MAX_OVERRIDES = 8192
MAX_DESCRIBED = 100
SUBNETS = "Network Configuration must be provided when networkMode 'awsvpc' is specified."

_Task, _Backend = moto_ecs.Task, moto_ecs.EC2ContainerServiceBackend


class Slots:
    """Room for so many containers at once; the others wait as PENDING, first come, first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._queue: deque[object] = deque()
        self._changed = threading.Condition()

    def take(self, given_up: threading.Event) -> bool:
        """Wait for a slot. False if the wait was given up."""
        ticket = object()
        with self._changed:
            self._queue.append(ticket)
            try:
                while self._free == 0 or self._queue[0] is not ticket:
                    if given_up.is_set():
                        return False
                    self._changed.wait(0.2)
                if given_up.is_set():
                    return False
                self._free -= 1
                return True
            finally:
                self._queue.remove(ticket)
                self._changed.notify_all()

    def give_back(self) -> None:
        with self._changed:
            self._free += 1
            self._changed.notify_all()


@dataclass
class Host:
    """The machine that the containers run on: settings, and what runs at this moment."""

    images: dict[str, Image] = field(default_factory=dict)
    slots: Slots = field(default_factory=lambda: Slots(4))
    faults: Faults = field(default_factory=Faults)
    log_folder: Path | None = None
    work_folder: Path = field(default_factory=lambda: Path(tempfile.gettempdir()) / "sandbox-containers")
    tasks: list[LocalTask] = field(default_factory=list)

    def signal(self, number: int, task: str | None, batch: object = None, pid: int | None = None) -> None:
        """Signal the running containers of a task, or a process: a fault that waited for the right moment."""
        if pid is not None:
            os.kill(pid, number)
        for one in list(self.tasks):
            meant = task is not None and one.command[:1] == [task]
            if meant and one.status == "RUNNING" and (batch is None or option(one.command, "--batch") == str(batch)):
                one._signal(number, whole_group=number == signal.SIGKILL)

    def stop_all(self) -> None:
        """SIGKILL to every container: the machine is switched off."""
        for task in self.tasks:
            task.kill()
        for task in self.tasks:
            task.thread.join(5)


HOST = Host()


class LocalTask(_Task):
    """A moto Task whose status is its process's."""

    __module__ = "localecs.ecs"  # moto takes the service's name from here

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        definition = kwargs.get("task_definition") or args[1]
        network = kwargs.pop("networking_configuration", None)
        if definition.network_mode == "awsvpc" and not (network or {}).get("awsvpcConfiguration", {}).get("subnets"):
            raise InvalidParameterException(SUBNETS)
        mode, definition.network_mode = definition.network_mode, None  # there is no VPC to make an interface in
        try:
            super().__init__(*args, **kwargs)
        finally:
            definition.network_mode = mode
        self._status = "PENDING"
        self.created_at = datetime.now(UTC)
        self.started_at: datetime | None = None
        self.stopped_at: datetime | None = None
        self.stop_code: str | None = None
        self.connectivity = "CONNECTED"
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = threading.Event()
        self._killed = False
        self.definition = definition.container_definitions[0]
        named = [o for o in self.overrides.get("containerOverrides", []) if o.get("name") == self.definition["name"]]
        self.override: dict[str, Any] = named[0] if named else {}
        self.command = container_command(self.definition, self.override)
        container = self.containers[0]
        container.exitCode, container.task_arn, container.reason = None, self.task_arn, None
        HOST.tasks.append(self)
        # one thread a task for the whole life of its process: the leash is tied to the thread that starts it
        self.thread = threading.Thread(target=self._live, name=f"task-{self.id[:8]}", daemon=True)
        self.thread.start()

    @property
    def status(self) -> str:
        return self._status

    @status.setter
    def status(self, value: str) -> None:
        """moto's stop_task writes STOPPED here; the process decides when that is true."""
        if value == "STOPPED" and self._status != "STOPPED":
            self.stop_code = "UserInitiated"
            self._asked_to_stop.set()

    def kill(self) -> None:
        self._killed = True
        self._asked_to_stop.set()
        self._signal(signal.SIGKILL)

    # -- its life

    def _live(self) -> None:
        if not HOST.slots.take(self._asked_to_stop):
            self._stopped(None)
            return
        try:
            self._run()
        finally:
            HOST.slots.give_back()

    def _run(self) -> None:
        fault = HOST.faults.strike(("start", "exit", "kill", "delay", "disk"), self.command) or {}
        try:
            start = self._prepare(fault)
        except CannotStart as error:
            self._failed_to_start(str(error))
            return
        log = TaskLog(self._log_target(), HOST.log_folder and HOST.log_folder / f"{self.id}.log", self.command)
        self._process = subprocess.Popen(
            leashed(start.command),
            env=start.environment,
            cwd=start.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self.started_at = datetime.now(UTC)
        self._status = self.containers[0].last_status = "RUNNING"
        if self._killed:
            self._signal(signal.SIGKILL)
        threading.Thread(target=self._watch, args=(fault,), daemon=True).start()
        reader = threading.Thread(target=log.follow, args=(self._process.stdout,), daemon=True)
        reader.start()
        code = self._process.wait()
        self._signal(signal.SIGKILL)  # the end of a container's first process is the end of all in it
        reader.join(5)
        shutil.rmtree(start.folder, ignore_errors=True)
        self._stopped(code)

    def _prepare(self, fault: dict[str, Any]) -> Start:
        if fault.get("kind") == "start":
            raise CannotStart(fault.get("reason", "ResourceInitializationError: a fault was ordered"))
        start = start_of(
            self.definition,
            self.override,
            image=image_of(HOST.images, self.definition["image"]),
            task_id=self.id,
            work=HOST.work_folder,
            secret=self._secret,
        )
        script = {
            "exit": f"echo 'a fault was ordered: exit {fault.get('code', 1)}'; exit {fault.get('code', 1)}",
            "disk": f'ulimit -f {fault.get("blocks", 8)}; exec "$@"',
            "delay": f'sleep {fault.get("seconds", 5)}; exec "$@"',
        }.get(fault.get("kind", ""))
        if script is None:
            return start
        return Start(["/bin/sh", "-c", script, "sh", *start.command], start.environment, start.folder)

    def _secret(self, arn: str) -> str:
        backend = secretsmanager_backends[self._account_id][self.region_name]
        return backend.get_secret_value(arn, None, None)["SecretString"]

    def _log_target(self) -> Callable[[list[dict[str, Any]]], None] | None:
        options = self.definition.get("logConfiguration", {}).get("options", {})
        if not options:
            return None
        backend = logs_backends[self._account_id][options.get("awslogs-region", self.region_name)]
        group = options["awslogs-group"]
        stream = f"{options['awslogs-stream-prefix']}/{self.definition['name']}/{self.id}"
        if group not in backend.groups:
            backend.create_log_group(group, {})
        backend.create_log_stream(group, stream)
        return lambda events: backend.put_log_events(group, stream, events) and None

    def _watch(self, fault: dict[str, Any]) -> None:
        """StopTask and ordered kills. SIGTERM, then SIGKILL after the container's stopTimeout."""
        process = self._process
        assert process is not None
        ordered = time.monotonic() + fault.get("after", 0) if fault.get("kind") == "kill" else None
        while process.poll() is None:
            if ordered is not None and time.monotonic() >= ordered:
                self._signal(signal.SIGKILL)
                return
            if self._asked_to_stop.wait(0.1):
                self._signal(signal.SIGTERM, whole_group=False)
                try:
                    process.wait(self.definition.get("stopTimeout", 30))
                except subprocess.TimeoutExpired:
                    self._signal(signal.SIGKILL)
                return

    def _signal(self, number: int, *, whole_group: bool = True) -> None:
        """Real ECS signals the container's first process; a kill takes them all."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            (os.killpg if whole_group else os.kill)(self._process.pid, number)

    def _failed_to_start(self, reason: str) -> None:
        self.stop_code, self.stopped_reason = "TaskFailedToStart", reason
        self.containers[0].reason = reason
        self._stopped(None)

    def _stopped(self, code: int | None) -> None:
        container = self.containers[0]
        if code is not None:
            container.exitCode = code if code >= 0 else 128 - code
            if container.exitCode == 137 and not self._asked_to_stop.is_set():
                container.reason = "OutOfMemoryError: Container killed due to memory usage"
            self.stop_code = self.stop_code or "EssentialContainerExited"
            self.stopped_reason = self.stopped_reason or "Essential container in task exited"
        self.stopped_at = datetime.now(UTC)
        self.desired_status = "STOPPED"
        self._status = container.last_status = "STOPPED"

    def described(self) -> dict[str, Any]:
        """For the sandbox's own list of containers."""
        times = {name: getattr(self, name) for name in ("created_at", "started_at", "stopped_at")}
        return {
            "id": self.id,
            "command": self.command,
            "status": self._status,
            "exit": self.containers[0].exitCode,
            "reason": self.stopped_reason,
            **{name: value and value.timestamp() for name, value in times.items()},
        }


class LocalBackend(_Backend):
    """moto's ECS with the limits that it leaves out."""

    __module__ = _Backend.__module__

    def run_task(self, *args: Any, **kwargs: Any) -> list[Any]:
        overrides = kwargs.get("overrides") or (args[3] if len(args) > 3 else None) or {}
        if (size := len(json.dumps(overrides))) > MAX_OVERRIDES:
            raise InvalidParameterException(f"Container Overrides length must be at most {MAX_OVERRIDES}, not {size}.")
        return super().run_task(*args, **kwargs)

    @staticmethod
    def _calculate_task_resource_requirements(task_definition: Any) -> dict[str, Any]:
        """moto sums up the containers' memory and stumbles where, as Fargate allows, only the task has a size."""
        return {"CPU": 0, "MEMORY": 0, "PORTS": [], "PORTS_UDP": []}

    def describe_tasks(self, cluster_str: str, tasks: list[str]) -> list[Any]:
        if len(tasks) > MAX_DESCRIBED:
            raise InvalidParameterException(f"Tasks can have at most {MAX_DESCRIBED} items.")
        return super().describe_tasks(cluster_str, tasks)

    def list_tasks(self, *args: Any, **kwargs: Any) -> list[Any]:
        given = list(args) + [None] * (6 - len(args))
        given[5] = kwargs.pop("desiredStatus", given[5]) or "RUNNING"
        return super().list_tasks(*given, **kwargs)


def install(host: Host) -> None:
    """Make moto's ECS run its tasks on `host`. Call it before the first request."""
    global HOST
    HOST = host
    moto_ecs.Task = LocalTask  # type: ignore[misc]
    moto_ecs.ecs_backends.backend = LocalBackend
