"""Generated filings: the same again from the same seed, as odd as ordered, and true to their manifest."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import time
import zipfile
import zlib
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest

from sandbox.edgar import header
from sandbox.edgar.content import read_file
from sandbox.edgar.folder import Folder
from sandbox.generate import binary, folder, layout, plan

START = date(2026, 3, 2)


@pytest.fixture(scope="module")
def filings(generated_folder: Path) -> dict:
    return json.loads((generated_folder / "manifest.json").read_text())["filings"]


def raw(where: Path, said: dict) -> bytes:
    return b"".join(read_file(where / said["file"]))


def one(filings: dict, quirk: str) -> dict:
    return next(said for said in filings.values() if quirk in said["quirks"])


def test_the_same_seed_and_days_make_the_same_files(tmp_path: Path):
    for name in ("a", "b"):
        folder.create(tmp_path / name, 45, seed=3, start=START, days=10)
    assert _digests(tmp_path / "a") == _digests(tmp_path / "b")
    folder.create(tmp_path / "c", 45, seed=4, start=START, days=10)
    assert _digests(tmp_path / "a") != _digests(tmp_path / "c")


def _digests(where: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in where.iterdir()}


def test_edgar_reads_in_the_headers_what_the_manifest_says(generated_folder, filings):
    edgar = Folder(generated_folder)
    edgar.refresh()
    assert edgar.unreadable == {}
    for accession, said in filings.items():
        filing = edgar.find(accession).filing
        assert (filing.form, filing.filed.isoformat()) == (said["form"], said["filed"])
        assert [(e.role, int(e.cik), e.name) for e in filing.entities] == [
            (filer["role"], filer["cik"], filer["name"]) for filer in said["filers"]
        ]
        assert list(filing.items) == said["items"]
        if said["accepted"]:
            assert filing.accepted.isoformat() == said["accepted"]


def test_text_documents_lie_in_the_file_as_the_manifest_says(generated_folder, filings):
    checked = 0
    for said in filings.values():
        content = raw(generated_folder, said)
        newline = b"\r\n" if "crlf" in said["quirks"] else b"\r" if "cr_only" in said["quirks"] else b"\n"
        pieces = content.split(newline + b"<TEXT>" + newline)[1:]
        if said["truncated"] or "unclosed_text" in said["quirks"]:
            continue
        assert len(pieces) == len(said["documents"])
        for piece, document in zip(pieces, said["documents"], strict=True):
            body = piece[: piece.rindex(b"</TEXT>")].removesuffix(newline)
            for wrapper in (b"XML", b"XBRL"):
                if body.startswith(b"<%s>" % wrapper + newline):
                    body = (
                        body[len(wrapper) + 2 + len(newline) :].removesuffix(b"</%s>" % wrapper).removesuffix(newline)
                    )
            if document["encoding"] == "text":
                assert hashlib.sha256(body).hexdigest() == document["sha256"]
                assert len(body) == document["bytes"]
                checked += 1
    assert checked > 150


def test_every_form_and_quirk_is_there(filings):
    forms = {said["form"] for said in filings.values()}
    assert forms >= {
        "3", "4", "5", "8-K", "10-K", "10-Q", "13F-HR", "NPORT-P", "N-PX", "D", "SC 13G", "SC 13D", "SCHEDULE 13D",
        "S-1", "424B2", "UPLOAD", "CORRESP", "20-F", "6-K",
    }  # fmt: skip
    quirks = {quirk for said in filings.values() for quirk in said["quirks"]}
    assert quirks == {quirk for case in plan.ROLL_CALL for quirk in case.quirks}


def test_a_filing_may_have_forty_filers(filings):
    assert len({filer["cik"] for filer in one(filings, "many_filers")["filers"]}) == 40


def test_paper_filings_have_the_prefix_of_the_sec(filings):
    accession = next(accession for accession, said in filings.items() if "paper" in said["quirks"])
    assert accession.startswith("9999999997-")


def test_a_coregistrant_filing_repeats_its_documents(filings):
    said = one(filings, "repeated_documents")
    assert len(said["documents"]) == 3 * said["declared_documents"]


def test_the_truncated_one_ends_within_a_document(generated_folder, filings):
    said = one(filings, "truncated")
    content = raw(generated_folder, said)
    assert b"</SEC-DOCUMENT>" not in content
    last = said["documents"][-1]
    assert last["partial"]
    assert hashlib.sha256(content[-last["bytes"] :]).hexdigest() == last["sha256"]


def test_long_xml_lines_are_broken_at_1023(generated_folder, filings):
    lines = raw(generated_folder, one(filings, "wrapped_lines")).split(b"\n")
    assert max(map(len, lines)) == 1023


def test_cr_only_files_have_no_other_line_break(generated_folder, filings):
    content = raw(generated_folder, one(filings, "cr_only"))
    assert b"\n" not in content
    assert content.count(b"\r") > 20


def test_blanks_are_lost_at_the_ends_of_uuencoded_lines(generated_folder, filings):
    content = raw(generated_folder, one(filings, "lost_blanks")).decode("latin-1")
    part = content[content.index("begin 644 chart.png") : content.index("\nend\n")].split("\n")[1:-1]
    assert any(len(line) < 1 + (ord(line[0]) - 32 + 2) // 3 * 4 for line in part if line)
    assert not any(line.endswith(" ") for line in part)


def test_xml_documents_are_well_formed(generated_folder, filings):
    seen = Counter()
    for said in filings.values():
        text = raw(generated_folder, said)
        if said["truncated"] or "wrapped_lines" in said["quirks"]:
            continue
        newline = b"\r" if "cr_only" in said["quirks"] else b"\n"
        for piece in text.split(b"<XML>" + newline)[1:]:
            inner = piece[: piece.index(b"</XML>")].removesuffix(newline)
            if inner:
                seen[ElementTree.fromstring(inner).tag.rpartition("}")[2]] += 1
    assert set(seen) >= {
        "ownershipDocument", "edgarSubmission", "informationTable", "proxyVoteTable", "xbrl", "FilingSummary",
    }  # fmt: skip


def test_13f_totals_agree_with_the_table(generated_folder, filings):
    said = next(each for each in filings.values() if each["form"] == "13F-HR" and not each["quirks"])
    cover, table = (
        ElementTree.fromstring(piece[: piece.index(b"</XML>")])
        for piece in raw(generated_folder, said).split(b"<XML>\n")[1:]
    )
    values = [int(element.text) for element in table.iter() if element.tag.endswith("}value")]
    told = {element.tag.rpartition("}")[2]: element.text for element in cover.iter()}
    assert int(told["tableEntryTotal"]) == len(values) == said["counts"]["infoTable"]
    assert int(told["tableValueTotal"]) == sum(values)


def test_more_filings_come_later_and_leave_the_others_alone(tmp_path: Path):
    before = folder.create(tmp_path, 12, seed=5, start=START, days=5)["filings"]
    digests = _digests(tmp_path)
    after = folder.append(tmp_path, 10, date(2026, 3, 20))["filings"]
    new = {accession: said for accession, said in after.items() if accession not in before}
    assert len(new) == 10
    assert min(said["filed"] for said in new.values()) > max(said["filed"] for said in before.values())
    assert {name: digest for name, digest in _digests(tmp_path).items() if name in digests} | {
        "manifest.json": ""
    } == digests | {"manifest.json": ""}


def test_filings_added_today_are_not_of_tomorrow(tmp_path: Path):
    today = date(2026, 3, 12)
    folder.create(tmp_path, 3, seed=5, start=date(2026, 3, 9), days=2, plain=True)
    for _ in range(3):
        filings = folder.append(tmp_path, 2, today)["filings"]
    assert max(said["filed"] for said in filings.values()) == today.isoformat()


def test_a_folder_is_not_overwritten_and_nothing_is_added_to_none(tmp_path: Path):
    with pytest.raises(FileNotFoundError, match="without --append"):
        folder.append(tmp_path, 1, START)
    folder.create(tmp_path, 1, seed=1, start=START, days=1)
    with pytest.raises(FileExistsError, match="--append"):
        folder.create(tmp_path, 1, seed=1, start=START, days=1)


def test_plain_filings_have_no_quirks_but_those_of_paper(tmp_path: Path):
    filings = folder.create(tmp_path, 300, seed=2, start=START, days=30, plain=True)["filings"]
    assert {quirk for said in filings.values() for quirk in said["quirks"]} <= {"paper"}
    forms = Counter(said["form"] for said in filings.values())
    assert {form for form, _ in forms.most_common(2)} == {"4", "8-K"}
    assert json.loads((tmp_path / "sandbox.json").read_text())["malformed_rows"] == []


def test_three_hundred_filings_take_about_a_second(tmp_path: Path):
    begun = time.process_time()
    folder.create(tmp_path, 300, seed=2, start=START, days=30, plain=True)
    assert time.process_time() - begun < 3


def test_the_large_one_is_over_ten_megabytes(tmp_path: Path):
    filings = folder.create(tmp_path, 1, seed=2, start=START, days=30, large=True)["filings"]
    assert next(iter(filings.values()))["bytes"] > 10_000_000


def test_pictures_and_archives_are_valid_files():
    rng = Random(1)
    picture = binary.png(rng)
    length, kind = struct.unpack(">I4s", picture[8:16])
    assert (kind, zlib.crc32(picture[12 : 16 + length])) == (b"IHDR", struct.unpack(">I", picture[29:33])[0])
    assert binary.gif(rng)[:6] == b"GIF87a"
    photo = binary.jpg(rng)
    assert (photo[:3], photo[-2:]) == (b"\xff\xd8\xff", b"\xff\xd9")
    page = binary.pdf(["a (b) c"])
    assert page[int(page.split(b"startxref\n")[1].split()[0]) :].startswith(b"xref")
    for packed in (binary.xlsx([("a", 1.0)]), binary.zipped({"x": b"y"})):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert archive.testzip() is None


def test_a_header_is_the_same_in_both_forms(generated_folder, filings):
    said = next(each for each in filings.values() if each["form"] == "NPORT-P")
    section = header.read(raw(generated_folder, said))
    again = header.read(b"<SUBMISSION>\n" + header.to_tags(section).encode() + b"<DOCUMENT>\n")
    section.children = [child for child in section.children if child_tag(child) != "ACCEPTANCE-DATETIME"]
    assert again == section


def child_tag(child: header.Section | tuple[str, str]) -> str:
    return child.tag if isinstance(child, header.Section) else child[0]


def test_uuencoded_lines_hold_45_bytes_with_blanks_for_zeros():
    lines = layout.uuencode(bytes(50), "x.bin").split("\n")
    assert lines == ["begin 644 x.bin", "M" + " " * 60, "%" + " " * 8, " ", "end"]
    assert layout.uuencode(bytes(50), "x.bin", keep_blanks=False).split("\n") == [
        "begin 644 x.bin",
        "M",
        "%",
        "",
        "end",
    ]
