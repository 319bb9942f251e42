"""What can become of one filing in one task: every end has a name and, unless it is done, a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

CIK = int | Sequence[int]  # by which a filing can be fetched; several where one was corrected later
Kind = Literal["done", "unavailable", "waiting", "failed"]


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An object of another archive that proved broken: that archive no longer has it and will make it anew."""

    archive: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one filing.

    `waiting` means that what it is made from is not there yet: it stays missing and is no failure of this task.
    `quarantine` is the reason of a quarantine record, `details` what goes into it besides; the report sums up `counts`.
    """

    kind: Kind
    reason: str = ""
    bytes_in: int = 0
    bytes_out: int = 0
    quarantine: str = ""
    withdraw: Withdrawal | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    counts: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def done(cls, bytes_in: int = 0, bytes_out: int = 0, quarantine: str = "") -> Outcome:
        """The object is written; `quarantine` tells what was odd about it all the same."""
        return cls("done", quarantine, bytes_in, bytes_out, quarantine)

    @classmethod
    def unavailable(cls, reason: str, bytes_in: int = 0, quarantine: str = "") -> Outcome:
        """It cannot be had, for a reason that trying again tomorrow does not change."""
        return cls("unavailable", reason, bytes_in, quarantine=quarantine)

    @classmethod
    def waiting(cls, reason: str) -> Outcome:
        """What it is made from is not there yet."""
        return cls("waiting", reason)

    @classmethod
    def failed(cls, reason: str, quarantine: str = "", withdraw: Withdrawal | None = None) -> Outcome:
        """It should have worked."""
        return cls("failed", reason, quarantine=quarantine, withdraw=withdraw)
