"""Submissions of any size, written to files piece by piece: EDGAR's largest has 410 MB."""

from __future__ import annotations

import binascii
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

_PIECE = 1 << 20


@dataclass(frozen=True)
class Giant:
    """A submission and its giant document, `sha256` of which is of the decoded content."""

    accession: str
    filename: str
    sha256: str


@dataclass(frozen=True)
class _Kind:
    """`opening` and `closing` wrap the document, `head` and `tail` belong to it."""

    type: str
    filename: str
    opening: bytes
    head: bytes
    tail: bytes
    closing: bytes
    pieces: Callable[[Random, int], Iterator[tuple[bytes, bytes]]]


def write(folder: Path, kind: str, size: int, number: int = 1) -> Giant:
    """Write a submission of about `size` bytes to the folder that plays EDGAR's archive."""
    accession = f"0000000007-26-{900_000 + number:06d}"
    made, digest = KINDS[kind], hashlib.sha256()
    unfinished = folder / f".{accession}"
    with unfinished.open("wb") as file:
        file.write(_head(accession))
        file.write(f"<DOCUMENT>\n<TYPE>8-K\n<SEQUENCE>1\n<FILENAME>a.htm\n<TEXT>\n<p>{kind}</p>\n</TEXT>\n".encode())
        file.write(f"</DOCUMENT>\n<DOCUMENT>\n<TYPE>{made.type}\n<SEQUENCE>2\n<FILENAME>{made.filename}\n".encode())
        file.write(b"<TEXT>\n" + made.opening + made.head)
        digest.update(made.head)
        for written, content in made.pieces(Random(number), size):
            file.write(written)
            digest.update(content)
        digest.update(made.tail)
        file.write(made.tail + made.closing + b"\n</TEXT>\n</DOCUMENT>\n</SEC-DOCUMENT>\n")
    unfinished.rename(folder / f"{accession}.txt")
    return Giant(accession, made.filename, digest.hexdigest())


def _head(accession: str) -> bytes:
    return (
        f"<SEC-DOCUMENT>{accession}.txt : 20260105\n<SEC-HEADER>{accession}.hdr.sgml : 20260105\n"
        f"<ACCEPTANCE-DATETIME>20260105120000\nACCESSION NUMBER:\t\t{accession}\nCONFORMED SUBMISSION TYPE:\t8-K\n"
        "PUBLIC DOCUMENT COUNT:\t\t2\nFILED AS OF DATE:\t\t20260105\n\nFILER:\n\n\tCOMPANY DATA:\t\n"
        "\t\tCOMPANY CONFORMED NAME:\t\t\tGIANT\n\t\tCENTRAL INDEX KEY:\t\t\t0000000007\n\n"
        "\tFILING VALUES:\n\t\tFORM TYPE:\t\t8-K\n</SEC-HEADER>\n"
    ).encode()


def _uuencoded(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """A PDF of random bytes: what zstd cannot make smaller than its letters."""
    mark = b"%PDF-1.7"
    for number in range(max(1, size * 45 // 62 // _PIECE)):
        content = (mark if not number else b"") + rng.randbytes(_PIECE // 45 * 45 - (len(mark) if not number else 0))
        lines = (binascii.b2a_uu(content[start : start + 45]) for start in range(0, len(content), 45))
        yield b"".join(lines), content


def _many_uuencoded(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Parts of 10 MB, none of which is large."""
    end = b"`\nend\n</TEXT>\n</DOCUMENT>\n"
    again = b"<DOCUMENT>\n<TYPE>GRAPHIC\n<SEQUENCE>3\n<FILENAME>p.jpg\n<TEXT>\nbegin 644 p.jpg\n"
    for number in range(max(1, size // (10 << 20))):
        for lines, content in _uuencoded(rng, 10 << 20):
            yield lines, b"" if number else content
        yield end + again, b""


def _rows(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Pages of a table."""
    page = b"".join(b"<tr><td>Item %d</td><td>%d</td></tr>\n" % (n, rng.randrange(10**6)) for n in range(25_000))
    return ((page, page) for _ in range(size // len(page) + 1))


def _noise(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Lines of random letters."""
    for _ in range(size // _PIECE):
        letters = binascii.b2a_base64(rng.randbytes(_PIECE // 4 * 3), newline=False)
        yield (lines := b"".join(letters[n : n + 79] + b"\n" for n in range(0, len(letters), 79))), lines


def _records(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The records of an XML file, all but alike."""
    for _ in range(size // _PIECE):
        piece = b"".join(
            b"<record><id>%d</id><amount>%d.%02d</amount><kind>LOAN</kind></record>\n"
            % (rng.randrange(10**9), rng.randrange(10**6), rng.randrange(100))
            for _ in range(_PIECE // 76)
        )
        yield piece, piece


_INSTANCE = (
    b'<?xml version="1.0"?>\n<xbrl xmlns="http://www.xbrl.org/2003/instance" xmlns:g="http://g.example/2026" '
    b'xmlns:iso4217="http://www.xbrl.org/2003/iso4217">\n<context id="c"><entity>'
    b'<identifier scheme="http://www.sec.gov/CIK">0000000007</identifier></entity>'
    b"<period><instant>2026-01-05</instant></period></context>\n"
    b'<unit id="usd"><measure>iso4217:USD</measure></unit>\n'
)


def _facts(rng: Random, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The facts of an XBRL instance."""
    for _ in range(size // _PIECE):
        piece = b"".join(
            b'<g:LoanPrincipalAmount contextRef="c" unitRef="usd" decimals="-3">%d</g:LoanPrincipalAmount>\n'
            % rng.randrange(10**9)
            for _ in range(_PIECE // 104)
        )
        yield piece, piece


KINDS = {
    "pdf": _Kind("EX-99.1", "giant.pdf", b"begin 644 giant.pdf\n", b"", b"", b"`\nend", _uuencoded),
    "pictures": _Kind("EX-99.1", "giant.pdf", b"begin 644 giant.pdf\n", b"", b"", b"`\nend", _many_uuencoded),
    "text": _Kind("EX-99.1", "giant.htm", b"", b"", b"", b"", _rows),
    "noise": _Kind("EX-99.1", "giant.txt", b"", b"", b"", b"", _noise),
    "xml": _Kind("EX-102", "giant.xml", b"<XML>\n", b"<records>\n", b"</records>", b"\n</XML>", _records),
    "xbrl": _Kind("EX-101.INS", "giant.xml", b"<XBRL>\n", _INSTANCE, b"</xbrl>", b"\n</XBRL>", _facts),
}
