"""Show what is in submissions: a line of JSON for each file (.txt, .nc, either as .zst, and archived .sgml).

The line has accession, form, header, truncated and documents; a document's bytes and sha256 are of its decoded
content. A file that is no submission gives a line with `error` and exit code 1; the others are still shown.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

import orjson

from filings.archive.compression import CorruptObject, decompress
from filings.edgar import sgml
from filings.edgar.accession import is_accession
from filings.settings import Settings

_ZSTD = bytes.fromhex("28b52ffd")  # also of the archive's own .sgml objects


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print one line a file."""
    failed = 0
    for path in args.files:
        try:
            line: dict[str, Any] = describe(path)
        except (OSError, CorruptObject, sgml.NotASubmission) as error:
            line = {"file": str(path), "error": str(error)}
            failed += 1
        sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
    sys.stdout.buffer.flush()
    return 1 if failed else 0


def describe(path: Path) -> dict[str, Any]:
    """What `inspect` prints for one file. Raises what reading and parsing raise."""
    data = path.read_bytes()
    if data.startswith(_ZSTD):
        data = decompress(data, str(path))
    name = path.name.split(".")[0]
    submission = sgml.parse(data, accession=name if is_accession(name) else None)
    return {
        "accession": submission.accession,
        "form": submission.form,
        "header": submission.header,
        "truncated": submission.truncated,
        "documents": [
            {
                "type": document.type,
                "sequence": document.sequence,
                "filename": document.filename,
                "description": document.description,
                "encoding": document.encoding,
                "bytes": document.size,
                "sha256": document.sha256,
            }
            for document in submission.documents
        ],
    }
