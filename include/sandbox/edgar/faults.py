"""Faults on order, for tests: `POST /_sandbox/faults` with a JSON list, each

{"match": regular expression on path and query, "kind": one of KINDS, "times": N or -1 for always (default 1),
 "status": for status; "bytes": for truncate, short_read, garbage; "seconds": for slow, timeout;
 "text": for malformed_row (or give the line as "malformed_row")}
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

KINDS = ("status", "truncate", "short_read", "slow", "timeout", "reset", "garbage", "malformed_row")


@dataclass
class Fault:
    """What goes wrong at which paths, how often, and how often it already did."""

    match: str
    kind: str
    status: int
    times: int
    bytes: int
    seconds: float
    text: str
    used: int = 0

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Fault:
        """Check and take an order.

        Raises:
            ValueError: naming what is wrong with it.
        """
        unknown = set(said) - {"match", "kind", "status", "times", "bytes", "seconds", "text", "malformed_row"}
        kind = said.get("kind") or ("malformed_row" if "malformed_row" in said else "status")
        if unknown or "match" not in said or kind not in KINDS:
            raise ValueError(f"no fault: {said!r}; it needs match and a kind of {', '.join(KINDS)}")
        re.compile(said["match"])
        text = said.get("malformed_row") or said.get("text") or "this line is no row"
        return cls(
            match=said["match"],
            kind=kind,
            status=int(said.get("status", 500)),
            times=int(said.get("times", 1)),
            bytes=int(said.get("bytes", 100)),
            seconds=float(said.get("seconds", 1.0)),
            text=text,
        )

    def to_json(self) -> dict[str, object]:
        """The order and how often it was used."""
        return dict(vars(self))


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def order(self, said: Iterable[dict[str, Any]]) -> None:
        """Replace all faults; an empty list ends them."""
        self.all = [Fault.from_json(each) for each in said]

    def next_for(self, path: str) -> Fault | None:
        """The first fault that strikes this request; it counts as used."""
        for fault in self.all:
            if (fault.times < 0 or fault.used < fault.times) and re.search(fault.match, path):
                fault.used += 1
                return fault
        return None
