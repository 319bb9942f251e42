"""A cloud from start to end: what stays, what goes, and that nothing survives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.cloud import INCLUDE, Sandbox
from sandbox.processes import SandboxError
from sandbox.warden import marked

HOLDER = """
import sys, time
from sandbox.cloud import Sandbox
with Sandbox(sys.argv[1], pythonpath=sys.argv[2], mysql=False) as cloud:
    arn = cloud.run_task("wait")
    while cloud.tasks()[0]["status"] != "RUNNING":
        time.sleep(0.05)
    print(cloud.mark, flush=True)
    time.sleep(60)
"""


def hold(folder: Path, stub: Path) -> tuple[subprocess.Popen[str], str]:
    """A process that holds a cloud with a container at work; returns it and the cloud's mark."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder), str(stub)],
        env={**os.environ, "PYTHONPATH": str(INCLUDE)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def wait_until_gone(mark: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while left := marked(mark):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.1)


def test_a_cloud_that_is_killed_leaves_nothing_running(tmp_path: Path, stub: Path):
    process, mark = hold(tmp_path, stub)
    assert len(marked(mark)) >= 3, "AWS, Slack and a container"
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_until_gone(mark, 6)


def test_a_server_that_dies_takes_its_containers_with_it_and_is_reported(
    tmp_path: Path, stub: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("MYSQL_URL", "mysql://u:p@elsewhere:3306/d")
    with Sandbox(tmp_path, pythonpath=str(stub)) as cloud:
        assert cloud.env["MYSQL_URL"] == "mysql://u:p@elsewhere:3306/d"
        assert not (tmp_path / "mysql").exists(), "another server is used when it is named"
        cloud.check()
        cloud.run_task("wait")
        aws = next(process for process in cloud.processes if process.name == "AWS")
        deadline = time.monotonic() + 5
        while cloud.tasks()[0]["status"] != "RUNNING" and time.monotonic() < deadline:
            time.sleep(0.05)
        os.kill(aws.pid, signal.SIGKILL)
        deadline = time.monotonic() + 5
        while (aws.running or len(marked(cloud.mark)) > 1) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert len(marked(cloud.mark)) == 1, "only Slack is left"
        with pytest.raises(SandboxError, match="AWS has ended"):
            cloud.check()
    assert not marked(cloud.mark)


def test_objects_messages_and_tables_are_there_the_next_time(tmp_path: Path):
    from sandbox import mysql

    with Sandbox(tmp_path) as cloud:
        etag = cloud.client("s3").put_object(Bucket="filings", Key="k", Body=b"x")["ETag"]
        with mysql.connect(cloud.mysql_url) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (a INT)")
        assert not [path for path in (tmp_path / "s3").rglob("*") if path.is_file() and path.name != "k"]
    with Sandbox(tmp_path) as cloud:
        assert cloud.client("s3").head_object(Bucket="filings", Key="k")["ETag"] == etag
        with mysql.connect(cloud.mysql_url) as connection, connection.cursor() as cursor:
            cursor.execute("SHOW TABLES")
            assert cursor.fetchall() == (("kept",),)


def test_a_server_that_does_not_start_is_told_with_its_last_words(tmp_path: Path):
    with (
        pytest.raises(SandboxError, match="EDGAR ended with exit"),
        Sandbox(tmp_path, edgar_data=tmp_path, edgar_options=("--no-such-option",), mysql=False),
    ):
        pass
