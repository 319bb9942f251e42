"""What every DAG must keep, whatever it does."""

from __future__ import annotations

import ast
import inspect
import json
import os
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from filings.__main__ import task_names
from filings.products import registry
from filings.settings import Settings
from filings.tasks._products import tasks as products_tasks
from filings_airflow.batches import MAX_BATCHES, BadManifest, overrides_of
from filings_airflow.bootstrap import load, override, pools
from filings_airflow.container import ContainerTask
from filings_airflow.deployment import VARIABLE, BadDeployment, Deployment
from pipeline.steps import DAILY, PRODUCT

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {"pandas", "numpy", "pyarrow", "lxml", "boto3", "botocore"}
DAG_FILES = sorted((ROOT / "dags").glob("*.py"))
PACKAGE = ROOT / "include" / "filings_airflow"
SOURCES = [*DAG_FILES, *sorted(PACKAGE.glob("*.py")), *sorted((ROOT / "plugins").glob("*.py"))]


@pytest.fixture
def products() -> tuple[str, ...]:
    """All of them: what every DAG must keep holds with each."""
    return tuple(registry.shipped())


def all_tasks(dagbag: Any) -> list[Any]:
    return [task for dag in dagbag.dags.values() for task in dag.tasks]


def of_task(task: Any, name: str) -> Any:
    """An argument of a plain or a mapped container task."""
    return task.partial_kwargs.get(name) if hasattr(task, "partial_kwargs") else getattr(task, name)


def container_tasks(dagbag: Any) -> list[Any]:
    return [task for task in all_tasks(dagbag) if task.task_type == ContainerTask.__name__]


def product_tasks(name: str) -> tuple[str, ...]:
    return tuple(f"update_sec_filings_{name}_{step}" for step in ("rows_s3", "s3", "mysql"))


def test_every_dag_file_imports(dagbag: Any) -> None:
    assert not dagbag.import_errors
    assert set(dagbag.dags) == {file.stem for file in DAG_FILES}, "a DAG is named as its file"


def test_the_tests_without_airflow_walk_the_steps_in_the_order_of_the_dag(dagbag: Any) -> None:
    dag = dagbag.dags["daily_pipeline"]
    of = {task.task_id.rpartition(".")[2]: task for task in container_tasks(dagbag) if task.dag is dag}
    for earlier, later in pairwise(DAILY):
        for step in later:
            before = of[step.task].get_flat_relative_ids(upstream=True)
            of_product = PRODUCT in step.task
            first = of_product and step.task.endswith("_rows_s3")
            needed = [one for one in earlier if first or len(earlier) == 1 or (PRODUCT in one.task) == of_product]
            assert {of[one.task].task_id for one in needed} <= before, step.task
    of_products = {task for name in registry.shipped() for task in product_tasks(name)}
    assert set(of) == {step.task for group in DAILY for step in group} | of_products


@pytest.mark.parametrize("dag_id", ["daily_pipeline", "end_of_week_pipeline"])
def test_each_product_has_its_steps_in_a_row_after_the_archives_and_refreshes_its_asset(
    dagbag: Any, dag_id: str
) -> None:
    dag = dagbag.dags[dag_id]
    for name, product in registry.shipped().items():
        tasks = [dag.get_task(task) for task in product_tasks(name)]
        assert [task.task_group.group_id for task in tasks] == [name] * 3
        assert "update_sec_filings_tar_r2" in tasks[0].upstream_task_ids, name
        for earlier, later in pairwise(tasks):
            assert earlier.task_id in later.upstream_task_ids
        assert "check_accounting" in tasks[-1].downstream_task_ids
        assert [asset.name for asset in tasks[-1].outlets] == [f"sec.filings.{name}"], product.title


