"""What comes by the Feed is all of it there to be fetched one by one too, and nothing is planned twice."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from filings.archive import feed_plan, keys, manifest
from filings.archive.master import Filings
from filings.archive.storage import Store

NEWEST = (date(2026, 3, 2) - date(1970, 1, 1)).days
RUN, TASK = "run", "update_sec_filings_sgml_r2"


def filings(counts: dict[int, int]) -> Filings:
    """So many filings on days that lie so far back."""
    days = np.repeat([NEWEST - back for back in counts], list(counts.values()))
    shuffled = np.random.default_rng(1).permutation(days).astype(np.int32)
    numbers = np.arange(len(days), dtype=np.uint64) + np.uint64(1_000_000_026_000_000)
    return Filings(numbers, np.full(len(days), 7, np.uint32), shuffled)


def plan(store: Store, wanted: Filings, feed_from: int, batch_size: int = 5) -> None:
    feed_plan.write(
        store,
        RUN,
        wanted,
        newest=NEWEST,
        task=TASK,
        feed_from=feed_from,
        batch_size=batch_size,
        containers=4,
    )


def batches(store: Store, name: str) -> list[tuple[list[str], set[str]]]:
    """Days and accessions of each batch of a plan."""
    uri = store.uri(keys.manifest(RUN, name))
    entries = manifest.read(store, uri)["batches"]
    assert [entry["batch"] for entry in entries] == list(range(len(entries)))
    read = [(entry.get("days", []), manifest.read_batch(store, uri, entry["batch"])) for entry in entries]
    return [(days, set(batch.accessions)) for days, batch in read]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.integers(0, 30), st.integers(1, 12), max_size=12), st.integers(0, 8))
def test_each_filing_is_in_one_batch_and_each_worthy_day_in_one_of_the_feed(
    s3: Store, counts: dict[int, int], feed_from: int
) -> None:
    plan(s3, filings(counts), feed_from)
    feed, single = batches(s3, keys.SGML_FEED), batches(s3, keys.SGML)
    assert sum(len(accessions) for _, accessions in single) == sum(counts.values())
    assert len(set().union(*(accessions for _, accessions in single))) == sum(counts.values())
    assert [accessions for _, accessions in feed] == [accessions for _, accessions in single[: len(feed)]]
    assert all(len(accessions) <= 5 for _, accessions in single[len(feed) :])
    worthy = [back for back, count in counts.items() if feed_from and count >= feed_from and back >= 10]
    days = [day for among, _ in feed for day in among]
    assert days == [str(np.datetime64(NEWEST - back, "D")) for back in sorted(worthy, reverse=True)]
    assert sum(len(accessions) for _, accessions in feed) == sum(counts[back] for back in worthy)


@pytest.mark.parametrize(("days", "each"), [(3, 100), (40, 3_000), (8_000, 100), (8_000, 1)])
def test_batches_are_even_and_never_too_many(days: int, each: int) -> None:
    wanted = filings(dict.fromkeys(range(10, 10 + days), each))
    groups = feed_plan._groups(np.arange(len(wanted)), wanted.days, containers=4)
    sizes = [len(rows) for rows in groups]
    assert len(groups) <= manifest.MAX_BATCHES // 2
    assert sum(sizes) == len(wanted)
    assert max(sizes) - min(sizes[:-1]) <= each
    assert all(set(wanted.days[one]).isdisjoint(wanted.days[two]) for one, two in pairwise(groups))


def test_many_days_and_many_single_filings_share_the_thousand_batches(
    s3: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "MAX_BATCHES", 10)
    monkeypatch.setattr(feed_plan, "_MOST_BATCHES", 5)
    plan(s3, filings(dict.fromkeys(range(10, 60), 4) | {1: 90}), feed_from=4, batch_size=1)
    assert len(batches(s3, keys.SGML_FEED)) == 4
    assert len(batches(s3, keys.SGML)) == 10
