"""A long XML document a part at a time."""

from __future__ import annotations

import pytest
from lxml import etree

from filings.edgar.document import Document
from filings.edgar.xml_stream import parts
from filings.edgar.xml_tree import NotXml

PART = "<p:part><p:name>{}</p:name></p:part>"


def document(*names: str, end: str = "</p:list>") -> Document:
    body = "".join(map(PART.format, names))
    content = f'\n<?xml version="1.0"?><p:list xmlns:p="x"><p:head>H</p:head>{body}{end}'
    return Document("X", "1", "list.xml", "", "text", content.encode())


def test_parts_come_with_names_that_have_no_prefix_and_the_root_comes_last_without_them() -> None:
    found = []
    for element in parts(document("A", "B"), "part"):
        found.append((element.tag, [child.tag for child in element]))
    assert found == [("part", ["name"]), ("part", ["name"]), ("list", ["head"])]


def test_a_part_is_emptied_when_the_next_is_asked_for() -> None:
    steps = parts(document("A", "B", "C"), "part")
    first = next(steps)
    assert len(first) == 1
    next(steps)
    assert len(first) == 0


def test_parts_at_the_beginning_may_be_skipped() -> None:
    assert [element.findtext("name") for element in parts(document("A", "B", "C"), "part", skip=2)] == ["C", None]


def test_a_document_that_breaks_off_gives_its_parts_and_then_says_where() -> None:
    found = []
    with pytest.raises(NotXml, match=r"list\.xml is not well-formed XML after 2 part"):
        for element in parts(document("A", "B", end="<p:part>"), "part"):
            found.append(element.findtext("name"))
    assert found == ["A", "B"]


def test_long_lines_that_edgar_has_broken_are_joined_and_no_part_comes_twice() -> None:
    whole = bytes(document(*(f"N{n}" for n in range(100))).filed).strip()
    broken = b"\n".join(whole[at : at + 1023] for at in range(0, len(whole), 1023))
    found = [element.findtext("name") for element in parts(Document("X", "1", "l", "", "text", broken), "part")]
    assert found == [*(f"N{n}" for n in range(100)), None]


def test_an_entity_of_another_file_is_not_read() -> None:
    content = b'<!DOCTYPE l [<!ENTITY e SYSTEM "file:///etc/passwd">]><l><part><name>&e;</name></part></l>'
    assert "root" not in str(
        [etree.tostring(element) for element in parts(Document("X", "1", "l", "", "text", content), "part")]
    )
