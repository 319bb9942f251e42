"""The brake that all processes share: an object in S3 that says until when nobody asks the SEC."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import orjson

from filings.archive import keys
from filings.archive.storage import CorruptObject, Store
from filings.logs import log

_LOOK_EVERY = 5.0  # seconds: little against a block of ten minutes, and few requests to S3


class SharedBrake:
    """A `filings.edgar.client.Brake` over an S3 object; the clock is the wall's, as processes share no other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._until = 0.0
        self._looked = float("-inf")

    async def wait(self) -> None:
        """Return when requests may be made."""
        while True:
            if time.monotonic() - self._looked >= _LOOK_EVERY:
                self._looked = time.monotonic()
                self._until = max(self._until, await asyncio.to_thread(self._read))
            left = self._until - time.time()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_EVERY))

    def pulled(self) -> bool:
        """Whether requests must wait, as far as this process knows."""
        return self._until > time.time()

    async def pull(self, seconds: float, reason: str) -> None:
        """Stop the requests of all processes for some time."""
        self._until = max(self._until, time.time() + seconds)
        content = {"until": self._until, "until_utc": datetime.fromtimestamp(self._until, UTC).isoformat()}
        await self._store.aput(keys.BACKOFF, orjson.dumps({**content, "reason": reason}))

    def _read(self) -> float:
        try:
            return float((self._store.get_json_or_none(keys.BACKOFF) or {"until": 0.0})["until"])
        except (CorruptObject, KeyError, TypeError, ValueError) as error:
            log.error(
                "sec_backoff_unreadable", uri=self._store.uri(keys.BACKOFF), error=str(error), taken_for="no pause"
            )
            return 0.0
