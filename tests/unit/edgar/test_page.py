"""Pages in HTML as blocks: nothing of them is lost, and what a reader sees as one thing is one block."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.page import Block, NotAPage, blocks, is_html, text_of
from submissions import read_submission

_HIDDEN = {"head", "title", "script", "style", "ix:header"}
_TAGS = re.compile(r"</?(?:page|table|caption|s|c|fn|f\d+|r|text|document)\s*>", re.IGNORECASE)
_SOUP = "<p></p><b><td></td><tr><table></table><li><ul><br>a<hr>1<pre>&nbsp;<h1></div><!--"
_WINGDINGS = set("oþýxqüRTSnl§¨")  # letters that are boxes and bullets


def page(html: str, filename: str = "a.htm") -> list[Block]:
    return blocks(Document("10-K", "1", filename, "", "text", html.encode()))


def one(html: str) -> Block:
    (block,) = page(html)
    return block


def texts(html: str) -> list[str]:
    return [block.text for block in page(html)]


def grid(rows: str) -> list[list[str]]:
    return one(f"<table>{rows}</table>").rows


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, text))


def words_of_source(document: Document) -> str:
    """All that a page shows, as libxml2's tree has it."""
    raw = bytes(document.content)
    if not is_html(document, raw):
        return _TAGS.sub(" ", text_of(raw))
    parser = etree.HTMLParser(huge_tree=True, encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.HTML(text_of(raw).encode(), parser)
    for element in list(root.iter()):
        style = (element.get("style") or "").lower().replace(" ", "")
        if element.tag in _HIDDEN or "display:none" in style:
            tail = element.tail
            element.clear()
            element.tail = tail
    return "".join(root.itertext())


def words_of(found: list[Block]) -> str:
    return " ".join(f"{block.marker} {block.layout or block.text}" for block in found)


@pytest.fixture(scope="module")
def real(real_data: Path, real_index: list[dict[str, str]]) -> dict[str, Document]:
    """The main documents of the corpus that are pages, by accession."""
    found = {}
    for each in real_index:
        if each["form"] not in ("3", "4", "5"):
            document = sgml.parse(read_submission(real_data / each["file"])).documents[0]
            if document.encoding == "text" and not document.filename.endswith(".xml"):
                found[each["accession"]] = document
    assert len(found) > 100
    return found


def test_no_letter_of_any_page_is_lost_or_made_up(real: dict[str, Document]) -> None:
    for accession, document in real.items():
        source, found = letters(words_of_source(document)), letters(words_of(blocks(document)))
        assert found - source == Counter(), accession
        assert set(source - found) <= _WINGDINGS, accession


def test_every_inline_xbrl_page_of_the_corpus_keeps_its_letters(real_data: Path) -> None:
    paths = sorted(real_data.glob("artefacts/ixbrl_htm/*.html.zst"))
    for path in random.Random(3).sample(paths, 4):
        document = Document("10-K", "1", path.name, "", "text", read_submission(path))
        source, found = letters(words_of_source(document)), letters(words_of(blocks(document)))
        assert found - source == Counter(), path.name
        assert set(source - found) <= _WINGDINGS, path.name


def test_a_table_of_a_real_page_has_the_cells_that_a_reader_sees(real: dict[str, Document]) -> None:
    tables = [block.rows for block in blocks(real["0001045810-26-000024"]) if block.kind == "table"]
    assert ["Jen-Hsun Huang President and Chief Executive Officer", "$4,000,000", "200%"] in tables[2]
    assert all(len(row) == 3 for row in tables[2])


def test_items_and_parts_of_real_pages_are_headings(real: dict[str, Document]) -> None:
    for accession, expected in {
        "0000891020-95-000433": ["PART I", "ITEM 1. BUSINESS", "ITEM 2. PROPERTIES", "ITEM 3. LEGAL PROCEEDINGS"],
        "0001045810-26-000024": ["Item 9.01. Financial Statements and Exhibits."],
        "0000320193-94-000016": ["PART I", "Item 1. Business", "Item 2. Properties", "Item 3. Legal Proceedings"],
    }.items():
        found = [block.text for block in blocks(real[accession]) if block.kind == "heading" and block.level <= 2]
        assert set(expected) <= set(found), accession


def test_a_paragraph_is_one_line_with_entities_decoded() -> None:
    assert texts("<p>A&nbsp;&amp;\n  <i>B</i>&#8217;s &#150; end</p>") == ["A & B’s – end"]


def test_a_single_line_break_goes_on_and_two_part_paragraphs() -> None:
    assert texts("<p>one<br>two<br><br>three<br/>&nbsp;<br/>four</p>") == ["one two", "three", "four"]


def test_a_bold_line_over_a_line_break_is_a_block_of_its_own() -> None:
    assert texts("<p><b>Our people</b><br>We have ten.</p>") == ["Our people", "We have ten."]


def test_what_is_hidden_is_left_out() -> None:
    html = """<html><head><title>t</title></head><body><div style="DISPLAY : none">a<p>b</p></div>
    <ix:header><ix:hidden>c</ix:hidden></ix:header><script>d</script>e<p style="display:block">f</p></body></html>"""
    assert texts(html) == ["e", "f"]


def test_blanks_made_by_padding_part_words() -> None:
    assert texts('<div><span>Item 1.</span><span style="padding-left:9pt">Business</span></div>') == [
        "Item 1. Business"
    ]


def test_boxes_in_wingdings_are_boxes() -> None:
    html = '<p>Yes <font face="Wingdings">x</font> No <span style="font-family:Wingdings">o</span> x</p>'
    assert texts(html) == ["Yes ☒ No ☐ x"]


def test_emphasis_is_known_for_the_whole_and_for_the_begin() -> None:
    whole, part = page('<p align="center"><b>All</b> <u><b>of it</b></u></p><p><b>Lead.</b> The rest</p>')
    assert (whole.bold, whole.underlined, whole.centered, whole.lead) == (True, False, True, 9)
    assert (part.bold, part.lead, part.text[: part.lead]) == (False, 5, "Lead.")
    assert one('<p style="font-weight:bold">a <span style="font-weight:400">b</span></p>').bold is False


def test_headings_have_levels() -> None:
    found = page("<h2>Two</h2><p><b>PART II</b></p><p><b>Item 7A. Risk</b></p><p><b>Liquidity</b></p><p>None</p>")
    assert [(block.kind, block.level) for block in found] == [
        ("heading", 2),
        ("heading", 1),
        ("heading", 2),
        ("heading", 4),
        ("paragraph", 0),
    ]


def test_the_title_of_an_item_is_parted_from_its_text() -> None:
    heading, body = page('<p id="i7"><b>Item 7. Discussion.</b> We grew <a href="#n4">as in note 4</a>.</p>')
    assert (heading.text, heading.level, heading.anchors) == ("Item 7. Discussion.", 2, ["i7"])
    assert (body.text, body.kind, body.links) == ("We grew as in note 4.", "paragraph", ["n4"])


def test_lists_have_markers_and_depth() -> None:
    found = page("<ol><li>a</li><li>b<ul><li>c</li></ul></li></ol><table><tr><td>•</td><td>d</td></tr></table>")
    assert [(block.marker, block.text, block.level) for block in found] == [
        ("1.", "a", 1),
        ("2.", "b", 1),
        ("•", "c", 2),
        ("•", "d", 1),
    ]
    assert {block.kind for block in found} == {"list_item"}


def test_a_list_without_items_only_indents() -> None:
    assert [(block.kind, block.text) for block in page("<ul><ul>a<p>b</ul></ul><ul><li>c<p>d</p></li></ul>e")] == [
        ("paragraph", "a"),
        ("paragraph", "b"),
        ("list_item", "c"),
        ("list_item", "d"),
        ("paragraph", "e"),
    ]


def test_anchors_and_links_stand_with_their_block() -> None:
    first, second = page('<a name="x"></a><p>see <a href="#y">there</a> or <a href="b.htm#z">b</a></p><p id="y">q</p>')
    assert (first.anchors, first.links, second.anchors) == (["x"], ["y"], ["y"])


def test_signs_stand_with_their_numbers_and_spacers_are_dropped() -> None:
    rows = """<tr><td></td><td></td><td colspan="2">2024</td><td></td><td colspan="2">2023</td></tr>
    <tr><td>Sales</td><td> </td><td>$</td><td>1,200</td><td> </td><td>$</td><td>900</td></tr>
    <tr><td>Loss</td><td></td><td></td><td>(30</td><td>)</td><td></td><td>—</td></tr>
    <tr><td>Margin</td><td></td><td colspan="2">41.5</td><td>%</td><td></td><td>39</td><td>%</td></tr>"""
    assert grid(rows) == [
        ["", "2024", "2023"],
        ["Sales", "$1,200", "$900"],
        ["Loss", "(30)", "—"],
        ["Margin", "41.5%", "39%"],
    ]


def test_an_x_stands_with_a_ratio_and_not_with_a_count() -> None:
    assert grid("<tr><td>a</td><td>1.9</td><td>x</td></tr>") == [["a", "1.9x"]]
    assert grid("<tr><td>a</td><td>19</td><td>x</td></tr>") == [["a", "19", "x"]]


def test_a_heading_over_columns_stands_over_the_first() -> None:
    rows = """<tr><td></td><td colspan="3">Years ended</td></tr><tr><td></td><td>2024</td><td></td><td>2023</td></tr>
    <tr><td>a</td><td>1</td><td></td><td>2</td></tr>"""
    assert grid(rows) == [["", "Years ended", ""], ["", "2024", "2023"], ["a", "1", "2"]]


def test_a_cell_that_reaches_down_keeps_the_columns_below_in_place() -> None:
    assert grid('<tr><td rowspan="2">a</td><td>b</td></tr><tr><td>c</td></tr><tr><td>d</td><td>e</td></tr>') == [
        ["a", "b"],
        ["", "c"],
        ["d", "e"],
    ]


@given(st.lists(st.lists(st.sampled_from(["a", "12", "", "$", ")", "b c"]), min_size=1, max_size=5), max_size=6))
def test_a_table_keeps_its_letters_and_is_rectangular(rows: list[list[str]]) -> None:
    html = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    found = page(f"<p>x</p><table>{html}</table>")
    assert letters(words_of(found)) == letters("x" + "".join(map("".join, rows)))
    for block in found:
        assert len({len(row) for row in block.rows}) <= 1


def test_a_table_that_only_lays_out_is_no_table() -> None:
    html = """<table><tr><td><p>one</p><table><tr><td>Item 1.</td><td><b>Business</b></td></tr></table><p>two</p></td>
    </tr></table>"""
    assert texts(html) == ["one", "Item 1. Business", "two"]


def test_a_table_within_a_table_keeps_the_order() -> None:
    html = """<table><tr><td>a</td><td>1</td></tr><tr><td>b</td><td>
    <table><tr><td>x</td><td>2</td></tr></table>c</td></tr><tr><td>d</td><td>3</td></tr></table>"""
    assert re.findall(r"\w", " ".join(texts(html))) == list("a1bx2cd3")


def test_a_table_of_very_many_rows_is_one_table_with_its_anchors() -> None:
    row = '<tr><td>a</td><td>$</td><td>{0},000</td><td><a name="n{0}"></a><a href="#t{0}">x</a></td></tr>'
    table = one(f"<table>{''.join(row.format(n) for n in range(2500))}</table>")
    assert table.rows == [["a", f"${n},000", "x"] for n in range(2500)]
    assert (table.anchors[2499], table.links[2499]) == ("n2499", "t2499")


def test_page_numbers_and_running_heads_become_the_page_break() -> None:
    foot = '<p>{}</p><hr style="page-break-after:always"><p><a href="#toc">Table of Contents</a></p><p>ACME LTD</p>'
    found = page("<p>It was made</p>" + "".join(foot.format(n) + f"<p>at place {n}.</p>" for n in (1, 2, 3)))
    assert [block.text for block in found if block.kind == "page_break"] == [
        f"{n} Table of Contents ACME LTD" for n in (1, 2, 3)
    ]
    assert found[0].text == "It was made at place 1."
    assert "toc" in found[1].links


def test_a_table_of_a_running_title_and_a_page_number_becomes_the_page_break() -> None:
    foot = '<table><tr><td>Mills and Risks</td><td>{}</td></tr></table><hr style="page-break-after:always">'
    said = dict(zip((7, 8, 9), ("The mill burns.", "Rain falls.", "Staff is dear."), strict=True))
    found = page("".join(f"<p>{said[number]}</p>{foot.format(number)}" for number in (7, 8, 9)))
    assert [block.text for block in found if block.kind == "page_break"] == [f"Mills and Risks {n}" for n in (7, 8, 9)]
    assert not [block for block in found if block.kind == "table"]
    counted = page("".join(f"<p>{said[number]}</p>{foot.format(number)}" for number in (9, 7, 8)))
    assert [block.text for block in counted if block.kind == "table"] == [f"Mills and Risks\t{n}" for n in (9, 7, 8)]


def test_a_page_without_a_tag_is_text_whatever_its_name_is() -> None:
    found = page("The mill.\n\n<PAGE>\n<TABLE>\nCash    1\n</TABLE>\nThe  hill.\n")
    assert [(block.kind, block.text) for block in found if block.kind != "page_break"] == [
        ("paragraph", "The mill."),
        ("table", "Cash\t1"),
        ("paragraph", "The hill."),
    ]
    assert texts("The <i>mill</i>.\n\nThe hill.") == ["The mill. The hill."]


def test_an_item_that_every_page_repeats_is_a_heading_where_it_stands_first() -> None:
    turn = "<hr style='page-break-after:always'>"
    found = page("".join(f"{turn}<p><b>Item 7. Discussion</b></p><p>Text {n} it is.</p>" for n in range(4)))
    assert [block.text for block in found if block.kind == "heading"] == ["Item 7. Discussion"]
    found = page("".join(f"{turn}<p><b>Item {n}.</b></p><p>Text it is.</p>" for n in range(1, 5)))
    assert [block.text for block in found if block.kind == "heading"] == [f"Item {n}." for n in range(1, 5)]


def test_a_link_back_to_the_contents_at_a_page_break_is_furniture_also_once() -> None:
    found = page('<p>a</p><hr><p><a href="#toc">Table of Contents</a></p><p>B</p>')
    assert [(block.kind, block.text) for block in found][1] == ("page_break", "Table of Contents")
    assert [block.kind for block in page("<p>a</p><hr><p>Table of Contents</p><p>B</p>")][2] == "paragraph"


def test_a_number_far_from_a_page_break_is_a_paragraph() -> None:
    assert [block.kind for block in page("<p>a</p><p>7</p><p>b</p>")] == ["paragraph"] * 3


def test_lines_whose_columns_are_hard_blanks_are_typewritten() -> None:
    gap = "&nbsp;" * 4
    found = page(
        f"<p>Sales {gap} 1,000 {gap} $ (200)</p><p>---- {gap} ----</p><p>----- -----</p><p>Net{gap}7%</p>"
        f"<p>That is all.</p><p>Item 1.{gap}Business</p><p>Yes {gap} No</p>"
    )
    assert [block.kind for block in found] == ["preformatted", "paragraph", "heading", "paragraph"]
    assert found[0].rows[0] == ["Sales", "1,000", "$(200)"]
    assert len(found[0].text.splitlines()) == 4


def test_preformatted_text_within_a_page_is_read_as_text() -> None:
    found = page("<pre>\nA para\nthat goes on.\n\nSales    1,000    2,000\nCosts      900      800\n</pre><p>z</p>")
    assert [(block.kind, block.text) for block in found] == [
        ("paragraph", "A para that goes on."),
        ("preformatted", "Sales    1,000    2,000\nCosts      900      800"),
        ("paragraph", "z"),
    ]


def test_broken_and_deep_html_is_read_to_its_end() -> None:
    assert texts("<font>" * 5000 + "deep" + "</font>" * 3 + "<p>after</td></table>") == ["deep", "after"]
    assert texts("<table><tr><td>a<td>b<tr><td>c</td></div><td>d") == ["a\tb\nc\td"]
    assert texts("a</body></html><p>b") == ["a", "b"]


@given(st.lists(st.sampled_from(re.findall(r"<.*?>|[^<]+", _SOUP))))
def test_no_html_is_refused_or_loses_a_letter(parts: list[str]) -> None:
    html = "<html>" + " ".join(parts)
    source = letters(words_of_source(Document("10-K", "1", "a.htm", "", "text", html.encode())))
    assert letters(words_of(page(html))) == source


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("<p>“é”</p>".encode(), "“é”"),
        ("<p>“é”</p>".encode("cp1252"), "“é”"),
        (b"\xef\xbb\xbf<p>\xc3\xa9</p>", "é"),
        ('<meta charset="shift_jis"><p>日本</p>'.encode("shift_jis"), "日本"),
        ('<meta charset="utf-8"><p>é</p>'.encode("cp1252"), "é"),
        ('<meta charset="no-such"><p>é</p>'.encode("cp1252"), "é"),
    ],
)
def test_encodings_are_as_they_are_and_not_only_as_declared(raw: bytes, text: str) -> None:
    (block,) = blocks(Document("8-K", "1", "a.htm", "", "text", raw))
    assert block.text == text


@pytest.mark.parametrize(
    ("filename", "raw", "why"),
    [
        ("a.pdf", b"%PDF-1.7\n", "a.pdf is PDF"),
        ("primary_doc.xml", b"<?xml version='1.0'?><edgarSubmission/>", "is XML"),
        ("0001-05-1.paper", b"This document was generated as part of a paper submission.", "filed on paper"),
        ("a.htm", b" \n ", "is empty"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "an image"),
    ],
)
def test_what_is_no_page_is_refused_with_the_reason(filename: str, raw: bytes, why: str) -> None:
    with pytest.raises(NotAPage, match=re.escape(why)):
        blocks(Document("X", "1", filename, "", "text", raw))


def test_xhtml_of_inline_xbrl_is_a_page_although_it_begins_as_xml() -> None:
    html = '<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head><body>a<p/>b</body></html>'
    assert texts(html) == ["a", "b"]
