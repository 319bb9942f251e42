"""Plan the batches of a run: a manifest for each archive under `runs/{run}/manifests/`, and two for each product.

Without options everything that is missing is planned. Dates, forms and accessions narrow it down; with --force what
an archive or a product has already is made again. --dry-run says what would be planned and writes nothing.

A product's manifests are `{product}_rows`, its filings in batches, and `{product}`, the same filings in one batch,
since its tables have one writer.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np

from filings.archive import feed_plan, keys, manifest, master
from filings.archive.master import Filings
from filings.archive.report import Report
from filings.archive.selection import FEED, Selection
from filings.archive.storage import NotFound, Store
from filings.archive.universe import Universes
from filings.edgar.accession import is_accession
from filings.logs import log
from filings.products import registry
from filings.settings import Settings
from filings.tasks import _planning

TASKS = {
    keys.SGML: "update_sec_filings_sgml_r2",
    keys.TAR: "update_sec_filings_tar_r2",
    keys.XBRL: "update_sec_filings_xbrl_s3",
    keys.DATA: "update_sec_filings_data_s3",
    keys.LOOKUP: "update_sec_filings_lookup_s3",
}
# Below this many filings a batch is not worth a container's start of several seconds.
_LEAST = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the run is about."""
    parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="DATE", help="first filing date")
    parser.add_argument("--to", dest="until", type=date.fromisoformat, metavar="DATE", help="last filing date")
    parser.add_argument("--forms", type=_words, default=[], metavar="A,B", help="only these form types, such as 8-K,4")
    parser.add_argument(
        "--source", choices=[FEED], help="only what was cut from EDGAR's Feed, without acceptance time; for --force"
    )
    parser.add_argument("--accessions", type=_accessions, default=[], metavar="A,B", help="only these filings")
    parser.add_argument(
        "--archives", type=_archives, metavar="A,B", help="only these archives and products (default: all of both)"
    )
    parser.add_argument("--products", type=_product_names, metavar="A,B", help="only these products")
    parser.add_argument("--batch-size", type=int, help="filings a batch (default: FILINGS_BATCH_SIZE, fewer when few)")
    parser.add_argument(
        "--feed-from",
        type=int,
        metavar="N",
        help="a day with so many missing comes by EDGAR's Feed (default: FILINGS_FEED_FROM); 0: none does",
    )
    parser.add_argument("--force", action="store_true", help="also what the archives have already; needs a limit")
    parser.add_argument("--dry-run", action="store_true", help="say what would be planned, write nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the manifests."""
    store = Store.s3(settings)
    selection = Selection(
        args.since, args.until, frozenset(args.forms), frozenset(args.accessions), args.source or "", args.force
    )
    if args.force and not selection.limited:
        raise argparse.ArgumentTypeError(
            "--force needs --from, --to, --forms, --accessions or --source: it makes things anew"
        )
    if args.batch_size is not None and args.batch_size < 1:
        raise argparse.ArgumentTypeError("--batch-size must be at least 1")
    listed = master.filings(store, others=True)
    if unknown := selection.unknown(listed):
        raise argparse.ArgumentTypeError(f"no index lists {', '.join(unknown)}")
    report = Report(args.task, args.run_id)
    wanted = _planning.wanted()
    asked = {*(args.archives or ()), *(args.products or ())} or {*keys.ARCHIVES, *wanted}
    plan = _Plan(args, settings, store, report, selection, listed, selection.numbers(store), asked)
    for archive in TASKS:
        plan.archive(archive)
    # What a product lacks was told before; what it is about has to be only for what is made again.
    products = Universes.of(store, listed.numbers, wanted if args.force else {})
    for name in wanted:
        plan.product(name, products.numbers if args.force else None)
    log.info("would_plan" if args.dry_run else "planned", **report.details)
    if not report.planned:
        log.info("nothing_missing" if not selection.limited else "nothing_selected_is_missing")
    if not args.dry_run:
        report.write(store)
    return 0


@dataclass(frozen=True)
class _Plan:
    """The plan of a run in the making; counted in the report, and written unless it is a dry run."""

    args: argparse.Namespace
    settings: Settings
    store: Store
    report: Report
    selection: Selection
    listed: Filings
    limits: np.ndarray | None
    asked: set[str]

    def archive(self, name: str) -> None:
        """Plan the batches of an archive."""
        chosen = self.listed[:0]
        if name in self.asked:
            chosen = self.selection.of(self.store, name, self.listed, self.limits)
        size = self._counted(name, chosen)
        if self.args.dry_run:
            return
        if name == keys.SGML:
            self._sgml(chosen, size)
            return
        size = max(size, len(chosen)) if name == keys.LOOKUP else size  # its tables have one writer
        self._write(name, TASKS[name], chosen, size)

    def product(self, name: str, universe: Callable[[str], np.ndarray] | None) -> None:
        """Plan the batches of a product's filings, and the one of its tables."""
        chosen = self.listed[:0]
        try:
            if name in self.asked:
                chosen = self.selection.of(self.store, name, self.listed, self.limits, universe)
        except NotFound as error:
            if self.args.archives or self.args.products:
                raise
            # A product that came since; what was there before it does not wait for it.
            log.warning("not_planned", product=name, reason=str(error), what_to_do="run update_missing_s3 first")
        size = self._counted(name, chosen)
        if not self.args.dry_run:
            self._write(keys.rows_manifest(name), f"update_sec_filings_{name}_rows_s3", chosen, size)
            self._write(name, f"update_sec_filings_{name}_s3", chosen, max(1, len(chosen)))

    def _counted(self, name: str, chosen: Filings) -> int:
        """Count what is planned; returns the size of a batch."""
        size: int = self.args.batch_size or _batch_size(name, len(chosen), self.settings)
        self.report.details[name] = {"filings": len(chosen), "batches": -(-len(chosen) // size)}
        self.report.planned += len(chosen)
        return size

    def _write(self, name: str, task: str, chosen: Filings, size: int) -> None:
        manifest.write_filings(self.store, self.args.run_id, name, task, chosen, size, self.args.force)

    def _sgml(self, chosen: Filings, size: int) -> None:
        feed = feed_plan.write(
            self.store,
            self.args.run_id,
            chosen,
            newest=int(self.listed.days.max(initial=0)),
            task=TASKS[keys.SGML],
            feed_from=_feed_from(self.args, self.settings),
            batch_size=size,
            containers=self.settings.sec_containers,
            force=self.args.force,
        )
        self.report.details[keys.SGML_FEED] = {"filings": feed["total"], "batches": len(feed["batches"])}


def _batch_size(archive: str, filings: int, settings: Settings) -> int:
    """Enough batches for all containers to have one, none larger than the setting."""
    spread = -(-filings // settings.sec_containers)
    least = 1 if archive == keys.SGML else _LEAST
    return max(1, min(settings.batch_size, max(spread, least)))


def _feed_from(args: argparse.Namespace, settings: Settings) -> int:
    """How many missing filings of a day make its Feed file worth it; who asks for certain filings wants them whole."""
    if args.force or args.accessions:
        return 0
    return settings.feed_from if args.feed_from is None else int(args.feed_from)


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",") if word.strip()]


def _accessions(text: str) -> list[str]:
    words = _words(text)
    if wrong := [word for word in words if not is_accession(word)]:
        raise argparse.ArgumentTypeError(f"no accession numbers such as 0000320193-25-000073: {', '.join(wrong)}")
    return words


def _archives(text: str) -> list[str]:
    return _known(text, "archive or product", [*keys.ARCHIVES, *registry.made()])


def _product_names(text: str) -> list[str]:
    return _known(text, "product", registry.made())


def _known(text: str, what: str, names: list[str]) -> list[str]:
    words = _words(text)
    if wrong := [word for word in words if word not in names]:
        raise argparse.ArgumentTypeError(f"no such {what}: {', '.join(wrong)}; there are {', '.join(names)}")
    return words
