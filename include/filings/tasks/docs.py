"""Write the pages of docs/products from the registry: an index, and a page for each product.

With --check nothing is written, and the exit code is 1 when a page is not what it would be.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from filings.logs import log
from filings.settings import Settings
from filings.warehouse import catalogue


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("--folder", type=Path, default=Path("docs/products"), help="default: %(default)s")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Write or compare the pages."""
    pages = catalogue.of_registry()
    wrong = differing(args.folder, pages)
    if args.check:
        for path in wrong:
            log.error("page_differs", path=str(path), what_to_do="run make docs and commit what it writes")
        return 1 if wrong else 0
    args.folder.mkdir(parents=True, exist_ok=True)
    for path in wrong:
        if path.name in pages:
            path.write_text(pages[path.name])
        else:
            path.unlink()
    log.info("pages_written", folder=str(args.folder), pages=len(pages), changed=len(wrong))
    return 0


def differing(folder: Path, pages: dict[str, str]) -> list[Path]:
    """The pages that are missing, that say something else, or that are of no product any more."""
    wrong = [
        folder / name for name, text in pages.items() if not (folder / name).is_file() or _read(folder / name) != text
    ]
    return wrong + [path for path in sorted(folder.glob("*.md")) if path.name not in pages]


def _read(path: Path) -> str:
    return path.read_text()
