"""Bring new filings into the three lookup tables in S3: delta, then complete, then the ledger.

Without a manifest, everything that missing_sec_filings_lookup lists. A filing whose data JSON is not there yet waits,
with a reason in the report. Running it again after a crash at any point neither loses a row nor doubles one.
"""

from __future__ import annotations

import argparse

from filings.settings import Settings
from filings.tasks import _tables
from filings.tasks._tables import add_arguments
from filings.warehouse.dataset import LOOKUP

__all__ = ["add_arguments", "run"]


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Update the tables; returns the exit code."""
    return _tables.run(args, settings, LOOKUP)
