"""What a run left behind: read from the buckets, from MySQL and from EDGAR, not from what the run says of itself.

Only the accounting is the run's own: `runs/{run}/accounting.json`.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from sandbox import mysql
from sandbox.cloud import Sandbox
from sandbox.names import BUCKET
from sandbox.progress import Step

ROOT = "sec/filings"
LOOKUP = "sec-filings-lookup"
_LOADS = "_loads"
# Reports, the lock and the slices of a listing: a run writes them whatever it finds to do.
RUN_FOLDERS = ("runs/", "control/", "inventory-sgml/", "inventory-tar/", "inventory-xbrl/", "inventory-data/")


def run_folder(run_id: str) -> str:
    return re.sub(r"[^A-Za-z0-9_.-]", "-", run_id)


def summarise(
    cloud: Sandbox, *, dag_id: str, run_id: str, state: str, seconds: float, steps: list[Step]
) -> dict[str, Any]:
    """The content of summary.json."""
    files = cloud.folder / "s3" / BUCKET
    folder = files / ROOT / "runs" / run_folder(run_id)
    accounting = read_json(folder / "accounting.json") or {}
    planned = {
        manifest.stem: (read_json(manifest) or {}).get("total", 0)
        for manifest in sorted((folder / "manifests").glob("*.json"))
    }
    work = {name: total for name, total in planned.items() if not name.startswith("inventory")}
    keep = ("accessions", "have", "missing", "unavailable")
    counts, changed = cloud.object_counts(), cloud.changed_objects()
    return {
        "run_id": run_id,
        "dag_id": dag_id,
        "state": state,
        "seconds": round(seconds, 1),
        "nothing_missing": bool(work) and not any(work.values()),
        "planned": planned,
        "archives": {
            name: {field: numbers.get(field, 0) for field in keep}
            for name, numbers in accounting.get("archives", {}).items()
        },
        "adds_up": accounting.get("adds_up"),
        "steps": [step.to_json() for step in steps],
        "tables": {"csv": csv_rows(files / ROOT), "mysql": mysql_rows(cloud.mysql_url)},
        "products": products(files / ROOT),
        "objects": {
            name: objects(cloud.folder / name / BUCKET, counts[name].get(BUCKET, {}), changed[name].get(BUCKET, []))
            for name in ("s3", "r2")
        },
        "requests": cloud.edgar_requests() if cloud.edgar_url else None,
        "unreadable": cloud.edgar_health()["unreadable"] if cloud.edgar_url else {},
        "slack": len(cloud.slack_messages()),
    }


def read_json(path: Path) -> Any:
    """The JSON of a file, or None if it is not there."""
    return json.loads(path.read_text()) if path.exists() else None


def folder_of(key: str) -> str:
    """The first folder below the root, which says what kind of object it is."""
    first, slash, _ = key.removeprefix(f"{ROOT}/").partition("/")
    return first + "/" if slash else "(top)"


def objects(bucket: Path, counts: dict[str, int], changed: list[str]) -> dict[str, Any]:
    """Objects and bytes by folder; `puts` are all writes, `written` those that changed something, by folder."""
    number: Counter[str] = Counter()
    size: Counter[str] = Counter()
    for path in bucket.rglob("*"):
        if path.is_file():
            folder = folder_of(path.relative_to(bucket).as_posix())
            number[folder] += 1
            size[folder] += path.stat().st_size
    return {
        "objects": number.total(),
        "bytes": size.total(),
        "puts": counts.get("puts", 0),
        "written": dict(Counter(map(folder_of, changed))),
        "folders": {name: {"objects": number[name], "bytes": size[name]} for name in sorted(number)},
    }


def products(root: Path) -> dict[str, list[str]]:
    """The products that have tables, and these as MySQL names them."""
    found: dict[str, list[str]] = {}
    for path in _complete(root):
        if path.parent.name != LOOKUP:
            found.setdefault(path.parent.name.replace("-", "_"), []).append(_table(path))
    return found


def csv_rows(root: Path) -> dict[str, int]:
    """Rows of the complete tables, named as in MySQL: records of the CSV, its header not counted."""
    return {_table(path): count_records(path) for path in _complete(root)}


def _complete(root: Path) -> list[Path]:
    return sorted(root.glob("*/complete_*.csv.zst"))


def _table(path: Path) -> str:
    name = path.name.removeprefix("complete_").removesuffix(".csv.zst")
    return name if path.parent.name == LOOKUP else f"{path.parent.name.replace('-', '_')}_{name}"


def count_records(path: Path) -> int:
    """Records behind the header, in all zstd frames of the file; -1 if it cannot be read."""
    import zstandard

    csv.field_size_limit(sys.maxsize)  # the text of a filing is a field
    try:
        with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True) as raw:
            lines = io.TextIOWrapper(raw, encoding="utf-8", newline="")
            return max(0, sum(1 for _ in csv.reader(lines)) - 1)
    except (zstandard.ZstdError, UnicodeDecodeError):
        return -1


def mysql_rows(url: str | None) -> dict[str, int]:
    if not url:
        return {}
    with mysql.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SHOW FULL TABLES WHERE Table_type = 'BASE TABLE'")
        rows = {}
        for name, _ in cursor.fetchall():
            cursor.execute(f"SELECT COUNT(*) FROM `{name}`")
            rows[name] = cursor.fetchone()[0]
        return rows


def table(summary: dict[str, Any]) -> str:
    """The summary for a person."""
    out = [f"{summary['dag_id']}: {summary['state']} in {summary['seconds']:.0f} s (run {summary['run_id']})", ""]
    out += grid(
        ["archive", "accessions", "have", "missing", "unavailable"],
        [[name, *numbers.values()] for name, numbers in summary["archives"].items()],
    )
    out += grid(
        ["objects", "number", "bytes"],
        [
            [f"{store}  {folder}", numbers["objects"], numbers["bytes"]]
            for store, told in summary["objects"].items()
            for folder, numbers in told["folders"].items()
        ],
    )
    out += grid(["table", "rows in csv.zst", "rows in MySQL"], rows_by_table(summary))
    out.append(sentence(summary))
    return "\n".join(out)


def rows_by_table(summary: dict[str, Any]) -> list[list[Any]]:
    """A line for each table, and one for all tables of a product; what MySQL keeps about loading says nothing here."""
    csv_tables, mysql_tables = summary["tables"]["csv"], summary["tables"]["mysql"]
    of_product = {table for tables in summary["products"].values() for table in tables}
    alone = sorted(name for name in (csv_tables.keys() | mysql_tables.keys()) - of_product if not name.endswith(_LOADS))
    lines = [[name, csv_tables.get(name, "-"), mysql_tables.get(name, "-")] for name in alone]
    for product, tables in summary["products"].items():
        counts = [sum(of.get(table, 0) for table in tables) for of in (csv_tables, mysql_tables)]
        lines.append([f"{product} ({len(tables)} table{'s' * (len(tables) > 1)})", *counts])
    return lines


def sentence(summary: dict[str, Any]) -> str:
    """What was done, in words."""
    all_written = Counter[str]()
    for told in summary["objects"].values():
        all_written.update(told["written"])
    own = sum(all_written.pop(folder, 0) for folder in RUN_FOLDERS)
    about_itself = f"{own} about the run itself (runs/, control/, inventory-*/)"
    written = f"{all_written.total() or 'No'} objects were written, and {about_itself}."
    if summary["adds_up"] and not any(numbers["accessions"] for numbers in summary["archives"].values()):
        return f"EDGAR's indexes name no filing: zero accessions. {written}"
    if summary["nothing_missing"]:
        return f"Nothing was missing. {written}"
    planned = summary["planned"]
    of_products = {name for name in planned if name.endswith("_rows") and name.removesuffix("_rows") in planned}
    work = ", ".join(f"{total} for {name}" for name, total in planned.items() if total and name not in of_products)
    return f"Planned: {work or 'nothing'}. {written}"


def grid(header: list[str], rows: list[list[Any]]) -> list[str]:
    """A table with its numbers to the right; nothing when there are no rows."""
    if not rows:
        return []
    cells = [header, *([f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]

    def line(row: list[str]) -> str:
        first, *rest = (
            cell.ljust(w) if i == 0 else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join([first, *rest]).rstrip()

    return [line(cells[0]), "  ".join("-" * width for width in widths), *map(line, cells[1:]), ""]
