"""A block of a page: what a reader sees as one thing, a paragraph, a heading, a table.

Both readers of pages (HTML and the ASCII text of the 1990s) make these, so that whoever looks for an item, a cover page
or the words does not mind how a document was made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

APART = "\n\n"  # between the blocks of a page's text

Kind = Literal["heading", "paragraph", "list_item", "table", "rule", "page_break", "preformatted"]


@dataclass(slots=True)
class Block:
    """One block.

    Args:
        kind: "preformatted" is text whose columns are made of blanks; a "page_break" has as its text what the page's
            foot and head say (a number, a running title, a link back to the contents).
        text: one logical paragraph, blanks normalised, entities decoded. Of a table its cells, tabs between them, a row
            a line. Of preformatted text its lines as they stand.
        level: of a heading from 1 (part) over 2 (item) to 6; of a list item how deep it lies, from 1.
        rows: of a table, all of the same length; `$`, `%` and parentheses stand with their numbers. Of preformatted
            text what the gaps part, of any length.
        marker: of a list item what stands before it, such as `•` or `(a)`; it is not in the text.
        anchors: the names and ids that stand in it or right before it.
        links: the targets of links within the document that stand in it, without `#`.
        lead: how many characters at the text's begin are bold or underlined.
        bold, italic, underlined: whether all of it is.
        centered: whether it is.
        layout: of a table of ASCII text its lines as they stand, else empty.
    """

    kind: Kind
    text: str = ""
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)
    marker: str = ""
    anchors: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    lead: int = 0
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    centered: bool = False
    layout: str = ""

    @property
    def said(self) -> str:
        """What it adds to the page's text; nothing where it is what pages repeat at head and foot."""
        if self.kind in ("page_break", "rule"):
            return ""
        text = self.layout or self.text
        return f"{self.marker} {text}" if self.marker else text


def words(page: Iterable[Block]) -> str:
    """The text of a page. What is found in it is told by offsets into this, so there is one such text."""
    return APART.join(said for block in page if (said := block.said))
