"""Which filings a run is about: everything missing, or what dates, forms, accessions and source narrow it down to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filings.archive import keys, master, missing
from filings.archive.ledger import Ledger
from filings.archive.master import Filings
from filings.archive.sorted_numbers import unique, within
from filings.archive.storage import Store
from filings.edgar import accession_rows
from filings.edgar.accession import dashed

FEED = "feed"  # the source of what was cut from EDGAR's Feed files, without its acceptance time


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of filings. Dates are filing dates, both inclusive; empty means no limit."""

    since: date | None = None
    until: date | None = None
    forms: frozenset[str] = frozenset()
    accessions: frozenset[str] = frozenset()
    source: str = ""
    force: bool = False

    @property
    def limited(self) -> bool:
        """Whether it is about less than everything."""
        return bool(self.since or self.until or self.forms or self.accessions or self.source)

    def numbers(self, store: Store) -> np.ndarray | None:
        """The accession numbers within the limits, sorted; None when there is no limit."""
        if not self.limited:
            return None
        named = unique([accession_rows.of_strings(self.accessions)])
        chosen = unique([self._chosen(rows, named) for rows in master.rows(store, self._columns())])
        if self.source == FEED:
            chosen = chosen[within(Ledger(store, keys.SGML).from_feed(), chosen)]
        return chosen

    def of(
        self,
        store: Store,
        archive: str,
        listed: Filings,
        chosen: np.ndarray | None,
        universe: Callable[[str], np.ndarray] | None = None,
    ) -> Filings:
        """What this run is to do for an archive: what is missing, within the limits; with `force` also what it has.

        Args:
            store: the S3 bucket.
            archive: the archive.
            listed: all filings.
            chosen: what `numbers` gave.
            universe: what gives the accession numbers, sorted, that it is about at all; None means all that are listed.

        Raises:
            NotFound, CorruptObject: of the list of what is missing.
        """
        if self.force and chosen is not None:
            return listed.among(chosen if universe is None else chosen[within(universe(archive), chosen)])
        lacking = missing.read(store, archive)
        return listed.among(lacking if chosen is None else lacking[within(chosen, lacking)])

    def unknown(self, listed: Filings) -> list[str]:
        """The accessions asked for that no index lists."""
        named = unique([accession_rows.of_strings(self.accessions)])
        return [dashed(n) for n in named[~within(listed.numbers, named)].tolist()]

    def _columns(self) -> list[str]:
        return ["accession", *(["filing_date"] if self.since or self.until else []), *(["form"] if self.forms else [])]

    def _chosen(self, rows: pa.Table, named: np.ndarray) -> np.ndarray:
        numbers = rows["accession"].to_numpy()
        keep = within(named, numbers) if self.accessions else np.ones(len(numbers), bool)
        if self.since:
            keep &= pc.greater_equal(rows["filing_date"], self.since).to_numpy()
        if self.until:
            keep &= pc.less_equal(rows["filing_date"], self.until).to_numpy()
        if self.forms:
            forms = pc.cast(rows["form"], pa.string())
            keep &= pc.is_in(forms, pa.array(sorted(self.forms), pa.string())).to_numpy()
        return np.asarray(numbers[keep])
