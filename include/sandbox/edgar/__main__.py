"""Starts EDGAR: `python -m sandbox.edgar --data DIR --port P`."""

from __future__ import annotations

import argparse
from pathlib import Path

from aiohttp import web

from sandbox.edgar.folder import Folder
from sandbox.edgar.limits import Gate
from sandbox.edgar.server import Edgar


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m sandbox.edgar", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder of submissions")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--requests-per-second", type=int, default=10, metavar="N", help="more than this is 429")
    parser.add_argument("--block-seconds", type=float, default=600.0, metavar="S", help="how long a block lasts")
    args = parser.parse_args()
    try:
        folder = Folder(args.data)
    except NotADirectoryError as error:
        parser.error(str(error))
    folder.refresh()
    edgar = Edgar(folder, Gate(args.requests_per_second, args.block_seconds))
    print(f"EDGAR: {len(folder.entries())} filings of {args.data} at http://{args.host}:{args.port}", flush=True)
    web.run_app(edgar.application(), host=args.host, port=args.port, print=None, shutdown_timeout=1.0)


if __name__ == "__main__":
    main()
