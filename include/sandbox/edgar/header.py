"""Reads the header of a submission, in both formats, into one tree of the tags that `.nc` files have.

`.txt` files carry labels (`FILED AS OF DATE:`), `.nc` files tags (`<FILING-DATE>`). One tree serves both the indexes
and the Feed, which needs the tag form of filings that are there only as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.edgar.labels import ITEM_NUMBERS, SECTIONS, TAGS

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_TAG = re.compile(r"<(/?)([A-Z0-9][A-Z0-9-]*)>(.*)")
_TEXT_START = re.compile(r"<(?:SEC|IMS)-HEADER>[^\r\n]*(?:\r\n|\r|\n)?")
_TEXT_END = re.compile(r"</(?:SEC|IMS)-HEADER>")
_FIRST_LINE = re.compile(r"<(?:SEC|IMS)-DOCUMENT>\S+ : (\d{8})")
_DOCUMENT = re.compile(r"(?:^|[\r\n])<DOCUMENT>")


class BadHeader(ValueError):
    """The file has no header that can be read (or not yet: it may still be being written)."""


@dataclass
class Section:
    """A tag that holds others, such as `<FILER>`; `children` keep their order. A flag is a tag with an empty value."""

    tag: str
    children: list[Section | tuple[str, str]] = field(default_factory=list)

    def value(self, tag: str) -> str | None:
        """The first value of a tag directly in this section."""
        return next((child[1] for child in self.children if isinstance(child, tuple) and child[0] == tag), None)

    def values(self, tag: str) -> list[str]:
        """All values of a tag directly in this section."""
        return [child[1] for child in self.children if isinstance(child, tuple) and child[0] == tag]

    def sections(self) -> Iterator[Section]:
        """The sections directly in this one."""
        return (child for child in self.children if isinstance(child, Section))

    def section(self, *tags: str) -> Section | None:
        """The first section with one of these tags."""
        return next((child for child in self.sections() if child.tag in tags), None)


def is_complete(head: bytes) -> bool:
    """Whether these first bytes of a submission hold its whole header."""
    text = head.decode("latin-1")
    return bool(_TEXT_END.search(text) or _DOCUMENT.search(text))


def read(head: bytes) -> Section:
    """The header as a tree, from the first bytes of a submission.

    Raises:
        BadHeader: when there is neither a text nor a tag header.
    """
    text = head.decode("latin-1")
    document = _DOCUMENT.search(text)
    if start := _TEXT_START.search(text):
        end = _TEXT_END.search(text, start.end())
        stop = end.start() if end else document.start() if document else len(text)
        return _from_labels(_LINE_BREAK.split(text[start.end() : stop]))
    if (start := re.search(r"<SUBMISSION>\s*", text)) and document:
        return _from_tags(_LINE_BREAK.split(text[start.end() : document.start()]))
    raise BadHeader("neither <SEC-HEADER>, <IMS-HEADER> nor <SUBMISSION> … <DOCUMENT>")


def dated(head: bytes) -> str | None:
    """The date in the first line of a text submission: when it was disseminated, which may be after it was filed."""
    match = _FIRST_LINE.search(head.decode("latin-1"))
    return match[1] if match else None


def body_offset(head: bytes) -> int:
    """Where the first `<DOCUMENT>` begins."""
    match = _DOCUMENT.search(head.decode("latin-1"))
    return len(head) if match is None else match.end() - len("<DOCUMENT>")


def to_tags(header: Section) -> str:
    """The header as the Feed has it: tags, and without the acceptance time."""
    lines: list[str] = []
    for child in header.children:
        if isinstance(child, Section):
            lines += [f"<{child.tag}>", to_tags(child).rstrip("\n"), f"</{child.tag}>"]
        elif child[0] != "ACCEPTANCE-DATETIME":
            lines.append(f"<{child[0]}>{child[1]}")
    return "".join(f"{line}\n" for line in lines if line)


def _from_tags(lines: list[str]) -> Section:
    closed = {match[2] for line in lines if (match := _TAG.match(line)) and match[1]}
    root = Section("SUBMISSION")
    open_sections = [root]
    for line in lines:
        match = _TAG.match(line)
        if match is None:
            continue
        if match[1]:
            if len(open_sections) > 1 and open_sections[-1].tag == match[2]:
                open_sections.pop()
        elif match[2] in closed and not match[3].strip():
            section = Section(match[2])
            open_sections[-1].children.append(section)
            open_sections.append(section)
        else:
            open_sections[-1].children.append((match[2], match[3].strip()))
    return root


def _from_labels(lines: list[str]) -> Section:
    root = Section("SUBMISSION")
    role: Section | None = None
    part: Section | None = None
    tagged: list[str] = []  # blocks such as <SERIES-AND-CLASSES-CONTRACTS-DATA> stay in tags even in text headers
    for line in lines:
        if line.startswith("<"):
            if line.startswith("<ACCEPTANCE-DATETIME>"):
                root.children.append(("ACCEPTANCE-DATETIME", line.partition(">")[2].strip()))
            elif line.startswith("<PRIVATE-TO-PUBLIC>"):
                root.children.append(("PRIVATE-TO-PUBLIC", ""))
            elif line.rstrip() == "<REPORTING-OWNER>":  # ownership forms around 2000 mix tags and labels
                role, part = Section("REPORTING-OWNER"), None
                root.children.append(role)
            elif line.startswith("<RELATIONSHIP>") and role is not None:
                role.children.append(("RELATIONSHIP", line.partition(">")[2].strip()))
            elif match := _TAG.match(line):
                tagged.append(line if match[3].strip() or match[1] else f"<{match[2]}>")
            continue
        label, colon, value = line.partition(":")
        name, value = label.strip(), value.strip()
        if not colon or not name:
            continue
        top_level = not label[:1].isspace()
        if name in SECTIONS and not value and role is not None:
            part = Section(SECTIONS[name])
            role.children.append(part)
        elif top_level and not value and name not in TAGS:
            role, part = Section(name.replace(" ", "-")), None
            root.children.append(role)
        else:
            (root if top_level else part or role or root).children.append(_leaf(name, value))
    root.children += _from_tags(tagged).children
    return root


def _leaf(label: str, value: str) -> tuple[str, str]:
    tag = TAGS.get(label, label.replace(" ", "-"))
    if tag == "ASSIGNED-SIC" and (code := re.search(r"\[(\d{4})\]$", value)):
        value = code[1]
    elif tag == "ACT":
        value = re.sub(r"^19(\d\d) Act$", r"\1", value)
    elif tag == "ITEMS":
        value = ITEM_NUMBERS.get(value.lower(), value)
    return tag, value
