"""The header of a submission, the same dictionary from both of its forms.

`.txt` files carry labelled lines (`COMPANY CONFORMED NAME: …`), `.nc` files tags (`<CONFORMED-NAME>…`). The keys are
the SEC's tag names in lower case with underscores. Entities (filer, issuer, reporting_owner …) are always lists;
`former_company` and `items` are too. A label that is not known keeps its own words as key: nothing is dropped.
Format: EDGAR Public Dissemination Service technical specification, header tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import length_hint
from typing import Any

from stringzilla import find

from filings.edgar import header_usual
from filings.edgar.header_names import FLAGS, LISTS, ROLES, SECTIONS, key_of, slug
from filings.edgar.header_values import finish, sections

__all__ = ["ROLES", "Fields", "entities", "parse", "text"]

Fields = dict[str, Any]

# What opens the file and the header itself: `<SEC-DOCUMENT>name : date`.
_ENVELOPE = ("<SEC-DOCUMENT>", "<SEC-HEADER>", "</SEC-HEADER>", "<IMS-DOCUMENT>", "<IMS-HEADER>", "</IMS-HEADER>")
_ENVELOPE_KEYS = {"sec_document", "sec_header", "ims_document", "ims_header", "submission"}
_PEM = (b"-----BEGIN PRIVACY-ENHANCED", b"<SEC-DOCUMENT>", b"<IMS-DOCUMENT>", b"<SEC-HEADER>", b"<IMS-HEADER>")
_END = ("</SEC-HEADER>\n", "</IMS-HEADER>\n", "</SEC-HEADER>\n\n", "</IMS-HEADER>\n\n")
_OPENING = SECTIONS | set(ROLES)
_SINGLE = SECTIONS - LISTS
_LINES = re.compile(r"\r\n|\n|\r")
_TAG = re.compile(r"<(/?)([A-Za-z0-9&.\-/]+)")
_CLOSING_TAG = re.compile(r"</([A-Za-z0-9&.\-/]+)>")
_LABEL = re.compile(r"[^:<>]{2,80}")
# Sections lie three deep at most; in a header that goes on opening them their tags are read as fields without a value.
_DEEPEST = 16
# The few hundred ways in which the lines of all headers begin, up to what separates them from the value, to the field
# that such a line always sets: so nearly every line is one look-up.
_AFTER_TAG, _AFTER_LABEL, _AFTER_ODD_LABEL = ">", ":\t", ": "
_BLANKS = (" ", "\t")
_FIELD_OF: dict[str, dict[str, str]] = {_AFTER_TAG: {}, _AFTER_LABEL: {}, _AFTER_ODD_LABEL: {}}
_OPENING_LINES: dict[str, str] = {}  # whole lines, to the entity or section that they begin
_TAG_LINES: dict[str, tuple[bool, str, str]] = {}  # whole lines that are a tag without a value
_REMEMBERED = 4096
_LONGEST = 160  # letters of what is remembered; no label or tag is longer


def text(raw: bytes | memoryview) -> str:
    """Header bytes as text: UTF-8, or Windows-1252 where they are not (names with accents)."""
    try:
        return str(raw, "utf-8")
    except UnicodeDecodeError:
        return str(raw, "cp1252", "replace")


def parse(head: bytes) -> Fields:
    """The header of the bytes before the first `<DOCUMENT>`; `{}` when they hold none."""
    content = text(_without_pem(head))
    fields, opened, end = header_usual.read(content)
    rest = content[end:]
    if rest not in _END:
        reader = _Reader(rest, fields, opened)
        if end and reader.begins_amid_entity():  # then the line before named it, and was read as a field
            reader = _Reader(content, {}, [])
        fields = reader.read()
    return finish(fields)


def entities(header: Fields) -> list[tuple[str, int, Fields]]:
    """All entities of a header as (role, CIK, entity), in the header's order of roles; CIK 0 where it has none."""
    found = []
    for role, value in header.items():
        for entity in value if isinstance(value, list) else ():
            data = sections(entity, "company_data") or sections(entity, "owner_data")
            if data:
                cik = str(data[0].get("cik", ""))
                found.append((role, int(cik) if cik.isascii() and cik.isdigit() else 0, entity))
    return found


