"""Structured logs, one line an event, on standard output: what CloudWatch and the alerts show.

The logger has its own processors and leaves structlog's global configuration alone, which belongs to the program that
imports this package.
"""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
from structlog.typing import EventDict

_JSON = structlog.processors.JSONRenderer(ensure_ascii=False)
_CONSOLE = structlog.dev.ConsoleRenderer()


class _StandardOutput:
    """Whatever standard output is when an event comes."""

    def msg(self, line: str) -> None:
        print(line, flush=True)

    debug = info = warning = error = critical = msg


def _render(logger: Any, name: str, event: EventDict) -> Any:
    """JSON lines for machines, coloured text when a person watches."""
    return (_CONSOLE if sys.stdout.isatty() else _JSON)(logger, name, event)


log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    _StandardOutput(),
    wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
    processors=[
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        _render,
    ],
    cache_logger_on_first_use=False,
)
