"""XBRL instances: every fact with all it says, as a slow reading with an XML parser gives them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from filings.archive.compression import decompress
from filings.edgar import sgml, xbrl
from filings.edgar.sgml import Document, Submission
from filings.edgar.xbrl_text import unescape

XBRLI = "{http://www.xbrl.org/2003/instance}"
XBRLDI = "{http://xbrl.org/2006/xbrldi}"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<!-- a comment with <us-gaap:Assets contextRef="c">0</us-gaap:Assets> -->
<xbrli:xbrl xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:us-gaap="http://fasb.org/us-gaap/2023"
 xmlns:xbrldi="http://xbrl.org/2006/xbrldi" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:a="http://a.com/2023">
<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">0000320193</xbrli:identifier>
 <xbrli:segment><xbrldi:explicitMember dimension="a:Axis"> a:Member </xbrldi:explicitMember>
 <xbrldi:typedMember dimension="a:Typed"><a:dom>x &amp; y</a:dom></xbrldi:typedMember>
 <xbrldi:typedMember dimension="a:None"><a:dom xsi:nil="true"/></xbrldi:typedMember></xbrli:segment></xbrli:entity>
 <xbrli:period><xbrli:startDate>2023-01-01</xbrli:startDate><xbrli:endDate>2023-03-31</xbrli:endDate></xbrli:period>
</xbrli:context>
<xbrli:context id="i"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
 <xbrli:period><xbrli:instant>
 2023-03-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
<xbrli:unit id="per"><xbrli:divide><xbrli:unitNumerator><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unitNumerator>
<xbrli:unitDenominator><xbrli:measure>xbrli:shares</xbrli:measure></xbrli:unitDenominator></xbrli:divide></xbrli:unit>
"""


def read(body: str) -> xbrl.XbrlDocument:
    return xbrl.facts(f"{HEAD}{body}</xbrli:xbrl>".encode(), "a.xml")


def test_a_fact_has_concept_namespace_value_context_unit_and_what_its_attributes_say() -> None:
    document = read('<us-gaap:Assets id="f1" decimals="-6" contextRef="i" unitRef="usd">120</us-gaap:Assets>')
    assert document.facts == [
        {
            "concept": "us-gaap:Assets",
            "namespace": "http://fasb.org/us-gaap/2023",
            "value": "120",
            "context": "i",
            "unit": "usd",
            "decimals": "-6",
            "id": "f1",
            "document": "a.xml",
        }
    ]
    assert document.problems == []


def test_contexts_have_entity_period_and_dimensions() -> None:
    contexts = read('<a:X contextRef="c">1</a:X>').contexts
    assert contexts["c"] == {
        "entity": "0000320193",
        "scheme": "http://www.sec.gov/CIK",
        "period": {"start": "2023-01-01", "end": "2023-03-31"},
        "dimensions": {
            "a:Axis": "a:Member",
            "a:Typed": {"element": "a:dom", "value": "x & y"},
            "a:None": {"element": "a:dom", "value": None},
        },
    }
    assert contexts["i"]["period"] == {"instant": "2023-03-31"}


def test_units_are_measures_and_what_they_are_divided_by() -> None:
    assert read("").units == {"usd": "iso4217:USD", "per": "iso4217:USD/xbrli:shares"}


