"""Prepare Airflow's own database: tables, what airflow_settings.yaml says, and the end of what a crash left at work."""

from __future__ import annotations

import importlib
from typing import Any

BOOTSTRAP = "filings_airflow.bootstrap"  # the project's own command, which a deployment uses too


def prepare(bootstrap: list[str]) -> None:
    """Bring the tables up to date, run the bootstrap command and name the runs that were left unfinished."""
    from airflow.utils.db import upgradedb
    from airflow.utils.session import create_session

    upgradedb()
    if code := importlib.import_module(BOOTSTRAP).main(bootstrap):
        raise SystemExit(code)
    with create_session() as session:
        for run in close_left_over(session):
            print(f"LEFT OVER {run}")


def close_left_over(session: Any) -> list[str]:
    """Fail what was at work when the last sandbox was killed: its containers are gone, nothing can finish it."""
    from airflow.models import DagRun, TaskInstance
    from airflow.utils.state import State

    runs = session.query(DagRun).filter(DagRun.state.in_(["queued", "running"])).all()
    for run in runs:
        for ti in session.query(TaskInstance).filter(
            TaskInstance.dag_id == run.dag_id, TaskInstance.run_id == run.run_id
        ):
            if ti.state is None or ti.state in State.unfinished:
                ti.state = "failed"
        run.set_state("failed")
    return [f"{run.dag_id} {run.run_id}" for run in runs]
