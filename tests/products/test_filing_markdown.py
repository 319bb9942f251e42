"""Markdown of main documents: all of the words, as headings, lists and aligned tables."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.page import Block, NotAPage, blocks
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.filing_markdown.markdown import markdown
from filings.products.parsing import Parsed, parsed
from submissions import read_submission

NAME = "filing_markdown"
_PIPE = re.compile(r"(?<!\\)\|")


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def of_page(html: str) -> str:
    document = Document("8-K", "1", "a.htm", "", "text", html.encode())
    (row,) = rows_of(Submission("0000000001-25-000001", "8-K", {}, [document])).tables["documents"]
    return row[-1]


def words(text: str) -> list[str]:
    """Words of Markdown without its marks: what a comment of a page says counts, the word page does not."""
    plain = re.sub(r"<!-- page ?(.*?) ?-->", r"\1", text)
    plain = re.sub(r"^(#+|-) |^\|[ |:-]+\|$|^`{3,}$|^---$", "", plain, flags=re.MULTILINE)
    return re.findall(r"\w+", re.sub(r"\\(.)", r"\1", plain.replace("_", " ")))


@pytest.fixture(scope="module")
def real(real_data: Path, real_index: list[dict[str, str]]) -> dict[str, list[Block]]:
    """The blocks of the corpus' pages of up to a megabyte, by accession."""
    found = {}
    for each in real_index:
        if each["form"] not in ("3", "4", "5") and int(each["bytes"]) < 1_000_000:
            document = sgml.parse(read_submission(real_data / each["file"])).documents[0]
            try:
                found[each["accession"]] = blocks(document)
            except NotAPage:
                continue
    assert len(found) > 100
    return found


def test_no_word_of_a_real_page_is_lost_on_the_way_to_markdown(real: dict[str, list[Block]]) -> None:
    for accession, page in real.items():
        source = " ".join(f"{block.marker} {block.layout or block.text}" for block in page)
        expected = Counter(re.findall(r"\w+", source.replace("_", " ")))
        found = Counter(words(markdown(page)))
        assert found - expected == Counter(), accession
        assert set(expected - found) <= {"o"}, accession  # a bullet of typewritten lists


def test_every_row_of_every_real_table_has_as_many_cells(real: dict[str, list[Block]]) -> None:
    tables = [markdown([block]).splitlines() for page in real.values() for block in page if block.rows]
    tables = [lines for lines in tables if lines[0].startswith("|")]
    assert len(tables) > 200
    for lines in tables:
        assert len({len(_PIPE.findall(line)) for line in lines}) == 1
        assert re.fullmatch(r"\|(?: -+:? \|)+", lines[1])


def test_lines_of_a_table_are_of_one_length_unless_a_cell_is_very_long(real: dict[str, list[Block]]) -> None:
    for page in real.values():
        for block in page:
            if block.kind == "table" and not block.layout and max(len(c) for row in block.rows for c in row) < 40:
                lengths = {len(line) for line in markdown([block]).splitlines()}
                assert len(lengths) == 1 or sum(map(len, block.rows)) > 200


def test_numbers_stand_to_the_right_and_words_to_the_left() -> None:
    assert of_page(
        "<table><tr><td></td><td>2024</td></tr><tr><td>Sales</td><td>$1,200</td></tr>"
        "<tr><td>Cost</td><td>(30)</td></tr></table>"
    ).splitlines() == [
        "|       |   2024 |",
        "| ----- | -----: |",
        "| Sales | $1,200 |",
        "| Cost  |   (30) |",
    ]


def test_headings_lists_rules_and_page_breaks_are_kept() -> None:
    html = """<h1>Report</h1><p><b>Item 1. Business</b></p><ul><li>one<ul><li>two</li></ul></li></ul><ol><li>three</li>
    </ol><p>2</p><hr style="page-break-after:always"><p>End</p>"""
    assert of_page(html) == ("# Report\n\n## Item 1. Business\n\n- one\n  - two\n1. three\n\n<!-- page 2 -->\n\nEnd")


def test_the_bold_begin_of_a_paragraph_is_bold() -> None:
    assert of_page("<p><b>Cash.</b> It is <i>here</i>.</p>") == "**Cash.** It is here."


def test_what_markdown_would_take_for_its_own_is_escaped() -> None:
    assert of_page("<p># 5 * a_b `c` &lt;b&gt; \\ &amp;lt;</p>") == r"\# 5 \* a\_b \`c\` \<b> \\ \&lt;"
    assert of_page("<table><tr><td>a|b</td><td>c</td></tr></table>").startswith(r"| a\|b | c   |")


def test_typewritten_tables_are_fenced_beyond_any_fence_within() -> None:
    block = Block("preformatted", "a    ```` b\nc    d")
    assert markdown([block]) == "`````\na    ```` b\nc    d\n`````"


@given(st.lists(st.lists(st.text("ab|\\` 12*", max_size=5), min_size=3, max_size=3), min_size=1, max_size=4))
def test_any_cells_make_a_table_that_keeps_them(rows: list[list[str]]) -> None:
    lines = markdown([Block("table", rows=rows)]).splitlines()
    assert len(lines) == len(rows) + 1
    for row, line in zip(rows, [lines[0], *lines[2:]], strict=True):
        cells = re.findall(r"((?:\\.|[^|\\])*)\|", line[1:])
        assert [re.sub(r"\\(.)", r"\1", cell).strip() for cell in cells] == [cell.strip() for cell in row]


def test_a_wide_table_of_few_words_is_not_blown_up() -> None:
    rows = [["x" * 59, *[""] * 99] for _ in range(50)] + [["", *["y" * 59] * 99]]
    assert len(markdown([Block("table", rows=rows)])) < 60_000
