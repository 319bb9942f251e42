"""Bring the lookup tables of MySQL up to what S3 holds, and prove that both have the same number of rows.

Loads the delta when it is all that MySQL lacks, else what was appended since, else everything (an empty database, a
table written anew). MySQL that is down is waited for (MYSQL_WAIT_SECONDS), each try with a word in the log.
"""

from __future__ import annotations

import argparse

import pymysql

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.report import Report
from filings.archive.storage import Store
from filings.logs import log
from filings.settings import Settings
from filings.tables import Table
from filings.warehouse import mysql
from filings.warehouse.bulk import Bulk
from filings.warehouse.lookup_tables import LOOKUP_TABLES
from filings.warehouse.mysql_load import LoadFailed, TableLoad

_LOCK = "filings_lookup_mysql"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which tables."""
    parser.add_argument(
        "--tables",
        type=_tables,
        default=list(LOOKUP_TABLES.values()),
        metavar="A,B",
        help=f"only these tables (default: {', '.join(LOOKUP_TABLES)})",
    )


def run(args: argparse.Namespace, settings: Settings) -> int:
    """Load the tables; returns the exit code."""
    address = mysql.Address.of(settings)
    store = Store.s3(settings)
    bulk = Bulk(store, settings)
    report = Report(args.task, args.run_id, archive=keys.LOOKUP)
    try:
        with mysql.attempts(address, settings.mysql_wait_seconds) as tries:
            for attempt in tries:
                with attempt:
                    _load(store, bulk, address, args.tables, report)
    except (mysql.MysqlUnavailable, mysql.MysqlRefused, LoadFailed, CorruptObject, pymysql.err.Error) as error:
        report.error = str(error)
        log.error("mysql_not_loaded", error=str(error), task=args.task)
    except BaseException as error:
        report.error = f"stopped: {type(error).__name__} {error}".rstrip()
        raise
    finally:
        report.write(store)
    return report.exit_code


def _load(store: Store, bulk: Bulk, address: mysql.Address, tables: list[Table], report: Report) -> None:
    connection = mysql.connect(address)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT GET_LOCK(%s, 60)", (_LOCK,))
            if cursor.fetchone() != (1,):
                raise LoadFailed(
                    f"another loader is at work on MySQL at {address}; let it end, then run this task again"
                )
        for table in tables:
            loaded = TableLoad(store, bulk, connection, table).run()
            report.details[table.name] = {"way": loaded.way, "loaded": loaded.loaded, "rows": loaded.rows}
            log.info("mysql_loaded", table=table.name, way=loaded.way, loaded=loaded.loaded, rows=loaded.rows)
    finally:
        if connection.open:
            connection.close()


def _tables(text: str) -> list[Table]:
    names = [name.strip() for name in text.split(",") if name.strip()]
    if wrong := [name for name in names if name not in LOOKUP_TABLES]:
        raise argparse.ArgumentTypeError(f"no such table: {', '.join(wrong)}; there are {', '.join(LOOKUP_TABLES)}")
    return [LOOKUP_TABLES[name] for name in names]
