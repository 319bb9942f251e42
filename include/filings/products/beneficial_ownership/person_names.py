"""Names compared: on a cover page, under a signature and in EDGAR's header the same person is written differently."""

from __future__ import annotations

import re

_LEGAL = {
    "INCORPORATED": "INC",
    "CORPORATION": "CORP",
    "COMPANY": "CO",
    "LIMITED": "LTD",
    "AND": "",
    "THE": "",
}
_STATE = re.compile(r"/[A-Z]{2,4}/?\s*$")  # a header has `ACME CORP /DE/`
_WORD = re.compile(r"[^\W_]+")


def keys(name: str) -> frozenset[str]:
    """What a name is known by: its letters in a row, and its words in any order, as a header has `DOE JOHN A`."""
    said = re.sub(r"['’]", "", _STATE.sub("", name.upper())).replace(".", " ")
    words = [short for word in _WORD.findall(said) if (short := _LEGAL.get(word, word))]
    return frozenset({"".join(words), " ".join(sorted(words))}) if words else frozenset()


class People:
    """The people that a filing names, to look up."""

    def __init__(self, known: list[tuple[str, str]]) -> None:
        """Args: known: name and what to find by it, such as a CIK."""
        self._by_key: dict[str, set[str]] = {}
        for name, value in known:
            for key in keys(name):
                self._by_key.setdefault(key, set()).add(value)

    def find(self, name: str) -> str | None:
        """What is known by a name; None when nothing is, or more than one thing."""
        found = {value for key in keys(name) for value in self._by_key.get(key, ())}
        return found.pop() if len(found) == 1 else None

    def __contains__(self, name: str) -> bool:
        return not keys(name).isdisjoint(self._by_key)
