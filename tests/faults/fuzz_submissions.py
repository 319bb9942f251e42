"""Damages submissions at random and takes each apart, packs it, and reads the tar back.

    python -m faults.fuzz_submissions --files 100000 --seed 1

What must never happen: an exception other than the one that says "no submission", a file that takes longer than a
second (a megabyte), memory beyond ten times the file, a name that leaves the tar. What does is written to
`build/fuzz/` with the command that makes it again, and the exit code is 1.

Another kind of file is another `Target` in `TARGETS`: how its seeds are found, how one is damaged, and what is done
with it. A target's work raises for what it finds wrong.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
import traceback
import tracemalloc
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

from faults import fuzz_mutations, fuzz_targets, fuzz_xbrl

BUILD = Path(__file__).resolve().parents[2] / "build" / "fuzz"
SECONDS_PER_MEGABYTE = 1.0
TIMES_THE_FILE = 10
FLOOR = 6 << 20  # bytes that a file of any size may take: windows, tables, the interpreter's own
MEASURED = 97  # of so many files, one is measured for memory, which makes it slow
GROWTH = 400 << 20  # bytes that a process may have grown by, after thousands of files


@dataclass(frozen=True)
class Target:
    """A kind of file to damage: where whole ones come from, how they are damaged, what is done with them."""

    seeds: Callable[[Random], list[bytes]]
    mutate: Callable[[Random, list[bytes]], bytes]
    work: Callable[[bytes, bool], None]  # the file, and whether to look at all of it with the standard library


TARGETS = {
    "submissions": Target(fuzz_targets.submissions, fuzz_mutations.mutate, fuzz_targets.take_apart),
    "xbrl": Target(fuzz_xbrl.seeds, fuzz_xbrl.mutate, fuzz_xbrl.read),
}


@dataclass(frozen=True)
class Failure:
    """A file that something went wrong with."""

    target: str
    seed: int
    number: int
    why: str
    data: bytes


def run(target: str, seed: int, numbers: range) -> Failure | None:
    """Damage and try the files of these numbers; the first that fails. The same seed gives the same files."""
    kind = TARGETS[target]
    seeds = kind.seeds(Random(seed))
    before = _largest()
    for number in numbers:
        data = kind.mutate(Random(f"{seed} {number}"), seeds)
        why = attempt(kind, data, number)
        if why:
            return Failure(target, seed, number, why, data)
    grown = _largest() - before
    if grown > GROWTH:
        return Failure(target, seed, numbers.stop - 1, f"the process has grown by {grown >> 20} MiB", b"")
    return None


def _largest() -> int:
    """Bytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def attempt(kind: Target, data: bytes, number: int) -> str:
    """What went wrong with one file; empty when nothing did."""
    measured = number % MEASURED == 0
    if measured:
        tracemalloc.start()
    started = time.thread_time()
    try:
        kind.work(data, number % 10 == 0)
    except Exception:  # noqa: BLE001 - whatever it raises is what is looked for
        return traceback.format_exc()
    finally:
        seconds = time.thread_time() - started
        peak = tracemalloc.get_traced_memory()[1] if measured else 0
        tracemalloc.stop()
    allowed = max(1.0, SECONDS_PER_MEGABYTE * len(data) / 1e6)
    if seconds > allowed and not measured:
        return f"{len(data):,} bytes took {seconds:.1f} s"
    if peak > FLOOR + TIMES_THE_FILE * len(data):
        return f"{len(data):,} bytes took {peak:,} bytes of memory"
    return ""


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m faults.fuzz_submissions", description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=int, default=100_000, help="how many to damage (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other files (default: %(default)s)")
    parser.add_argument("--first", type=int, default=0, help="number of the first, to make one again")
    parser.add_argument("--target", choices=TARGETS, default="submissions")
    parser.add_argument("--processes", type=int, default=2)
    args = parser.parse_args(arguments)
    started = time.perf_counter()
    step = max(1, min(2_500, -(-args.files // args.processes)))
    parts = [
        range(start, min(start + step, args.first + args.files))
        for start in range(args.first, args.first + args.files, step)
    ]
    with ProcessPoolExecutor(args.processes, get_context("spawn")) as pool:
        waiting = [pool.submit(run, args.target, args.seed, part) for part in parts]
        failures = [failure for future in waiting if (failure := future.result())]
    for failure in failures:
        BUILD.mkdir(parents=True, exist_ok=True)
        path = BUILD / f"{failure.target}-{failure.seed}-{failure.number}.bin"
        path.write_bytes(failure.data)
        print(f"{failure.why}\n{path}\nagain: python -m faults.fuzz_submissions --target {failure.target} "
              f"--seed {failure.seed} --first {failure.number} --files 1 --processes 1")  # fmt: skip
    seconds = time.perf_counter() - started
    print(f"fuzz {args.target}: {args.files:,} files, seed {args.seed}, {len(failures)} failures, {seconds:.0f} s")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
