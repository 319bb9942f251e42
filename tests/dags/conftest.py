"""An Airflow of their own for the tests of the DAGs, and the sandbox's AWS with an image that only plans."""

from __future__ import annotations

import atexit
import functools
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BUNDLES = {"dags-folder": ROOT / "dags", "tests": HERE / "dag_files"}

# Airflow reads its configuration when it is first imported, so this cannot wait for a fixture.
_BUNDLE = "airflow.dag_processing.bundles.local.LocalDagBundle"
_HOME = Path(tempfile.mkdtemp(prefix="airflow-"))
atexit.register(shutil.rmtree, _HOME, ignore_errors=True)
os.environ |= {
    "AIRFLOW_HOME": str(_HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": "0",
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_HOME}/airflow.db",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST": json.dumps(
        [{"name": name, "classpath": _BUNDLE, "kwargs": {"path": str(path)}} for name, path in BUNDLES.items()]
    ),
}
sys.path.insert(0, str(ROOT / "include"))

from filings.products import registry  # noqa: E402
from sandbox.cloud import Sandbox  # noqa: E402
from sandbox.names import ACCESS_KEY, BUCKET, CLUSTER, REGION, SECRET_KEY, SUBNET  # noqa: E402

PRODUCTS = ("company_metadata",)
VARIABLE = {
    "subnets": [SUBNET],
    "waiter_delay": 1,
    "launch_patience_seconds": 5,
    "overlap_wait_minutes": 0,
    "overlap_poke_seconds": 1,
    "reap_grace_minutes": 0,
}


@pytest.fixture(scope="session")
def airflow_db() -> None:
    """An Airflow database with the DAGs in it, and one execution API: dag.test() makes one a task, 2 s each."""
    from airflow.dag_processing.bundles.manager import DagBundlesManager
    from airflow.dag_processing.dagbag import BundleDagBag, sync_bag_to_db
    from airflow.sdk.execution_time import supervisor
    from airflow.utils.db import initdb

    initdb()
    shipped = registry.shipped()
    manager = DagBundlesManager()
    manager.sync_bundles_to_db()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "shipped", lambda: {name: shipped[name] for name in PRODUCTS})
        for bundle in manager.get_all_dag_bundles():
            bag = BundleDagBag(dag_folder=str(bundle.path), bundle_path=bundle.path, bundle_name=bundle.name)
            sync_bag_to_db(bag, bundle.name, bundle.version)
    supervisor.in_process_api_server = functools.cache(supervisor.in_process_api_server)


@pytest.fixture
def products() -> tuple[str, ...]:
    """The products that the DAGs have: one stands for all in whole runs, each of whose tasks takes a second."""
    return PRODUCTS


@pytest.fixture
def dagbag(products: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> Any:
    """The DAGs, parsed anew: a run with a trigger form changes the parameters of the DAG object in this process."""
    from airflow.dag_processing.dagbag import DagBag

    shipped = registry.shipped()
    monkeypatch.setattr(registry, "shipped", lambda: {name: shipped[name] for name in products})
    return DagBag(str(ROOT / "dags"))


@pytest.fixture
def single_dags() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(HERE / "dag_files")).dags


class Cloud:
    """The sandbox as one test sees it: what was there before the test does not show."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._tasks, self._messages = len(sandbox.tasks()), len(sandbox.slack_messages())

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sandbox, name)

    def tasks(self) -> list[dict[str, Any]]:
        return self._sandbox.tasks()[self._tasks :]

    def slack_messages(self) -> list[dict[str, Any]]:
        return self._sandbox.slack_messages()[self._messages :]

    def clean(self) -> None:
        """Leave no fault, no lock and no container at work to the next test."""
        self.clear_faults()
        self.client("s3").delete_object(Bucket=BUCKET, Key="sec/filings/control/lock.json")
        ecs = self.client("ecs")
        if working := ecs.list_tasks(cluster=CLUSTER)["taskArns"]:
            for arn in working:
                ecs.stop_task(cluster=CLUSTER, task=arn)
            ecs.get_waiter("tasks_stopped").wait(
                cluster=CLUSTER, tasks=working, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
            )


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory, airflow_db: None) -> Iterator[Sandbox]:
    """AWS and Slack, with Airflow's connections and the Variable pointing at them."""
    folder = tmp_path_factory.mktemp("sandbox")
    with Sandbox(folder, mysql=False, pythonpath=str(HERE / "stub")) as started, pytest.MonkeyPatch.context() as patch:
        extra = {"endpoint_url": started.aws_url, "region_name": REGION}
        aws = {"conn_type": "aws", "login": ACCESS_KEY, "password": SECRET_KEY, "extra": extra}
        slack = {"conn_type": "slackwebhook", "password": f"{started.slack_url}/hook"}
        patch.setenv("AIRFLOW_CONN_AWS_DEFAULT", json.dumps(aws))
        patch.setenv("AIRFLOW_CONN_SLACK_DEFAULT", json.dumps(slack))
        patch.setenv("AIRFLOW_VAR_FILINGS", json.dumps(VARIABLE))
        yield started


