"""What `make run` and `make ui` do, and the commands that talk to a running sandbox."""

from __future__ import annotations

import json
import os
import shlex
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox import source as sources
from sandbox import state
from sandbox.api import Airflow
from sandbox.cloud import INCLUDE, Sandbox
from sandbox.processes import SandboxError
from sandbox.progress import Progress, follow
from sandbox.summary import summarise, table

LAST_LINES, LONGEST_LINE = 12, 400
DAG_SECONDS = 60
EMPTY = "no file of its folder is a submission"
HOW_TO_TRIGGER = "Trigger a DAG there, or with `python -m sandbox trigger end_of_week_pipeline --wait`. "


class Ended(BaseException):
    """A signal asked the sandbox to end."""


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM and SIGHUP end the sandbox as Ctrl-C does: everything is stopped on the way out."""

    def end(number: int, frame: object) -> None:
        signal.signal(number, signal.SIG_IGN)
        raise Ended(signal.Signals(number).name)

    before = {number: signal.signal(number, end) for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def open_sandbox(folder: Path, source: sources.Source, progress: Progress, dags: Path | None) -> Sandbox:
    """A sandbox on that source, not started yet."""
    told = sources.begin_afresh_if_changed(folder, source)
    if told:
        progress.say(told)
    sources.make_data(source, INCLUDE)
    return Sandbox(
        folder,
        edgar_data=source.data,
        airflow=True,
        dags=dags and dags.resolve(),
        user_agent=source.user_agent,
        environment=source.environment,
        faults=json.loads(os.environ.get("SANDBOX_FAULTS", "[]")),
        task_python=os.environ.get("FILINGS_TASK_PYTHON", sys.executable),
        slots=int(os.environ.get("SANDBOX_SLOTS", "4")),
        schedules=os.environ.get("SANDBOX_SCHEDULES", "") == "1",
    )


def announce(cloud: Sandbox, source: sources.Source) -> None:
    """Write sandbox.json."""
    urls = {"airflow": cloud.airflow_url, "edgar": cloud.edgar_url, "s3": cloud.aws_url, "r2": cloud.r2_url}
    urls["slack"] = f"{cloud.slack_url}/messages"
    state.write(cloud.folder, {"source": source.name, "urls": urls, "mysql_url": cloud.mysql_url, "env": cloud.env})


def run(
    folder: Path, *, dag_id: str, conf: dict[str, Any] | None, edgar_data: Path | None, dags: Path | None = None
) -> int:
    """Start all, run the DAG once, say what now exists, stop all. 0 only if the run succeeded."""
    progress = Progress()
    with ended_by_signals(), state.only_one(folder):
        source = sources.choose(folder, os.environ, edgar_data)
        progress.say(f"starting the sandbox in {folder} (EDGAR: {source.name})")
        cloud = open_sandbox(folder, source, progress, dags)
        try:
            with cloud:
                announce(cloud, source)
                tell_edgar(cloud, progress)
                progress.say(f"Airflow is up: {cloud.airflow_url}")
                for left in cloud.left_over:
                    progress.say(f"failed, because the sandbox ended while it was at work: {left}")
                wait_for_dag(cloud.airflow_api, dag_id, cloud.check)
                return run_dag(cloud, dag_id, source.conf | (conf or {}), progress)
        finally:
            state.remove(folder)


def tell_unreadable(cloud: Sandbox, unreadable: dict[str, str]) -> list[str]:
    """A line for each file of EDGAR's folder that is not served, or served though something is wrong with it."""
    return [f"{cloud.edgar_data}/{name}: {why}" for name, why in unreadable.items()]


def tell_edgar(cloud: Sandbox, progress: Progress) -> None:
    """What EDGAR has to serve."""
    if cloud.edgar_url is not None:
        health = cloud.edgar_health()
        count = health["filings"]
        progress.say(f"EDGAR has {count:,} filing{'s' * (count != 1)}" + ("" if count else f": {EMPTY}"))
        for line in tell_unreadable(cloud, health["unreadable"]):
            progress.say(line)


def run_dag(cloud: Sandbox, dag_id: str, conf: dict[str, Any], progress: Progress) -> int:
    begun = time.monotonic()
    run_id = cloud.airflow_api.trigger(dag_id, conf)
    progress.say(f"{dag_id} {run_id}" + (f" {json.dumps(conf)}" if conf else ""))
    known = cloud.edgar_health()["unreadable"] if cloud.edgar_url else {}
    ended, steps = follow(cloud.airflow_api, dag_id, run_id, progress, cloud.check)
    summary = summarise(cloud, dag_id=dag_id, run_id=run_id, state=ended, seconds=time.monotonic() - begun, steps=steps)
    (cloud.folder / "summary.json").write_text(json.dumps(summary, indent=2) + "\n")
    for line in tell_unreadable(cloud, {n: why for n, why in summary["unreadable"].items() if known.get(n) != why}):
        progress.say(line)
    print(f"\n{table(summary)}\nObjects as files: {cloud.folder}/s3, {cloud.folder}/r2. Numbers: summary.json")
    if ended != "success":
        print_failures(cloud.airflow_api, dag_id, run_id)
        return 1
    return 0


