"""Containers that nobody waits for any more: found by their tags and stopped.

A deferred task that is marked failed, or whose run times out, leaves its container running (Airflow before 3.3 cannot
tell a trigger to stop it). A cleared or retried task takes its container over, so those are left alone.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import get_current_context, task

from filings_airflow.deployment import Deployment
from filings_airflow.fleet import Container, Fleet

log = logging.getLogger(__name__)

_ALIVE_RUN = ["running", "queued"]
_ENDED = {"success", "failed", "skipped", "upstream_failed", "removed"}


@task
def stop_orphans() -> int:
    """Stop this deployment's containers whose task instance has ended; the number of them."""
    deployment = Deployment.read()
    fleet = Fleet.of(deployment)
    ti = get_current_context()["ti"]
    oldest = datetime.now(UTC) - timedelta(minutes=deployment.reap_grace_minutes)
    stopped = 0
    for one in list(fleet.at_work()):
        if one.deployment != deployment.name or not one.run or (one.created and one.created > oldest):
            continue
        if why := orphaned(ti, one):
            log.warning("Stopping %s: %s", one, why)
            fleet.stop(one, f"orphan: {why}")
            stopped += 1
    log.info("%d orphaned containers stopped", stopped)
    return stopped


def orphaned(ti: Any, container: Container) -> str | None:
    """Why nobody waits for a container, or None when somebody does."""
    run = {"dag_id": container.dag, "run_ids": [container.run]}
    if ti.get_dr_count(**run, states=_ALIVE_RUN) == 0:
        return "its run is not at work any more"
    name = container.task if container.map_index < 0 else f"{container.task}_{container.map_index}"
    state = ti.get_task_states(**run, task_ids=[container.task]).get(container.run, {}).get(name)
    return f"its task instance is {state}" if state in _ENDED else None
