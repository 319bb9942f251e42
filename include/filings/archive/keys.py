"""Every key in the two buckets, made in one place: folders use dashes, files underscores."""

from __future__ import annotations

import re

ROOT = "sec/filings/"

MASTER = ROOT + "sec_master_submissions.csv.zst"
ACCESSIONS = ROOT + "sec_accessions.txt.zst"
MASTER_NUMBERS = ROOT + "sec_master_submissions_numbers.parquet"
INDEX_STATE = ROOT + "control/index_state.json"
BACKOFF = ROOT + "control/sec_backoff.json"
LOCK = ROOT + "control/lock.json"

# The archives in the order in which one is made from another.
SGML, TAR, XBRL, DATA, LOOKUP = "sgml_archive", "tar_archive", "xbrl_archive", "sec_filings_data", "sec_filings_lookup"
ARCHIVES: tuple[str, ...] = (SGML, TAR, XBRL, DATA, LOOKUP)
LOOKUP_FOLDER = ROOT + "sec-filings-lookup/"
SGML_FEED = "sgml_feed"  # the plan of what comes by EDGAR's Feed before the rest is fetched one by one

# Where the objects of an archive lie: (store, folder, ending). The lookup archive has rows, not objects.
OBJECTS: dict[str, tuple[str, str, str]] = {
    SGML: ("r2", "sgml-archive/", ".sgml"),
    TAR: ("r2", "tar-archive/", ".tar"),
    XBRL: ("s3", ROOT + "xbrl/", ".json.zst"),
    DATA: ("s3", ROOT + "data/", ".json.zst"),
}
_INVENTORY_FOLDERS = {SGML: "inventory-sgml/", TAR: "inventory-tar/", XBRL: "inventory-xbrl/", DATA: "inventory-data/"}
_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]")


def object_key(archive: str, accession: str) -> str:
    """The key of an accession's object in an archive."""
    _, folder, ending = OBJECTS[archive]
    return f"{folder}{accession}{ending}"


def missing(archive: str) -> str:
    """What the archive lacks, as JSON: `{"missing": {accession: CIK to fetch it by}, "counts": …}`."""
    return f"{ROOT}missing/missing_{archive}.json.zst"


def have_list(kind: str, archive: str) -> str:
    """A list of what an archive has; `kind` is inventory (listed weekly), daily or instant (appended)."""
    return f"{ROOT}inventory/{kind}_{archive}.txt.zst"


def unavailable(archive: str) -> str:
    """What cannot be had, with the reason: lines `accession<TAB>date<TAB>reason`."""
    return f"{ROOT}inventory/unavailable_{archive}.txt.zst"


def feed(archive: str) -> str:
    """Which of what an archive has was cut from Feed files, whose headers lack the acceptance time."""
    return f"{ROOT}inventory/feed_{archive}.txt.zst"


def ledger_parts(archive: str) -> str:
    """The folder of what containers have reported and no list holds yet."""
    return f"{ROOT}inventory/parts/{archive}/"


def ledger_part(archive: str, run_id: str, batch: int | str) -> str:
    """What one container has done for an archive; rewritten as it goes on."""
    return f"{ledger_parts(archive)}{run_folder(run_id)}/{batch}.json"


def inventory_folder(archive: str) -> str:
    """The folder of an archive's inventory batches."""
    return ROOT + _INVENTORY_FOLDERS[archive]


def inventory_batch(archive: str, batch: int) -> str:
    """One listed slice of an archive."""
    return f"{inventory_folder(archive)}{batch}.txt.zst"


def product_folder(product: str) -> str:
    """The folder of a product's tables and rows: its name with dashes, and a slash."""
    return f"{ROOT}{product.replace('_', '-')}/"


def rows_folder(product: str) -> str:
    """Where the rows of a product's filings lie, an object a filing."""
    return f"{product_folder(product)}rows/"


def rows(product: str, accession: str) -> str:
    """The rows that a product makes of a filing."""
    return f"{rows_folder(product)}{accession}.json.zst"


def rows_manifest(product: str) -> str:
    """The name of the plan of a product's first step, filings to rows; also of what its containers note as done."""
    return f"{product}_rows"


def table(folder: str, kind: str, file: str) -> str:
    """A table of a dataset whose folder is given with its slash; `kind` is delta or complete."""
    return f"{folder}{kind}_{file}.csv.zst"


def lookup_table(kind: str, table: str) -> str:
    """A lookup table; `kind` is delta or complete."""
    return f"{LOOKUP_FOLDER}{kind}_{table}.csv.zst"


def run_folder(run_id: str) -> str:
    """A run's identifier as part of a key: Airflow's run ids hold colons and plus signs."""
    return _UNSAFE.sub("-", run_id)


def report(run_id: str, task: str, batch: int | str = 0) -> str:
    """What one container of a run did."""
    return f"{ROOT}runs/{run_folder(run_id)}/{task}/{batch}.json"


def manifest(run_id: str, name: str) -> str:
    """The plan of one mapped step of a run."""
    return f"{ROOT}runs/{run_folder(run_id)}/manifests/{name}.json"


def manifest_batch(run_id: str, name: str, batch: int) -> str:
    """The accessions of one batch: lines `accession<TAB>CIK[,CIK…]`."""
    return f"{ROOT}runs/{run_folder(run_id)}/manifests/{name}/{batch}.txt.zst"


def accounting(run_id: str) -> str:
    """The proof that a run's figures add up."""
    return f"{ROOT}runs/{run_folder(run_id)}/accounting.json"


def broken(archive: str, accession: str) -> str:
    """Where an object that proved broken is kept, in the bucket that it is from."""
    return "quarantine/" + object_key(archive, accession).removeprefix(ROOT)


def quarantine(name: str, accession: str) -> str:
    """What could not be taken as it is, with the reason; `name` is an archive, a product or an index."""
    return f"{ROOT}quarantine/{name}/{accession}.json"