@pytest.mark.parametrize(
    ("element", "value"),
    [
        ('<a:X contextRef="c">a &amp;amp; b &lt;p&gt;&#160;&#x2019;é</a:X>', "a &amp; b <p>\xa0\u2019é"),
        ('<a:X contextRef="c"><![CDATA[<p>1 & 2</p>]]></a:X>', "<p>1 & 2</p>"),
        ('<a:X contextRef="c"/>', ""),
        ('<a:X contextRef="c"></a:X>', ""),
        ('<a:X contextRef="c" xsi:nil="true"/>', None),
        ('<a:X contextRef="c" xsi:nil="false">1</a:X>', "1"),
        ("<a:X contextRef='c'>1</a:X>", "1"),
        ('<a:X\n  contextRef = "c"\n>1</a:X >', "1"),
        ('<a:X note="1 > 0" contextRef="c">1</a:X>', "1"),
        ('<a:X contextRef="c">one<!-- two -->three</a:X>', "onethree"),
        ('<a:X contextRef="c">line\r\nline</a:X>', "line\nline"),
    ],
)
def test_values_are_what_xml_says(element: str, value: str | None) -> None:
    (fact,) = read(element).facts
    assert fact["value"] == value
    assert fact.get("nil", False) is (value is None)


def test_an_elements_own_namespace_goes_before_the_documents() -> None:
    first, second = read('<X xmlns="http://own" contextRef="c">1</X><a:X xmlns:a="http://other" contextRef="c"/>').facts
    assert (first["concept"], first["namespace"]) == ("X", "http://own")
    assert second["namespace"] == "http://other"


def test_other_encodings_are_read() -> None:
    text = HEAD.replace("utf-8", "ISO-8859-1") + '<a:X contextRef="c">caf\xe9 \x96</a:X></xbrli:xbrl>'
    assert xbrl.facts(text.encode("latin-1"), "a.xml").facts[0]["value"] == "café –"
    utf16 = (HEAD.replace("utf-8", "utf-16") + '<a:X contextRef="c">café</a:X></xbrli:xbrl>').encode("utf-16")
    assert xbrl.facts(b"\xff\xfe" + utf16[2:], "a.xml").facts[0]["value"] == "café"


def test_a_document_that_breaks_off_gives_its_facts_and_says_so() -> None:
    document = xbrl.facts(f'{HEAD}<a:X contextRef="c">1</a:X><a:Y contextRef="c">2'.encode(), "a.xml")
    assert [fact["value"] for fact in document.facts] == ["1", "2"]
    assert any("breaks off" in problem for problem in document.problems)


def test_xbrl_without_a_fact_is_a_problem_never_a_silent_nothing() -> None:
    assert "no fact came out" in read("").problems[0]


def test_facts_that_refer_to_nothing_are_a_problem_and_are_kept() -> None:
    document = read('<a:X contextRef="lost" unitRef="gone">1</a:X>')
    assert len(document.facts) == 1
    assert any("1 contexts that are not there, such as 'lost'" in problem for problem in document.problems)
    assert any("1 units" in problem for problem in document.problems)


@given(st.text(alphabet="&#x;<>ltgampquo0123456789 a", max_size=30).map(lambda t: t.replace("<", "&lt;")))
def test_references_are_resolved_as_an_xml_parser_does(text: str) -> None:
    try:
        expected = etree.fromstring(f"<a>{text}</a>").text or ""
    except etree.XMLSyntaxError:
        unescape(text)
        return
    assert unescape(text) == expected


def submission(*documents: tuple[str, str]) -> Submission:
    return Submission(
        "0000000001-25-000001",
        "10-K",
        {},
        [
            Document("10-K", str(n), name, "", "text", content.encode())
            for n, (name, content) in enumerate(documents, 1)
        ],
    )


def test_a_submission_without_xbrl_has_none() -> None:
    assert xbrl.xbrl_json(submission(("a.htm", "<html>inlineXBRL</html>"))) is None
    assert xbrl.xbrl_json(submission(("a.xsd", '<schema xmlns="http://www.xbrl.org/2003/instance"/>'))) is None


def test_a_submission_whose_xbrl_gives_no_fact_is_an_error_that_names_the_document() -> None:
    with pytest.raises(xbrl.XbrlEmpty, match=r"0000000001-25-000001: XBRL in a\.xml"):
        xbrl.xbrl_json(submission(("a.xml", HEAD + "</xbrli:xbrl>")))


