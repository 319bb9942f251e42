"""The largest submissions through the container tasks: each in less memory than the submission and its documents take.

A container has 1 GB. The largest submission of EDGAR has 410 MB, and what is made of it is as large once more, so no
task can hold both. What each of them has held most is what the kernel says of its process.
"""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard

from faults import giants
from filings.archive import keys, manifest
from filings.archive.compression import compress
from filings.archive.storage import Store
from filings.settings import Settings
from sandbox.cloud import Sandbox

SIZE = int(os.environ.get("FAULTS_GIANT_MB", "410")) << 20
LIMIT_MB = 700
TASKS = {
    keys.SGML: "update_sec_filings_sgml_r2",
    keys.TAR: "update_sec_filings_tar_r2",
    keys.XBRL: "update_sec_filings_xbrl_s3",
    keys.DATA: "update_sec_filings_data_s3",
}


@dataclass
class Ended:
    """A container that has ended: its exit code, its log, its memory, and its report."""

    code: int
    log: str
    memory_mb: float
    report: dict[str, Any]


class Place:
    """A cloud with one submission on EDGAR."""

    def __init__(self, cloud: Sandbox, giant: giants.Giant, file: Path) -> None:
        self.cloud, self.giant, self.file = cloud, giant, file
        with pytest.MonkeyPatch.context() as patch:
            for name, value in cloud.env.items():
                patch.setenv(name, value)
            self.s3 = Store.s3(Settings())

    def start(self, archive: str) -> subprocess.Popen[str]:
        key = keys.manifest_batch("run", archive, 0)
        self.s3.put(key, compress(f"{self.giant.accession}\t7\n".encode()))
        batch = {"batch": 0, "count": 1, "uri": self.s3.uri(key)}
        manifest.write_plan(self.s3, "run", archive, TASKS[archive], [batch], total=1)
        uri = self.s3.uri(keys.manifest("run", archive))
        return subprocess.Popen(
            [sys.executable, "-m", "filings", TASKS[archive], "--run-id", "run", "--manifest", uri, "--batch", "0"],
            env={**os.environ, **self.cloud.env, "PYTHONPATH": self.cloud.pythonpath},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def end(self, archive: str, process: subprocess.Popen[str]) -> Ended:
        assert process.stdout is not None
        log = process.stdout.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        report = orjson.loads(self.s3.get(keys.report("run", TASKS[archive], 0)))
        return Ended(process.returncode, log, used.ru_maxrss / 1024, report)

    def run(self, archive: str) -> Ended:
        return self.end(archive, self.start(archive))

    def stored(self, archive: str) -> Path:
        return self.cloud.folder / "r2" / "filings" / keys.object_key(archive, self.giant.accession)


@pytest.fixture
def placed(place: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    data = place / "edgar"
    data.mkdir()
    giant = giants.write(data, request.param, SIZE)
    with Sandbox(place / "cloud", edgar_data=data, mysql=False) as cloud:
        yield Place(cloud, giant, data / f"{giant.accession}.txt")


def digest(pieces: Iterator[bytes]) -> str:
    made = hashlib.sha256()
    for piece in pieces:
        made.update(piece)
    return made.hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("placed", ["pdf", "pictures", "xml"], indirect=True)
def test_the_largest_submission_goes_through_every_task_in_bounded_memory(placed: Place) -> None:
    ended = {archive: placed.run(archive) for archive in TASKS}
    for archive, one in ended.items():
        print(f"{archive}: {one.memory_mb:.0f} MB, {one.report['seconds']:.0f} s")
    assert {archive: one.code for archive, one in ended.items()} == dict.fromkeys(TASKS, 0), ended
    assert {a: one.memory_mb for a, one in ended.items() if one.memory_mb >= LIMIT_MB} == {}
    assert ended[keys.SGML].report["bytes_in"] == placed.file.stat().st_size
    with placed.file.open("rb") as filed, placed.stored(keys.SGML).open("rb") as stored:
        plain = zstandard.ZstdDecompressor().read_to_iter(stored)
        assert digest(plain) == digest(iter(lambda: filed.read(1 << 20), b""))
    with tarfile.open(placed.stored(keys.TAR)) as tar:
        content = tar.extractfile(placed.giant.filename)
        assert content is not None
        assert digest(iter(lambda: content.read(1 << 20), b"")) == placed.giant.sha256
    uploads = placed.cloud.client("r2").list_multipart_uploads(Bucket="filings")
    assert uploads.get("Uploads", []) == []


@pytest.mark.slow
@pytest.mark.parametrize("placed", ["xml"], indirect=True)
@pytest.mark.parametrize("archive", [keys.SGML, keys.TAR])
def test_a_container_that_is_stopped_amid_the_largest_one_ends_in_time_and_leaves_nothing_half(
    placed: Place, archive: str
) -> None:
    if archive != keys.SGML:
        assert placed.run(keys.SGML).code == 0
    process = placed.start(archive)
    assert process.stdout is not None
    while "batch_started" not in process.stdout.readline():
        assert process.poll() is None
    time.sleep(1.5)  # some way into it; wherever that is, the same holds
    os.kill(process.pid, signal.SIGTERM)
    sent = time.monotonic()
    ended = placed.end(archive, process)
    assert time.monotonic() - sent < 30, "ECS would have killed it"
    report = ended.report
    code = 143 if ended.code == -signal.SIGTERM else ended.code  # as ECS says it, when all had been done
    assert (code, report["done"], report["not_reached"]) in ((143, 0, 1), (143, 1, 0), (0, 1, 0))
    assert placed.stored(archive).exists() == bool(report["done"])
    assert placed.run(archive).code == 0
    uploads = placed.cloud.client("r2").list_multipart_uploads(Bucket="filings")
    assert uploads.get("Uploads", []) == []
