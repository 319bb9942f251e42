"""Plan the batches of a run: a manifest for each archive under `runs/{run}/manifests/`, and two for each product.

Without options everything that is missing is planned. Dates, forms and accessions narrow it down; with --force what
an archive or a product has already is made again. --dry-run says what would be planned and writes nothing.

A product's manifests are `{product}_rows`, its filings in batches, and `{product}`, the same filings in one batch,
since its tables have one writer.
"""

from __future__ import annotations

import argparse
from datetime import date

from filings.archive import feed_plan, keys, manifest, master
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
    limits = selection.numbers(store)
    wanted = _planning.wanted()
    asked = {*(args.archives or ()), *(args.products or ())} or {*keys.ARCHIVES, *wanted}
    for archive, task in TASKS.items():
        chosen = selection.of(store, archive, listed, limits) if archive in asked else listed[:0]
        size = args.batch_size or _batch_size(archive, len(chosen), settings)
        report.details[archive] = {"filings": len(chosen), "batches": -(-len(chosen) // size)}
        report.planned += len(chosen)
        if not args.dry_run:
            size = max(size, len(chosen)) if archive == keys.LOOKUP else size  # its tables have one writer
            if archive == keys.SGML:
                feed = feed_plan.write(
                    store,
                    args.run_id,
                    chosen,
                    newest=int(listed.days.max(initial=0)),
                    task=task,
                    feed_from=_feed_from(args, settings),
                    batch_size=size,
                    containers=settings.sec_containers,
                    force=args.force,
                )
                report.details[keys.SGML_FEED] = {"filings": feed["total"], "batches": len(feed["batches"])}
            else:
                manifest.write_filings(store, args.run_id, archive, task, chosen, max(size, 1), args.force)
    # What is missing was told apart already; only what is made again has to be.
    about = {name: one for name, one in wanted.items() if name in asked} if args.force else {}
    products = Universes.of(store, listed.numbers, about)
    for name in wanted:
        universe = products.numbers if args.force else None
        try:
            chosen = selection.of(store, name, listed, limits, universe) if name in asked else listed[:0]
        except NotFound as error:
            if args.archives or args.products:
                raise
            # A product that came since; what was there before it does not wait for it.
            log.warning("not_planned", product=name, reason=str(error), what_to_do="run update_missing_s3 first")
            chosen = listed[:0]
        size = args.batch_size or _batch_size(name, len(chosen), settings)
        report.details[name] = {"filings": len(chosen), "batches": -(-len(chosen) // size)}
        report.planned += len(chosen)
        if not args.dry_run:
            rows, task = keys.rows_manifest(name), f"update_sec_filings_{name}"
            manifest.write_filings(store, args.run_id, rows, f"{task}_rows_s3", chosen, size, args.force)
            whole = max(1, len(chosen))
            manifest.write_filings(store, args.run_id, name, f"{task}_s3", chosen, whole, args.force)
    log.info("would_plan" if args.dry_run else "planned", **report.details)
    if not report.planned:
        log.info("nothing_missing" if not selection.limited else "nothing_selected_is_missing")
    if not args.dry_run:
        report.write(store)
    return 0


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
    return _known(text, "archive or product", [*keys.ARCHIVES, *registry.names()])


def _product_names(text: str) -> list[str]:
    return _known(text, "product", registry.names())


def _known(text: str, what: str, names: list[str]) -> list[str]:
    words = _words(text)
    if wrong := [word for word in words if word not in names]:
        raise argparse.ArgumentTypeError(f"no such {what}: {', '.join(wrong)}; there are {', '.join(names)}")
    return words
