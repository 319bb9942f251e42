"""What four archives lack, worked out from lists of twenty million accessions: integers against Python's sets.

Both get the same lists as they lie in the bucket of a sandbox, zstd text, and write the same JSON there. Each turn is a
process of its own, so that its peak of memory is its own. BENCH_MISSING_ROWS sets another number of accessions.
"""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from bench.measure import PROJECT, Case, object_store
from filings.archive import accession_list, accounting, keys, master
from filings.archive.compression import compress, decompress
from filings.archive.sorted_numbers import unique
from filings.archive.storage import ZSTD, Store
from filings.archive.unavailable import Unavailable
from filings.settings import Settings

ROWS = int(os.environ.get("BENCH_MISSING_ROWS", 20_000_000))
ARCHIVES = (keys.SGML, keys.TAR, keys.XBRL, keys.DATA)
LISTS = ("inventory", "daily", "instant")
_SEED = 20
# Of each archive: what its lists have, in the order of LISTS, and what cannot be had.
_SHARES = {
    keys.SGML: (0.97, 0.008, 0.002, 0.001),
    keys.TAR: (0.96, 0.010, 0.002, 0.001),
    keys.XBRL: (0.12, 0.004, 0.001, 0.85),
    keys.DATA: (0.95, 0.010, 0.002, 0.010),
}
_REASONS = (("2025-11-03", "no XBRL in it"), ("2025-11-04", "no XBRL in it"), ("2025-11-03", "not on EDGAR"))
_CIKS = "bench/ciks.txt.zst"  # for sets: lines accession, CIK


@dataclass
class _Turns:
    """What one side's turns took; `memory` are those not yet asked for."""

    seconds: float = 0.0
    memory: list[float] = field(default_factory=list)
    found: str = ""


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """Time and memory of the same turns."""
    turns = {"ours": _Turns(), "peer": _Turns()}

    def run(who: str) -> _Turns:
        answer = orjson.loads(_child(who))
        turns[who].seconds, turns[who].found = answer["seconds"], answer["found"]
        turns[who].memory.append(answer["megabytes"])
        if turns["ours"].found and turns["peer"].found and turns["ours"].found != turns["peer"].found:
            raise AssertionError(f"both must find the same to be missing: {turns}")
        return turns[who]

    def memory(who: str) -> float:
        return (turns[who] if turns[who].memory else run(who)).memory.pop()

    def case(name: str, unit: str, ours: Any, peer: Any) -> Case:
        return Case(name, unit, "Python sets", ours, peer, higher_is_better=False, warm_up=False)

    with object_store(scratch):
        _child("make")
        yield [
            case("missing_20m", "s", lambda: run("ours").seconds, lambda: run("peer").seconds),
            case("missing_20m_memory", "MB", lambda: memory("ours"), lambda: memory("peer")),
        ]


def _child(what: str) -> bytes:
    path = os.pathsep.join([str(PROJECT / "include"), str(PROJECT / "tests")])
    return subprocess.run(
        [sys.executable, "-m", "bench.ledger", what],
        check=True,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": path},
    ).stdout


def _main(what: str) -> None:
    store = Store.s3(Settings())
    if what == "make":
        _make(store, accessions(ROWS))
        return
    begun = time.perf_counter()
    {"ours": _ours, "peer": _peer}[what](store)
    seconds = time.perf_counter() - begun
    print(orjson.dumps({"seconds": seconds, "megabytes": _peak(), "found": _found(store)}).decode())


