"""The keys of a folder as accession numbers: several ranges listed side by side, a page of keys read at once.

A key is the folder, the dashed accession and an ending, so keys of a page are rows of one width. Others are looked at
one by one, and named in the log.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import numpy as np

from filings.archive.storage import Store
from filings.edgar import accession_rows
from filings.edgar.accession import is_accession, to_int
from filings.logs import log

AT_ONCE = 4  # a page of a thousand keys takes a store some 100 ms: most of the time of a listing is waiting for it


def accessions(
    store: Store, folder: str, ending: str, after: str = "", until: str = "", cuts: Sequence[str] = ()
) -> list[np.ndarray]:
    """The accession numbers of a folder's objects, range by range.

    Args:
        store: the bucket.
        folder: of the keys, with its slash.
        ending: of the keys.
        after: the accession that the range begins after; empty for the first.
        until: the last accession of the range; empty for the last.
        cuts: accessions that divide the range, in order; each ends a part that is listed by itself.
    """
    edges = [after, *cuts, until]
    with ThreadPoolExecutor(AT_ONCE, "list") as pool:
        parts = pool.map(lambda ends: _listed(store, folder, ending, *ends), pairwise(edges))
        return list(parts)


def _listed(store: Store, folder: str, ending: str, after: str, until: str) -> np.ndarray:
    start = f"{folder}{after}{ending}" if after else None
    last = f"{folder}{until}{ending}" if until else None
    found = [np.empty(0, np.uint64)]
    for keys in store.list_pages(folder, start):
        end = len(keys) if last is None else bisect_right(keys, last)
        found.append(_numbers(store, folder, ending, keys[:end]))
        if end < len(keys):
            break
    return np.concatenate(found)


def _numbers(store: Store, folder: str, ending: str, keys: list[str]) -> np.ndarray:
    numbers = _regular(folder, ending, keys)
    if numbers is not None:
        return numbers
    found = []
    for key in keys:
        accession = key[len(folder) : -len(ending)] if key.endswith(ending) else ""
        if is_accession(accession):
            found.append(to_int(accession))
        else:
            log.warning("foreign_object", uri=store.uri(key), what_to_do="look what it is and delete it")
    return np.array(found, np.uint64)


def _regular(folder: str, ending: str, keys: list[str]) -> np.ndarray | None:
    """The numbers of keys that are all of the right form; None when one is not."""
    start, tail = len(folder), ending.encode()
    width = start + accession_rows.ACCESSION + len(tail)
    text = "".join(keys).encode()
    if len(text) != width * len(keys) or any(len(key) != width for key in keys):
        return None
    rows = np.frombuffer(text, np.uint8).reshape(-1, width)
    if rows[:, width - len(tail) :].tobytes() != tail * len(keys):
        return None
    return accession_rows.parse(text, width, len(keys), start)
