"""Start a program that cannot outlive its parent: `python -I -S leash.py PARENT_PID PROGRAM ARGS…`.

A sandbox that is killed, even with SIGKILL, must leave nothing running. The kernel does it (PR_SET_PDEATHSIG); it must
be asked in the child itself, and doing so in `preexec_fn` is unsafe in a server with threads. Elsewhere than on Linux
this only starts the program. It has no imports of the project, so that it costs 15 ms.
"""

import os
import signal
import sys


def main() -> None:
    parent, command = int(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it died before we asked
            sys.exit(137)
    try:
        os.execvpe(command[0], command, os.environ)
    except OSError as error:
        print(f"cannot start {command[0]}: {error.strerror}", flush=True)
        sys.exit(127 if isinstance(error, FileNotFoundError) else 126)


if __name__ == "__main__":
    main()
