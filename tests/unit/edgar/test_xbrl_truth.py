"""The corpus' XBRL held against judges of its own: a parser's count of contextRef attributes, and companyfacts.

Neither knows our scanner: the one is libxml2, the other what the SEC has read from the same filings.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson
import pytest
from lxml import etree

from filings.archive.compression import decompress
from filings.edgar import sgml, xbrl
from filings.edgar.sgml import Document

COUNT = etree.XPath("count(//@*[local-name() = 'contextRef' or local-name() = 'contextref'])")
ACCESSION = re.compile(r"(?<!\d)(\d{10})-?(\d{2})-?(\d{6})(?!\d)")


def references(content: bytes | memoryview) -> int:
    """How many elements refer to a context, as libxml2 has it: by its XML parser, or its HTML parser when it must."""
    raw = bytes(content)
    if not re.search(rb"contextref", raw, re.IGNORECASE):
        return 0
    options = {"huge_tree": True, "no_network": True}
    try:
        tree = etree.fromstring(raw, etree.XMLParser(resolve_entities=False, **options))
    except etree.XMLSyntaxError:
        tree = etree.fromstring(raw, etree.HTMLParser(**options))
    return int(COUNT(tree))


def disagreements(documents: Iterator[tuple[str, Document]]) -> tuple[list[str], int]:
    wrong, total = [], 0
    for name, document in documents:
        expected = references(document.content)
        kind = xbrl.kind(document)
        read = xbrl.facts(document.content, document.filename) if kind else xbrl.XbrlDocument(name, "none")
        total += len(read.facts)
        if len(read.facts) != expected:
            wrong.append(f"{name}: {len(read.facts)} facts, {expected} references")
        wrong += [f"{name}: {told}" for told in read.problems if "format" in told or "contexts that are not" in told]
    return wrong, total


def artefacts(paths: Iterable[Path]) -> Iterator[tuple[str, Document]]:
    """The documents in these files; some are whole submissions."""
    for path in paths:
        content = decompress(path.read_bytes(), path.name)
        if content.startswith(b"<SEC-DOCUMENT>"):
            yield from of_submission(path.name, content)
        else:
            yield path.name, Document("", "", path.name, "", "text", content)


def paths_of(real_data: Path) -> list[Path]:
    folders = [real_data / "artefacts" / name for name in ("xbrl_instance", "ixbrl_htm")]
    return [path for folder in folders for path in sorted(folder.iterdir())]


def of_submission(name: str, content: bytes) -> Iterator[tuple[str, Document]]:
    for document in sgml.parse(content).documents:
        if document.encoding == "text":
            yield f"{name}: {document.filename}", document


@pytest.mark.parametrize("part", range(4))
def test_every_artefact_gives_as_many_facts_as_it_has_context_references(real_data: Path, part: int) -> None:
    wrong, total = disagreements(artefacts(paths_of(real_data)[part::4]))
    assert wrong == []
    assert total > 40_000


def test_every_submission_gives_as_many_facts_as_its_documents_have_context_references(real_data: Path) -> None:
    paths = sorted(real_data.glob("*.zst"))
    wrong, total = disagreements(
        named for path in paths for named in of_submission(path.name, decompress(path.read_bytes(), path.name))
    )
    assert wrong == []
    assert total > 1_000


# Companyfacts has these under USD; the filing itself says iso4217:USD/xbrli:shares, with the same values.
PER_SHARE = {
    f"us-gaap:ShareBasedCompensationArrangementByShareBasedPaymentAward{name}"
    for name in (
        "EquityInstrumentsOtherThanOptionsForfeitedInPeriodWeightedAverageGrantDateFairValue",
        "OptionsExercisesInPeriodWeightedAverageExercisePrice",
        "OptionsForfeituresInPeriodWeightedAverageExercisePrice",
        "OptionsGrantsInPeriodWeightedAverageExercisePrice",
    )
}
UNIT_BY_THE_FILING = {("0001193125-10-238044", concept): "USD/shares" for concept in PER_SHARE}


def test_values_are_those_of_companyfacts(real_data: Path) -> None:
    """Each row that the SEC has of an accession in the corpus is a fact of ours: concept, unit, period and value."""
    rows = companyfacts(real_data / "artefacts")
    compared = 0
    accessions = set()
    for name, document in artefacts(paths_of(real_data)):
        compared += compare(name, document, rows, accessions)
    assert len(accessions) >= 15
    assert compared > 7_000


def compare(name: str, document: Document, rows: dict[int, list[dict[str, Any]]], accessions: set[str]) -> int:
    """Hold one document against the rows of its accession; returns how many those are."""
    head = bytes(document.content)
    ciks = [cik for cik in rows if f"{cik:010d}<".encode() in head]
    if not ciks or xbrl.kind(document) is None:
        return 0
    read = xbrl.facts(document.content, name)
    accession = accession_of(name, read, rows[ciks[0]])
    if accession is None:
        return 0
    accessions.add(accession)
    ours = values(read)
    expected = [row for row in rows[ciks[0]] if row["accn"] == accession]
    for row in expected:
        unit = UNIT_BY_THE_FILING.get((accession, row["concept"]), row["unit"])
        key = row["concept"], unit, row.get("start"), row["end"]
        assert Decimal(str(row["val"])) in ours.get(key, set()), f"{name} ({accession}): {key} {row['val']}"
    return len(expected)


def accession_of(name: str, document: xbrl.XbrlDocument, rows: list[dict[str, Any]]) -> str | None:
    """The accession by the file's name, or the only one that the SEC has of this form and fiscal period."""
    match = ACCESSION.search(name)
    named = "-".join(match.groups()) if match else None
    if named and any(row["accn"] == named for row in rows):
        return named
    cover = {fact["concept"].removeprefix("dei:"): fact["value"] for fact in document.facts}
    said = (cover.get("DocumentFiscalYearFocus"), cover.get("DocumentFiscalPeriodFocus"), cover.get("DocumentType"))
    found = {row["accn"] for row in rows if (str(row.get("fy")), row.get("fp"), row["form"]) == said}
    return found.pop() if len(found) == 1 else None


def values(document: xbrl.XbrlDocument) -> dict[tuple[str, str, str | None, str | None], set[Decimal]]:
    """The numbers without dimensions, by concept, unit as companyfacts writes it, start and end."""
    found: dict[tuple[str, str, str | None, str | None], set[Decimal]] = {}
    for fact in document.facts:
        context = document.contexts[fact["context"]]
        if "unit" in fact and fact["value"] is not None and not context["dimensions"]:
            period = context["period"]
            unit = re.sub(r"[\w-]+:", "", document.units[fact["unit"]])
            key = fact["concept"], unit, period.get("start"), period.get("end") or period.get("instant")
            found.setdefault(key, set()).add(Decimal(fact["value"]))
    return found


def companyfacts(folder: Path) -> dict[int, list[dict[str, Any]]]:
    """The rows of each company's JSON: those of companyfacts with their tag and unit."""
    rows: dict[int, list[dict[str, Any]]] = {}
    for path in [*(folder / "companyfacts_json").iterdir(), *(folder / "vcr_companyfacts_json").iterdir()]:
        raw = decompress(path.read_bytes(), path.name)
        content = orjson.loads(gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw)
        if "facts" not in content:
            continue
        of_company = rows.setdefault(int(content["cik"]), [])
        for taxonomy, tags in content["facts"].items():
            for tag, entry in tags.items():
                for unit, values in entry["units"].items():
                    of_company += [{**value, "concept": f"{taxonomy}:{tag}", "unit": unit} for value in values]
    return rows
