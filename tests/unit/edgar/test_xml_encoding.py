"""XML as UTF-8, whatever it was written in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar.xml_encoding import beginning, utf8, windows_1252

TEXT = "<a>Société Générale – 株式会社</a>"
CHARACTERS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("declared", ["", ' encoding="UTF-16"', " encoding='utf-8'"])
@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_utf_16_becomes_utf_8_that_declares_nothing(encoding: str, mark: str, declared: str, end: bytes) -> None:
    raw = f'{mark}<?xml version="1.0"{declared}?>{TEXT}'.encode(encoding) + end
    assert bytes(utf8(memoryview(raw))).decode() == f'<?xml version="1.0"?>{TEXT}'


def test_only_the_documents_own_declaration_is_left_out() -> None:
    quoting = """<a><![CDATA[<?xml version="1.0" encoding="UTF-16"?>]]></a>"""
    assert utf8(quoting.encode("utf-16")) == quoting.encode()
    assert utf8(quoting.encode()) == quoting.encode()


def test_blanks_of_the_submission_may_stand_before_a_mark() -> None:
    assert utf8(b"\r\n" + f"\ufeff{TEXT}".encode("utf-16-le")) == TEXT.encode()


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        f'<?xml version="1.0" encoding="UTF-8"?>{TEXT}'.encode(),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>',
        TEXT.encode("utf-32"),
        b"\xff\xfe<\x00\x00\xd8>\x00",  # half a character of two
        b"",
        b"\xff\xfe",
    ],
)
def test_what_is_something_else_is_left_as_it_is(raw: bytes) -> None:
    assert utf8(raw) is raw or (not raw[2:] and not utf8(raw))


@pytest.mark.parametrize("declared", ["utf-16", "UTF-16LE", "ucs-2", "Unicode", "us-ascii", "UTF-32"])
def test_an_encoding_that_the_first_bytes_disprove_is_left_out(declared: str) -> None:
    raw = f'\ufeff<?xml version="1.0" encoding="{declared}" standalone="yes"?>{TEXT}'.encode()
    assert utf8(raw) == f'\ufeff<?xml version="1.0" standalone="yes"?>{TEXT}'.encode()


def test_a_beginning_is_readable_wherever_it_is_cut() -> None:
    raw = f"\ufeff{TEXT}".encode("utf-16-be")
    assert TEXT.encode().startswith(beginning(raw, 13))
    assert beginning(raw, 13).startswith(b"<a>So")
    assert beginning(TEXT.encode(), 5) == b"<a>So"


def test_odd_bytes_are_windows_1252_and_what_is_utf_8_stays() -> None:
    found = windows_1252("<a>Société</a>\n<b>".encode() + b"Caf\xe9 \x93Le Sud\x94</b>")
    assert found is not None
    assert found.content.decode() == "<a>Société</a>\n<b>Café “Le Sud”</b>"
    assert found.value == "Café “Le Sud”"
    assert found.rule.startswith("its byte E9 in line 2 is no UTF-8")


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        b'<?xml version="1.0" encoding="Shift_JIS"?><a>\x83\x65</a>',
        b"<a>\x81</a>",  # no character of Windows-1252
    ],
)
def test_what_is_not_windows_1252_is_not_repaired(raw: bytes) -> None:
    assert windows_1252(raw) is None


@given(CHARACTERS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_the_same_text_comes_of_every_encoding(text: str, encoding: str) -> None:
    assert bytes(utf8(f"\ufeff<a>{text}</a>".encode(encoding))).decode().removeprefix("\ufeff") == f"<a>{text}</a>"


@given(st.binary(max_size=60))
def test_no_bytes_make_it_raise(raw: bytes) -> None:
    for start in (b"", b"\xff\xfe", b"\xfe\xff<", b"<?xml encoding='utf-16'?>"):
        utf8(start + raw)
        beginning(start + raw, 16)
        windows_1252(start + raw)
