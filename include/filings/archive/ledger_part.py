"""What containers report to a ledger: a part each, and all parts of a run taken together in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import orjson

from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import unique, without
from filings.archive.unavailable import Kind, Unavailable
from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession


@dataclass
class Part:
    """What one container reports: done, unavailable with the reason, withdrawn (an object that proved broken).

    `feed` are those of `done` that were cut from a day's Feed file: their header lacks the acceptance time.
    """

    done: set[str] = field(default_factory=set)
    unavailable: dict[str, str] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    feed: set[str] = field(default_factory=set)

    def __bool__(self) -> bool:
        return bool(self.done or self.unavailable or self.withdrawn)

    def merge(self, other: Part) -> None:
        """Take in what another container of the same batch reported."""
        self.done |= other.done
        self.feed |= other.feed
        self.unavailable = other.unavailable | self.unavailable
        self.withdrawn = other.withdrawn | self.withdrawn

    def copy(self) -> Part:
        """The same once more, which changes no more when this one does."""
        return Part(set(self.done), dict(self.unavailable), dict(self.withdrawn), set(self.feed))

    def dumps(self) -> bytes:
        """As JSON, sorted, so that the same part is the same bytes."""
        content = {"done": sorted(self.done), "unavailable": self.unavailable, "withdrawn": self.withdrawn}
        return orjson.dumps(content | ({"feed": sorted(self.feed)} if self.feed else {}), option=orjson.OPT_SORT_KEYS)

    @classmethod
    def loads(cls, content: bytes, uri: str) -> Part:
        """From JSON. Raises `CorruptObject` naming `uri`."""
        fields = _fields(content, uri)
        return cls(set(fields["done"]), fields["unavailable"], fields["withdrawn"], set(fields["feed"]))


class Parts:
    """Many parts together, 8 bytes an accession. Parts do not say in which order they were written.

    What a container withdraws of its own work says nothing of another's; what it withdraws of others' work stays
    withdrawn, since to make an object anew costs less than to trust a broken one.
    """

    def __init__(self) -> None:
        self._done: list[np.ndarray] = []
        self._refused: list[np.ndarray] = []
        self._feed: list[np.ndarray] = []
        self._withdrawn: list[np.ndarray] = []
        self._unavailable: list[tuple[np.ndarray, str]] = []

    def add(self, content: bytes, uri: str) -> None:
        """Take in a part as it lies in the bucket. Raises `CorruptObject` naming `uri`."""
        fields = _fields(content, uri)
        try:
            names = ("done", "feed", "withdrawn")
            done, feed, withdrawn = (unique([accession_rows.of_strings(fields[name])]) for name in names)
            self._done.append(without(done, withdrawn))
            self._feed.append(without(feed, withdrawn))
            self._withdrawn.append(withdrawn)
            self._refused.append(without(withdrawn, done))
            reasons: dict[str, list[str]] = {}
            for accession, reason in fields["unavailable"].items():
                reasons.setdefault(reason, []).append(accession)
            self._unavailable += [(accession_rows.of_strings(those), reason) for reason, those in reasons.items()]
        except InvalidAccession as error:
            raise CorruptObject(uri, f"no ledger part: {error}") from error

    def withdrawn(self) -> np.ndarray:
        """What proved broken and nobody has made anew, sorted."""
        return without(unique(self._withdrawn), self.done())

    def done(self) -> np.ndarray:
        """What is there now, sorted."""
        return without(unique(self._done), unique(self._refused))

    def from_feed(self) -> np.ndarray:
        """Of what is done, what was cut from Feed files, sorted; also what was fetched besides."""
        return without(unique(self._feed), unique(self._refused))

    def unavailable(self, since: str) -> Unavailable:
        """What cannot be had as of a date."""
        entries: Iterable[tuple[np.ndarray, Kind]] = ((some, (since, reason)) for some, reason in self._unavailable)
        return Unavailable.of(entries)


def _fields(content: bytes, uri: str) -> dict[str, dict[str, str]]:
    """The four collections of a part, each at least iterable over accessions."""
    try:
        fields = orjson.loads(content)
        return {
            "done": dict.fromkeys(fields["done"], ""),
            "unavailable": dict(fields["unavailable"]),
            "withdrawn": dict(fields["withdrawn"]),
            "feed": dict.fromkeys(fields.get("feed", ()), ""),
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CorruptObject(uri, f"no ledger part: {error}") from error
