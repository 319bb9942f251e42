"""A cloud whose containers run a stub: the sandbox is tested without the system that it carries."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from sandbox.cloud import Sandbox
from sandbox.names import CLUSTER

STUB = """
import json, os, signal, sys, time
word, rest = sys.argv[1], sys.argv[2:]
if word == "exit":
    print("about to end"); sys.exit(int(rest[0]))
if word == "environment":
    print(json.dumps({**os.environ, "cwd": os.getcwd(), "files": os.listdir()}))
if word == "wait":
    print("at work", flush=True); time.sleep(60)
if word == "deaf":
    signal.signal(signal.SIGTERM, signal.SIG_IGN); print("at work", flush=True); time.sleep(60)
if word == "polite":
    def end(*_):
        print("ledger written", flush=True); sys.exit(143)
    signal.signal(signal.SIGTERM, end); print("at work", flush=True); time.sleep(60)
if word == "child":
    import subprocess
    print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
"""


class Containers:
    """The ECS side of a cloud, as a caller of AWS sees it."""

    def __init__(self, cloud: Sandbox) -> None:
        self.cloud = cloud
        self.ecs = cloud.client("ecs")
        self.logs = cloud.client("logs")

    def describe(self, arn: str) -> dict[str, Any]:
        return self.ecs.describe_tasks(cluster=CLUSTER, tasks=[arn], include=["TAGS"])["tasks"][0]

    def wait_for(self, arn: str, status: str = "STOPPED", seconds: float = 15) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while (task := self.describe(arn))["lastStatus"] != status:
            assert time.monotonic() < deadline, f"still {task['lastStatus']}, not {status}"
            time.sleep(0.05)
        return task

    def wait_for_line(self, arn: str, line: str, seconds: float = 15) -> None:
        deadline = time.monotonic() + seconds
        while line not in self.lines(arn):
            assert time.monotonic() < deadline, f"no line {line!r} in the log"
            time.sleep(0.05)

    def lines(self, arn: str) -> list[str]:
        stream = f"task/task/{arn.rpartition('/')[2]}"
        try:
            found = self.logs.get_log_events(logGroupName="/ecs/filings-task", logStreamName=stream, startFromHead=True)
        except self.logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"] for event in found["events"]]

    def run(self, *command: str, **options: Any) -> dict[str, Any]:
        """Run a container to its end."""
        return self.wait_for(self.cloud.run_task(*command, **options))


@pytest.fixture(scope="session")
def stub(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package `filings` that does what it is told."""
    folder = tmp_path_factory.mktemp("stub")
    (folder / "filings").mkdir()
    (folder / "filings" / "__init__.py").write_text("")
    (folder / "filings" / "__main__.py").write_text(STUB)
    return folder


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, stub: Path):
    with Sandbox(tmp_path_factory.mktemp("cloud"), slots=2, pythonpath=str(stub)) as running:
        yield running


@pytest.fixture
def containers(cloud: Sandbox) -> Containers:
    cloud.clear_faults()
    return Containers(cloud)
