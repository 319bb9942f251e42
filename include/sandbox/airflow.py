"""The real Airflow beside the sandbox: scheduler, DAG processor, triggerer and API server as they run anywhere.

Only the settings are local ones: SQLite, LocalExecutor, no login, short intervals. The DAGs, plugins, connections,
variables and pools are the project's own (airflow_settings.yaml), with the endpoints of this sandbox put in.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.processes import NO_PROXY, Process, free_port

METADATA_LOG = "airflow-metadata.log"
START_SECONDS = 120


class Cursor(sqlite3.Cursor):
    """Lets a transaction that begins with a savepoint take the write lock at once.

    Airflow makes the runs of a backfill so: it reads within a savepoint, then writes. In SQLite that fails at once with
    "database is locked", whatever the timeout, if another process has written in between.
    """

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql.startswith("SAVEPOINT") and not self.connection.in_transaction:
            super().execute("BEGIN IMMEDIATE")
        return super().execute(sql, *parameters)


class Connection(sqlite3.Connection):
    """A connection with such cursors."""

    def cursor(self, factory: type[sqlite3.Cursor] = Cursor) -> sqlite3.Cursor:
        return super().cursor(factory)


# Wait for another writer rather than fail with "database is locked".
SQLITE = {"timeout": 60, "factory": Connection}


@dataclass(frozen=True)
class Places:
    """Where the project and this Airflow's state lie."""

    project: Path
    home: Path
    dags: Path
    port: int

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def environment(places: Places, host: Mapping[str, str], *, schedules: bool) -> dict[str, str]:
    """All of Airflow's configuration; nothing is read from a file that a person may have.

    Without `schedules` DAGs run only when triggered: unpausing one would else start its last scheduled run as well.
    """
    secret = hashlib.sha256(str(places.home).encode()).digest()
    database = f"sqlite:///{places.home / 'airflow.db'}"
    settings = {
        "CORE__DAGS_FOLDER": places.dags,
        "CORE__PLUGINS_FOLDER": places.project / "plugins",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": 8,
        "CORE__LOAD_EXAMPLES": False,
        "CORE__FERNET_KEY": base64.urlsafe_b64encode(secret).decode(),
        "CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS": True,
        "CORE__EXECUTION_API_SERVER_URL": f"{places.url}/execution/",
        "CORE__DEFAULT_TASK_RETRY_DELAY": 3,
        "CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": 5,
        "API__BASE_URL": places.url,
        "API__HOST": "127.0.0.1",
        "API__PORT": places.port,
        "API__WORKERS": 1,
        "API__SECRET_KEY": secret.hex(),
        "API__MAXIMUM_PAGE_LIMIT": 2000,
        "API__EXPOSE_CONFIG": True,
        "API_AUTH__JWT_SECRET": secret.hex(),
        "DATABASE__SQL_ALCHEMY_CONN": database,
        "DATABASE__SQL_ALCHEMY_CONNECT_ARGS": f"{__name__}.SQLITE",
        "DATABASE__SQL_ALCHEMY_CONNECT_ARGS_ASYNC": f"{__name__}.SQLITE",
        "LOGGING__BASE_LOG_FOLDER": places.home / "logs",
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": places.home / "logs" / "dag_processor",
        "DAG_PROCESSOR__REFRESH_INTERVAL": 10,
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 15,
        "DAG_PROCESSOR__PARSING_PROCESSES": 1,
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": 0.5,
        "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": 2,
        "SCHEDULER__USE_JOB_SCHEDULE": schedules,
        "SCHEDULER__ENABLE_HEALTH_CHECK": False,
        "TRIGGERER__JOB_HEARTBEAT_SEC": 2,
        "WORKERS__MIN_HEARTBEAT_INTERVAL": 1,
        "USAGE_DATA_COLLECTION__ENABLED": False,
    }
    kept = {name: value for name, value in host.items() if not name.startswith("AIRFLOW_")}
    return {
        **kept,
        "AIRFLOW_HOME": str(places.home),
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), host.get("PATH", "")]),
        **{f"AIRFLOW__{name}": str(value) for name, value in settings.items()},
    }


def bootstrap_options(project: Path, *, aws_url: str, slack_url: str, deployment: Mapping[str, Any]) -> list[str]:
    """The command line of `filings_airflow.bootstrap`: airflow_settings.yaml with this sandbox's endpoints."""
    given = {name: json.dumps(value) for name, value in deployment.items()}
    return [
        "--settings", str(project / "airflow_settings.yaml"),
        "--aws-endpoint", aws_url,
        "--slack-url", f"{slack_url}/services/T00000000/B00000000/sandbox",
        *(word for name, value in given.items() for word in ("--set", f"{name}={value}")),
    ]  # fmt: skip


def start(places: Places, env: Mapping[str, str], bootstrap: Sequence[str], logs: Path) -> Process:
    """Prepare the database and start all parts; `wait_until_healthy` tells when they work."""
    logs.mkdir(parents=True, exist_ok=True)
    (logs / METADATA_LOG).unlink(missing_ok=True)
    words = [sys.executable, "-m", "sandbox.airflow_parts", str(logs), str(places.port), *bootstrap]
    return Process("Airflow", words, env=env, log=logs / "airflow.log")


def wait_until_healthy(places: Places, process: Process) -> None:
    """Return when the API answers and every part has given a sign of life."""
    process.wait_until(lambda: healthy(places.url), START_SECONDS)


def left_over(logs: Path) -> list[str]:
    """Runs that an earlier sandbox had left unfinished, which are failed now."""
    lines = (logs / METADATA_LOG).read_text().splitlines()
    return [line.removeprefix("LEFT OVER ") for line in lines if line.startswith("LEFT OVER ")]


def healthy(url: str) -> bool:
    try:
        with NO_PROXY.open(f"{url}/api/v2/monitor/health", timeout=2) as answer:
            state = json.load(answer)
    except (OSError, ValueError):
        return False
    return all(state[part]["status"] == "healthy" for part in ("scheduler", "dag_processor", "triggerer"))


def places_for(project: Path, folder: Path, dags: Path | None) -> Places:
    home = folder / "airflow"
    home.mkdir(parents=True, exist_ok=True)
    return Places(project, home, dags or project / "dags", free_port())
