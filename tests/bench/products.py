"""Each product's parser on one core: from filings taken apart to rows checked against their tables.

Two products have a peer, edgartools, which gets the same XML; the others are held against what reading their documents
costs at least, the bare trees of lxml or the bare header. Each is measured by bytes and by rows, in the same turns.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

from lxml import etree
from lxml import html as lxml_html

from bench.measure import Case, artefacts, submissions
from filings.archive.compression import decompress
from filings.edgar import header, sgml
from filings.edgar.document import Document
from filings.edgar.loose import submission_of
from filings.edgar.sgml import Submission
from filings.products import registry
from filings.products.definition import Product
from filings.products.parsing import parsed

_HEAD = 4096
_LEAST_SECONDS = 0.4  # of a turn of ours: few filings are taken several times
_MOST_BYTES = 12 << 20  # of documents; more says nothing new
_EDGARTOOLS, _TREES, _HEADER = "edgartools", "lxml, bare trees", "the header alone"
_MARKUP = (".xml", ".htm", ".html", ".xhtml", ".xsd")


@dataclass
class _Work:
    """What one product is measured on, and what its turns took that nobody has asked for yet."""

    product: Product
    filings: list[Submission]
    peer: Callable[[], Any]
    rows: int = 0
    times: int = 1
    waiting: dict[str, list[float]] = field(default_factory=lambda: {"ours": [], "peer": []})

    @property
    def megabytes(self) -> float:
        """Of documents, or of headers where a product has no use for documents."""
        documents = [len(document.filed) for filing in self.filings for document in filing.documents]
        return self.times * sum(documents or [len(filing._head) for filing in self.filings]) / 1e6

    def turn(self, who: str) -> float:
        """Seconds for all filings."""
        work = self.parse if who == "ours" else self.peer
        begun = perf_counter()
        for _ in range(self.times):
            work()
        return perf_counter() - begun

    def parse(self) -> None:
        """Ours, once."""
        parse = registry.parser(self.product.name)
        self.rows = sum(parsed(self.product, parse, filing).rows for filing in self.filings)

    def by_bytes(self, who: str) -> float:
        """MB/s; the turn's seconds are kept for `by_rows`."""
        seconds = self.turn(who)
        self.waiting[who].append(seconds)
        return self.megabytes / seconds

    def by_rows(self, who: str) -> float:
        """Rows/s of a turn that was measured by bytes, or of one more."""
        seconds = self.waiting[who].pop() if self.waiting[who] else self.turn(who)
        return self.times * self.rows / seconds


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """Two cases a product; what a product is measured on is made ready when it is its turn."""
    yield [case for name in registry.names() for case in _cases(name)]


def _cases(name: str) -> list[Case]:
    product, case = registry.product(name), f"product_{name}"
    peer = _EDGARTOOLS if name in _PEERS else _TREES if _documents(product) else _HEADER
    return [
        Case(case, "MB/s", peer, lambda: _work(name).by_bytes("ours"), lambda: _work(name).by_bytes("peer")),
        Case(f"{case}_rows", "rows/s", peer, lambda: _work(name).by_rows("ours"), lambda: _work(name).by_rows("peer")),
    ]


@cache
def _filings() -> list[Submission]:
    alone = [submission for path in artefacts() if (submission := _alone(path)) is not None]
    return [sgml.parse(raw) for _, raw in submissions()] + alone


@cache
def _work(name: str) -> _Work:
    """The filings that give this product rows, with the documents that it would be given."""
    product, parse = registry.product(name), registry.parser(name)
    chosen: list[Submission] = []
    size = 0
    for filing in _filings():
        if product.forms and filing.form not in product.forms and not _is_table_alone(filing):
            continue
        given = _given(product, filing)
        if parsed(product, parse, given).rows and _peer_takes(product, given):
            chosen.append(given)
            size += sum(len(document.filed) for document in given.documents)
        if size > _MOST_BYTES:
            break
    work = _Work(product, chosen, _peer(product, chosen))
    work.times = max(1, round(_LEAST_SECONDS / max(work.turn("ours"), 1e-4)))
    return work


def _is_table_alone(filing: Submission) -> bool:
    """Whether it is a table of a form without its cover, which does not say its form."""
    return len(filing.documents) == 1 and filing.documents[0].type in ("INFORMATION TABLE", "PROXY VOTING RECORD")


def _documents(product: Product) -> bool:
    wanted = product.source.documents
    return bool(wanted.all or wanted.main or wanted.suffix or wanted.type)


def _given(product: Product, filing: Submission) -> Submission:
    wants = product.source.documents.wants
    documents = [d for n, d in enumerate(filing.documents, 1) if wants(n, d.type, d.filename)]
    return Submission(filing.accession, filing.form, filing.header, documents, head=filing._head)


def _alone(path: Path) -> Submission | None:
    """A document of the corpus that lies alone, as the command line takes it."""
    data = path.read_bytes()
    try:
        data = decompress(data, path.name) if path.suffix == ".zst" else data
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        return sgml.parse(data)
    except sgml.NotASubmission:
        return submission_of(data, path.name.removesuffix(".zst")) if data.lstrip()[:1] == b"<" else None


def _peer(product: Product, filings: list[Submission]) -> Callable[[], Any]:
    """What the peer does with the same documents."""
    documents = [document for filing in filings for document in filing.documents if document.encoding == "text"]
    if product.name in _PEERS:
        mark, load = _PEERS[product.name]
        parse, texts = load(), [text for text in map(_text, documents) if mark in text[:_HEAD]]
        return lambda: [parse(text) for text in texts]
    if not _documents(product):
        heads = [filing._head for filing in filings]
        return lambda: [header.parse(head) for head in heads]
    contents = [(bytes(document.content), document) for document in documents]
    return lambda: [_tree(content, document) for content, document in contents]


def _peer_takes(product: Product, filing: Submission) -> bool:
    """Whether the peer has something to do with a filing and can do it; both get what both can read."""
    if product.name not in _PEERS:
        return True
    try:
        return bool(_peer(product, [filing])())
    except Exception as error:  # noqa: BLE001 - whatever it stumbles over; the files are named
        print(
            f"  {product.name}: left out, edgartools fails at {filing.documents[0].filename}: {error!r}",
            file=sys.stderr,
        )
        return False


def _edgartools_ownership() -> Callable[[str], Any]:
    from edgar.ownership import Ownership, owners

    owners.Entity = lambda cik: None  # it asks the SEC about each owner; only its parsing is timed
    return Ownership.parse_xml


def _edgartools_13f() -> Callable[[str], Any]:
    from edgar.thirteenf.parsers.infotable_xml import parse_infotable_xml

    return parse_infotable_xml


# What the XML that a peer reads begins with, and what reads it.
_PEERS: dict[str, tuple[str, Callable[[], Callable[[str], Any]]]] = {
    "insider_transactions": ("<ownershipDocument", _edgartools_ownership),
    "institutional_holdings": ("informationTable", _edgartools_13f),
}


def _text(document: Document) -> str:
    return bytes(document.content).decode("utf-8", "replace")


def _tree(content: bytes, document: Document) -> object:
    if not content.strip() or not document.filename.lower().endswith(_MARKUP):
        return content.decode("utf-8", "replace")
    if document.filename.lower().endswith((".xml", ".xsd")):
        return etree.fromstring(content.strip(), etree.XMLParser(recover=True, huge_tree=True, resolve_entities=False))
    return lxml_html.document_fromstring(content.strip(), parser=lxml_html.HTMLParser(huge_tree=True))
