"""One run of the pipelines at a time: a lock with one slot in S3, which nobody has to release.

A lock holds as long as its holder's run does. So a run that was killed, timed out or lost with its Airflow blocks
nobody, and there is no release that could be forgotten. Writes are conditional on the ETag: of two runs that see the
same stale lock, one gets it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from filings.archive import keys
from filings_airflow.bucket import Bucket

_REMEMBERED = 50  # earlier holders kept: a cleared run goes to work again without passing the gate


@dataclass(frozen=True)
class Run:
    """A run of a DAG."""

    dag_id: str
    run_id: str

    def __str__(self) -> str:
        return f"{self.dag_id} {self.run_id}"


class Lock:
    """The lock object `control/lock.json`."""

    def __init__(self, bucket: Bucket, at_work: Callable[[Run], bool]) -> None:
        self.bucket = bucket
        self.at_work = at_work

    def take(self, run: Run) -> Run | None:
        """Take the lock for a run, or say which run has it. Taking it twice is the same as once."""
        found = self.bucket.get(keys.LOCK)
        if found is None:
            return None if self.bucket.put_if(keys.LOCK, _content(run, []), None) else self._holder()
        content, etag = found
        holders = [Run(**one) for one in (content["holder"], *content["earlier"])]
        for holder in holders:
            if holder != run and self.at_work(holder):
                return holder
        if holders[0] == run:
            return None
        earlier = [one for one in holders if one != run][:_REMEMBERED]
        return None if self.bucket.put_if(keys.LOCK, _content(run, earlier), etag) else self._holder()

    def _holder(self) -> Run:
        """Who was faster."""
        found = self.bucket.get(keys.LOCK)
        return Run(**found[0]["holder"]) if found else Run("another run", "of this moment")


def _content(run: Run, earlier: list[Run]) -> dict[str, Any]:
    return {
        "holder": asdict(run),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
        "earlier": [asdict(one) for one in earlier],
    }
