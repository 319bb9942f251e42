"""Bring the submissions of whole days from EDGAR's Feed into R2: one request a day instead of one a filing.

Each day's file is read as it comes, and each wanted submission of it verified and kept to the byte. What a file does
not have, and what a day without file has, is left to update_sec_filings_sgml_r2, which comes next. Submissions of the
Feed have no acceptance time; the ledger remembers which these are.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import date

from filings.archive import manifest
from filings.archive.brake import SharedBrake
from filings.archive.feed import FeedBatch
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.verbs import Bounds
from filings.edgar.client import EdgarClient
from filings.settings import Settings
from filings.tasks import _mapped

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Read the days of one batch."""
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    s3, r2 = Store.s3(settings), Store.r2(settings)
    batch = manifest.read_batch(s3, args.manifest, args.batch)
    entry = manifest.entry(manifest.read(s3, args.manifest), args.batch)
    days = [date.fromisoformat(day) for day in entry["days"]]
    report = Report(args.task, args.run_id, args.batch)
    async with EdgarClient(settings, SharedBrake(s3)) as client:
        bounds, concurrency = Bounds(settings.memory_mb), args.concurrency or settings.concurrency
        work = FeedBatch(client, s3, r2, report, settings.compression_level, bounds, concurrency)
        return await work.run(batch.accessions, days, settings.grace_seconds)
