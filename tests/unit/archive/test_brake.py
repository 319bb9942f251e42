from __future__ import annotations

import asyncio
import time

import orjson
import pytest

from filings.archive import brake, keys
from filings.archive.brake import SharedBrake
from filings.archive.storage import Store

YEAR = 365 * 86_400.0


def order(s3: Store, until: float, seconds: float | None) -> None:
    s3.put(keys.BACKOFF, orjson.dumps({"until": until} | ({} if seconds is None else {"seconds": seconds})))


def waited(one: SharedBrake) -> float:
    begun = time.monotonic()
    asyncio.run(asyncio.wait_for(one.wait(), 20))
    return time.monotonic() - begun


@pytest.fixture(autouse=True)
def looks_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(brake, "_LOOK_EVERY", 0.05)


def test_who_is_told_off_stops_the_others(s3: Store) -> None:
    asyncio.run(SharedBrake(s3).pull(0.4, "HTTP 429"))
    assert waited(SharedBrake(s3)) > 0.1
    assert waited(SharedBrake(s3)) < 0.1


def test_of_many_that_start_at_once_none_goes_before_the_first_look(s3: Store) -> None:
    asyncio.run(SharedBrake(s3).pull(0.4, "HTTP 403"))
    one = SharedBrake(s3)

    async def all_at_once() -> float:
        begun = time.monotonic()
        waits = [asyncio.create_task(one.wait()) for _ in range(8)]
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        return time.monotonic() - begun

    assert asyncio.run(all_at_once()) > 0.1


def test_an_order_dated_a_year_ahead_is_waited_for_as_long_as_was_asked_and_taken_back(s3: Store) -> None:
    order(s3, time.time() + YEAR, 0.3)
    one = SharedBrake(s3)
    assert 0.3 <= waited(one) < 5
    time.sleep(0.1)  # till it looks again
    waited(one)
    assert orjson.loads(s3.get(keys.BACKOFF))["until"] == 0
    assert waited(SharedBrake(s3)) < 0.3


def test_a_clock_set_back_while_it_waits_does_not_prolong_the_pause(s3: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    one = SharedBrake(s3)
    asyncio.run(one.pull(0.3, "HTTP 403"))
    real = time.time
    monkeypatch.setattr(brake.time, "time", lambda: real() - YEAR)
    assert waited(one) < 5
    assert not one.pulled()


def test_an_order_that_cannot_be_read_is_no_pause(s3: Store) -> None:
    s3.put(keys.BACKOFF, b"[")
    assert waited(SharedBrake(s3)) < 5


def test_a_short_pause_does_not_end_a_long_one(s3: Store) -> None:
    asyncio.run(SharedBrake(s3).pull(600, "HTTP 403"))
    asyncio.run(SharedBrake(s3).pull(10, "HTTP 429"))
    assert orjson.loads(s3.get(keys.BACKOFF))["seconds"] == 600


def test_a_pause_is_ordered_although_a_wrong_clock_has_dated_another_a_year_ahead(s3: Store) -> None:
    order(s3, time.time() + YEAR, 600)
    asyncio.run(SharedBrake(s3).pull(10, "HTTP 429"))
    assert orjson.loads(s3.get(keys.BACKOFF))["seconds"] == 10
