"""Extract the XBRL facts of one batch of archived submissions: `xbrl/{accession}.json.zst` in S3.

A submission without XBRL is recorded as unavailable, with that reason; so is one that has XBRL and yields no fact,
which is put into quarantine besides.
"""

from __future__ import annotations

import argparse

import orjson

from filings.archive import keys
from filings.archive.compression import compress
from filings.archive.verbs import Unusable
from filings.edgar.sgml import Submission
from filings.edgar.xbrl import XbrlEmpty, xbrl_json
from filings.settings import Settings
from filings.tasks import _mapped

NO_XBRL = "the submission holds no XBRL"

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Extract one batch."""
    return _mapped.derive(args, settings, keys.XBRL, _facts)


def _facts(submission: Submission) -> tuple[bytes | None, str]:
    try:
        content = xbrl_json(submission)
    except XbrlEmpty as error:
        raise Unusable(str(error)) from error
    if content is None:
        return None, NO_XBRL
    problems = [f"{d['filename']}: {p}" for d in content["documents"] for p in d.get("problems", [])]
    return compress(orjson.dumps(content)), "; ".join(problems)
