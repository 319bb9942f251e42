"""Files of the folder with something wrong: they are listed all the same, and named with what is wrong."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from sandbox.edgar.content import PIECE, Unreadable, read_file

HEADER = """<SEC-DOCUMENT>{accession}.txt : {first_line}
<SEC-HEADER>{accession}.hdr.sgml : {first_line}
ACCESSION NUMBER:\t\t{accession}
{lines}</SEC-HEADER>
<DOCUMENT>
<TYPE>8-K
<TEXT>
{body}
</TEXT>
</DOCUMENT>
</SEC-DOCUMENT>
"""
FORM = "CONFORMED SUBMISSION TYPE:\t8-K\n"
FILED = "FILED AS OF DATE:\t\t20240517\n"
FILER = "FILER:\n\n\tCOMPANY DATA:\n\t\tCOMPANY CONFORMED NAME:\tAcme\n\t\tCENTRAL INDEX KEY:\t0000000077\n"
ACCESSION = "0000320193-24-000073"
QUARTER = "full-index/2024/QTR2/master.idx"


def submission(lines: str = FORM + FILED + FILER, accession: str = ACCESSION, first_line: str = "20240520") -> bytes:
    body = os.urandom(PIECE).hex()  # so long that a damaged end is not seen with the header
    return HEADER.format(accession=accession, lines=lines, first_line=first_line, body=body).encode()


def rows(edgar, path: str = QUARTER) -> list[str]:
    return edgar.get(path).text.split("-" * 80 + "\n")[1].splitlines()


def unreadable(edgar) -> dict[str, str]:
    return edgar.get("/_sandbox/health").json()["unreadable"]


@pytest.mark.parametrize("name", [f"{ACCESSION.replace('-', '')}.txt", f"{ACCESSION}.TXT"])
def test_an_accession_may_be_written_without_dashes(tmp_path: Path, serve: Callable, name: str):
    (tmp_path / name).write_bytes(submission())
    edgar = serve(tmp_path)
    assert rows(edgar) == [f"77|Acme|8-K|2024-05-17|edgar/data/77/{ACCESSION}.txt"]
    assert edgar.get(f"data/77/{ACCESSION}.txt").status_code == 200
    assert unreadable(edgar) == {}


@pytest.mark.parametrize(
    ("lines", "row", "said"),
    [
        (FILED + FILER, "77|Acme|UNKNOWN|2024-05-17|edgar/data/77/", "no form"),
        (FORM + FILED, "320193|UNKNOWN|8-K|2024-05-17|edgar/data/320193/", "no CIK"),
        (FORM + FILER, "77|Acme|8-K|2024-05-20|edgar/data/77/", "no filing date (listed under 2024-05-20)"),
        (FORM + FILED.replace("2024", "x") + FILER, "77|Acme|8-K|2024-05-20|edgar/data/77/", "no filing date"),
        (FORM + FILED.replace("2024", "1024") + FILER, "77|Acme|8-K|2024-05-20|edgar/data/77/", "no filing date"),
    ],
)
def test_a_header_that_lacks_something_is_listed_all_the_same(
    tmp_path: Path, serve: Callable, lines: str, row: str, said: str
):
    (tmp_path / f"{ACCESSION}.txt").write_bytes(submission(lines))
    edgar = serve(tmp_path)
    assert rows(edgar) == [f"{row}{ACCESSION}.txt"]
    assert edgar.get(f"data/{row.split('|')[0]}/{ACCESSION}.txt").status_code == 200
    assert said in unreadable(edgar)[f"{ACCESSION}.txt"]


def test_a_file_without_any_header_is_listed_by_its_name(tmp_path: Path, serve: Callable):
    (tmp_path / f"{ACCESSION}.txt").write_bytes(b"nothing of the kind")
    (tmp_path / "0000000005-99-000001.txt").write_bytes(b"")
    edgar = serve(tmp_path)
    assert rows(edgar, "full-index/2024/QTR1/master.idx") == [
        f"320193|UNKNOWN|UNKNOWN|2024-01-02|edgar/data/320193/{ACCESSION}.txt"
    ]
    assert rows(edgar, "full-index/1999/QTR1/master.idx")[0].startswith("5|UNKNOWN|UNKNOWN|1999-01-02|")
    assert edgar.get(f"data/320193/{ACCESSION}.txt").content == b"nothing of the kind"
    assert all(why.startswith("no header") for why in unreadable(edgar).values())


def test_a_name_from_a_year_to_come_is_listed_this_year(tmp_path: Path, serve: Callable):
    (tmp_path / "0000320193-77-000001.txt").write_bytes(b"")
    edgar = serve(tmp_path, now=lambda: datetime(2025, 6, 1, tzinfo=UTC))
    assert "2025-01-02" in rows(edgar, "full-index/2025/QTR1/master.idx")[0]


def test_what_was_filed_in_a_quarter_to_come_is_named(tmp_path: Path, serve: Callable):
    (tmp_path / f"{ACCESSION}.txt").write_bytes(submission())
    edgar = serve(tmp_path, now=lambda: datetime(2024, 3, 1, tzinfo=UTC))
    assert "quarter to come" in unreadable(edgar)[f"{ACCESSION}.txt"]


@pytest.mark.parametrize("damage", ["not zstd", "cut off", "a link to nowhere"])
def test_a_file_that_cannot_be_read_is_listed_and_answers_500(tmp_path: Path, serve: Callable, damage: str):
    path = tmp_path / f"{ACCESSION}.txt.zst"
    if damage == "a link to nowhere":
        path.symlink_to(tmp_path / "gone")
    else:
        path.write_bytes(b"no zstd" if damage == "not zstd" else zstandard.compress(submission())[:40])
    edgar = serve(tmp_path)
    assert rows(edgar, "full-index/2024/QTR1/master.idx")
    answer = edgar.get(f"data/320193/{ACCESSION}.txt")
    assert answer.status_code == 500
    assert answer.text.startswith(f"{path.name} cannot be read: ")
    assert unreadable(edgar)[path.name].startswith("cannot be read: ")


def test_one_that_is_broken_behind_its_header_is_named_once_it_was_asked_for(tmp_path: Path, serve: Callable):
    good = "0000320193-24-000074"
    packed = zstandard.compress(submission())
    (tmp_path / f"{ACCESSION}.txt.zst").write_bytes(packed[:-1000])
    (tmp_path / f"{good}.txt.zst").write_bytes(zstandard.compress(submission(accession=good)))
    edgar = serve(tmp_path)
    assert len(rows(edgar)) == 2 and unreadable(edgar) == {}
    assert edgar.get(f"data/77/{ACCESSION}.txt").status_code == 500
    assert "cut off" in unreadable(edgar)[f"{ACCESSION}.txt.zst"]
    with tarfile.open(fileobj=io.BytesIO(edgar.get("Feed/2024/QTR2/20240517.nc.tar.gz").content)) as tar:
        assert tar.getnames() == [f"{good}.nc"]
    for page in ("/cgi-bin/browse-edgar?action=getcurrent&output=atom", "/LATEST/search-index"):
        assert good in edgar.get(page).text
    (tmp_path / "new").write_bytes(packed)
    (tmp_path / "new").replace(tmp_path / f"{ACCESSION}.txt.zst")
    assert edgar.get(f"data/77/{ACCESSION}.txt").status_code == 200
    assert unreadable(edgar) == {}


def test_what_looks_like_a_submission_and_is_not_served_is_named(tmp_path: Path, serve: Callable):
    (tmp_path / f"{ACCESSION}.txt").write_bytes(submission())
    (tmp_path / f"{ACCESSION}.txt.zst").write_bytes(b"")
    (tmp_path / "apple.txt").write_bytes(submission())
    (tmp_path / "0000320193-2400-0073.nc").touch()
    said = unreadable(serve(tmp_path))
    assert set(said) == {"0000320193-2400-0073.nc", f"{ACCESSION}.txt.zst", "apple.txt"}
    assert said[f"{ACCESSION}.txt.zst"] == f"not served: {ACCESSION}.txt is the same filing"
    assert "no accession number" in said["apple.txt"]


def test_an_empty_folder_has_indexes_without_rows(tmp_path: Path, serve: Callable):
    edgar = serve(tmp_path)
    assert rows(edgar) == []
    assert edgar.get("/_sandbox/health").json() == {"status": "ok", "filings": 0, "unreadable": {}}


def test_a_file_of_several_frames_is_read_to_its_end(tmp_path: Path):
    frames = [zstandard.compress(os.urandom(PIECE)) for _ in range(3)]
    path = tmp_path / "frames.txt.zst"
    path.write_bytes(b"".join(frames))
    assert sum(map(len, read_file(path))) == 3 * PIECE
    path.write_bytes(b"".join(frames)[:-1])
    with pytest.raises(Unreadable, match="cut off"):
        list(read_file(path))
