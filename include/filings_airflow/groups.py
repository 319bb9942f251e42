"""The steps of the pipelines as task groups, made of the same few parts, so that both pipelines are these in a row.

A step begins when the one before has ended, well or not: each finds in S3 what there is to do, so a failed batch stops
neither its neighbours nor what comes after. `finish` makes the run fail all the same.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import DAG, Asset, TaskGroup, TriggerRule, chain

from filings.archive import keys
from filings.products import registry
from filings_airflow import selection
from filings_airflow.alerts import tell_of_unfinished_run
from filings_airflow.batches import batches_of
from filings_airflow.container import EXECUTION_TIMEOUT, ContainerTask
from filings_airflow.finish import finish
from filings_airflow.overlap import NoOverlapSensor

SEC_POOL, CONTAINER_POOL = "sec_requests", "containers"
ASKS_ALONE = {"update_sec_master_submissions_index_s3"}  # with the share of all containers, so it takes all slots
ASKS_THE_SEC = {*ASKS_ALONE, "update_sec_filings_sgml_feed_r2", "update_sec_filings_sgml_r2"}
SEC_SLOTS = 4  # SEC_CONTAINERS of the containers' settings, and the slots of the pool
# One run works; others must be able to start in order to be skipped instead of queueing behind it.
MAX_ACTIVE_RUNS = 4


def pipeline(dag_id: str, **kwargs: Any) -> DAG:
    """A DAG with what both pipelines share."""
    return DAG(
        dag_id,
        catchup=False,
        max_active_runs=MAX_ACTIVE_RUNS,
        params=selection.params(),
        on_failure_callback=tell_of_unfinished_run,
        default_args={
            "owner": "filings",
            "retries": 2,
            "retry_exponential_backoff": 2,
            "max_retry_delay": timedelta(minutes=30),
            "execution_timeout": timedelta(minutes=15),
        },
        tags=["filings", "pipeline"],
        **kwargs,
    )


def container(
    task: str, *options: str, task_id: str | None = None, selects: bool = False, refreshes: Asset | None = None
) -> ContainerTask:
    """A step of one container; `refreshes` is what others may wait for."""
    outlets = [refreshes] if refreshes else []
    return ContainerTask(task_id=task_id or task, options=options, selects=selects, outlets=outlets, **_step(task))


def mapped(task: str, overrides: Any) -> Any:
    """A step of one container for each batch; of none when nothing is missing."""
    return ContainerTask.partial(task_id=task, **_step(task)).expand(overrides=overrides)


def planned(planner: ContainerTask, *manifests: str) -> list[Any]:
    """The batches of each manifest that a planner writes; they depend on nothing but the planner."""
    batches = [batches_of(name) for name in manifests]
    planner >> batches
    return batches


def _step(task: str) -> dict[str, Any]:
    return {
        "task": task,
        "pool": SEC_POOL if task in ASKS_THE_SEC else CONTAINER_POOL,
        "pool_slots": SEC_SLOTS if task in ASKS_ALONE else 1,
        "execution_timeout": EXECUTION_TIMEOUT,
        "trigger_rule": TriggerRule.ALL_DONE,
    }


def _group(name: str) -> TaskGroup:
    return TaskGroup(name, prefix_group_id=False)


def weekly_cleanup() -> TaskGroup:
    """Clear away what has had its time."""
    with TaskGroup("weekly_cleanup") as group:  # prefixed: a task may not have its group's name
        container("weekly_cleanup")
    return group


def daily_inventory() -> TaskGroup:
    """List both buckets anew, so that the ledger is what is there."""
    with _group("daily_inventory") as group:
        planner = container("calculate_inventory_batches")
        s3, r2 = planned(planner, "inventory_s3", "inventory_r2")
        chain(
            mapped("update_sec_filings_inventory_s3", s3),
            container("combine_txt_batches_s3", "--store", "s3"),
            mapped("update_sec_filings_inventory_r2", r2),
            container("combine_txt_batches_s3", "--store", "r2", task_id="combine_txt_batches_r2"),
        )
    return group


def daily_setup() -> TaskGroup:
    """What does the SEC have, and what of it do we lack?"""
    with _group("daily_setup") as group:
        container("update_sec_master_submissions_index_s3") >> container("update_missing_s3")
    return group


def daily_s3() -> tuple[TaskGroup, ContainerTask, list[Any]]:
    """Plan the batches of all steps; fetch by day and one by one, split, extract.

    Gives the planner and the batches of daily_database_s3 too.
    """
    with _group("daily_s3") as group:
        planner = container("calculate_s3_batches", selects=True)
        feed, sgml, tar, xbrl, *later = planned(planner, keys.SGML_FEED, *keys.ARCHIVES)
        chain(
            mapped("update_sec_filings_sgml_feed_r2", feed),
            mapped("update_sec_filings_sgml_r2", sgml),
            [mapped("update_sec_filings_tar_r2", tar), mapped("update_sec_filings_xbrl_s3", xbrl)],
        )
    return group, planner, later


def daily_database_s3(data: Any, lookup: Any) -> TaskGroup:
    """The JSON of each submission, then the lookup tables: delta, appended to complete."""
    with _group("daily_database_s3") as group:
        mapped("update_sec_filings_data_s3", data) >> mapped("update_sec_filings_lookup_s3", lookup)
    return group


def daily_database_mysql() -> TaskGroup:
    """The same rows in MySQL."""
    with _group("daily_database_mysql") as group:
        container("update_sec_filings_lookup_mysql")
    return group


def product_batches(planner: ContainerTask) -> dict[str, list[Any]]:
    """The batches of each product: of its filings, and of its tables (one, or none)."""
    with _group("product_batches"):
        return {name: planned(planner, keys.rows_manifest(name), name) for name in registry.shipped()}


def daily_products(batches: dict[str, list[Any]]) -> TaskGroup:
    """Each product of the registry, by itself: filings to rows, rows into tables, tables into MySQL."""
    with _group("daily_products") as group:
        for name, product in registry.shipped().items():
            with TaskGroup(name, prefix_group_id=False, tooltip=product.title):
                task = f"update_sec_filings_{name}"
                rows, tables = batches[name]
                steps = [mapped(f"{task}_rows_s3", rows), mapped(f"{task}_s3", tables)]
                if "mysql" in product.destinations:
                    steps.append(container(f"{task}_mysql", refreshes=asset(name)))
                chain(*steps)
    return group


def asset(product: str) -> Asset:
    """A product's tables as others see them: refreshed when its last step has ended well."""
    return Asset(f"sec.filings.{product}")


def run_daily(*before: TaskGroup) -> None:
    """The daily pipeline behind the gate, after what goes before it; at its end the proof, and the news of failures."""
    gate = NoOverlapSensor(task_id="no_overlap").as_setup()
    s3, planner, later = daily_s3()
    end = container("check_accounting")
    chain(gate, *before, daily_setup(), s3, daily_database_s3(*later), daily_database_mysql(), end, finish())
    chain(s3, daily_products(product_batches(planner)), end)
    for first in gate.downstream_list:  # a rule looks at direct neighbours, so only these must ask for the gate
        first.trigger_rule = TriggerRule.ALL_SUCCESS
