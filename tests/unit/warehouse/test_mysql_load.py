"""S3's tables into a real MySQL: whatever it lacks, exactly, with every warning read."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import Any

import orjson
import pymysql
import pytest
from warehouse_samples import accession, complete, put, submission

from filings import __main__ as entry
from filings.archive import keys
from filings.archive.storage import Store
from filings.settings import MissingSetting, Settings, get_settings
from filings.warehouse import csv_frames, mysql, mysql_load
from filings.warehouse.bulk import Bulk
from filings.warehouse.dataset import LOOKUP
from filings.warehouse.lookup_tables import ACCESSION_CIK, DOCUMENTS, LOOKUP_TABLES, SUBMISSION_DETAILS
from filings.warehouse.mysql_load import LoadFailed, TableLoad
from filings.warehouse.table_update import TableUpdate

NewUpdate = Callable[..., TableUpdate]
TABLES = list(LOOKUP_TABLES)


@pytest.fixture
def load(s3: Store, bulk: Bulk, settings: Settings, database: Any) -> Callable[[], dict[str, mysql_load.Loaded]]:
    """Bring all tables up to date; how it was done, by table."""

    def run() -> dict[str, mysql_load.Loaded]:
        connection = mysql.connect(mysql.Address.of(settings))
        try:
            return {name: TableLoad(s3, bulk, connection, LOOKUP, table).run() for name, table in LOOKUP_TABLES.items()}
        finally:
            connection.close()

    return run


def rows_in(database: Any, table: str) -> list[tuple[Any, ...]]:
    spec = LOOKUP_TABLES[table]
    database.execute(f"SELECT * FROM `{table}` ORDER BY {', '.join(spec.key)}")
    return list(database.fetchall())


def rows_of(store: Store, table: str) -> list[tuple[Any, ...]]:
    """The rows in S3 as MySQL should give them."""
    spec = LOOKUP_TABLES[table]
    found = []
    for text in complete(store, table)[1:]:
        row: list[Any] = []
        for column, field in zip(spec.columns, csv_frames.parse_line(text), strict=True):
            if not field:
                row.append(None)
            elif column.type == "integer":
                row.append(int(field))
            elif column.type == "boolean":
                row.append(int(field == "true"))
            else:
                row.append(field)
        found.append(tuple(row))
    return sorted(found)


def assert_same(store: Store, database: Any) -> None:
    for table in TABLES:
        read = [tuple(str(v) if hasattr(v, "isoformat") else v for v in row) for row in rows_in(database, table)]
        assert sorted(read) == rows_of(store, table)


def ways(loaded: dict[str, mysql_load.Loaded]) -> set[str]:
    return {one.way for one in loaded.values()}


def test_an_empty_database_gets_all_rows(s3: Store, database: Any, load: Any, new_update: NewUpdate) -> None:
    odd = submission(2, filers=[{"cik": None, "role": "filer", "name": "NULL"}], period="2024-02-29", truncated=True)
    odd["documents"][0]["description"] = 'Ünïcode 文 🙂, "quoted"; back\\slash \\N'
    new_update().run(put(s3, submission(1), odd), TABLES)
    assert ways(load()) == {"complete"}
    assert_same(s3, database)
    database.execute(f"SELECT name FROM {ACCESSION_CIK.name} WHERE cik = 0")
    assert database.fetchone() == ("NULL",)


def test_the_delta_is_loaded_when_it_is_all_that_is_lacking(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    new_update().run(put(s3, submission(2)), TABLES)
    loaded = load()
    assert ways(loaded) == {"delta"}
    assert loaded[DOCUMENTS.name].loaded == 2
    assert_same(s3, database)
    assert ways(load()) == {"up to date"}


def test_what_was_appended_since_is_loaded_when_the_delta_is_not_enough(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    for number in (2, 3):
        new_update().run(put(s3, submission(number)), TABLES)
    loaded = load()
    assert ways(loaded) == {"tail"}
    assert loaded[DOCUMENTS.name].loaded == 4
    assert_same(s3, database)


def test_a_filing_made_again_replaces_its_rows_also_when_it_has_fewer(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1, documents=3), submission(2)), TABLES)
    load()
    new_update().run(put(s3, submission(1, documents=1, filers=[])), TABLES, force=True)
    assert ways(load()) == {"delta"}
    assert_same(s3, database)
    assert len(rows_in(database, ACCESSION_CIK.name)) == 1


def test_a_table_written_anew_more_than_once_since_is_loaded_from_end_to_end(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1), submission(2)), TABLES)
    load()
    for documents in (4, 1):
        new_update().run(put(s3, submission(1, documents=documents)), TABLES, force=True)
    assert ways(load()) == {"complete"}
    assert_same(s3, database)


def test_rows_that_somebody_deleted_in_mysql_are_noticed_and_brought_back(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1), submission(2)), TABLES)
    load()
    database.execute(f"DELETE FROM {DOCUMENTS.name} LIMIT 1")
    assert load()[DOCUMENTS.name].way == "complete"
    assert_same(s3, database)


def test_nothing_in_s3_yet_is_no_failure(database: Any, load: Any) -> None:
    assert ways(load()) == {"nothing there yet"}


@pytest.mark.parametrize("first", [True, False], ids=["complete", "delta"])
def test_a_warning_fails_the_load_names_the_row_and_leaves_the_table_alone(
    s3: Store, database: Any, load: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch, first: bool
) -> None:
    if not first:
        new_update().run(put(s3, submission(1)), TABLES)
        load()
        before = rows_in(database, DOCUMENTS.name)
    new_update().run(put(s3, *(submission(n) for n in range(2, 9))), TABLES)
    real = mysql.load_statement
    too_long = "= IF(@sha256 LIKE '%%1f6', REPEAT('x', 65), @sha256)"  # as if the column were too narrow for one row
    monkeypatch.setattr(mysql_load, "load_statement", lambda t, n: real(t, n).replace("= @sha256", too_long))
    with pytest.raises(LoadFailed, match=rf"sec_documents_table at accession {accession(5)}, position 2: .*sha256"):
        load()
    monkeypatch.undo()
    assert rows_in(database, DOCUMENTS.name) == ([] if first else before)
    load()
    assert_same(s3, database)


def test_rows_with_one_key_twice_are_a_warning_and_so_a_failure(
    s3: Store, database: Any, load: Any, new_update: NewUpdate
) -> None:
    twice = submission(1)
    twice["documents"][1]["position"] = 1
    new_update().run(put(s3, twice), TABLES)
    with pytest.raises(LoadFailed, match=f"MySQL says .*Duplicate entry .*{accession(1)}-1"):
        load()


def test_a_count_that_differs_in_the_end_fails_and_says_both(
    s3: Store, bulk: Bulk, load: Any, new_update: NewUpdate
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    key = keys.lookup_table("complete", SUBMISSION_DETAILS.name)
    head = s3.head(key)
    assert head is not None
    s3.put(key, s3.get(key), metadata={**head.metadata, "rows": "7"})
    with pytest.raises(Exception, match="holds 1 rows and says 7"):
        load()


@pytest.mark.parametrize("at", [1, 4, 6, 7, 8, 9, 15, 16, 24])
@pytest.mark.parametrize("again", [False, True], ids=["delta", "made again"])
def test_a_connection_lost_at_any_statement_is_made_good_by_the_next_run(
    s3: Store, database: Any, load: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch, at: int, again: bool
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    new_update().run(put(s3, submission(2)), TABLES)
    if again:
        new_update().run(put(s3, submission(1, documents=5)), TABLES, force=True)
    real, left = TableLoad._execute, [at]

    def dying(self: TableLoad, *arguments: Any) -> int:
        left[0] -= 1
        if left[0] == 0:
            self._connection.close()
        return real(self, *arguments)

    monkeypatch.setattr(TableLoad, "_execute", dying)
    with pytest.raises(pymysql.err.Error):
        load()
    monkeypatch.undo()
    load()
    assert_same(s3, database)


def test_large_tables_are_loaded_in_pieces(
    s3: Store, database: Any, load: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_update().run(put(s3, *(submission(n, documents=50) for n in range(1, 60))), TABLES)
    monkeypatch.setattr(mysql_load, "_PIECE", 1 << 12)
    load()
    assert_same(s3, database)


def task(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    get_settings.cache_clear()
    try:
        return entry.main([*arguments])
    finally:
        get_settings.cache_clear()


def test_the_task_reports_what_it_did(
    s3: Store, database: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    assert task(monkeypatch, "update_sec_filings_lookup_mysql", "--run-id", "r") == 0
    report = orjson.loads(s3.get(keys.report("r", "update_sec_filings_lookup_mysql")))
    assert report["details"][DOCUMENTS.name] == {"way": "complete", "loaded": 2, "rows": 2}
    assert_same(s3, database)


def test_a_mysql_that_is_down_is_waited_for_then_named_with_what_to_do(
    s3: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("MYSQL_URL", f"mysql://u:secret@127.0.0.1:{port}/filings")
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "2")
    assert task(monkeypatch, "update_sec_filings_lookup_mysql", "--run-id", "r") == 1
    printed = capsys.readouterr().out
    assert printed.count("mysql_not_there") >= 2
    assert f"MySQL at 127.0.0.1:{port} was not there for 2 s" in printed
    assert "secret" not in printed
    assert "was not there" in orjson.loads(s3.get(keys.report("r", "update_sec_filings_lookup_mysql")))["error"]


def test_a_mysql_that_comes_up_while_it_is_waited_for_is_loaded(
    s3: Store, settings: Settings, database: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The port answers late: a relay to the real server, opened after a second."""
    new_update().run(put(s3, submission(1)), TABLES)
    real = mysql.Address.of(settings)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setenv("MYSQL_URL", f"mysql://{real.user}:{real.password}@127.0.0.1:{port}/{real.database}")
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "30")
    threading.Thread(target=_relay_later, args=(port, real), daemon=True).start()
    assert task(monkeypatch, "update_sec_filings_lookup_mysql", "--run-id", "r") == 0
    assert_same(s3, database)


