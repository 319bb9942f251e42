"""Footnotes of inline XBRL: relationships that tie ids of facts to ids of footnotes, anywhere in the set.

Inline XBRL 1.0 has the ids of its footnotes in the facts themselves.
"""

from __future__ import annotations

from filings.edgar.ixbrl_scan import Scan
from filings.edgar.ixbrl_values import Chains, Continuations
from filings.edgar.xbrl_footnotes import Ties
from filings.edgar.xbrl_model import Footnote


def tie(scans: list[Scan], continuations: Continuations) -> dict[str, Footnote]:
    """The footnotes of a set by id; the facts that they belong to are given the ids."""
    footnotes: dict[str, Footnote] = {}
    for scan in scans:
        chains = Chains(scan, continuations)
        for element in scan.footnotes:
            said = element.said
            text = chains.text(element, said.get("continuedAt")) or ""
            footnote: Footnote = {"text": " ".join(text.split())}
            lang = said.get("xml:lang") or scan.lang
            if lang:
                footnote["lang"] = lang
            footnotes[said.get("id") or said.get("footnoteID") or ""] = footnote
    for scan in scans:
        ties = Ties(len(scan.markup.data), scan.problems)
        for said in scan.relationships:
            _relate(said, footnotes, ties, scan)
        for fact, notes in scan.references:
            ties.add([fact], notes.split())
        ties.tell([fact for each in scans for fact in each.facts])
    return footnotes


def _relate(said: dict[str, str], footnotes: dict[str, Footnote], ties: Ties, scan: Scan) -> None:
    notes = [key for key in said.get("toRefs", "").split() if key in footnotes]
    if notes:
        ties.add(said.get("fromRefs", "").split(), notes)
    else:
        scan.problems.add("a relationship leads to no footnote")
