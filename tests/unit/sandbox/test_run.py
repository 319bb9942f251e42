"""`python -m sandbox run` with the real Airflow and a DAG of two tasks, one of them a container."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.cloud import INCLUDE

DAG = """
from airflow.sdk import dag, task
from filings_airflow.container import ContainerTask

@dag(schedule=None)
def tiny():
    @task
    def unlucky(params=None, dag_run=None):
        if dag_run.conf.get("fail"):
            raise ValueError("asked to fail")

    ContainerTask(task_id="box", task="check_accounting", options=["--help"], retries=0) >> unlucky()

tiny()
"""


@pytest.mark.slow
def test_a_run_ends_with_a_summary_and_exit_1_names_what_failed(tmp_path: Path):
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "tiny.py").write_text(DAG)
    folder, command = tmp_path / "run", [sys.executable, "-m", "sandbox"]
    done = subprocess.run(
        [*command, "--folder", folder, "run", "--dag", "tiny", "--dags", tmp_path / "dags", "--conf", '{"fail": true}'],
        env={**os.environ, "PYTHONPATH": str(INCLUDE), "EDGAR": "live", "SEC_USER_AGENT": "A a@b.c"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stdout + done.stderr
    summary = json.loads((folder / "summary.json").read_text())
    assert summary["state"] == "failed"
    assert [(step["task"], step["state"]) for step in summary["steps"]] == [("box", "success"), ("unlucky", "failed")]
    assert "unlucky failed, try 1:" in done.stdout and "asked to fail" in done.stdout
    assert not (folder / "sandbox.json").exists()
