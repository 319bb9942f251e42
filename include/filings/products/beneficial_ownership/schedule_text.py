"""A schedule as HTML or ASCII text, as all were until December 2024, by the printed labels of its cover pages.

Nothing is guessed: a value is taken where exactly one thing that can be it stands behind its label; else it is null and
what stands there is told as a problem. What EDGAR's header knows surely, the issuer's CIK, is taken from there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from filings.edgar.page import Block
from filings.products import Rows, Submission, Unusable, problem
from filings.products.beneficial_ownership import cover_values as values
from filings.products.beneficial_ownership.cover_labels import Cover, covers
from filings.products.beneficial_ownership.form_names import is_schedule
from filings.products.beneficial_ownership.person_names import People
from filings.products.beneficial_ownership.schedule_items import items
from filings.products.beneficial_ownership.schedule_signatures import signatures

_FRONT = re.compile(
    r"\(\s*(?:(?P<issuer>NAME\s+OF\s+(?:THE\s+)?(?:ISSUER|SUBJECT\s+COMPANY)[^)\n]*(?:\(ISSUER\))?)"
    r"|(?P<title>TITLE\s+OF\s+(?:EACH\s+)?CLASS(?:ES)?\s+OF\s+(?:THE\s+)?SECURITIES)"
    r"|(?P<cusip>CUSIP\s+(?:NUMBER|NO\.?)[^)]*)"
    r"|(?P<date>DATES?\s+OF\s+(?:THE\s+)?EVENTS?\s+WHICH\s+REQUIRES?\s+(?:THE\s+)?FILING[^)]*)"
    r"|(?P<other>NAME\S*\s+(?:,\s*ADDRESS|AND\s+ADDRESS|OF\s+(?:FILING\s+)?PERSON)[^)]*|AMENDMENT\s+NO[^)]*|RULE\s+13D[^)]*))\s*\)",
    re.IGNORECASE,
)
_HEADING = re.compile(r"\bSCHEDULE\s+13\s?-?([DG])\b", re.IGNORECASE)
_CUSIP = re.compile(r"\bCUSIP\s*(?:NUMBERS?|NOS?)?\s*[.:#]*\s*([0-9A-Z](?:[ -]?[0-9A-Z]){7,8})\b", re.IGNORECASE)
_AMENDMENT = re.compile(r"\bAMENDMENT\s+(?:NO|NUMBER)\.?\s*:?[\s_]*(\d{1,3})\b", re.IGNORECASE)
_RULE = re.compile(r"RULE\s+13D-1\s?\(\s?([BCD])\s?\)", re.IGNORECASE)
_LONGEST = {"issuer_name": 255, "securities_class_title": 500, "citizenship": 255}  # characters, as in product.yaml
_AMOUNTS = (
    "sole_voting_power",
    "shared_voting_power",
    "sole_dispositive_power",
    "shared_dispositive_power",
    "aggregate_amount",
)


def rows(page: list[Block], text: str, lines: list[str], submission: Submission) -> Rows:
    """The rows of a schedule.

    Args:
        page: its blocks.
        text: the same as running text.
        lines: the same line by line, those of a table with tabs between its cells.
        submission: for what its header says.

    Raises:
        Unusable: when a tender offer has no cover page of a 13D, or a document is no schedule at all.
    """
    found = covers(text)
    header = _companies(submission, "subject_company")
    if not found:
        _refuse_others(text, header, submission.form.strip())
    front = text[: found[0].start] if found else text
    yield from _submission(front, text, header, submission)
    if not found:
        yield problem("cover pages", submission.form, "none has the labels of a reporting person")
    filers = _companies(submission, "filed_by")
    people = People(filers)
    names: list[str] = []
    for number, cover in enumerate(found, 1):
        name = values.name(f"{cover.fields.get('name', '')}\n{cover.fields.get('irs', '')}")
        names += [name] if name else []
        yield from _person(number, cover, name, people)
    for number, said in () if submission.form.startswith("SC TO") else items(page):
        yield "items", {"item": number, "part": "text", "text": said}
    for number, row in enumerate(signatures(lines, names + [name for name, _ in filers]), 1):
        yield "signatures", {"signature_sk": number, **row}


def _refuse_others(text: str, header: list[tuple[str, str]], form: str) -> None:
    """Raise `Unusable` of a document without a cover page, unless its form or its heading says it is a schedule."""
    if form.startswith("SC TO"):
        raise Unusable("it has no cover page of a reporting person")
    if form and not is_schedule(form):
        raise Unusable(f"it is of form {form}, not a Schedule 13D or 13G, and has no cover page of a reporting person")
    if not (_FRONT.search(text) or (form and header)) or not (form or _HEADING.search(text)):
        raise Unusable("it has neither a cover page of a reporting person nor the front of a Schedule 13D or 13G")


def _companies(submission: Submission, role: str) -> list[tuple[str, str]]:
    """Name and CIK of the header's companies in a role."""
    found: dict[tuple[str, str], None] = {}
    entries = submission.header.get(role, [])
    for entry in entries if isinstance(entries, list) else [entries]:
        data = entry.get("company_data", entry.get("owner_data", {})) if isinstance(entry, dict) else {}
        if isinstance(data, dict) and data.get("cik"):
            found[(str(data.get("conformed_name", "")), str(data["cik"]).zfill(10))] = None
    return list(found)


