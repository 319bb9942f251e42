"""What is to be done with the text of a marked fact, worked out once for all facts that are marked alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from filings.edgar.ixbrl_transforms import converter, transform
from filings.edgar.xbrl_text import decode, text_of

MARKS = ("format", "scale", "sign", "escape")
_RULES = 256  # of one order of attributes; real documents have up to 20
_NUMBERS = 4_096


class Rule(NamedTuple):
    """How a value is made. Both functions raise BadValue for a text that the format does not allow."""

    escaped: bool  # the value is the markup inside, as XHTML
    read: Callable[[bytes], str]  # of the bytes between two tags
    convert: Callable[[str], str]  # of a text without markup, or of markup where that is the value


class Rules(dict[tuple[bytes, ...], Rule]):
    """Rules by what the marks of a tag say, in the order in which the tag has them."""

    def __init__(self, local: str, marks: list[str]) -> None:
        super().__init__()
        self._local, self._marks = local, marks

    def __missing__(self, said: tuple[bytes, ...]) -> Rule:
        made = rule(self._local, dict(zip(self._marks, map(text_of, said), strict=True)))
        if len(self) < _RULES:
            self[said] = made
        return made


class _Numbers(dict[bytes, str]):
    """Numbers by how they are written: a report has many of them two or three times, and hundreds of dashes."""

    def __init__(self, convert: Callable[[str], str]) -> None:
        super().__init__()
        self._convert = convert

    def __missing__(self, raw: bytes) -> str:
        value = self._convert(text_of(raw))
        if len(self) < _NUMBERS:
            self[raw] = value
        return value


def rule(local: str, said: Mapping[str, str]) -> Rule:
    """The rule for an element of this name whose attributes say this."""
    if local == "nonfraction":
        convert = converter(said.get("format"), said.get("scale"), said.get("sign") == "-")
        return Rule(False, _Numbers(convert).__getitem__, convert)
    if said.get("escape") in ("true", "1"):
        return Rule(True, decode, str)
    name = said.get("format")
    if name is None:
        return Rule(False, text_of, str)
    return Rule(False, lambda raw: transform(name, text_of(raw)), lambda text: transform(name, text))
