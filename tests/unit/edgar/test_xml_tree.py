"""The XML of forms as trees: which documents are XML, what they carry, and values in one form."""

from __future__ import annotations

import base64

import pytest

from filings.edgar.document import Document
from filings.edgar.sgml import Submission
from filings.edgar.xml_tree import Fault, NotXml, boolean, cik, day, is_xml, leaves, roots, text, tree


def document(content: bytes, name: str = "primary_doc.xml", encoding: str = "text") -> Document:
    return Document("4", "1", name, "", encoding, content)


def submission(*documents: Document) -> Submission:
    return Submission("0009900001-25-000001", "4", {}, list(documents))


@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        (b"anything", "form.XML", True),
        (b"\xef\xbb\xbf\n<?xml version='1.0'?><a/>", "form.txt", True),
        (b"\n<ownershipDocument>", "", True),
        (b"<ns1:edgarSubmission xmlns:ns1='x'>", "", True),
        (b"<html><body>", "form.htm", False),
        (b"<ownershipDocumentary>", "", False),
        (b"FORM 4", "", False),
    ],
)
def test_a_document_is_xml_by_its_name_or_by_how_it_begins(content: bytes, name: str, expected: bool) -> None:
    assert is_xml(document(content, name)) is expected


def test_a_uuencoded_document_is_not_xml() -> None:
    assert not is_xml(document(b"begin 644 form.xml", encoding="uuencode"))


def test_names_lose_their_namespaces_at_every_depth() -> None:
    root = tree(document(b"<a:x xmlns:a='urn:a' xmlns='urn:b'><y><a:z>1</a:z></y></a:x>"))
    assert [element.tag for element in root.iter()] == ["x", "y", "z"]
    assert text(root, "y/z") == "1"


def test_what_is_no_xml_says_which_document_and_where() -> None:
    with pytest.raises(NotXml, match=r"form\.xml is not well-formed XML: .*line 2"):
        tree(document(b"<a>\n<b></a>", "form.xml"))


def test_documents_that_a_filing_carries_come_after_it() -> None:
    inner = base64.b64encode(b"<ownershipDocument/>").decode()
    outer = (
        "<edgarSubmission><primaryDocument><documentBlock><notificationOfRemoval/></documentBlock></primaryDocument>"
        f"<edgarDocument><documentName>doc4.xml</documentName><documentMimeBlock>\n{inner}\n</documentMimeBlock>"
        "</edgarDocument><edgarDocument><documentName>poa.txt</documentName><documentMimeBlock>SGVsbG8=</documentMimeBlock>"
        "</edgarDocument></edgarSubmission>"
    )
    found = list(roots(submission(document(outer.encode(), "filing.xml"), document(b"<p>", "cover.htm"))))
    assert [(each.filename, root.tag) for each, root in found] == [
        ("filing.xml", "edgarSubmission"),
        ("filing.xml", "notificationOfRemoval"),
        ("doc4.xml", "ownershipDocument"),
    ]


@pytest.mark.parametrize("block", ["abc", "é"])
def test_a_carried_document_that_is_not_base64_is_told(block: str) -> None:
    carried = f"<documentName>d.xml</documentName><documentMimeBlock>{block}</documentMimeBlock>".encode()
    outer = b"<a><edgarDocument>" + carried + b"</edgarDocument></a>"
    with pytest.raises(NotXml, match=r"d\.xml is not what base64 makes"):
        list(roots(submission(document(outer))))


def test_leaves_are_the_texts_with_their_paths() -> None:
    root = tree(document(b"<a><b> 1 </b><c><d>2</d><d/><e> </e></c><b>3</b></a>"))
    assert list(leaves(root)) == [("b", "1"), ("c/d", "2"), ("b", "3")]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2025-03-31", "2025-03-31"),
        (" 2025-03-31-05:00 ", "2025-03-31"),
        ("2025-03-31Z", "2025-03-31"),
        ("2025-03-31T10:00:00.000-05:00", "2025-03-31"),
        ("20250331", "2025-03-31"),
        ("3/31/2025", "2025-03-31"),
        ("03-31-2025", "2025-03-31"),
        ("March 2025", "March 2025"),
        ("", None),
        (None, None),
    ],
)
def test_a_day_is_the_same_however_it_is_written(written: str | None, expected: str | None) -> None:
    assert day(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1", True),
        ("TRUE", True),
        ("Y", True),
        ("0", False),
        ("no", False),
        ("maybe", "maybe"),
        (" ", None),
        (None, None),
    ],
)
def test_a_boolean_is_true_false_or_what_is_written(written: str | None, expected: object) -> None:
    assert boolean(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"), [("320193", "0000320193"), ("0000320193", "0000320193"), ("none", "none"), (None, None)]
)
def test_a_cik_has_ten_digits(written: str | None, expected: str | None) -> None:
    assert cik(written) == expected


def test_utf_16_is_xml_and_its_names_lose_their_namespaces() -> None:
    found = document(
        "\ufeff<a:ownershipDocument xmlns:a='urn:a'><a:b>é</a:b></a:ownershipDocument>".encode("utf-16"), ""
    )
    assert is_xml(found)
    assert text(tree(found), "b") == "é"


def test_odd_bytes_are_repaired_only_for_who_is_told() -> None:
    found = document(b"<a>caf\xe9</a>", "form.xml")
    with pytest.raises(NotXml, match=r"form\.xml is not well-formed"):
        tree(found)
    faults: list[Fault] = []
    assert tree(found, faults).text == "café"
    assert [(where, value) for where, value, _ in faults] == [("form.xml", "café")]
    assert [root.text for _, root in roots(submission(found), faults)] == ["café"]
    assert len(faults) == 2


def test_entities_of_its_own_are_named() -> None:
    with pytest.raises(NotXml, match=r"form\.xml cannot be read: its entities, such as &co;"):
        tree(document(b'<!DOCTYPE a [<!ENTITY co "x">]><a>&co;</a>', "form.xml"))
