"""Which filings a product is about, by form and filing date: of all products in one scan of the master index.

Twenty million filings are a bit each for every product, so that twenty products take fifty megabytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filings.archive import master
from filings.archive.sorted_numbers import places
from filings.archive.storage import Store


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filings that a product is about: those of some form types (none: of all), filed on `since` or later."""

    forms: frozenset[str] = frozenset()
    since: date | None = None


class Universes:
    """Of listed filings those that each product is about. A filing with several rows is one of them if a row is."""

    def __init__(self, listed: np.ndarray, wanted: Mapping[str, Wanted]) -> None:
        """`listed` are all accession numbers, sorted."""
        self._listed, self._wanted = listed, wanted
        limited = [name for name, one in wanted.items() if one.forms or one.since]
        self._bits = {name: np.zeros(-(-len(listed) // 8), np.uint8) for name in limited}

    @classmethod
    def of(cls, store: Store, listed: np.ndarray, wanted: Mapping[str, Wanted]) -> Universes:
        """From the master index. Raises `CorruptObject`."""
        universes = cls(listed, wanted)
        if universes._bits:
            for rows in master.rows(store, ("accession", "filing_date", "form")):
                universes._add(rows)
        return universes

    @property
    def names(self) -> list[str]:
        """The products."""
        return list(self._wanted)

    def marks(self, name: str) -> np.ndarray:
        """For each of the listed filings, whether a product is about it."""
        if name not in self._bits:
            return np.ones(len(self._listed), bool)
        return np.unpackbits(self._bits[name], count=len(self._listed)).view(bool)

    def numbers(self, name: str) -> np.ndarray:
        """The accession numbers of the filings that a product is about, sorted."""
        return self._listed if name not in self._bits else np.asarray(self._listed[self.marks(name)])

    def _add(self, rows: pa.Table) -> None:
        at, there = places(self._listed, rows["accession"].to_numpy())
        if not there.any():
            return
        first = int(at[there].min()) & ~7
        at = at[there] - first
        days = pc.cast(rows["filing_date"], pa.int32()).to_numpy()[there]
        forms, codes = _coded(rows["form"])
        codes = codes[there]
        for name, bits in self._bits.items():
            wanted = self._wanted[name]
            chosen = np.ones(len(at), bool)
            if wanted.forms:
                chosen = np.fromiter((form in wanted.forms for form in forms), bool, len(forms))[codes]
            if wanted.since:
                chosen &= days >= np.datetime64(wanted.since).astype(int)
            marks = np.zeros((int(at.max()) | 7) + 1, bool)
            marks[at[chosen]] = True
            packed = np.packbits(marks)
            stretch = bits[first // 8 : first // 8 + len(packed)]
            stretch |= packed[: len(stretch)]


def _coded(forms: pa.ChunkedArray) -> tuple[list[str], np.ndarray]:
    """The form types of a column, and of each row which of them it has."""
    coded = forms.combine_chunks() if pa.types.is_dictionary(forms.type) else pc.dictionary_encode(forms)
    coded = coded.combine_chunks() if isinstance(coded, pa.ChunkedArray) else coded
    return [form or "" for form in coded.dictionary.to_pylist()], coded.indices.to_numpy()
