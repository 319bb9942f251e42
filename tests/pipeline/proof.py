"""Whether what a run left is right, judged from outside: from files, with tools that people have.

`python tests/pipeline/proof.py build/run DATA` checks what `make run` left of a folder of submissions.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any

import zstandard

TABLES = ("sec_accession_cik_table", "sec_submission_details_table", "sec_documents_table")


def read(path: Path) -> bytes:
    """A file's content; decompressed, across frames, where its name or folder says that it is zstd."""
    data = path.read_bytes()
    if path.suffix in (".zst", ".sgml"):
        data = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True).read()
    return data


def served(data: Path) -> dict[str, Path]:
    """accession → the file that EDGAR serves for it; the text form where both are there."""
    files: dict[str, Path] = {}
    for path in sorted(data.iterdir(), key=lambda p: ".nc" in p.suffixes):
        if len(name := path.name.split(".")[0]) == 20 and {".txt", ".nc"} & set(path.suffixes):
            files.setdefault(name, path)
    return files


def inspect(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """What `python -m filings inspect` says of each file."""
    command = [sys.executable, "-m", "filings", "inspect", *map(str, paths)]
    include = Path(__file__).resolve().parents[2] / "include"
    done = subprocess.run(command, capture_output=True, env={**os.environ, "PYTHONPATH": str(include)}, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {path.name.split(".")[0]: line for path, line in zip(paths, lines, strict=True)}


def check_archives(run: Path, data: Path, absent: set[str] = frozenset(), cut: dict[str, int] | None = None) -> None:  # type: ignore[assignment]
    """SGML to the byte, and tars that hold what `inspect` lists.

    Args:
        run: the sandbox's folder.
        data: the folder of submissions.
        absent: accessions that EDGAR answers with 404.
        cut: accession → bytes after which EDGAR ends it.
    """
    r2 = run / "r2" / "filings"
    files = {a: p for a, p in served(data).items() if a not in absent}
    assert {p.stem for p in (r2 / "sgml-archive").iterdir()} == set(files)
    assert {p.stem for p in (r2 / "tar-archive").iterdir()} == set(files)
    for accession, path in files.items():
        assert read(r2 / "sgml-archive" / f"{accession}.sgml") == read(path)[: (cut or {}).get(accession)], accession
    listed = inspect([p for a, p in files.items() if a not in (cut or {})])
    for accession, told in listed.items():
        check_tar(r2 / "tar-archive" / f"{accession}.tar", told)


def check_tar(path: Path, told: dict[str, Any]) -> None:
    """One tar against what `inspect` says of the submission."""
    raw = path.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(raw)) as tar:
        metadata, *members = tar.getmembers()
        about = json.load(tar.extractfile(metadata))  # type: ignore[arg-type]
        assert metadata.name == "metadata.json"
        assert len(members) == len(told["documents"]) == len(about["documents"]), path
        for member, document, place in zip(members, told["documents"], about["documents"], strict=True):
            content = tar.extractfile(member).read()  # type: ignore[union-attr]
            assert hashlib.sha256(content).hexdigest() == document["sha256"], (path, member.name)
            assert len(content) == document["bytes"]
            assert raw[place["start_byte"] : place["end_byte"]] == content
            assert not member.name.startswith("/") and ".." not in member.name.split("/")


def table(run: Path, name: str) -> list[dict[str, str]]:
    """The rows of a complete lookup table."""
    path = run / "s3" / "filings" / "sec" / "filings" / "sec-filings-lookup" / f"complete_{name}.csv.zst"
    return list(csv.DictReader(io.StringIO(read(path).decode(), newline="")))


def check_tables(run: Path, connection: Any) -> dict[str, int]:
    """One row a document, submission and filer, and MySQL holding the same; returns the rows of each table."""
    metadata = {}
    for path in (run / "r2" / "filings" / "tar-archive").iterdir():
        with tarfile.open(path) as tar:
            metadata[path.stem] = json.load(tar.extractfile("metadata.json"))  # type: ignore[arg-type]
    details, documents, filers = (table(run, name) for name in (TABLES[1], TABLES[2], TABLES[0]))
    assert sorted(row["accession"] for row in details) == sorted(metadata)
    expected = [(a, d["sha256"], d["filename"]) for a, m in metadata.items() for d in m["documents"]]
    assert Counter((r["accession"], r["sha256"], r["filename"]) for r in documents) == Counter(expected)
    entities = {(a, cik) for a, m in metadata.items() for cik in _ciks(m["header"])}
    assert {(row["accession"], int(row["cik"])) for row in filers if int(row["cik"])} == entities
    counts = {}
    for name in TABLES:
        rows = table(run, name)
        columns = list(rows[0])
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(f'`{c}`' for c in columns)} FROM {name}")
            held = Counter(tuple(_text(value) for value in row) for row in cursor.fetchall())
        assert held == Counter(tuple(_text(value) for value in row.values()) for row in rows), name
        counts[name] = len(rows)
    return counts


def product_tables(run: Path, folder: str) -> dict[str, Path]:
    """The complete tables of a product by their names in MySQL."""
    found = (run / "s3/filings/sec/filings" / folder).glob("complete_*.csv.zst")
    product = folder.replace("-", "_")
    return {f"{product}_{path.name.removeprefix('complete_').split('.')[0]}": path for path in found}


def check_product(run: Path, folder: str, connection: Any) -> set[str]:
    """MySQL and CSV hold the same rows of a product, each once; returns the accessions that have any."""
    accessions = set()
    for name, path in product_tables(run, folder).items():
        columns, *rows = csv.reader(io.StringIO(read(path).decode(), newline=""))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(f'`{column}`' for column in columns)} FROM `{name}`")
            held = Counter(tuple(_text(value) for value in row) for row in cursor.fetchall())
        assert held == Counter(tuple(_text(value) for value in row) for row in rows), name
        accessions |= {row[0] for row in rows}
    return accessions


def check_accounting(summary: dict[str, Any]) -> None:
    """The figures of every archive add up."""
    assert summary["archives"]
    for name, counts in summary["archives"].items():
        assert counts["accessions"] == counts["have"] + counts["missing"] + counts["unavailable"], name


def _ciks(node: Any) -> set[int]:
    """All CIKs of entities in a header, found without knowing its structure (series name their owner otherwise)."""
    found = set()
    if isinstance(node, dict):
        for section in ("company_data", "owner_data"):
            for data in node[section] if isinstance(node.get(section), list) else [node.get(section) or {}]:
                if str(data.get("cik", "")).isdigit():
                    found.add(int(data["cik"]))
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found.union(*(_ciks(child) for child in children)) if children else found


def _text(value: Any) -> str:
    """A value as it stands in the CSV, so that both sides can be compared."""
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).replace("T", " ")
    return {"true": "1", "false": "0", "True": "1", "False": "0"}.get(str(value), str(value).replace("T", " "))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "include"))
    from sandbox import mysql
    from sandbox.processes import accepts, free_port

    folder, filings = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    check_accounting(json.loads((folder / "summary.json").read_text()))
    check_archives(folder, filings)
    port = free_port()
    server = mysql.begin(folder / "mysql", port, log=folder / "logs" / "mysql.log", env=dict(os.environ))
    try:
        server.wait_until(lambda: accepts(port), 30)
        print(json.dumps(check_tables(folder, mysql.connect(mysql.url(port)))))
    finally:
        server.stop()
