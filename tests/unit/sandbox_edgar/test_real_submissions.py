"""EDGAR over real submissions, judged by the table that came with them."""

from __future__ import annotations

import csv
import hashlib
import os
from collections import defaultdict
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
REAL = Path(os.environ.get("EDGAR_DATA") or PROJECT.parent / "shared" / "data" / "edgar")
# The table was made from the first kilobytes of each header, so that a long list of filers ends early in it.
MANY_FILERS = 40

pytestmark = pytest.mark.skipif(
    not (REAL / "index.csv").exists(), reason=f"no real submissions with an index.csv in {REAL}; EDGAR_DATA names them"
)


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with (REAL / "index.csv").open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def real(start_server):
    return start_server(REAL)


def test_every_file_is_served_to_the_byte(real, table):
    text = {row["accession"] for row in table if row["variant"] == "txt"}
    for row in table:
        if row["variant"] == "nc" and row["accession"] in text:
            continue
        answer = real.get(f"data/{row['filer_cik'].split(';')[0]}/{row['accession']}.txt", Accept_Encoding="identity")
        assert hashlib.sha256(answer.content).hexdigest() == row["sha256"], row["accession"]


def test_the_master_rows_agree_with_the_table(real, table):
    listed: dict[str, set[tuple[str, str, str]]] = defaultdict(set)
    for year, quarter in sorted({(row["filed"][:4], (int(row["filed"][4:6]) + 2) // 3) for row in table}):
        for line in real.get(f"full-index/{year}/QTR{quarter}/master.idx").text.split("\n")[11:]:
            if line:
                cik, _, form, filed, name = line.split("|")
                assert name.split("/")[2] == cik
                listed[name[-24:-4]].add((cik, form, filed.replace("-", "")))
    assert set(listed) == {row["accession"] for row in table}
    for row in table:
        ciks = {str(int(cik)) for cik in row["filer_cik"].split(";")}
        rows = listed[row["accession"]]
        assert {(form, filed) for _, form, filed in rows} == {(row["form"], row["filed"])}, row["accession"]
        found = {cik for cik, _, _ in rows}
        assert found == ciks or (len(ciks) > MANY_FILERS and ciks < found), row["accession"]


def test_nothing_of_the_folder_is_unreadable(real, table):
    health = real.get("/_sandbox/health").json()
    assert health == {"status": "ok", "filings": len({row["accession"] for row in table}), "unreadable": {}}
