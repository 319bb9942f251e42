"""The whole system under the real scheduler, triggerer and executor: one start, one story."""

from __future__ import annotations

import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import proof
from pipeline.steps import FIRST_YEAR, PRODUCT, Pipeline, accession
from sandbox import mysql
from sandbox.cloud import Sandbox

ROOT = Path(__file__).resolve().parents[2]
SGML = "update_sec_filings_sgml_r2"
DAILY = "daily_pipeline"
ENDED = ("success", "failed")


@pytest.fixture
def pipeline(tmp_path: Path) -> Iterator[Pipeline]:
    """Twenty small filings, Airflow, and the project's own DAGs."""
    data = tmp_path / "edgar"
    data.mkdir()
    environment = {"SEC_FIRST_YEAR": FIRST_YEAR}
    project = project_of_one_product(tmp_path / "project")
    include = str(project / "include")
    with Sandbox(
        tmp_path / "run", edgar_data=data, airflow=True, environment=environment, project=project, pythonpath=include
    ) as cloud:
        pipeline = Pipeline(cloud, data)
        pipeline.file(*range(1, 21))
        wait(lambda: cloud.airflow_api.knows(DAILY), 60)
        yield pipeline


def project_of_one_product(folder: Path) -> Path:
    """The project with one product, which stands for all: each has five more tasks in every run."""
    for part in ("include", "dags", "plugins"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "airflow_settings.yaml", folder)
    for path in (folder / "include" / "filings" / "products").glob("*/product.yaml"):
        if path.parent.name != PRODUCT:
            shutil.rmtree(path.parent)
    return folder


def wait(ready: Callable[[], Any], seconds: float = 240) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := ready()):
        assert time.monotonic() < deadline, f"not so after {seconds} s"
        time.sleep(0.5)
    return found


def ended(pipeline: Pipeline, run_id: str) -> str:
    api = pipeline.cloud.airflow_api
    return str(wait(lambda: state if (state := api.run_state(DAILY, run_id)) in ENDED else None))


def states(pipeline: Pipeline, run_id: str) -> dict[tuple[str, int], str]:
    found = pipeline.cloud.airflow_api.task_instances(DAILY, run_id)
    return {(ti["task_id"], ti["map_index"]): ti["state"] for ti in found}


def started(pipeline: Pipeline) -> Counter[str]:
    return Counter(task["command"][0] for task in pipeline.cloud.tasks())


@pytest.mark.timeout(600)
def test_a_batch_fails_a_second_run_is_skipped_the_batch_is_cleared_and_ten_more_filings_come(
    pipeline: Pipeline,
) -> None:
    api = pipeline.cloud.airflow_api
    pipeline.faults({"match": accession(10), "kind": "garbage", "times": -1})

    first = api.trigger(DAILY, {"batch_size": 4})
    wait(lambda: states(pipeline, first).get(("no_overlap", -1)) == "success")
    second = api.trigger(DAILY, {"overlap_wait_minutes": 0})
    assert ended(pipeline, second) == "success"
    assert set(states(pipeline, second).values()) == {"skipped"}

    assert ended(pipeline, first) == "failed"
    found = states(pipeline, first)
    assert [found[SGML, n] for n in range(5)] == ["success", "success", "failed", "success", "success"]
    assert pipeline.accounting(first)["archives"]["sgml_archive"]["have"] == 19
    [message] = pipeline.cloud.slack_messages()
    text = message["payload"]["text"]
    assert f"{SGML} batch 2, try 3 of {DAILY}" in text
    assert "EDGAR served no submission" in text, "the last lines of the container's log"
    assert f"/runs/{first.replace(':', '%3A').replace('+', '%2B')}/tasks/{SGML}" in text

    pipeline.faults()
    before = started(pipeline)
    only = {"dag_run_id": first, "task_ids": [[SGML, 2]], "dry_run": False, "only_failed": True}
    api.call("POST", f"dags/{DAILY}/clearTaskInstances", only)
    wait(lambda: states(pipeline, first)[SGML, 2] == "success")
    assert started(pipeline) - before == Counter({SGML: 1})
    report = pipeline.report(first, SGML, 2)
    assert (report["done"], report["skipped"]) == (1, 3)
    wait(lambda: api.run_state(DAILY, first) in ENDED)

    pipeline.file(*range(21, 31))
    third = api.trigger(DAILY)
    assert ended(pipeline, third) == "success"
    assert pipeline.manifest(third, "sgml_archive")["total"] == 10
    assert pipeline.manifest(third, "tar_archive")["total"] == 11  # and the one that could not be packed before

    before_objects = pipeline.objects()
    fourth = api.trigger(DAILY)
    assert ended(pipeline, fourth) == "success"
    assert {u for u, e in pipeline.objects().items() if before_objects.get(u) != e} <= {
        "s3://filings/sec/filings/control/lock.json"
    }
    assert pipeline.accounting(fourth)["nothing_planned"]
    assert len(pipeline.cloud.slack_messages()) == 1

    proof.check_archives(pipeline.cloud.folder, pipeline.data)
    connection = mysql.connect(pipeline.cloud.mysql_url)
    assert proof.check_tables(pipeline.cloud.folder, connection)["sec_documents_table"] == 60
    assert pipeline.edgar("/_sandbox/requests")["max_in_one_second"] <= 8

    body = {
        "dag_id": DAILY,
        "from_date": "2026-01-06T00:00:00Z",
        "to_date": "2026-01-06T23:00:00Z",
        "max_active_runs": 1,
        "reprocess_behavior": "none",
        "dag_run_conf": {"force": True, "archives": ["tar_archive"]},
        "run_backwards": False,
    }
    backfill = api.call("POST", "backfills", body)
    wait(lambda: api.call("GET", f"backfills/{backfill['id']}")["completed_at"])
    [run] = api.call("GET", f"dags/{DAILY}/dagRuns", run_type="backfill")["dag_runs"]
    assert run["state"] == "success"
    plan = pipeline.manifest(run["dag_run_id"], "tar_archive")
    assert plan["total"] == 30, "all are of 5 January, the day that the run of 6 January covers"
    assert pipeline.manifest(run["dag_run_id"], "sgml_archive")["total"] == 0
