"""Writes the header of a submission, as labels (`.txt`) or as tags (`.nc`), from one tree."""

from __future__ import annotations

from datetime import date

from sandbox.edgar.header import Section, to_tags
from sandbox.edgar.labels import ITEMS, SECTIONS, TAGS
from sandbox.generate.cast import SIC_TITLES
from sandbox.generate.filing import Draft, Made
from sandbox.generate.layout import Layout

_TAB = "\t"
_LABELS = {tag: label for label, tag in TAGS.items()}
_SECTION_LABELS = {tag: label for label, tag in SECTIONS.items()}


def tree(draft: Draft, made: Made, layout: Layout) -> Section:
    """The header as a tree of tags."""
    old = layout.era < 2001
    root = Section("SUBMISSION", [(flag, "") for flag in made.flags])
    declared = len(made.parts) if made.declared is None else made.declared
    leaves = [("ACCESSION-NUMBER", draft.accession), ("TYPE", made.form), ("PUBLIC-DOCUMENT-COUNT", str(declared))]
    if made.period:
        leaves.append(("PERIOD", _digits(made.period)))
    leaves += [("ITEMS", item) for item in made.items]
    leaves.append(("FILING-DATE", _digits(draft.filed)))
    if not old:
        leaves.append(("DATE-OF-FILING-DATE-CHANGE", _digits(draft.filed)))
    root.children += leaves
    film = int(f"{draft.filed:%y}") * 1_000_000 + draft.rng.randrange(900_000)
    for number, role in enumerate(made.roles):
        root.children.append(role.party.section(role.tag, made.form, film - number, act=role.act, old=old))
    root.children += [made.series] if made.series else []
    return root


def as_text(root: Section, draft: Draft, layout: Layout) -> str:
    """The labelled form, between `<SEC-HEADER>` and its end, with the acceptance time where the era has it."""
    kind = "IMS" if layout.ims else "SEC"
    dated = _digits(layout.disseminated or draft.filed)
    lines = [f"<{kind}-HEADER>{draft.accession}.hdr.sgml : {dated}"]
    if layout.era >= 2001:
        lines.append(f"<ACCEPTANCE-DATETIME>{draft.accepted:%Y%m%d%H%M%S}")
    for child in root.children:
        if isinstance(child, Section) and child.tag == "SERIES-AND-CLASSES-CONTRACTS-DATA":
            lines += to_tags(Section("", [child])).splitlines()  # stays in tags even here
        elif isinstance(child, Section):
            lines += _tagged_owner(child) if layout.tagged_owner and child.tag == "REPORTING-OWNER" else _role(child)
        elif not child[1]:
            lines.append(f"<{child[0]}>")
        else:
            label = f"{_LABELS[child[0]]}:"
            value = ITEMS.get(child[1], child[1]) if child[0] == "ITEMS" and layout.era >= 2001 else child[1]
            lines.append(label + _TAB * max(1, 3 - len(label) // 8) + value)
    return "\n".join([*lines, f"</{kind}-HEADER>", ""])


def as_tags(root: Section) -> str:
    """The dissemination form."""
    return to_tags(root)


def _role(role: Section) -> list[str]:
    name = role.tag if role.tag == "REPORTING-OWNER" else role.tag.replace("-", " ")
    lines = ["", f"{name}:"]
    for part in role.sections():
        lines += ["", f"\t{_SECTION_LABELS[part.tag]}:", *(f"\t\t{line}" for line in _leaves(part))]
    return lines


def _tagged_owner(role: Section) -> list[str]:
    """Ownership forms around 2000: a tag for the owner among labels, and parts that are not indented."""
    lines = ["<REPORTING-OWNER>"]
    for part in role.sections():
        label = "COMPANY DATA" if part.tag == "OWNER-DATA" else _SECTION_LABELS[part.tag]
        lines += ["", f"{label}:", *(f"\t{line}" for line in _leaves(part))]
        lines += ["<RELATIONSHIP>DIRECTOR"] if part.tag == "OWNER-DATA" else []
    return [*lines, "</REPORTING-OWNER>"]


def _leaves(part: Section) -> list[str]:
    lines = []
    for child in part.children:
        if isinstance(child, tuple):
            tag, value = child
            if tag == "ASSIGNED-SIC":
                value = f"{SIC_TITLES[value]} [{value}]"
            elif tag == "ACT":
                value = f"19{value} Act"
            label = f"{_LABELS.get(tag, tag)}:"
            lines.append(label + _TAB * max(1, 4 - len(label) // 8) + value)
    return lines


def _digits(day: date) -> str:
    return day.strftime("%Y%m%d")