def _submission(front: str, text: str, header: list[tuple[str, str]], submission: Submission) -> Rows:
    said = _front(front)
    issuers = dict.fromkeys(cik for _, cik in header)
    cusips = list(_cusips(said.get("cusip", ""), text))
    amendments = set(_AMENDMENT.findall(front)) if submission.form.endswith("/A") or not submission.form else set()
    event = values.day(said.get("date", ""))
    if said.get("date") and event is None:
        yield problem("cover page: date of event", said["date"], "it is not one date")
    if len(issuers) > 1:
        yield problem("header: subject company", ", ".join(issuers), "a schedule is about one issuer")
    row: dict[str, Any] = {
        "form": submission.form or _form(text, bool(amendments)),
        "source": "text",
        "amendment_no": amendments.pop() if len(amendments) == 1 else None,
        "issuer_cik": next(iter(issuers)) if len(issuers) == 1 else None,
        "issuer_name": said.get("issuer") or (header[0][0] if len(issuers) == 1 else None),
        "issuer_cusip": cusips[0] if cusips else None,
        "securities_class_title": said.get("title"),
        "date_of_event": event,
        "rules": "; ".join(_rules(front)) or None,
    }
    yield from _fitting(row, "cover page")
    yield "submission", row
    for number, cusip in enumerate(cusips, 1):
        yield "cusips", {"cusip_sk": number, "cusip": cusip}


def _fitting(row: dict[str, Any], where: str) -> Rows:
    """Take out what is too long for its column, a paragraph where a name should stand: the rest of the row is kept."""
    for column, longest in _LONGEST.items():
        if len(said := row.get(column) or "") > longest:
            row[column] = None
            yield problem(f"{where}: {column}", said[:200], f"it has more than {longest} characters")


def _form(text: str, is_amendment: bool) -> str | None:
    """The form of a document that lies alone, by its heading."""
    heading = _HEADING.search(text)
    return f"SC 13{heading[1].upper()}{'/A' if is_amendment else ''}" if heading else None


def _front(text: str) -> dict[str, str]:
    """What stands over each label in brackets: the form prints the label below the line to fill in."""
    found: dict[str, str] = {}
    end = 0
    for match in _FRONT.finditer(text):
        above = [line for line in (" ".join(each.split()) for each in text[end : match.start()].splitlines()) if line]
        above = [line for line in above if re.search(r"\w", line.replace("_", ""))]
        label = match.lastgroup or ""
        if above and label != "other" and label not in found:
            found[label] = above[-1].strip("_*| ")
        end = match.end()
    return found


def _cusips(above: str, text: str) -> Iterator[str]:
    seen: set[str] = set()
    for said in [above, *(match[1] for match in _CUSIP.finditer(text))]:
        cusip = re.sub(r"[^0-9A-Za-z]", "", said.upper().replace("CUSIP", ""))
        if len(cusip) in (8, 9) and sum(map(str.isdigit, cusip)) >= 3 and cusip not in seen:
            seen.add(cusip)
            yield cusip


def _rules(front: str) -> Iterator[str]:
    """The rules whose boxes are checked; a box stands before its rule, on the same line or right above."""
    end = 0
    for match in _RULE.finditer(front):
        between = front[end : match.start()][-30:]
        if values.checked(between):
            yield f"Rule 13d-1({match[1].lower()})"
        end = match.end()


def _person(number: int, cover: Cover, name: str | None, filers: People) -> Rows:
    get = cover.fields.get
    row: dict[str, Any] = {
        "person_sk": number,
        "name": name,
        "cik": filers.find(name) if name else None,
        "member_of_group": values.group(get("group", "")),
        "source_of_funds": values.funds(get("funds", "")),
        "legal_proceedings": values.checked(get("legal", "")),
        "citizenship": values.place(get("citizenship", "")),
        "excludes_certain_shares": values.checked(get("excludes", "")),
        "types": values.person_types(get("types", "")),
    }
    for column in _AMOUNTS:
        row[column] = values.amount(get(column, ""))
    row["percent_of_class"] = values.percent(get("percent_of_class", ""))
    yield from _fitting(row, f"cover page {number}")
    yield "reporting_persons", row
    for column in (*_AMOUNTS, "percent_of_class"):
        where = f"cover page {number}: {column}"
        if column not in cover.fields:
            yield problem(where, "nothing", "its label does not stand there")
        elif row[column] is None and values.is_said(cover.fields[column]):
            rule = "it is not one percentage" if column == "percent_of_class" else "it is not one number"
            yield problem(where, " ".join(cover.fields[column].split())[:200], rule)
    if name is None:
        yield problem(f"cover page {number}: name", get("name", "")[:200], "no name stands there")
