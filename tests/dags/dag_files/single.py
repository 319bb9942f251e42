"""DAGs of one container each, for tests of the operator."""

from __future__ import annotations

from airflow.sdk import DAG

from filings_airflow.container import ContainerTask

for name, task, option in [
    ("well", "work", ()),
    ("failing", "fail", ("1",)),
    ("misused", "fail", ("2",)),
]:
    with DAG(name, schedule=None, catchup=False) as dag:
        ContainerTask(task_id="only", task=task, options=option, retries=1)
    globals()[name] = dag
