"""The last task of every run: it gathers what failed, tells it once, and fails the run if anything did."""

from __future__ import annotations

from typing import Any

from airflow.sdk import TriggerRule, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException

from filings_airflow.alerts import FINISH, Ended, compose, run_url, send
from filings_airflow.container import FAILURE

_NOT_RUN = "upstream_failed"
_GONE = "removed"


def finish() -> Any:
    """The task, which runs when everything before it has ended in whatever way."""

    @task(task_id=FINISH, trigger_rule=TriggerRule.ALL_DONE)
    def tell() -> None:
        ended = gather(get_current_context())
        if not ended.failures and not ended.not_run:
            return
        send(*compose(ended))
        raise AirflowFailException(f"{ended.headline}. {ended.how_to_rerun}")

    return tell()


def gather(context: Any) -> Ended:
    """What happened in this run."""
    ti, dag = context["ti"], context["dag"]
    found = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id]).get(ti.run_id, {})
    states = {_split(name, set(dag.task_ids)): state for name, state in found.items()}
    states = {key: state for key, state in states.items() if key[0] != FINISH and state != _GONE}
    return Ended(
        dag_id=ti.dag_id,
        run_id=ti.run_id,
        total=len(states),
        not_run=sum(state == _NOT_RUN for state in states.values()),
        failures=[_failure(ti, *key) for key in sorted(states) if states[key] == "failed"],
    )


def _split(name: str, task_ids: set[str]) -> tuple[str, int]:
    """A task and its map index of the name `task_3` that Airflow gives a mapped task instance."""
    if name in task_ids:
        return name, -1
    task_id, _, index = name.rpartition("_")
    return task_id, int(index)


def _failure(ti: Any, task_id: str, map_index: int) -> dict[str, Any]:
    """What the task itself left, or that it left nothing: its worker was killed, or it is no container task."""
    left = ti.xcom_pull(task_ids=task_id, key=FAILURE, map_indexes=map_index)
    return left or {
        "dag": ti.dag_id,
        "task": task_id,
        "batch": map_index if map_index >= 0 else None,
        "try": None,
        "reason": "failed in Airflow itself; its log says why",
        "log_tail": [],
        "log_url": run_url(ti.dag_id, ti.run_id, task_id, map_index),
    }
