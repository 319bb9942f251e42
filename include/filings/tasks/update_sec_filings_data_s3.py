"""Say all that can be said of each submission of one batch as one JSON: `data/{accession}.json.zst` in S3.

Header, filers, documents with their places in the tar, and the structured content of its XML documents.
"""

from __future__ import annotations

import argparse

from filings.archive import keys
from filings.archive.compression import compress
from filings.archive.extract import data_json, dumps
from filings.edgar.sgml import Submission
from filings.settings import Settings
from filings.tasks import _mapped

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Extract one batch."""
    return _mapped.derive(args, settings, keys.DATA, _data)


def _data(submission: Submission) -> tuple[bytes | None, str]:
    content = data_json(submission)
    return compress(dumps(content)), "; ".join(str(problem) for problem in content.get("problems", []))
