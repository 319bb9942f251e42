"""A generated day of EDGAR's mix: forms in their proportions, sizes by the real table of sizes.

The table is of 271,974 submissions of August to December 2025: half are under 90 KB, a tenth over 3.1 MB, a hundredth
over 50 MB, and that hundredth holds half of the bytes. A day of 3,200 has about 6 GB; `scale` shrinks every size
alike, so that a day fits into memory and patience.
What fills a filing up is what fills real ones: pages of tables, reports in inline XBRL, XML records, and pictures as
uuencoded parts.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable, Iterator
from itertools import pairwise
from random import Random

from bench.measure import generated

FILINGS = 3_200
# Share of submissions up to a size in bytes; between two of them sizes are spread evenly by their logarithm. Those at
# 0.98 and above 0.99 are not of the table, but set so that the sums come out as it says.
SIZES = (
    (0.0, 3_000),
    (0.48, 64_000),
    (0.5, 90_000),
    (0.9, 3_100_000),
    (0.98, 12_000_000),
    (0.99, 50_000_000),
    (0.999, 150_000_000),
    (1.0, 300_000_000),
)
_POOL = 4 << 20
_REPORT = b"""<html xmlns="http://www.w3.org/1999/xhtml" xmlns:ix="http://www.xbrl.org/2013/inlineXBRL"
 xmlns:xbrli="http://www.xbrl.org/2003/instance" xmlns:iso4217="http://www.xbrl.org/2003/iso4217"
 xmlns:ixt="http://www.xbrl.org/inlineXBRL/transformation/2020-02-12" xmlns:us-gaap="http://fasb.org/us-gaap/2025">
<body><div style="display:none"><ix:header><ix:resources>
<xbrli:context id="c-1"><xbrli:entity><xbrli:identifier scheme="http://www.sec.gov/CIK">0001000001</xbrli:identifier>
</xbrli:entity><xbrli:period><xbrli:instant>2025-03-31</xbrli:instant></xbrli:period></xbrli:context>
<xbrli:unit id="usd"><xbrli:measure>iso4217:USD</xbrli:measure></xbrli:unit>
</ix:resources></ix:header></div><table>
"""
_CLOSINGS = (b"</SEC-DOCUMENT>", b"</SUBMISSION>")


def day(filings: int = FILINGS, scale: float = 0.1, seed: int = 20) -> Iterator[tuple[str, bytes]]:
    """(accession, bytes) of the filings of a day, the same ones each time."""
    rng = Random(seed)
    filler = _Filler(rng)
    source = generated()
    for number in range(filings):
        accession, data = next(source)
        missing = int(size_at((number * 0.618034 + 0.5) % 1) * scale) - len(data)
        yield accession, filler.fill(data, missing) if missing > 2_000 else data


def size_at(share: float) -> float:
    """The size in bytes that this share of submissions does not exceed."""
    for (low, first), (high, last) in pairwise(SIZES):
        if share <= high:
            return float(first * (last / first) ** ((share - low) / (high - low)))
    return float(SIZES[-1][1])


class _Filler:
    """Makes exhibits of any size out of pools of made-up content."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._rows = _repeat(self._row, _POOL)
        self._facts = _repeat(self._fact, _POOL)
        self._records = _repeat(self._record, _POOL)
        picture = rng.randbytes(_POOL // 2)
        lines = (binascii.b2a_uu(picture[start : start + 45]) for start in range(0, len(picture), 45))
        self._picture = b"".join(lines)

    def fill(self, submission: bytes, size: int) -> bytes:
        """The submission with exhibits of about so many bytes more."""
        at = max(submission.rfind(closing) for closing in _CLOSINGS)
        at = at if at >= 0 else len(submission)
        kind = self._rng.random()
        if kind < 0.3:
            more = self._page(size)
        elif kind < 0.45:
            body = _REPORT + self._take(self._facts, size) + b"</table></body></html>"
            more = self._document(b"EX-99.3", b"report.htm", b"<XBRL>", body, b"</XBRL>")
        elif kind < 0.65:
            more = self._document(b"EX-99.2", b"records.xml", b"<XML>", self._xml(size), b"</XML>")
        else:
            half = size // 2
            more = self._page(half) + self._document(b"GRAPHIC", b"picture.jpg", b"", self._uuencoded(size - half), b"")
        return submission[:at] + more + submission[at:]

    def _page(self, size: int) -> bytes:
        body = b"<html><body><table>\n" + self._take(self._rows, size) + b"</table></body></html>"
        return self._document(b"EX-99.1", b"tables.htm", b"", body, b"")

    def _xml(self, size: int) -> bytes:
        return b'<?xml version="1.0"?>\n<records>\n' + self._take(self._records, size) + b"</records>"

    def _uuencoded(self, size: int) -> bytes:
        return b"begin 644 picture.jpg\n" + self._take(self._picture, size) + b"`\nend"

    def _take(self, pool: bytes, size: int) -> bytes:
        """Whole lines of a pool, from a place in it that differs each time."""
        start = pool.rfind(b"\n", 0, self._rng.randrange(1, len(pool) // 2)) + 1
        whole, rest = divmod(size, len(pool) - start)
        piece = pool[start:] * whole + pool[start : start + rest]
        return piece[: piece.rfind(b"\n") + 1]

    def _document(self, kind: bytes, name: bytes, opening: bytes, body: bytes, closing: bytes) -> bytes:
        parts = (
            b"<DOCUMENT>",
            b"<TYPE>" + kind,
            b"<SEQUENCE>90",
            b"<FILENAME>" + name,
            b"<TEXT>",
            opening,
            body,
            closing,
        )
        return b"\n".join(part for part in parts if part) + b"\n</TEXT>\n</DOCUMENT>\n"

    def _row(self) -> bytes:
        cells = b"".join(b'<td style="text-align:right">%d,%03d</td>' % self._pair() for _ in range(4))
        return b"<tr><td>Item %d of the schedule</td>" % self._rng.randrange(10_000) + cells + b"</tr>\n"

    def _fact(self) -> bytes:
        return (
            b'<tr><td style="padding:2px">Item %d</td><td><ix:nonFraction name="us-gaap:Assets" contextRef="c-1" '
            b'unitRef="usd" decimals="-3" scale="3" format="ixt:num-dot-decimal" id="f-%d">%d,%03d</ix:nonFraction>'
            b"</td></tr>\n"
        ) % (self._rng.randrange(10_000), self._rng.randrange(10**9), *self._pair())

    def _record(self) -> bytes:
        return b"<record><id>%d</id><amount>%d.%02d</amount><kind>LOAN</kind></record>\n" % (
            self._rng.randrange(10**9),
            self._rng.randrange(10**6),
            self._rng.randrange(100),
        )

    def _pair(self) -> tuple[int, int]:
        return self._rng.randrange(1_000), self._rng.randrange(1_000)


def _repeat(make: Callable[[], bytes], size: int) -> bytes:
    pieces: list[bytes] = []
    total = 0
    while total < size:
        piece = make()
        pieces.append(piece)
        total += len(piece)
    return b"".join(pieces)
