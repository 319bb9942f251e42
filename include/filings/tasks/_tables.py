"""What the tasks that fill tables in S3 share: their command line, the update, the report."""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence

import numpy as np

from filings.archive import keys, manifest
from filings.archive import missing as missing_list
from filings.archive.batch import TERMINATED
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.table_update import TableUpdate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Manifest and batch; without them, everything that is missing."""
    parser.add_argument("--manifest", metavar="URI", help="s3://… of the step's manifest (default: what is missing)")
    parser.add_argument("--batch", type=int, default=0, help="number of the batch in the manifest (default: 0)")
    parser.add_argument("--force", action="store_true", help="replace the rows of the manifest's filings")
    parser.add_argument("--concurrency", type=int, help="objects in flight (default: FILINGS_CONCURRENCY)")


def run(args: argparse.Namespace, settings: Settings, dataset: Dataset, tables: Sequence[str] | None = None) -> int:
    """Update the tables of a dataset, or some of them; returns the exit code.

    Raises:
        argparse.ArgumentTypeError: for --force without a manifest.
    """
    if args.force and not args.manifest:
        raise argparse.ArgumentTypeError("--force needs --manifest: it replaces the rows of the filings that it names")
    tables = list(dataset.tables) if tables is None else tables
    store = Store.s3(settings)
    part = f"{args.task}-{args.batch}"
    bulk, concurrency = Bulk(store, settings), args.concurrency or settings.concurrency
    update = TableUpdate(store, bulk, dataset, concurrency, args.run_id, part)
    report = Report(args.task, args.run_id, args.batch, archive=dataset.name)

    def stop(number: int, frame: object) -> None:
        log.warning("stopping", task=args.task, note="a round that has begun to write is finished")
        update.stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    try:
        update.mend(tables)
        accessions, force = _accessions(args, store, dataset, update, tables)
        report.planned = len(accessions)
        update.run(accessions, tables, force)
    except Exception as error:
        report.error = f"{type(error).__name__}: {error}"
        raise
    finally:
        _fill(report, update)
        if update.stopping and report.not_reached:
            report.error = report.error or "stopped by SIGTERM; what is not reached stays missing"
        report.write(store)
        names = ("planned", "done", "skipped", "waiting", "failed", "unavailable", "not_reached", "seconds")
        log.info("tables_updated", **{name: getattr(report, name) for name in names}, rows=update.result.rows)
    if update.stopping and report.not_reached:
        return TERMINATED
    return report.exit_code


def _accessions(
    args: argparse.Namespace, store: Store, dataset: Dataset, update: TableUpdate, tables: Sequence[str]
) -> tuple[np.ndarray, bool]:
    """What to do: the manifest's batch, or what is missing; a table alone also gets back what it has lost."""
    if args.manifest:
        plan = manifest.read(store, args.manifest)
        if not plan["batches"]:  # nothing was missing
            return np.empty(0, np.uint64), False
        batch = manifest.entry(plan, args.batch)
        return manifest.planned(store, {"batches": [batch]}), args.force or bool(plan.get("force"))
    listing = store.head(keys.missing(dataset.name))
    missing = missing_list.read(store, dataset.name) if listing else np.empty(0, np.uint64)
    if dataset.details and len(tables) == 1:
        lost = update.lacking(tables[0])
        if len(lost):
            log.info("table_repaired", table=tables[0], accessions=len(lost))
            update.run(lost, tables, lost=True)
    return missing, False


def _fill(report: Report, update: TableUpdate) -> None:
    result = update.result
    report.done, report.skipped = sum(map(len, result.done_numbers)), sum(map(len, result.skipped_numbers))
    report.waiting, report.failed = result.waited, len(result.failed)
    report.unavailable = len(result.unavailable)
    report.quarantined = report.failed + report.unavailable
    report.reasons = result.waiting | result.failed | result.unavailable
    report.bytes_in, report.bytes_out = result.bytes_in, result.bytes_out
    report.details = {"rows": result.rows}
    reached = report.done + report.skipped + report.waiting + report.failed + report.unavailable
    report.planned = max(report.planned, reached)
    report.not_reached = report.planned - reached
