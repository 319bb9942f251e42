from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random

import orjson
import pytest

import header_reference
from filings.edgar import header
from sandbox.generate.make import make, next_business_day
from submissions import read_submission

LINES = (
    *(b"<FILER>", b"</FILER>", b"<COMPANY-DATA>", b"</COMPANY-DATA>", b"<ITEMS>8.01", b"<ITEMS>", b"<CIK>1", b"FILER:"),
    *(b"FORMER COMPANY:\t", b"\tCOMPANY DATA:\t", b"ITEM INFORMATION:\t\tx", b"FILING VALUES:", b"\x0b", b"A:B:\tc"),
    *(b"XX:\t\t", b"SUBJECT COMPANY: ", b"FOO BAR:", b"\xa0\xff", b"<PRIVATE-TO-PUBLIC>", b" <X>", b"</X>", b"<Y>"),
    *(b"SEC ACT:\t\t1934 Act", b"SEC ACT:\t\t1934 Act", b"", b"]\tPERIOD:\t2", b"<SEC&HEADER>x", b"\tSTATE>DE", b":"),
)


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


def assert_same(head: bytes) -> None:
    ours, theirs = header.parse(head), header_reference.read(head)
    assert ours == theirs
    assert list(ours) == list(theirs)  # entities() follows the order of the roles


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


def test_what_is_remembered_of_lines_is_bounded_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: list[dict[str, str]] = [{}, {}, {}, {}]
    monkeypatch.setattr(header, "_FIELD_OF", dict(zip(header._FIELD_OF, remembered[1:], strict=True)))
    monkeypatch.setattr(header, "_OPENING_LINES", remembered[0])
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

        def counting(self: header._Reader, content: str) -> None:
            original(self, content)
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
