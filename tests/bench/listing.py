"""Listing a bucket: CPU seconds of the client per million keys, from a page of XML to accession numbers.

A full listing is twenty million keys of each archive; waiting for a page costs nothing, its CPU is what is paid for.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import boto3
import numpy as np

from bench.ledger import accessions
from bench.measure import Case
from filings.archive import inventory, keys, listing
from filings.archive.sorted_numbers import unique
from filings.archive.storage import Store
from filings.edgar import accession_rows
from filings.settings import Settings
from sandbox.cloud import Sandbox

KEYS = 100_000


@contextmanager
def cases(scratch: Path) -> Iterator[list[Case]]:
    """Objects are laid into the sandbox's folder as files, which is what it keeps them as."""
    numbers = accessions(KEYS)
    _, folder, ending = keys.OBJECTS[keys.XBRL]
    with TemporaryDirectory(dir=scratch, prefix="listing-") as place:
        bucket = Path(place, "s3", "filings", folder)
        bucket.mkdir(parents=True)
        for accession in accession_rows.strings(numbers):
            (bucket / f"{accession}{ending}").write_bytes(b"x")
        with Sandbox(Path(place), mysql=False) as sandbox:
            before = dict(os.environ)
            os.environ.update(sandbox.env)
            try:
                yield [_case(Settings(), numbers, folder, ending)]
            finally:
                os.environ.clear()
                os.environ.update(before)


def _case(settings: Settings, expected: np.ndarray, folder: str, ending: str) -> Case:
    store = Store.s3(settings)
    client = boto3.client("s3", endpoint_url=settings.aws_endpoint_url, region_name=settings.aws_region)
    (part,) = inventory.slices(expected, keys.XBRL, len(expected))

    def ours() -> float:
        begun = time.process_time()
        numbers = unique(listing.accessions(store, folder, ending, cuts=part.cuts))
        spent = time.process_time() - begun
        assert np.array_equal(numbers, expected)
        return spent / len(expected) * 1e6

    def peer() -> float:
        begun = time.process_time()
        found = []
        for page in client.get_paginator("list_objects_v2").paginate(Bucket=store.bucket, Prefix=folder):
            found += [item["Key"][len(folder) : -len(ending)] for item in page["Contents"]]
        spent = time.process_time() - begun
        assert len(found) == len(expected)
        return spent / len(expected) * 1e6

    return Case("list_keys", "CPU s per million keys", "boto3 paginator", ours, peer, higher_is_better=False)
