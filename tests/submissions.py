"""Reading the submissions that tests work on."""

from __future__ import annotations

from pathlib import Path

import zstandard


def read_submission(path: Path) -> bytes:
    """A submission's bytes, decompressed where the file is compressed."""
    data = path.read_bytes()
    if path.suffix == ".zst":
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data
