"""Clear away what has had its time: old runs' reports and plans, 404s worth another try, the tables' small frames.

A filing that EDGAR did not have a week ago may be there now, so such records are forgotten and asked for again. What
daily appends have left in a complete table as many small zstd frames becomes one sequence of large ones, with the same
rows; small Parquet files are joined too. --dry-run says what would be done. Archives and ledgers are never touched.
"""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta

from filings.archive import keys
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import CorruptObject, Store
from filings.logs import log
from filings.settings import Settings
from filings.tasks import _planning
from filings.warehouse import compaction, parquet_tables
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How old things may get."""
    parser.add_argument("--keep-runs-days", type=int, default=60, help="reports and plans (default: %(default)s)")
    parser.add_argument("--retry-after-days", type=int, default=7, help="try a 404 again (default: %(default)s)")
    parser.add_argument("--dry-run", action="store_true", help="say what would go, delete nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Clean up."""
    store = Store.s3(settings)
    report = Report(args.task, args.run_id)
    old_runs = _old_runs(store, datetime.now(UTC) - timedelta(days=args.keep_runs_days), args.run_id)
    retried = _retried(store, (datetime.now(UTC) - timedelta(days=args.retry_after_days)).date().isoformat())
    bulk = Bulk(store, settings)
    datasets = _planning.datasets()
    due = [
        (one, name) for one in datasets for name in one.tables if compaction.due(store.head(one.key("complete", name)))
    ]
    joined = {one.name: parquet_tables.due(store, bulk, one) for one in datasets if one is not LOOKUP}
    report.details = {
        "run_objects": len(old_runs),
        "retried": len(retried),
        "compacted": [name for _, name in due],
        "parquet": {name: tables for name, tables in joined.items() if tables},
    }
    report.planned = report.done = len(old_runs)
    log.info("would_clean" if args.dry_run else "cleaned", **report.details)
    if args.dry_run:
        return 0
    store.delete(old_runs)
    Ledger(store, keys.SGML).forget_unavailable(retried)
    for one, name in due:
        compaction.compact(store, bulk, one, one.tables[name])
    for one in datasets:
        if joined.get(one.name):
            parquet_tables.compact(store, bulk, one)
    report.write(store)
    return 0


def _old_runs(store: Store, before: datetime, this_run: str) -> list[str]:
    """The objects of runs whose reports are all older than a moment (a run without a dated report is kept)."""
    runs: dict[str, list[str]] = {}
    for key, _ in store.list(keys.ROOT + "runs/"):
        runs.setdefault(key.removeprefix(keys.ROOT + "runs/").partition("/")[0], []).append(key)
    runs.pop(keys.run_folder(this_run), None)
    limit = before.strftime("%Y-%m-%dT%H:%M:%SZ")
    return [key for run in runs.values() if (last := _last_report(store, run)) and last < limit for key in run]


def _last_report(store: Store, run: list[str]) -> str:
    ended = [""]
    for key in run:
        if key.endswith(".json") and "/manifests/" not in key and not key.endswith("accounting.json"):
            try:
                ended.append(str((store.get_json_or_none(key) or {}).get("ended") or ""))
            except CorruptObject as error:
                log.warning("report_unreadable", error=str(error))
    return max(ended)


def _retried(store: Store, before: str) -> list[str]:
    return [a for a, (since, _) in Ledger(store, keys.SGML).unavailable().items() if since < before]