def test_airflow_parses_all_dags_in_two_seconds_with_twice_as_many_products_as_ship(tmp_path: Path) -> None:
    for part in ("include/filings", "include/filings_airflow", "dags"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    folder = tmp_path / "include" / "filings" / "products"
    for name in registry.shipped():
        shutil.copytree(folder / name, folder / f"{name}_again")
    code = (
        "import pathlib, runpy, time, airflow.sdk, airflow.providers.amazon.aws.operators.ecs\n"
        "begun = time.process_time()\n"  # not the clock: other tests are at work on this machine
        f"dags = [runpy.run_path(str(f)) for f in pathlib.Path({str(tmp_path)!r}).glob('dags/*.py')]\n"
        "took = time.process_time() - begun\n"
        "from filings.products import registry\n"
        "print(len(registry.shipped()), took)"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path / "include")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    products, seconds = done.stdout.split()[-2:]

    assert int(products) == 2 * len(registry.shipped())
    assert float(seconds) < 2


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_parsing_a_dag_file_imports_nothing_heavy(file: Path) -> None:
    """The provider's operator itself imports boto3, so what it brings along does not count."""
    code = (
        "import sys, runpy\n"
        "import airflow.providers.amazon.aws.operators.ecs\n"
        "before = set(sys.modules)\n"
        f"runpy.run_path({str(file)!r})\n"
        f"new = set(sys.modules) - (before & {{'boto3', 'botocore'}})\n"
        f"print(sorted(new & {HEAVY}))"
    )
    environment = os.environ | {"PYTHONPATH": str(ROOT / "include")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)

    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize("file", SOURCES, ids=lambda file: file.stem)
def test_no_module_imports_anything_heavy_at_its_top(file: Path) -> None:
    imported = set()
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add((node.module or "").split(".")[0])

    assert not imported & HEAVY


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_a_dag_file_is_a_screen_and_reads_no_environment(file: Path) -> None:
    text = file.read_text()

    assert len(text.splitlines()) <= 50
    assert "environ" not in text and "getenv" not in text and "Variable" not in text.partition('"""\n\nfrom')[2]


def test_every_dag_tells_its_reader_what_it_does_and_has_an_owner(dagbag: Any) -> None:
    for dag in dagbag.dags.values():
        assert len(dag.doc_md) > 300, dag.dag_id
        assert "clear" in dag.doc_md.lower(), f"{dag.dag_id}: how to run it again?"
        assert dag.tags and dag.dagrun_timeout and not dag.catchup, dag.dag_id
        assert dag.default_args["owner"] != "airflow", dag.dag_id
        if "pipeline" in dag.tags:
            assert "backfill" in dag.doc_md.lower(), dag.dag_id
            assert dag.max_active_runs >= 2, f"{dag.dag_id}: a second run must start to be skipped, not queue"


def test_every_task_is_tried_again_and_ends_some_time(dagbag: Any) -> None:
    for task in all_tasks(dagbag):
        assert task.retries >= 1, task.task_id
        assert task.execution_timeout, task.task_id


def test_every_container_task_is_one_that_the_entry_point_knows(dagbag: Any) -> None:
    tasks = {of_task(task, "task") for task in container_tasks(dagbag)}

    assert tasks <= {*task_names(), *(task.name for task in products_tasks())}


def settings() -> dict[str, Any]:
    return load(ROOT / "airflow_settings.yaml")


def test_every_pool_is_in_the_settings_and_counts_deferred_tasks(dagbag: Any) -> None:
    known = pools(settings())

    assert {task.pool for task in container_tasks(dagbag)} == set(known)
    assert all(pool["include_deferred"] for pool in known.values())


def test_what_asks_the_sec_shares_as_many_slots_as_the_rate_is_divided_by(dagbag: Any) -> None:
    known = pools(settings())
    asking = {of_task(task, "task") for task in container_tasks(dagbag) if task.pool == "sec_requests"}

    assert asking == {
        "update_sec_master_submissions_index_s3",
        "update_sec_filings_sgml_feed_r2",
        "update_sec_filings_sgml_r2",
    }
    assert known["sec_requests"]["slots"] == Settings.model_fields["sec_containers"].default


def test_planners_and_dags_keep_to_the_same_bound() -> None:
    from filings.archive import manifest

    assert manifest.MAX_BATCHES == MAX_BATCHES


def test_a_manifest_of_too_many_batches_fails_and_says_what_to_do() -> None:
    def manifest(count: int) -> dict[str, Any]:
        batches = [{"batch": n, "count": 1, "uri": ""} for n in range(count)]
        return {"task": "update_sec_filings_tar_r2", "run_id": "run", "force": True, "batches": batches}

    made = overrides_of(manifest(MAX_BATCHES), "s3://filings/m.json", "task")
    assert len(made) == MAX_BATCHES
    assert max(len(json.dumps(override)) for override in made) < 8192, "ECS takes no longer overrides"
    with pytest.raises(BadManifest, match=r"1001 batches.*larger batch_size"):
        overrides_of(manifest(MAX_BATCHES + 1), "s3://filings/m.json", "task")


def test_the_settings_file_describes_a_deployment_and_can_be_pointed_elsewhere() -> None:
    found = settings()
    override(found, aws_endpoint="http://127.0.0.1:1", slack_url="http://127.0.0.1:2/x", values={"waiter_delay": 3})

    connections = {one["conn_id"]: one for one in found["connections"]}
    assert connections["aws_default"]["conn_extra"]["endpoint_url"] == "http://127.0.0.1:1"
    assert connections["slack_default"]["conn_password"] == "http://127.0.0.1:2/x"
    [variable] = [one for one in found["variables"] if one["variable_name"] == VARIABLE]
    assert Deployment.of(json.loads(variable["variable_value"])).waiter_delay == 3


def test_an_unknown_key_of_the_variable_is_named() -> None:
    with pytest.raises(BadDeployment, match="unknown keys clustre"):
        Deployment.of({"clustre": "filings"})


def test_bootstrap_writes_connections_pools_and_the_variable(airflow_db: None) -> None:
    from airflow.models import Connection, Variable
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import delete, select

    from filings_airflow import bootstrap

    arguments = ["--settings", str(ROOT / "airflow_settings.yaml"), "--aws-endpoint", "http://127.0.0.1:1"]
    try:
        assert [bootstrap.main(arguments), bootstrap.main([*arguments, "--set", "waiter_delay=7"])] == [0, 0]
        with create_session() as session:
            pool = session.scalar(select(Pool).where(Pool.pool == "sec_requests"))
            assert (pool.slots, pool.include_deferred) == (4, True)
            connection = session.scalar(select(Connection).where(Connection.conn_id == "aws_default"))
            assert connection.extra_dejson["endpoint_url"] == "http://127.0.0.1:1"
            variable = session.scalar(select(Variable).where(Variable.key == VARIABLE))
            assert json.loads(variable.val)["waiter_delay"] == 7
    finally:
        with create_session() as session:
            session.execute(delete(Connection))
            session.execute(delete(Variable))


def test_astro_can_read_the_settings_file() -> None:
    found = yaml.safe_load((ROOT / "airflow_settings.yaml").read_text())["airflow"]

    assert {"conn_id", "conn_type"} <= set.intersection(*(set(one) for one in found["connections"]))
    assert all({"pool_name", "pool_slot", "pool_description"} == set(pool) for pool in found["pools"])
    assert all({"variable_name", "variable_value"} == set(one) for one in found["variables"])


def test_every_module_says_why_it_exists() -> None:
    for file in SOURCES:
        assert inspect.cleandoc(ast.get_docstring(ast.parse(file.read_text())) or ""), file
