"""Plan the listing of the buckets: even slices of accession numbers, one manifest each for S3 and R2."""

from __future__ import annotations

import argparse

from filings.archive import inventory
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings

# A listing gives a thousand keys a request of 50–100 ms: a slice of this size takes a container some minutes.
_SLICE = 500_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The size of a slice."""
    parser.add_argument("--batch-size", type=int, default=_SLICE, help="accessions a slice (default: %(default)s)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the two manifests."""
    if args.batch_size < 1:
        raise argparse.ArgumentTypeError("--batch-size must be at least 1")
    store = Store.s3(settings)
    report = Report(args.task, args.run_id)
    report.details = inventory.calculate(store, args.run_id, args.batch_size)
    report.planned = report.done = sum(report.details.values())
    report.write(store)
    log.info("planned", **report.details)
    return 0
