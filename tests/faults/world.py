"""A world for one scenario: generated filings, the cloud on this machine, and runs in which things go wrong.

Containers are started as ECS tasks in the order of the daily pipeline (pipeline.steps), those of a step at once, and
again when they fail, three tries in all, as Airflow does. What goes wrong is ordered per task as a `Trouble`.
"""

from __future__ import annotations

import json
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pipeline.steps import DAILY, Pipeline, Step
from sandbox.cloud import INCLUDE, Sandbox
from sandbox.generate import folder as generated
from sandbox.processes import Process, accepts

TRIES = 3
CONTAINER_SECONDS = 180
CLOCK = INCLUDE / "sandbox" / "clock"
DAYS_AGO = 40  # so that also filings made public only after weeks are out, and the Feed has their days
MYSQL = "mysql"  # in a fault's "pid": the database's, whatever it is by then


@dataclass(frozen=True)
class Trouble:
    """What goes wrong while a task's containers are at work.

    `cloud` are faults as sandbox.faults has them, `edgar` those of sandbox.edgar.faults; each container is started
    `twins` times more; `clocks` are the seconds by which the clocks of the containers are off, one after the other.
    """

    cloud: tuple[dict[str, Any], ...] = ()
    edgar: tuple[dict[str, Any], ...] = ()
    twins: int = 0
    clocks: tuple[float, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def __add__(self, other: Trouble) -> Trouble:
        return Trouble(
            self.cloud + other.cloud,
            self.edgar + other.edgar,
            self.twins + other.twins,
            self.clocks + other.clocks,
            {**self.environment, **other.environment},
        )


@dataclass
class Container:
    """One container of a step, over all its tries."""

    command: tuple[str, ...]
    arn: str = ""
    tries: int = 0
    exits: list[int | None] = field(default_factory=list)


class World:
    """Use as a context manager; `folder` holds all of it, and stays."""

    def __init__(self, folder: Path, *, filings: int = 40, seed: int = 1, **environment: str) -> None:
        """`environment` are settings of all containers."""
        self.folder = folder
        self.data = folder / "edgar"
        self.batch = max(4, -(-filings // 2))  # so that every mapped step has several containers
        self.start = date.today() - timedelta(days=DAYS_AGO)
        make_data(self.data, filings, seed, self.start)
        settings = {
            "SEC_FIRST_YEAR": str(self.start.year),
            "SEC_TIMEOUT_SECONDS": "3",
            "SEC_REQUESTS_INSTANT": "0",
            "MYSQL_WAIT_SECONDS": "60",
            "FILINGS_GRACE_SECONDS": "3",
            "FILINGS_FEED_FROM": "2",  # so that some filings come by the Feed and some one by one
            **environment,
        }
        self.cloud = Sandbox(folder / "cloud", edgar_data=self.data, environment=settings)
        self.pipeline = Pipeline(self.cloud, self.data)
        self.struck: Counter[str] = Counter()
        self._started = 0

    def __enter__(self) -> World:
        self.cloud.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.cloud.__exit__(*exception)

    @property
    def run_folder(self) -> Path:
        """Where the sandbox keeps what is in the buckets."""
        return self.cloud.folder

    def more(self, filings: int) -> None:
        """Let further filings appear."""
        generated.append(self.data, filings, date.today())

    # -- runs

    def run(
        self,
        run_id: str,
        troubles: Mapping[str, Trouble] | None = None,
        groups: Sequence[Sequence[Step]] = DAILY,
        *options: str,
    ) -> dict[str, list[int | None]]:
        """A run, from its first group of steps to its last; the last exit code of each container, by task."""
        found: dict[str, list[int | None]] = {}
        for group in groups:
            trouble = sum(((troubles or {}).get(step.task, Trouble()) for step in group), Trouble())
            commands = [command for step in group for command in self.commands(step, run_id, *options)]
            with self.trouble(trouble):
                done = self.containers(commands, trouble)
            for container in done:
                found.setdefault(container.command[0], []).append(container.exits[-1])
        return found

    def commands(self, step: Step, run_id: str, *options: str) -> list[tuple[str, ...]]:
        """The command of each container of a step, as the run's plan is by now."""
        chosen = ("--batch-size", str(self.batch), *options) if step.task == "calculate_s3_batches" else ()
        common = (step.task, "--run-id", run_id, *step.options, *chosen)
        if step.manifest is None:
            return [common]
        uri = self.pipeline.s3.uri(f"sec/filings/runs/{run_id}/manifests/{step.manifest}.json")
        plan = self.run_folder / "s3" / uri.removeprefix("s3://")
        batches = json.loads(plan.read_bytes())["batches"] if plan.exists() else []
        return [(*common, "--manifest", uri, "--batch", str(batch["batch"])) for batch in batches]

    @contextmanager
    def trouble(self, trouble: Trouble) -> Iterator[None]:
        """Things go wrong as ordered, for as long as the context lasts."""
        if trouble.edgar:
            self.pipeline.faults(*trouble.edgar)
        for fault in trouble.cloud:
            named = {"pid": self.mysql_process.pid} if fault.get("pid") == MYSQL else {}
            self.cloud.fault(**{**fault, **named})
        try:
            yield
        finally:
            for fault in self.cloud.faults_ordered():
                self.struck[fault.get("what", fault["kind"])] += fault["struck"]
            for fault in self.pipeline.edgar("/_sandbox/faults"):
                self.struck[f"EDGAR's {fault['kind']}"] += fault["used"]
            self.cloud.clear_faults()
            self.pipeline.faults()

    def containers(self, commands: Sequence[tuple[str, ...]], trouble: Trouble | None = None) -> list[Container]:
        """Run containers at once, those that fail up to three times; returns them, without their twins."""
        trouble = trouble or Trouble()
        originals = [Container(command) for command in commands]
        twins = [Container(command, tries=TRIES - 1) for command in commands for _ in range(trouble.twins)]
        at_work = [*originals, *twins]
        for container in at_work:
            self._start(container, trouble)
        while at_work:
            time.sleep(0.05)
            self._revive_mysql()
            known = {task["id"]: task for task in self.cloud.tasks()}
            for container in list(at_work):
                task = known[container.arn.rpartition("/")[2]]
                if task["status"] != "STOPPED":
                    if task["started_at"] and time.time() - task["started_at"] > CONTAINER_SECONDS:
                        raise AssertionError(f"{container.command} works for over {CONTAINER_SECONDS} s")
                    continue
                container.exits.append(task["exit"])
                if task["exit"] != 0 and container.tries < TRIES:
                    self._start(container, trouble)
                else:
                    at_work.remove(container)
        return originals

    def _start(self, container: Container, trouble: Trouble) -> None:
        environment = dict(trouble.environment)
        if trouble.clocks:
            clock = trouble.clocks[self._started % len(trouble.clocks)]
            environment |= stepped_clock(self.cloud, f"{clock:+.0f}")
        self._started += 1
        container.tries += 1
        container.arn = self.cloud.run_task(*container.command, environment=environment)

    # -- the database

    @property
    def mysql_process(self) -> Process:
        return next(process for process in reversed(self.cloud.processes) if process.name == "MariaDB")

    @property
    def mysql_port(self) -> int:
        return int(str(self.cloud.mysql_url).rpartition(":")[2].partition("/")[0])

    def _revive_mysql(self) -> None:
        if not self.mysql_process.running:
            self.cloud.start_mysql(self.mysql_port)

    def restart_mysql(self, *options: str) -> None:
        """Stop it well and start it with other options."""
        self.mysql_process.stop()
        self.cloud.start_mysql(self.mysql_port, *options)
        self.mysql_is_up()

    def kill_mysql(self) -> None:
        os.kill(self.mysql_process.pid, signal.SIGKILL)

    def mysql_is_up(self) -> None:
        """Return when the database takes connections, started again if need be."""
        self._revive_mysql()
        self.mysql_process.wait_until(lambda: accepts(self.mysql_port), 30)

    # -- what it says

    def log(self, task: str) -> str:
        """All that the containers of a task have written."""
        logs = (self.run_folder / "logs" / "containers").glob("*.log")
        texts = (path.read_text(errors="replace") for path in sorted(logs, key=lambda path: path.stat().st_mtime))
        return "\n".join(text for text in texts if f" {task} " in text.partition("\n")[0])


def stepped_clock(cloud: Sandbox, told: str) -> dict[str, str]:
    """The environment of a container whose clock is off, by seconds or by what a file says."""
    return {"PYTHONPATH": f"{CLOCK}{os.pathsep}{cloud.pythonpath}", "SANDBOX_CLOCK": told}


def make_data(folder: Path, filings: int, seed: int, start: date) -> None:
    """Generate filings, without those of former decades and those of the daily index alone: asking takes too long."""
    manifest = generated.create(folder, filings, seed, start, 23)
    kept = {a: said for a, said in manifest["filings"].items() if date.fromisoformat(said["filed"]) >= start}
    for accession in manifest["filings"].keys() - kept.keys():
        (folder / manifest["filings"][accession]["file"]).unlink()
    (folder / generated.MANIFEST).write_text(json.dumps({**manifest, "filings": kept}))
    quirks = json.loads((folder / generated.QUIRKS).read_text())
    (folder / generated.QUIRKS).write_text(json.dumps({**quirks, "daily_only": []}))
