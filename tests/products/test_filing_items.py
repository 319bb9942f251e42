"""Items of 8-K, 10-K and 10-Q: where a reader says they begin and end, and what header and contents name."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from filings.edgar import sgml
from filings.edgar.document import Document
from filings.edgar.loose import submission_of
from filings.edgar.page import blocks
from filings.edgar.page_block import Block, words
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.filing_items.find import find
from filings.products.filing_items.standard import TEN_K, form_of
from filings.products.parsing import Parsed, parsed
from products.items_by_eye import EXPECTED, EXPECTED_BY_PAGE
from submissions import read_submission

NAME = "filing_items"
_HEADING = re.compile(r"(?:part [iv]+\W*)?items?\b", re.IGNORECASE)


def rows_of(submission: Submission) -> Parsed:
    return parsed(registry.product(NAME), registry.parser(NAME), submission)


def items(result: Parsed) -> list[dict[str, str]]:
    names = registry.product(NAME).tables["items"].names
    return [dict(zip(names, row, strict=True)) for row in result.tables["items"]]


def squashed(text: str) -> str:
    """The words, without the rules that are drawn under them in text."""
    return " ".join(word for word in text.split() if len(word) < 3 or word.strip("-=_"))


@pytest.fixture(scope="module")
def real(real_data: Path, real_index: list[dict[str, str]]) -> dict[str, tuple[Submission, Parsed]]:
    """The corpus' filings with items, and what the product makes of each."""
    found = {}
    for each in real_index:
        if form_of(each["form"]) is not None:
            submission = sgml.parse(read_submission(real_data / each["file"]))
            found[each["accession"]] = submission, rows_of(submission)
    return found


@pytest.mark.parametrize("accession", sorted(EXPECTED))
def test_items_begin_and_end_where_a_reader_says(accession: str, real: dict[str, tuple[Submission, Parsed]]) -> None:
    if accession not in real:
        pytest.skip(f"the folder of real submissions has no {accession}")
    found = {(row["part"], row["item"]): row for row in items(real[accession][1])}
    wanted = [line.strip().split("|") for line in EXPECTED[accession].strip().splitlines()]
    for part, item, first, last in wanted:
        row = found[part, item]
        text = squashed(row["text"])
        heading = 40 + len(row["title"])
        assert _HEADING.match(text), text[:100]
        assert first in text[: heading + len(first)], f"item {item} begins {text[: heading + 80]!r}, not {first!r}"
        assert text.endswith(last), f"item {item} ends {text[-100:]!r}, not {last!r}"


def test_an_8k_has_each_item_that_its_header_names_or_a_problem(real: dict[str, tuple[Submission, Parsed]]) -> None:
    silent, named = [], 0
    for accession, (submission, result) in real.items():
        if not submission.form.startswith("8-K"):
            continue
        wanted = {str(item) for item in submission.header.get("items") or ()}
        told = {problem.value for problem in result.problems}
        missing = wanted - {row["item"] for row in items(result)}
        silent += [(accession, item) for item in missing - told]
        named += len(wanted)
        assert len(missing) <= 1, (accession, missing)
    assert not silent
    assert named > 100


def test_items_of_a_page_do_not_overlap_and_stand_where_they_say(real: dict[str, tuple[Submission, Parsed]]) -> None:
    for accession, (submission, result) in real.items():
        documents = {one.filename or one.sequence: one for one in reversed(submission.documents)}
        last: dict[str, tuple[int, str]] = {}
        pages: dict[str, str] = {}
        for row in items(result):
            name = row["document"]
            if name not in pages:
                pages[name] = words(blocks(documents[name]))
            starts, ends = int(row["starts"]), int(row["ends"])
            assert pages[name][starts:ends] == row["text"], accession
            before, heading = last.get(name, (0, ""))
            assert starts >= before or row["title"] == heading, (accession, row["item"])
            last[name] = ends, row["title"]


def test_a_filing_gives_each_item_once(real: dict[str, tuple[Submission, Parsed]]) -> None:
    for accession, (_, result) in real.items():
        keys = [(row["document"], row["part"], row["item"]) for row in items(result)]
        assert len(keys) == len(set(keys)), accession


