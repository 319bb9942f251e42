"""Whole runs of the pipelines: dag.test() ends without an error on a failed run, so each test asserts its state."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

SGML, FEED = "update_sec_filings_sgml_r2", "update_sec_filings_sgml_feed_r2"


def started(cloud: Any) -> Counter[str]:
    """How often each container task was started."""
    return Counter(task["command"][0] for task in cloud.tasks())


def test_a_daily_run_goes_through_every_step_and_the_trigger_form_reaches_the_planner(
    cloud: Any, dagbag: Any, states: Any
) -> None:
    chosen = {
        "date_from": "2025-11-03",
        "date_to": "2025-11-04",
        "archives": ["sgml_archive", "tar_archive"],
        "forms": ["8-K", "10-K/A"],
        "source": "feed",
        "batch_size": 10,
        "feed_from": 0,
        "force": True,
    }
    options = "--from 2025-11-03 --to 2025-11-04 --archives sgml_archive,tar_archive --forms 8-K,10-K/A"
    rest = "--source feed --batch-size 10 --feed-from 0 --force"

    run = dagbag.dags["daily_pipeline"].test(run_conf=chosen)

    assert run.state == "success"
    [planner] = [task["command"] for task in cloud.tasks() if task["command"][0] == "calculate_s3_batches"]
    assert planner == ["calculate_s3_batches", "--run-id", run.run_id, *options.split(), *rest.split()]
    found = states(run)
    assert found[f"{SGML}[0]"] == found[f"{SGML}[1]"] == "success"
    assert found["update_sec_filings_xbrl_s3"] == "skipped", "nothing missing: no container"
    assert found[FEED] == "skipped", "no day worth it: no container"
    assert found["update_sec_filings_lookup_s3[0]"] == found["check_accounting"] == found["finish"] == "success"
    assert started(cloud)[SGML] == 2
    assert not cloud.slack_messages()


@pytest.mark.parametrize("batches", [{}])
def test_a_first_start_with_nothing_missing_still_goes_to_the_end(cloud: Any, dagbag: Any, states: Any) -> None:
    run = dagbag.dags["end_of_week_pipeline"].test()

    assert run.state == "success"
    order = [task["command"][0] for task in cloud.tasks()]
    order.remove("update_sec_filings_company_metadata_mysql")  # beside the lookup tables' step
    assert order == [
        "weekly_cleanup",
        "calculate_inventory_batches",
        "combine_txt_batches_s3",
        "combine_txt_batches_s3",
        "update_sec_master_submissions_index_s3",
        "update_missing_s3",
        "calculate_s3_batches",
        "update_sec_filings_lookup_mysql",
        "check_accounting",
    ]
    assert states(run)["finish"] == "success"


@pytest.mark.parametrize("batches", [{"sgml_feed": 2, "sgml_archive": 3}])
def test_the_feed_goes_first_and_its_failure_leaves_the_rest_to_single_requests(
    cloud: Any, dagbag: Any, states: Any
) -> None:
    cloud.fault("exit", task=FEED, batch=1, code=1, times=3)

    run = dagbag.dags["daily_pipeline"].test()

    assert run.state == "failed"
    found = states(run)
    assert [found[f"{FEED}[{n}]"] for n in range(2)] == ["success", "failed"]
    assert [found[f"{SGML}[{n}]"] for n in range(3)] == ["success"] * 3
    order = [task["command"][0] for task in cloud.tasks() if task["command"][0] in (FEED, SGML)]
    assert order == [FEED] * 4 + [SGML] * 3


@pytest.mark.parametrize("batches", [{"sgml_archive": 5, "tar_archive": 1}])
def test_one_failed_batch_of_five_stops_nothing_and_is_told_once_and_can_be_cleared_alone(
    cloud: Any, dagbag: Any, states: Any, work_off: Any
) -> None:
    cloud.fault("exit", task=SGML, batch=3, code=1, times=3)
    dag = dagbag.dags["daily_pipeline"]

    run = dag.test()

    assert run.state == "failed"
    found = states(run)
    assert [found[f"{SGML}[{n}]"] for n in range(5)] == ["success", "success", "success", "failed", "success"]
    assert found["update_sec_filings_tar_r2[0]"] == found["update_sec_filings_lookup_mysql"] == "success"
    assert found["finish"] == "failed"
    [message] = cloud.slack_messages()
    text = message["payload"]["text"]
    assert "daily_pipeline failed: 1 of" in text
    assert f"{SGML} batch 3, try 3 of daily_pipeline" in text
    assert "a fault was ordered: exit 1" in text, "the last lines of the container's log"
    assert f"/tasks/{SGML}/mapped/3" in text
    assert "Only failed" in text

    before = started(cloud)
    clear(run, SGML, 3)
    clear(run, "finish")
    run = work_off(dag, run)

    assert run.state == "success"
    assert started(cloud) - before == {SGML: 1}
    assert len(cloud.slack_messages()) == 1


def clear(run: Any, task_id: str, map_index: int = -1) -> None:
    from airflow.models.taskinstance import TaskInstance, clear_task_instances
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        of_task = select(TaskInstance).where(
            TaskInstance.dag_id == run.dag_id,
            TaskInstance.run_id == run.run_id,
            TaskInstance.task_id == task_id,
            TaskInstance.map_index == map_index,
        )
        clear_task_instances(list(session.scalars(of_task)), session)


def test_a_failed_planner_leaves_no_containers_of_its_steps_and_the_run_is_told_to_have_failed(
    cloud: Any, dagbag: Any, states: Any
) -> None:
    cloud.fault("exit", task="calculate_s3_batches", code=2)

    run = dagbag.dags["daily_pipeline"].test()

    assert run.state == "failed"
    found = states(run)
    assert found["calculate_s3_batches"] == "failed"
    assert started(cloud)["calculate_s3_batches"] == 1, "exit code 2 is wrong usage: no retry"
    assert found[SGML] == "upstream_failed"
    assert found["update_sec_filings_lookup_mysql"] == "success"
    [message] = cloud.slack_messages()
    assert "wrong usage" in message["payload"]["text"]


def test_a_backfill_covers_the_filings_of_its_own_data_interval(cloud: Any, dagbag: Any, work_off: Any) -> None:
    from airflow.models.backfill import ReprocessBehavior, _create_backfill
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    _create_backfill(
        dag_id="daily_pipeline",
        from_date=datetime(2025, 11, 4, tzinfo=UTC),
        to_date=datetime(2025, 11, 4, 23, tzinfo=UTC),
        max_active_runs=1,
        reverse=False,
        dag_run_conf={},
        triggering_user_name="test",
        reprocess_behavior=ReprocessBehavior.NONE,
    )
    with create_session() as session:
        [run] = session.scalars(select(DagRun).where(DagRun.run_type == "backfill"))

    run = work_off(dagbag.dags["daily_pipeline"], run)

    assert run.state == "success"
    [planner] = [task["command"] for task in cloud.tasks() if task["command"][0] == "calculate_s3_batches"]
    assert planner[3:] == ["--from", "2025-11-03", "--to", "2025-11-03"], "Tuesday's run covers Monday"
