"""How a container's process ends."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import filings


def test_a_process_ends_with_its_exit_code_and_all_its_lines_whatever_its_threads_are_at() -> None:
    script = (
        "import threading, time\n"
        "from filings.__main__ import _end\n"
        "threading.Thread(target=time.sleep, args=(60,)).start()\n"
        "print('the last line')\n"
        "_end(143)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(filings.__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ended.returncode, ended.stdout) == (143, "the last line\n")
