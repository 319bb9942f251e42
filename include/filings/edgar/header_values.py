"""The values of a header, the same from both of its forms: labels say in words what tags say in numbers.

Item numbers of Form 8-K, act numbers and SIC codes; the words of a SIC code are kept beside it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from filings.edgar.form8k_items import item_number
from filings.edgar.header_names import ACTS

Fields = dict[str, Any]

_SIC = re.compile(r"(.*?)\s*\[(\d*)\]?")
_REMEMBERED = 4096
_LONGEST = 160  # letters of a SIC code with its words; none is longer


def finish(fields: Fields) -> Fields:
    """Bring the values of both forms to one: item numbers, act numbers, SIC codes."""
    if "items" in fields:
        filed = str(fields.get("filing_date", ""))
        fields["items"] = [item_number(str(item).removeprefix("<ITEMS>"), filed) for item in fields["items"]]
    for value in fields.values():
        if isinstance(value, list):
            for entity in value:
                if isinstance(entity, dict):
                    _finish_entity(entity)
    return fields


def _finish_entity(entity: Fields) -> None:
    described = sections(entity, "company_data") if "company_data" in entity else []
    if "owner_data" in entity:
        described += sections(entity, "owner_data")
    for values in sections(entity, "filing_values") if described else ():
        act = values.get("act")
        if isinstance(act, str) and act in ACTS:
            values["act"] = ACTS[act]
    for data in described:
        sic = data.get("assigned_sic")
        if isinstance(sic, str) and len(sic) <= _LONGEST and (parts := _sic(sic)):
            data["assigned_sic"] = parts[1]
            if parts[0]:
                data["sic_description"] = parts[0]


@lru_cache(_REMEMBERED)
def _sic(words: str) -> tuple[str, str] | None:
    """Words and code of `ELECTRONIC COMPUTERS [3571]`; there are some 450 of them."""
    match = _SIC.fullmatch(words)
    return (match[1], match[2]) if match else None


def sections(entity: Any, name: str) -> list[Fields]:
    """An entity's sections of a name: one, but for damaged headers."""
    value = entity.get(name) if isinstance(entity, dict) else None
    if isinstance(value, dict):
        return [value]
    return [section for section in value if isinstance(section, dict)] if isinstance(value, list) else []