def _relay_later(port: int, real: mysql.Address) -> None:
    time.sleep(1)
    with socket.create_server(("127.0.0.1", port)) as server:
        inward, _ = server.accept()
        outward = socket.create_connection((real.host, real.port))
        threading.Thread(target=_pump, args=(inward, outward), daemon=True).start()
        _pump(outward, inward)


def _pump(source: socket.socket, target: socket.socket) -> None:
    while data := source.recv(65536):
        target.sendall(data)


@pytest.mark.parametrize("url", ["", "postgres://a@b/c", "mysql://host-without-database"])
def test_an_url_that_is_none_is_a_usage_error(url: str, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_URL", url)
    with pytest.raises(MissingSetting, match="MYSQL_URL must be set"):
        mysql.Address.of(Settings())
    assert task(monkeypatch, "update_sec_filings_lookup_mysql") == 2


def test_a_wrong_password_is_not_waited_for(s3: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    real = mysql.Address.of(settings)
    monkeypatch.setenv("MYSQL_URL", f"mysql://{real.user}:wrong@{real}/{real.database}")
    monkeypatch.setenv("MYSQL_WAIT_SECONDS", "300")
    begun = time.monotonic()
    assert task(monkeypatch, "update_sec_filings_lookup_mysql", "--run-id", "r") == 1
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("during", ["_stage", "_merge"])
def test_a_stop_amid_a_load_ends_at_once_says_so_and_the_next_run_goes_on(
    s3: Store, database: Any, load: Any, new_update: NewUpdate, monkeypatch: pytest.MonkeyPatch, during: str
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    new_update().run(put(s3, submission(2)), TABLES)
    calls = []

    def stopped(*_: Any) -> int:
        calls.append(1)
        raise SystemExit(143)

    monkeypatch.setattr(TableLoad, during, stopped)
    with pytest.raises(SystemExit) as ended:
        task(monkeypatch, "update_sec_filings_lookup_mysql", "--run-id", "r")
    assert (ended.value.code, len(calls)) == (143, 1)
    report = orjson.loads(s3.get(keys.report("r", "update_sec_filings_lookup_mysql")))
    assert report["error"] == "stopped: SystemExit 143"
    monkeypatch.undo()
    load()
    assert_same(s3, database)


def test_what_a_killed_load_left_behind_goes_though_nothing_is_to_be_loaded(
    s3: Store, new_update: NewUpdate, load: Callable[[], dict[str, mysql_load.Loaded]], database: Any
) -> None:
    new_update().run(put(s3, submission(1)), TABLES)
    load()
    for left in (f"staging_{DOCUMENTS.name}", f"old_{SUBMISSION_DETAILS.name}"):
        database.execute(f"CREATE TABLE `{left}` (a INT)")
    assert ways(load()) == {"up to date"}
    database.execute("SHOW TABLES")
    assert {name for (name,) in database.fetchall()} == {*TABLES, LOOKUP.mysql_state}
