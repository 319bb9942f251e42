"""Which filings a run is about: everything missing, or what dates, forms and accessions narrow it down to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filings.archive import accounting, master
from filings.archive.storage import Store
from filings.edgar.accession import dashed, to_int


@dataclass(frozen=True, slots=True)
class Selection:
    """A choice of filings. Dates are filing dates, both inclusive; empty means no limit."""

    since: date | None = None
    until: date | None = None
    forms: frozenset[str] = frozenset()
    accessions: frozenset[str] = frozenset()
    force: bool = False

    @property
    def limited(self) -> bool:
        """Whether it is about less than everything."""
        return bool(self.since or self.until or self.forms or self.accessions)

    def of(self, store: Store, table: pa.Table, archive: str) -> dict[str, int]:
        """Accession → CIK of what this run is to do for an archive.

        What is missing, within the limits; with `force` also what the archive has already.
        """
        if not self.limited:
            return accounting.read_missing(store, archive)
        chosen = self._numbers(table)
        if self.force:
            ciks = accounting.first_ciks(table)
            return {dashed(n): ciks[n] for n in chosen}
        missing = accounting.read_missing(store, archive)
        return {a: cik for a, cik in missing.items() if to_int(a) in chosen}

    def unknown(self, table: pa.Table) -> list[str]:
        """The accessions asked for that no index lists."""
        listed = set(master.accession_numbers(table["accession"]).tolist())
        return sorted(a for a in self.accessions if to_int(a) not in listed)

    def _numbers(self, table: pa.Table) -> set[int]:
        keep = np.ones(table.num_rows, bool)
        if self.since:
            keep &= pc.greater_equal(table["filing_date"], self.since.isoformat()).to_numpy()
        if self.until:
            keep &= pc.less_equal(table["filing_date"], self.until.isoformat()).to_numpy()
        if self.forms:
            keep &= pc.is_in(table["form"], pa.array(sorted(self.forms), pa.string())).to_numpy()
        numbers = master.accession_numbers(table["accession"])
        if self.accessions:
            keep &= np.isin(numbers, np.fromiter((to_int(a) for a in self.accessions), np.uint64))
        return set(numbers[keep].tolist())