class _Reader:
    """Reads header lines into nested fields. Indentation is not trusted: filings of 2000 have it wrong."""

    def __init__(self, content: str, fields: Fields, opened: list[tuple[str, Fields]]) -> None:
        """Goes on with the fields that were read before, in the sections that are open (outermost first)."""
        self.fields = fields
        self._content = content
        self._lines = _LINES.split(content) if "\r" in content else content.split("\n")
        self._closed: set[str] | None = None  # names of tags that are closed somewhere: they open sections
        self._open = opened  # sections inside which the next line falls

    def read(self) -> Fields:
        """All lines; most of them set a field that is known by how they begin, so that is tried first."""
        tagged = self._content.startswith("<SUBMISSION>")
        separator = _AFTER_TAG if tagged else _AFTER_LABEL
        field_of = _FIELD_OF[separator]
        opening, tags, fields, opened = _OPENING_LINES, _TAG_LINES, self.fields, self._open
        target = self._innermost()
        lines = iter(self._lines)
        for line in lines:
            if not line:
                continue
            beginning, _, rest = line.partition(separator)
            if beginning in field_of and (value := rest.strip()):
                key = field_of[beginning]
                if key in target:
                    _add(target, key, value)
                else:
                    target[key] = value
            elif line in opening:
                key = opening[line]
                target = {}
                parent = fields
                if opened and key in SECTIONS and opened[0][0] not in SECTIONS:
                    del opened[1:]
                    parent = opened[0][1]
                else:
                    opened.clear()
                if key in parent:
                    _add(parent, key, target)
                else:
                    parent[key] = target if key in _SINGLE else [target]
                opened.append((key, target))
            elif line in tags:
                self._tag(*tags[line], "")
                target = self._innermost()
            elif not line.startswith(_ENVELOPE):
                other = _AFTER_TAG if line.startswith("<") else _AFTER_ODD_LABEL
                beginning, _, rest = line.partition(other)
                if (key := _FIELD_OF[other].get(beginning, "")) and key not in target and (value := rest.strip()):
                    target[key] = value
                    continue
                self._line(line, len(self._lines) - length_hint(lines))
                target = opened[-1][1] if opened else fields
        return fields

    def _line(self, line: str, following: int) -> None:
        """Any line at all; `following` is the number of the next one."""
        stripped = line.strip()
        if stripped.startswith("<"):
            beginning, found, value = stripped.partition(_AFTER_TAG)
            if found and (tag := _tag(beginning) if len(beginning) <= _LONGEST else None):
                self._tag(*tag, value.strip())
                if not value:
                    _remember(_TAG_LINES, line, tag)
                elif not tag[0] and tag[2] not in LISTS:
                    _remember(_FIELD_OF[_AFTER_TAG], line[: line.index(_AFTER_TAG)], tag[2])
            return
        words, found, rest = stripped.removeprefix("]").lstrip().partition(":")
        if found and (not rest or rest.startswith(_BLANKS)) and len(words) <= _LONGEST and (key := _label(words)):
            value = rest.strip()
            self._label(key, value, following)
            if not value and key in _OPENING:
                _remember(_OPENING_LINES, line, key)
            beginning, _, rest = line.partition(":")
            if key not in LISTS and rest.startswith(_BLANKS):
                _remember(_FIELD_OF[":" + rest[0]], beginning, key)

    def _tag(self, closing: bool, name: str, key: str, value: str) -> None:
        if closing:
            self._close(key)
        elif not value and key in ROLES:  # whatever was open is over: tags may stand amid labels, or stay unclosed
            self._begin(key, self._parent(key))
        elif not value and self._is_section(name):
            self._begin(key, self._innermost())
        else:
            self._put(key, True if key in FLAGS and not value else value)

    def _label(self, key: str, value: str, following: int) -> None:
        if value:
            self._put(key, value)
        elif key in _OPENING or self._describes_entity(following):
            self._begin(key, self._parent(key))
        else:
            self._put(key, "")

    def begins_amid_entity(self) -> bool:
        """Whether the first line is such as follows the role of an entity."""
        return self._describes_entity(0)

    def _describes_entity(self, following: int) -> bool:
        """Whether the next line that is not blank is such as follows the role of an entity, whatever the role."""
        for later in range(following, len(self._lines)):
            if self._lines[later].strip():
                words = self._lines[later].partition(":")[0]
                return len(words) <= _LONGEST and key_of(words) in ("company_data", "owner_data")
        return False

    def _parent(self, key: str) -> Fields:
        """Where an entity belongs, or a section of the entity that is open; what else is open is over."""
        inside = self._open and key in SECTIONS and self._open[0][0] not in SECTIONS
        del self._open[1 if inside else 0 :]
        return self._open[0][1] if inside else self.fields

    def _begin(self, key: str, parent: Fields) -> None:
        section: Fields = {}
        if key not in parent:
            parent[key] = section if key in _SINGLE else [section]
        else:
            _add(parent, key, section)
        self._open.append((key, section))

    def _is_section(self, name: str) -> bool:
        if self._closed is None:
            self._closed = set(self._closed_names())
        return name in self._closed and len(self._open) < _DEEPEST

    def _closed_names(self) -> Iterator[str]:
        for line in self._lines:
            if line in _TAG_LINES:
                closing, name, _ = _TAG_LINES[line]
                if closing:
                    yield name
            elif "</" in line and (match := _CLOSING_TAG.match(line.strip())):
                yield match[1]

    def _close(self, key: str) -> None:
        opened = self._open
        if opened and opened[-1][0] == key:
            opened.pop()
        elif any(key == name for name, _ in opened):
            while opened.pop()[0] != key:
                pass

    def _innermost(self) -> Fields:
        return self._open[-1][1] if self._open else self.fields

    def _put(self, key: str, value: str | bool) -> None:
        target = self._innermost()
        if key in target:
            if value or key not in LISTS:
                _add(target, key, value)
        elif key not in LISTS:
            target[key] = value
        elif value:
            target[key] = [value]


def _add(target: Fields, key: str, value: Any) -> None:
    """Another value of a field or section: what cannot be told apart is kept as a list."""
    held = target[key]
    if isinstance(held, list):
        held.append(value)
    else:
        target[key] = [held, value]


def _remember(known: dict[str, Any], beginning: str, key: Any) -> None:
    # Damaged headers bring endless others. Nothing is ever forgotten: another thread may be about to look it up.
    if len(beginning) <= _LONGEST and len(known) < _REMEMBERED:
        known[beginning] = key


def _label(words: str) -> str | None:
    """The key for a label; None when it is no label."""
    return key_of(words) if _LABEL.fullmatch(words) else None


@lru_cache(_REMEMBERED)
def _tag(beginning: str) -> tuple[bool, str, str] | None:
    """A tag up to its `>`: whether it closes, its name, and its key; None when it tells nothing."""
    match = _TAG.fullmatch(beginning)
    key = slug(match[2]) if match else ""
    return (bool(match[1]), match[2], key) if match and key not in _ENVELOPE_KEYS else None


def _without_pem(head: bytes) -> bytes:
    if head.startswith(_PEM[1:]) or not head.lstrip().startswith(_PEM[0]):
        return head
    starts = [at for mark in _PEM[1:] if (at := int(find(head, mark))) >= 0]
    return head[min(starts) :] if starts else b""
