"""What all tests share: where real submissions lie, when they are there."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

PROJECT = Path(__file__).resolve().parents[1]

# How long an example takes says more of what else the machine does than of the code: time is for `make bench`.
settings.register_profile("filings", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("filings")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long stories first, so that no worker is left with one at the end."""
    items.sort(key=lambda item: "tests/pipeline" not in item.path.as_posix())


def _real_data() -> Path | None:
    named = os.environ.get("EDGAR_DATA")
    for folder in [Path(named)] if named else [PROJECT.parent / "shared" / "data" / "edgar"]:
        if (folder / "index.csv").is_file():
            return folder
    return None


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real submissions, with its index.csv."""
    folder = _real_data()
    if folder is None:
        pytest.skip("no folder of real submissions: set EDGAR_DATA to one with an index.csv")
    return folder


@pytest.fixture(scope="session")
def real_index(real_data: Path) -> list[dict[str, str]]:
    """What is known of each real submission."""
    with (real_data / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))