def page(form: str, body: str, *, name: str = "page.htm", header: dict[str, object] | None = None) -> Parsed:
    """What the product makes of a page."""
    document = Document(form, "1", name, "", "text", body.encode())
    fields = {"type": form, "filing_date": "20240301", **(header or {})}
    return rows_of(Submission("0009900001-24-000001", form, fields, [document]))


def told(result: Parsed) -> list[tuple[str, str, str]]:
    """Part, item and text without blanks too many."""
    return [(row["part"], row["item"], squashed(row["text"])) for row in items(result)]


CONTENTS = """<table>
<tr><td>Part I</td><td></td><td></td></tr>
<tr><td>Item 1.</td><td><a href="#a1">Financial Statements</a></td><td>3</td></tr>
<tr><td>Item 2.</td><td><a href="#a2">Management's Discussion and Analysis</a></td><td>9</td></tr>
<tr><td>Item 4.</td><td><a href="#a4">Controls and Procedures</a></td><td>12</td></tr>
<tr><td>Part II</td><td></td><td></td></tr>
<tr><td>Item 1.</td><td><a href="#b1">Legal Proceedings</a></td><td>13</td></tr>
<tr><td>Item 6.</td><td><a href="#b6">Exhibits</a></td><td>14</td></tr>
</table>"""


def quarter(*parts: str) -> Parsed:
    return page("10-Q", f"<html><body><p>Cover</p>{CONTENTS}{''.join(parts)}</body></html>")


STATEMENTS = '<p id="a1"><b>Item 1. Financial Statements</b></p><p>Sales were 10.</p>'
DISCUSSION = '<p id="a2"><b>Item 2. Management\'s Discussion and Analysis</b></p><p>Sales grew.</p>'
CONTROLS = '<p id="a4"><b>Item 4. Controls and Procedures</b></p><p>They work.</p>'
LEGAL = '<p><b>Part II. Other Information</b></p><p id="b1"><b>Item 1. Legal Proceedings</b></p><p>None.</p>'
EXHIBITS = '<p id="b6"><b>Item 6. Exhibits</b></p><p>31.1 Certification</p>'
SIGNED = "<p>SIGNATURES</p><p>Pursuant to the requirements of the Securities Exchange Act of 1934, signed.</p>"
WHOLE = [
    ("I", "1", "Item 1. Financial Statements Sales were 10."),
    ("I", "2", "Item 2. Management's Discussion and Analysis Sales grew."),
    ("I", "4", "Item 4. Controls and Procedures They work."),
    ("II", "1", "Item 1. Legal Proceedings None."),
    ("II", "6", "Item 6. Exhibits 31.1 Certification"),
]


def test_a_part_parts_two_items_of_the_same_number() -> None:
    result = quarter(STATEMENTS, DISCUSSION, CONTROLS, LEGAL, EXHIBITS, SIGNED)
    assert told(result) == WHOLE
    assert not result.problems


def test_an_item_that_only_the_contents_name_is_a_problem() -> None:
    result = quarter(STATEMENTS, DISCUSSION, LEGAL, EXHIBITS, SIGNED)
    assert [row[:2] for row in told(result)] == [("I", "1"), ("I", "2"), ("II", "1"), ("II", "6")]
    assert [str(problem) for problem in result.problems] == [
        "contents: part I item 4 is 'Controls and Procedures', but no heading of the filing is it"
    ]


def test_an_item_whose_heading_is_its_title_alone_is_found() -> None:
    bare = '<p id="a4"><b>CONTROLS AND PROCEDURES</b></p><p>They work.</p>'
    result = quarter(STATEMENTS, DISCUSSION, bare, LEGAL, EXHIBITS, SIGNED)
    assert told(result)[2] == ("I", "4", "CONTROLS AND PROCEDURES They work.")


def test_an_item_without_heading_begins_where_the_link_of_the_contents_leads() -> None:
    bare = '<p id="a1"><b>Lumen Mills, Inc.</b></p><p>Sales were 10.</p>'
    result = quarter(bare, DISCUSSION, CONTROLS, LEGAL, EXHIBITS, SIGNED)
    assert told(result)[0] == ("I", "1", "Lumen Mills, Inc. Sales were 10.")


