"""MariaDB and Slack's sink."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pymysql
import pytest

from sandbox import mysql
from sandbox.cloud import Sandbox
from sandbox.processes import SandboxError


def post(url: str, message: object) -> str:
    request = urllib.request.Request(url, json.dumps(message).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def test_mysql_is_strict_and_loads_local_files(cloud: Sandbox, tmp_path: Path):
    (tmp_path / "rows.csv").write_text("1,é\n2,𝄞\n")
    with mysql.connect(cloud.mysql_url) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE OR REPLACE TABLE t (a TINYINT PRIMARY KEY, b VARCHAR(2))")
        cursor.execute(
            f"LOAD DATA LOCAL INFILE '{tmp_path}/rows.csv' INTO TABLE t CHARACTER SET utf8mb4 FIELDS TERMINATED BY ','"
        )
        cursor.execute("SELECT b FROM t ORDER BY a")
        assert [row[0] for row in cursor.fetchall()] == ["é", "𝄞"]
        with pytest.raises(pymysql.err.DataError):
            cursor.execute("INSERT INTO t VALUES (3, 'too long')")


def test_several_make_their_data_folders_at_once_and_none_leaves_anything_elsewhere(tmp_path: Path):
    folders = [tmp_path / name for name in ("a", "b", "c")]
    with ThreadPoolExecutor(3) as threads:
        list(threads.map(mysql.prepare, folders))
    for folder in folders:
        assert (folder / "data" / "mysql" / "db.frm").exists()
        line = mysql.command(folder, 1)
        assert f"--tmpdir={folder / 'tmp'}" in line and list((folder / "tmp").iterdir()) == []


def test_a_missing_mariadb_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SandboxError, match="apt-get install mariadb-server") as told:
        mysql.program("no-such-server")
    assert "\n" not in str(told.value)


def test_slack_keeps_what_was_posted(cloud: Sandbox):
    assert post(f"{cloud.slack_url}/services/T/B/x", {"text": "héllo", "blocks": []}) == "ok"
    message = cloud.slack_messages()[-1]
    assert (message["path"], message["payload"]["text"]) == ("/services/T/B/x", "héllo")
    with urllib.request.urlopen(f"{cloud.slack_url}/messages") as answer:
        assert json.load(answer)[-1] == message


def test_slack_refuses_as_often_as_it_is_told_to(cloud: Sandbox):
    before = len(cloud.slack_messages())
    cloud.refuse_slack(500, times=1)
    with pytest.raises(urllib.error.HTTPError, match="500"):
        post(cloud.slack_url, {"text": "lost"})
    post(cloud.slack_url, {"text": "kept"})
    assert [m["payload"]["text"] for m in cloud.slack_messages()[before:]] == ["kept"]
