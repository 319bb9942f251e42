"""Bring new filings into sec_submission_details_table alone: a row for each.

With a manifest, its filings. Without one, what is missing, and what the table should have and has lost: so it repairs
a table, or builds it anew when its complete object was deleted. update_sec_filings_lookup_s3 does all three tables.
"""

from __future__ import annotations

import argparse

from filings.settings import Settings
from filings.tasks import _tables
from filings.tasks._tables import add_arguments
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_tables import SUBMISSION_DETAILS

__all__ = ["add_arguments", "run"]


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Update the table; returns the exit code."""
    return _tables.run(args, settings, LOOKUP, [SUBMISSION_DETAILS.name])
