"""Make the inventory lists from the listed slices: `inventory/inventory_{archive}.txt.zst`.

What the daily lists have and the bucket has not is struck off and put into quarantine: the next plan makes it anew.
The lookup archive has rows, not objects: its list is made from what the lookup tables hold, and a filing whose number
of rows is wrong is made anew from data/.
"""

from __future__ import annotations

import argparse

from filings.archive import inventory, keys
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings
from filings.warehouse import table_ledger
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.table_update import TableUpdate


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which store's slices."""
    parser.add_argument("--store", required=True, choices=("s3", "r2"), help="whose slices to combine")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Combine the slices of one store."""
    s3 = Store.s3(settings)
    where = s3 if args.store == "s3" else Store.r2(settings)
    report = Report(args.task, args.run_id, args.store)
    report.details = inventory.combine(s3, where, args.run_id)
    try:
        if args.store == "s3":
            report.details[keys.LOOKUP] = _lookup(s3, args, settings)
    except Exception as error:
        report.error = f"{type(error).__name__}: {error}"
        raise
    finally:
        report.planned = report.done = len(report.details)
        report.write(s3)
    for archive, counts in report.details.items():
        log.info("inventory", archive=archive, **counts)
    return 0


def _lookup(s3: Store, args: argparse.Namespace, settings: Settings) -> dict[str, int]:
    """Make the lookup tables' ledger what they hold; cure filings whose number of rows is wrong."""
    bulk = Bulk(s3, settings)
    update = TableUpdate(s3, bulk, LOOKUP, settings.concurrency, args.run_id, f"{args.task}-{args.store}")
    table_ledger.stamp_unknown(s3, bulk, LOOKUP)
    update.finish_open_plan()
    rebuilt = table_ledger.rebuild(s3, bulk, LOOKUP)
    if rebuilt.wrong:
        log.warning("rows_made_anew", accessions=rebuilt.wrong[:20], count=len(rebuilt.wrong))
        update.run(rebuilt.wrong, list(LOOKUP.tables), force=True)
    return {"filings": rebuilt.filings, "made_anew": len(rebuilt.wrong)}
