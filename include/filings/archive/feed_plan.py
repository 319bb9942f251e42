"""Which filings come by the Feed: those of days on which so many are missing that one large file beats many requests.

A fresh start is 20 million requests one by one, a month at the SEC's rate, and some 8,000 through the Feed. A daily
run keeps to single requests, since a Feed file has no acceptance times; so recent days are never planned here.

The batches of the Feed step are the first batches of the SGML step too: whatever of its batch the Feed did not have
is all that is left for the container of the same number, which sees it from the ledger part of its forerunner.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from filings.archive import keys, manifest
from filings.archive.master import Filings
from filings.archive.storage import Store

TASK = "update_sec_filings_sgml_feed_r2"
# Days of the index that are too young: what a daily run or one after some days of trouble fetches with its time.
_RECENT_DAYS = 10
# Some three days' filings: a retry after a kill repeats a day at most, and containers of hours are none.
_BATCH = 10_000
_MOST_BATCHES = manifest.MAX_BATCHES // 2  # the other half is for what is fetched one by one


def part_name(batch: int) -> str:
    """The name of a Feed container's ledger part."""
    return f"feed-{batch}"


def write(
    store: Store,
    run_id: str,
    wanted: Filings,
    *,
    newest: int,
    task: str,
    feed_from: int,
    batch_size: int,
    containers: int,
    force: bool = False,
) -> dict[str, Any]:
    """Plan the Feed step and the SGML step after it; returns the manifest of the Feed step.

    Args:
        store: the S3 bucket.
        run_id: the run.
        wanted: what the SGML archive is to get.
        newest: the last filing date in the master index, as days since 1970.
        task: of the SGML step.
        feed_from: a day with so many of them, and more, comes by the Feed; 0 for none.
        batch_size: filings that a container of the SGML step fetches one by one.
        containers: how many ask the SEC at once.
        force: said in the manifest of the SGML step.
    """
    by_feed = _by_feed(wanted, newest, feed_from)
    if not by_feed.any():
        manifest.write_filings(store, run_id, keys.SGML, task, wanted, batch_size, force)
        return manifest.write_plan(store, run_id, keys.SGML_FEED, TASK, [], total=0)
    groups = _groups(np.flatnonzero(by_feed), wanted.days, containers)
    feed = [_feed_batch(store, run_id, n, wanted[rows]) for n, rows in enumerate(groups)]
    rest = wanted[~by_feed]
    size = max(batch_size, -(-len(rest) // (manifest.MAX_BATCHES - len(feed))))
    single = [
        manifest.write_batch(store, run_id, keys.SGML, len(feed) + n, rest[start : start + size])
        for n, start in enumerate(range(0, len(rest), size))
    ]
    left_over = [{"batch": one["batch"], "count": one["count"], "uri": one["uri"]} for one in feed]
    manifest.write_plan(store, run_id, keys.SGML, task, left_over + single, total=len(wanted), force=force)
    return manifest.write_plan(store, run_id, keys.SGML_FEED, TASK, feed, total=int(by_feed.sum()))


def _by_feed(wanted: Filings, newest: int, feed_from: int) -> np.ndarray:
    if feed_from < 1:
        return np.zeros(len(wanted), bool)
    days, inverse, counts = np.unique(wanted.days, return_inverse=True, return_counts=True)
    worth = (counts >= feed_from) & (days <= newest - _RECENT_DAYS)
    return np.asarray(worth[inverse])


def _groups(rows: np.ndarray, days: np.ndarray, containers: int) -> list[np.ndarray]:
    """Rows of filings by their days, cut into groups of about the same number; a day is in one group."""
    rows = rows[np.argsort(days[rows], kind="stable")]
    _, firsts = np.unique(days[rows], return_index=True)
    size = max(-(-len(rows) // _MOST_BATCHES), min(_BATCH, -(-len(rows) // containers)))
    group = firsts // size  # a day belongs to the group in which it begins
    return np.split(rows, firsts[1:][group[1:] != group[:-1]])


def _feed_batch(store: Store, run_id: str, number: int, wanted: Filings) -> dict[str, Any]:
    days = np.unique(wanted.days).astype("datetime64[D]").astype(str).tolist()
    return {**manifest.write_batch(store, run_id, keys.SGML_FEED, number, wanted), "days": days}
