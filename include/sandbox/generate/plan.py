"""Which filing is what: first one of each form and each quirk, then forms in about EDGAR's proportions.

A case is a maker of a form, a layout, and the names of its quirks (as `manifest.json` gives them).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sandbox.generate import holdings, letters, offerings, ownership, reports, typed
from sandbox.generate.filing import Draft, Made, Part
from sandbox.generate.layout import Layout

Maker = Callable[[Draft], Made]


@dataclass(frozen=True)
class Case:
    """One kind of filing to make."""

    maker: Maker
    layout: Layout = field(default_factory=Layout)
    quirks: tuple[str, ...] = ()


def unclosed_text(draft: Draft) -> Made:
    """The first document's `<TEXT>` has no end."""
    made = reports.page_8k(draft)
    made.parts[0].closed = False
    return made


def odd_names(draft: Draft) -> Made:
    """File names that lead out of a folder, come twice, or are missing."""
    made = reports.page_8k(draft)
    names = ("../escape.htm", "same.htm", "same.htm", "", "/etc/absolute.htm", "a b&c;.htm", "SAME.HTM")
    exhibit = made.parts[1]
    made.parts = made.parts[:1] + [
        Part(f"EX-99.{number}", exhibit.content + b"<!-- %d -->" % number, name) for number, name in enumerate(names, 1)
    ]
    return made


def empty_documents(draft: Draft) -> Made:
    """Documents without content, with and without a wrapper."""
    made = reports.page_8k(draft)
    made.parts += [Part("EX-99.2", b"", "empty.htm"), Part("EX-99.3", b"", "empty.xml", "", "XML")]
    return made


def wrong_count(draft: Draft) -> Made:
    """The header declares other than there is."""
    made = reports.page_8k(draft)
    made.declared = 7
    return made


def large(draft: Draft) -> Made:
    """More than 10 MB: a long page and a long workbook."""
    made = reports.page_8k(draft)
    made.parts[1].content = b"<p>" + made.parts[1].content * 2_500 + b"</p>"
    made.parts.append(Part("EX-99.2", draft.rng.randbytes(3_000_000), "figures.bin", uuencoded=True))
    return made


ROLL_CALL = (
    Case(ownership.form_4),
    Case(reports.report_8k),
    Case(reports.report_10q),
    Case(ownership.form_4_derivatives),
    Case(holdings.form_13f),
    Case(typed.report_8k, Layout(era=1994, pem=True, ims=True), ("pem", "ims_header")),
    Case(reports.report_10k),
    Case(ownership.form_4, Layout(variant="nc", newline="\r"), ("nc", "cr_only")),
    Case(reports.page_8k, Layout(newline="\r\n"), ("crlf",)),
    Case(ownership.form_3),
    Case(ownership.form_4, quirks=("answers_404",)),
    Case(reports.page_8k, Layout(cut=True), ("truncated",)),
    Case(letters.upload, quirks=("private_to_public",)),
    Case(ownership.form_5),
    Case(letters.corresp, quirks=("private_to_public",)),
    Case(offerings.form_d),
    Case(holdings.form_nport),
    Case(holdings.form_npx),
    Case(letters.sc_13g),
    Case(letters.sc_13d),
    Case(letters.schedule_13d),
    Case(offerings.s_1),
    Case(offerings.prospectus),
    Case(offerings.form_20f),
    Case(offerings.form_6k),
    Case(letters.paper, quirks=("paper",)),
    Case(letters.many_filers, quirks=("many_filers",)),
    Case(typed.report_10q, Layout(era=2000, pem=True, repeat=3), ("pem", "repeated_documents")),
    Case(reports.report_8k_pictures, quirks=("lost_blanks",)),
    Case(unclosed_text, quirks=("unclosed_text",)),
    Case(odd_names, quirks=("odd_names",)),
    Case(holdings.form_13f_wide, Layout(wrap=True), ("wrapped_lines",)),
    Case(empty_documents, quirks=("empty_documents",)),
    Case(wrong_count, quirks=("wrong_count",)),
    Case(reports.page_8k, quirks=("daily_only",)),
    Case(typed.report_10k, Layout(era=1997, pem=True), ("pem",)),
    Case(typed.form_4, Layout(era=2000, pem=True, tagged_owner=True), ("pem", "tagged_owner")),
    Case(typed.report_10q, Layout(variant="nc", era=1999), ("nc",)),
    Case(letters.sc_13g, Layout(variant="nc"), ("nc",)),
    Case(reports.report_10q, Layout(variant="nc"), ("nc",)),
)

LARGE = Case(large, quirks=("large",))

# Shares of 2025's traffic, in about: forms 4 and 8-K and the supplements of banks are the many.
_MIX: tuple[tuple[int, Maker], ...] = (
    (330, ownership.form_4),
    (30, ownership.form_4_derivatives),
    (200, reports.page_8k),
    (70, reports.report_8k),
    (45, ownership.form_3),
    (8, ownership.form_5),
    (45, reports.report_10q),
    (20, reports.report_10k),
    (30, holdings.form_13f),
    (25, holdings.form_nport),
    (8, holdings.form_npx),
    (40, offerings.form_d),
    (70, offerings.prospectus),
    (30, offerings.form_6k),
    (5, offerings.form_20f),
    (10, offerings.s_1),
    (15, letters.sc_13g),
    (5, letters.sc_13d),
    (10, letters.schedule_13d),
    (2, letters.paper),
    (2, letters.many_filers),
)


def case(number: int, rng: Random, *, plain: bool) -> Case:
    """The case of the filing of that number; `plain` leaves out the roll call, and so the quirks."""
    if not plain and number < len(ROLL_CALL):
        return ROLL_CALL[number]
    weights, makers = zip(*_MIX, strict=True)
    maker = rng.choices(makers, weights)[0]
    return Case(maker, quirks=("paper",) if maker is letters.paper else ())
