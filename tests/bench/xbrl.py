"""Facts of XBRL documents in memory: ours against secxbrl, over every instance and every inline document there is.

Both get the bytes of one document after the other and give the list of its facts. secxbrl gives none for some inline
documents and stops at others; that is counted and told, and its speed is taken over all of them all the same.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

import secxbrl

from bench.measure import Case, artefacts, generated, submissions
from filings.archive.compression import decompress
from filings.edgar import ixbrl, sgml, xbrl, xbrl_instance

_GENERATED = 20  # reports, of a megabyte each
_FOLDERS = ("xbrl_instance", "ixbrl_htm")
Documents = list[tuple[str, bytes]]


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """`xbrl_facts_instance` and `xbrl_facts_inline`, in MB/s."""
    instances, inline = _documents()
    yield [
        _case("xbrl_facts_instance", instances, xbrl_instance.facts, "extracted_inline"),
        _case("xbrl_facts_inline", inline, ixbrl.facts, "inline"),
    ]


def _case(name: str, documents: Documents, facts: Callable[[bytes, str], xbrl.XbrlDocument], peers_name: str) -> Case:
    def ours() -> int:
        return sum(len(facts(content, filename).facts) for filename, content in documents)

    def peer() -> int:
        return sum(len(_secxbrl(content, peers_name)) for _, content in documents)

    size = sum(len(content) for _, content in documents) / 1e6
    silent = [
        filename
        for filename, content in documents
        if not _secxbrl(content, peers_name) and facts(content, filename).facts
    ]
    found, theirs = ours(), peer()
    assert found >= theirs > 0, f"{name}: {found} facts, secxbrl has {theirs}"
    print(
        f"{name}: {len(documents)} documents of {size:,.0f} MB; {found:,} facts, secxbrl {theirs:,}"
        f" (none in {len(silent)} documents that have some)",
        flush=True,
    )
    return Case(name, "MB/s", "secxbrl", lambda: size / _seconds(ours), lambda: size / _seconds(peer))


def _secxbrl(content: bytes, kind: str) -> list[dict[str, object]]:
    try:
        return secxbrl.parse_inline_xbrl(content, file_type=kind)  # type: ignore[no-any-return]
    except (ValueError, TypeError, AttributeError, SyntaxError):  # it takes only UTF-8 and what a parser can mend
        return []


def _seconds(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _documents() -> tuple[Documents, Documents]:
    """All instances and all inline documents: the single ones of the corpus, and those in submissions."""
    if not artefacts():
        return _made()
    whole: Documents = []
    found: dict[str | None, Documents] = {"instance": [], "inline": [], None: []}
    for path in artefacts():
        if path.parent.name not in _FOLDERS:
            continue
        content = decompress(path.read_bytes(), path.name)
        if content.startswith(b"<SEC-DOCUMENT>"):
            whole.append((path.name, content))
        else:
            found[xbrl.kind(sgml.Document("", "", path.name, "", "text", content))].append((path.name, content))
    for name, raw in [*whole, *submissions()]:
        for document in sgml.parse(raw).documents:
            if (kind := xbrl.kind(document)) is not None:
                found[kind].append((f"{name}/{document.filename}", bytes(document.content)))
    return found["instance"], found["inline"]


def _made() -> tuple[Documents, Documents]:
    """Generated reports, made as long as real ones: facts many times over, and texts as escaped pages beside them."""
    instances: Documents = []
    inline: Documents = []
    for name, raw in islice((filing for filing in generated() if b"inlineXBRL" in filing[1]), _GENERATED):
        documents = {xbrl.kind(document): bytes(document.content) for document in sgml.parse(raw).documents}
        page, instance = documents["inline"], documents["instance"]
        text = page.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")
        block = b'<us-gaap:GeneralPoliciesTextBlock contextRef="c-1">' + text + b"</us-gaap:GeneralPoliciesTextBlock>"
        instances.append((name, _longer(instance, instance.rindex(b"</unit>") + 7, b"</xbrl>", block)))
        inline.append((name, _longer(page, page.index(b"</div>", page.index(b"</ix:header>")) + 6, b"</body>", b"")))
    return instances, inline


def _longer(document: bytes, begin: int, closing: bytes, more: bytes) -> bytes:
    """The document with all from `begin` to its closing tag, and `more`, a hundred times."""
    end = document.rindex(closing)
    return document[:begin] + (document[begin:end] + more) * 100 + document[end:]
