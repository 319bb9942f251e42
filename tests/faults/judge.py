"""The judge: whether what lies in the buckets and in MySQL is what it would be had nothing ever gone wrong.

It reads files and rows with tools that people have, and holds them against what the generator knows of its filings and
what EDGAR serves; it believes nothing that the system says of itself. Every finding is a line; none means it is right.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import zstandard

from pipeline import proof
from pipeline.steps import PRODUCT
from sandbox import mysql
from sandbox.edgar.feed import Feed
from sandbox.edgar.folder import Folder
from sandbox.edgar.indexes import Indexes

ROOT = "s3/filings/sec/filings"
SGML, LOOKUP = "sgml_archive", "sec_filings_lookup"
OBJECTS = {
    SGML: ("r2/filings/sgml-archive", ".sgml"),
    "tar_archive": ("r2/filings/tar-archive", ".tar"),
    "xbrl_archive": (f"{ROOT}/xbrl", ".json.zst"),
    "sec_filings_data": (f"{ROOT}/data", ".json.zst"),
}
PRODUCT_FOLDER = PRODUCT.replace("_", "-")
ARCHIVES = (*OBJECTS, LOOKUP, PRODUCT)
LOADS = {"sec_filings_lookup_loads", f"sec_filings_{PRODUCT}_loads"}
FEW = 5  # names in one finding


@dataclass(frozen=True)
class Truth:
    """What is true of the filings on EDGAR: what the generator wrote down, and what cannot be had."""

    data: Path
    filings: dict[str, dict[str, Any]]
    absent: frozenset[str]

    @classmethod
    def of(cls, data: Path) -> Truth:
        """The truth of a folder of generated filings."""
        filings = json.loads((data / "manifest.json").read_text())["filings"]
        quirks = json.loads((data / "sandbox.json").read_text())
        return cls(data, filings, frozenset(quirks["answers_404"]) & filings.keys())

    @property
    def served(self) -> set[str]:
        """The accessions whose submission EDGAR serves."""
        return self.filings.keys() - self.absent

    def submission(self, accession: str) -> bytes:
        """The submission to the byte."""
        return proof.read(self.data / self.filings[accession]["file"])

    def of_the_feed(self) -> dict[str, bytes]:
        """accession → the submission as the Feed has it."""
        folder = Folder(self.data)
        folder.refresh()
        feed, found = Feed(folder, Indexes(folder)), {}
        for day in sorted({said["filed"] for said in self.filings.values()}):
            quarter = (int(day[5:7]) + 2) // 3
            content = feed.get(f"Feed/{day[:4]}/QTR{quarter}/{day.replace('-', '')}.nc.tar.gz")
            if content is not None:
                with tarfile.open(fileobj=io.BytesIO(b"".join(content.pieces()))) as tar:
                    for member in tar:
                        file = tar.extractfile(member)
                        if file is not None:
                            found[Path(member.name).name[:20]] = file.read()
        return found


class Torn(ValueError):
    """An object that ends within a frame, or whose content is not what its frame says."""


def judge(run: Path, truth: Truth, mysql_url: str | None) -> list[str]:
    """Everything that is wrong. `run` is the sandbox's folder; without `mysql_url` the database is left out."""
    parts = [accounts(run, truth), objects(run), submissions(run, truth), tars(run, truth), left_over(run)]
    parts += [tables(run, truth)] + ([database(run, mysql_url)] if mysql_url else [])
    return [finding for part in parts for finding in told(part)]


def told(findings: Iterator[str]) -> Iterator[str]:
    """Findings, of which a torn object is the last: what else it would tell cannot be known."""
    try:
        yield from findings
    except Torn as torn:
        yield str(torn)


def accounts(run: Path, truth: Truth) -> Iterator[str]:
    """Accessions = have + unavailable, nothing missing, for each archive; and the master index has what EDGAR has."""
    master = listed_master(run)
    yield from differ("sec_master_submissions", master, set(truth.filings))
    for archive in ARCHIVES:
        # What EDGAR does not have is said once, of the archive that all others are made from.
        have, unavailable = ledger(run, archive), unavailable_of(run, SGML) | unavailable_of(run, archive)
        yield from (f"{archive}: {a} is both there and unavailable" for a in few(have & unavailable.keys()))
        yield from differ(f"{archive}: have + unavailable", have | unavailable.keys(), master)
        missing = json.loads(_zst(run / ROOT / f"missing/missing_{archive}.json.zst") or b'{"missing": {}}')["missing"]
        yield from (f"{archive}: {a} is listed as missing" for a in few(missing))
        if archive in (SGML, "tar_archive"):
            yield from differ(f"{archive}: unavailable", set(unavailable), set(truth.absent))
        yield from (f"{archive}: {a} is unavailable without a reason" for a, why in unavailable.items() if not why)


