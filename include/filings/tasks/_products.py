"""The container tasks of the products: three for each, made from product.yaml, so that a product needs no module here.

`update_sec_filings_{product}_rows_s3` makes the rows of filings, a batch a container;
`update_sec_filings_{product}_s3` brings them into its tables, CSV and Parquet;
`update_sec_filings_{product}_mysql` brings those into MySQL.

What a task needs is imported when it runs: a container starts sooner so.
"""

from __future__ import annotations

import argparse
import asyncio
import pkgutil
import signal
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from filings import tasks as package
from filings.logs import log
from filings.products import registry
from filings.products.definition import BadProduct, Product
from filings.settings import Settings

_ROWS, _TABLES, _MYSQL = "_rows_s3", "_s3", "_mysql"
_ENDINGS = (_ROWS, _TABLES, _MYSQL)  # the longest of like ones first
_WIDTH = 100  # of help texts
_PREFIX = "update_sec_filings_"


@dataclass(frozen=True, slots=True)
class Task:
    """A task as the command line has it: its help, its arguments, and what it does."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace, Settings], int]


def find(name: str) -> Task | None:
    """The task of that name; None when it is no product's. Raises `BadProduct`."""
    ending = next((e for e in _ENDINGS if name.endswith(e)), None)
    if ending is None or not name.startswith(_PREFIX):
        return None
    product = name[len(_PREFIX) : -len(ending)]
    if product not in registry.names():
        return None
    task = _task(registry.product(product), ending)
    return task if task is None or product in registry.made() else replace(task, run=_not_made)


def _not_made(args: argparse.Namespace, settings: Settings) -> int:
    """A step of a product that this deployment does not make: Airflow starts those of all that ship."""
    log.info("not_made", task=args.task, why="FILINGS_ONLY_PRODUCTS leaves it out")
    return 0


def tasks() -> Iterator[Task]:
    """The tasks of all products. Raises `BadProduct`."""
    for product in products().values():
        yield from filter(None, (_task(product, ending) for ending in _ENDINGS))


def products() -> dict[str, Product]:
    """The products that are made here by name.

    Raises:
        BadProduct: also for one whose tasks would be named as another task is.
    """
    found = registry.products()
    taken = {module.name: "" for module in pkgutil.iter_modules(package.__path__)}
    for name in found:
        for task in (f"{_PREFIX}{name}{ending}" for ending in _ENDINGS):
            if task in taken:
                by = f" of product {taken[task]}" if taken[task] else ""
                raise BadProduct(f"product {name}: there is a task {task}{by} already: rename the product's folder")
            taken[task] = name
    return {name: found[name] for name in registry.made()}


def _task(product: Product, ending: str) -> Task | None:
    name = f"{_PREFIX}{product.name}{ending}"
    about = textwrap.fill(f"{product.title}: {product.description.strip()}", _WIDTH)
    if ending == _ROWS:
        text = f"Make the rows of {product.title} of one batch of archived filings."
        return Task(name, f"{text}\n\n{about}\n{_source(product)}", _rows_arguments, partial(_rows, product.name))
    if ending == _TABLES:
        text = f"Bring new rows of {product.title} into its tables in S3, CSV and Parquet."
        return Task(name, f"{text}\n\n{about}\n{_tables(product)}", _tables_arguments, partial(_fill, product.name))
    if "mysql" not in product.destinations:
        return None
    text = f"Bring the tables of {product.title} in MySQL up to what S3 holds."
    arguments = partial(_mysql_arguments, product.name)
    return Task(name, f"{text}\n\n{about}\n{_tables(product)}", arguments, partial(_load, product.name))


def _source(product: Product) -> str:
    forms = ", ".join(product.forms) or "all"
    since = f", filed since {product.since}" if product.since else ""
    return textwrap.fill(f"Forms: {forms}{since}. Read from the {product.source.archive} archive.", _WIDTH)


def _tables(product: Product) -> str:
    return textwrap.fill(f"Tables: {', '.join(product.tables)}.", _WIDTH)


# -- filings to rows -----------------------------------------------------------------------------------------------


def _rows_arguments(parser: argparse.ArgumentParser) -> None:
    from filings.tasks import _mapped

    _mapped.add_arguments(parser)


def _rows(name: str, args: argparse.Namespace, settings: Settings) -> int:
    from filings.archive import keys
    from filings.archive.parse import Parse
    from filings.archive.sources import Submissions, Tars
    from filings.archive.storage import Store
    from filings.archive.verbs import Bounds
    from filings.tasks import _mapped
    from filings.tasks._filing_rows import rows_of

    product, parse = registry.product(name), registry.parser(name)
    s3, r2 = Store.s3(settings), Store.r2(settings)
    archive = Tars if product.source.archive == "tar" else Submissions
    source = archive(r2, product.source.documents.wants)
    verb = Parse(name, source, s3, partial(rows_of, product, parse), Bounds(settings.memory_mb))
    return asyncio.run(_mapped.drive(args, settings, s3, name, verb, ledger=keys.rows_manifest(name)))


# -- rows to tables ------------------------------------------------------------------------------------------------


def _tables_arguments(parser: argparse.ArgumentParser) -> None:
    from filings.tasks import _tables

    _tables.add_arguments(parser)


def _fill(name: str, args: argparse.Namespace, settings: Settings) -> int:
    from filings.archive.batch import TERMINATED
    from filings.archive.storage import Store
    from filings.tasks import _tables
    from filings.warehouse import dataset, parquet_tables
    from filings.warehouse.bulk import Bulk

    product = registry.product(name)
    tables = dataset.of_product(product)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    code = _tables.run(args, settings, tables)
    for number, handler in handlers.items():  # the update's own let a round end; there is none any more
        signal.signal(number, handler)
    if code != TERMINATED and "parquet" in product.destinations:
        store = Store.s3(settings)
        parquet_tables.update(store, Bulk(store, settings), tables)
    return code


# -- tables to MySQL -----------------------------------------------------------------------------------------------


def _mysql_arguments(name: str, parser: argparse.ArgumentParser) -> None:
    from filings.tasks import _mysql
    from filings.warehouse import dataset

    _mysql.add_arguments(parser, dataset.of_product(registry.product(name)))


def _load(name: str, args: argparse.Namespace, settings: Settings) -> int:
    from filings.tasks import _mysql
    from filings.warehouse import dataset

    return _mysql.run(args, settings, dataset.of_product(registry.product(name)))
