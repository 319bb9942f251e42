"""Pack the archived submissions of one batch: `tar-archive/{accession}.tar` in R2, metadata first, then documents."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from typing_extensions import Buffer

from filings.archive import keys, pack
from filings.edgar.sgml import Submission
from filings.settings import Settings
from filings.tasks import _mapped

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Pack one batch."""
    return _mapped.derive(args, settings, keys.TAR, _tar, "application/x-tar", times=2)


def _tar(submission: Submission) -> tuple[Iterator[Buffer], str]:
    return pack.stream(submission), ""
