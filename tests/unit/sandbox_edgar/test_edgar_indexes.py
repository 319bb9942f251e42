"""The index files that EDGAR makes from the headers of a folder."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from sandbox.generate import folder as generated

START_OF_MORE = date(2026, 3, 27)
QUARTER = "full-index/2026/QTR1/"


def rows(text: str) -> list[list[str]]:
    lines = text.split("\n")
    return [line.split("|") for line in lines[lines.index("-" * 80) + 1 :] if line]


def manifest(folder: Path) -> dict:
    return json.loads((folder / "manifest.json").read_text())["filings"]


def test_a_quarter_has_one_row_for_each_filing_and_filer(served, generated_folder):
    text = served.get(f"{QUARTER}master.idx").text
    listed = {(row[0], row[4].split("/")[-1][:20], row[2], row[3]) for row in rows(text) if len(row) == 5}
    known = {
        (str(filer["cik"]), accession, said["form"], said["filed"])
        for accession, said in manifest(generated_folder).items()
        if said["filed"].startswith("2026-") and "daily_only" not in said["quirks"]
        for filer in said["filers"]
    }
    assert known <= listed
    assert {row for row in listed - known if "broken" not in row[1]} == set()


def test_the_preamble_is_that_of_the_sec(served):
    lines = served.get(f"{QUARTER}master.idx").text.split("\n")
    assert [line.partition(":")[0] for line in lines[:5]] == [
        "Description", "Last Data Received", "Comments", "Anonymous FTP", "Cloud HTTP",
    ]  # fmt: skip
    assert lines[9:11] == ["CIK|Company Name|Form Type|Date Filed|Filename", "-" * 80]


def test_gz_and_zip_hold_the_same_as_the_plain_index(served):
    plain = served.get(f"{QUARTER}master.idx").content
    assert gzip.decompress(served.get(f"{QUARTER}master.gz").content) == plain
    with zipfile.ZipFile(io.BytesIO(served.get(f"{QUARTER}master.zip").content)) as archive:
        assert archive.read("master.idx") == plain


def test_old_filings_are_in_the_quarters_of_their_time(served, generated_folder):
    old = [said for said in manifest(generated_folder).values() if said["filed"] < "2001"]
    assert old
    for said in old:
        quarter = (int(said["filed"][5:7]) + 2) // 3
        text = served.get(f"full-index/{said['filed'][:4]}/QTR{quarter}/master.idx").text
        assert any(row[2] == said["form"] and row[3] == said["filed"] for row in rows(text))


def test_a_quarter_without_filings_is_there_and_empty(served):
    answer = served.get("full-index/1993/QTR1/master.idx")
    assert answer.status_code == 200
    assert rows(answer.text) == []


def test_an_index_that_is_not_there_is_forbidden_as_s3_has_it(served):
    for path in ("full-index/2099/QTR1/master.idx", "full-index/1992/QTR4/master.idx", f"{QUARTER}other.idx"):
        answer = served.get(path)
        assert answer.status_code == 403
        assert "AccessDenied" in answer.text


def test_the_daily_index_has_compact_dates_and_its_own_heading(served, generated_folder):
    filed = next(said["filed"] for said in manifest(generated_folder).values() if said["filed"].startswith("2026-03"))
    day = filed.replace("-", "")
    text = served.get(f"daily-index/2026/QTR1/master.{day}.idx").text
    assert "CIK|Company Name|Form Type|Date Filed|File Name\n" in text
    assert {row[3] for row in rows(text) if "20xx" not in row[-2] and len(row) == 5} == {day}
    assert gzip.decompress(served.get(f"daily-index/2026/QTR1/master.{day}.idx.gz").content).decode() == text


def test_a_day_without_filings_has_no_daily_index(served):
    assert served.get("daily-index/2026/QTR1/master.20260301.idx").status_code == 403
    assert served.get("daily-index/2026/QTR1/master.20269999.idx").status_code == 403


def test_a_row_may_be_in_the_daily_index_alone(served, generated_folder):
    accession, said = next(each for each in manifest(generated_folder).items() if "daily_only" in each[1]["quirks"])
    day = said["filed"].replace("-", "")
    assert accession in served.get(f"daily-index/2026/QTR1/master.{day}.idx").text
    assert accession not in served.get(f"{QUARTER}master.idx").text


def test_malformed_rows_are_among_the_others(served):
    listed = rows(served.get(f"{QUARTER}master.idx").text)
    assert sum(len(row) != 5 for row in listed) == 1
    assert sum("broken" in row[-1] for row in listed) == 1


def test_listings_name_every_quarter_and_file(served):
    years = served.get("full-index/index.json").json()["directory"]["item"]
    assert [item["name"] for item in years[:2]] == ["1993", "1994"]
    quarters = served.get("daily-index/2026/index.json").json()["directory"]["item"]
    assert quarters[0] | {"size": ""} == {
        "last-modified": "", "name": "QTR1", "type": "dir", "href": "QTR1/", "size": "",
    }  # fmt: skip
    files = served.get("daily-index/2026/QTR1/index.json").json()["directory"]["item"]
    assert all(served.get(f"daily-index/2026/QTR1/{item['href']}").status_code == 200 for item in files)


def test_an_unchanged_index_is_304_until_a_filing_appears(folder_of_my_own, serve: Callable):
    edgar = serve(folder_of_my_own)
    path = f"{QUARTER}master.gz"
    first = edgar.get(path)
    etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
    assert edgar.get(path, If_None_Match=etag).status_code == 304
    assert edgar.get(path, If_Modified_Since=modified).status_code == 304
    generated.append(folder_of_my_own, 3, START_OF_MORE)
    answer = edgar.get(path, If_None_Match=etag)
    assert answer.status_code == 200
    before, after = (rows(gzip.decompress(each.content).decode()) for each in (first, answer))
    assert len({row[4] for row in after if len(row) == 5}) > len({row[4] for row in before if len(row) == 5})


def test_what_is_private_appears_when_its_moment_comes(folder_of_my_own, serve: Callable):
    accession, said = next(each for each in manifest(folder_of_my_own).items() if "disseminated" in each[1])
    moment = [datetime.fromisoformat(f"{said['disseminated']}T08:00:00-04:00")]
    edgar = serve(folder_of_my_own, now=lambda: moment[0])
    submission = f"data/{said['filers'][0]['cik']}/{accession}.txt"
    day = said["disseminated"].replace("-", "")
    daily = f"daily-index/{day[:4]}/QTR{(int(day[4:6]) + 2) // 3}/master.{day}.idx"
    assert edgar.get(submission).status_code == 404
    assert accession not in edgar.get(f"{QUARTER}master.idx").text
    moment[0] = datetime.fromisoformat(f"{said['disseminated']}T10:00:00-04:00")
    assert edgar.get(submission).status_code == 200
    assert accession in edgar.get(f"{QUARTER}master.idx").text
    row = next(row for row in rows(edgar.get(daily).text) if accession in row[4])
    assert row[3] == said["filed"].replace("-", "")


def test_what_is_no_submission_in_the_folder_is_left_alone(folder_of_my_own, serve: Callable):
    for name in ("index.csv", "README.md", "0000000001-26-000001.txt.part", "0000000001-26-000001.html"):
        (folder_of_my_own / name).write_text("nothing")
    (folder_of_my_own / "more.txt").mkdir()
    edgar = serve(folder_of_my_own)
    health = edgar.get("/_sandbox/health").json()
    assert health["filings"] == 60
    assert health["unreadable"] == {}
