"""What the mapped tasks share: their command line, and a batch read from the manifest and driven to its end."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable

from filings.archive import keys, manifest
from filings.archive.batch import Verb, run_batch
from filings.archive.ledger import Part
from filings.archive.report import Report
from filings.archive.storage import ZSTD, Store
from filings.archive.verbs import Bounds, Derive, Derived
from filings.settings import Settings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The manifest and the batch, and how many filings to hold at once."""
    parser.add_argument("--manifest", required=True, metavar="URI", help="s3://… of the step's manifest")
    parser.add_argument("--batch", required=True, type=int, help="number of the batch in the manifest")
    parser.add_argument("--concurrency", type=int, help="filings in hand at once (default: FILINGS_CONCURRENCY)")


async def drive(
    args: argparse.Namespace,
    settings: Settings,
    store: Store,
    archive: str,
    verb: Verb,
    ledger: str = "",
    earlier: Part | None = None,
    at_end: Callable[[Report], None] = lambda report: None,
) -> int:
    """Run the verb over the batch; returns the exit code. See `run_batch`."""
    batch = await asyncio.to_thread(manifest.read_batch, store, args.manifest, args.batch)
    return await run_batch(
        batch.accessions,
        verb,
        store=store,
        archive=archive,
        ledger=ledger,
        report=Report(args.task, args.run_id, args.batch),
        concurrency=args.concurrency or settings.concurrency,
        grace_seconds=settings.grace_seconds,
        earlier=earlier,
        at_end=at_end,
    )


def derive(
    args: argparse.Namespace,
    settings: Settings,
    archive: str,
    make: Derive,
    content_type: str = ZSTD,
    times: int = 16,
) -> int:
    """Run a task that makes an archive from the SGML archive; for `times`, see `Derived`."""
    s3, r2 = Store.s3(settings), Store.r2(settings)
    target = r2 if keys.OBJECTS[archive][0] == "r2" else s3
    verb = Derived(archive, r2, target, make, content_type, Bounds(settings.memory_mb), times)
    return asyncio.run(drive(args, settings, s3, archive, verb))
