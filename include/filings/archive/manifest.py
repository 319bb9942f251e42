"""The plan of a mapped step: a manifest in S3 that names its batches, at most a thousand of them.

Airflow maps containers over the manifest; a container gets the manifest's URI and its batch number, since overrides
of an ECS task are small. Planning again with the same input gives the same manifest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import orjson

from filings.archive import keys
from filings.archive.batch_outcome import CIK
from filings.archive.compression import CorruptObject
from filings.archive.master import Filings
from filings.archive.sorted_numbers import unique
from filings.archive.storage import Store
from filings.archive.zstd_text import Frame, pieces
from filings.edgar import accession_rows
from filings.edgar.accession import is_accession

MAX_BATCHES = 1000
_CIK_DIGITS = 10
_ROWS_A_BLOCK = 20_000
_LEVEL = 3  # read once or twice and gone in weeks


class NoSuchBatch(LookupError):
    """A manifest has no batch of the number asked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a manifest: accession → CIK by which it can be fetched, or several of which one will do."""

    name: str
    number: int
    accessions: dict[str, CIK]
    force: bool


def write(
    store: Store, run_id: str, name: str, task: str, accessions: Mapping[str, int], batch_size: int, force: bool = False
) -> dict[str, Any]:
    """Plan batches over a few filings, accession → CIK (see `write_filings`); returns the manifest."""
    listed = sorted(accessions)
    ciks = np.array([accessions[accession] for accession in listed], np.int64)
    filings = Filings(accession_rows.of_strings(listed), ciks, np.zeros(len(listed), np.int32))
    return write_filings(store, run_id, name, task, filings, batch_size, force)


def write_filings(
    store: Store, run_id: str, name: str, task: str, filings: Filings, batch_size: int, force: bool = False
) -> dict[str, Any]:
    """Plan batches over filings; returns the manifest. Batches grow where a thousand would not be enough.

    Args:
        store: the S3 bucket.
        run_id: the run.
        name: of the step.
        task: that does a batch of it.
        filings: what to do, in this order.
        batch_size: filings a batch.
        force: whether what is there already is made again.
    """
    size = max(batch_size, -(-len(filings) // MAX_BATCHES))
    batches = [
        write_batch(store, run_id, name, number, filings[start : start + size])
        for number, start in enumerate(range(0, len(filings), size))
    ]
    return write_plan(store, run_id, name, task, batches, total=len(filings), force=force)


def write_batch(store: Store, run_id: str, name: str, number: int, filings: Filings) -> dict[str, Any]:
    """Write one batch, lines `accession<TAB>CIK[,CIK…]`; returns its entry in the manifest."""
    key = keys.manifest_batch(run_id, name, number)
    frame = Frame(_LEVEL)
    for start in range(0, len(filings), _ROWS_A_BLOCK):
        frame.add(_lines(filings[start : start + _ROWS_A_BLOCK]))
    store.put(key, frame.close())
    return {"batch": number, "count": len(filings), "uri": store.uri(key)}


def _lines(filings: Filings) -> bytes:
    """Lines `accession<TAB>CIK[,CIK…]`: of each CIK a row of one width, of which only what is needed is taken."""
    ciks, counts = filings.all_ciks()
    first = np.zeros(len(ciks), bool)
    first[np.cumsum(counts) - counts] = True
    rows = np.empty((len(ciks), 2 + accession_rows.ACCESSION + _CIK_DIGITS), np.uint8)
    kept = np.ones(rows.shape, bool)
    rows[:, 0] = ord("\n")
    accession_rows.write(np.repeat(filings.numbers, counts), rows, 1)
    kept[:, : 1 + accession_rows.ACCESSION] = first[:, None]
    rows[:, 1 + accession_rows.ACCESSION] = np.where(first, ord("\t"), ord(","))
    accession_rows.write_right(ciks, rows, 2 + accession_rows.ACCESSION, _CIK_DIGITS)
    kept &= rows != ord(" ")
    return rows[kept].tobytes()[1:] + b"\n"


def planned(store: Store, plan: Mapping[str, Any]) -> np.ndarray:
    """All accession numbers that a manifest plans, sorted. Raises `NotFound`, `CorruptObject`."""
    found: list[np.ndarray] = []
    for batch in plan["batches"]:
        rest = b""
        for piece in pieces(store.get(store.key(batch["uri"])), batch["uri"]):
            text = rest + piece
            end = text.rfind(b"\n") + 1
            numbers = accession_rows.of_lines(text[:end])
            if numbers is None:
                raise CorruptObject(batch["uri"], "a line of it begins with no accession number; plan the run again")
            found.append(numbers)
            rest = text[end:]
    return unique(found)


def write_plan(
    store: Store, run_id: str, name: str, task: str, batches: Sequence[Mapping[str, Any]], **about: Any
) -> dict[str, Any]:
    """Write a manifest of ready-made batches; returns it."""
    plan = {"name": name, "task": task, "run_id": run_id, **about, "batches": list(batches)}
    store.put(keys.manifest(run_id, name), orjson.dumps(plan, option=orjson.OPT_INDENT_2))
    return plan


def read(store: Store, uri: str) -> dict[str, Any]:
    """The manifest at a URI. Raises `NotFound`, `CorruptObject`."""
    try:
        plan: dict[str, Any] = orjson.loads(store.get(store.key(uri)))
        plan["batches"][:0]
        return plan
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise CorruptObject(uri, f"no manifest: {error}") from error


def entry(plan: Mapping[str, Any], number: int) -> dict[str, Any]:
    """The entry of one batch.

    Raises:
        NoSuchBatch: when the manifest has none of that number.
    """
    for batch in plan["batches"]:
        if batch["batch"] == number:
            return dict(batch)
    raise NoSuchBatch(f"the manifest {plan['name']} of run {plan['run_id']} has no batch {number}")


def read_batch(store: Store, uri: str, number: int) -> Batch:
    """The accessions of one batch of the manifest at a URI. Raises `NotFound`, `CorruptObject`, `NoSuchBatch`."""
    plan = read(store, uri)
    where = str(entry(plan, number)["uri"])
    accessions: dict[str, CIK] = {}
    for line in store.get_zst(store.key(where)).decode().splitlines():
        accession, _, ciks = line.partition("\t")
        first, *others = ciks.split(",")
        if not (is_accession(accession) and all(cik.isdigit() for cik in (first, *others))):
            raise CorruptObject(where, f"line {line!r} is not accession and CIKs; plan the run again")
        accessions[accession] = (int(first), *map(int, others)) if others else int(first)
    return Batch(str(plan["name"]), number, accessions, bool(plan.get("force")))
