"""Bring the master index up to date from EDGAR's quarterly and daily indexes: `sec_master_submissions.csv.zst`.

Asks only for what has changed. Rows are added and corrected, never dropped; a row that is none goes into quarantine
and is named in the log. Also writes `sec_accessions.txt.zst`.
"""

from __future__ import annotations

import argparse
import asyncio
from datetime import UTC, date, datetime

from filings.archive import index_update
from filings.archive.brake import SharedBrake
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.edgar.client import EdgarClient
from filings.logs import log
from filings.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The period of the indexes."""
    parser.add_argument("--until", type=date.fromisoformat, help="last day to ask for (default: today)")
    parser.add_argument("--first-year", type=int, help="first year to ask for (default: SEC_FIRST_YEAR, 1993)")
    parser.add_argument(
        "--daily-days",
        type=int,
        default=index_update.DAILY_DAYS,
        help="how many days back to read daily indexes too (default: %(default)s)",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Update the master index; 1 when an index file could not be read (what could is kept)."""
    return asyncio.run(_run(args, settings))


async def _run(args: argparse.Namespace, settings: Settings) -> int:
    store = Store.s3(settings)
    report = Report(args.task, args.run_id)
    until = args.until or datetime.now(UTC).date()
    async with EdgarClient(settings, SharedBrake(store), alone=True) as client:
        first_year = args.first_year or settings.sec_first_year
        await index_update.update(client, store, until, first_year, args.daily_days, report)
    report.write(store)
    for path, reason in report.reasons.items():
        log.error("index_not_read", path=path, reason=reason)
    log.info("master_index", **report.details, files_changed=report.done, quarantined=report.quarantined)
    return report.exit_code
