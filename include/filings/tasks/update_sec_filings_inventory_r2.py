"""List one slice of what R2 really holds (sgml-archive and tar-archive) into `inventory-{archive}/{batch}.txt.zst`."""

from __future__ import annotations

import argparse

from filings.archive.storage import Store
from filings.settings import Settings
from filings.tasks import _inventory

add_arguments = _inventory.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """List one slice."""
    return _inventory.run(args, Store.s3(settings), Store.r2(settings))