def objects(run: Path) -> Iterator[str]:
    """The buckets hold what the ledgers say, whole, and nothing else."""
    for archive, (folder, ending) in OBJECTS.items():
        names = {path.name for path in (run / folder).iterdir()} if (run / folder).exists() else set()
        yield from (f"{folder} has a foreign {name}" for name in few(n for n in names if not n.endswith(ending)))
        held = {name.removesuffix(ending) for name in names}
        yield from differ(f"{archive}: objects against the ledger", held, ledger(run, archive))
        for name in sorted(names):
            if ending.endswith(".zst") and (content := _zst(run / folder / name)) is not None:
                try:
                    json.loads(content)
                except ValueError as error:
                    yield f"{folder}/{name} is torn: {error}"
    for bucket, known in (("s3/filings", {"sec"}), ("r2/filings", {"sgml-archive", "tar-archive", "quarantine"})):
        yield from (f"{bucket} has a foreign {p.name}" for p in (run / bucket).iterdir() if p.name not in known)


def submissions(run: Path, truth: Truth) -> Iterator[str]:
    """The SGML archive has what EDGAR served, to the byte: by the submission's own address, or by the Feed."""
    by_feed = set((_zst(run / ROOT / f"inventory/feed_{SGML}.txt.zst") or b"").decode().split())
    feed = truth.of_the_feed() if by_feed else {}
    for accession in sorted(truth.served):
        path = run / OBJECTS[SGML][0] / f"{accession}.sgml"
        if not path.exists():
            continue  # said by accounts and objects
        wanted = feed.get(accession) if accession in by_feed else truth.submission(accession)
        if _zst(path) != wanted:
            yield f"{path.relative_to(run)} is not what EDGAR served{' in its Feed' if accession in by_feed else ''}"


def tars(run: Path, truth: Truth) -> Iterator[str]:
    """The tar of a submission has its documents, as the generator made them, where its metadata says."""
    for accession in sorted(truth.served):
        path = run / OBJECTS["tar_archive"][0] / f"{accession}.tar"
        if path.exists():
            try:
                yield from (f"{path.relative_to(run)}: {w}" for w in tar(path.read_bytes(), truth.filings[accession]))
            except (tarfile.TarError, ValueError, KeyError, EOFError) as error:
                yield f"{path.relative_to(run)} is torn: {error!r}"


