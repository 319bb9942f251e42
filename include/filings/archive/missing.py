"""What an archive lacks: `missing_{archive}.json.zst`, JSON for whoever reads it, and of one width for ourselves.

On a fresh start it has 20 million entries. An entry is a line `"0000320193-25-000073":    320193,` of 35 characters, so
that it is written and read by the block; a list of another form is read as any JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject
from filings.archive.sorted_numbers import unique
from filings.archive.storage import ZSTD, Store
from filings.archive.zstd_text import Frame, pieces
from filings.edgar import accession_rows
from filings.edgar.accession import InvalidAccession

_ACCESSION = accession_rows.ACCESSION
_CIK, _CIK_DIGITS = 23, 10
_FRAME = np.frombuffer(b'"' + b"0" * _ACCESSION + b'":' + b" " * _CIK_DIGITS + b",\n", np.uint8)
_WIDTH = len(_FRAME)
_MARKS = [place for place in range(_WIDTH) if not 0 < place <= _ACCESSION and not _CIK <= place < _CIK + _CIK_DIGITS]
_FIRST = b'"missing":{\n'
_LAST = b"}}\n"
_ROWS_A_BLOCK = 1 << 15
_LEVEL = 3  # it is written anew by every run


def write(store: Store, archive: str, counts: Mapping[str, Any], numbers: np.ndarray, ciks: np.ndarray) -> bool:
    """Write what an archive lacks; whether that has changed.

    Args:
        store: the S3 bucket.
        archive: whose list.
        counts: the archive's figures.
        numbers: accession numbers, sorted.
        ciks: of each a CIK that its submission can be fetched by.
    """
    frame = Frame(_LEVEL)
    head = orjson.dumps({"archive": archive, "counts": counts}, option=orjson.OPT_SORT_KEYS)
    frame.add(head[:-1] + b"," + _FIRST)
    for start in range(0, len(numbers), _ROWS_A_BLOCK):
        rows = _rows(numbers[start : start + _ROWS_A_BLOCK], ciks[start : start + _ROWS_A_BLOCK])
        if start + len(rows) == len(numbers):
            rows[-1, -2] = ord(" ")
        frame.add(rows.data.cast("B"))
    frame.add(_LAST)
    return store.put_if_changed(keys.missing(archive), frame.close(), ZSTD)


def read(store: Store, archive: str) -> np.ndarray:
    """What an archive lacks: sorted accession numbers. Raises `NotFound`, `CorruptObject`."""
    key = keys.missing(archive)
    data, uri = store.get(key), store.uri(key)
    try:
        numbers = _by_block(data, uri)
        return _as_json(data, uri) if numbers is None else numbers
    except (ValueError, KeyError, TypeError, AttributeError, InvalidAccession) as error:
        raise CorruptObject(
            uri, f"no list of what is missing: {error}; run update_missing_s3, which makes it anew"
        ) from error


def _rows(numbers: np.ndarray, ciks: np.ndarray) -> np.ndarray:
    rows = np.empty((len(numbers), _WIDTH), np.uint8)
    rows[:] = _FRAME
    accession_rows.write(numbers, rows, 1)
    accession_rows.write_right(ciks, rows, _CIK, _CIK_DIGITS)
    return rows


def _by_block(data: bytes, uri: str) -> np.ndarray | None:
    """The list as it was written by `write`; None when it is of another form."""
    found: list[np.ndarray] = []
    rest, begun = b"", False
    for piece in pieces(data, uri):
        text = rest + piece
        if not begun:
            head = text.find(_FIRST)
            if head < 0 and len(text) > 1 << 20:
                return None
            if head < 0:
                rest = text
                continue
            text, begun = text[head + len(_FIRST) :], True
        count = len(text) // _WIDTH
        rows = np.frombuffer(text, np.uint8, count * _WIDTH).reshape(count, _WIDTH)
        regular = (rows[:, _MARKS] == _FRAME[_MARKS]).all(axis=1)
        if count and not regular[-1] and text[count * _WIDTH - 2 : count * _WIDTH] == b" \n":  # the last entry
            regular[-1] = True
        numbers = accession_rows.parse(text, _WIDTH, count, 1) if count and regular.all() else None
        if count and numbers is None:
            return None
        if numbers is not None:
            found.append(numbers)
        rest = text[count * _WIDTH :]
    return unique(found) if begun and rest == _LAST else None


def _as_json(data: bytes, uri: str) -> np.ndarray:
    content = orjson.loads(b"".join(pieces(data, uri)))
    return unique([accession_rows.of_strings(content["missing"].keys())])
