"""Writes generated filings to a folder, with `manifest.json` (what is true of them) and `sandbox.json` (quirks).

`manifest.json`: `{"seed", "start", "days", "count", "filings": {ACCESSION: {form, filed, accepted, period, items,
filers: [{role, cik, name}], variant, file, bytes, sha256, declared_documents, truncated, quirks, counts,
documents: [{type, sequence, filename, description, encoding, bytes, sha256}]}}}`. The content of a document is what
lies between the line break after `<TEXT>` and the one before `</TEXT>`, without a wrapper such as `<XML>` and its line
breaks, uudecoded where it is uuencoded, and otherwise unchanged.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import zstandard

from sandbox.edgar.quirks import FILE_NAME as QUIRKS
from sandbox.generate.make import Filing, make, next_business_day

MANIFEST = "manifest.json"


def create(
    folder: Path, filings: int, seed: int, start: date, days: int, *, plain: bool = False, large: bool = False
) -> dict[str, Any]:
    """Fill a folder that has no manifest yet; the manifest.

    Raises:
        FileExistsError: when there is one.
        ValueError: when there is no business day to choose from.
    """
    if (folder / MANIFEST).exists():
        raise FileExistsError(f"{folder / MANIFEST} exists: use --append to add filings, or another folder")
    choice = [day for day in (start + timedelta(days=n) for n in range(days)) if day.weekday() < 5]
    if not choice:
        raise ValueError(f"no business day within {days} days from {start}")
    folder.mkdir(parents=True, exist_ok=True)
    manifest: dict[str, Any] = {"seed": seed, "start": start.isoformat(), "days": days, "count": filings, "filings": {}}
    quirks: dict[str, Any] = {"answers_404": [], "daily_only": [], "hidden_until": {}, "malformed_rows": []}
    for number in range(filings):
        is_large = large and number == filings - 1
        _add(folder, manifest, quirks, make(seed, number, choice, plain=plain, large=is_large))
    if not plain and filings:
        quirks["malformed_rows"] = _malformed(manifest)
    _write_json(folder / QUIRKS, quirks)
    _write_json(folder / MANIFEST, manifest)
    return manifest


def append(folder: Path, filings: int, today: date) -> dict[str, Any]:
    """Add filings of a later day, but not later than `today`, to a folder made by `create`; the manifest.

    Raises:
        FileNotFoundError: when the folder has no manifest.
    """
    path = folder / MANIFEST
    if not path.exists():
        raise FileNotFoundError(f"{path} is not there: make the folder first, without --append")
    manifest = json.loads(path.read_text())
    quirks = json.loads((folder / QUIRKS).read_text())
    last = max(date.fromisoformat(said["filed"]) for said in manifest["filings"].values())
    day = max(last, min(next_business_day(last), today))
    first = manifest["count"]
    manifest["count"] = first + filings
    for number in range(first, first + filings):
        _add(folder, manifest, quirks, make(manifest["seed"], number, [day], plain=True, late=False))
    _write_json(path, manifest)
    return manifest


def _add(folder: Path, manifest: dict[str, Any], quirks: dict[str, Any], filing: Filing) -> None:
    truth = filing.truth
    manifest["filings"][filing.accession] = truth
    _put(folder / truth["file"], zstandard.compress(filing.data, 3))
    for name in ("answers_404", "daily_only"):
        if name in truth["quirks"]:
            quirks[name].append(filing.accession)
    if "disseminated" in truth:
        quirks["hidden_until"][filing.accession] = f"{truth['disseminated']}T09:00:00"


def _malformed(manifest: dict[str, Any]) -> list[dict[str, Any]]:
    last = max(said["filed"] for said in manifest["filings"].values())
    rows = ("1800007|Amber Anvil Co|8-K|20xx-13-45|edgar/data/1800007/broken.txt", "1800014|Half a row is all there")
    return [{"day": last, "text": row, "in": ["full", "daily"]} for row in rows]


def _write_json(path: Path, said: dict[str, Any]) -> None:
    _put(path, json.dumps(said, indent=1).encode())


def _put(path: Path, data: bytes) -> None:
    """Write by renaming, so that EDGAR never sees half a file."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    part.replace(path)
