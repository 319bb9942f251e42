"""The gate of every run: nothing starts while another run or one of its containers is still at work.

What could go wrong, and does not: two runs of the same second write the lock conditionally, one wins. Airflow
restarts: the lock lies in S3 and is taken again by its own run. The holder is killed: its run is no longer running,
so its lock is stale, but its containers are waited for. A finished run is cleared and works again: it is among the
lock's earlier holders, and the next run waits for it.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from airflow.sdk import BaseSensorOperator
from airflow.sdk.exceptions import AirflowSkipException

from filings_airflow.bucket import Bucket
from filings_airflow.deployment import Deployment
from filings_airflow.fleet import Fleet
from filings_airflow.lock import Lock, Run

# A holder that was cleared is queued before it runs.
_AT_WORK = ["running", "queued"]


class NoOverlapSensor(BaseSensorOperator):
    """Take the lock, wait until no container of another run is at work, or skip the whole run and say who is.

    Mark it `.as_setup()`: Airflow skips every task behind a skipped setup, whatever its trigger rule, while rules such
    as `all_done` still hold among the tasks of a run that passed.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"mode": "reschedule", "timeout": timedelta(days=7), **kwargs})

    def poke(self, context: Any) -> bool:
        deployment = Deployment.read()
        ti, run = context["ti"], Run(context["ti"].dag_id, context["run_id"])

        def at_work(other: Run) -> bool:
            return ti.get_dr_count(dag_id=other.dag_id, run_ids=[other.run_id], states=_AT_WORK) > 0

        blocker = Lock(Bucket.of(deployment), at_work).take(run) or _foreign_container(deployment, run)
        if blocker is None:
            return True
        left = self._deadline(context, deployment) - datetime.now(UTC)
        if left <= timedelta(0):
            raise AirflowSkipException(f"skipped: {blocker} is still at work; the next scheduled run tries again")
        self.poke_interval = min(deployment.overlap_poke_seconds, max(left.total_seconds(), 1))
        self.log.info("%s is at work; waiting %s more before this run is skipped", blocker, left)
        return False

    @staticmethod
    def _deadline(context: Any, deployment: Deployment) -> datetime:
        """Until when to wait: the trigger form's minutes, else the deployment's; backfills are patient."""
        minutes = context["params"].get("overlap_wait_minutes")
        if minutes is None:
            backfill = context["dag_run"].run_type == "backfill"
            minutes = deployment.overlap_wait_minutes_backfill if backfill else deployment.overlap_wait_minutes
        began = context["ti"].get_first_reschedule_date(context) or datetime.now(UTC)
        return began + timedelta(minutes=minutes)


def _foreign_container(deployment: Deployment, run: Run) -> Any:
    """A container of our task family that works for another run, or for nobody."""
    return next((one for one in Fleet.of(deployment).at_work() if (one.dag, one.run) != (run.dag_id, run.run_id)), None)
