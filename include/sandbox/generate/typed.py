"""Filings of the 1990s: typed text, tables made of blanks, financial data schedules (EX-27), no file names."""

from __future__ import annotations

from datetime import timedelta

from sandbox.generate import items as sections
from sandbox.generate.filing import Draft, Made, Part, Role
from sandbox.generate.words import paragraphs, wrapped

_RULE = "-" * 60


def report_8k(draft: Draft) -> Made:
    """A typed current report with a press release."""
    rng, filer = draft.rng, draft.company()
    items = ["5", "7"]
    body = sections.typed_items(rng, sections.current(items), 4)
    text = f"\n\n{'FORM 8-K':^72}\n{filer.name.upper():^72}\n{_RULE}\n\n<PAGE>\n\n{body}\n\n\n   - 1 -"
    parts = [
        Part("8-K", text.encode(), description="CURRENT REPORT"),
        Part("EX-99", paragraphs(rng, 3).encode(), description="PRESS RELEASE"),
    ]
    return Made("8-K", [Role("FILER", filer)], parts, period=draft.filed, items=items)


def report_10q(draft: Draft) -> Made:
    """A typed quarterly report with a financial data schedule."""
    return _report(draft, "10-Q", 8)


def report_10k(draft: Draft) -> Made:
    """A typed annual report with a financial data schedule."""
    return _report(draft, "10-K", 20)


def form_4(draft: Draft) -> Made:
    """A typed form 4, from before there was XML."""
    text = f"{'FORM 4':^72}\n\n{_table(draft)}\n\n{wrapped('Signed by the owner.')}"
    roles = [Role("SUBJECT-COMPANY", draft.company()), Role("REPORTING-OWNER", draft.person())]
    return Made("4", roles, [Part("4", text.encode())], period=draft.filed)


def _report(draft: Draft, form: str, length: int) -> Made:
    rng, filer = draft.rng, draft.company()
    period = draft.filed.replace(day=1) - timedelta(days=1)
    title = f"{'FORM ' + form:^72}\n{filer.name.upper():^72}\n{_RULE}"
    table = f"<TABLE>\n<CAPTION>\n{_table(draft)}\n</TABLE>"
    body = sections.typed_items(rng, sections.OF_FORM[form], length)
    text = f"\n\n{title}\n\n{paragraphs(rng, 2)}\n\n{table}\n\n{body}"
    lines = ["<TABLE> <S> <C>", "", "<ARTICLE> 5", "<MULTIPLIER> 1,000"]
    for tag in ("CASH", "SECURITIES", "RECEIVABLES", "TOTAL-ASSETS", "SALES", "NET-INCOME", "EPS-PRIMARY"):
        lines.append(f"<{tag}>{rng.randint(1, 900_000):>{50 - len(tag)},}")
    parts = [
        Part(form, text.encode(), description=f"FORM {form}"),
        Part("EX-27", "\n".join([*lines, "</TABLE>"]).encode(), description="FINANCIAL DATA SCHEDULE"),
    ]
    return Made(form, [Role("FILER", filer)], parts, period=period)


def _table(draft: Draft) -> str:
    rows = [f"{'':30}{'This year':>14}{'Last year':>14}", _RULE]
    for name in ("Sales", "Cost of sales", "Other costs", "Taxes", "Net income"):
        rows.append(f"{name:30}{draft.rng.randint(10, 90_000):>14,}{draft.rng.randint(10, 90_000):>14,}")
    return "\n".join(rows)
