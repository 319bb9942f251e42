"""Faults on order, for tests: `POST /_sandbox/faults` with a JSON list, each

{"match": regular expression on path and query, "kind": one of KINDS, "times": N or -1 for always (default 1),
 "skip": requests that it lets pass first, "chance": the share of the others that it strikes, drawn from "seed",
 "status": for status, with "retry_after" in seconds; "bytes": for truncate, short_read, garbage;
 "seconds": for slow, timeout; "text": for malformed_row (or give the line as "malformed_row")}

A 403 or 429 is the page by which sec.gov's guard turns people away; `page` is a page of a person's web site, with 200.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

KINDS = ("status", "truncate", "short_read", "slow", "timeout", "reset", "garbage", "page", "malformed_row")


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
    skip: int = 0
    chance: float = 1.0
    seed: int = 0
    retry_after: int | None = None
    seen: int = 0
    used: int = 0
    _draw: Callable[[], float] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._draw = random.Random(self.seed).random

    @classmethod
    def from_json(cls, said: dict[str, Any]) -> Fault:
        """Check and take an order.

        Raises:
            ValueError: naming what is wrong with it.
        """
        known = {"match", "kind", "status", "times", "bytes", "seconds", "text", "malformed_row"}
        unknown = set(said) - known - {"skip", "chance", "seed", "retry_after"}
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
            skip=int(said.get("skip", 0)),
            chance=float(said.get("chance", 1.0)),
            seed=int(said.get("seed", 0)),
            retry_after=said.get("retry_after"),
        )

    def to_json(self) -> dict[str, object]:
        """The order and how often it was used."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def strikes(self, path: str) -> bool:
        """Whether it strikes this request; then it counts as used."""
        if 0 <= self.times <= self.used or not re.search(self.match, path):
            return False
        self.seen += 1
        if self.seen <= self.skip or self._draw() >= self.chance:
            return False
        self.used += 1
        return True


class Faults:
    """The faults in force."""

    def __init__(self) -> None:
        self.all: list[Fault] = []

    def order(self, said: Iterable[dict[str, Any]]) -> None:
        """Replace all faults; an empty list ends them."""
        self.all = [Fault.from_json(each) for each in said]

    def next_for(self, path: str) -> Fault | None:
        """The first fault that strikes this request; it counts as used."""
        return next((fault for fault in self.all if fault.strikes(path)), None)
