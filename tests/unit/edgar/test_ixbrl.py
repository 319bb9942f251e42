"""Inline XBRL: transformations, scale, sign, continuation, nesting, exclusion, and sets of documents."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from filings.archive.compression import decompress
from filings.edgar import ixbrl, xbrl
from filings.edgar.ixbrl_transforms import BadValue, number, shift, transform
from filings.edgar.ixbrl_words import number_of_words

IX = "{http://www.xbrl.org/2013/inlineXBRL}"
HEAD = """<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:a="http://a.com" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xml:lang="en-US"><body>"""
RESOURCES = """<div style="display:none"><ix:header><ix:hidden>{hidden}</ix:hidden><ix:resources>
<xbrli:context id="c"><xbrli:entity><xbrli:identifier scheme="s">1</xbrli:identifier></xbrli:entity>
<xbrli:period><xbrli:instant>2023-01-01</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="u"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit></ix:resources></ix:header></div>"""


def page(body: str, hidden: str = "", resources: str = RESOURCES) -> bytes:
    return f"{HEAD}{resources.format(hidden=hidden)}{body}</body></html>".encode()


def read(body: str, hidden: str = "") -> xbrl.XbrlDocument:
    return xbrl.facts(page(body, hidden), "a.htm")


def value(body: str) -> str | None:
    (fact,) = read(body).facts
    return fact["value"]


def numeric(text: str, attributes: str = "") -> str:
    return f'<ix:nonFraction name="a:N" contextRef="c" unitRef="u" decimals="0" {attributes}>{text}</ix:nonFraction>'


def textual(text: str, attributes: str = "") -> str:
    return f'<ix:nonNumeric name="a:T" contextRef="c" {attributes}>{text}</ix:nonNumeric>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (numeric("1234"), "1234"),
        (numeric("1,234.50", 'format="ixt:num-dot-decimal"'), "1234.50"),
        (numeric("1,234.5", 'format="ixt:num-dot-decimal" scale="6"'), "1234500000"),
        (numeric("27.5", 'format="ixt:num-dot-decimal" scale="-2"'), "0.275"),
        (numeric("1.234,5", 'format="ixt:numcommadecimal" scale="3"'), "1234500"),
        (numeric("5", 'sign="-" scale="3"'), "-5000"),
        (numeric("—", 'format="ixt:fixed-zero" scale="6" sign="-"'), "0"),
        (numeric("<b>1</b>,<i>000</i>", 'format="ixt:num-dot-decimal"'), "1000"),
        (numeric("&#160;12&nbsp;", 'format="ixt:num-dot-decimal"'), "12"),
        (numeric("seven", 'format="ixt-sec:numwordsen"'), "7"),
        (numeric("", 'xsi:nil="true"'), None),
        ('<ix:nonFraction name="a:N" contextRef="c" xsi:nil="true"/>', None),
        (textual("plain <b>bold</b> &amp; done"), "plain bold & done"),
        (textual("a<b>x</b>&amp;", 'escape="true"'), "a<b>x</b>&amp;"),
        (textual("December 31, 2023", 'format="ixt:date-monthname-day-year-en"'), "2023-12-31"),
        (textual("kept<ix:exclude>page 3</ix:exclude> on"), "kept on"),
        (textual("<p>k<ix:exclude><hr/></ix:exclude></p>", 'escape="true"'), "<p>k</p>"),
    ],
)
def test_values(body: str, expected: str | None) -> None:
    assert value(body) == expected


def test_facts_inside_of_facts_are_facts_and_part_of_the_outer_text() -> None:
    outer, inner = read(textual(f"<p>about {numeric('5')} things</p>", 'escape="true"')).facts
    assert (outer["value"], inner["value"]) == ("<p>about 5 things</p>", "5")
    outer, inner = read(numeric(numeric("5", 'scale="3"'), 'scale="6"')).facts
    assert (outer["value"], inner["value"]) == ("5000000", "5000")


def test_a_text_goes_on_where_it_says() -> None:
    body = (
        textual("one ", 'continuedAt="k1"')
        + '<ix:continuation id="k2">three</ix:continuation><ix:continuation id="k1" continuedAt="k2">two '
        "<ix:exclude>not this</ix:exclude></ix:continuation>"
    )
    assert value(body) == "one two three"


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (textual("a", 'continuedAt="k"'), "continuation k does not exist"),
        (textual("a", 'continuedAt="k"') + '<ix:continuation id="k" continuedAt="k">b</ix:continuation>', "leads back"),
        (numeric("twelve"), "a number without format is not plain"),
        (numeric("12", 'format="x:unknown"'), "format x:unknown is not known"),
        (numeric("abc", 'format="ixt:num-dot-decimal"'), "not what format ixt:num-dot-decimal takes"),
        (numeric("1", 'scale="many"'), "is no integer"),
        ('<ix:nonNumeric name="b:T" contextRef="c">x</ix:nonNumeric>', "b:T: its prefix is not declared"),
        ('<ix:nonNumeric name="a:T" contextRef="c">x', "not closed"),
        (textual("x") + "</ix:nonNumeric>", "closes nothing"),
    ],
)
def test_what_is_wrong_is_named_and_the_fact_is_kept(body: str, problem: str) -> None:
    document = read(body)
    assert len(document.facts) == 1
    assert any(problem in found for found in document.problems), document.problems


def test_hidden_facts_say_so_and_texts_have_a_language() -> None:
    hidden, shown = read(textual("shown"), hidden=textual("false", 'format="ixt:fixed-false"')).facts
    assert (hidden.get("hidden"), shown.get("hidden")) == (True, None)
    assert (hidden["value"], shown["lang"]) == ("false", "en-US")


def test_a_fraction_is_numerator_and_denominator() -> None:
    body = (
        '<ix:fraction name="a:F" contextRef="c" unitRef="u"><ix:numerator format="ixt:num-dot-decimal">1,000'
        '</ix:numerator>/<ix:denominator scale="1">3</ix:denominator></ix:fraction>'
    )
    assert value(body) == "1000/30"


def test_any_prefix_may_stand_for_inline_xbrl() -> None:
    content = page(numeric("7")).replace(b"ix:", b"inl:").replace(b"xmlns:ix=", b"xmlns:inl=")
    assert [fact["value"] for fact in xbrl.facts(content, "a.htm").facts] == ["7"]


def test_markup_that_an_html_tool_wrote_in_lower_case_is_read() -> None:
    content = page(numeric("7", 'scale="3"')).decode()
    content = re.sub(r"</?(?:ix|xbrli):\w+|contextRef|unitRef", lambda match: match[0].lower(), content)
    document = xbrl.facts(content.encode(), "a.htm")
    assert [(fact["value"], fact["unit"]) for fact in document.facts] == [("7000", "u")]
    assert document.contexts["c"]["period"] == {"instant": "2023-01-01"}


def test_facts_in_comments_are_none() -> None:
    assert [f["value"] for f in read(f"<!-- {numeric('1')} -->{numeric('2')}").facts] == ["2"]


def test_the_documents_of_a_set_share_contexts_and_continue_each_other() -> None:
    first = page(textual("one ", 'continuedAt="k"'))
    second = page('<ix:continuation id="k">two</ix:continuation>' + numeric("3"), resources="")
    one, two = ixbrl.document_set([("1.htm", first), ("2.htm", second)])
    assert [fact["value"] for fact in one.facts] == ["one two"]
    assert two.contexts.keys() == {"c"}
    assert two.units == {"u": "iso4217:USD"}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("ixt:numdotdecimal", "1 234.5", "1234.5"),
        ("ixt:num-dot-decimal", ".5", "0.5"),
        ("ixt:num-dot-decimal", "007", "7"),
        ("ixt:num-comma-decimal", "1.234.567,8", "1234567.8"),
        ("ixt:numspacecomma", "1 234,5", "1234.5"),
        ("ixt:num-unit-decimal", "12 dollars 5 cents", "12.05"),
        ("ixt:zerodash", "-", "0"),
        ("ixt:nocontent", "None", ""),
        ("ixt:fixed-empty", "None", ""),
        ("ixt:booleantrue", "yes", "true"),
        ("ixt:dateslasheu", "31/12/2023", "2023-12-31"),
        ("ixt:dateslashus", "12/31/23", "2023-12-31"),
        ("ixt:datedoteu", "31.12.2023", "2023-12-31"),
        ("ixt:date-month-day-year", "12-31-2023", "2023-12-31"),
        ("ixt:date-year-month-day", "2023年12月31日", "2023-12-31"),
        ("ixt:date-day-month", "29/2", "--02-29"),
        ("ixt:date-month-day", "12/31", "--12-31"),
        ("ixt:date-month-year", "2/2023", "2023-02"),
        ("ixt:date-year-month", "2023-02", "2023-02"),
        ("ixt:datemonthdayyearen", "Sept. 5, 2023", "2023-09-05"),
        ("ixt:datedaymonthyearen", "5th of September 2023", "2023-09-05"),
        ("ixt:date-monthname-day-en", "February 29", "--02-29"),
        ("ixt:datemonthyearen", "June 2023", "2023-06"),
        ("ixt-sec:duryear", "2.5", "P2Y6M"),
        ("ixt-sec:duryear", "-1", "-P1Y"),
        ("ixt-sec:duryear", "0", "P0Y"),
        ("ixt-sec:durmonth", "18", "P18M"),
        ("ixt-sec:durweek", "2", "P14D"),
        ("ixt-sec:durday", "30", "P30D"),
        ("ixt-sec:durday", "1.5", "P1DT12H"),
        ("ixt-sec:durhour", "8", "PT8H"),
        ("ixt-sec:durwordsen", "two years, three months and 5 days", "P2Y3M5D"),
        ("ixt-sec:durwordsen", "Thirty-six months", "P36M"),
        ("ixt-sec:numwordsen", "no", "0"),
        ("ixt:num-word-en", "Twelve", "12"),
        ("ixt-sec:numwordsen", "Twenty-One", "21"),
        ("ixt-sec:numwordsen", "two hundred and five thousand, six hundred", "205600"),
        ("ixt-sec:datequarterend", "first quarter of 2024", "2024-03-31"),
        ("ixt-sec:boolballotbox", "☒", "true"),
        ("ixt-sec:boolballotbox", "☐", "false"),
        ("ixt-sec:yesnoballotbox", "☑", "Yes"),
        ("ixt-sec:exchnameen", "The NASDAQ Stock Market LLC", "NASDAQ"),
        ("ixt-sec:exchnameen", "New York Stock Exchange, Inc.", "NYSE"),
        ("ixt-sec:entityfilercategoryen", "non-accelerated  filer", "Non-accelerated Filer"),
        ("ixt-sec:stateprovnameen", "New York", "NY"),
        ("ixt-sec:stateprovnameen", "Ontario", "ON"),
        ("ixt-sec:stateprovnameen", "DE", "DE"),
        ("ixt-sec:countrynameen", "Cayman Islands", "KY"),
        ("ixt-sec:edgarprovcountryen", "Cayman Islands", "E9"),
        ("ixt-sec:edgarprovcountryen", "Ontario, Canada", "A6"),
        ("ixt-sec:edgarprovcountryen", "Delaware", "DE"),
    ],
)
def test_transformations(name: str, text: str, expected: str) -> None:
    assert transform(name, text) == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("ixt:dateslashus", "31/12/2023"),
        ("ixt:date-month-day-year", "2/30/2023"),
        ("ixt:datemonthdayyearen", "2023"),
        ("ixt:num-dot-decimal", ""),
        ("ixt:num-dot-decimal", "1.2.3"),
        ("ixt-sec:duryear", "two"),
        ("ixt-sec:durwordsen", "soon"),
        ("ixt-sec:numwordsen", "several"),
        ("ixt-sec:stateprovnameen", "Atlantis"),
        ("ixt:datedaymonthyearde", "5. Mai 2023"),
        ("ixt-sec:datequarterend", "June 2024"),
        ("ixt-sec:datequarterend", "second quarter"),
    ],
)
def test_what_a_transformation_does_not_take_is_told_with_the_text(name: str, text: str) -> None:
    with pytest.raises(BadValue, match="kept as it stands") as caught:
        transform(name, text)
    assert caught.value.raw == text


@given(
    st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**15, places=4), st.integers(-12, 12)
)
def test_scaling_is_exact(amount: Decimal, places: int) -> None:
    assert Decimal(shift(f"{amount:f}", places)) == amount.scaleb(places)


@given(st.integers(0, 10**15), st.booleans())
def test_numbers_survive_grouping_and_sign(amount: int, negative: bool) -> None:
    expected = -amount if negative else amount
    assert number(f" {amount:,} ", "ixt:num-dot-decimal", None, negative) == str(expected)


BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
ROUND = "_ _ twenty thirty forty fifty sixty seventy eighty ninety"


@given(st.integers(1, 999))
def test_numbers_in_words_are_read(amount: int) -> None:
    ones, tens = BELOW_TWENTY.split(), ROUND.split()
    rest = amount % 100
    words = [f"{ones[amount // 100]} hundred"] if amount >= 100 else []
    if rest:
        words.append(ones[rest] if rest < 20 else tens[rest // 10] + (f"-{ones[rest % 10]}" if rest % 10 else ""))
    assert number_of_words(" and ".join(words)) == amount


@given(st.binary(max_size=400))
def test_no_bytes_make_it_fail(noise: bytes) -> None:
    content = page(numeric("1")).replace(b"</body>", noise + b"</body>")
    assert len(xbrl.facts(content, "a.htm").facts) >= 1


def real_documents(real_data: Path) -> list[Path]:
    paths = sorted((real_data / "artefacts" / "ixbrl_htm").glob("*.zst"))
    return [path for path in paths if ".txt." not in path.name]


def test_real_documents_give_the_texts_that_an_xml_parser_gives(real_data: Path) -> None:
    compared = 0
    for path in real_documents(real_data)[::6]:
        content = decompress(path.read_bytes(), path.name)
        try:
            tree = etree.fromstring(content, etree.XMLParser(huge_tree=True, resolve_entities=False))
        except etree.XMLSyntaxError:
            continue
        elements = [e for e in tree.iter(f"{IX}nonFraction", f"{IX}nonNumeric") if e.get("contextRef")]
        continued = {e.get("id"): e for e in tree.iter(f"{IX}continuation")}
        facts = xbrl.facts(content, path.name).facts if elements else []
        for element, fact in zip(elements, facts, strict=True):
            assert (fact["concept"], fact["context"], fact.get("id")) == (
                element.get("name"), element.get("contextRef"), element.get("id")
            )  # fmt: skip
            if element.tag == f"{IX}nonNumeric" and not element.get("format"):
                expected = _text(element, continued)
                got = fact["value"] or ""
                if element.get("escape") == "true":
                    got = "".join(etree.fromstring(f"<a>{_named(got)}</a>", etree.XMLParser(huge_tree=True)).itertext())
                assert got == expected
                compared += 1
    assert compared > 500


def _text(element: etree._Element, continued: dict) -> str:
    """All text inside, but for what is excluded, then that of the continuations."""
    pieces = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str) and child.tag != f"{IX}exclude":
            pieces.append(_text(child, {}))
        pieces.append(child.tail or "")
    following = continued.get(element.get("continuedAt"))
    return "".join(pieces) + (_text(following, continued) if following is not None else "")


def _named(markup: str) -> str:
    return re.sub(r"&(?!amp;|lt;|gt;|quot;|apos;|#)", "&amp;", re.sub(r"<(/?)[\w-]+:", r"<\1", markup))