def test_a_heading_may_take_two_cells() -> None:
    cells = '<table><tr><td id="a4">Item 4.</td><td>Controls and Procedures</td></tr></table><p>They work.</p>'
    assert told(quarter(STATEMENTS, DISCUSSION, cells, LEGAL, EXHIBITS, SIGNED)) == WHOLE


@pytest.mark.parametrize(
    "sentence",
    [
        "Item 2 of this report says more.",
        "Item 1A. Risk Factors of our annual report tells of risks.",
        "See Item 4. Controls and Procedures.",
        "“Item 2. Management's Discussion and Analysis” tells of sales.",
        "Item 6 and the notes are one.",
        "Items that do not recur are left out.",
    ],
)
def test_a_sentence_about_an_item_is_not_its_heading(sentence: str) -> None:
    result = quarter(STATEMENTS, f"<p>{sentence}</p>", DISCUSSION, CONTROLS, LEGAL, EXHIBITS, SIGNED)
    assert [row[:2] for row in told(result)] == [row[:2] for row in WHOLE]
    assert told(result)[0][2].endswith(squashed(sentence))


def test_a_heading_to_which_the_contents_lead_is_surer_than_another() -> None:
    other = "<p><b>Item 2. Management's Discussion and Analysis</b></p><p>It is told below.</p>"
    plain = DISCUSSION.replace("<b>", "").replace("</b>", "")
    result = quarter(STATEMENTS, other, plain, CONTROLS, LEGAL, EXHIBITS, SIGNED)
    assert told(result)[1] == WHOLE[1]


def test_a_heading_that_leads_on_is_a_list_of_what_comes() -> None:
    two = "".join(f'<p><b><a href="#{to}">{words}</a></b></p>' for to, words in LISTED)
    plain = [part.replace("<b>", "").replace("</b>", "") for part in (DISCUSSION, CONTROLS)]
    result = page("10-Q", f"<p>Cover</p>{STATEMENTS}{two}<p>Words.</p>{''.join(plain)}{SIGNED}")
    assert [row[2] for row in told(result)][1:] == [WHOLE[1][2], WHOLE[2][2]]


LISTED = [("a2", "Item 2. Management's Discussion and Analysis"), ("a4", "Item 4. Controls and Procedures")]


def test_the_order_of_the_form_tells_a_heading_from_a_mention() -> None:
    mention = "<p><b>Item 3. Legal Proceedings</b></p><p>It tells of suits.</p>"
    body = "".join(f"<p><b>{heading}</b></p><p>{words}</p>" for heading, words in YEAR)
    result = page("10-K", mention + body)
    assert told(result) == [("I", heading.split()[1].strip("."), f"{heading} {words}") for heading, words in YEAR]


YEAR = [
    ("Item 1. Business", "We mill."),
    ("Item 1A. Risk Factors", "Mills burn."),
    ("Item 2. Properties", "Two mills."),
    ("Item 3. Legal Proceedings", "We sue."),
]


def test_what_is_attached_behind_the_signatures_has_no_items_of_the_filing() -> None:
    body = "<p>Item 8.01 Other Events. A mill burnt, as the papers said on Monday.</p>"
    attached = "<p><b>ITEM 8.01 OTHER EVENTS</b></p><p>As agreed.</p>"
    result = page("8-K", f"{body}{SIGNED}{attached}", header={"items": ["8.01"]})
    assert told(result) == [("", "8.01", "Item 8.01 Other Events. A mill burnt, as the papers said on Monday.")]


def test_a_long_sentence_that_begins_with_an_item_is_not_its_heading() -> None:
    sentence = f"Item 1A. Risk Factors and the notes tell of risks that were seen{' by many people' * 15}."
    body = f"<p><b>Item 1. Business</b></p><p>{sentence}</p><p><b>Item 2. Properties</b></p><p>Two mills.</p>"
    assert [row[1] for row in told(page("10-K", body))] == ["1", "2"]


