"""Starts EDGAR: `python -m sandbox.edgar --data DIR --port P`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
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
    for name, why in folder.unreadable.items():
        print(f"{name}: {why}", file=sys.stderr, flush=True)
    # Nothing is lost when it ends, so a client that hangs is not waited for.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    print(f"EDGAR: {len(folder.entries())} filings of {args.data} at http://{args.host}:{args.port}", flush=True)
    web.run_app(edgar.application(), host=args.host, port=args.port, print=None, handle_signals=False)


if __name__ == "__main__":
    main()
