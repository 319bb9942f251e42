"""A long XML document a part at a time."""

from __future__ import annotations

import pytest

from filings.edgar.document import Document
from filings.edgar.xml_stream import parts
from filings.edgar.xml_tree import Fault, NotXml

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


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be"])
def test_utf_16_gives_the_same_parts(encoding: str) -> None:
    content = bytes(document("A", "é").filed).decode().strip().encode(encoding) + b"\n"
    found = [element.findtext("name") for element in parts(Document("X", "1", "l", "", "text", content), "part")]
    assert found == ["A", "é", None]


def test_odd_bytes_are_repaired_for_who_is_told_and_no_part_is_lost_or_comes_twice() -> None:
    whole = document(*("N" * 200 for _ in range(900)), "café", "Z")
    odd = Document("X", "1", "list.xml", "", "text", bytes(whole.filed).replace("é".encode(), b"\xe9"))
    with pytest.raises(NotXml, match="after 900 part"):
        list(parts(odd, "part"))
    faults: list[Fault] = []
    found = [element.findtext("name") for element in parts(odd, "part", faults=faults)]
    assert (len(found), found[900:]) == (903, ["café", "Z", None])
    assert [(where, value) for where, value, _ in faults] == [("list.xml", "café")]


def test_odd_bytes_in_a_broken_line_are_told_once() -> None:
    whole = bytes(document(*(f"N{n}" for n in range(100)), "café").filed).strip()
    broken = b"\n".join(whole[at : at + 1023] for at in range(0, len(whole), 1023)).replace("é".encode(), b"\xe9")
    faults: list[Fault] = []
    odd = Document("X", "1", "l", "", "text", broken)
    found = [element.findtext("name") for element in parts(odd, "part", faults=faults)]
    assert found == [*(f"N{n}" for n in range(100)), "café", None]
    assert len(faults) == 1


def test_odd_bytes_before_a_document_breaks_off_are_told_and_so_is_the_end() -> None:
    whole = document("café", "B", end="<p:part>")
    odd = Document("X", "1", "list.xml", "", "text", bytes(whole.filed).replace("é".encode(), b"\xe9"))
    faults: list[Fault] = []
    found = []
    with pytest.raises(NotXml, match=r"list\.xml is not well-formed XML after 2 part: (?!.*bytes)"):
        for element in parts(odd, "part", faults=faults):
            found.append(element.findtext("name"))
    assert found == ["café", "B"]
    assert len(faults) == 1


@pytest.mark.parametrize(
    "dtd", ['[<!ENTITY e SYSTEM "file:///etc/passwd">]', '[<!ENTITY e "inner">]', 'SYSTEM "http://localhost/e.dtd"']
)
@pytest.mark.parametrize("inside", ["<part><name>&e;</name></part>", "<head>&e;</head>"])
def test_entities_of_a_documents_own_are_refused_and_read_from_nowhere(dtd: str, inside: str) -> None:
    content = f"<!DOCTYPE l {dtd}><l>{inside}</l>".encode()
    with pytest.raises(NotXml, match=r"l\.xml cannot be read: its entities, such as &e;"):
        list(parts(Document("X", "1", "l.xml", "", "text", content), "part"))
