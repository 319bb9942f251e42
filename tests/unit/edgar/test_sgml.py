from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import header, sgml
from submissions import read_submission

HEADER = (
    b"<SEC-DOCUMENT>0000000001-20-000001.txt : 20200102\n<SEC-HEADER>0000000001-20-000001.hdr.sgml : 20200102\n"
    b"ACCESSION NUMBER:\t\t0000000001-20-000001\nCONFORMED SUBMISSION TYPE:\t8-K\nPUBLIC DOCUMENT COUNT:\t\t2\n"
    b"ITEM INFORMATION:\t\tOther Events\nITEM INFORMATION:\t\tSome new item\nFILED AS OF DATE:\t\t20200102\n\n"
    b"FILER:\n\n"
    b"\tCOMPANY DATA:\t\n\t\tCOMPANY CONFORMED NAME:\t\t\tSAMPLE CORP\n\t\tCENTRAL INDEX KEY:\t\t\t0000000001\n"
    b"\t\tSTANDARD INDUSTRIAL CLASSIFICATION:\tSAMPLES [9999]\n\n\tFILING VALUES:\n\t\tFORM TYPE:\t\t8-K\n"
    b"\t\tSEC ACT:\t\t1934 Act\n\n\tFORMER COMPANY:\t\n\t\tFORMER CONFORMED NAME:\tOLD ONE\n"
    b"\tFORMER COMPANY:\t\n\t\tFORMER CONFORMED NAME:\tOLD TWO\n</SEC-HEADER>\n"
)


def document(content: bytes, name: bytes = b"a.htm", end: bytes = b"\n</TEXT>\n</DOCUMENT>\n") -> bytes:
    return b"<DOCUMENT>\n<TYPE>8-K\n<SEQUENCE>1\n<FILENAME>" + name + b"\n<TEXT>\n" + content + end


def submission(*documents: bytes) -> bytes:
    return HEADER + b"".join(documents) + b"</SEC-DOCUMENT>\n"


def contents(raw: bytes) -> list[bytes]:
    return [bytes(d.content) for d in sgml.parse(raw).documents]


@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_line_ends_of_any_kind_are_read(newline: bytes) -> None:
    raw = submission(document(b"one\ntwo"), document(b"<XML>\n<a/>\n</XML>", b"a.xml")).replace(b"\n", newline)
    parsed = sgml.parse(raw)
    assert [bytes(d.content) for d in parsed.documents] == [b"one" + newline + b"two", b"<a/>"]
    assert [d.filename for d in parsed.documents] == ["a.htm", "a.xml"]
    assert not parsed.truncated
    assert parsed.form == "8-K"


def test_text_documents_are_views_not_copies() -> None:
    raw = submission(document(b"content"))
    content = sgml.parse(raw).documents[0].content
    assert isinstance(content, memoryview)
    assert content.obj is raw


@pytest.mark.parametrize("content", [b"", b"</TEXT> is a tag\nthat one may quote", b"a\n<DOCUMENT>\nb", b"  blanks  "])
def test_content_is_kept_as_filed(content: bytes) -> None:
    assert contents(submission(document(content), document(b"next"))) == [content, b"next"]


def test_text_without_end_stops_at_the_next_document() -> None:
    raw = submission(document(b"open", end=b"\n"), document(b"next"))
    parsed = sgml.parse(raw)
    assert [bytes(d.content) for d in parsed.documents] == [b"open", b"next"]
    assert not parsed.truncated  # the submission itself is whole


@pytest.mark.parametrize("cut", [len(HEADER) + 5, len(HEADER) + 40, len(HEADER) + 75, -2, -20])
def test_a_file_cut_off_anywhere_is_flagged(cut: int) -> None:
    raw = submission(document(b"some content that is long enough to be cut"))
    parsed = sgml.parse(raw[:cut])
    assert parsed.truncated
    assert parsed.accession == "0000000001-20-000001"


@pytest.mark.parametrize("raw", [b"", b"<html>Not found</html>", b"\x00" * 100])
def test_what_is_no_submission_is_refused_with_its_name(raw: bytes) -> None:
    with pytest.raises(sgml.NotASubmission, match="0000000001-20-000001"):
        sgml.parse(raw, accession="0000000001-20-000001")


