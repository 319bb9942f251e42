"""What could not be taken as it is: a record with the reason, so that a person can look and nothing is lost."""

from __future__ import annotations

from typing import Any

import orjson

from filings.archive import keys
from filings.archive.report import now
from filings.archive.storage import CorruptObject, Store


def quarantine(store: Store, name: str, accession: str, reason: str, **details: Any) -> str:
    """Write a record; the same reason again is the same record, not a new one.

    Args:
        store: the S3 bucket.
        name: the archive, product or index that it concerns.
        accession: the filing, or a name for what is not a filing (an index row).
        reason: what is wrong, in words.
        details: what a person needs to look further.

    Returns:
        the record's URI.
    """
    key = keys.quarantine(name, accession)
    content = {"accession": accession, "name": name, "reason": reason, "details": details}
    try:
        earlier = store.get_json_or_none(key)
    except CorruptObject:
        earlier = None  # an unreadable record is made anew
    if earlier is None or {k: v for k, v in earlier.items() if k != "at"} != content:
        store.put(key, orjson.dumps({**content, "at": now()}, option=orjson.OPT_INDENT_2))
    return store.uri(key)


def release(store: Store, name: str, accession: str) -> None:
    """Take a record back: nothing is wrong any more."""
    key = keys.quarantine(name, accession)
    if store.head(key) is not None:  # most filings have none, and asking costs a tenth of a needless order
        store.delete([key])
