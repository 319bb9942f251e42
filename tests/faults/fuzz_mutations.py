"""Ways to damage a submission: a few at random, one after another, each of a kind that files have met or may meet."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Mutation = Callable[[Random, bytes, list[bytes]], bytes]

TAGS = (
    *(b"<DOCUMENT>", b"</DOCUMENT>", b"<TEXT>", b"</TEXT>", b"<TYPE>10-K", b"<SEQUENCE>1", b"<FILENAME>", b"<XML>"),
    *(b"</XML>", b"<XBRL>", b"<PDF>", b"</PDF>", b"<SUBMISSION>", b"</SUBMISSION>", b"</SEC-DOCUMENT>", b"<JSON>"),
    *(b"<SEC-HEADER>", b"</SEC-HEADER>", b"<FILER>", b"</FILER>", b"FILER:", b"\tCOMPANY DATA:\t", b"begin 644 a.gif"),
    *(b"`", b"end", b"-----BEGIN PRIVACY-ENHANCED MESSAGE-----", b"<DOCUMENT>\n<TYPE>4\n", b"</TEXT>\n</DOCUMENT>\n"),
)
NAMES = (
    *(b"../../etc/passwd", b"/etc/passwd", b"..", b".", b"...", b"a\0b", b"metadata.json", b"METADATA.JSON", b"con"),
    *(b"..\\..\\x.exe", b"c:\\x", b"\x1b[31m", b"a/../../b", b"~/x", b"-rf", b" ", b"\xe9\xff", b"a" * 300, b"a.htm"),
    *(b"A.HTM", b"x." + b"y" * 200, "\u202excod.htm".encode(), b"a.htm/", b"./a.htm", b"%2e%2e%2fx", b"|x", b"*?"),
)
HUGE = (10, 1_000, 70_000)


def mutate(rng: Random, seeds: list[bytes]) -> bytes:
    """One of the seeds, damaged."""
    data = rng.choice(seeds)
    for _ in range(1 + min(int(rng.expovariate(0.7)), 8)):
        data = rng.choice(MUTATIONS)(rng, data, seeds)
    return data[: 4 << 20]


def flip(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Some bytes become others."""
    changed = bytearray(data)
    for _ in range(rng.choice((1, 3, 30)) if changed else 0):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def truncate(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Cut off at the end, or, rarely, at the beginning."""
    at = rng.randrange(len(data) + 1)
    return data[at:] if rng.random() < 0.1 else data[:at]


def delete(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A piece is missing."""
    start, length = _piece(rng, data)
    return data[:start] + data[start + length :]


def repeat(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A piece is there more than once, where it was or elsewhere."""
    start, length = _piece(rng, data)
    at = rng.choice((start, rng.randrange(len(data) + 1)))
    return data[:at] + data[start : start + length] * rng.choice((1, 1, 2, 20)) + data[at:]


def noise(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Random bytes, or many of one."""
    at = rng.randrange(len(data) + 1)
    size = rng.choice((1, 20, 2_000))
    return data[:at] + (rng.randbytes(size) if rng.random() < 0.5 else rng.randbytes(1) * size) + data[at:]


def tag(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Tags where none belong: alone, on a line of their own, or very many."""
    at = rng.randrange(len(data) + 1)
    mark = rng.choice(TAGS)
    mark = rng.choice((mark, b"\n" + mark + b"\n"))
    return data[:at] + mark * rng.choice((1, 1, 1, 1, 500)) + data[at:]


def untag(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A tag is missing, once or everywhere."""
    return data.replace(rng.choice(TAGS[:20]), rng.choice((b"", b"<")), rng.choice((1, -1)))


def line_ends(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Other line ends, everywhere or from somewhere on."""
    at = rng.choice((0, rng.randrange(len(data) + 1)))
    return data[:at] + data[at:].replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\n\r", b"")))


def uuencoded(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Damage to the lines of uuencoded parts: shorter, longer, gone, of another count."""
    lines = data.split(b"\n")
    parts = [n for n, line in enumerate(lines) if line[:1] == b"M" and len(line) > 50]
    for number in rng.sample(parts, min(len(parts), rng.choice((1, 5, 50)))):
        line = lines[number]
        other = bytes([rng.randrange(256)]) + line[1:]
        shorter = (line.rstrip(b" `"), line[: rng.randrange(len(line))], b"", b"`", b"M", b"_", b"end")
        longer = (line + b"x", line + b"\r", b"." + line)
        lines[number] = rng.choice((*shorter, *longer, other, line.replace(b" ", b"`")))
    return b"\n".join(lines)


def name(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """Another file name, for one document or for all."""
    pieces = data.split(b"<FILENAME>")
    if len(pieces) < 2:
        return data
    for number in range(1, len(pieces)) if rng.random() < 0.3 else [rng.randrange(1, len(pieces))]:
        rest = pieces[number].find(b"\n")
        pieces[number] = rng.choice(NAMES) + pieces[number][max(rest, 0) :]
    return b"<FILENAME>".join(pieces)


def huge(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """A word or a line that does not end."""
    at = data.find(rng.choice((b"<FILENAME>", b"<TYPE>", b"<TEXT>", b":\t", b"\n", b"<DESCRIPTION>"))) + 1
    return data[:at] + rng.choice((b"x", b"\t", b" ", b":", b"<", b"A:\n", b"<A>\n")) * rng.choice(HUGE) + data[at:]


def splice(rng: Random, data: bytes, seeds: list[bytes]) -> bytes:
    """The beginning of one and the end of another."""
    other = rng.choice(seeds)
    return data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other) + 1) :]


MUTATIONS: tuple[Mutation, ...] = (
    *(flip, truncate, delete, repeat, noise, tag, untag, line_ends, uuencoded, uuencoded, name, huge, splice),
)


def _piece(rng: Random, data: bytes) -> tuple[int, int]:
    start = rng.randrange(len(data) + 1)
    return start, min(len(data) - start, rng.choice((1, 10, 100, 1_000, 10_000)))
