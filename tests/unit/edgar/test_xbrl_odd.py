"""XBRL that is broken, cut, wrapped, hostile or only unusual: read as far as it goes, and told about."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import xbrl
from filings.edgar.sgml import Document, Submission
from filings.tasks import update_sec_filings_xbrl_s3 as task

CONTEXT = """<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2023-01-01</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="u"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>"""
SPACES = 'xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:a="http://a.com" xmlns:iso4217="http://i"'


def instance(body: str) -> str:
    return f"<xbrli:xbrl {SPACES}>{CONTEXT}{body}</xbrli:xbrl>"


def page(body: str) -> str:
    return f'<html xmlns:ix="http://www.xbrl.org/2013/inlineXBRL" {SPACES}><body>{CONTEXT}{body}</body></html>'


def submission(*documents: tuple[str, str, str]) -> Submission:
    parts = [
        Document(kind, str(n), name, "", "text", text.encode()) for n, (kind, name, text) in enumerate(documents, 1)
    ]
    return Submission("0000000001-25-000001", "10-K", {}, parts)


def fact(n: int, value: str = "1") -> str:
    return f'<a:Fact{n} contextRef="c" unitRef="u" decimals="0" id="id-{n}">{value}</a:Fact{n}>'


def wrapped(text: str) -> bytes:
    """As EDGAR breaks lines that are too long, wherever that falls."""
    return "\n".join(text[start : start + 1023] for start in range(0, len(text), 1023)).encode()


@pytest.mark.parametrize("inline", [False, True])
def test_lines_that_edgar_broke_are_joined_where_that_mends_the_document(inline: bool) -> None:
    number = '<ix:nonFraction name="a:Fact{0}" contextRef="c" unitRef="u" decimals="0" id="id-{0}">{0}</ix:nonFraction>'
    body = "".join(number.format(n) if inline else fact(n, str(n)) for n in range(300))
    whole = (page if inline else instance)(body).replace("\n", "")
    found, expected = xbrl.facts(wrapped(whole), "a.htm"), xbrl.facts(whole.encode(), "a.htm")
    assert found.repaired
    assert not expected.repaired
    assert (found.facts, found.contexts, found.problems) == (expected.facts, expected.contexts, [])


def test_a_document_that_reads_well_is_left_as_it_is_however_long_its_lines() -> None:
    document = xbrl.facts(instance(f"<!--{'x' * 980}-->\n" + fact(1, "y" * 1023 + "\nz")).encode(), "a.xml")
    assert document.facts[0]["value"] == "y" * 1023 + "\nz"
    assert not document.repaired


def test_one_document_of_several_without_a_fact_goes_on_record_though_the_others_have_some() -> None:
    content, note = task._facts(submission(("10-K", "a.htm", page("")), ("EX-101.INS", "b.xml", instance(fact(1)))))
    assert content is not None
    assert "a.htm: XBRL markup, and no fact came out" in note
    assert "b.xml" not in note


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("EX-101.INS", "nothing that looks like it", "instance"),
        ("10-K", page(""), "inline"),
        ("10-K", '<html><body><ix:nonNumeric name="a:b" contextRef="c">x</ix:nonNumeric>', "inline"),
        ("EX-99", f"<wrap>{instance(fact(1))}</wrap>", "instance"),
        ("EX-99", "{'contextRef': '<b>'}", None),
        ("EX-99", '&lt;a:b contextRef="c"&gt;', None),
        ("EX-101.SCH", '<schema xmlns="http://www.w3.org/2001/XMLSchema"/>', None),
    ],
)
def test_what_holds_xbrl_is_known_by_its_content_or_its_type(kind: str, content: str, expected: str | None) -> None:
    assert xbrl.kind(Document(kind, "1", "a.xml", "", "text", content.encode())) == expected


def test_texts_inside_of_texts_stay_within_bounds() -> None:
    depth = 3_000
    opening, closing = '<ix:nonNumeric name="a:T" contextRef="c" escape="true">', "</ix:nonNumeric>"
    document = xbrl.facts(page(opening * depth + "text" + closing * depth).encode(), "a.htm")
    assert len(document.facts) == depth
    assert sum(len(f["value"] or "") for f in document.facts) < 5 * 75 * depth
    assert [f["value"] for f in document.facts if f["value"] is not None]
    assert all(f["value"] is not None or f.get("left_out") for f in document.facts)
    assert any("texts inside of texts" in problem for problem in document.problems)


@pytest.mark.parametrize("text", ["1e999999999", "1e5", "1/3", "+-1", "9" * 5_000])
def test_a_duration_that_would_take_for_ever_to_reckon_is_no_duration(text: str) -> None:
    body = f'<ix:nonNumeric name="a:T" contextRef="c" format="x:duryear">{text}</ix:nonNumeric>'
    document = xbrl.facts(page(body).encode(), "a.htm")
    assert document.facts[0]["value"] == text
    assert len(document.problems) == 1


def test_a_document_odd_in_thousands_of_ways_is_told_of_in_a_few_lines() -> None:
    body = "".join(f'<ix:nonFraction name="a:N" contextRef="c" unitRef="u">x{n}</ix:nonFraction>' for n in range(5_000))
    document = xbrl.facts(page(body).encode(), "a.htm")
    assert len(document.facts) == 5_000
    assert len(document.problems) == 21
    assert document.problems[-1] == "and 4980 more problems of other kinds"


def test_the_json_in_pieces_is_the_json() -> None:
    content = xbrl.xbrl_json(submission(("EX-101.INS", "a.xml", instance("".join(fact(n) for n in range(12_000))))))
    assert content is not None
    pieces = list(xbrl.dumps(content))
    assert len(pieces) > 3
    assert orjson.loads(b"".join(pieces)) == content


NAMES = st.sampled_from(["Assets", "Net.Income-1", "Été"])
VALUES = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30)
FACTS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "value": VALUES},
        optional={"unitRef": st.just("u"), "decimals": st.sampled_from(["0", "-3", "INF"]), "id": st.uuids().map(str)},
    ),
    min_size=1,
    max_size=8,
)


def markup(value: str, cdata: bool) -> str:
    if cdata and "]]>" not in value:
        return f"<![CDATA[{value}]]>"
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


@given(FACTS, st.randoms(use_true_random=False))
def test_an_instance_gives_the_facts_that_it_was_made_of_however_it_is_written(
    facts: list[dict[str, Any]], rng: Any
) -> None:
    pieces = []
    for said in facts:
        shown = [("contextRef", "c"), *((key, said[key]) for key in ("unitRef", "decimals", "id") if key in said)]
        rng.shuffle(shown)
        quote = rng.choice("\"'")
        gap = rng.choice([" ", "\n", "  "])
        attributes = "".join(f"{gap}{name}{rng.choice(['=', ' = '])}{quote}{value}{quote}" for name, value in shown)
        value = markup(said["value"], rng.random() < 0.2)
        if value and rng.random() < 0.2:
            value = f"<!-- {fact(1)} -->{value}"
        closed = value == "" and rng.random() < 0.5
        pieces.append(f"<a:{said['name']}{attributes}" + ("/>" if closed else f">{value}</a:{said['name']}>"))
        pieces.append(rng.choice(["", "\n", "<!-- x -->"]))
    document = xbrl.facts(instance("".join(pieces)).encode(), "a.xml")
    assert document.problems == []
    for made, found in zip(facts, document.facts, strict=True):
        assert (found["concept"], found["value"], found["context"]) == (f"a:{made['name']}", made["value"], "c")
        assert (found.get("unit"), found.get("decimals"), found.get("id")) == (
            made.get("unitRef"), made.get("decimals"), made.get("id")
        )  # fmt: skip


@given(st.binary(max_size=300))
def test_no_bytes_in_an_instance_make_it_fail(noise: bytes) -> None:
    content = instance(fact(1)).encode().replace(b"</xbrli:xbrl>", noise + b"</xbrli:xbrl>")
    assert len(xbrl.facts(content, "a.xml").facts) >= 1
