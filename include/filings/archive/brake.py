"""The brake that all processes share: an object in S3 that says until when nobody asks the SEC.

Clocks of containers may be wrong. So nobody waits longer than the pause that was asked for, counted from when the order
was first seen, and who has waited it out takes back an order that a clock far ahead has dated into the future.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from datetime import UTC, datetime

import orjson

from filings.archive import keys
from filings.archive.storage import Conflict, Store
from filings.logs import log

_LOOK_EVERY = 5.0  # seconds: little against a block of ten minutes, and few requests to S3


class SharedBrake:
    """A `filings.edgar.client.Brake` over an S3 object, dated by the wall's clock: processes share no other."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._until = float("-inf")  # of the monotonic clock, which nobody sets
        self._looked = float("-inf")
        self._looking = asyncio.Lock()
        self._seen = ""
        self._dated = 0.0

    async def wait(self) -> None:
        """Return when requests may be made."""
        while True:
            async with self._looking:  # nobody asks on what is not known yet
                if time.monotonic() - self._looked >= _LOOK_EVERY:
                    await asyncio.to_thread(self._look)
                    self._looked = time.monotonic()
                if self._dated > time.time() and not self.pulled():
                    await asyncio.to_thread(self._take_back)
            left = self._until - time.monotonic()
            if left <= 0:
                return
            await asyncio.sleep(min(left, _LOOK_EVERY))

    def pulled(self) -> bool:
        """Whether requests must wait, as far as this process knows."""
        return self._until > time.monotonic()

    async def pull(self, seconds: float, reason: str) -> None:
        """Stop the requests of all processes for some time."""
        self._until = max(self._until, time.monotonic() + seconds)
        await asyncio.to_thread(self._order, seconds, reason)

    def _order(self, seconds: float, reason: str) -> None:
        """Write the order, unless there is one that holds longer and whose date can be trusted."""
        until = time.time() + seconds
        content = {"until": until, "until_utc": datetime.fromtimestamp(until, UTC).isoformat()}
        order = orjson.dumps({**content, "seconds": seconds, "reason": reason})
        while True:
            held = self._store.get_with_etag(keys.BACKOFF)
            left, dated = self._read(held[0]) if held is not None else (-1.0, 0.0)
            if left >= seconds and dated - time.time() <= left + _LOOK_EVERY:
                return
            try:
                if held is not None:
                    self._store.replace(keys.BACKOFF, order, held[1])
                    return
                if self._store.create(keys.BACKOFF, order):
                    return
            except Conflict:
                continue

    def _look(self) -> None:
        """Take notice of an order that was not seen before."""
        held = self._store.get_with_etag(keys.BACKOFF)
        if held is None:
            return
        content, etag = held
        if etag == self._seen:
            return
        self._seen = etag
        left, self._dated = self._read(content)
        self._until = max(self._until, time.monotonic() + left)

    def _read(self, content: bytes) -> tuple[float, float]:
        """Seconds that an order holds from now on, and its date; in the past when it cannot be read."""
        try:
            said = orjson.loads(content)
            dated = float(said["until"])
            left = dated - time.time()
            return min(left, float(said.get("seconds", left))), dated
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
            uri = self._store.uri(keys.BACKOFF)
            log.error("sec_backoff_unreadable", uri=uri, error=str(error), taken_for="no pause")
            return -1.0, 0.0

    def _take_back(self) -> None:
        """End an order whose time is over although its date is not."""
        log.warning(
            "sec_backoff_outlived", uri=self._store.uri(keys.BACKOFF), dated=self._dated, what="a clock is wrong"
        )
        self._dated = 0.0
        # A conflict: another order came, or another process was quicker.
        with suppress(Conflict):
            self._store.replace(
                keys.BACKOFF, orjson.dumps({"until": 0.0, "seconds": 0.0, "reason": "over"}), self._seen
            )
