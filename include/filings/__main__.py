"""The only container entry point: `python -m filings TASK …`.

Tasks are the modules of `filings.tasks`; their name is the module's name, their help its docstring. A task module has
`add_arguments(parser)` and `run(args, settings) -> int`, whose result is the exit code: 0 all done, 1 something failed
(a retry does only what is left), 2 wrong usage, 143 stopped by SIGTERM. Each product has three tasks besides, which
are made of its product.yaml (see `filings.tasks._products`).
"""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from datetime import UTC, datetime

from obstore.exceptions import BaseError

from filings import tasks
from filings.archive.manifest import NoSuchBatch
from filings.archive.storage import Conflict, CorruptObject, NotFound, WrongBucket
from filings.logs import log
from filings.products.definition import BadProduct
from filings.products.registry import NoSuchProduct
from filings.settings import MissingSetting, get_settings
from filings.tasks import _products
from filings.tasks._products import Task

_LOCAL = ("docs", "inspect", "new_product", "product")  # what a person runs, outside any run


def task_names() -> list[str]:
    """The names of the tasks that are modules, not of the products' tasks."""
    return sorted(module.name for module in pkgutil.iter_modules(tasks.__path__) if not module.name.startswith("_"))


def main(argv: list[str] | None = None) -> int:
    """Run one task; returns the exit code."""
    arguments = sys.argv[1:] if argv is None else argv
    wanted = next((a for a in arguments if not a.startswith("-")), "")
    try:
        parser = _parser(wanted)
    except (MissingSetting, BadProduct, NoSuchProduct) as error:
        log.error("usage", task=wanted, error=str(error))
        return 2
    args = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _terminate)  # the first process of a container ignores it otherwise
    try:
        return int(args.run(args, get_settings()))
    except (MissingSetting, BadProduct, NoSuchProduct, argparse.ArgumentTypeError, NoSuchBatch, WrongBucket) as error:
        log.error("usage", task=args.task, error=str(error))
        return 2
    except (NotFound, CorruptObject, Conflict) as error:
        log.error("failed", task=args.task, error=str(error), what_to_do=_advice(error))
        return 1
    except BaseError as error:  # of obstore: credentials, network, or a server that fails on and on
        what_to_do = "look whether the store is up and the credentials are right, then run this task again"
        log.error("storage_failed", task=args.task, error=str(error).splitlines()[0], what_to_do=what_to_do)
        return 1
    except BrokenPipeError:
        return 1


def _parser(wanted: str) -> argparse.ArgumentParser:
    """The command line. Of a task that is there, no other task's module is imported (containers start sooner)."""
    parser = argparse.ArgumentParser(prog="python -m filings", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="task", metavar="TASK", required=True)
    if wanted in task_names():
        _add(commands, _of_module(wanted))
    elif (task := _products.find(wanted)) is not None:
        _add(commands, task)
    else:
        for name in task_names():
            _add(commands, _of_module(name))
        for task in _products.tasks():
            _add(commands, task)
    return parser


def _of_module(name: str) -> Task:
    module = importlib.import_module(f"filings.tasks.{name}")
    return Task(name, (module.__doc__ or "").strip(), module.add_arguments, module.run)


def _add(commands: argparse._SubParsersAction[argparse.ArgumentParser], task: Task) -> None:
    command = commands.add_parser(
        task.name,
        help=task.help.replace("%", "%%").splitlines()[0] if task.help else None,
        description=task.help,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if task.name not in _LOCAL:
        command.add_argument(
            "--run-id",
            default=f"manual-{datetime.now(UTC):%Y%m%dT%H%M%SZ}",
            help="the run that the report and manifests belong to (Airflow's run id; default: manual-<time>)",
        )
    task.add_arguments(command)
    command.set_defaults(run=task.run)


def _terminate(number: int, frame: object) -> None:
    log.error("terminated", meaning="stopped by SIGTERM; what is done is kept, run this task again for the rest")
    sys.exit(143)


def _advice(error: Exception) -> str:
    if isinstance(error, CorruptObject):
        return "see docs/runbook.md, which says of each object how it is made anew or restored"
    if isinstance(error, Conflict):
        return "another container wrote it: run this task again"
    return "run the task that writes it first (see docs/data-layout.md)"


def _end(code: int) -> None:
    """End this process at once, without taking the interpreter down first.

    All is written by now. A thread that still parses a large filing is not waited for, and those of obstore would abort
    the process (SIGABRT in place of its exit code) when they want to return an object to an interpreter that is gone.
    """
    with suppress(BrokenPipeError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    try:
        _end(main())
    except SystemExit as asked:  # argparse's, or that of a signal
        _end(asked.code if isinstance(asked.code, int) else 1)
