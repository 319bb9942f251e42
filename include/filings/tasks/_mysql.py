"""What the tasks that load MySQL share: which tables, the wait for MySQL, one loader at a time, the report."""

from __future__ import annotations

import argparse
from functools import partial

import pymysql

from filings.archive.compression import CorruptObject
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings
from filings.tables import Table
from filings.warehouse import mysql
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import Dataset
from filings.warehouse.mysql_load import LoadFailed, TableLoad


def add_arguments(parser: argparse.ArgumentParser, dataset: Dataset) -> None:
    """Which tables of a dataset."""
    parser.add_argument(
        "--tables",
        type=partial(_tables, dataset),
        default=list(dataset.tables.values()),
        metavar="A,B",
        help=f"only these tables (default: {', '.join(dataset.tables)})",
    )


def run(args: argparse.Namespace, settings: Settings, dataset: Dataset) -> int:
    """Load the tables; returns the exit code."""
    address = mysql.Address.of(settings)
    store = Store.s3(settings)
    bulk = Bulk(store, settings)
    report = Report(args.task, args.run_id, archive=dataset.name)
    try:
        with mysql.attempts(address, settings.mysql_wait_seconds, args.task) as tries:
            for attempt in tries:
                with attempt:
                    _load(store, bulk, address, dataset, args.tables, report)
    except (mysql.MysqlUnavailable, mysql.MysqlRefused, LoadFailed, CorruptObject, pymysql.err.Error) as error:
        report.error = str(error)
        log.error("mysql_not_loaded", error=str(error), task=args.task)
    except BaseException as error:
        report.error = f"stopped: {type(error).__name__} {error}".rstrip()
        raise
    finally:
        report.write(store)
    return report.exit_code


def _load(
    store: Store, bulk: Bulk, address: mysql.Address, dataset: Dataset, tables: list[Table], report: Report
) -> None:
    connection = mysql.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, 60)", (dataset.mysql_lock,))
            if cursor.fetchone() != (1,):
                raise LoadFailed(
                    f"another loader is at work on MySQL at {address}; let it end, then run this task again"
                )
        for table in tables:
            loaded = TableLoad(store, bulk, connection, dataset, table).run()
            report.details[table.name] = {"way": loaded.way, "loaded": loaded.loaded, "rows": loaded.rows}
            log.info("mysql_loaded", table=table.name, way=loaded.way, loaded=loaded.loaded, rows=loaded.rows)
    finally:
        if connection.open:
            connection.close()


def _tables(dataset: Dataset, text: str) -> list[Table]:
    """Tables by `Table.name`, or by the short names that their files have."""
    known = {table.file: table for table in dataset.tables.values()} | dict(dataset.tables)
    names = [name.strip() for name in text.split(",") if name.strip()]
    if wrong := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"no such table: {', '.join(wrong)}; there are {', '.join(dataset.tables)}")
    return [known[name] for name in names]
