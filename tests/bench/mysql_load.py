"""A lookup table into MySQL: ours from its object in S3, staged, every warning read, counted; pandas from memory.

Both fill an empty table with the same columns, key and indexes, on the same server, and hold the same rows in the end.
"""

from __future__ import annotations

import io
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy

from bench.measure import Case, cloud
from filings.archive import keys
from filings.archive.storage import Store
from filings.edgar.accession import dashed
from filings.settings import Settings
from filings.warehouse import csv_frames, mysql
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_tables import DOCUMENTS
from filings.warehouse.mysql_load import TableLoad

_SUBMISSIONS = 15_000
# The best of 50, 100, 250, 1000, 5000 and all at once: with pandas every value is a parameter of one statement.
_CHUNK = 250
_TYPES = ("4", "8-K", "EX-99.1", "EX-101.SCH", "EX-101.LAB", "GRAPHIC", "10-Q", "EX-31.1", "EX-32.1", "XML")
_PEERS_TABLE = "peer_documents"


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """The one case; its server lives as long."""
    with cloud(scratch, mysql=True) as sandbox:
        settings = Settings(mysql_url=sandbox.mysql_url)
        store = Store.s3(settings)
        bulk = Bulk(store, settings)
        rows = _write(store)
        frame = _frame(store)
        connection = mysql.connect(mysql.Address.of(settings))
        engine = sqlalchemy.create_engine(str(settings.mysql_url).replace("mysql://", "mysql+pymysql://"))

        def ours() -> float:
            _drop(connection, DOCUMENTS.name, LOOKUP.mysql_state)
            start = time.perf_counter()
            loaded = TableLoad(store, bulk, connection, LOOKUP, DOCUMENTS).run()
            seconds = time.perf_counter() - start
            assert (loaded.way, loaded.rows) == ("complete", rows), loaded
            return rows / seconds

        def peer() -> float:
            _drop(connection, _PEERS_TABLE)
            with connection.cursor() as cursor:
                cursor.execute(mysql.create_table(DOCUMENTS, _PEERS_TABLE))
            start = time.perf_counter()
            frame.to_sql(_PEERS_TABLE, engine, if_exists="append", index=False, method="multi", chunksize=_CHUNK)
            seconds = time.perf_counter() - start
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT COUNT(*) FROM `{_PEERS_TABLE}`")
                assert cursor.fetchone() == (rows,)
            return rows / seconds

        try:
            yield [Case("mysql_load", "rows/s", "pandas to_sql, multi", ours, peer)]
        finally:
            engine.dispose()
            connection.close()


def _write(store: Store) -> int:
    """A complete table of documents in S3, like a real one: some five rows a submission; returns how many rows."""
    rng = random.Random(7)
    frame = csv_frames.RowFrame()
    for number in range(_SUBMISSIONS):
        accession = dashed(1_000_000_025_000_000 + number * 7)
        frame.add(_document(rng, accession, position) for position in range(1, rng.randint(1, 9) + 1))
    content = csv_frames.header_frame(DOCUMENTS) + frame.close()
    metadata = {"sequence": "1", "generation": "1", "rows": str(frame.rows)}
    store.put(keys.lookup_table("complete", DOCUMENTS.name), content, metadata=metadata)
    return frame.rows


def _document(rng: random.Random, accession: str, position: int) -> list[str]:
    size, start = rng.randrange(1_000, 900_000), rng.randrange(2_048, 9_000_000)
    kind = rng.choice(_TYPES)
    name = f"{rng.choice(('ex', 'form', 'd', 'g'))}{rng.randrange(10**9)}d{kind.lower()}{position}.htm"
    return DOCUMENTS.row(
        {
            "accession": accession,
            "position": position,
            "type": kind,
            "sequence": str(position),
            "filename": name,
            "name": name,
            "description": rng.choice(("", f"PRESS RELEASE DATED {rng.randrange(1, 28)} MAY", 'EXHIBIT "A", AMENDED')),
            "encoding": rng.choice(("text", "text", "uuencode")),
            "bytes": size,
            "sha256": rng.randbytes(32).hex(),
            "start_byte": start,
            "end_byte": start + size,
        }
    )


def _frame(store: Store) -> pd.DataFrame:
    content = store.get_zst(keys.lookup_table("complete", DOCUMENTS.name))
    texts = {column.name: "string" for column in DOCUMENTS.columns if column.type != "integer"}
    frame = pd.read_csv(io.BytesIO(content), dtype=texts, keep_default_na=False, na_values=[""])
    return frame.astype(object).where(frame.notna(), None)


def _drop(connection: Any, *tables: str) -> None:
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"DROP TABLE IF EXISTS `{table}`")
