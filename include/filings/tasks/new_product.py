"""Begin a data product: its folder with product.yaml, parse.py and a sample whose test says what to do next.

From examples of the form's XML (documents or whole submissions) it proposes tables and columns, and a parse.py that
gives their rows; the more examples, the better it can tell what occurs several times.
"""

from __future__ import annotations

import argparse
import zlib
from pathlib import Path

from filings.archive.compression import CorruptObject
from filings.edgar.sgml import NotASubmission
from filings.products import registry
from filings.products.scaffold import CannotScaffold, scaffold
from filings.settings import Settings
from filings.tasks.product import read


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The product and what it is made from."""
    parser.add_argument("name", metavar="NAME", help="in lower case with underscores, such as form_144")
    parser.add_argument("--forms", nargs="*", default=[], metavar="FORM", help="form types (default: the examples')")
    parser.add_argument("--examples", nargs="*", type=Path, default=[], metavar="FILE", help="XML, or submissions")
    parser.add_argument("--into", type=Path, default=registry.HERE, help="the folder of products (default: ours)")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write the folder and say what comes next."""
    try:
        folder = scaffold(args.into, args.name, args.forms, [read(path) for path in args.examples])
    except (CannotScaffold, OSError, EOFError, zlib.error, CorruptObject, NotASubmission) as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    name, here = folder.name, Path.cwd()
    folder = folder.relative_to(here) if folder.is_relative_to(here) else folder
    print(f"{folder} is there. Next:")
    print("  1. product.yaml: what it is, since when, and each column's type and meaning; parse.py: where it stands")
    print(f"  2. python -m filings product {name} FILE…    rows of real filings, and what is wrong with them")
    print(f"  3. samples/{name}.txt: invented names and numbers in place of real ones; once its rows are right:")
    print(f"     python -m filings product {name} {folder}/samples/{name}.txt > {folder}/samples/{name}.jsonl")
    print(f"  4. make docs; make test ARGS='tests/products -k {name}'")
    return 0
