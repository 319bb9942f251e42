"""The items of reports: headings as filers write them, with invented words below each."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from sandbox.generate.words import html_paragraphs, paragraphs

# (part, number, title); the part stands where a form has the same number in two of them.
Items = Sequence[tuple[str, str, str]]

CURRENT = {
    "1.01": "Entry into a Material Definitive Agreement.",
    "2.02": "Results of Operations and Financial Condition.",
    "2.03": "Creation of a Direct Financial Obligation.",
    "5.02": "Departure of Directors or Certain Officers.",
    "5.07": "Submission of Matters to a Vote of Security Holders.",
    "7.01": "Regulation FD Disclosure.",
    "8.01": "Other Events.",
    "9.01": "Financial Statements and Exhibits.",
    "5": "Other Events",
    "7": "Financial Statements and Exhibits",
}
ANNUAL: Items = (
    ("I", "1", "Business"),
    ("I", "1A", "Risk Factors"),
    ("I", "2", "Properties"),
    ("I", "3", "Legal Proceedings"),
    ("II", "5", "Market for Registrant's Common Equity"),
    ("II", "7", "Management's Discussion and Analysis"),
    ("II", "8", "Financial Statements and Supplementary Data"),
    ("II", "9A", "Controls and Procedures"),
    ("III", "10", "Directors, Executive Officers and Corporate Governance"),
    ("IV", "15", "Exhibits and Financial Statement Schedules"),
)
QUARTERLY: Items = (
    ("I", "1", "Financial Statements"),
    ("I", "2", "Management's Discussion and Analysis"),
    ("I", "4", "Controls and Procedures"),
    ("II", "1", "Legal Proceedings"),
    ("II", "6", "Exhibits"),
)
OF_FORM = {"10-K": ANNUAL, "10-Q": QUARTERLY}


def current(numbers: Sequence[str]) -> Items:
    """The items of a current report by their numbers."""
    return [("", number, CURRENT[number]) for number in numbers]


def html_items(rng: Random, items: Items, length: int) -> str:
    """A page's items with about `length` paragraphs, below a table of contents where there are parts."""
    contents = "\n".join(
        f'<tr><td><a href="#i{place}">Item {number}.</a></td><td>{title}</td></tr>'
        for place, (part, number, title) in enumerate(items)
        if part
    )
    said = [f"<table>\n{contents}\n</table>"] if contents else []
    before = ""
    for place, (part, number, title) in enumerate(items):
        if part != before:
            said.append(f'<p style="text-align:center"><b>PART {part}</b></p>')
            before = part
        said.append(f'<p id="i{place}"><b>Item {number}. {title}</b></p>')
        said.append(html_paragraphs(rng, max(1, length // len(items))))
    return "\n".join([*said, "<p><b>SIGNATURES</b></p>", "<p>Signed on behalf of the registrant.</p>"])


def typed_items(rng: Random, items: Items, length: int) -> str:
    """The same in typed lines."""
    said = []
    before = ""
    for part, number, title in items:
        if part != before:
            said.append(f"{'PART ' + part:^72}")
            before = part
        said += [f"ITEM {number}.  {title.upper()}", paragraphs(rng, max(1, length // len(items)))]
    return "\n\n".join([*said, f"{'SIGNATURES':^72}", "Signed on behalf of the registrant."])
