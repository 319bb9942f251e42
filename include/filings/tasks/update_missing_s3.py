"""Work out what each archive lacks, from the master index and the ledgers: `missing/missing_{archive}.json.zst`.

Folds what containers have reported into the daily lists first. Says so when nothing is missing.
"""

from __future__ import annotations

import argparse

from filings.archive import accounting, keys, master
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing besides the run."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the missing lists of all archives."""
    store = Store.s3(settings)
    report = Report(args.task, args.run_id)
    listed = master.filings(store)
    for account in accounting.accounts(store, listed.numbers):
        accounting.write_missing(store, account, listed)
        report.details[account.archive] = account.counts()
        log.info("missing", archive=account.archive, **account.counts())
    report.planned = report.done = len(keys.ARCHIVES)
    if not any(counts["missing"] for counts in report.details.values()):
        log.info("nothing_missing", accessions=len(listed))
    report.write(store)
    return 0
