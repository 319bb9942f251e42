"""XML that does not fit into a container's memory as a structure is said to be left out, and the rest is there."""

from __future__ import annotations

import pytest

from filings.archive import extract
from filings.edgar import sgml


def submission(*documents: bytes) -> sgml.Submission:
    parts = (
        b"<DOCUMENT>\n<TYPE>EX-%d\n<SEQUENCE>%d\n<FILENAME>d%d.xml\n<TEXT>\n<XML>\n%s\n</XML>\n</TEXT>\n</DOCUMENT>\n"
        % (n, n, n, content)
        for n, content in enumerate(documents, 1)
    )
    head = b"<SEC-DOCUMENT>x\n<SEC-HEADER>x\nACCESSION NUMBER:\t\t0000000007-26-000001\n</SEC-HEADER>\n"
    return sgml.parse(head + b"".join(parts) + b"</SEC-DOCUMENT>\n")


def test_of_xml_as_much_is_structured_as_fits_and_of_the_rest_it_is_said_why_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    small, large = b"<a><b>1</b></a>", b"<a>" + b"<b>1</b>" * 1000 + b"</a>"
    content = extract.data_json(submission(small, large, small))
    assert [entry["root"] for entry in content["xml"]] == ["a", "a", "a"]
    assert content["problems"] == []
    monkeypatch.setattr(extract, "_MEMORY", 50_000)
    content = extract.data_json(submission(small, large, small))
    assert [entry["content"] for entry in content["xml"]] == [{"b": "1"}, None, {"b": "1"}]
    (problem,) = content["problems"]
    assert problem.startswith("d2.xml: 8,007 bytes of XML are more than fit into memory")
    assert content["xml"][1]["reason"] in problem
    assert [document["bytes"] for document in content["documents"]] == [len(small), len(large), len(small)]
