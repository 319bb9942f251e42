"""Who is at work in a state folder, and how to reach it: the lock, and `sandbox.json` for tests and people."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sandbox.processes import SandboxError

FILE = "sandbox.json"


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder. The lock is the kernel's, so it ends with its holder, however that ends."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise SandboxError(
                f"a sandbox is at work in {folder} (pid {lock.read().strip() or 'unknown'}): wait for it, "
                "or end it with `python -m sandbox down`"
            ) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        try:
            yield
        finally:
            lock.truncate(0)


def write(folder: Path, known: dict[str, Any]) -> None:
    """Say how to reach the running sandbox."""
    new = folder / (FILE + ".new")
    new.write_text(json.dumps({"pid": os.getpid(), **known}, indent=2) + "\n")
    new.replace(folder / FILE)


def remove(folder: Path) -> None:
    (folder / FILE).unlink(missing_ok=True)


def read(folder: Path) -> dict[str, Any]:
    """How to reach the running sandbox. Raises SandboxError when none is up."""
    try:
        known = json.loads((folder / FILE).read_text())
        os.kill(known["pid"], 0)
    except (FileNotFoundError, ProcessLookupError):
        raise SandboxError(f"no sandbox is up in {folder}: start one with `make ui`") from None
    return known
