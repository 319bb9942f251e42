"""A slow and plain reader of submission headers, to judge the fast one by: each line is looked at with two patterns.

It takes the tables of names from `filings.edgar.header_names`, for they are the format; how lines are read is its own.
"""

from __future__ import annotations

import re
from typing import Any

from filings.edgar.form8k_items import item_number
from filings.edgar.header import Fields, entities, text
from filings.edgar.header_names import ACTS, FLAGS, LABELS, LISTS, ROLES, SECTIONS

_ENVELOPE = {"sec_document", "sec_header", "ims_document", "ims_header", "submission"}
_PEM = (b"-----BEGIN PRIVACY-ENHANCED", b"<SEC-DOCUMENT>", b"<IMS-DOCUMENT>", b"<SEC-HEADER>", b"<IMS-HEADER>")
_LINES = re.compile(r"\r\n|\n|\r")
_TAG = re.compile(r"<(/?)([A-Za-z0-9&.\-/]+)>(.*)")
_LABEL = re.compile(r"([^:<>]{2,80}):(?:[ \t]+|$)(.*)")
_SIC = re.compile(r"(.*?)\s*\[(\d*)\]?")
_SLUG = re.compile(r"[^a-z0-9]+")


def read(head: bytes) -> Fields:
    """The header of the bytes before the first `<DOCUMENT>`."""
    lines = [line for line in _LINES.split(text(_without_pem(head))) if line.strip()]
    reader = _Reader({match[2] for line in lines if (match := _TAG.match(line.strip())) and match[1]})
    for number, line in enumerate(lines):
        reader.read(line, lines[number + 1] if number + 1 < len(lines) else "")
    return _finish(reader.fields)


class _Reader:
    """Reads header lines into nested fields. Indentation is not trusted: filings of 2000 have it wrong."""

    def __init__(self, closed_tags: set[str]) -> None:
        self.fields: Fields = {}
        self._closed = closed_tags
        self._open: list[tuple[str, Fields]] = []  # sections inside which the next line falls

    def read(self, line: str, following: str) -> None:
        stripped = line.strip()
        if match := _TAG.match(stripped):
            self._tag(bool(match[1]), match[2], match[3].strip())
        elif match := _LABEL.match(stripped.removeprefix("]").strip()):
            self._label(_slug(match[1]), match[2].strip(), following)

    def _tag(self, closing: bool, name: str, value: str) -> None:
        key = _slug(name)
        if key in _ENVELOPE:
            return
        if closing:
            names = [opened for opened, _ in self._open]
            if key in names:
                del self._open[len(names) - 1 - names[::-1].index(key) :]
        elif not value and (name in self._closed or key in ROLES):
            if key in ROLES:  # whatever was open is over: tags may stand amid labels, or lack their closing tag
                self._open = []
            self._section(key)
        else:
            self._put(key, True if key in FLAGS and not value else value)

    def _label(self, key: str, value: str, following: str) -> None:
        key = LABELS.get(key, key)
        if value:
            self._put(key, value)
        elif key in SECTIONS:
            self._open = self._open[: 1 if self._open and self._open[0][0] not in SECTIONS else 0]
            self._section(key)
        elif key in ROLES or _slug(following.partition(":")[0]) in ("company_data", "owner_data"):
            self._open = []
            self._section(key)
        else:
            self._put(key, "")

    def _section(self, key: str) -> None:
        parent = self._open[-1][1] if self._open else self.fields
        section: Fields = {}
        if key in SECTIONS and key not in LISTS:
            # A second one of a kind under one parent cannot be told from the first: keep both, as a list.
            held = parent.get(key)
            parent[key] = section if held is None else [*(held if isinstance(held, list) else [held]), section]
        else:
            held = parent.get(key, [])
            parent[key] = [*(held if isinstance(held, list) else [held]), section]
        self._open.append((key, section))

    def _put(self, key: str, value: str | bool) -> None:
        target = self._open[-1][1] if self._open else self.fields
        if key in LISTS:
            held = target.get(key, [])
            if value:
                target[key] = [*(held if isinstance(held, list) else [held]), value]
        elif key not in target:
            target[key] = value
        elif isinstance(target[key], list):
            target[key].append(value)
        else:
            target[key] = [target[key], value]


def _finish(fields: Fields) -> Fields:
    """Bring the values of both forms to one: item numbers, act numbers, SIC codes."""
    filed = str(fields.get("filing_date", ""))
    if "items" in fields:
        fields["items"] = [item_number(str(item).removeprefix("<ITEMS>"), filed) for item in fields["items"]]
    for _, _, entity in entities(fields):
        for values in _sections(entity, "filing_values"):
            if str(values.get("act")) in ACTS:
                values["act"] = ACTS[str(values["act"])]
        for data in _sections(entity, "company_data") + _sections(entity, "owner_data"):
            match = _SIC.fullmatch(str(data.get("assigned_sic", "")))
            if match:
                data["assigned_sic"] = match[2]
                if match[1]:
                    data["sic_description"] = match[1]
    return fields


def _sections(entity: Any, name: str) -> list[Fields]:
    """An entity's sections of a name: one, but for damaged headers."""
    value = entity.get(name) if isinstance(entity, dict) else None
    return [section for section in (value if isinstance(value, list) else [value]) if isinstance(section, dict)]


def _without_pem(head: bytes) -> bytes:
    if not head.lstrip()[:64].startswith(_PEM[0]):
        return head
    starts = [at for mark in _PEM[1:] if (at := head.find(mark)) >= 0]
    return head[min(starts) :] if starts else b""


def _slug(name: str) -> str:
    return _SLUG.sub("_", name.lower()).strip("_")