def test_one_id_for_two_contexts_in_two_documents_stays_two_contexts() -> None:
    one = HEAD + '<a:X contextRef="i" unitRef="usd">1</a:X></xbrli:xbrl>'
    two = one.replace("2023-03-31</xbrli:instant>", "2022-03-31</xbrli:instant>")
    found = xbrl.xbrl_json(submission(("1.xml", one), ("2.xml", two)))
    assert found is not None
    assert [fact["context"] for fact in found["facts"]] == ["i", "i@2.xml"]
    assert found["contexts"]["i@2.xml"]["period"] == {"instant": "2022-03-31"}
    assert [document["facts"] for document in found["documents"]] == [1, 1]


def reference(content: bytes) -> list[tuple[Any, ...]]:
    """Facts by an XML parser and nothing else."""
    found = []
    parser = etree.XMLParser(huge_tree=True, resolve_entities=False, no_network=True)
    for element in etree.fromstring(content, parser).iter("*"):
        if element.get("contextRef") is not None:
            name = etree.QName(element)
            nil = element.get(NIL) in ("true", "1")
            found.append(
                (
                    f"{element.prefix}:{name.localname}" if element.prefix else name.localname,
                    name.namespace,
                    None if nil else "".join(element.itertext()),
                    element.get("contextRef"),
                    element.get("unitRef"),
                    element.get("decimals"),
                    element.get("id"),
                )
            )
    return found


def real_instances(real_data: Path) -> list[Path]:
    return sorted((real_data / "artefacts" / "xbrl_instance").glob("*.xml.zst"))


def test_real_instances_give_the_facts_that_an_xml_parser_gives(real_data: Path) -> None:
    total = 0
    for path in real_instances(real_data)[::2]:
        content = decompress(path.read_bytes(), path.name)
        document = xbrl.facts(content, path.name)
        facts = [
            (f["concept"], f["namespace"], f["value"], f["context"], f.get("unit"), f.get("decimals"), f.get("id"))
            for f in document.facts
        ]
        assert facts == reference(content), path.name
        assert document.problems == []
        total += len(facts)
    assert total > 20_000


def test_real_instances_give_the_contexts_that_an_xml_parser_gives(real_data: Path) -> None:
    for path in real_instances(real_data)[::5]:
        content = decompress(path.read_bytes(), path.name)
        document = xbrl.facts(content, path.name)
        elements = list(etree.fromstring(content).iter(f"{XBRLI}context"))
        assert list(document.contexts) == [element.get("id") for element in elements]
        for element in elements:
            context = document.contexts[str(element.get("id"))]
            explicit = {m.get("dimension"): (m.text or "").strip() for m in element.iter(f"{XBRLDI}explicitMember")}
            assert explicit.items() <= context["dimensions"].items()
            assert len(context["dimensions"]) == len(explicit) + len(list(element.iter(f"{XBRLDI}typedMember")))
            assert context["entity"] == (element.findtext(f".//{XBRLI}identifier") or "").strip()


def test_real_submissions_agree_with_the_instance_that_edgar_extracts(real_data: Path) -> None:
    """EDGAR's own extraction of an inline document judges ours: the same facts, the same values."""
    pairs = 0
    for path in sorted(real_data.glob("*.zst")):
        content = decompress(path.read_bytes(), path.name)
        found = xbrl.xbrl_json(sgml.parse(content)) if b"inlineXBRL" in content else None
        extracted = {d["filename"] for d in (found or {"documents": []})["documents"] if d.get("extracted_from")}
        if not extracted:
            continue
        assert found is not None
        theirs, ours = set(), set()
        for fact in found["facts"]:
            side = theirs if fact["document"] in extracted else ours
            value = fact["value"]
            if value is not None and "<" not in value:  # markup may be written in more than one way
                side.add((fact["concept"], fact["context"], fact.get("unit"), " ".join(value.split())))
        assert ours == theirs, path.name
        pairs += 1
    assert pairs >= 10
