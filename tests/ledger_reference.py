"""The ledger as sets of strings: what it means, written for clarity; the real one must agree with it on anything."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from filings.archive.ledger_part import Part


@dataclass
class SetLedger:
    """One archive's lists."""

    inventory: set[str] = field(default_factory=set)
    daily: set[str] = field(default_factory=set)
    instant: set[str] = field(default_factory=set)
    feed: set[str] = field(default_factory=set)
    unavailable: dict[str, str] = field(default_factory=dict)
    parts: dict[tuple[str, int], Part] = field(default_factory=dict)

    def have(self) -> set[str]:
        return self.inventory | self.daily | self.instant

    def record(self, run: str, batch: int, part: Part) -> None:
        part.merge(self.parts.get((run, batch), Part()))
        self.parts[run, batch] = part

    def fold(self, keep: bool = False) -> None:
        together = Part()
        for key in sorted(self.parts, key=lambda key: f"{key[0]}/{key[1]}"):
            together.merge(self.parts[key])
        refused = {a for part in self.parts.values() for a in part.withdrawn.keys() - part.done}
        done = {a for part in self.parts.values() for a in part.done - part.withdrawn.keys()} - refused
        feed = {a for part in self.parts.values() for a in part.feed - part.withdrawn.keys()} - refused
        withdrawn = together.withdrawn.keys() - done
        for held in (self.inventory, self.daily, self.instant):
            held.difference_update(withdrawn)
        self.feed = (self.feed - done - withdrawn) | feed
        self.daily |= done - self.have()
        self.unavailable = {a: r for a, r in (together.unavailable | self.unavailable).items() if a not in done}
        if not keep:
            self.parts.clear()

    def add(self, accessions: Iterable[str]) -> None:
        self.daily |= set(accessions) - self.have()

    def forget_unavailable(self, accessions: Iterable[str]) -> None:
        self.unavailable = {a: r for a, r in self.unavailable.items() if a not in set(accessions)}

    def complete_inventory(self) -> None:
        self.inventory |= self.daily
        self.daily = set()

    def account(self, listed: set[str], lost: dict[str, str] | None = None) -> tuple[set[str], dict[str, str]]:
        """What is missing of what is listed, and what cannot be had and why; `lost` are the SGML archive's own."""
        gone = {a: f"its submission is unavailable: {r}" for a, r in (lost or {}).items()} | self.unavailable
        gone = {a: r for a, r in gone.items() if a in listed and a not in self.have()}
        return listed - self.have() - gone.keys(), gone