LINES = [
    *HEADER.decode().splitlines(),
    *("<FILER>x", "<ITEMS>1", "<ITEMS>", "</ITEMS>", "FORMER COMPANY: x", "COMPANY DATA: y", "FILER: z", "</ISSUER>"),
    *("<REPORTING-OWNER>", "<OWNER-DATA>", "</OWNER-DATA>", "<CIK>12", "<FILER>", "</FILER>", "<COMPANY-DATA>"),
    *("<DOCUMENT>", "<TYPE>4", "<TEXT>", "</TEXT>", "</DOCUMENT>", "<XML>", "</XML>", "begin 644 a.gif", "M", "end"),
]


@given(st.lists(st.one_of(st.sampled_from(LINES), st.text(max_size=30)), max_size=60))
def test_damaged_submissions_never_crash_the_parser(lines: list[str]) -> None:
    raw = "\n".join(lines).encode(errors="surrogatepass")
    try:
        parsed = sgml.parse(raw)
    except sgml.NotASubmission:
        return
    header.entities(parsed.header)
    assert sum(len(d.content) for d in parsed.documents) <= 64 * len(raw)


def test_both_forms_give_the_same_header() -> None:
    tags = (
        b"<SUBMISSION>\n<ACCESSION-NUMBER>0000000001-20-000001\n<TYPE>8-K\n<PUBLIC-DOCUMENT-COUNT>2\n<ITEMS>8.01\n"
        b"<ITEMS>Some new item\n<FILING-DATE>20200102\n<FILER>\n<COMPANY-DATA>\n<CONFORMED-NAME>SAMPLE CORP\n"
        b"<CIK>0000000001\n<ASSIGNED-SIC>9999\n</COMPANY-DATA>\n<FILING-VALUES>\n<FORM-TYPE>8-K\n<ACT>34\n"
        b"</FILING-VALUES>\n<FORMER-COMPANY>\n<FORMER-CONFORMED-NAME>OLD ONE\n</FORMER-COMPANY>\n<FORMER-COMPANY>\n"
        b"<FORMER-CONFORMED-NAME>OLD TWO\n</FORMER-COMPANY>\n</FILER>\n"
    )
    from_text, from_tags = header.parse(HEADER), header.parse(tags)
    assert from_text["filer"][0]["company_data"].pop("sic_description") == "SAMPLES"
    assert from_text == from_tags
    assert from_tags["items"] == ["8.01", "Some new item"]
    assert [e["former_conformed_name"] for e in from_tags["filer"][0]["former_company"]] == ["OLD ONE", "OLD TWO"]


def test_real_submissions_agree_with_what_is_known_of_them(real_data: Path, real_index: list[dict[str, str]]) -> None:
    for known in real_index:
        parsed = sgml.parse(read_submission(real_data / known["file"]))
        ciks = {str(cik) for _, cik, _ in header.entities(parsed.header)}
        assert parsed.accession == known["accession"]
        assert parsed.form == known["form"], known["accession"]
        assert parsed.header["filing_date"] == known["filed"], known["accession"]
        assert len(parsed.documents) == int(known["documents"]), known["accession"]
        assert ciks >= set(known["filer_cik"].split(";")), known["accession"]
        uuencoded = [d for d in parsed.documents if d.encoding == "uuencode"]
        assert len(uuencoded) == int(known["uuencoded"]), known["accession"]
        for part in uuencoded:
            _has_its_marks(known["accession"], part)


# A .jpg may well be a PNG: filers name files as they like.
_IMAGES = (b"GIF8", b"\xff\xd8\xff", b"\x89PNG")
_MARKS = {
    **dict.fromkeys((".gif", ".jpg", ".jpeg", ".png"), _IMAGES),
    ".pdf": (b"%PDF",),
    ".zip": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
}


def _has_its_marks(accession: str, part: sgml.Document) -> None:
    marks = _MARKS.get(Path(part.filename.lower()).suffix, (b"",))
    assert bytes(part.content[:16]).startswith(marks), (accession, part.filename)


def test_a_submission_in_both_forms_holds_the_same_documents(real_data: Path) -> None:
    pairs = [p for p in real_data.glob("*.nc.zst") if p.with_name(p.name.replace(".nc.", ".txt.")).exists()]
    assert pairs
    for path in pairs:
        tagged = sgml.parse(read_submission(path))
        labelled = sgml.parse(read_submission(path.with_name(path.name.replace(".nc.", ".txt."))))
        assert [(d.type, d.filename) for d in tagged.documents] == [(d.type, d.filename) for d in labelled.documents]
        ours = labelled.header
        assert ours.pop("acceptance_datetime")
        for _, _, entity in header.entities(ours):
            (entity.get("company_data") or entity["owner_data"]).pop("sic_description", None)
        assert ours == tagged.header
