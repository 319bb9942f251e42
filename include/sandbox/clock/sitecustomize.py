"""A container whose clock is wrong: with this folder first on its path, Python's wall clock is what SANDBOX_CLOCK says.

SANDBOX_CLOCK is a number of seconds that the clock is ahead (or, negative, behind), or a file with that number, which
is read at each look at the clock: who writes another number into it steps the clock of a container at work. The
monotonic clock stays right, as it does on a machine whose time is set. libfaketime would reach native code too, but its
0.9.10, which Debian has, makes `time.sleep` fail with EINVAL as soon as the monotonic clock is left alone.
"""

import ctypes
import datetime
import gc
import os
import time
from pathlib import Path

VARIABLE = "SANDBOX_CLOCK"


def step(told: str) -> None:
    """Let `time` and `datetime` of this process be so many seconds off."""
    now_ns, gmtime, localtime = time.time_ns, time.gmtime, time.localtime

    def offset() -> float:
        return float(told if told.lstrip("+-").replace(".", "", 1).isdigit() else Path(told).read_text())

    def stepped_ns() -> int:
        return now_ns() + round(offset() * 1e9)

    def stepped() -> float:
        return stepped_ns() / 1e9

    def now(cls: type[datetime.datetime], tz: datetime.tzinfo | None = None) -> datetime.datetime:
        return cls.fromtimestamp(stepped(), tz)

    def utcnow(cls: type[datetime.datetime]) -> datetime.datetime:
        return cls.fromtimestamp(stepped(), datetime.UTC).replace(tzinfo=None)

    time.time, time.time_ns = stepped, stepped_ns
    time.gmtime = lambda seconds=None: gmtime(stepped() if seconds is None else seconds)
    time.localtime = lambda seconds=None: localtime(stepped() if seconds is None else seconds)
    # Where a class is looked up by its identity, a subclass would not do; so the type itself is changed.
    methods = gc.get_referents(datetime.datetime.__dict__)[0]
    methods["now"], methods["utcnow"] = classmethod(now), classmethod(utcnow)
    ctypes.pythonapi.PyType_Modified(ctypes.py_object(datetime.datetime))


if os.environ.get(VARIABLE):
    step(os.environ[VARIABLE])
