from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import orjson
import pytest

import header_reference
from filings.edgar import header, header_usual
from sandbox.generate.make import make, next_business_day
from submissions import read_submission

LINES = (
    *(b"<FILER>", b"</FILER>", b"<COMPANY-DATA>", b"</COMPANY-DATA>", b"<ITEMS>8.01", b"<ITEMS>", b"<CIK>1", b"FILER:"),
    *(b"FORMER COMPANY:\t", b"\tCOMPANY DATA:\t", b"ITEM INFORMATION:\t\tx", b"FILING VALUES:", b"\x0b", b"A:B:\tc"),
    *(b"XX:\t\t", b"SUBJECT COMPANY: ", b"FOO BAR:", b"\xa0\xff", b"<PRIVATE-TO-PUBLIC>", b" <X>", b"</X>", b"<Y>"),
    *(b"SEC ACT:\t\t1934 Act", b"SEC ACT:\t\t1934 Act", b"", b"]\tPERIOD:\t2", b"<SEC&HEADER>x", b"\tSTATE>DE", b":"),
)
# Lines that the patterns of the usual headers come upon: fields and sections that they know, but not there or not so.
NEARLY_USUAL = (
    *(b"\tCOMPANY DATA:\t", b"\tOWNER DATA:\t", b"FOO:\n\n\tCOMPANY DATA:\t", b"MAIL ADDRESS:\n\n\tCOMPANY DATA:\t"),
    *(
        b"\tMAIL ADDRESS:\t",
        b"\tBUSINESS ADDRESS:",
        b"\tFORMER NAME:\t",
        b"\tFORMER COMPANY:\t\n\t\tFORMER CONFORMED NAME:\t",
    ),
    *(
        b"FILED AS OF DATE:\t\t",
        b"\t\tSEC ACT:\t\t",
        b"SROS:\t\t\tNASD",
        b"ITEM INFORMATION:\t\t",
        b"GROUP MEMBERS:\t\tA",
    ),
    *(
        b"ITEM INFORMATION:\t\t<ITEMS>3C",
        b"<PRIVATE-TO-PUBLIC>",
        b"</PRIVATE-TO-PUBLIC>",
        b"</SEC-HEADER>",
        b"ISSUER:\t\t",
    ),
    *(
        b"REPORTING OWNER:",
        b"\t\tCITY:X",
        b"\t\tCITY: ",
        b"\t\tCITY:\t a:\tb\t \x0b",
        b"\t\tZIP:\t\xc2\x85x\xc2\xa0",
        b"</FILER>",
    ),
    *(
        b"<ACCEPTANCE-DATETIME>",
        b"\t\tORGANIZATION NAME:           \t",
        b"\t\tFISCAL YEAR END:\t\t\t",
        b"FILER:\n\n\tCITY:\tX",
    ),
)
FORMER_COMPANY = b"\tFORMER COMPANY:\n\t\tFORMER CONFORMED NAME:\tA\n\t\tDATE OF NAME CHANGE:\t1\n"


def heads(submissions: list[bytes]) -> list[bytes]:
    return [raw[: raw.find(b"<DOCUMENT>")] for raw in submissions]


def generated() -> list[bytes]:
    days = [next_business_day(date(2025, 3, 1))]
    return heads([make(5, number, days, plain=False).data for number in range(80)])


def damaged(source: list[bytes], rng: Random) -> bytes:
    lines = rng.choice(source).split(b"\n")
    for _ in range(rng.randrange(1, 8)):
        at, kind = rng.randrange(len(lines)), rng.randrange(5)
        if kind == 0:
            lines.insert(at, rng.choice(LINES))
        elif kind == 1 and len(lines) > 1:
            del lines[at]
        elif kind == 2:
            lines[at:at] = rng.choice(source).split(b"\n")[:12]
        elif kind == 3 and lines[at]:
            place = rng.randrange(len(lines[at]))
            lines[at] = lines[at][:place] + bytes([rng.randrange(256)]) + lines[at][place + 1 :]
        else:
            lines[at] = lines[at].replace(b"\t", rng.choice([b"", b" ", b"\t\t"]))
    return rng.choice([b"\n", b"\n", b"\r\n", b"\r"]).join(lines)


def rearranged(source: list[bytes], rng: Random) -> bytes:
    """Lines as they are, but elsewhere, twice, without value or with something after it."""
    lines = rng.choice(source).split(b"\n")
    for _ in range(rng.randrange(1, 4)):
        at, other, kind = rng.randrange(len(lines)), rng.randrange(len(lines)), rng.randrange(6)
        if kind == 0:
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == 1:
            lines[at:at] = lines[other : other + rng.randrange(12)]
        elif kind == 2:
            lines[at] = lines[at].partition(b":")[0] + b":" + rng.choice([b"", b"\t", b"\t\t", b" ", b"  \t"])
        elif kind == 3:
            lines[at] += rng.choice([b" ", b"\t", b"\x0c", b"\xc2\xa0", b"\r", b":", b":\t", b"\x1c"])
        else:
            lines.insert(at, rng.choice(NEARLY_USUAL))
    return b"\n".join(lines)


