"""A container's output: line by line to CloudWatch Logs and to a file that a person can follow."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

LONGEST_LINE = 256 * 1024  # CloudWatch's limit for one event
Sink = Callable[[list[dict[str, Any]]], None]


class TaskLog:
    def __init__(self, sink: Sink | None, file: Path | None, command: list[str]) -> None:
        self._sink = sink
        self._file = file
        if file:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(f"$ {shlex.join(command)}\n")

    def follow(self, output: IO[bytes] | None) -> None:
        """Read until the container closes its output; what comes at once goes out at once."""
        assert output is not None
        rest = b""
        while piece := os.read(output.fileno(), 1 << 16):
            *lines, rest = (rest + piece).split(b"\n")
            if len(rest) > LONGEST_LINE:
                lines, rest = [*lines, rest], b""
            self._write(lines)
        if rest:
            self._write([rest])
        output.close()

    def _write(self, lines: list[bytes]) -> None:
        if not lines:
            return
        texts = [line.decode(errors="replace").rstrip("\r")[:LONGEST_LINE] for line in lines]
        if self._sink:
            now = int(time.time() * 1000)
            self._sink([{"timestamp": now, "message": text or " "} for text in texts])
        if self._file:
            with self._file.open("a", encoding="utf-8") as file:
                file.writelines(text + "\n" for text in texts)
