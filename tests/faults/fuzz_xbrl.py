"""Damages XBRL documents at random and reads their facts: the target `xbrl` of the fuzzer.

    python -m faults.fuzz_xbrl --files 100000 --seed 1

Limits and options are those of `faults.fuzz_submissions`. What must hold for any bytes: no exception but the one that
says "no XBRL", every fact has its keys, and all of it can be written as JSON.
"""

from __future__ import annotations

import sys
from datetime import date
from random import Random

import orjson

from bench.measure import artefacts
from faults import fuzz_mutations
from filings.archive.compression import decompress
from filings.edgar import sgml, xbrl, xml_json
from sandbox.generate.make import make, next_business_day

_LARGEST_SEED = 400 << 10
TAGS = (
    *(b'<ix:nonFraction name="a:N" contextRef="c-1" unitRef="usd" decimals="0" scale="6">', b"</ix:nonFraction>"),
    *(b'<ix:nonNumeric name="a:T" contextRef="c-1" escape="true" continuedAt="k">', b"</ix:nonNumeric>"),
    *(b'<ix:continuation id="k" continuedAt="k2">', b'<ix:continuation id="k2" continuedAt="k">', b"<ix:exclude>"),
    *(b"</ix:exclude>", b"<ix:hidden>", b"</ix:continuation>", b'<ix:relationship fromRefs="f" toRefs="n"/>'),
    *(
        b'<ix:footnote id="n">',
        b'<ix:fraction name="a:F" contextRef="c-1">',
        b"<ix:numerator>",
        b"<xbrli:context id='c'>",
    ),
    *(b'<context id="c">', b"<xbrldi:typedMember dimension='a'>", b"<segment>", b"</context>", b"<xbrli:unit id='u'>"),
    *(b'<a:Tag contextRef="c-1">', b"</a:Tag>", b'<a:Tag contextRef="c-1"/>', b"<link:footnoteLink>", b"<measure>"),
    *(b'<link:loc xlink:label="l" xlink:href="#f"/>', b'<link:footnoteArc xlink:from="l" xlink:to="n"/>', b"<!--"),
    *(
        b"-->",
        b"<![CDATA[",
        b"]]>",
        b"<?xml version='1.0' encoding='iso-8859-1'?>",
        b"&amp;lt;",
        b"&#99999999;",
        b"&x;",
    ),
    *(b"xmlns:a='b'", b'xmlns="x"', b"contextRef=", b'"', b"'", b"<", b">", b"/>", b"=", b"xmlns:", b"&", b" ", b"ix:"),
    *(b'<xbrl xmlns="http://www.xbrl.org/2003/instance">', b"\xff\xfe", b'xsi:nil="true"', b"hundred ", b'scale="99"'),
)
NAMES = (b"contextRef", b"unitRef", b"name=", b"format=", b"id=", b"ix:", b"xbrli:", b"context", b"</", b"xmlns:", b">")
PLACES = (b"contextRef", b"<ix:", b"<xbrli:context", b"<context", b'"', b">", b"</", b"&", b"xmlns")


def seeds(rng: Random) -> list[bytes]:
    """Generated inline documents and instances, and the corpus' smaller ones where there is a corpus."""
    days = [next_business_day(date(2025, 3, 1))]
    filed = [make(11, number, days, plain=False).data for number in range(60)]
    found = [
        bytes(document.content)
        for data in filed
        for document in sgml.parse(data).documents
        if xbrl.kind(document) is not None
    ]
    paths = [path for path in artefacts() if path.parent.name in ("xbrl_instance", "ixbrl_htm")]
    real = [decompress(path.read_bytes(), path.name) for path in paths if path.stat().st_size < _LARGEST_SEED // 8]
    real = [content for content in real if len(content) <= _LARGEST_SEED]
    return found * 2 + rng.sample(real, min(len(real), 20))


def mutate(rng: Random, whole: list[bytes]) -> bytes:
    """One of the seeds, damaged."""
    data = rng.choice(whole)
    for _ in range(1 + min(int(rng.expovariate(0.7)), 8)):
        data = rng.choice(MUTATIONS)(rng, data, whole)
    return data[: 2 << 20]


def tag(rng: Random, data: bytes, whole: list[bytes]) -> bytes:
    """Markup where none belongs: once, or very often."""
    at = _place(rng, data)
    return data[:at] + rng.choice(TAGS) * rng.choice((1, 1, 1, 2, 2_000)) + data[at:]


def nest(rng: Random, data: bytes, whole: list[bytes]) -> bytes:
    """Two pieces of markup in turns, thousands of times."""
    at = _place(rng, data)
    return data[:at] + b"".join(rng.sample(TAGS, 2)) * rng.choice((10, 3_000)) + data[at:]


def rename(rng: Random, data: bytes, whole: list[bytes]) -> bytes:
    """A name that matters is another one, or gone."""
    old = rng.choice(NAMES)
    return data.replace(old, rng.choice((b"", old.lower(), old.upper(), b"x" + old, b"\n")), rng.choice((1, 5, -1)))


def wrap(rng: Random, data: bytes, whole: list[bytes]) -> bytes:
    """Lines broken after 1023 characters, as EDGAR does."""
    flat = data.replace(b"\n", b" ")
    return b"\n".join(flat[start : start + 1023] for start in range(0, len(flat), 1023))


def encode(rng: Random, data: bytes, whole: list[bytes]) -> bytes:
    """The same in UTF-16, or with bytes that are no UTF-8."""
    if rng.random() < 0.3:
        return data.decode("utf-8", "replace").encode("utf-16")
    return data.replace(b"e", b"\xe9", rng.choice((1, 1_000)))


MUTATIONS: tuple[fuzz_mutations.Mutation, ...] = (
    *(tag, tag, tag, nest, rename, wrap, encode, fuzz_mutations.flip, fuzz_mutations.truncate, fuzz_mutations.delete),
    *(fuzz_mutations.repeat, fuzz_mutations.noise, fuzz_mutations.splice, fuzz_mutations.line_ends),
)


def read(data: bytes, thorough: bool) -> None:
    """Read the facts; now and then all that is made of a submission."""
    try:
        document = xbrl.facts(memoryview(data), "a.htm")
    except ValueError as error:
        assert "neither an XBRL instance nor inline XBRL" in str(error), error
        return
    for fact in document.facts:
        assert isinstance(fact["concept"], str) and isinstance(fact["context"], str)
        assert isinstance(fact["value"], str) or fact.get("nil") or fact.get("left_out"), fact
    assert document.facts or document.problems
    if thorough:
        orjson.dumps([document.contexts, document.units, document.facts, document.footnotes, document.problems])
        documents = [sgml.Document("10-K", str(n), f"{n}.htm", "", "text", data) for n in (1, 2)]
        try:
            content = xbrl.xbrl_json(sgml.Submission("0000000001-25-000001", "10-K", {}, documents))
        except xbrl.XbrlEmpty:
            assert not document.facts
            return
        assert content is not None
        assert orjson.loads(b"".join(xbrl.dumps(content)))["documents"][0]["facts"] == len(document.facts)
        xml_json.structured(data)


def _place(rng: Random, data: bytes) -> int:
    """Somewhere, mostly where something begins that matters."""
    somewhere = rng.randrange(len(data) + 1)
    found = data.find(rng.choice(PLACES), somewhere) if rng.random() < 0.7 else -1
    return found if found >= 0 else somewhere


if __name__ == "__main__":
    from faults.fuzz_submissions import main

    sys.exit(main(["--target", "xbrl", *sys.argv[1:]]))
