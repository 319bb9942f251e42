"""The house's rules that no linter knows."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TASKS = sorted(p.stem for p in (ROOT / "include/filings/tasks").glob("*.py") if not p.stem.startswith("_"))
SEED_TASKS = {
    "update_sec_master_submissions_index_s3",
    "update_missing_s3",
    "calculate_s3_batches",
    "update_sec_filings_sgml_r2",
    "update_sec_filings_tar_r2",
    "update_sec_filings_xbrl_s3",
    "update_sec_filings_data_s3",
    "update_sec_filings_lookup_s3",
    "update_sec_accession_cik_table_s3",
    "update_sec_submission_details_table_s3",
    "update_sec_documents_table_s3",
    "update_sec_filings_lookup_mysql",
    "calculate_inventory_batches",
    "update_sec_filings_inventory_r2",
    "update_sec_filings_inventory_s3",
    "combine_txt_batches_s3",
    "weekly_cleanup",
}


def python(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env={"PYTHONPATH": str(ROOT / "include"), "PATH": "/usr/bin:/bin", **environment},
        capture_output=True,
        text=True,
    )


def test_every_container_task_is_there() -> None:
    assert set(TASKS) >= SEED_TASKS


@pytest.mark.parametrize("task", TASKS)
def test_every_task_explains_itself(task: str) -> None:
    from filings.__main__ import _parser

    command = _parser(task)._subparsers._group_actions[0].choices[task]  # type: ignore[union-attr, index]
    assert len(command.description.split()) >= 8
    for action in command._actions:
        assert action.help or action.dest == "files", f"{task} {action.option_strings}"


def test_the_system_runs_without_airflow_and_without_the_sandbox() -> None:
    code = (
        "import pkgutil, importlib, sys, filings\n"
        "for m in pkgutil.walk_packages(filings.__path__, 'filings.'):\n"
        "    m.name.endswith('__main__') or importlib.import_module(m.name)\n"
        "print([n for n in sys.modules if n.split('.')[0] in ('airflow', 'filings_airflow', 'sandbox', 'moto')])"
    )
    done = python("-c", code)
    assert done.stdout.strip() == "[]", done.stderr


def test_only_settings_read_the_environment() -> None:
    readers = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "include/filings").rglob("*.py")
        if re.search(r"os\.environ|getenv", path.read_text()) and path.name != "settings.py"
    ]
    assert readers == []


def test_a_wrong_setting_is_named() -> None:
    done = python("-m", "filings", "update_missing_s3", SEC_CONTAINERS="none")
    assert done.returncode == 2
    assert "SEC_CONTAINERS" in done.stdout


def test_what_the_readme_says_to_look_at_is_there() -> None:
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_lock_files_name_no_registry() -> None:
    for path in [*(ROOT / "requirements").glob("*.txt"), ROOT / "tests/bench/requirements.txt"]:
        assert not re.search(r"https?://", path.read_text()), path.name


def test_the_peers_of_the_benchmark_are_in_no_runtime_of_the_project() -> None:
    for path in (ROOT / "requirements").iterdir():
        assert not re.search(r"^(secsgml|secsgml2|secxbrl)\b", path.read_text(), re.M), path.name


def test_the_locks_keep_within_what_mwaa_pins() -> None:
    pins = dict(line.split("==") for line in (ROOT / "requirements/mwaa-3.2.1.txt").read_text().split() if "==" in line)
    pins = {_name(name): version for name, version in pins.items()}
    for lock in ("airflow", "task", "instant", "dev"):
        for name, version in re.findall(
            r"^([\w.\[\]-]+)==([^\s;]+)", (ROOT / f"requirements/{lock}.txt").read_text(), re.M
        ):
            assert pins.get(_name(name), version) == version, f"{lock}.txt: {name}"


def _name(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name.partition("[")[0]).lower()


def test_mwaa_pins_are_those_of_the_reference() -> None:
    reference = ROOT.parent / "shared/data/mwaa/constraints-3.2.1.txt"
    if not reference.exists():
        pytest.skip("the reference pins are not beside the project")
    assert (ROOT / "requirements/mwaa-3.2.1.txt").read_text() == reference.read_text()
