"""What is odd about a document, told in a bounded number of lines however odd it is."""

from __future__ import annotations

from collections import Counter

_LISTED = 20
_KINDS = 1_000


class Problems:
    """Problems of one document by what they say, and how often."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._further = 0

    def add(self, problem: str) -> None:
        """Count a problem. Of a document with a great many kinds only the first ones are told apart."""
        if problem in self._counts or len(self._counts) < _KINDS:
            self._counts[problem] += 1
        else:
            self._further += 1

    def summary(self) -> list[str]:
        """The most frequent ones by name and how often."""
        listed = [
            problem if count == 1 else f"{problem} ({count} times)"
            for problem, count in self._counts.most_common(_LISTED)
        ]
        left = sum(self._counts.values()) - sum(count for _, count in self._counts.most_common(_LISTED)) + self._further
        return [*listed, f"and {left} more problems of other kinds"] if left else listed
