"""Composed submissions come apart into what they were composed of; and damaged ones in work that grows with them."""

from __future__ import annotations

import binascii
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml, sgml_split, uuencode

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="<"), max_size=20
)
LINES = st.lists(st.one_of(WORDS, st.sampled_from(["</TEXT> is quoted", "a <DOCUMENT> too", "</DOCUMENT>", "begin x"])))
MARKS = (b"begin ", b"<XML>", b"<XBRL>", b"<PDF>", b"<JSON>")


@st.composite
def parts(draw: st.DrawFn) -> tuple[tuple[str, ...], bytes, str, str]:
    """Type, sequence, name and description of a document; its content; how it is encoded, and wrapped."""
    tags = tuple(draw(WORDS) for _ in range(4))
    wrapper = draw(st.sampled_from(["", "", "XML", "XBRL", "PDF", "JSON"]))
    if draw(st.booleans()):
        return tags, draw(st.binary(min_size=1, max_size=3000)), "uuencode", wrapper
    content = "\n".join(draw(LINES)).encode()
    if content.lstrip(b" \t\r\n").startswith(MARKS):
        content = b"x" + content
    return tags, content, "text", wrapper


def composed(part: tuple[tuple[str, ...], bytes, str, str], strip: bool) -> bytes:
    (kind, sequence, name, description), content, encoding, wrapper = part
    if encoding == "uuencode":
        lines = [binascii.b2a_uu(content[at : at + 45])[:-1] for at in range(0, len(content), 45)]
        content = b"\n".join([b"begin 644 x.bin", *(line.rstrip(b" ") if strip else line for line in lines), b"`\nend"])
    if wrapper:
        content = f"<{wrapper}>\n".encode() + content + f"\n</{wrapper}>".encode()
    tags = f"<DOCUMENT>\n<TYPE>{kind}\n<SEQUENCE>{sequence}\n<FILENAME>{name}\n<DESCRIPTION>{description}\n<TEXT>\n"
    return tags.encode() + content + b"\n</TEXT>\n</DOCUMENT>\n"


@given(st.lists(parts(), max_size=6), st.sampled_from([b"\n", b"\r\n", b"\r"]), st.booleans())
def test_what_was_composed_comes_apart_again(
    documents: list[tuple[tuple[str, ...], bytes, str, str]], newline: bytes, strip: bool
) -> None:
    head = b"<SEC-DOCUMENT>x\nACCESSION NUMBER:\t\t0000000001-20-000001\nCONFORMED SUBMISSION TYPE:\t8-K\n"
    raw = (head + b"".join(composed(part, strip) for part in documents) + b"</SEC-DOCUMENT>\n").replace(b"\n", newline)
    parsed = sgml.parse(raw)
    assert (parsed.accession, parsed.form, parsed.truncated) == ("0000000001-20-000001", "8-K", False)
    assert len(parsed.documents) == len(documents)
    for document, (tags, content, encoding, _) in zip(parsed.documents, documents, strict=True):
        assert (document.type, document.sequence, document.filename, document.description) == tags
        assert document.encoding == encoding
        assert bytes(document.content) == (content.replace(b"\n", newline) if encoding == "text" else content)
        assert document.size == len(document.content)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_bytes_of_any_kind_within_a_document_leave_the_next_one_whole(nonsense: bytes, cut: int) -> None:
    following = composed((("EX-2", "2", "b.htm", ""), b"whole", "text", ""), False)
    raw = b"<SUBMISSION>\n<ACCESSION-NUMBER>1\n<DOCUMENT>\n<TYPE>EX-1\n<TEXT>\n" + nonsense[:cut] + b"\n" + following
    last = sgml.parse(raw).documents[-1]
    assert (last.type, last.filename, bytes(last.content)) == ("EX-2", "b.htm", b"whole")


def searched(raw: bytes) -> int:
    """How many bytes were searched through to take a submission apart."""
    total = 0

    def counting(find: Callable[..., int]) -> Callable[..., int]:
        def counted(text: Any, mark: bytes, start: int = 0, end: int | None = None) -> int:
            nonlocal total
            found = find(text, mark, start) if end is None else find(text, mark, start, end)
            total += (len(text) if found < 0 else found) - start
            return found

        return counted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sgml_split, "find", counting(sgml_split.find))
        for document in sgml.parse(b"<SUBMISSION>\n<ACCESSION-NUMBER>1\n" + raw).documents:
            assert len(document.content) <= 32 * len(raw)
    return total


@pytest.mark.parametrize(
    "repeated",
    [
        b"<DOCUMENT>\n",
        b"<DOCUMENT>\n<TYPE>4\n",
        b"<DOCUMENT>\n<TYPE>4\n<TEXT>\n",
        b"<DOCUMENT>\n<TYPE>4\n<SEQUENCE>1\n<TEXT>\n",
        b"<DOCUMENT>\n<TEXT>\n</TEXT>\n</DOCUMENT>\n",
        b"<DOCUMENT>\n<TYPE>4\n<TEXT>\n</TEXT>\n</DOCUMENT>\n<DOCUMENT>\n",
        b"x<DOCUMENT>",
        b"</TEXT>\n",
        b"</TEXT>\n</DOCUMENT>\n",
        b"<TEXT>x",
        b"</DOCUMENT>",
    ],
)
@pytest.mark.parametrize("before", [b"", b"<DOCUMENT>\n<TYPE>4\n<SEQUENCE>1\n<TEXT>\n", b"<DOCUMENT>\nx"])
def test_taking_apart_searches_in_proportion_to_the_bytes(before: bytes, repeated: bytes) -> None:
    for times in (500, 1000):
        raw = before + repeated * times
        assert searched(raw) <= 6 * (len(raw) + 1000)


def test_a_part_is_decoded_in_work_in_proportion_to_its_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = 0
    original = uuencode._line

    def counting(line: bytes) -> bytes:
        nonlocal calls
        calls += 1
        return original(line)

    monkeypatch.setattr(uuencode, "_line", counting)
    for lines in (b"!\n", b"M\n", b"!\n\n", b"~~~\n", b"M\n!\n", b"#86)C\n" * 30 + b"!\n"):
        calls = 0
        raw = b"begin 644 a\n" + lines * 2000
        assert len(uuencode.decode(raw)) <= 32 * len(raw)
        assert calls <= raw.count(b"\n")


@pytest.mark.parametrize(
    "tail", [b"</TEXT>", b"</TEXT>\n", b"</TEXT>\n<", b"</TEXT>\r\n</DOCUMEN", b"</TEXT>\n</DOCUMENT>"]
)
def test_a_file_cut_off_within_the_closing_tags_keeps_them_out_of_the_content(tail: bytes) -> None:
    raw = b"<SUBMISSION>\n<ACCESSION-NUMBER>1\n<DOCUMENT>\n<TYPE>4\n<TEXT>\nwords\n" + tail
    parsed = sgml.parse(raw)
    assert parsed.truncated
    assert bytes(parsed.documents[0].content) == b"words"
