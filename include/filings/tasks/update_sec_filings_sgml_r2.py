"""Fetch the submissions of one batch from EDGAR and keep them, to the byte, in R2: `sgml-archive/{accession}.sgml`.

What the batch of the same number has brought from EDGAR's Feed in this run is not fetched again.

Keeps to this container's share of the requests that the SEC allows. A submission that EDGAR does not have (404) is
recorded as unavailable; one that is cut off is kept as served, with a quarantine record.
"""

from __future__ import annotations

import argparse
import asyncio

from filings.archive import feed_plan, keys
from filings.archive.brake import SharedBrake
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.verbs import Bounds, Fetch
from filings.edgar.client import EdgarClient
from filings.settings import Settings
from filings.tasks import _mapped

# Answers of 30 MB may take half a minute; at one or two requests a second this many are under way at most.
_IN_FLIGHT = 6

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Fetch one batch."""
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    s3, r2 = Store.s3(settings), Store.r2(settings)
    args.concurrency = args.concurrency or _IN_FLIGHT

    def count(report: Report) -> None:
        report.requests = client.requests

    fed = Ledger(s3, keys.SGML).part(args.run_id, feed_plan.part_name(args.batch))
    async with EdgarClient(settings, SharedBrake(s3)) as client:
        fetch = Fetch(client, r2, settings.compression_level, Bounds(settings.memory_mb))
        return await _mapped.drive(args, settings, s3, keys.SGML, fetch, earlier=fed, at_end=count)