def print_failures(airflow: Airflow, dag_id: str, run_id: str) -> None:
    """The tasks that failed themselves, in the order in which they did, with the end of their logs."""
    for ti in sorted(airflow.task_instances(dag_id, run_id), key=lambda ti: ti["end_date"] or ""):
        if ti["state"] == "failed":
            batch = f" batch {ti['map_index']}" if ti["map_index"] >= 0 else ""
            print(f"\n{ti['task_id']}{batch} failed, try {ti['try_number']}:")
            try:
                lines = airflow.log_lines(ti)
            except SandboxError as error:
                lines = [str(error)]
            print("\n".join(f"    {line[:LONGEST_LINE]}" for line in lines[-LAST_LINES:]))


def env(folder: Path) -> int:
    """Print the containers' environment, for `eval` in a shell."""
    given = {**state.read(folder)["env"], "PYTHONPATH": str(INCLUDE)}
    print("\n".join(f"export {name}={shlex.quote(value)}" for name, value in given.items()))
    return 0


def wait_for_dag(airflow: Airflow, dag_id: str, alive: Any) -> None:
    deadline = time.monotonic() + DAG_SECONDS
    while not airflow.knows(dag_id):
        alive()
        if time.monotonic() > deadline:
            raise SandboxError(f"there is no DAG {dag_id}: Airflow has read the DAG folder and not found it")
        time.sleep(0.3)


def up(folder: Path, *, edgar_data: Path | None, dags: Path | None = None) -> int:
    """Leave everything up until Ctrl-C."""
    progress = Progress()
    with ended_by_signals(), state.only_one(folder):
        source = sources.choose(folder, os.environ, edgar_data)
        progress.say(f"starting the sandbox in {folder} (EDGAR: {source.name})")
        return stay(open_sandbox(folder, source, progress, dags), source, progress)


def services(folder: Path, *, host: str, first_port: int, edgar_data: Path | None) -> int:
    """Leave everything but Airflow up until Ctrl-C, on known ports, for an Airflow that runs elsewhere (Docker)."""
    progress = Progress()
    with ended_by_signals(), state.only_one(folder):
        source = sources.choose(folder, os.environ, edgar_data)
        cloud = open_sandbox(folder, source, progress, None)
        cloud.airflow, cloud.host, cloud.first_port = False, host, first_port
        return stay(cloud, source, progress)


def stay(sandbox: Sandbox, source: sources.Source, progress: Progress) -> int:
    """Start it, say where everything is, and stop it when a signal comes."""
    folder = sandbox.folder
    try:
        with sandbox as cloud:
            announce(cloud, source)
            tell_edgar(cloud, progress)
            print(
                f"\n  Airflow   {cloud.airflow_url or 'elsewhere'}\n"
                f"  EDGAR     {cloud.edgar_url or 'https://www.sec.gov'}\n"
                f"  S3        {cloud.aws_url}/filings  (files: {folder}/s3)\n"
                f"  R2        {cloud.r2_url}/filings  (files: {folder}/r2)\n"
                f"  Slack     {cloud.slack_url}/messages\n  MySQL     {cloud.mysql_url}\n\n"
                + ("" if cloud.airflow_url is None else HOW_TO_TRIGGER)
                + "Ctrl-C ends all.",
                flush=True,
            )
            try:
                while True:
                    cloud.check()
                    time.sleep(1)
            except Ended:
                print("\nstopping", flush=True)
                return 0
    finally:
        state.remove(folder)


def trigger(folder: Path, *, dag_id: str, conf: dict[str, Any] | None, wait: bool) -> int:
    """Start a run in a sandbox that is up."""
    known = state.read(folder)
    airflow = Airflow(known["urls"]["airflow"])
    wait_for_dag(airflow, dag_id, lambda: None)
    run_id = airflow.trigger(dag_id, conf)
    print(run_id, flush=True)
    if not wait:
        return 0
    ended, _ = follow(airflow, dag_id, run_id, Progress(), lambda: state.read(folder))
    print(f"{dag_id} {run_id}: {ended}")
    if ended != "success":
        print_failures(airflow, dag_id, run_id)
    return int(ended != "success")


def more(folder: Path, filings: int) -> int:
    """Let further generated filings appear."""
    sources.more(folder, filings, INCLUDE)
    print(f"{filings} more filings are on EDGAR: `make run DAG=daily_pipeline` fetches them")
    return 0


def down(folder: Path) -> int:
    """End a sandbox that is up, and return when it has ended."""
    pid = state.read(folder)["pid"]
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return 0
        time.sleep(0.1)
    raise SandboxError(f"the sandbox (pid {pid}) has not ended after a minute")