def test_an_item_may_have_its_number_in_the_running_head_only() -> None:
    rows = [[item, str(number)] for number, (item, _) in enumerate(YEAR[:3], 1)]
    head = Block("page_break", "7 PART I ITEM 1A. RISK FACTORS")
    page_blocks = [
        Block("table", "\n".join("\t".join(row) for row in rows), rows=rows),
        Block("heading", "Item 1. Business", level=2),
        Block("paragraph", "We mill."),
        *(head, Block("paragraph", "Mills burn."), head, Block("paragraph", "Rain falls.")),
        Block("heading", "Item 2. Properties", level=2),
        Block("paragraph", "Two mills."),
    ]
    found = find(page_blocks, TEN_K, "20240301")
    said = {item.keys[0][1]: [line.text for line in found.lines[item.first : item.last]] for item in found.items}
    assert said["1"] == ["Item 1. Business", "We mill."]
    assert said["1A"] == ["Mills burn.", "Rain falls."]
    assert not found.missing


def test_a_running_head_is_not_an_item_of_its_own() -> None:
    turn = '<p>{}</p><hr style="page-break-after:always"><p>PART I</p><p>ITEM 1. FINANCIAL STATEMENTS (continued)</p>'
    notes = ["Leases are long.", "Debt is low.", "Taxes are due.", "Pensions are paid.", "Suits are few."]
    pages = "".join(f"<p>{note}</p>{turn.format(number)}" for number, note in enumerate(notes))
    result = quarter(STATEMENTS, pages, DISCUSSION, CONTROLS, LEGAL, EXHIBITS, SIGNED)
    assert [row[:2] for row in told(result)] == [row[:2] for row in WHOLE]
    assert all(note in told(result)[0][2] for note in notes)


INDEX = """<p><b>CROSS REFERENCE INDEX</b></p><table>
<tr><td>Item 1.</td><td>Business</td><td>1</td></tr>
<tr><td>Item 1A.</td><td>Risk Factors</td><td>2-3</td></tr>
<tr><td>Item 1B.</td><td>Unresolved Staff Comments</td><td>Not applicable</td></tr>
<tr><td>Item 3.</td><td>Legal Proceedings</td><td>3</td></tr>
<tr><td>Item 9B.</td><td>Other Information</td><td>77</td></tr>
</table>"""


def test_a_report_without_items_is_read_by_the_pages_of_its_index() -> None:
    turn = '<p style="text-align:center">{}</p><hr style="page-break-after:always">'
    body = (
        f"<p><b>ABOUT US</b></p><p>We mill.</p>{turn.format(1)}"
        f"<p>Staff is dear.</p><p><b>RISK FACTORS</b></p><p>Mills burn.</p>{turn.format(2)}"
        f"<p>Rain falls.</p><p><b>LEGAL PROCEEDINGS</b></p><p>We sue.</p>{turn.format(3)}{INDEX}"
    )
    result = page("10-K", body)
    assert told(result) == [
        ("I", "1", "ABOUT US We mill."),
        ("I", "1A", "RISK FACTORS Mills burn. Rain falls."),
        ("I", "3", "LEGAL PROCEEDINGS We sue."),
        ("I", "1B", "Item 1B. Unresolved Staff Comments Not applicable"),
    ]
    assert [problem.where for problem in result.problems] == ["contents: part II item 9B"]


TURN = '<p style="text-align:center">{}</p><hr style="page-break-after:always">'
LISTS = """<table>
<tr><td>About us</td><td>1</td></tr><tr><td>Our mills</td><td>1</td></tr><tr><td>Risk factors</td><td>2</td></tr>
<tr><td>Money</td><td>3</td></tr><tr><td>Suits and laws</td><td>4</td></tr><tr><td>Papers</td><td>5</td></tr>
</table>"""
BY_PAGE = """<table><tr><td>FORM 10-K CROSS REFERENCE INDEX</td><td>Page(s)</td></tr>
<tr><td>Item 1.</td><td>Business</td><td>1-2</td></tr>
<tr><td>Item 1A.</td><td>Risk Factors</td><td>2, (a)</td></tr>
<tr><td>Item 3.</td><td>Legal Proceedings</td><td>Pages 4</td></tr>
<tr><td>Item 5.</td><td>Market for Registrant's Common Equity</td><td>Page 3 (a)</td></tr>
<tr><td>Item 15.</td><td>Exhibits</td><td>5</td></tr>
</table><p>(a) It is told in the proxy statement too.</p>"""


