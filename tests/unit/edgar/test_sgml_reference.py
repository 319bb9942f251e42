"""The fast reader against a slow and plain one, on real submissions and on generated ones."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import sgml_reference
from filings.edgar import sgml
from sandbox.generate.make import make, next_business_day
from submissions import read_submission

GIF = ((b"GIF87a", b"GIF89a"), b";")
PNG = ((b"\x89PNG\r\n\x1a\n",), b"IEND\xaeB`\x82")
JPG = ((b"\xff\xd8\xff",), b"\xff\xd9")
PDF = ((b"%PDF-",), b"%%EOF")
ZIP = ((b"PK\x03\x04",), b"PK\x05\x06")
MARKS = {".gif": GIF, ".png": PNG, ".jpg": JPG, ".jpeg": JPG, ".pdf": PDF, ".zip": ZIP, ".xlsx": ZIP}
# How far from its end a file may have its last mark: a PDF's is followed by a line break, a ZIP's by a comment.
TAIL = {".pdf": 1024, ".zip": 22 + 65535, ".xlsx": 22 + 65535}
WITHOUT_MARKS = {
    ("0000796343-23-000044", "image.jpg"): "a PNG that its filer named .jpg",
    (
        "0001213900-21-035033",
        "image_004.jpg",
    ): "filed with a doubled dot in its last line, which moves the end by a letter",
    (
        "0001493152-23-041369",
        "ex5-2_002.jpg",
    ): "filed with a doubled dot in its last line, which moves the end by a letter",
}


def assert_same(raw: bytes, name: str) -> sgml.Submission:
    fast, slow = sgml.parse(raw), sgml_reference.read(raw)
    assert len(fast.documents) == len(slow), name
    for ours, theirs in zip(fast.documents, slow, strict=True):
        assert (ours.type, ours.sequence, ours.filename, ours.description, ours.encoding) == (
            theirs.type,
            theirs.sequence,
            theirs.filename,
            theirs.description,
            theirs.encoding,
        ), name
        assert bytes(ours.content) == theirs.content, (name, ours.filename)
    return fast


def has_marks(filename: str, content: bytes) -> bool:
    ending = Path(filename.lower()).suffix
    heads, tail = MARKS[ending]
    return content.startswith(heads) and tail in content[-TAIL.get(ending, len(tail)) :]


def test_real_submissions_are_read_as_the_reference_reads_them(
    real_data: Path, real_index: list[dict[str, str]]
) -> None:
    without = set()
    for known in real_index:
        submission = assert_same(read_submission(real_data / known["file"]), known["file"])
        for document in submission.documents:
            if document.encoding == "uuencode" and Path(document.filename.lower()).suffix in MARKS:
                whole = has_marks(document.filename, bytes(document.content))
                without |= set() if whole else {(submission.accession, document.filename)}
    if real_data.name == "edgar" and len(real_index) == 213:
        assert without == set(WITHOUT_MARKS)
    else:
        assert without <= set(WITHOUT_MARKS)


@pytest.mark.parametrize("plain", [True, False])
def test_generated_submissions_are_read_as_the_reference_reads_them(plain: bool) -> None:
    days = [next_business_day(date(2025, 3, 1))]
    marked = 0
    for number in range(120):
        filing = make(3, number, days, plain=plain)
        submission = assert_same(filing.data, f"{filing.accession}, number {number}")
        for document in submission.documents:
            if document.encoding == "uuencode" and Path(document.filename.lower()).suffix in MARKS:
                assert has_marks(document.filename, bytes(document.content)), (filing.accession, document.filename)
                marked += 1
    assert marked


HEAD = b"<SEC-DOCUMENT>0000000001-20-000001.txt : 20200102\nACCESSION NUMBER:\t\t0000000001-20-000001\n"
TAGS = b"<DOCUMENT>\n<TYPE>EX-1\n<SEQUENCE>1\n<FILENAME>a.txt\n"
PICTURE = b"begin 644 a.gif\n#86)C\n#9\n`\nend"
ODD = {
    "closed": TAGS + b"<TEXT>\none\n</TEXT>\n</DOCUMENT>\n",
    "empty": TAGS + b"<TEXT>\n</TEXT>\n</DOCUMENT>\n",
    "content beside its tags": TAGS + b"<TEXT>one</TEXT></DOCUMENT>\n",
    "blank lines between the closing tags": TAGS + b"<TEXT>\none\n</TEXT>\n\n \n</DOCUMENT>\n",
    "no closing": TAGS + b"<TEXT>\none\n\n",
    "no closing of the text": TAGS + b"<TEXT>\none\n</DOCUMENT>\n",
    "no closing of the document": TAGS + b"<TEXT>\none\n</TEXT>\n",
    "closing cut off": TAGS + b"<TEXT>\none\n</TEXT>\n</DOC",
    "no text": TAGS,
    "quoted tags": TAGS + b"<TEXT>\n</TEXT> is\n <DOCUMENT>\n</DOCUMENT>\nquoted\n<DOCUMENT>\n</TEXT>\n</DOCUMENT>\n",
    "tags in another order": b"<DOCUMENT>\n<FILENAME>b.txt\n<TYPE>EX-2\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n",
    "tag twice": TAGS + b"<FILENAME>c.txt\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n",
    "tag in a description": TAGS + b"<DESCRIPTION>of <TEXT>\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n",
    "letters of another alphabet": TAGS + b"<DESCRIPTION>caf\xe9\n<TEXT>\nx\n</TEXT>\n</DOCUMENT>\n",
    "wrapped": TAGS + b"<TEXT>\n<XML>\n<a/>\n</XML>\n</TEXT>\n</DOCUMENT>\n",
    "wrapped without end": TAGS + b"<TEXT>\n<XML>\n<a/>\n</TEXT>\n</DOCUMENT>\n",
    "picture": TAGS + b"<TEXT>\n" + PICTURE + b"\n</TEXT>\n</DOCUMENT>\n",
    "wrapped picture": TAGS + b"<TEXT>\n<PDF>\n" + PICTURE + b"\n</PDF>\n</TEXT>\n</DOCUMENT>\n",
    "picture cut off": TAGS + b"<TEXT>\n" + PICTURE[:-8],
}


@pytest.mark.parametrize("first", ODD)
def test_odd_documents_side_by_side_are_read_as_the_reference_reads_them(first: str) -> None:
    for second in ODD:
        for newline in (b"\n", b"\r\n", b"\r"):
            raw = (HEAD + ODD[first] + ODD[second]).replace(b"\n", newline)
            assert_same(raw, f"{first}, {second}, {newline!r}")
