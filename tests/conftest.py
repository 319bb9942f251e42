"""What all tests share: where real submissions lie, when they are there."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
import zstandard

PROJECT = Path(__file__).resolve().parents[1]


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


def read_submission(path: Path) -> bytes:
    """A submission's bytes, decompressed where the file is compressed."""
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data