@pytest.fixture(scope="module")
def cut_by_page() -> dict[str, dict[str, str]]:
    """The items of a report whose pages do not begin and end with items."""
    body = (
        f"<p>Letter to holders, the end of which is here.</p><p><b>ABOUT US</b></p><p>We mill.</p>{TURN.format(1)}"
        f"<p>Staff is dear.</p><p><b>RISK FACTORS.</b> Mills burn.</p>{TURN.format(2)}"
        f"<p>Rain falls.</p><p>Money</p><p><b>NOT APPLICABLE.</b></p>{TURN.format(3)}"
        f"<p>We spent it.</p><p><b>LEGAL MATTERS.</b> We sue.</p><p><b>PAPERS AND SO ON</b></p>{TURN.format(4)}"
        f"<p><b>EXHIBITS</b></p><p>31.1 Certification</p>{BY_PAGE}{SIGNED}"
    )
    result = page("10-K", f"<p>Cover</p>{LISTS}<hr style='page-break-after:always'>{body}")
    assert not result.problems
    assert {row["cut_by_page"] for row in items(result)} == {"true"}
    return {row["item"]: row for row in items(result)}


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ("1", "ABOUT US We mill. Staff is dear."),
        ("1A", "RISK FACTORS. Mills burn."),
        ("5", "Money NOT APPLICABLE."),
        ("3", "LEGAL MATTERS. We sue."),
        ("15", "EXHIBITS 31.1 Certification"),
    ],
)
def test_an_item_of_pages_begins_and_ends_with_a_title_and_not_with_its_page(
    item: str, text: str, cut_by_page: dict[str, dict[str, str]]
) -> None:
    assert squashed(cut_by_page[item]["text"]) == text


def test_the_title_in_an_index_has_no_page_and_no_note(cut_by_page: dict[str, dict[str, str]]) -> None:
    titles = {item: row["title"] for item, row in cut_by_page.items()}
    assert titles == {
        "1": "Business",
        "1A": "Risk Factors",
        "5": "Market for Registrant's Common Equity",
        "3": "Legal Proceedings",
        "15": "Exhibits",
    }


@pytest.mark.parametrize("name", sorted(EXPECTED_BY_PAGE))
def test_items_of_a_real_report_are_cut_from_its_pages_where_a_reader_says(name: str, real_data: Path) -> None:
    paths = sorted(real_data.glob(f"artefacts/ixbrl_htm/{name}__*"))
    if not paths:
        pytest.skip(f"the folder of real documents has no {name}")
    result = rows_of(submission_of(read_submission(paths[0]), paths[0].name.removesuffix(".zst")))
    found = {(row["part"], row["item"]): row for row in items(result)}
    for line in EXPECTED_BY_PAGE[name].strip().splitlines():
        part, item, first, last = line.strip().split("|")
        row = found[part, item]
        assert row["cut_by_page"] == "true"
        assert squashed(row["text"]).startswith(first), (item, row["text"][:80])
        assert squashed(row["text"]).endswith(last), (item, row["text"][-80:])
        assert not re.search(r"\d,?$|page$", row["title"], re.IGNORECASE), row["title"]


def test_items_in_another_order_are_all_found() -> None:
    result = quarter(STATEMENTS, CONTROLS, DISCUSSION, LEGAL, EXHIBITS, SIGNED)
    assert sorted(told(result)) == sorted(WHOLE)


