"""The steps of a run as containers, without Airflow: for what containers do, whoever starts them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import zstandard

from filings.archive import keys
from filings.archive.storage import Store
from filings.settings import Settings
from sandbox import mysql
from sandbox.cloud import Sandbox

# The sandbox's EDGAR has quarters since 1993; asking for all of them takes 22 s at 6 requests a second.
FIRST_YEAR = "2026"


@dataclass(frozen=True)
class Step:
    """A container task of a run; with a `manifest` one container for each of its batches."""

    task: str
    manifest: str | None = None
    options: tuple[str, ...] = ()


PRODUCT = "company_metadata"  # one that every filing has rows of; it stands for all of them
_PRODUCT = f"update_sec_filings_{PRODUCT}"

# The daily pipeline in the order of its DAG; steps of one group are at work at the same time.
DAILY: tuple[tuple[Step, ...], ...] = (
    (Step("update_sec_master_submissions_index_s3", options=("--daily-days", "2")),),
    (Step("update_missing_s3"),),
    (Step("calculate_s3_batches"),),
    (Step("update_sec_filings_sgml_feed_r2", keys.SGML_FEED),),
    (Step("update_sec_filings_sgml_r2", keys.SGML),),
    (Step("update_sec_filings_tar_r2", keys.TAR), Step("update_sec_filings_xbrl_s3", keys.XBRL)),
    (Step("update_sec_filings_data_s3", keys.DATA), Step(f"{_PRODUCT}_rows_s3", keys.rows_manifest(PRODUCT))),
    (Step("update_sec_filings_lookup_s3", keys.LOOKUP), Step(f"{_PRODUCT}_s3", PRODUCT)),
    (Step("update_sec_filings_lookup_mysql"), Step(f"{_PRODUCT}_mysql")),
    (Step("check_accounting"),),
)
PLANNING = 3  # groups up to the manifests
# What the end-of-week pipeline does before that.
INVENTORY: tuple[tuple[Step, ...], ...] = (
    (Step("weekly_cleanup"),),
    (Step("calculate_inventory_batches"),),
    (Step("update_sec_filings_inventory_s3", "inventory_s3"),),
    (Step("combine_txt_batches_s3", options=("--store", "s3")),),
    (Step("update_sec_filings_inventory_r2", "inventory_r2"),),
    (Step("combine_txt_batches_s3", options=("--store", "r2")),),
)


def groups(first: str = "", last: str = "") -> tuple[tuple[Step, ...], ...]:
    """The groups of the daily pipeline from the one of task `first` to the one of task `last`."""
    places = {step.task: place for place, group in enumerate(DAILY) for step in group}
    return DAILY[places[first] if first else 0 : places[last] + 1 if last else None]


STEPS = {step.manifest: step.task for group in DAILY for step in group if step.manifest}


def accession(number: int) -> str:
    """The accession number of the n-th small filing."""
    return f"0000000007-26-{number:06d}"


def small_filing(number: int, cik: int = 7) -> bytes:
    """A whole submission of two documents, filed in January 2026."""
    name = accession(number)
    return (
        f"<SEC-DOCUMENT>{name}.txt : 20260105\n<SEC-HEADER>{name}.hdr.sgml : 20260105\n"
        f"<ACCEPTANCE-DATETIME>20260105120000\nACCESSION NUMBER:\t\t{name}\nCONFORMED SUBMISSION TYPE:\t8-K\n"
        "PUBLIC DOCUMENT COUNT:\t\t2\nFILED AS OF DATE:\t\t20260105\n\nFILER:\n\n\tCOMPANY DATA:\t\n"
        f"\t\tCOMPANY CONFORMED NAME:\t\t\tSMALL {number}\n\t\tCENTRAL INDEX KEY:\t\t\t{cik:010d}\n\n"
        "\tFILING VALUES:\n\t\tFORM TYPE:\t\t8-K\n</SEC-HEADER>\n"
        f"<DOCUMENT>\n<TYPE>8-K\n<SEQUENCE>1\n<FILENAME>a{number}.htm\n<TEXT>\n<p>event {number}</p>\n</TEXT>\n"
        "</DOCUMENT>\n"
        "<DOCUMENT>\n<TYPE>EX-1\n<SEQUENCE>2\n<FILENAME>b.xml\n<TEXT>\n<XML>\n<a><b>1</b></a>\n</XML>\n</TEXT>\n"
        "</DOCUMENT>\n</SEC-DOCUMENT>\n"
    ).encode()


ALL = {accession(n) for n in range(1, 6)}  # what is on EDGAR when a test begins


def adds_up(counts: dict[str, int]) -> bool:
    return counts["accessions"] == counts["have"] + counts["missing"] + counts["unavailable"]


def clean(codes: dict[str, list[int]]) -> bool:
    return not any(code for step in codes.values() for code in step)


def mysql_rows(pipeline: Pipeline, table: str) -> int:
    connection = mysql.connect(pipeline.cloud.mysql_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        (count,) = cursor.fetchone()
    return int(count)


@dataclass
class Pipeline:
    """A sandbox with a folder of filings, and what a run's steps do there; `products` are made besides."""

    cloud: Sandbox
    data: Path
    products: tuple[str, ...] = (PRODUCT,)
    logs: dict[str, str] = field(default_factory=dict)

    def file(self, *numbers: int) -> None:
        """Let small filings appear on EDGAR."""
        for number in numbers:
            (self.data / f"{accession(number)}.txt.zst").write_bytes(zstandard.compress(small_filing(number)))

    @property
    def environment(self) -> dict[str, str]:
        only = {"FILINGS_ONLY_PRODUCTS": json.dumps(self.products)}
        return {**os.environ, **self.cloud.env, **only, "PYTHONPATH": self.cloud.pythonpath}

    @property
    def settings(self) -> Settings:
        kept = dict(os.environ)
        try:
            os.environ.update(self.cloud.env)
            return Settings()
        finally:
            os.environ.clear()
            os.environ.update(kept)

    @property
    def s3(self) -> Store:
        return self._store(Store.s3)

    @property
    def r2(self) -> Store:
        return self._store(Store.r2)

    def _store(self, make: Any) -> Store:
        kept = dict(os.environ)
        try:
            os.environ.update(self.cloud.env)
            store: Store = make(Settings())
            return store
        finally:
            os.environ.clear()
            os.environ.update(kept)

    def start(self, task: str, run: str, *options: str, **environment: str) -> subprocess.Popen[str]:
        """A container, as a process."""
        return subprocess.Popen(
            [sys.executable, "-m", "filings", task, "--run-id", run, *options],
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def do(self, task: str, run: str, *options: str, **environment: str) -> int:
        """A container run to its end; its log is kept, by task."""
        process = self.start(task, run, *options, **environment)
        self.logs[task] = self.logs.get(task, "") + process.communicate(timeout=120)[0]
        return process.returncode

    def manifest(self, run: str, name: str) -> dict[str, Any]:
        return json.loads(self.s3.get(keys.manifest(run, name)))  # type: ignore[no-any-return]

    def step(self, archive: str, run: str, **environment: str) -> list[int]:
        """All batches of a mapped step, one after the other; their exit codes."""
        uri = self.s3.uri(keys.manifest(run, archive))
        return [
            self.do(STEPS[archive], run, "--manifest", uri, "--batch", str(batch["batch"]), **environment)
            for batch in self.manifest(run, archive)["batches"]
        ]

    def plan(self, run: str, *options: str, **environment: str) -> None:
        """From EDGAR's index to the manifests."""
        for (step,) in DAILY[:PLANNING]:
            chosen = options if step.task == "calculate_s3_batches" else ()
            assert self.do(step.task, run, *step.options, *chosen, **environment) == 0, self.logs

    def daily(self, run: str, *options: str) -> dict[str, list[int]]:
        """A whole daily run; the exit codes of each step."""
        self.plan(run, *options)
        codes = {}
        for step in (step for group in DAILY[PLANNING:] for step in group):
            if PRODUCT in step.task and PRODUCT not in self.products:
                continue
            codes[step.task] = self.step(step.manifest, run) if step.manifest else [self.do(step.task, run)]
        return codes

    def accounting(self, run: str) -> dict[str, Any]:
        return json.loads(self.s3.get(keys.accounting(run)))  # type: ignore[no-any-return]

    def report(self, run: str, task: str, batch: int = 0) -> dict[str, Any]:
        return json.loads(self.s3.get(keys.report(run, task, batch)))  # type: ignore[no-any-return]

    def edgar(self, path: str, body: Any = None) -> Any:
        """Ask or order something of the sandbox's EDGAR."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.cloud.edgar_url}{path}", data=data)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")

    def faults(self, *faults: dict[str, Any]) -> None:
        """Let EDGAR fail in these ways from now on."""
        self.edgar("/_sandbox/faults", list(faults))

    def objects(self) -> dict[str, str]:
        """URI → ETag of all that the archives and tables hold (not the records of runs)."""
        found = {}
        for store, service in ((self.s3, "s3"), (self.r2, "r2")):
            pages = self.cloud.client(service).get_paginator("list_objects_v2").paginate(Bucket=store.bucket)
            for page in pages:
                for item in page.get("Contents", []):
                    if not item["Key"].startswith(f"{keys.ROOT}runs/"):
                        found[store.uri(item["Key"])] = item["ETag"]
        return found
