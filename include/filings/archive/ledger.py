"""The ledger: of every archive, what we have, what cannot be had and why, and so what is missing.

Objects come first, the ledger second: a container adds an accession to its own part only after the object is written,
and parts are folded into `daily_{archive}` by the one task that plans or proves a run. A crash in between costs a
repeated write at most. Lists are zstd text, one accession a line; unavailable ones carry a date and a reason. What is
new is added as a frame of its own, so that a day costs a day's work; taking off rewrites a list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from filings.archive import accession_list, keys
from filings.archive.ledger_part import Part, Parts
from filings.archive.report import today
from filings.archive.sorted_numbers import places, unique, within, without
from filings.archive.storage import ZSTD, Conflict, Store
from filings.archive.unavailable import Kind, Unavailable, stretches
from filings.edgar import accession_rows

__all__ = ["HAVE_LISTS", "Ledger", "Part"]

HAVE_LISTS = ("inventory", "daily", "instant")


class Ledger:
    """The ledger of one archive in the S3 bucket."""

    def __init__(self, store: Store, archive: str) -> None:
        self.store = store
        self.archive = archive

    # -- what it says ----------------------------------------------------------------------------------------------

    def have(self) -> np.ndarray:
        """What the archive has: sorted, unique, unsigned 64-bit accession numbers. Raises `CorruptObject`."""
        return unique(list(self.have_blocks()))

    def have_blocks(self) -> Iterator[np.ndarray]:
        """What the archive has, a block at a time, in no order over all and perhaps twice. Raises `CorruptObject`."""
        for kind in HAVE_LISTS:
            yield from self._blocks(keys.have_list(kind, self.archive))

    def has(self, numbers: np.ndarray) -> np.ndarray:
        """For each of some accession numbers (sorted), whether the archive has it; no list is held as a whole."""
        found = np.zeros(len(numbers), bool)
        for block in self.have_blocks() if len(numbers) else ():
            at, there = places(numbers, block)
            found[at[there]] = True
        return found

    def from_feed(self) -> np.ndarray:
        """Of what the archive has, what was cut from Feed files: sorted, unique. Raises `CorruptObject`."""
        return self._read(keys.feed(self.archive))

    def unavailable(self) -> Unavailable:
        """What cannot be had: accession → (date, reason). Raises `CorruptObject`."""
        return Unavailable.of(self.unavailable_stretches())

    def unavailable_stretches(self) -> Iterator[tuple[np.ndarray, Kind]]:
        """What cannot be had, by stretches that share (date, reason), perhaps twice. Raises `CorruptObject`."""
        key = keys.unavailable(self.archive)
        return stretches(self.store.get_or_none(key) or b"", self.store.uri(key))

    # -- what containers report ------------------------------------------------------------------------------------

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
        together = Parts()
        parts = [key for key, _ in self.store.list(keys.ledger_parts(self.archive))]
        for key in parts:
            if (content := self.store.get_or_none(key)) is not None:
                together.add(content, self.store.uri(key))
        done, withdrawn = together.done(), together.withdrawn()
        for kind in HAVE_LISTS:
            self._strike(keys.have_list(kind, self.archive), withdrawn)
        self._remember_source(unique([done, withdrawn]), together.from_feed())
        self.add_lines("daily", done[~self.has(done)])
        self._mark(together.unavailable(today()).without(done), done)
        if not keep:
            self.store.delete(parts)
        return len(parts)

    def drop_parts(self) -> None:
        """Delete all parts: they were for the retries of a run that is over, and no list is made of them."""
        self.store.delete([key for key, _ in self.store.list(keys.ledger_parts(self.archive))])

    # -- lists -----------------------------------------------------------------------------------------------------

    def add(self, accessions: Iterable[str], kind: str = "daily") -> int:
        """Append accessions to a list of what the archive has; returns how many were new."""
        wanted = unique([accession_rows.of_strings(accessions)])
        new = wanted[~self.has(wanted)]
        self.add_lines(kind, new)
        return len(new)

    def add_lines(self, kind: str, numbers: np.ndarray) -> None:
        """Append accession numbers to a list, whatever the other lists hold."""
        if len(numbers):
            self._append(keys.have_list(kind, self.archive), accession_list.frame(numbers))

    def complete_inventory(self) -> int:
        """Move what was added since the listing into the inventory list; returns how many that were.

        May be repeated after a crash: the inventory list is written before the daily one is emptied.
        """
        daily = self._read(keys.have_list("daily", self.archive))
        if len(daily):
            self.add_lines("inventory", daily)
            self._strike(keys.have_list("daily", self.archive), daily)
        return len(daily)

    def replace(self, kind: str, accessions: np.ndarray) -> None:
        """Make a list hold exactly these accessions."""
        frame = accession_list.frame(unique([accessions]))
        self.store.put_if_changed(keys.have_list(kind, self.archive), frame, ZSTD)

    def strike(self, gone: np.ndarray, kinds: Sequence[str] = ("daily", "instant")) -> None:
        """Take accession numbers (sorted) off lists, by default those of what came since the listing.

        What comes meanwhile stays.
        """
        for kind in kinds:
            self._strike(keys.have_list(kind, self.archive), gone)

    def keep_source(self, there: np.ndarray) -> None:
        """Forget the source of what is not there any more (`there` is sorted)."""
        held = self.from_feed()
        self._strike(keys.feed(self.archive), without(held, there))

    def compact_unavailable(self) -> None:
        """Write what cannot be had as one frame, like entries together, so that it is read in few steps."""
        if self.store.head(keys.unavailable(self.archive)) is not None:
            self._write_unavailable(lambda held: held)

    def forget_unavailable(self, accessions: Iterable[str]) -> None:
        """Take accessions off the unavailable list, so that they are tried again."""
        gone = unique([accession_rows.of_strings(accessions)])
        if len(gone) and any(within(gone, numbers).any() for numbers, _ in self.unavailable_stretches()):
            self._write_unavailable(lambda held: held.without(gone))

    def _remember_source(self, written: np.ndarray, from_feed: np.ndarray) -> None:
        """The Feed list, before the list of what is there: nothing is taken for whole whose header is not."""
        key = keys.feed(self.archive)
        self._strike(key, without(written, from_feed))
        if len(from_feed):
            new = without(from_feed, self.from_feed())
            if len(new):
                self._append(key, accession_list.frame(new))

    def _mark(self, reported: Unavailable, done: np.ndarray) -> None:
        known = np.zeros(len(reported), bool)
        cured = False
        for numbers, _ in self.unavailable_stretches():
            at, there = places(reported.numbers, numbers)
            known[at[there]] = True
            cured = cured or bool(within(done, numbers).any())
        if cured:
            self._write_unavailable(lambda held: held.without(done))
        if not known.all():
            self._append(keys.unavailable(self.archive), reported.without(reported.numbers[known]).frame())

    def _strike(self, key: str, gone: np.ndarray) -> None:
        """Take accession numbers (sorted) off a list, if it has any of them."""
        if len(gone) and any(within(gone, block).any() for block in self._blocks(key)):
            uri = self.store.uri(key)
            self._rewrite(key, lambda data: accession_list.frame(without(accession_list.read(data, uri), gone)))

    def _read(self, key: str) -> np.ndarray:
        return accession_list.read(self.store.get_or_none(key) or b"", self.store.uri(key))

    def _blocks(self, key: str) -> Iterator[np.ndarray]:
        return accession_list.blocks(self.store.get_or_none(key) or b"", self.store.uri(key))

    def _append(self, key: str, frame: bytes) -> None:
        self._rewrite(key, lambda data: data + frame)

    def _write_unavailable(self, change: Callable[[Unavailable], Unavailable]) -> None:
        key = keys.unavailable(self.archive)
        self._rewrite(key, lambda data: change(Unavailable.read(data, self.store.uri(key))).frame())

    def _rewrite(self, key: str, change: Callable[[bytes], bytes]) -> None:
        """Change an object under `If-Match`, so that two writers never lose each other's lines."""
        while True:
            held = self.store.get_with_etag(key)
            data = change(held[0] if held else b"")
            if held and data == held[0]:
                return
            try:
                if held is None:
                    if self.store.create(key, data, ZSTD):
                        return
                else:
                    self.store.replace(key, data, held[1], ZSTD)
                    return
            except Conflict:
                continue
