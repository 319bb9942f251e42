"""Make the inventory lists from the listed slices: `inventory/inventory_{archive}.txt.zst`.

What the daily lists have and the bucket has not is struck off and put into quarantine: the next plan makes it anew.
"""

from __future__ import annotations

import argparse

from filings.archive import inventory
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which store's slices."""
    parser.add_argument("--store", required=True, choices=("s3", "r2"), help="whose slices to combine")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Combine the slices of one store."""
    s3 = Store.s3(settings)
    where = s3 if args.store == "s3" else Store.r2(settings)
    report = Report(args.task, args.run_id, args.store)
    report.details = inventory.combine(s3, where, args.run_id)
    report.planned = report.done = len(report.details)
    report.write(s3)
    for archive, counts in report.details.items():
        log.info("inventory", archive=archive, **counts)
    return 0
