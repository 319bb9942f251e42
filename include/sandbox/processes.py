"""Child processes: each in a session of its own, on a leash, with its output in a log file."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

LEASH = str(Path(__file__).with_name("leash.py"))
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class SandboxError(Exception):
    """What is wrong and what to do, in one line for a person."""


def leashed(command: Sequence[str]) -> list[str]:
    """`command`, made to die with this process (on Linux: with the thread that starts it, so let that one live)."""
    return [sys.executable, "-I", "-S", LEASH, str(os.getpid()), *command]


class Process:
    """A running program, `name` being what its log and error messages call it."""

    def __init__(
        self, name: str, command: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path | None = None
    ) -> None:
        self.name = name
        self.log = log
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("ab") as output:
            self._begun = output.tell()
            self._popen = subprocess.Popen(
                leashed(command),
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.pid = self._popen.pid

    @property
    def running(self) -> bool:
        return self._popen.poll() is None

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when `ready()`; a program that ends before that or takes too long is an error with its last lines."""
        deadline = time.monotonic() + seconds
        while not ready():
            if not self.running:
                raise SandboxError(f"{self.name} ended with exit {self._popen.returncode}: {self.tail()} ({self.log})")
            if time.monotonic() > deadline:
                raise SandboxError(f"{self.name} is not ready after {seconds:.0f} s: {self.tail()} ({self.log})")
            time.sleep(0.03)

    def tail(self, lines: int = 5) -> str:
        """The last lines that this run of the program wrote."""
        with self.log.open("rb") as file:
            file.seek(self._begun)
            return " | ".join(file.read().decode(errors="replace").strip().splitlines()[-lines:]) or "it said nothing"

    def stop(self, seconds: float = 10) -> None:
        """SIGTERM, and SIGKILL for the whole group of what is left after `seconds`."""
        if self.running:
            self._popen.terminate()
        self.finish(seconds)

    def finish(self, seconds: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(seconds)
        kill_group(self.pid)
        self._popen.wait()


def stop_all(processes: Sequence[Process], seconds: float = 10) -> None:
    """Ask all of them at once, then wait: the last started first."""
    for process in reversed(processes):
        if process.running:
            process._popen.terminate()
    deadline = time.monotonic() + seconds
    for process in reversed(processes):
        process.finish(max(0.1, deadline - time.monotonic()))


def kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(url: str, seconds: float = 1) -> bool:
    """Whether an HTTP server answers there with success."""
    try:
        with NO_PROXY.open(url, timeout=seconds) as response:
            return 200 <= response.status < 300
    except (urllib.error.URLError, OSError):
        return False


def accepts(port: int) -> bool:
    """Whether something listens on that port of this machine."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0
