"""An entity of a header, read as it is asked for: one value where there should be one, whatever is repeated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from filings.edgar.header_values import sections

_COMPACT = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)")


def first(entity: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """The first section of an entity that has one of these names; `{}` when it has none."""
    for name in names:
        if found := sections(entity, name):
            return found[0]
    return {}


def one(section: Mapping[str, Any], *names: str) -> str | None:
    """The first value that a section has under one of these names, without blanks around it."""
    for name in names:
        value = section.get(name)
        value = value[0] if isinstance(value, list) and value else value
        if isinstance(value, str) and (word := value.strip()):
            return word
    return None


def day(value: str | None) -> str | None:
    """A date as `YYYY-MM-DD`, of `YYYYMMDD`; None for one that the calendar has not."""
    match = _COMPACT.match(value or "")
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3])).isoformat()
    except ValueError:
        return None
