"""What the two listing tasks share: one slice of the plan, listed and written."""

from __future__ import annotations

import argparse

from filings.archive import inventory, manifest
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The manifest and the batch."""
    parser.add_argument("--manifest", required=True, metavar="URI", help="s3://… of the inventory's manifest")
    parser.add_argument("--batch", required=True, type=int, help="number of the slice in the manifest")


def run(args: argparse.Namespace, s3: Store, where: Store) -> int:
    """List one slice."""
    entry = manifest.entry(manifest.read(s3, args.manifest), args.batch)
    part = inventory.Slice(entry["archive"], entry["after"], entry["until"], tuple(entry.get("cuts", ())))
    report = Report(args.task, args.run_id, args.batch, part.archive)
    report.done = report.planned = inventory.write_slice(s3, where, part, args.batch)
    report.write(s3)
    log.info("listed", archive=part.archive, batch=args.batch, objects=report.done)
    return 0
