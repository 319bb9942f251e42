"""The ledger: of every archive, what we have, what cannot be had and why, and so what is missing.

Objects come first, the ledger second: a container adds an accession to its own part only after the object is written,
and parts are folded into `daily_{archive}` by the one task that plans or proves a run. A crash in between costs a
repeated write at most. Lists are zstd text, one accession a line; unavailable ones carry a date and a reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial

import numpy as np
import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject, compress, decompress
from filings.archive.report import today
from filings.archive.storage import ZSTD, Conflict, Store
from filings.edgar.accession import InvalidAccession, dashed, is_accession, to_int

HAVE_LISTS = ("inventory", "daily", "instant")


@dataclass
class Part:
    """What one container reports: done, unavailable with the reason, withdrawn (an object that proved broken)."""

    done: set[str] = field(default_factory=set)
    unavailable: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.done or self.unavailable or self.withdrawn)

    def merge(self, other: Part) -> None:
        """Take in what another container of the same batch reported."""
        self.done |= other.done
        self.unavailable = other.unavailable | self.unavailable
        self.withdrawn = other.withdrawn | self.withdrawn

    def dumps(self) -> bytes:
        """As JSON, sorted, so that the same part is the same bytes."""
        return orjson.dumps(
            {"done": sorted(self.done), "unavailable": self.unavailable, "withdrawn": self.withdrawn},
            option=orjson.OPT_SORT_KEYS,
        )

    @classmethod
    def loads(cls, content: bytes, uri: str) -> Part:
        """From JSON. Raises `CorruptObject` naming `uri`."""
        try:
            fields = orjson.loads(content)
            return cls(set(fields["done"]), dict(fields["unavailable"]), dict(fields["withdrawn"]))
        except (ValueError, KeyError, TypeError) as error:
            raise CorruptObject(uri, f"no ledger part: {error}") from error


class Ledger:
    """The ledger of one archive in the S3 bucket."""

    def __init__(self, store: Store, archive: str) -> None:
        self.store = store
        self.archive = archive

    def have(self) -> np.ndarray:
        """What the archive has: sorted, unique, unsigned 64-bit accession numbers. Raises `CorruptObject`."""
        lists = [self._read(keys.have_list(kind, self.archive)) for kind in HAVE_LISTS]
        return np.unique(np.concatenate(lists))

    def unavailable(self) -> dict[str, tuple[str, str]]:
        """What cannot be had: accession → (date, reason). Raises `CorruptObject`."""
        key = keys.unavailable(self.archive)
        found: dict[str, tuple[str, str]] = {}
        for line in (self.store.get_zst_or_none(key) or b"").decode(errors="replace").splitlines():
            accession, _, rest = line.partition("\t")
            since, _, reason = rest.partition("\t")
            if not (reason and is_accession(accession)):
                raise CorruptObject(self.store.uri(key), f"line {line!r} is not accession, date, reason")
            found[accession] = (since, reason)
        return found

    def record(self, run_id: str, batch: int | str, part: Part) -> None:
        """Write a container's part; what a twin of it has written meanwhile is kept."""
        key = keys.ledger_part(self.archive, run_id, batch)
        while True:
            held = self.store.get_with_etag(key)
            if held is None:
                if self.store.create(key, part.dumps()):
                    return
                continue
            part.merge(Part.loads(held[0], self.store.uri(key)))
            content = part.dumps()
            if content == held[0]:
                return
            try:
                self.store.replace(key, content, held[1])
                return
            except Conflict:
                continue

    def part(self, run_id: str, batch: int | str) -> Part:
        """What a container of this run and batch has already reported."""
        key = keys.ledger_part(self.archive, run_id, batch)
        content = self.store.get_or_none(key)
        return Part() if content is None else Part.loads(content, self.store.uri(key))

    def fold(self, keep: bool = False) -> int:
        """Bring all parts into the lists, then delete them; returns how many there were.

        May be repeated after a crash at any point: the lists are written before the parts go. With `keep` the parts
        stay: a container of the run that is started once more then still skips what it has done.
        """
        together = Part()
        parts = [key for key, _ in self.store.list(keys.ledger_parts(self.archive))]
        for key in parts:
            content = self.store.get_or_none(key)
            if content is not None:
                together.merge(Part.loads(content, self.store.uri(key)))
        # Parts of one run do not say in which order they were written: to make an object anew costs less than to
        # trust a broken one.
        together.done -= together.withdrawn.keys()
        if together.withdrawn:
            self._withdraw(set(together.withdrawn))
        self.add(together.done)
        self._mark(together.unavailable, together.done)
        if not keep:
            self.store.delete(parts)
        return len(parts)

    def add(self, accessions: Iterable[str], kind: str = "daily") -> int:
        """Append accessions to a list of what the archive has; returns how many were new."""
        wanted = _numbers(accessions)
        new = np.setdiff1d(wanted, self.have())
        self.add_lines(kind, new)
        return len(new)

    def add_lines(self, kind: str, numbers: np.ndarray) -> None:
        """Append accession numbers to a list, whatever the other lists hold."""
        if len(numbers):
            self._rewrite(keys.have_list(kind, self.archive), lambda content: content + _lines(numbers))

    def complete_inventory(self) -> int:
        """Move what was added since the listing into the inventory list; returns how many that were.

        May be repeated after a crash: the inventory list is written before the daily one is emptied.
        """
        daily = self._read(keys.have_list("daily", self.archive))
        if len(daily):
            self.add_lines("inventory", daily)
            self._strike("daily", daily)
        return len(daily)

    def replace(self, kind: str, accessions: np.ndarray) -> None:
        """Make a list hold exactly these accessions."""
        self.store.put_zst(keys.have_list(kind, self.archive), _lines(np.unique(accessions)))

    def forget_unavailable(self, accessions: Iterable[str]) -> None:
        """Take accessions off the unavailable list, so that they are tried again."""
        gone = set(accessions)
        if gone:
            self._write_unavailable({a: v for a, v in self.unavailable().items() if a not in gone})

    def _withdraw(self, accessions: set[str]) -> None:
        gone = _numbers(accessions)
        for kind in HAVE_LISTS:
            self._strike(kind, gone)

    def _strike(self, kind: str, gone: np.ndarray) -> None:
        key = keys.have_list(kind, self.archive)
        if len(np.intersect1d(self._read(key), gone)):
            self._rewrite(key, partial(_without, uri=self.store.uri(key), gone=gone))

    def _mark(self, reasons: dict[str, str], done: set[str]) -> None:
        held = self.unavailable()
        new = {a: (today(), r) for a, r in reasons.items() if a not in held and a not in done}
        if new or any(a in held for a in done):
            self._write_unavailable({a: v for a, v in (held | new).items() if a not in done})

    def _write_unavailable(self, entries: dict[str, tuple[str, str]]) -> None:
        lines = (f"{a}\t{since}\t{' '.join(reason.split())}\n" for a, (since, reason) in sorted(entries.items()))
        self.store.put_zst(keys.unavailable(self.archive), "".join(lines).encode())

    def _read(self, key: str) -> np.ndarray:
        return _parse(self.store.get_zst_or_none(key) or b"", self.store.uri(key))

    def _rewrite(self, key: str, change: Callable[[bytes], bytes]) -> None:
        """Change a list under `If-Match`, so that two writers never lose each other's lines."""
        while True:
            held = self.store.get_with_etag(key)
            content = change(decompress(held[0], self.store.uri(key)) if held else b"")
            try:
                if held is None:
                    if self.store.create(key, compress(content), ZSTD):
                        return
                else:
                    self.store.replace(key, compress(content), held[1], ZSTD)
                    return
            except Conflict:
                continue


def _numbers(accessions: Iterable[str]) -> np.ndarray:
    return np.unique(np.fromiter((to_int(a) for a in accessions), np.uint64))


def _lines(numbers: np.ndarray) -> bytes:
    return "".join(f"{dashed(int(n))}\n" for n in numbers).encode()


def _without(content: bytes, uri: str, gone: np.ndarray) -> bytes:
    return _lines(np.setdiff1d(_parse(content, uri), gone))


def _parse(content: bytes, uri: str) -> np.ndarray:
    try:
        return np.unique(np.fromiter((to_int(line) for line in content.decode().split()), np.uint64))
    except (InvalidAccession, UnicodeDecodeError) as error:
        raise CorruptObject(uri, f"no list of accessions: {error}") from error
