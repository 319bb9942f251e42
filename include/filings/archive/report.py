"""What a container did, as JSON under `runs/`: the UI, the alerts and the accounting read it."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from filings.archive import keys
from filings.archive.storage import CorruptObject, Store
from filings.logs import log


@dataclass
class Report:
    """One container's report. Counts are of accessions unless the name says otherwise."""

    task: str
    run_id: str
    batch: int | str = 0
    archive: str | None = None
    tries: int = 1
    started: str = field(default_factory=lambda: now())
    ended: str | None = None
    seconds: float = 0.0
    planned: int = 0
    done: int = 0
    skipped: int = 0
    unavailable: int = 0
    waiting: int = 0
    failed: int = 0
    not_reached: int = 0
    quarantined: int = 0
    bytes_in: int = 0
    bytes_out: int = 0
    requests: int = 0
    reasons: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)
    error: str | None = None
    _clock: float = field(default_factory=time.monotonic, repr=False)

    @property
    def exit_code(self) -> int:
        """0 when nothing failed."""
        return 1 if self.failed or self.not_reached or self.error else 0

    @property
    def elapsed(self) -> float:
        """Seconds since the container began."""
        return time.monotonic() - self._clock

    def write(self, store: Store) -> None:
        """Put the report in its place; an earlier try's report is counted, then replaced."""
        key = keys.report(self.run_id, self.task, self.batch)
        try:
            self.tries = int((store.get_json_or_none(key) or {}).get("tries", 0)) + 1
        except CorruptObject as error:
            log.warning("report_replaced", error=str(error))
        self.ended, self.seconds = now(), round(self.elapsed, 3)
        content = {name: value for name, value in asdict(self).items() if not name.startswith("_")}
        store.put(key, orjson.dumps(content, option=orjson.OPT_INDENT_2), "application/json")


def now() -> str:
    """The time in UTC, to the second, ISO 8601."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def today() -> str:
    """The date in UTC, ISO 8601."""
    return now()[:10]
