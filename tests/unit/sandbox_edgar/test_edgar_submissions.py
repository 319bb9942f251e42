"""Submissions, the Feed, getcurrent and the search, as a client gets them."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from sandbox.edgar.content import read_file

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def filings(generated_folder: Path) -> dict:
    return json.loads((generated_folder / "manifest.json").read_text())["filings"]


def with_quirk(filings: dict, quirk: str) -> tuple[str, dict]:
    return next((accession, said) for accession, said in filings.items() if quirk in said["quirks"])


def path_of(accession: str, said: dict) -> str:
    return f"data/{said['filers'][0]['cik']}/{accession}.txt"


def test_every_submission_is_served_to_the_byte_at_both_paths(served, generated_folder, filings):
    for accession, said in filings.items():
        if "answers_404" in said["quirks"]:
            continue
        content = b"".join(read_file(generated_folder / said["file"]))
        for filer in said["filers"][-1:]:
            for path in (
                f"data/{filer['cik']}/{accession}.txt",
                f"data/{filer['cik']}/{accession.replace('-', '')}/{accession}.txt",
            ):
                assert served.get(path).content == content


def test_without_compression_the_length_is_told(served, filings):
    accession, said = next(iter(filings.items()))
    answer = served.get(path_of(accession, said), Accept_Encoding="identity")
    assert int(answer.headers["Content-Length"]) == said["bytes"] == len(answer.content)


def test_a_range_gives_a_part(served, filings):
    accession, said = next(iter(filings.items()))
    path = path_of(accession, said)
    whole = served.get(path).content
    part = served.get(path, Range="bytes=10-19")
    assert (part.status_code, part.content) == (206, whole[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(whole)}"
    assert served.get(path, Range="bytes=-5").content == whole[-5:]
    assert served.get(path, Range=f"bytes={len(whole)}-").status_code == 416


def test_head_has_the_length_and_no_body(served, filings):
    accession, said = next(iter(filings.items()))
    answer = served.client.head(f"/Archives/edgar/{path_of(accession, said)}", headers={"Accept-Encoding": "identity"})
    assert int(answer.headers["Content-Length"]) == said["bytes"]
    assert answer.content == b""


@pytest.mark.parametrize("path", ["data/1/0000000009-26-000001.txt", "data/320193/nothing.txt", "nothing"])
def test_what_does_not_exist_is_404(served, path):
    answer = served.get(path)
    assert answer.status_code == 404
    assert "NoSuchKey" in answer.text


def test_a_submission_is_not_under_another_cik(served, filings):
    accession, _ = next(iter(filings.items()))
    assert served.get(f"data/1/{accession}.txt").status_code == 404


def test_one_filing_is_listed_but_answers_404(served, filings):
    accession, said = with_quirk(filings, "answers_404")
    assert served.get(path_of(accession, said)).status_code == 404
    assert accession in served.get("full-index/2026/QTR1/master.idx").text


def test_a_quirk_can_cut_a_submission(folder_of_my_own, serve: Callable, filings):
    accession, said = next(iter(filings.items()))
    (folder_of_my_own / "sandbox.json").write_text(json.dumps({"cut": {accession: 300}}))
    answer = serve(folder_of_my_own).get(path_of(accession, said), Accept_Encoding="identity")
    assert len(answer.content) == int(answer.headers["Content-Length"]) == 300


def test_text_wins_where_there_are_both_forms(folder_of_my_own, serve: Callable, filings):
    accession, said = next((a, s) for a, s in filings.items() if s["variant"] == "txt" and s["form"] == "4")
    (folder_of_my_own / f"{accession}.nc").write_bytes(b"<SUBMISSION>\n<TYPE>4\n<DOCUMENT>\n")
    assert serve(folder_of_my_own).get(path_of(accession, said)).content.startswith(b"<SEC-DOCUMENT>")


def test_the_feed_holds_the_submissions_of_a_day_in_tag_form(served, filings):
    accession, said = next(
        (a, s) for a, s in filings.items() if s["form"] == "10-Q" and s["variant"] == "txt" and s["accepted"]
    )
    day = said["filed"].replace("-", "")
    answer = served.get(f"Feed/2026/QTR1/{day}.nc.tar.gz")
    with tarfile.open(fileobj=io.BytesIO(answer.content)) as tar:
        names = tar.getnames()
        content = tar.extractfile(f"{accession}.nc").read()
    assert set(names) == {
        f"{a}.nc" for a, s in filings.items() if s["filed"] == said["filed"] and "answers_404" not in s["quirks"]
    }
    assert content.startswith(b"<SUBMISSION>\n<ACCESSION-NUMBER>" + accession.encode())
    assert content.endswith(b"</DOCUMENT>\n</SUBMISSION>\n")
    assert b"ACCEPTANCE-DATETIME" not in content
    assert content.count(b"<DOCUMENT>") == len(said["documents"])
    assert served.get("Feed/2026/QTR1/20260301.nc.tar.gz").status_code == 403


def test_getcurrent_has_an_entry_for_each_cik_and_role(served, filings):
    feed = "/cgi-bin/browse-edgar?action=getcurrent&output=atom&count=100"
    seen: list[str] = []
    for start in range(0, 400, 100):
        page = ElementTree.fromstring(served.get(f"{feed}&start={start}").content)
        entries = page.findall(f"{ATOM}entry")
        assert len(entries) <= 100
        seen += [entry.findtext(f"{ATOM}title") + entry.findtext(f"{ATOM}id")[-20:] for entry in entries]
    expected = sum(len({(f["cik"], f["role"]) for f in said["filers"]}) for said in filings.values())
    assert len(seen) == len(set(seen)) == expected
    assert any(title.endswith("(Reporting)" + title[-20:]) for title in seen)
    deep = ElementTree.fromstring(served.get(f"{feed}&start=5001").content)
    assert deep.findall(f"{ATOM}entry") == []


def test_getcurrent_is_newest_first(served):
    page = ElementTree.fromstring(served.get("/cgi-bin/browse-edgar?action=getcurrent&output=atom&count=50").content)
    moments = [entry.findtext(f"{ATOM}updated")[:19] for entry in page.findall(f"{ATOM}entry")]
    assert moments == sorted(moments, reverse=True)


def test_the_search_finds_documents_by_form_and_day(served, filings):
    said = served.get("/LATEST/search-index?forms=13F-HR&startdt=2026-03-01&enddt=2026-03-31").json()["hits"]
    found = {hit["_source"]["adsh"] for hit in said["hits"]}
    assert found == {accession for accession, each in filings.items() if each["form"] == "13F-HR"}
    assert said["total"] == {"value": len(said["hits"]), "relation": "eq"}
    assert all(hit["_id"].startswith(hit["_source"]["adsh"]) for hit in said["hits"])


def test_the_search_gives_a_hundred_a_page_and_no_more_than_ten_thousand(served):
    first = served.get("/LATEST/search-index?from=0").json()["hits"]
    second = served.get("/LATEST/search-index?from=100").json()["hits"]
    assert len(first["hits"]) == 100
    assert not {hit["_id"] for hit in first["hits"]} & {hit["_id"] for hit in second["hits"]} - {""}
    assert served.get("/LATEST/search-index?from=9950").json()["hits"]["hits"] == []
