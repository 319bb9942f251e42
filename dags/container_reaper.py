"""Stops containers that nobody waits for: every 15 minutes.

Marking a task failed, or a run that times out, leaves its container running and costing. Each container carries tags
that say for which run and task it works; one whose run or task has ended is stopped, after a grace period
(`reap_grace_minutes` in the Variable `filings`). It gets SIGTERM, so it writes its ledger part and report first.

The log of `stop_orphans` names each container that was stopped. Containers started by hand and those of other
deployments are left alone. A run of this DAG may be cleared, skipped or missed without harm.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import DAG, CronTriggerTimetable

from filings_airflow.reaper import stop_orphans

with DAG(
    "container_reaper",
    schedule=CronTriggerTimetable("*/15 * * * *", timezone="UTC"),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=14),
    default_args={"owner": "filings", "retries": 1, "execution_timeout": timedelta(minutes=10)},
    tags=["filings", "upkeep"],
    doc_md=__doc__,
):
    stop_orphans()
