"""What XBRL says, whatever form it was written in: facts, and the contexts, units and footnotes that they refer to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypedDict

INSTANCE_NAMESPACE = "http://www.xbrl.org/2003/instance"


class Period(TypedDict, total=False):
    """`instant`, or `start` and `end`, as ISO dates or timestamps; `forever` where the context says so."""

    instant: str
    start: str
    end: str
    forever: bool


class Context(TypedDict, total=False):
    """Whom and what time a fact is about. `segment` holds the markup of a segment that names no dimension."""

    entity: str
    scheme: str
    period: Period
    dimensions: dict[str, Any]
    segment: str


class Footnote(TypedDict, total=False):
    """A note to one fact or more: its text without markup, and its language where that is said."""

    text: str
    lang: str


class Fact(TypedDict, total=False):
    """One fact; keys that do not apply are absent. `context`, `unit` and `footnotes` are keys of the document's tables.

    `left_out` where the texts of a document, one inside the other, would come to many times the document: the value is
    then null.
    """

    concept: str
    namespace: str | None
    value: str | None
    context: str
    unit: str
    decimals: str
    precision: str
    id: str
    nil: bool
    lang: str
    hidden: bool
    format: str
    target: str
    footnotes: list[str]
    left_out: bool
    document: str


@dataclass(slots=True)
class XbrlDocument:
    """What a document says in XBRL. `kind` is `instance` or `inline`; units are such as `iso4217:USD/xbrli:shares`."""

    filename: str
    kind: str
    contexts: dict[str, Context] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    footnotes: dict[str, Footnote] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    repaired: bool = False  # read after lines that EDGAR had broken were joined


class Allowance:
    """How many characters the values of a document may take together.

    Texts may lie inside of texts and be continued by the same part over and over, so a document of a megabyte could
    ask for a terabyte. Real reports come to less than twice their size.
    """

    def __init__(self, size: int) -> None:
        self._left = 4 * size + 65_536

    def take(self, length: int) -> bool:
        """Whether a value of this length may still be taken; that there is one costs something too."""
        self._left -= length + 16
        return self._left >= 0
