"""Companies' reports of today: 8-K, 10-Q, 10-K, with inline XBRL, exhibits and pictures."""

from __future__ import annotations

from datetime import timedelta

from sandbox.generate import binary
from sandbox.generate import items as sections
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import html, html_paragraphs
from sandbox.generate.xbrl import Report

_ITEMS = ("1.01", "2.02", "2.03", "5.02", "5.07", "7.01", "8.01")


def report_8k(draft: Draft) -> Made:
    """A current report: cover in inline XBRL, mostly with a press release."""
    rng, filer = draft.rng, draft.company()
    report = Report(draft, filer, "8-K", draft.filed, 0, statements=False)
    items = sorted(rng.sample(_ITEMS, rng.choice((1, 1, 2, 3))))
    exhibits = []
    if rng.random() < 0.7:
        items.append("9.01")
        exhibits.append(Part("EX-99.1", html("News", html_paragraphs(rng, 6)).encode(), "ex99-1.htm", "PRESS RELEASE"))
    if rng.random() < 0.3:
        exhibits.append(Part("GRAPHIC", binary.jpg(rng), "logo.jpg", uuencoded=True))
    made = Made("8-K", [Role("FILER", filer)], [], period=draft.filed, items=items)
    body = sections.html_items(rng, sections.current(items), 4)
    return _with_xbrl(draft, made, report, report.page(body), exhibits)


def page_8k(draft: Draft) -> Made:
    """A current report as it was before inline XBRL: a page and a press release."""
    rng, filer = draft.rng, draft.company()
    items = ["8.01", "9.01"]
    body = sections.html_items(rng, sections.current(items), 5)
    parts = [
        Part("8-K", html(f"{filer.name} 8-K", body).encode(), "form8-k.htm", "CURRENT REPORT"),
        Part("EX-99.1", html("News", html_paragraphs(rng, 6)).encode(), "ex99-1.htm", "PRESS RELEASE"),
    ]
    return Made("8-K", [Role("FILER", filer)], parts, period=draft.filed, items=items)


def report_8k_pictures(draft: Draft) -> Made:
    """A current report with a part of every kind that travels uuencoded, lines without their trailing blanks."""
    made, rng = page_8k(draft), draft.rng
    sheet = binary.xlsx([("Sales", 12.5), ("Costs", 8.25)])
    lines = [made.roles[0].party.name, "Slides of the (virtual) meeting"]
    made.parts += [
        Part("GRAPHIC", binary.png(rng), "chart.png", uuencoded=True, keep_blanks=False),
        Part("GRAPHIC", binary.gif(rng), "logo.gif", uuencoded=True, keep_blanks=False),
        Part("GRAPHIC", binary.jpg(rng, 6), "photo.jpg", "PHOTO", uuencoded=True, keep_blanks=False),
        Part("EX-99.2", binary.pdf(lines), "slides.pdf", "SLIDES", "PDF", uuencoded=True, keep_blanks=False),
        Part("EX-99.3", sheet, "figures.xlsx", uuencoded=True, keep_blanks=False),
        Part("ZIP", binary.zipped({"a.txt": bytes(300)}), "more.zip", uuencoded=True, keep_blanks=False),
    ]
    return made


def report_10q(draft: Draft) -> Made:
    """A quarterly report."""
    return _report(draft, "10-Q", 90, 15, "EX-31.1")


def report_10k(draft: Draft) -> Made:
    """An annual report."""
    return _report(draft, "10-K", 364, 40, "EX-23.1")


def _report(draft: Draft, form: str, days: int, length: int, exhibit: str) -> Made:
    rng, filer = draft.rng, draft.company()
    period = draft.filed.replace(day=1) - timedelta(days=1)
    report = Report(draft, filer, form, period, days, statements=True)
    exhibits = [
        Part(
            exhibit,
            html(exhibit, html_paragraphs(rng, 2)).encode(),
            f"{exhibit.lower().replace('.', '-')}.htm",
            exhibit,
        ),
        Part("GRAPHIC", binary.gif(rng), "logo.gif", uuencoded=True),
    ]
    made = Made(form, [Role("FILER", filer)], [], period=period)
    body = sections.html_items(rng, sections.OF_FORM[form], length)
    return _with_xbrl(draft, made, report, report.page(body), exhibits)


def _with_xbrl(draft: Draft, made: Made, report: Report, page: bytes, exhibits: list[Part]) -> Made:
    first = Part(made.form, page, f"{report.base}.htm", made.form, "XBRL")
    filed = [first, *exhibits, *report.filed()]
    files = {part.filename: part.content for part in filed if part.wrapper == "XBRL"}
    made.declared = len(filed)
    made.parts = filed + report.rendered(draft.accession, files)
    made.counts = {"facts": len(report.facts)}
    return made
