"""Random scenarios until the time is over: `python -m faults --seconds 240`, or one again by `--seed N`.

Each has a world of its own and one seed, from which its filings and its troubles are drawn. The folder of a scenario
that has found something stays, with the objects, the database and the logs of all containers.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import time
from dataclasses import asdict
from pathlib import Path

from faults.scenario import Verdict, scenario
from faults.troubles import drawn

PROJECT = Path(__file__).resolve().parents[2]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m faults", description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=240, help="begin no further scenario after (default 240)")
    parser.add_argument("--seed", type=int, help="run this scenario alone")
    parser.add_argument("--filings", type=int, default=40, help="filings of a world (default: %(default)s)")
    parser.add_argument("--folder", type=Path, default=PROJECT / "build" / "faults", help="where worlds lie")
    options = parser.parse_args()
    seeds = iter([options.seed]) if options.seed is not None else iter(lambda: random.randrange(100_000), None)
    begun, count, longest, found = time.monotonic(), 0, 0.0, []
    for seed in seeds:
        if count and time.monotonic() - begun + longest > options.seconds:
            break
        at = time.monotonic()
        found += one(seed, options.filings, options.folder / f"seed-{seed}")
        longest, count = max(longest, time.monotonic() - at), count + 1
    print(f"{count} scenarios, {len(found)} findings, {time.monotonic() - begun:.0f} s")
    return 1 if found else 0


def one(seed: int, filings: int, folder: Path) -> list[str]:
    """One scenario; its findings, which it prints."""
    shutil.rmtree(folder, ignore_errors=True)
    troubles = drawn(random.Random(seed))
    print(f"seed {seed}: {', '.join(troubles)}", flush=True)
    folder.mkdir(parents=True)
    (folder / "troubles.json").write_text(json.dumps({t: asdict(said) for t, said in troubles.items()}, indent=1))
    at = time.monotonic()
    try:
        verdict = scenario(folder, seed, troubles, filings)
    except AssertionError as error:  # a container that does not end, say
        verdict = Verdict([str(error)])
    findings = verdict.findings
    print(f"  {', '.join(f'{kind} {times}' for kind, times in verdict.struck.items()) or 'nothing struck'}")
    for finding in findings:
        print(f"  {finding}")
    if findings:
        print(f"  in {folder}; again: python -m faults --seed {seed} --filings {filings}", flush=True)
    else:
        shutil.rmtree(folder)
        print(f"  all is well, {time.monotonic() - at:.0f} s", flush=True)
    return findings


if __name__ == "__main__":
    sys.exit(main())
