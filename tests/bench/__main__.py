"""Runs the benchmark: `make bench`, or `python -m bench --only NAME …`; the table is printed, the figures written.

`--cost FILE` writes the page of costs besides, from the stages measured in the same run.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson

from bench.measure import PROJECT, Case, Result, corpus
from filings.products import registry

# A module of cases each; in this order they run.
MODULES = {
    "sgml": ("sgml_split_decode", "sgml_with_header", "sgml_small", "sgml_to_tar"),
    "xbrl": ("xbrl_facts_instance", "xbrl_facts_inline"),
    "objects": ("put_small", "get_small"),
    "listing": ("list_keys",),
    "append": ("append_delta",),
    "mysql_load": ("mysql_load",),
    "day": ("day_end_to_end",),
    "products": tuple(f"product_{name}{what}" for name in registry.names() for what in ("", "_rows")),
    "ledger": ("missing_20m", "missing_20m_memory"),
}
_COLUMNS = ("name", "ours", "peer", "unit", "ratio", "against")


def main() -> int:
    """Run what is asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    names = [name for group in MODULES.values() for name in group]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=", ".join(names))
    parser.add_argument("--rounds", type=int, help="turns that count of each case (default: the case's own, 5 or more)")
    parser.add_argument("--out", type=Path, default=PROJECT / "build" / "bench.json", help="default: build/bench.json")
    parser.add_argument("--cost", type=Path, metavar="FILE", help="write the page of costs")
    args = parser.parse_args()
    wanted = set(args.only or names)
    data = corpus()
    print(f"corpus: {data}" if data else "corpus: none here, generated submissions of the same mix", flush=True)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    results: list[Result] = []
    with TemporaryDirectory(dir=args.out.parent, prefix="bench-") as scratch:
        for module, cases in MODULES.items():
            if wanted & set(cases):
                results += _run(module, wanted, args.rounds, Path(scratch))
    args.out.write_bytes(orjson.dumps([result.to_json() for result in results], option=orjson.OPT_INDENT_2) + b"\n")
    print(table(results))
    print(f"written: {args.out}")
    if args.cost:
        from bench.cost import write_page

        write_page(args.cost, results)
        print(f"written: {args.cost}")
    return 0


def _run(module: str, wanted: set[str], rounds: int | None, scratch: Path) -> list[Result]:
    with ExitStack() as stack:
        cases: list[Case] = stack.enter_context(import_module(f"bench.{module}").cases(scratch))
        return [case.measure(rounds, _tell) for case in cases if case.name in wanted]


def _tell(line: str) -> None:
    print(f"  {line}", file=sys.stderr, flush=True)


def table(results: list[Result]) -> str:
    """The results as aligned text."""
    rows = [_COLUMNS]
    rows += [(r.name, f"{r.ours:,.4g}", f"{r.peer:,.4g}", r.unit, f"{r.ratio:.2f}", r.peer_name) for r in results]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    right = {1, 2, 4}
    lines = [
        "  ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


if __name__ == "__main__":
    sys.exit(main())
