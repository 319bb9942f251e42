"""The plan of a mapped step: a manifest in S3 that names its batches, at most a thousand of them.

Airflow maps containers over the manifest; a container gets the manifest's URI and its batch number, since overrides
of an ECS task are small. Planning again with the same input gives the same manifest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from filings.archive import keys
from filings.archive.compression import CorruptObject, compress
from filings.archive.storage import Store
from filings.edgar.accession import is_accession

MAX_BATCHES = 1000


class NoSuchBatch(LookupError):
    """A manifest has no batch of the number asked for."""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of a manifest: accession → CIK by which it can be fetched."""

    name: str
    number: int
    accessions: dict[str, int]
    force: bool


def write(
    store: Store, run_id: str, name: str, task: str, accessions: Mapping[str, int], batch_size: int, force: bool = False
) -> dict[str, Any]:
    """Plan batches over accessions; returns the manifest. Batches grow where a thousand would not be enough."""
    entries = sorted(accessions.items())
    size = max(batch_size, -(-len(entries) // MAX_BATCHES))
    batches = []
    for number, start in enumerate(range(0, len(entries), size)):
        slice_ = entries[start : start + size]
        key = keys.manifest_batch(run_id, name, number)
        store.put(key, compress("".join(f"{accession}\t{cik}\n" for accession, cik in slice_).encode()))
        batches.append({"batch": number, "count": len(slice_), "uri": store.uri(key)})
    return write_plan(store, run_id, name, task, batches, total=len(entries), force=force)


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
    accessions: dict[str, int] = {}
    for line in store.get_zst(store.key(where)).decode().splitlines():
        accession, _, cik = line.partition("\t")
        if not (is_accession(accession) and cik.isdigit()):
            raise CorruptObject(where, f"line {line!r} is not accession and CIK")
        accessions[accession] = int(cik)
    return Batch(str(plan["name"]), number, accessions, bool(plan.get("force")))
