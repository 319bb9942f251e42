"""Sets of accession numbers as sorted arrays: 8 bytes a member, and no hash to make of any."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def unique(arrays: Sequence[np.ndarray]) -> np.ndarray:
    """The members of all arrays, sorted; arrays that follow each other in order are not sorted again."""
    together = np.concatenate(arrays) if arrays else np.empty(0, np.uint64)
    if len(together) < 2 or (together[1:] > together[:-1]).all():
        return together.astype(np.uint64, copy=False)
    together.sort(kind="stable")  # runs in order are merged, in linear time
    kept = np.ones(len(together), bool)
    np.not_equal(together[1:], together[:-1], out=kept[1:])
    return together[kept]


def places(members: np.ndarray, wanted: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where `wanted` numbers stand in the sorted `members`: (place, whether it is there at all).

    Quick when `wanted` is a block of a sorted list, since only a stretch of the members is looked at.
    """
    if not len(wanted) or not len(members):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    first = int(np.searchsorted(members, wanted.min()))
    stretch = members[first : max(int(np.searchsorted(members, wanted.max(), "right")), first + 1)]
    if not len(stretch):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), bool)
    at = np.searchsorted(stretch, wanted)
    np.minimum(at, len(stretch) - 1, out=at)
    there = stretch[at] == wanted
    at += first
    return at, there


def within(members: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """For each of `wanted`, whether it is one of the sorted `members`."""
    return places(members, wanted)[1]


def without(members: np.ndarray, gone: np.ndarray) -> np.ndarray:
    """The sorted `members` that are not in the sorted `gone`."""
    return np.asarray(members[~within(gone, members)])
