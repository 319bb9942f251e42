"""Bring the lookup tables of MySQL up to what S3 holds, and prove that both have the same number of rows.

Loads the delta when it is all that MySQL lacks, else what was appended since, else everything (an empty database, a
table written anew). MySQL that is down is waited for (MYSQL_WAIT_SECONDS), each try with a word in the log.
"""

from __future__ import annotations

import argparse

from filings.settings import Settings
from filings.tasks import _mysql
from filings.warehouse.dataset import LOOKUP


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tables."""
    _mysql.add_arguments(parser, LOOKUP)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Load the tables; returns the exit code."""
    return _mysql.run(args, settings, LOOKUP)