def test_combined_items_have_a_row_each() -> None:
    body = (
        "<p><b>Items 1 and 2. Business and Properties</b></p><p>We mill.</p>"
        "<p><b>Item 3. Legal Proceedings</b></p><p>None.</p>"
    )
    result = page("10-K", body)
    assert [(row["item"], row["combined_with"], squashed(row["text"])) for row in items(result)] == [
        ("1", "2", "Items 1 and 2. Business and Properties We mill."),
        ("2", "1", "Items 1 and 2. Business and Properties We mill."),
        ("3", "", "Item 3. Legal Proceedings None."),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Items 10 through 13 are incorporated by reference to the proxy statement.",
        "Items 10, 11, 12 and 13 of this part have been omitted.",
        "The information required by Items 10 to 13 is incorporated by reference to the proxy statement.",
        "Part III, Items 10-13: not applicable.",
    ],
)
def test_a_sentence_under_a_part_may_settle_several_items(sentence: str) -> None:
    body = "".join(f"<p><b>{heading}</b></p><p>{words}</p>" for heading, words in YEAR)
    last = "<p><b>PART IV</b></p><p><b>Item 15. Exhibits</b></p><p>31.1 Certification</p>"
    result = page("10-K", f"<p>PART I</p>{body}<p><b>PART III</b></p><p>{sentence}</p>{last}")
    assert [row["item"] for row in items(result)] == ["1", "1A", "2", "3", "10", "11", "12", "13", "15"]
    assert told(result)[4:8] == [("III", str(number), sentence) for number in range(10, 14)]


def test_a_sentence_may_name_its_part_itself() -> None:
    body = "".join(f"<p><b>{heading}</b></p><p>{words}</p>" for heading, words in YEAR)
    sentence = "PART III - Items 10 through 13 are incorporated by reference to the proxy statement."
    assert told(page("10-K", f"<p>PART I</p>{body}<p>{sentence}</p>"))[4:] == [
        ("III", str(number), sentence) for number in range(10, 14)
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<p>Items 1 and 3 are incorporated by reference.</p><p>PART I</p>",
        "<p>PART I</p><p>Items 10 and 11 are incorporated by reference.</p>",
        "<p>PART I</p><p>Items 1 and 2 tell of the mills.</p>",
        "<p>PART I</p><p><b>Item 1. Business</b></p><p>We mill.</p><p>Items 1 and 2 are not required.</p>",
    ],
)
def test_a_sentence_of_a_cover_or_another_part_or_about_an_item_that_is_there_settles_nothing(body: str) -> None:
    assert {row["combined_with"] for row in items(page("10-K", body))} <= {""}


def test_items_have_numbers_in_words_and_many_have_one_mark() -> None:
    body = (
        "<p>PART III</p><p><b>ITEM TEN. DIRECTORS AND EXECUTIVE OFFICERS</b></p><p>Two.</p><p>Item one tells more.</p>"
        "<p><b>Item Nos. 11-13</b></p><p>None.</p>"
    )
    assert [row[:2] for row in told(page("10-K", body))] == [("III", str(number)) for number in range(10, 14)]


def test_items_without_a_title_are_of_the_part_that_has_their_number() -> None:
    body = "".join(f"<p><b>{heading}</b></p><p>{words}</p>" for heading, words in YEAR)
    result = page("10-K", f"<p>PART I</p>{body}<p><b>Items 10-13.</b></p><p>It is in the proxy statement.</p>")
    assert [row[:2] for row in told(result)][4:] == [("III", str(number)) for number in range(10, 14)]


def test_the_title_that_a_number_has_in_its_time_is_surer_than_one_that_it_had() -> None:
    body = (
        "<p><b>Item 15. Exhibits, Financial Statement Schedules</b></p><p>(a) None.</p>"
        "<p><b>Item 16. Form 10-K Summary</b></p><p>None.</p><p><b>ITEM 16. EXHIBITS</b></p><p>31.1 Paper</p>"
    )
    assert told(page("10-K", body)) == [
        ("IV", "15", "Item 15. Exhibits, Financial Statement Schedules (a) None."),
        ("IV", "16", "Item 16. Form 10-K Summary None. ITEM 16. EXHIBITS 31.1 Paper"),
    ]


LINES = """
                        PART II - OTHER INFORMATION
Item 4.   Submission of Matters to a Vote of Security Holders - None
Item 5.   Other Information - None
Item 6.   Exhibits and Reports on Form 8-K - None
"""


