"""Which filings a sandbox serves, who may use its folder, and how it is reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sandbox import source, state
from sandbox.cloud import INCLUDE
from sandbox.processes import SandboxError


def test_generated_filings_are_the_default(tmp_path: Path):
    chosen = source.choose(tmp_path, {"EDGAR_FILINGS": "7"})
    assert (chosen.generated, chosen.data) == (7, tmp_path / "edgar")


def test_a_folder_of_submissions_is_served_as_it_lies(tmp_path: Path):
    chosen = source.choose(tmp_path / "run", {"EDGAR_DATA": str(tmp_path)})
    assert (chosen.generated, chosen.data) == (0, tmp_path)
    with pytest.raises(SandboxError, match="no folder"):
        source.choose(tmp_path, {"EDGAR_DATA": str(tmp_path / "missing")})


def test_live_needs_a_name_and_asks_for_one_day(tmp_path: Path):
    with pytest.raises(SandboxError, match="SEC_USER_AGENT"):
        source.choose(tmp_path, {"EDGAR": "live"})
    chosen = source.choose(tmp_path, {"EDGAR": "live", "SEC_USER_AGENT": "A a@b.c"})
    assert chosen.data is None and chosen.user_agent == "A a@b.c"
    assert chosen.conf["date_from"] == chosen.conf["date_to"]


def test_the_last_complete_day_is_a_weekday():
    assert source.last_complete_day(date(2026, 11, 23)) == date(2026, 11, 20)


def test_settings_of_the_containers_pass_but_nothing_else(tmp_path: Path):
    given = {"SEC_CONTAINERS": "2", "FILINGS_BATCH_SIZE": "5", "FILINGS_TASK_PYTHON": "x", "AWS_PROFILE": "mine"}
    assert source.choose(tmp_path, given).environment == {"SEC_CONTAINERS": "2", "FILINGS_BATCH_SIZE": "5"}


def test_another_source_begins_afresh_and_says_so(tmp_path: Path):
    run = tmp_path / "run"
    assert source.begin_afresh_if_changed(run, source.choose(run, {})) is None
    (run / "s3").mkdir()
    (run / "s3" / "object").touch()
    assert source.begin_afresh_if_changed(run, source.choose(run, {})) is None
    assert (run / "s3" / "object").exists()
    told = source.begin_afresh_if_changed(run, source.choose(run, {"EDGAR_DATA": str(tmp_path)}))
    assert "another source" in told and not (run / "s3").exists()


def test_a_folder_that_is_not_ours_is_never_emptied(tmp_path: Path):
    (tmp_path / "mine").touch()
    source.begin_afresh_if_changed(tmp_path, source.choose(tmp_path, {}))
    assert (tmp_path / "mine").exists()


def test_a_second_sandbox_in_the_same_folder_is_told_who_is_at_work(tmp_path: Path):
    with state.only_one(tmp_path):
        second = subprocess.run(
            [sys.executable, "-m", "sandbox", "--folder", str(tmp_path), "run"],
            env={**os.environ, "PYTHONPATH": str(INCLUDE)},
            capture_output=True,
            text=True,
        )
    assert second.returncode == 1
    assert f"a sandbox is at work in {tmp_path} (pid {os.getpid()})" in second.stderr


def test_a_sandbox_that_is_gone_is_not_reached(tmp_path: Path):
    with pytest.raises(SandboxError, match="make ui"):
        state.read(tmp_path)
    state.write(tmp_path, {"urls": {}})
    assert state.read(tmp_path)["pid"] == os.getpid()
    ended = subprocess.Popen(["true"])
    ended.wait()
    (tmp_path / state.FILE).write_text(json.dumps({"pid": ended.pid}))
    with pytest.raises(SandboxError, match="make ui"):
        state.read(tmp_path)
