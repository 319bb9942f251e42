"""What a benchmark is made of: cases of ours against a peer's, the inputs that both get, and the turns they take.

Timings of a shared machine wander. So ours and the peer's run alternately, the figure of each is its median, and only
the ratio is a claim.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from filings.archive.storage import Store
from filings.settings import Settings
from sandbox.cloud import Sandbox
from sandbox.generate.make import make, next_business_day
from submissions import read_submission

PROJECT = Path(__file__).resolve().parents[2]
_GENERATED_BYTES = 60 << 20  # about what the corpus has
_SEED = 20


@dataclass(frozen=True)
class Case:
    """One comparison. `ours` and `peer` do the work once and return their figure in `unit`."""

    name: str
    unit: str
    peer_name: str
    ours: Callable[[], float]
    peer: Callable[[], float]
    higher_is_better: bool = True
    rounds: int = 5
    warm_up: bool = True  # a first turn that does not count; needless where each turn is a process of its own

    def measure(self, rounds: int | None = None, progress: Callable[[str], None] = lambda line: None) -> Result:
        """Run both in turns and take the medians."""
        ours: list[float] = []
        peer: list[float] = []
        skipped = int(self.warm_up)
        for turn in range((rounds or self.rounds) + skipped):
            for figures, work in ((ours, self.ours), (peer, self.peer)):
                gc.collect()
                figures.append(work())
            progress(f"{self.name}: turn {turn} ours {ours[-1]:,.4g} peer {peer[-1]:,.4g} {self.unit}")
        first, second = median(ours[skipped:]), median(peer[skipped:])
        ratio = first / second if self.higher_is_better else second / first
        return Result(self.name, first, second, self.peer_name, self.unit, ratio)


@dataclass(frozen=True)
class Result:
    """The medians of a case; `ratio` is how many times better ours is, whatever the unit."""

    name: str
    ours: float
    peer: float
    peer_name: str
    unit: str
    ratio: float

    def to_json(self) -> dict[str, float | str]:
        """As `build/bench.json` has it."""
        return asdict(self)


def corpus() -> Path | None:
    """The folder of real submissions: EDGAR_DATA, or the one beside the project; None where there is none."""
    given = os.environ.get("EDGAR_DATA")
    folder = Path(given) if given else PROJECT.parent / "shared" / "data" / "edgar"
    return folder if (folder / "index.csv").exists() else None


@cache
def submissions() -> list[tuple[str, bytes]]:
    """(file name, bytes) of all submissions of the corpus, or of generated ones of the same mix."""
    folder = corpus()
    if folder is not None:
        paths = sorted([*folder.glob("*.txt.zst"), *folder.glob("*.nc.zst")])
        return [(path.name.removesuffix(".zst"), read_submission(path)) for path in paths]
    return list(_until(generated(), _GENERATED_BYTES))


def generated() -> Iterator[tuple[str, bytes]]:
    """(accession, bytes) of generated submissions, without end, the same ones each time."""
    days = [next_business_day(date(2025, 3, 1))]
    number = 0
    while True:
        filing = make(_SEED, number, days, plain=True)
        yield filing.accession, filing.data
        number += 1


def artefacts() -> list[Path]:
    """The single documents of the corpus; none where there is no corpus."""
    folder = corpus()
    return [] if folder is None else sorted(path for path in (folder / "artefacts").rglob("*") if path.is_file())


@contextmanager
def object_store(scratch: Path | None = None) -> Iterator[Store]:
    """An S3 bucket of a sandbox of its own; AWS's variables in the environment name it for other clients."""
    with cloud(scratch) as sandbox:
        yield Store.s3(Settings())
        sandbox.check()


@contextmanager
def cloud(scratch: Path | None = None, *, mysql: bool = False) -> Iterator[Sandbox]:
    """A sandbox with S3 and R2, its settings in this process's environment while it lasts."""
    with TemporaryDirectory(dir=scratch, prefix="cloud-") as folder, Sandbox(Path(folder), mysql=mysql) as sandbox:
        before = dict(os.environ)
        os.environ.update(sandbox.env)
        try:
            yield sandbox
        finally:
            os.environ.clear()
            os.environ.update(before)


def _until(items: Iterator[tuple[str, bytes]], total: int) -> Iterator[tuple[str, bytes]]:
    size = 0
    for name, data in items:
        yield name, data
        size += len(data)
        if size >= total:
            return
