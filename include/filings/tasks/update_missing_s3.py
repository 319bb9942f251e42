"""Work out what each archive and each product lacks: `missing/missing_{archive}.json.zst`.

Folds what containers have reported into the daily lists first. A product is about the filings of its forms. Says so
when nothing is missing.
"""

from __future__ import annotations

import argparse

from filings.archive import accounting, keys, master
from filings.archive.ledger import Ledger
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.universe import Universes
from filings.logs import log
from filings.settings import Settings
from filings.tasks import _planning


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing besides the run."""


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the missing lists of all archives and products."""
    store = Store.s3(settings)
    report = Report(args.task, args.run_id)
    listed = master.filings(store)
    products = Universes.of(store, listed.numbers, _planning.wanted())
    for account in accounting.each_account(store, listed.numbers, products=products):
        accounting.write_missing(store, account, listed)
        report.details[account.archive] = account.counts()
        log.info("missing", archive=account.archive, **account.counts())
    for name in products.names:
        Ledger(store, keys.rows_manifest(name)).drop_parts()
    report.planned = report.done = len(report.details)
    if not any(counts["missing"] for counts in report.details.values()):
        log.info("nothing_missing", accessions=len(listed))
    report.write(store)
    return 0