@pytest.mark.parametrize("name", ["", "page.txt", "page.htm"])
def test_items_of_a_line_each_are_items_in_text_of_any_name(name: str) -> None:
    result = page("10-Q", LINES, name=name, header={"filing_date": "19970514"})
    assert told(result) == [
        ("II", "4", "Item 4. Submission of Matters to a Vote of Security Holders - None"),
        ("II", "5", "Item 5. Other Information - None"),
        ("II", "6", "Item 6. Exhibits and Reports on Form 8-K - None"),
    ]


def test_a_page_without_items_is_nothing_and_says_so() -> None:
    result = page("10-Q", "<p>A letter.</p>")
    assert result.reason == "no heading of an item was found"
    assert not result.problems


TEXT = """
                               PART I
ITEM 1 - BUSINESS

     The Company mills.  More of it is told in
Item 7 of this report.

<PAGE>
ITEM 2.  PROPERTIES.  The Company has two mills and leases a third one in
Ohio, with its records.

ITEM 4.  SUBMISSION OF MATTERS TO A VOTE OF
         SECURITY HOLDERS

     None.

                               PART II
ITEM 14.  EXHIBITS, FINANCIAL STATEMENT SCHEDULES AND REPORTS ON FORM 8-K

     (a) None.
                             SIGNATURES

     Pursuant to the requirements of Section 13 of the Securities Exchange Act
of 1934, the registrant has duly caused this report to be signed.
"""


INDEXED = """
                                 INDEX

     Item 1.  Business.........................................    1
     Item 2.  Properties.......................................    3
     Item 3.  Legal Proceedings................................    4
     Item 4.  Submission of Matters to a Vote..................    4

<PAGE>
ITEM 1.  BUSINESS

     The Company mills.

ITEM 2.  PROPERTIES

     It has two mills.

LEGAL PROCEEDINGS

     The Company sues.
"""


def test_an_index_of_text_names_items_that_have_only_their_title_or_nothing() -> None:
    result = page("10-K", INDEXED, name="", header={"filing_date": "19960329"})
    assert told(result) == [
        ("I", "1", "ITEM 1. BUSINESS The Company mills."),
        ("I", "2", "ITEM 2. PROPERTIES It has two mills."),
        ("I", "3", "LEGAL PROCEEDINGS The Company sues."),
    ]
    assert [problem.where for problem in result.problems] == ["contents: part I item 4"]


def test_text_of_the_nineties_is_read() -> None:
    result = page("10-K405", TEXT, name="", header={"filing_date": "19960329"})
    assert told(result) == [
        ("I", "1", "ITEM 1 - BUSINESS The Company mills. More of it is told in Item 7 of this report."),
        ("I", "2", "ITEM 2. PROPERTIES. The Company has two mills and leases a third one in Ohio, with its records."),
        ("I", "4", "ITEM 4. SUBMISSION OF MATTERS TO A VOTE OF SECURITY HOLDERS None."),
        ("IV", "14", "ITEM 14. EXHIBITS, FINANCIAL STATEMENT SCHEDULES AND REPORTS ON FORM 8-K (a) None."),
    ]
    assert [row["title"] for row in items(result)][1] == "PROPERTIES"
    assert items(result)[2]["standard_title"] == "Submission of Matters to a Vote of Security Holders"


def current(*parts: str, named: list[str], filed: str = "20240301") -> Parsed:
    return page(
        "8-K", f"<html><body>{''.join(parts)}{SIGNED}</body></html>", header={"items": named, "filing_date": filed}
    )


def test_an_item_of_the_header_that_the_page_lacks_is_a_problem_and_one_more_is_kept() -> None:
    result = current(
        "<p>Section 2 - Financial Information</p><p><b>Item 2.02 Results of Operations and Financial Condition</b></p>",
        "<p>A release is attached.</p><p>Section 8 - Other Events</p>",
        "<p><b>Item 8.01 Other Events</b></p><p>A mill burnt.</p>",
        named=["2.02", "9.01"],
    )
    assert told(result) == [
        ("", "2.02", "Item 2.02 Results of Operations and Financial Condition A release is attached."),
        ("", "8.01", "Item 8.01 Other Events A mill burnt."),
    ]
    assert [str(problem) for problem in result.problems] == [
        "header: item 9.01 is '9.01', but no heading of the filing names it"
    ]


