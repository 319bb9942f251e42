"""What holds of every product that reads forms in XML: the same rows in each encoding, and nothing lost in silence."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from filings.edgar import sgml
from filings.products import registry
from filings.products.parsing import Parsed, parsed
from products.product_samples import samples

XML = re.compile(rb"(?<=<XML>\n).*?(?=\n</XML>)", re.DOTALL)
DECLARATION = re.compile(rb"<\?xml[^>]*\?>\s*")
FORM = re.compile(rb"<(?:[\w.-]+:)?(?:edgarSubmission|ownershipDocument)[\s>]")
EVERY_FORM = pytest.mark.parametrize(
    ("name", "sample"),
    [
        pytest.param(name, path, id=f"{name}-{path.stem}")
        for name in registry.names()
        for path in samples(name)
        if any(FORM.search(xml) for xml in XML.findall(path.read_bytes()))
    ],
)


def rows(name: str, sample: Path, change: Callable[[bytes], bytes] = bytes) -> Parsed:
    """What a product makes of a sample whose XML is changed."""
    raw = XML.sub(lambda match: change(DECLARATION.sub(b"", match[0])), sample.read_bytes())
    return parsed(registry.product(name), registry.parser(name), sgml.parse(raw))


@EVERY_FORM
@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16 in name only"])
def test_the_encoding_of_a_form_changes_nothing(name: str, sample: Path, encoding: str) -> None:
    def change(xml: bytes) -> bytes:
        xml = b'<?xml version="1.0" encoding="utf-16"?>\n' + xml
        return xml if "name" in encoding else xml.decode().encode(encoding)

    changed, usual = rows(name, sample, change), rows(name, sample)
    assert usual.rows
    assert (changed.tables, changed.problems) == (usual.tables, usual.problems)


@EVERY_FORM
def test_a_byte_of_windows_1252_costs_no_row_and_is_told(name: str, sample: Path) -> None:
    changed = rows(name, sample, lambda xml: re.sub(rb"(</[^>]*>\s*)\Z", rb"<!-- caf" + b"\xe9" + rb" -->\1", xml))
    usual = rows(name, sample)
    assert changed.tables == usual.tables
    told = [problem for problem in changed.problems if problem not in usual.problems]
    assert told
    assert all("Windows-1252" in problem.rule and problem.value.endswith("café -->") for problem in told)


@EVERY_FORM
@pytest.mark.parametrize("dtd", [b'<!DOCTYPE x [<!ENTITY own "x">]>', b'<!DOCTYPE x SYSTEM "own.dtd">'])
def test_entities_of_a_documents_own_are_told_and_never_left_out_in_silence(
    name: str, sample: Path, dtd: bytes
) -> None:
    changed = rows(name, sample, lambda xml: dtd + re.sub(rb">(?=[\w ]+</)", b">&own;", xml))
    assert any("&own;, are its own and are not resolved" in problem.rule for problem in changed.problems)
    assert not any(
        "&own;" in field or "Entity" in field for made in changed.tables.values() for row in made for field in row
    )
