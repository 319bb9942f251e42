"""Airflow's REST API, as far as the sandbox asks it: trigger a run, watch it, read a log."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from sandbox.processes import NO_PROXY, SandboxError


@dataclass(frozen=True)
class Airflow:
    """An Airflow whose API needs no login."""

    url: str

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """Ask `/api/v2/PATH`. Raises SandboxError with Airflow's own words."""
        url = f"{self.url}/api/v2/{path}" + (f"?{urlencode(query)}" if query else "")
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        try:
            with NO_PROXY.open(urllib.request.Request(url, data, headers, method=method), timeout=60) as answer:
                return json.loads(answer.read() or b"null")
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace")
            raise SandboxError(f"Airflow answers {error.code} to {method} {path}: {detail[:500]}") from error

    def knows(self, dag_id: str) -> bool:
        """Whether the DAG is there. Raises SandboxError if it could not be imported."""
        known = [dag["dag_id"] for dag in self.call("GET", "dags", exclude_stale="true", limit=200)["dags"]]
        if dag_id in known:
            return True
        errors = self.call("GET", "importErrors")["import_errors"]
        if errors:
            told = "; ".join(f"{e['filename']}: {e['stack_trace'].strip().splitlines()[-1]}" for e in errors)
            raise SandboxError(f"{dag_id} is not there, and some DAG files cannot be imported: {told}")
        return False

    def trigger(self, dag_id: str, conf: dict[str, Any] | None = None) -> str:
        """Start a run (a paused DAG is unpaused) and return its run_id."""
        path = f"dags/{quote(dag_id)}"
        self.call("PATCH", path, {"is_paused": False}, update_mask="is_paused")
        return self.call("POST", f"{path}/dagRuns", {"logical_date": None, "conf": conf or {}})["dag_run_id"]

    def run_state(self, dag_id: str, run_id: str) -> str:
        return self.call("GET", f"dags/{quote(dag_id)}/dagRuns/{quote(run_id)}")["state"]

    def task_instances(self, dag_id: str, run_id: str) -> list[dict[str, Any]]:
        """All task instances of a run, mapped ones each."""
        path = f"dags/{quote(dag_id)}/dagRuns/{quote(run_id)}/taskInstances"
        found: list[dict[str, Any]] = []
        while True:
            page = self.call("GET", path, limit=1000, offset=len(found))
            found += page["task_instances"]
            if len(found) >= page["total_entries"] or not page["task_instances"]:
                return found

    def log_lines(self, ti: dict[str, Any]) -> list[str]:
        """The log of a task instance's last try."""
        path = (
            f"dags/{quote(ti['dag_id'])}/dagRuns/{quote(ti['dag_run_id'])}/taskInstances/{quote(ti['task_id'])}"
            f"/logs/{max(1, ti['try_number'])}"
        )
        content = self.call("GET", path, map_index=ti["map_index"], full_content="true")["content"]
        if isinstance(content, str):
            return content.splitlines()
        return [line for entry in content for line in told(entry)]


def told(entry: Any) -> list[str]:
    """The lines of one entry of a log: its message, and what an exception said."""
    if isinstance(entry, str):
        return entry.splitlines()
    errors = [f"{error.get('exc_type')}: {error.get('exc_value')}" for error in entry.get("error_detail") or []]
    return [line for text in (str(entry.get("event", "")), *errors) for line in text.splitlines()]