def test_an_item_of_the_header_may_have_its_words_alone() -> None:
    result = current("<p><b>Other Events</b></p><p>A mill burnt.</p>", named=["8.01"])
    assert told(result) == [("", "8.01", "Other Events A mill burnt.")]
    assert not result.problems


def test_two_items_in_one_heading_are_both_found() -> None:
    heading = (
        "<p><b>Item 2.02 Results of Operations and Financial Condition and Item 7.01 Regulation FD Disclosure</b></p>"
    )
    result = current(heading, "<p>A release is attached.</p>", named=["2.02", "7.01"])
    assert [(row["item"], row["combined_with"]) for row in items(result)] == [("2.02", "7.01"), ("7.01", "2.02")]


def test_the_number_of_an_8k_item_is_of_its_time() -> None:
    old = current("<p>Item 5. Other Events</p><p>See Item 5.02 for more.</p>", named=["5"], filed="20030301")
    assert [row["item"] for row in items(old)] == ["5"]
    new = current("<p>Item 8.01. Other Events</p><p>Item 5. Other Events was its name.</p>", named=["8.01"])
    assert [row["item"] for row in items(new)] == ["8.01"]


def test_a_short_item_that_refers_elsewhere_is_marked() -> None:
    body = (
        "<p><b>Item 10. Directors, Executive Officers and Corporate Governance</b></p>"
        "<p>It is incorporated herein by reference to the proxy statement.</p>"
        "<p><b>Item 11. Executive Compensation</b></p><p>Nobody was paid.</p>"
    )
    marks = [row["incorporated_by_reference"] for row in items(page("10-K/A", body))]
    assert marks == ["true", "false"]


def test_a_report_may_stand_in_two_documents() -> None:
    rows = "".join(f"<tr><td>{item}</td><td>{number}</td></tr>" for number, (item, _) in enumerate(YEAR, 1))
    said = [f"<p><b>{item}</b></p><p>{words}</p>" for item, words in YEAR]
    bodies = [f"<table>{rows}</table>{said[0]}", "".join(said[1:])]
    documents = [
        Document("10-K", str(number), f"page{number}.htm", "", "text", body.encode())
        for number, body in enumerate(bodies, 1)
    ]
    result = rows_of(Submission("0009900001-24-000001", "10-K", {"type": "10-K"}, [*documents, documents[1]]))
    assert [(row["item_sk"], row["item"], row["document"]) for row in items(result)] == [
        ("1", "1", "page1.htm"),
        ("2", "1A", "page2.htm"),
        ("3", "2", "page2.htm"),
        ("4", "3", "page2.htm"),
    ]
    assert not result.problems


def test_an_item_stands_where_it_begins_and_not_where_the_contents_name_it() -> None:
    listed = "".join(f'<p><a href="#i{number}">{item}</a></p>' for number, (item, _) in enumerate(YEAR))
    said = "".join(f'<p id="i{number}"><b>{item}</b></p>' for number, (item, _) in enumerate(YEAR))
    result = page("10-K", f"<p>Cover</p>{listed}<p>It is our first report.</p>{said}")
    behind = len("Cover") + sum(len(item) for item, _ in YEAR) + len("It is our first report.")
    assert [row["item"] for row in items(result)] == ["1", "1A", "2", "3"]
    assert all(int(row["starts"]) > behind for row in items(result))


def test_a_form_without_items_is_refused() -> None:
    result = page("S-1", "<p>Item 1. Business</p>")
    assert not items(result)
    assert "no form with items" in result.reason


@pytest.mark.parametrize("make", [lambda body: body, lambda body: body.replace("\n", "\r\n")])
def test_line_ends_do_not_matter(make: Callable[[str], str]) -> None:
    assert len(items(page("10-K405", make(TEXT), name="", header={"filing_date": "19960329"}))) == 4
