"""Which filings a sandbox serves, who may use its folder, and how it is reached."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from sandbox import source, state
from sandbox.cloud import INCLUDE, Sandbox
from sandbox.commands import tell_edgar
from sandbox.processes import SandboxError
from sandbox.progress import Progress
from sandbox.summary import summarise


def test_generated_filings_are_the_default(tmp_path: Path):
    chosen = source.choose(tmp_path, {"EDGAR_FILINGS": "7"})
    assert (chosen.generated, chosen.data) == (7, tmp_path / "edgar")


def test_a_folder_of_submissions_is_served_as_it_lies(tmp_path: Path):
    chosen = source.choose(tmp_path / "run", {"EDGAR_DATA": str(tmp_path)})
    assert (chosen.generated, chosen.data) == (0, tmp_path)
    with pytest.raises(SandboxError, match="no folder"):
        source.choose(tmp_path, {"EDGAR_DATA": str(tmp_path / "missing")})


def test_a_folder_may_be_named_relative_to_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "filings").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    chosen = source.choose(tmp_path / "run", {"EDGAR_DATA": "../filings"})
    assert chosen.data == tmp_path / "filings" and chosen.data.is_absolute()


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


def test_each_file_that_is_no_good_submission_is_told_in_a_line(tmp_path: Path):
    data, out = tmp_path / "data", io.StringIO()
    data.mkdir()
    (data / "0000320193-25-000073.txt.zst").write_bytes(b"no zstd")
    (data / "apple.nc").write_text("nothing")
    (data / "index.csv").write_text("accession\n")
    with Sandbox(tmp_path / "run", edgar_data=data, mysql=False) as cloud:
        tell_edgar(cloud, Progress(out))
        summary = summarise(cloud, dag_id="d", run_id="r", state="success", seconds=1, steps=[])
    first, *lines = [line[8:] for line in out.getvalue().splitlines()]
    assert first == "EDGAR has 1 filing"
    assert lines[0].startswith(f"{data}/0000320193-25-000073.txt.zst: cannot be read: ")
    assert lines[1].startswith(f"{data}/apple.nc: not served: ") and len(lines) == 2
    assert list(summary["unreadable"]) == ["0000320193-25-000073.txt.zst", "apple.nc"]
