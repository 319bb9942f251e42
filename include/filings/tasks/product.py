"""Print the rows that a product makes of local submissions, as JSON lines: `{"table": …, "row": {…}}`.

FILE is a submission (.txt, .nc, archived .sgml) or a document that lies alone (XML, HTML), plain, .gz or .zst. What was
wrong with a filing goes to standard error, a line each. Exit code 1: a file could not be read or gave no row.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from filings.archive.compression import CorruptObject, decompress
from filings.edgar import sgml
from filings.edgar.accession import is_accession
from filings.edgar.loose import submission_of
from filings.products import registry
from filings.products.definition import BadProduct
from filings.products.parsing import Parsed, parsed
from filings.settings import Settings
from filings.tables import Column, Table

_ZSTD, _GZIP = bytes.fromhex("28b52ffd"), bytes.fromhex("1f8b")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The product and the files."""
    parser.add_argument("name", metavar="NAME", help="the product; any other word lists them")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--form", default="", help="form type of a document that lies alone (default: as it says)")
    parser.add_argument("--accession", default="", help="its accession number (default: from the file's name)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print rows; returns 1 when a file gave none."""
    try:
        product, parse = registry.product(args.name), registry.parser(args.name)
    except (registry.NoSuchProduct, BadProduct) as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    if args.accession and not is_accession(args.accession):
        raise argparse.ArgumentTypeError(f"{args.accession} is no accession number such as 0000320193-25-000073")
    failed = 0
    out = sys.stdout.buffer
    for path in args.files:
        try:
            submission = read(path, form=args.form, accession=args.accession)
        except (OSError, CorruptObject, sgml.NotASubmission, EOFError, zlib.error) as error:
            print(f"{path}: {error}", file=sys.stderr)
            failed += 1
            continue
        result = parsed(product, parse, submission)
        for line in lines(product.tables, result):
            out.write(line)
        for problem in result.problems:
            print(f"{path}: {result.accession}: {problem}", file=sys.stderr)
        if not result.rows:
            print(f"{path}: {result.accession}: no row: {result.reason}", file=sys.stderr)
            failed += 1
    out.flush()
    return 1 if failed else 0


def read(path: Path, *, form: str = "", accession: str = "") -> sgml.Submission:
    """The submission of a file; a document that lies alone becomes a submission of one document.

    Raises:
        OSError, EOFError, zlib.error, CorruptObject: when the file cannot be read or unpacked.
        NotASubmission: when it is empty.
    """
    data = path.read_bytes()
    name = path.name
    if data.startswith(_ZSTD):
        data, name = decompress(data, str(path)), name.removesuffix(".zst")
    elif data.startswith(_GZIP):
        data, name = gzip.decompress(data), name.removesuffix(".gz")
    stem = path.name.split(".")[0]
    known = accession or (stem if is_accession(stem) else None)
    try:
        return sgml.parse(data, accession=known)
    except sgml.NotASubmission:
        if not data.strip():
            raise
        return submission_of(data, name, form=form, accession=accession)


def lines(tables: dict[str, Table], result: Parsed) -> Iterator[bytes]:
    """The rows as JSON lines."""
    for name, rows in result.tables.items():
        columns = tables[name].columns
        for row in rows:
            values = {column.name: _json(column, field) for column, field in zip(columns, row, strict=True)}
            yield orjson.dumps({"table": name, "row": values}) + b"\n"


def _json(column: Column, field: str) -> Any:
    """A field as JSON: numbers as numbers to the last digit."""
    if not field:
        return None
    if column.type in ("integer", "decimal"):
        return orjson.Fragment(field)
    if column.type == "boolean":
        return field == "true"
    return field