def tar(raw: bytes, true: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one tar."""
    with tarfile.open(fileobj=io.BytesIO(raw)) as archive:
        first, *members = archive.getmembers()
        about = json.loads(_content(archive, first))["documents"]
        contents = [_content(archive, member) for member in members]
    if first.name != "metadata.json" or not len(members) == len(about) == len(true["documents"]):
        yield f"{len(members)} documents, {len(about)} in its metadata, {len(true['documents'])} in truth"
        return
    for content, place, one in zip(contents, about, true["documents"], strict=True):
        if (hashlib.sha256(content).hexdigest(), len(content)) != (one["sha256"], one["bytes"]):
            yield f"document {one['sequence']} is another"
        if raw[place["start_byte"] : place["end_byte"]] != content or place["sha256"] != one["sha256"]:
            yield f"document {one['sequence']} is not where the metadata says"


def tables(run: Path, truth: Truth) -> Iterator[str]:
    """The lookup tables: whole, each submission and document once, none of a filing that the ledger has not."""
    have = ledger(run, LOOKUP)
    yield from differ(f"{LOOKUP}: have", have, truth.served)
    rows = {name: table(run, name) for name in proof.TABLES}
    filers, details, documents = rows.values()
    for name, some in rows.items():
        counted = Counter(tuple(row.values()) for row in some)
        yield from (f"{name}: {row[0]} has a row {count} times" for row, count in counted.items() if count > 1)
        yield from differ(f"{name}: accessions", {row["accession"] for row in some} | have, have)
    yield from differ("sec_submission_details_table", {row["accession"] for row in details}, have)
    wanted = Counter((a, d["sha256"]) for a in have & truth.served for d in truth.filings[a]["documents"])
    held = Counter((row["accession"], row["sha256"]) for row in documents)
    yield from (f"sec_documents_table lacks a document of {a}" for a, _ in few(wanted - held))
    yield from (f"sec_documents_table has a document of {a} too many" for a, _ in few(held - wanted))
    ciks = {(a, filer["cik"]) for a in have & truth.served for filer in truth.filings[a]["filers"]}
    lacking = ciks - {(row["accession"], int(row["cik"] or 0)) for row in filers}
    yield from (f"sec_accession_cik_table lacks {cik} of {a}" for a, cik in few(lacking))


def database(run: Path, mysql_url: str) -> Iterator[str]:
    """MySQL holds the tables' rows, once each, and no table that a load has left behind."""
    connection = mysql.connect(mysql_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("SHOW TABLES")
        there = {str(name) for (name,) in cursor.fetchall()}
        wanted = {*proof.TABLES, *proof.product_tables(run, PRODUCT_FOLDER)}
        yield from (f"MySQL has a table {name} left over" for name in sorted(there - wanted - LOADS))
        if lacking := wanted - there:
            yield f"MySQL lacks the tables {', '.join(sorted(lacking))}"
            return
        try:
            proof.check_tables(run, connection)
            held = proof.check_product(run, PRODUCT_FOLDER, connection)
            yield from differ(f"{PRODUCT}: rows against the ledger", held, ledger(run, PRODUCT))
        except AssertionError as error:
            yield f"MySQL or a table differs: {str(error).strip().splitlines()[0][:300]}"


def left_over(run: Path) -> Iterator[str]:
    """Nothing is half-way: no plan open, no part unfolded, no file between the buckets."""
    plan = _zst(run / ROOT / "sec-filings-lookup/plan.json.zst")
    if plan and not json.loads(plan)["done"]:
        yield "the plan of an append to the lookup tables is still open"
    parts = (path.relative_to(run / ROOT) for path in (run / ROOT / "inventory/parts").rglob("*.json"))
    yield from (f"the ledger part {part} is not folded" for part in few(map(str, parts)))
    incoming = (path for store in ("s3", "r2") for path in (run / "objects" / store / "incoming").iterdir())
    yield from (f"{path.relative_to(run)} was never put in its place" for path in few(incoming))


def uploads_under_way(client: Any, bucket: str = "filings") -> list[str]:
    """The keys of multi-part uploads that are neither completed nor given up."""
    return [one["Key"] for one in client.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


# -- reading


def ledger(run: Path, archive: str) -> set[str]:
    """What the lists say that an archive has."""
    lists = (_zst(run / ROOT / f"inventory/{kind}_{archive}.txt.zst") for kind in ("inventory", "daily", "instant"))
    return {line for content in lists for line in (content or b"").decode().split()}


def unavailable_of(run: Path, archive: str) -> dict[str, str]:
    """accession → reason, of what cannot be had."""
    lines = (_zst(run / ROOT / f"inventory/unavailable_{archive}.txt.zst") or b"").decode().splitlines()
    return {line.split("\t")[0]: line.split("\t", 2)[2] for line in lines}


def listed_master(run: Path) -> set[str]:
    """The accessions of the master index."""
    text = (_zst(run / ROOT / "sec_master_submissions.csv.zst") or b"").decode()
    return {row["accession"] for row in csv.DictReader(io.StringIO(text, newline=""))}


def table(run: Path, name: str) -> list[dict[str, str]]:
    """The rows of a complete lookup table; none when it is not there."""
    text = (_zst(run / ROOT / f"sec-filings-lookup/complete_{name}.csv.zst") or b"").decode()
    return list(csv.DictReader(io.StringIO(text, newline="")))


def differ(what: str, held: Iterable[str], wanted: Iterable[str]) -> Iterator[str]:
    """How two sets of accessions differ."""
    held, wanted = set(held), set(wanted)
    if lacks := wanted - held:
        yield f"{what}: lacks {len(lacks)}, such as {', '.join(few(lacks))}"
    if more := held - wanted:
        yield f"{what}: has {len(more)} too many, such as {', '.join(few(more))}"


def few(names: Iterable[Any]) -> list[Any]:
    return sorted(names)[:FEW]


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    if file is None:
        raise ValueError(f"{member.name} is no file")
    return file.read()


def _zst(path: Path) -> bytes | None:
    """The content of a zstd file, frame by frame to the last byte; None when it is not there.

    Raises:
        Torn: naming the file.
    """
    if not path.exists():
        return None
    rest, pieces = path.read_bytes(), []
    while rest:
        frame = zstandard.ZstdDecompressor().decompressobj()
        try:
            pieces.append(frame.decompress(rest))
        except zstandard.ZstdError as error:
            raise Torn(f"{path} is torn: {error}") from error
        if not frame.eof:
            raise Torn(f"{path} is torn: its last frame has no end")
        rest = frame.unused_data
    return b"".join(pieces)
