"""Where the sandbox's filings come from, and the promise that one state folder holds the filings of one source only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.names import USER_AGENT
from sandbox.processes import SandboxError

FILINGS = 60
SEED = 1
MARKER = "source.json"
LIVE_FORMS = ["8-K"]
NOT_SETTINGS = ("SEC_BASE_URL", "SEC_EFTS_URL", "SEC_USER_AGENT", "FILINGS_TASK_PYTHON")
SETTING_PREFIXES = ("SEC_", "FILINGS_")  # settings of the containers that a person may give on the command line


@dataclass(frozen=True)
class Source:
    """`data` is what the EDGAR stand-in serves; None means sec.gov itself. `conf` is the run's default selection."""

    name: str
    data: Path | None
    generated: int = 0
    user_agent: str = USER_AGENT
    conf: dict[str, Any] = field(default_factory=dict)
    environment: dict[str, str] = field(default_factory=dict)


def choose(folder: Path, environ: Mapping[str, str], edgar_data: Path | None = None) -> Source:
    """What EDGAR_DATA=DIR, EDGAR=live or EDGAR_FILINGS=N ask for; generated filings when nothing is said."""
    given = {
        name: value for name, value in environ.items() if name.startswith(SETTING_PREFIXES) and name not in NOT_SETTINGS
    }
    if environ.get("EDGAR") == "live":
        return live(environ, given)
    if environ.get("EDGAR"):
        raise SandboxError(f"EDGAR must be live or not set, not {environ['EDGAR']!r}; EDGAR_DATA names a folder")
    data = edgar_data or (Path(environ["EDGAR_DATA"]) if environ.get("EDGAR_DATA") else None)
    if data is not None:
        if not data.is_dir():
            raise SandboxError(f"EDGAR_DATA: there is no folder {data}")
        return Source(f"folder {data.resolve()}", data.resolve(), environment=given)
    try:
        count = int(environ.get("EDGAR_FILINGS") or FILINGS)
    except ValueError:
        raise SandboxError(f"EDGAR_FILINGS must be a number, not {environ['EDGAR_FILINGS']!r}") from None
    return Source(f"generated {count}, seed {SEED}", folder / "edgar", count, environment=given)


def live(environ: Mapping[str, str], given: dict[str, str]) -> Source:
    """sec.gov, for the 8-K filings of one day, unless the run is told otherwise."""
    agent = environ.get("SEC_USER_AGENT", "")
    if "@" not in agent:
        raise SandboxError('EDGAR=live: set SEC_USER_AGENT="Your Name your@e-mail", the SEC wants to know who asks')
    day = last_complete_day(datetime.now(UTC).date())
    conf = {"date_from": str(day), "date_to": str(day), "forms": LIVE_FORMS}
    return Source("live", None, user_agent=agent, conf=conf, environment={"SEC_FIRST_YEAR": str(day.year), **given})


def last_complete_day(today: date) -> date:
    """The last weekday whose index is surely complete."""
    day = today - timedelta(days=2)
    while day.weekday() > 4:
        day -= timedelta(days=1)
    return day


def begin_afresh_if_changed(folder: Path, source: Source) -> str | None:
    """Empty `folder` if it was made from another source; returns what to tell about it.

    Only a folder with our marker, or an empty one, is ever emptied.
    """
    marker = folder / MARKER
    told = None
    if marker.exists():
        before = json.loads(marker.read_text())["source"]
        if before != source.name:
            for child in folder.iterdir():
                if child.name != "lock":
                    shutil.rmtree(child) if child.is_dir() and not child.is_symlink() else child.unlink()
            told = f"{folder} was made from another source ({before}, now {source.name}): beginning afresh"
    folder.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"source": source.name}) + "\n")
    return told


def make_data(source: Source, include: Path) -> None:
    """Generate the filings of a generated source, once."""
    if not source.generated or source.data is None or done_file(source.data).exists():
        return
    shutil.rmtree(source.data, ignore_errors=True)
    generate(include, source.data, "--filings", str(source.generated), "--seed", str(SEED))
    done_file(source.data).touch()


def more(folder: Path, filings: int, include: Path) -> None:
    """Let further generated filings appear, also on an EDGAR that is up."""
    data = folder / "edgar"
    if not done_file(data).exists():
        raise SandboxError(f"{folder} has no generated filings to add to: run `make run` or `make ui` first")
    generate(include, data, "--filings", str(filings), "--append")


def generate(include: Path, data: Path, *options: str) -> None:
    made = subprocess.run(
        [sys.executable, "-m", "sandbox.generate", "--out", str(data), *options],
        env={**os.environ, "PYTHONPATH": str(include)},
        capture_output=True,
        text=True,
    )
    if made.returncode:
        last = (made.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise SandboxError(f"the generator of filings failed: {last}")


def done_file(data: Path) -> Path:
    """Says that the filings were generated to the end."""
    return data.with_name(data.name + ".done")
