"""Values of inline facts that hold markup or go on elsewhere: their text over all its parts, and what it means."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from filings.edgar.ixbrl_rules import rule
from filings.edgar.ixbrl_scan import Element, Pending, Scan
from filings.edgar.ixbrl_transforms import BadValue
from filings.edgar.xbrl_model import Allowance
from filings.edgar.xbrl_text import decode, plain

Continuations = Mapping[str, tuple[Scan, Element]]


def fill(scan: Scan, continuations: Continuations) -> None:
    """Give the facts of a document that wait for it their values."""
    chains = Chains(scan, continuations)
    for pending in scan.pending:
        try:
            _fill(pending, chains)
        except BadValue as error:
            pending.fact["value"] = error.raw
            scan.problems.add(str(error))


def _fill(pending: Pending, chains: Chains) -> None:
    fact, element, how, continued = pending
    if element.local == "fraction":
        parts = {
            part.local: rule("nonfraction", part.said).convert(chains.text(part, None) or "")
            for part in element.parts or ()
        }
        fact["value"] = f"{parts.get('numerator', '')}/{parts.get('denominator', '')}"
        return
    text = chains.markup(element, continued) if how.escaped else chains.text(element, continued)
    if text is None:
        fact["left_out"] = True
    else:
        fact["value"] = how.convert(text)


class Chains:
    """The content of elements of one document, with their continuations."""

    def __init__(self, scan: Scan, continuations: Continuations) -> None:
        self._scan, self._continuations = scan, continuations
        self._allowance = Allowance(len(scan.markup.data))

    def text(self, element: Element, continued: str | None) -> str | None:
        """The content without its markup; None when it would be too much."""
        chain = self._chain(element, continued)
        return None if chain is None else "".join(_text(*part) for part in chain)

    def markup(self, element: Element, continued: str | None) -> str | None:
        """The content as XHTML, without ix tags; None when it would be too much."""
        chain = self._chain(element, continued)
        return None if chain is None else "".join(_escaped(*part) for part in chain)

    def _chain(self, element: Element, continued: str | None) -> list[tuple[Scan, Element]] | None:
        """The element and its continuations, in order."""
        chain, seen = [(self._scan, element)], set[str]()
        while self._allowance.take(_length(chain[-1][1])):
            if continued is None:
                return chain
            if continued in seen or continued not in self._continuations:
                why = "leads back to itself" if continued in seen else "does not exist"
                self._scan.problems.add(f"continuation {continued[:60]} {why}")
                return chain
            seen.add(continued)
            chain.append(self._continuations[continued])
            continued = chain[-1][1].said.get("continuedAt")
        self._scan.problems.add("texts inside of texts come to many times the document; some values are left out")
        return None


def _length(element: Element) -> int:
    return max(0, element.end - element.content)


def _text(scan: Scan, element: Element) -> str:
    """The text inside an element, without what `ix:exclude` takes out."""
    data, position, end = scan.markup.data, element.content, element.content + _length(element)
    if not scan.excluded:
        return plain(bytes(data[position:end]))
    pieces = []
    for start, after in scan.excluded[bisect_left(scan.excluded, (position, 0)) :]:
        if start >= end:
            break
        if start >= position:
            pieces.append(data[position:start])
            position = after
    pieces.append(data[position:end])
    return plain(b"".join(pieces))


def _escaped(scan: Scan, element: Element) -> str:
    """The markup inside an element, without ix tags and what `ix:exclude` takes out."""
    data, cuts, ends = scan.markup.data, scan.cuts, scan.cut_ends
    position, end = element.content, element.content + _length(element)
    pieces = []
    for number in range(bisect_left(cuts, position), bisect_left(cuts, end)):
        start = cuts[number]
        if start >= position:
            pieces.append(data[position:start])
            position = ends[number]
    pieces.append(data[position:end])
    return decode(b"".join(pieces))
