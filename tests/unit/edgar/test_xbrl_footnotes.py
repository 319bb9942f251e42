"""Footnotes stay with the facts that they belong to, in instances and in inline documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from filings.archive.compression import decompress
from filings.edgar import ixbrl, xbrl

LINK = "{http://www.xbrl.org/2003/linkbase}"
XLINK = "{http://www.w3.org/1999/xlink}"
HEAD = """<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:link="http://www.xbrl.org/2003/linkbase"
 xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:a="http://a.com"><context id="c"><entity>
<identifier scheme="s">1</identifier></entity><period><instant>2023-01-01</instant></period></context>
<a:X contextRef="c" id="x">1</a:X><a:Y contextRef="c" id="y">2</a:Y>"""
PAGE = """<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:a="http://a.com" xml:lang="en-US"><body>
<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2023-01-01</xbrli:instant></xbrli:period></xbrli:context>{body}</body></html>"""


def link(*parts: str) -> str:
    return f"<link:footnoteLink>{''.join(parts)}</link:footnoteLink>"


def loc(fact: str, label: str) -> str:
    return f'<link:loc xlink:type="locator" xlink:href="#{fact}" xlink:label="{label}"/>'


def note(label: str, text: str, attributes: str = 'xml:lang="en-US"') -> str:
    return f'<link:footnote xlink:type="resource" xlink:label="{label}" {attributes}>{text}</link:footnote>'


def arc(start: str, end: str) -> str:
    return f'<link:footnoteArc xlink:type="arc" xlink:from="{start}" xlink:to="{end}"/>'


def instance(*links: str) -> xbrl.XbrlDocument:
    return xbrl.facts(f"{HEAD}{''.join(links)}</xbrl>".encode(), "a.xml")


def page(body: str) -> xbrl.XbrlDocument:
    return xbrl.facts(PAGE.format(body=body).encode(), "a.htm")


def text(name: str, key: str) -> str:
    return f'<ix:nonNumeric name="a:{name}" contextRef="c" id="{key}">v</ix:nonNumeric>'


def tied(document: xbrl.XbrlDocument) -> dict[str, list[str]]:
    return {fact["id"]: fact["footnotes"] for fact in document.facts if "footnotes" in fact}


def test_an_arc_ties_a_fact_to_a_note() -> None:
    found = instance(link(loc("x", "l"), note("n", "see <b>note</b>\n 7 &amp; 8"), arc("l", "n")))
    assert found.footnotes == {"n": {"text": "see note 7 & 8", "lang": "en-US"}}
    assert tied(found) == {"x": ["n"]}
    assert found.problems == []


def test_one_note_may_belong_to_many_facts_and_a_fact_have_many_notes() -> None:
    found = instance(link(loc("x", "l"), loc("y", "l"), note("n", "1"), note("m", "2"), arc("l", "n"), arc("l", "m")))
    assert tied(found) == {"x": ["n", "m"], "y": ["n", "m"]}


def test_labels_mean_something_only_within_their_link() -> None:
    found = instance(
        link(loc("x", "l"), note("n", "one"), arc("l", "n")), link(loc("y", "l"), note("n", "two"), arc("l", "n"))
    )
    notes = {fact: [found.footnotes[key]["text"] for key in keys] for fact, keys in tied(found).items()}
    assert notes == {"x": ["one"], "y": ["two"]}


@pytest.mark.parametrize(
    ("links", "problem"),
    [
        (link(loc("x", "l"), arc("l", "n")), "not there"),
        (link(loc("z", "l"), note("n", "1"), arc("l", "n")), "footnotes of 1 facts that are not there, such as 'z'"),
    ],
)
def test_an_arc_that_leads_nowhere_is_a_problem(links: str, problem: str) -> None:
    assert any(problem in told for told in instance(links).problems)


def test_a_relationship_ties_inline_facts_to_a_note() -> None:
    found = page(
        text("X", "x") + text("Y", "y") + '<ix:footnote id="n">net of <b>tax</b></ix:footnote>'
        '<ix:relationship fromRefs="x y" toRefs="n"/>'
    )
    assert found.footnotes == {"n": {"text": "net of tax", "lang": "en-US"}}
    assert tied(found) == {"x": ["n"], "y": ["n"]}


def test_an_inline_note_goes_on_where_it_says() -> None:
    found = page(
        text("X", "x")
        + '<ix:footnote id="n" continuedAt="k">one </ix:footnote><ix:relationship fromRefs="x" toRefs="n">'
        '</ix:relationship><ix:continuation id="k">two</ix:continuation>'
    )
    assert found.footnotes["n"]["text"] == "one two"


def test_facts_of_inline_xbrl_1_0_name_their_notes() -> None:
    fact = '<ix:nonNumeric name="a:X" contextRef="c" id="x" footnoteRefs="n m">v</ix:nonNumeric>'
    found = page(fact + '<ix:footnote footnoteID="n">1</ix:footnote><ix:footnote footnoteID="m">2</ix:footnote>')
    assert tied(found) == {"x": ["n", "m"]}


def test_notes_may_stand_in_another_document_of_the_set() -> None:
    first = PAGE.format(body=text("X", "x")).encode()
    second = PAGE.format(body='<ix:footnote id="n">1</ix:footnote><ix:relationship fromRefs="x" toRefs="n"/>').encode()
    one, two = ixbrl.document_set([("1.htm", first), ("2.htm", second)])
    assert tied(one) == {"x": ["n"]}
    assert one.problems == two.problems == []


def test_real_instances_tie_what_an_xml_parser_finds_tied(real_data: Path) -> None:
    ties = 0
    for path in sorted((real_data / "artefacts" / "xbrl_instance").glob("*.xml.zst")):
        content = decompress(path.read_bytes(), path.name)
        if b"footnoteArc" not in content:
            continue
        expected: set[tuple[str, str]] = set()
        for each in etree.fromstring(content, etree.XMLParser(huge_tree=True)).iter(f"{LINK}footnoteLink"):
            locators = {
                e.get(f"{XLINK}label"): e.get(f"{XLINK}href", "").rpartition("#")[2] for e in each.iter(f"{LINK}loc")
            }
            notes = {
                e.get(f"{XLINK}label"): " ".join("".join(e.itertext()).split()) for e in each.iter(f"{LINK}footnote")
            }
            for tie in each.iter(f"{LINK}footnoteArc"):
                expected.add((locators[tie.get(f"{XLINK}from")], notes[tie.get(f"{XLINK}to")]))
        found = xbrl.facts(content, path.name)
        ours = {(fact, found.footnotes[key]["text"]) for fact, keys in tied(found).items() for key in keys}
        assert ours == expected, path.name
        ties += len(ours)
    assert ties > 900
