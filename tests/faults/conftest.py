"""Worlds for scenarios. These tests take minutes, so they are collected only where they are asked for by name."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faults.world import World

PROJECT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
FILINGS = 18


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "ci: among those that CI runs of the faults")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave this folder out of `pytest` and `pytest tests`."""
    named = [Path(str(word).partition("::")[0]).resolve() for word in config.args]
    asked_for = any(path == HERE or HERE in path.parents for path in named)
    return None if asked_for else True


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


FAILED = pytest.StashKey[bool]()


@pytest.fixture
def place(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder for a scenario, which stays when it fails."""
    folder = PROJECT / "build" / "faults" / "".join(c if c.isalnum() else "-" for c in request.node.name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    yield folder
    if request.node.stash.get(FAILED, True):
        print(f"the scenario is left in {folder}")
    else:
        shutil.rmtree(folder)


@pytest.fixture
def world(place: Path) -> Iterator[World]:
    """A cloud before its first start, with some filings on EDGAR."""
    with World(place, filings=FILINGS) as world:
        yield world
