from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from sandbox.airflow import SQLITE


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "airflow.db"
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE run (id INTEGER)")
    return path


def test_what_reads_within_a_savepoint_may_write_though_another_wants_to(database: Path) -> None:
    ours, other = sqlite3.connect(database, **SQLITE), sqlite3.connect(database, timeout=0)
    cursor = ours.cursor()
    cursor.execute("SAVEPOINT s")
    cursor.execute("SELECT COUNT(*) FROM run").fetchone()
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other.execute("INSERT INTO run VALUES (1)")
    cursor.execute("INSERT INTO run VALUES (2)")
    cursor.execute("RELEASE s")
    ours.commit()
    other.execute("INSERT INTO run VALUES (1)")
    other.commit()
    assert ours.execute("SELECT COUNT(*) FROM run").fetchone() == (2,)


def test_reading_alone_keeps_nobody_from_writing(database: Path) -> None:
    ours, other = sqlite3.connect(database, **SQLITE), sqlite3.connect(database, timeout=0)
    ours.cursor().execute("SELECT COUNT(*) FROM run").fetchone()
    other.execute("INSERT INTO run VALUES (1)")
    other.commit()
