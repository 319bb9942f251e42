"""The last one out: ends all that a sandbox started when the sandbox itself was killed and could not.

It waits on a pipe that only the sandbox holds open. When that closes, every process whose environment carries the
sandbox's mark gets SIGTERM, and two seconds later SIGKILL: also Airflow's workers and what containers have started.
`python -I -S warden.py MARK` with the pipe as standard input. It reads /proc: elsewhere than on Linux it
does nothing.
"""

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

VARIABLE = "SANDBOX_MARK"


def marked(mark: str) -> list[int]:
    """Processes of ours with this mark, but for this one."""
    wanted = f"{VARIABLE}={mark}".encode()
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdigit() and int(process.name) != os.getpid():
            with suppress(OSError):
                if wanted in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
    return found


def end(mark: str) -> None:
    for number, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 2.0)):
        for pid in marked(mark):
            with suppress(OSError):
                os.kill(pid, number)
        deadline = time.monotonic() + patience
        while marked(mark) and time.monotonic() < deadline:
            time.sleep(0.1)


def main() -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # a Ctrl-C is the sandbox's to handle
    os.environ.pop(VARIABLE, None)
    sys.stdin.buffer.read()
    if Path("/proc").is_dir():
        end(sys.argv[1])


if __name__ == "__main__":
    main()
