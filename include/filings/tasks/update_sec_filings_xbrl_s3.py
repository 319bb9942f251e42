"""Extract the XBRL facts of one batch of archived submissions: `xbrl/{accession}.json.zst` in S3.

A submission without XBRL is recorded as unavailable, with that reason; so is one that has XBRL and yields no fact,
which is put into quarantine besides. So is what is odd about a document whose facts are kept, such as that another
document of the same submission gave none.
"""

from __future__ import annotations

import argparse

import zstandard

from filings.archive import keys
from filings.archive.verbs import Unusable
from filings.edgar import xbrl
from filings.edgar.sgml import Submission
from filings.settings import Settings
from filings.tasks import _mapped

NO_XBRL = "the submission holds no XBRL"
_LEVEL = 10

add_arguments = _mapped.add_arguments


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Extract one batch."""
    return _mapped.derive(args, settings, keys.XBRL, _facts, times=6)


def _facts(submission: Submission) -> tuple[bytes | None, str]:
    try:
        content = xbrl.xbrl_json(submission)
    except xbrl.XbrlEmpty as error:
        raise Unusable(str(error)) from error
    if content is None:
        return None, NO_XBRL
    problems = [f"{d['filename']}: {p}" for d in content["documents"] for p in d["problems"]]
    # A frame says how large its content is, so the JSON is made twice: never whole in memory, and in a tenth of the
    # time that it takes to be compressed.
    size = sum(map(len, xbrl.dumps(content)))
    packer = zstandard.ZstdCompressor(level=_LEVEL, write_checksum=True).compressobj(size=size)
    packed = [packer.compress(piece) for piece in xbrl.dumps(content)]
    return b"".join([*packed, packer.flush()]), "; ".join(problems)
