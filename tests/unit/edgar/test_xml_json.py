"""XML as JSON: predictable, near to the XML, and never a silent nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from filings.archive.compression import decompress
from filings.edgar.xml_encoding import Repaired
from filings.edgar.xml_json import Unresolved, parse_xml, structured, unwrapped


@pytest.mark.parametrize(
    ("xml", "content"),
    [
        ("<a>text</a>", "text"),
        ("<a> text\n</a>", " text\n"),
        ("<a/>", None),
        ("<a></a>", None),
        ("<a><b>1</b></a>", {"b": "1"}),
        ("<a><b>1</b><c/><b>2</b></a>", {"b": ["1", "2"], "c": None}),
        ("<a><b/><b/></a>", {"b": [None, None]}),
        ("<a><b><c>1</c></b><b><c>2</c></b></a>", {"b": [{"c": "1"}, {"c": "2"}]}),
        ('<a x="1">text</a>', {"@x": "1", "#text": "text"}),
        ('<a x="1"/>', {"@x": "1"}),
        ("<a>one <b>two</b> three</a>", {"b": "two", "#text": "one  three"}),
        ("<a>\n <b>1</b>\n</a>", {"b": "1"}),
        ('<p:a xmlns:p="u:p" xmlns="u:d"><p:b/><c/></p:a>', {"@xmlns": {"p": "u:p", "": "u:d"}, "b": None, "c": None}),
        ('<a><b xmlns="u:b">1</b></a>', {"b": {"@xmlns": {"": "u:b"}, "#text": "1"}}),
        ('<a xml:lang="en">x</a>', {"@xml:lang": "en", "#text": "x"}),
        ("<?xml version='1.0'?><!-- c --><a><!-- c --><?pi x?>1</a>", "1"),
        ("<a>x &amp; <![CDATA[<y>]]></a>", "x & <y>"),
    ],
)
def test_shapes(xml: str, content: Any) -> None:
    found = structured(xml.encode())
    assert (found.root, found.content, found.reason) == ("a", content, None)


def test_entities_are_not_resolved() -> None:
    found = structured(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY f "boom">]><a>x&e;y&f;</a>')
    assert found.content == "x&e;y&f;"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n", "empty"),
        (b"<a><b></a>", "not well-formed"),
        (b"no xml", "not well-formed"),
        (b"<a>\xff</a>", "not well-formed"),
        (b"<a>" * 300 + b"</a>" * 300, "not well-formed"),
    ],
)
def test_what_cannot_be_read_says_why(content: bytes, reason: str) -> None:
    found = structured(content)
    assert found.content is None
    assert reason in (found.reason or "")


def wrapped(text: str, width: int = 1023) -> bytes:
    """As EDGAR breaks lines that are too long."""
    return "\n".join(text[i : i + width] for i in range(0, len(text), width)).encode()


def test_lines_that_edgar_broke_are_joined_where_that_makes_it_xml() -> None:
    xml = "<a>" + "".join(f'<item{n} name="é{n}">{n}</item{n}>' for n in range(500)) + "</a>"
    broken = wrapped(xml)
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(broken)
    found = structured(broken)
    assert found.repaired
    assert found.content == structured(xml.encode()).content


def test_lines_broken_in_mid_text_are_left_since_nothing_proves_it() -> None:
    found = structured(b"<a>" + b"x" * 1020 + b"\nmore</a>")
    assert not found.repaired
    assert "\n" in found.content


def test_a_break_elsewhere_is_not_repaired() -> None:
    found = structured(b"<a><lo\nng>1</long></a>")
    assert found.content is None
    assert not found.repaired


def test_only_lines_of_exactly_1023_characters_are_joined() -> None:
    assert unwrapped(b"x" * 1023 + b"\r\ny\n" + b"z" * 1022 + b"\nend") == b"x" * 1023 + b"y\n" + b"z" * 1022 + b"\nend"
    assert unwrapped("é".encode() * 1023 + b"\ny") == "é".encode() * 1023 + b"y"


TREES = st.recursive(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5),
    lambda children: st.dictionaries(
        st.sampled_from(["b", "c", "d"]), children | st.lists(children, min_size=2), max_size=3
    ),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from(["b", "c"]), TREES, min_size=1))
def test_a_tree_survives_the_way_through_xml(tree: dict[str, Any]) -> None:
    def build(name: str, value: Any) -> etree._Element:
        element = etree.Element(name)
        if isinstance(value, dict):
            for key, inner in value.items():
                for one in inner if isinstance(inner, list) else [inner]:
                    element.append(build(key, one))
        else:
            element.text = value
        return element

    def expected(value: Any) -> Any:
        if isinstance(value, dict):
            return {
                k: [expected(i) for i in v] if isinstance(v, list) else expected(v) for k, v in value.items()
            } or None
        return value or None

    found = structured(etree.tostring(build("a", tree), encoding="utf-8"))
    assert found.content == expected(tree)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    structured(content)
    structured(b"<a>" + content + b"</a>")


def test_all_text_of_real_xml_documents_is_in_the_json(real_data: Path) -> None:
    def strings(value: Any) -> list[str]:
        if isinstance(value, dict):
            return [s for key, inner in value.items() if not key.startswith("@") for s in strings(inner)]
        if isinstance(value, list):
            return [s for inner in value for s in strings(inner)]
        return [value] if value else []

    seen = 0
    for path in sorted((real_data / "artefacts").glob("*/*.xml.zst"))[::6]:
        content = decompress(path.read_bytes(), path.name).lstrip()
        if path.parent.name in ("xbrl_instance", "ixbrl_htm") or len(content) > 500_000:
            continue
        found = structured(content)
        if found.reason:
            with pytest.raises(etree.XMLSyntaxError):
                etree.fromstring(content)
            continue
        elements = list(etree.fromstring(content).iter("*"))
        expected = "".join("".join((text or "").split()) for e in elements for text in (e.text, e.tail))
        assert sorted("".join("".join(s.split()) for s in strings(found.content))) == sorted(expected), path.name
        seen += 1
    assert seen > 10


def test_a_tree_is_made_of_utf_16_and_of_windows_1252_for_who_wants_to_be_told() -> None:
    assert parse_xml("\ufeff<a>é</a>".encode("utf-16-le") + b"\n").text == "é"
    with pytest.raises(etree.XMLSyntaxError):
        parse_xml(b"<a>caf\xe9</a>")
    told: list[Repaired] = []
    assert parse_xml(b"<a>caf\xe9</a>", told).text == "café"
    assert [repair.value for repair in told] == ["café"]


def test_broken_lines_and_odd_bytes_are_both_repaired() -> None:
    xml = "<a>" + "".join(f'<item{n} name="é{n}">{n}</item{n}>' for n in range(500)) + "</a>"
    broken = wrapped(xml).replace("é400".encode(), b"\xe9400")
    told: list[Repaired] = []
    assert etree.tostring(parse_xml(broken, told)) == etree.tostring(etree.fromstring(xml))
    assert len(told) == 1


def test_what_odd_bytes_do_not_explain_is_refused_as_it_is() -> None:
    told: list[Repaired] = []
    with pytest.raises(etree.XMLSyntaxError, match=r"[Ii]nvalid bytes|not proper UTF-8"):
        parse_xml(b"<a>\xe9<b></a>", told)
    assert not told


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY e "boom">]><a>x&e;</a>',
        b'<!DOCTYPE a [<!ENTITY e "boom">]><a b="&e;"/>',
        b'<!DOCTYPE a SYSTEM "a.dtd"><a><b>&e;</b></a>',
    ],
)
def test_a_tree_is_refused_whose_entities_would_be_missing(xml: bytes) -> None:
    with pytest.raises(Unresolved, match="&e;, are its own and are not resolved"):
        parse_xml(xml)


def test_a_dtd_without_entities_and_xmls_own_entities_do_no_harm() -> None:
    assert parse_xml(b'<!DOCTYPE a SYSTEM "a.dtd" [<!ELEMENT a ANY>]><a>x &amp; &#233;</a>').text == "x & é"
