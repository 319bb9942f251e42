"""Makes submissions: `python -m sandbox.generate --out DIR --filings N --seed S`; `--append` adds later ones."""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

from sandbox.generate import folder


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.generate", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument("--filings", type=int, default=60, metavar="N", help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="default: %(default)s")
    parser.add_argument("--start", type=date.fromisoformat, metavar="DATE", help="first day; default: 30 days ago")
    parser.add_argument("--days", type=int, default=23, metavar="D", help="days from the first; default: %(default)s")
    parser.add_argument("--append", action="store_true", help="add to a folder; seed and days are those it has")
    parser.add_argument("--plain", action="store_true", help="no roll call of forms and quirks: the usual mix only")
    parser.add_argument("--large", action="store_true", help="make the last one larger than 10 MB")
    args = parser.parse_args()
    today = date.today()
    try:
        if args.append:
            manifest = folder.append(args.out, args.filings, today)
        else:
            start = args.start or today - timedelta(days=30)
            manifest = folder.create(
                args.out, args.filings, args.seed, start, args.days, plain=args.plain, large=args.large
            )
    except (FileExistsError, FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    print(f"{args.out}: {len(manifest['filings'])} filings, {args.filings} of them new")


if __name__ == "__main__":
    main()