def _peak() -> float:
    """The most memory that this process has had, in MiB; what getrusage tells includes its parent's before exec."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0]) / 1024


def _found(store: Store) -> str:
    """A digest of what the missing lists say, read as any JSON."""
    digest = hashlib.sha256()
    for archive in ARCHIVES:
        content = orjson.loads(store.get_zst(keys.missing(archive)))
        counts = {name: content["counts"][name] for name in ("have", "missing", "unavailable", "reasons")}
        digest.update(orjson.dumps([counts, content["missing"]], option=orjson.OPT_SORT_KEYS))
    store.delete([keys.missing(archive) for archive in ARCHIVES])
    return digest.hexdigest()


# -- the two sides -----------------------------------------------------------------------------------------------------


def _ours(store: Store) -> None:
    """What the task update_missing_s3 does."""
    listed = master.filings(store)
    for account in accounting.accounts(store, listed.numbers, ARCHIVES):
        accounting.write_missing(store, account, listed)


def _peer(store: Store) -> None:
    """The same with sets of strings, each dropped as soon as it is not needed any more."""
    listed = set(_text(store, keys.ACCESSIONS).split())
    missing: dict[str, set[str]] = {}
    counts: dict[str, dict[str, Any]] = {}
    without_submission: dict[str, str] = {}
    for archive in ARCHIVES:
        have: set[str] = set()
        for kind in LISTS:
            have.update(_text(store, keys.have_list(kind, archive)).split())
        have &= listed
        gone = dict(without_submission)
        for line in _text(store, keys.unavailable(archive)).splitlines():
            accession, _, reason = line.split("\t")
            gone[accession] = reason
        gone = {a: reason for a, reason in gone.items() if a in listed and a not in have}
        if archive == keys.SGML:
            without_submission = {a: f"its submission is unavailable: {reason}" for a, reason in gone.items()}
        missing[archive] = listed - have
        missing[archive] -= gone.keys()
        counts[archive] = {
            "accessions": len(listed),
            "have": len(have),
            "missing": len(missing[archive]),
            "unavailable": len(gone),
            "reasons": dict(Counter(gone.values())),
        }
        del have, gone
    needed = set().union(*missing.values())
    del listed
    ciks = {line[:20]: int(line[21:]) for line in _text(store, _CIKS).splitlines() if line[:20] in needed}
    for archive in ARCHIVES:
        content = {"archive": archive, "counts": counts[archive], "missing": {a: ciks[a] for a in missing[archive]}}
        data = orjson.dumps(content, option=orjson.OPT_SORT_KEYS)
        store.put(keys.missing(archive), compress(data, 3), ZSTD)


def _text(store: Store, key: str) -> str:
    return decompress(store.get(key), key).decode("ascii")


# -- the lists ---------------------------------------------------------------------------------------------------------


def accessions(rows: int) -> np.ndarray:
    """Sorted accession numbers as EDGAR has them: few filer agents with very many, very many filers with few."""
    random = np.random.default_rng(_SEED)
    numbers, pairs = np.empty(0, np.uint64), rows // 55 + 10
    while len(numbers) < rows:
        prefixes = random.integers(1000, 2_100_000, pairs).astype(np.uint64)
        years = random.choice(np.r_[93:100, 0:26], pairs).astype(np.uint64)
        counts = np.minimum((random.pareto(0.9, pairs) * 4 + 1).astype(np.int64), 90_000)
        starts = np.cumsum(counts) - counts
        bases = np.repeat(prefixes * np.uint64(10**8) + years * np.uint64(10**6), counts)
        more = bases + (np.arange(len(bases)) - np.repeat(starts, counts) + 1).astype(np.uint64)
        numbers, pairs = unique([numbers, more]), pairs // 4 + 10
    kept = np.ones(len(numbers), bool)
    kept[random.choice(len(numbers), len(numbers) - rows, replace=False)] = False
    return np.asarray(numbers[kept])


def _make(store: Store, numbers: np.ndarray) -> None:
    """Everything that both sides read."""
    random = np.random.default_rng(_SEED + 1)
    store.put(keys.ACCESSIONS, accession_list.frame(numbers))
    _make_master(store, numbers, random)
    for archive, (*shares, gone) in _SHARES.items():
        fate = random.choice(5, len(numbers), p=[*shares, gone, 1 - sum(shares) - gone])
        for kind, number in zip(LISTS, range(3), strict=True):
            store.put(keys.have_list(kind, archive), accession_list.frame(numbers[fate == number]))
        lost = numbers[fate == 3]
        codes = random.choice(3, len(lost), p=[0.9, 0.09, 0.01]).astype(np.uint32)
        store.put(keys.unavailable(archive), Unavailable(lost, codes, list(_REASONS)).frame())


def _make_master(store: Store, numbers: np.ndarray, random: np.random.Generator) -> None:
    """A quarter of the filings have a second CIK. The text of the index is not read and not made."""
    own = (numbers // np.uint64(10**8)).astype(np.int64)
    second = np.flatnonzero(random.random(len(numbers)) < 0.25)
    rows = np.sort(np.concatenate([np.arange(len(numbers)), second]))
    ciks = own[rows]
    ciks[1:] += np.where(rows[1:] == rows[:-1], 1000, 0)
    out = io.BytesIO()
    with master.numbers_writer(out) as writer:
        for start in range(0, len(rows), master.ROWS_A_GROUP):
            some = slice(start, start + master.ROWS_A_GROUP)
            days = pa.array((numbers[rows[some]] % np.uint64(10_000)).astype(np.int32)).cast(pa.date32())
            forms = pa.DictionaryArray.from_arrays(np.zeros(len(days), np.int32), ["4"])
            writer.write_table(pa.table([numbers[rows[some]], ciks[some], days, forms], schema=master.SCHEMA))
    etag = store.put(keys.MASTER, compress(b""))
    store.put(keys.MASTER_NUMBERS, out.getvalue(), metadata={master.MADE_WITH: etag})
    lines = (f"{a}\t{cik}\n" for a, cik in zip(_strings(numbers), own.tolist(), strict=True))
    store.put(_CIKS, compress("".join(lines).encode(), 3))


def _strings(numbers: np.ndarray) -> Iterator[str]:
    for lines in accession_list.rows(numbers):
        yield from bytes(lines).decode().split()


if __name__ == "__main__":
    _main(sys.argv[1])