@pytest.fixture
def batches() -> dict[str, int]:
    """How many batches each manifest has; a test may override this fixture by parameter."""
    return {"sgml_archive": 2, "tar_archive": 1, "sec_filings_data": 1, "sec_filings_lookup": 1}


@pytest.fixture
def cloud(sandbox: Sandbox, batches: dict[str, int]) -> Iterator[Cloud]:
    """The sandbox, nothing at work in it, whose planners make these batches."""
    seen = Cloud(sandbox)
    seen.client("s3").put_object(Bucket=BUCKET, Key="stub/batches.json", Body=json.dumps(batches).encode())
    yield seen
    seen.clean()


@pytest.fixture
def states() -> Callable[[Any], dict[str, str]]:
    """Task instance → state of a run, mapped ones as `task[3]`."""

    def of(run: Any) -> dict[str, str]:
        return {
            ti.task_id + (f"[{ti.map_index}]" if ti.map_index >= 0 else ""): str(ti.state)
            for ti in run.get_task_instances()
        }

    return of


@pytest.fixture
def work_off() -> Callable[[Any, Any], Any]:
    """Runs what is to do in an existing run, as dag.test() does for a new one: for tests that clear tasks."""

    def of(dag: Any, run: Any) -> Any:
        from airflow.sdk.definitions.dag import _run_task
        from airflow.utils.session import create_session

        with create_session() as session:
            run = session.merge(run)
            run.dag = _scheduler_dag(dag)
            run.state = "running"
            while run.state == "running":
                ready, _ = run.update_state(session=session)
                for ti in ready:
                    if ti.state != "up_for_reschedule":
                        ti.try_number += 1
                    ti.state = "scheduled"
                session.commit()
                for ti in ready:
                    _run_task(ti=ti, task=dag.task_dict[ti.task_id], run_triggerer=True)
                session.expire_all()
            session.expunge_all()
        return run

    return of


def _scheduler_dag(dag: Any) -> Any:
    from airflow.serialization.serialized_objects import DagSerialization

    converted = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
    converted.on_failure_callback = dag.on_failure_callback
    return converted


@pytest.fixture
def other_run(airflow_db: None) -> Iterator[Callable[..., None]]:
    """Puts a run that is in some state into Airflow's database, or changes it."""
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import delete, select

    made = set()

    def make(dag_id: str, run_id: str, state: str) -> None:
        with create_session() as session:
            run = session.scalar(select(DagRun).where(DagRun.dag_id == dag_id, DagRun.run_id == run_id))
            if run is None:
                run = DagRun(dag_id=dag_id, run_id=run_id, run_type="manual", run_after=datetime.now(UTC))
                session.add(run)
            run._state = state
        made.add(run_id)

    yield make
    with create_session() as session:
        session.execute(delete(DagRun).where(DagRun.run_id.in_(made)))


@pytest.fixture
def start_container(cloud: Cloud) -> Callable[..., str]:
    """Starts a container of the task family beside Airflow, with tags."""

    def start(*command: str, started_by: str = "test", **tags: str) -> str:
        return cloud.run_task(
            *command, startedBy=started_by, tags=[{"key": key, "value": value} for key, value in tags.items()]
        )

    return start


@pytest.fixture
def until_stopped(cloud: Cloud) -> Callable[[str], dict[str, Any]]:
    """Waits for a container to stop and describes it."""

    def wait(arn: str) -> dict[str, Any]:
        ecs = cloud.client("ecs")
        ecs.get_waiter("tasks_stopped").wait(cluster=CLUSTER, tasks=[arn], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
        return ecs.describe_tasks(cluster=CLUSTER, tasks=[arn])["tasks"][0]

    return wait
