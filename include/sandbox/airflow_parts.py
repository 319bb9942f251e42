"""All parts of Airflow from one warm interpreter: `python -m sandbox.airflow_parts LOGS PORT BOOTSTRAP…`.

What costs time in a small Airflow is importing it, five times over at the start and again in every task. Here it is
imported once, with what the tasks use; the parts are forked from that, and the scheduler's LocalExecutor forks its
tasks in turn. Each part then runs Airflow's own command.
"""

from __future__ import annotations

import ctypes
import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sandbox.airflow import METADATA_LOG
from sandbox.airflow_metadata import prepare

WARM = (
    "airflow.__main__",
    "airflow.cli.cli_parser",
    "airflow.jobs.scheduler_job_runner",
    "airflow.executors.local_executor",
    "airflow.sdk.execution_time.task_runner",
    "airflow.dag_processing.manager",
    "airflow.dag_processing.dagbag",
    "airflow.providers.amazon.aws.operators.ecs",
    "airflow.providers.amazon.aws.triggers.ecs",
    "airflow.providers.amazon.aws.hooks.s3",
    "airflow.providers.slack.hooks.slack_webhook",
    "airflow.providers.amazon.aws.waiters.base_waiter",
    "airflow.providers.amazon.aws.utils.task_log_fetcher",
    "airflow.jobs.triggerer_job_runner",
    "aiobotocore.session",
    "boto3",
)


def notice_ends_at_once() -> None:
    """Let the supervisor of a task see that it has ended.

    When a task's sockets close a moment before its process can be waited for, the supervisor sleeps out a whole
    heartbeat (5 s). That is slow, and worse: a deferred task whose container ends within that time is queued again
    before its first half is reported, and the scheduler then fails it (apache/airflow#71580).
    """
    from airflow.sdk.execution_time.supervisor import WatchedSubprocess

    serve = WatchedSubprocess._service_subprocess

    def prompt(self, max_wait_time, *args, **kwargs):
        return serve(self, max_wait_time if self._open_sockets else min(max_wait_time, 0.05), *args, **kwargs)

    WatchedSubprocess._service_subprocess = prompt


def fork(log: Path, work: Callable[[], object]) -> int:
    """A child that does `work` with its output in `log`; returns its pid."""
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG, which a fork does not inherit
            if os.getppid() != parent:
                os._exit(137)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(handle, 1)
        os.dup2(handle, 2)
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001 (the child must not go on as the parent)
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def airflow(arguments: list[str]) -> None:
    """Be the command `airflow ARGUMENTS…`."""
    from airflow.__main__ import main

    sys.argv = ["airflow", *arguments]
    main()


def main() -> None:
    logs, port, bootstrap = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
    for module in WARM:
        importlib.import_module(module)
    notice_ends_at_once()
    log = logs / METADATA_LOG
    if os.waitstatus_to_exitcode(os.waitpid(fork(log, lambda: prepare(bootstrap)), 0)[1]):
        sys.exit(f"Airflow's database could not be prepared: {''.join(log.read_text().strip().splitlines()[-1:])}")
    parts = {
        "api-server": ["--host", "127.0.0.1", "--port", port],
        "scheduler": ["--skip-serve-logs"],
        "dag-processor": [],
        "triggerer": ["--skip-serve-logs"],
    }
    running = {
        fork(logs / f"airflow-{part}.log", partial(airflow, [part, *options])): part for part, options in parts.items()
    }

    def end(number: int, frame: object) -> None:
        for pid in running:
            os.kill(pid, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    print("forked all parts", flush=True)
    asked = False
    while running:
        pid, status = os.wait()
        part = running.pop(pid, None)
        if part and not asked:
            asked = True
            print(f"{part} ended ({os.waitstatus_to_exitcode(status)}): {logs}/airflow-{part}.log", flush=True)
            end(0, None)


if __name__ == "__main__":
    main()