def assert_same(head: bytes) -> None:
    ours, theirs = header.parse(head), header_reference.read(head)
    assert orjson.dumps(ours) == orjson.dumps(theirs)  # in the same order, too: entities() follows that of the roles


def test_real_headers_are_read_as_the_plain_reader_reads_them(
    real_data: Path, real_index: list[dict[str, str]]
) -> None:
    for head in heads([read_submission(real_data / known["file"]) for known in real_index]):
        assert_same(head)


def test_generated_headers_are_read_as_the_plain_reader_reads_them() -> None:
    for head in generated():
        assert_same(head)


def test_damaged_headers_are_read_as_the_plain_reader_reads_them() -> None:
    source, rng = generated(), Random(7)
    for _ in range(3_000):
        assert_same(damaged(source, rng))


def test_rearranged_headers_are_read_as_the_plain_reader_reads_them() -> None:
    source, rng = generated(), Random(8)
    for _ in range(2_000):
        assert_same(rearranged(source, rng))


@pytest.mark.parametrize(
    "lines",
    [
        b"<PRIVATE-TO-PUBLIC>\nACCESSION NUMBER:\t1\n</PRIVATE-TO-PUBLIC>\nCONFORMED SUBMISSION TYPE:\t8-K\n",
        b"ISSUER:\n\n\tOWNER DATA:\t\n\tFORMER NAME:\t\n\t\tFORMER CONFORMED NAME:\tA\n\t\tDATE OF NAME CHANGE:\t1\n",
        b"FILED AS OF DATE:\t\n\n\tCOMPANY DATA:\t\n\t\tCITY:\tA\n",
        b"ITEM INFORMATION:\tOther events\n" * 250 + b"FILED AS OF DATE:\t1\n",
        b"ISSUER:\n\n\tCOMPANY DATA:\n" + 250 * FORMER_COMPANY,
        b"GROUP MEMBERS:\t\nGROUP MEMBERS:\tA: B\nGROUP MEMBERS:\t\tC\nISSUER:\n\n\tCOMPANY DATA:\n\t\tEIN: 1 \n",
    ],
)
def test_rare_turns_of_usual_headers_are_read_as_the_plain_reader_reads_them(lines: bytes) -> None:
    assert_same(b"<SEC-DOCUMENT>a : 1\n<SEC-HEADER>b : 1\n" + lines)


def test_nearly_all_headers_are_as_usual_to_their_end() -> None:
    contents = [header.text(head) for head in generated() if b"\r" not in head and not head.startswith(b"<SUBMISSION>")]
    ends = [content[header_usual.read(content)[2] :].strip() for content in contents]
    assert sum(end in ("</SEC-HEADER>", "</IMS-HEADER>") for end in ends) > 0.8 * len(ends) > 50


def test_what_is_remembered_of_lines_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: list[dict[str, Any]] = [{}, {}, {}, {}, {}]
    monkeypatch.setattr(header, "_FIELD_OF", dict(zip(header._FIELD_OF, remembered[2:], strict=True)))
    monkeypatch.setattr(header, "_OPENING_LINES", remembered[0])
    monkeypatch.setattr(header, "_TAG_LINES", remembered[1])
    monkeypatch.setattr(header, "_REMEMBERED", 5)
    for head in generated()[:20]:
        assert_same(head)
        assert all(len(known) <= 5 for known in remembered)
    assert len(remembered[0]) == 5


def test_sections_without_end_do_not_nest_without_end() -> None:
    found = header.parse(b"<SUBMISSION>\n" + b"<A>\n" * 20_000 + b"</A>\n" * 20_000 + b"<ACCESSION-NUMBER>1\n")
    assert orjson.loads(orjson.dumps(found)) == found  # its depth is one that JSON writers take


def looks(lines: int, monkeypatch: pytest.MonkeyPatch, *repeated: bytes) -> int:
    """How many lines were looked at beyond the one in hand, while a header of so many lines was read."""
    looked = 0

    class Counted(list[str]):
        def __getitem__(self, key: object) -> object:
            nonlocal looked
            looked += 1
            return super().__getitem__(key)  # type: ignore[index]

    with monkeypatch.context() as patch:
        original = header._Reader.__init__

        def counting(self: header._Reader, *arguments: Any) -> None:
            original(self, *arguments)
            self._lines = Counted(self._lines)

        patch.setattr(header._Reader, "__init__", counting)
        header.parse(b"\n".join(repeated * (lines // len(repeated))))
    return looked


@pytest.mark.parametrize(
    "repeated", [(b"NOTHING KNOWN:",), (b"NOTHING KNOWN:", b"", b"", b" ", b""), (b"FILER:", b"\tCOMPANY DATA:", b"X:")]
)
def test_reading_a_header_takes_work_in_proportion_to_its_lines(
    repeated: tuple[bytes, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert looks(4_000, monkeypatch, *repeated) <= 2 * looks(2_000, monkeypatch, *repeated) + 10


def test_headers_are_read_alike_by_threads_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    source = generated()
    alone = [header_reference.read(head) for head in source]
    monkeypatch.setattr(header, "_REMEMBERED", 40)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(header.parse, source * 5)) == alone * 5
    finally:
        sys.setswitchinterval(interval)
