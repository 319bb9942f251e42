"""Typewritten pages of the 1990s as blocks."""

from __future__ import annotations

import textwrap

import pytest

from filings.edgar.document import Document
from filings.edgar.page import Block, blocks


def page(text: str) -> list[Block]:
    return blocks(Document("10-K", "1", "", "", "text", textwrap.dedent(text).encode("cp1252")))


def texts(text: str) -> list[str]:
    return [block.text for block in page(text)]


def test_lines_of_a_paragraph_are_joined_and_a_hyphen_at_a_line_end_stays() -> None:
    assert texts("""
        The Company makes long-
        lived pumps, and it sells them to
        farmers.

        It has no debt.
        """) == ["The Company makes long-lived pumps, and it sells them to farmers.", "It has no debt."]


def test_an_indented_first_line_begins_a_paragraph() -> None:
    assert texts("""
             The first paragraph of this page goes on for a line
        and ends.
             The second one follows without a blank line between
        them.
        """) == [
        "The first paragraph of this page goes on for a line and ends.",
        "The second one follows without a blank line between them.",
    ]


def test_a_line_that_was_broken_by_hand_is_a_line() -> None:
    heading, body = page("""
        Warranty Expense
        The Company provides currently for the estimated cost that may be
        incurred under product warranties when products are shipped to them.
        """)
    assert (heading.text, heading.kind) == ("Warranty Expense", "heading")
    assert body.text.startswith("The Company provides currently for")


def test_each_line_that_begins_an_item_is_a_block_although_no_blank_line_stands_between() -> None:
    assert texts("""
        Item 4.   Submission of Matters to a Vote of Security Holders - None
        Item 5.   Other Information - None in the quarter that is reported
        ITEM 6 EXHIBITS AND REPORTS ON FORM 8-K - NONE IN THAT QUARTER
        PART III - NOTHING ELSE THAT HAS TO BE REPORTED BY THE COMPANY
        """) == [
        "Item 4. Submission of Matters to a Vote of Security Holders - None",
        "Item 5. Other Information - None in the quarter that is reported",
        "ITEM 6 EXHIBITS AND REPORTS ON FORM 8-K - NONE IN THAT QUARTER",
        "PART III - NOTHING ELSE THAT HAS TO BE REPORTED BY THE COMPANY",
    ]


@pytest.mark.parametrize("before", ["as it is told in", "see also Part II", "under", "as told of its mills,", "of"])
def test_an_item_that_a_sentence_names_at_the_begin_of_a_line_begins_nothing(before: str) -> None:
    (sentence,) = texts(f"It has three mills in the hills of Ohio, {before}\nItem 2. Properties of the report.\n")
    assert sentence.endswith("Item 2. Properties of the report.")


def test_words_on_the_line_of_a_tables_tag_are_kept() -> None:
    assert texts("before</TABLE>\nit\n\n<TABLE>a    1</TABLE>behind\n") == ["before", "it", "a\t1", "behind"]


def test_a_page_that_cuts_a_paragraph_stands_behind_it() -> None:
    assert texts("""
        It takes its pumps, hoses and

                                  - 2 -
        <PAGE>   3

        valves to the farms.
        """) == ["It takes its pumps, hoses and valves to the farms.", "- 2 - 3"]


def test_a_tagged_table_keeps_its_layout_and_has_rows() -> None:
    (table,) = page("""
        <TABLE>
        <CAPTION>
                               1995       1994
                             -------    -------
        <S>                  <C>        <C>
        Net sales..........  $ 1,204    $   998
        Costs                    700        600
        </TABLE>
        """)
    assert table.kind == "table"
    assert table.rows == [["1995", "1994", ""], ["Net sales", "$1,204", "$998"], ["Costs", "700", "600"]]
    assert table.layout.splitlines()[2] == "Net sales..........  $ 1,204    $   998"
    assert "<" not in table.layout


def test_columns_without_tags_are_preformatted_and_justified_text_is_not() -> None:
    (columns,) = page("Cash      1,000     2,000\nStock       500       600\n")
    assert (columns.kind, columns.rows) == ("preformatted", [["Cash", "1,000", "2,000"], ["Stock", "500", "600"]])
    (justified,) = page("The  Company makes  pumps  and\nsells  them to  the  farmers.\n")
    assert (justified.kind, justified.text) == ("paragraph", "The Company makes pumps and sells them to the farmers.")


def test_a_marker_and_its_gap_make_no_column() -> None:
    assert [block.kind for block in page("Item 1.     Business\n\n/X/   ANNUAL REPORT\n\n(a)   Exhibits\n")] == [
        "heading",
        "heading",
        "paragraph",
    ]


def test_bullets_are_list_items() -> None:
    found = page("o    Pumps are made at Ballymoor\n     by hand.\n\n*    Valves are bought.\n")
    assert [(block.kind, block.marker, block.text) for block in found] == [
        ("list_item", "o", "Pumps are made at Ballymoor by hand."),
        ("list_item", "*", "Valves are bought."),
    ]


def test_a_rule_with_the_dash_of_privacy_enhanced_mail_is_a_rule() -> None:
    assert [block.kind for block in page("- --------------------\n\ntext\n\n====\n\n----\n")] == [
        "rule",
        "paragraph",
        "rule",
    ]


def test_the_dash_before_a_dash_is_left_out() -> None:
    (item,) = page("- -   Pumps are made at Ballymoor.\n")
    assert (item.kind, item.marker, item.text) == ("list_item", "-", "Pumps are made at Ballymoor.")


def test_capitals_items_and_short_lines_over_a_paragraph_are_headings() -> None:
    body = "The Company leases its buildings in Maine, where it has had its works since the year 1902, and "
    found = page(f"""
                                   PART II

        ITEM 2. PROPERTIES

        Buildings

        {body}elsewhere. {body}it is glad of that.

        Nothing else
        """)
    assert [(block.kind, block.level) for block in found] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 5),
        ("paragraph", 0),
        ("paragraph", 0),
    ]


def test_a_page_tag_in_the_middle_of_a_line_and_one_that_closes_are_breaks() -> None:
    found = page("                    -1-<PAGE>\nITEM 5\n</PAGE>\nText.\n")
    assert [block.kind for block in found] == ["page_break", "heading", "page_break", "paragraph"]


def test_a_table_that_is_never_closed_ends_with_the_page() -> None:
    found = page("<TABLE>\nCash    1    2\n\n<PAGE>\nDebt    3    4\n")
    assert [block.kind for block in found] == ["table", "page_break", "table"]
