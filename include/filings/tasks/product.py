"""Print the rows that a product makes of local submissions, as JSON lines: `{"table": …, "row": {…}}`.

FILE is a submission (.txt, .nc, archived .sgml) or a document that lies alone (XML, HTML), plain, .gz or .zst. Of a
submission the parser gets the documents that product.yaml names, as in a container. What is wrong with a filing goes
to standard error, a line each.

Exit code 0: each file gave rows; 1: one could not be read, gave no row, or its parser failed; 2: wrong usage.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import traceback
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from filings.archive.compression import CorruptObject, decompress
from filings.archive.sources import with_wanted
from filings.edgar import sgml
from filings.edgar.accession import is_accession
from filings.edgar.loose import UNKNOWN, accession_in, submission_of
from filings.products import Rows, registry
from filings.products.definition import BadProduct, Product
from filings.products.parsing import Parsed, parsed
from filings.settings import Settings
from filings.tables import Column, Table

_ZSTD, _GZIP = bytes.fromhex("28b52ffd"), bytes.fromhex("1f8b")
_UNREADABLE = (OSError, CorruptObject, sgml.NotASubmission, EOFError, zlib.error)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The product and the files."""
    parser.add_argument("name", metavar="NAME", help="the product")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--list", action=_List, nargs=0, help="print which products there are")
    parser.add_argument("--form", default="", help="form type of a document that lies alone (default: as it says)")
    parser.add_argument("--accession", default="", help="its accession number (default: from the file's name)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Print rows; returns 1 when a file gave none, 2 when it was asked for what there is not."""
    try:
        return _print_all(args)
    except (registry.NoSuchProduct, BadProduct, argparse.ArgumentTypeError) as error:
        print(error, file=sys.stderr)  # standard output is for rows
        return 2


class _List(argparse.Action):
    """Prints which products there are, whatever else is asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *args: object, **kwargs: object) -> None:
        broken = 0
        for name in registry.names():
            try:
                print(f"{name:<24} {registry.product(name).title}")
            except BadProduct as error:
                print(error, file=sys.stderr)
                broken += 1
        parser.exit(1 if broken else 0)


def _print_all(args: argparse.Namespace) -> int:
    if args.accession and not is_accession(args.accession):
        raise argparse.ArgumentTypeError(f"{args.accession} is no accession number such as 0000320193-25-000073")
    product, parse = registry.product(args.name), registry.parser(args.name)
    failed = [not _print(product, parse, path, args.form, args.accession) for path in args.files]
    sys.stdout.buffer.flush()
    return 1 if any(failed) else 0


def _print(product: Product, parse: Callable[[sgml.Submission], Rows], path: Path, form: str, accession: str) -> bool:
    """Print the rows of one file; whether there are any. Raises `BadProduct`."""
    try:
        submission = read(path, product, form=form, accession=accession)
    except _UNREADABLE as error:
        print(f"{path}: {error}", file=sys.stderr)
        return False
    try:
        result = parsed(product, parse, submission)
    except BadProduct:
        raise
    except Exception:  # noqa: BLE001 - the parser's bug is shown in full, and the other files have their turn
        print(f"{path}: {submission.accession}: the parser failed", traceback.format_exc(), sep="\n", file=sys.stderr)
        return False
    for line in lines(product.tables, result):
        sys.stdout.buffer.write(line)
    for problem in result.problems[0 if result.rows else 1 :]:  # the first is why there is no row
        print(f"{path}: {result.accession}: {problem}", file=sys.stderr)
    if result.found > len(result.problems):
        print(f"{path}: {result.accession}: {result.found:,} problems in all", file=sys.stderr)
    if not result.rows:
        print(f"{path}: {result.accession}: no row: {result.reason}", file=sys.stderr)
    return bool(result.rows)


def read(path: Path, product: Product | None = None, *, form: str = "", accession: str = "") -> sgml.Submission:
    """The submission of a file; a document that lies alone becomes a submission of one document.

    Args:
        path: the file.
        product: whose documents of a submission are wanted; None means all of them.
        form, accession: of a document that lies alone; the accession also of a submission that has lost its header.

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
    if not data.strip():
        raise sgml.NotASubmission("it is empty")
    try:
        submission = sgml.parse(data, accession=accession or accession_in(name) or UNKNOWN)
    except sgml.NotASubmission:
        return submission_of(data, name, form=form, accession=accession)
    return with_wanted(submission, product.source.documents.wants) if product else submission


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
