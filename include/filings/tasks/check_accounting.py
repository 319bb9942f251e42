"""Prove that a run's figures add up: of each archive and product, accessions = have + missing + unavailable.

Folds what the run's containers have reported, looks whether objects that the ledger has are really there, and holds
the reports against the plan. Writes `runs/{run}/accounting.json`; fails, and says where, when it does not add up.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator

import orjson

from filings.archive import accounting, inventory, keys, master
from filings.archive.accounting import Account
from filings.archive.ledger import Ledger, Part
from filings.archive.master import Filings
from filings.archive.proof import prove
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.archive.universe import Universes
from filings.logs import log
from filings.settings import Settings
from filings.tasks import _planning


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to look at."""
    parser.add_argument(
        "--sample", type=int, default=2000, help="objects to look for in each archive (default: %(default)s)"
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Prove a run."""
    s3, r2 = Store.s3(settings), Store.r2(settings)
    report = Report(args.task, args.run_id)
    listed = master.filings(s3)
    products = Universes.of(s3, listed.numbers, _planning.wanted())
    proof = asyncio.run(prove(s3, r2, args.run_id, _accounts(s3, listed, products), args.sample, _planning.made()))
    if s3.head(keys.manifest(args.run_id, inventory.PLANS["s3"])) is not None:
        for archive in (*keys.ARCHIVES, *products.names):  # inventories of this run's listing get its own work too
            Ledger(s3, archive).complete_inventory()
    for archive, accessions in proof["lost"].items():
        withdrawn = dict.fromkeys(accessions, "the ledger had it, the bucket has not")
        Ledger(s3, archive).record(args.run_id, args.task, Part(withdrawn=withdrawn))
    s3.put(keys.accounting(args.run_id), orjson.dumps(proof, option=orjson.OPT_INDENT_2))
    for archive, counts in proof["archives"].items():
        log.info("account", archive=archive, **{k: counts[k] for k in ("accessions", "have", "missing", "unavailable")})
    if proof["nothing_planned"]:
        log.info("nothing_missing", meaning="no archive lacked anything that this run was about")
    for problem in proof["problems"]:
        log.error(
            "does_not_add_up", problem=problem, what_to_do="run again; end_of_week_pipeline lists the buckets anew"
        )
    report.planned = report.done = len(proof["archives"])
    report.error = "; ".join(proof["problems"]) or None
    report.details = {"adds_up": proof["adds_up"]}
    report.write(s3)
    return report.exit_code


def _accounts(s3: Store, listed: Filings, products: Universes) -> Iterator[Account]:
    """All accounts, one after the other, with the list of what is missing written."""
    for account in accounting.each_account(s3, listed.numbers, products=products, keep_parts=True):
        accounting.write_missing(s3, account, listed)
        yield account
