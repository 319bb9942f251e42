"""What the system costs, from what was measured: the page `docs/cost.md`.

CPU seconds come from the stages of a generated day, by two figures each: so much a filing, and so much a megabyte.
Prices are constants with their date: change them here and make the page anew.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import orjson

from bench.measure import PROJECT, Result

STAGES = PROJECT / "build" / "stages.json"

# List prices of AWS us-east-1 (Linux, x86) and Cloudflare R2, in dollars, as of March 2026.
PRICES_OF = "March 2026"
VCPU_HOUR = 0.04048
GB_HOUR = 0.004445
SPOT_SHARE = 0.3  # Fargate Spot costs about so much of it
TASK_GB = 2
TRANSFER_OUT_GB = 0.09  # the first 10 TB a month, from AWS to R2
S3_PUT_THOUSAND = 0.005
S3_GB_MONTH = 0.023
R2_PUT_MILLION = 4.50
R2_GET_MILLION = 0.36
R2_GB_MONTH = 0.015

# Traffic of August to December 2025; earlier filings are smaller, so that a fresh start costs less than this says.
DAY_FILINGS, DAY_GB = 3_150, 5.8
PEAK_FILINGS, PEAK_GB = 7_884, 28.7
ALL_FILINGS = 20_000_000
SEC_REQUESTS_PER_SECOND = 6  # what the instant service leaves of eight
FEED_DAYS = 8_200  # business days since 1993
TASKS = (4, 20, 100, 400)


@dataclass(frozen=True)
class Stage:
    """CPU seconds of a stage: those of every filing, and those of every megabyte (10⁶ bytes) of raw submission."""

    name: str
    per_filing: float
    per_megabyte: float

    def seconds(self, filings: float, megabytes: float) -> float:
        """CPU seconds for so much."""
        return self.per_filing * filings + self.per_megabyte * megabytes


@dataclass(frozen=True)
class Measured:
    """The stages of a day, and how many bytes its objects have for one of raw submission."""

    stages: list[Stage]
    sgml_share: float
    tar_share: float
    other_share: float

    def save(self) -> None:
        """Keep it in `build/stages.json`, from which the page can be made again."""
        STAGES.write_bytes(orjson.dumps(self, option=orjson.OPT_INDENT_2))

    @classmethod
    def load(cls) -> Measured:
        """What the last benchmark measured. Raises `FileNotFoundError` when there was none."""
        held = orjson.loads(STAGES.read_bytes())
        return cls(**{**held, "stages": [Stage(**stage) for stage in held["stages"]]})


def write_page(path: Path, results: list[Result]) -> None:
    """Write the page from the figures of the last benchmark."""
    path.write_text(page(Measured.load(), {result.name: result for result in results}))


def page(measured: Measured, results: dict[str, Result]) -> str:
    """The page as Markdown."""
    mean = DAY_GB * 1_000 / DAY_FILINGS
    lines = [
        "# What it costs",
        "",
        "Made by `make bench` from what it measured; change prices and traffic in `tests/bench/cost.py`, not here.",
        f"Prices are list prices of {PRICES_OF}, AWS us-east-1 and Cloudflare R2. CPU seconds are of one core of the",
        "machine that ran the benchmark; take a Fargate vCPU, which is a hyperthread, for half of one when in doubt.",
        "",
        "## One filing",
        "",
        f"The mean filing of late 2025 has {mean:.2f} MB, the median one 0.09 MB.",
        "",
        "| stage | CPU ms a filing | CPU ms a MB | mean filing, CPU ms | median filing, CPU ms |",
        "|---|---|---|---|---|",
    ]
    for stage in measured.stages:
        lines.append(
            f"| {stage.name} | {stage.per_filing * 1e3:.2f} | {stage.per_megabyte * 1e3:.1f} "
            f"| {stage.seconds(1, mean) * 1e3:.1f} | {stage.seconds(1, 0.09) * 1e3:.1f} |"
        )
    lines.append(
        f"| **all** | | | **{_cpu(measured, 1, mean / 1e3) * 1e3:.1f}** | **{_cpu(measured, 1, 9e-5) * 1e3:.1f}** |"
    )
    lines += ["", *_day(measured), "", *_fresh_start(measured), "", *_storage(measured), "", *_ledger(results)]
    return "\n".join(lines) + "\n"


def _cpu(measured: Measured, filings: float, gigabytes: float) -> float:
    return sum(stage.seconds(filings, gigabytes * 1_000) for stage in measured.stages)


def _dollars(cpu_seconds: float) -> float:
    """Fargate tasks of one vCPU that are busy all the time."""
    return cpu_seconds / 3600 * (VCPU_HOUR + TASK_GB * GB_HOUR)


def _day(measured: Measured) -> list[str]:
    lines = ["## One day", "", "| | filings | raw | CPU hours | Fargate | Fargate Spot |", "|---|---|---|---|---|---|"]
    for name, filings, size in (("median day", DAY_FILINGS, DAY_GB), ("peak day", PEAK_FILINGS, PEAK_GB)):
        seconds = _cpu(measured, filings, size)
        lines.append(
            f"| {name} | {filings:,} | {size} GB | {seconds / 3600:.2f} | ${_dollars(seconds):.3f} "
            f"| ${_dollars(seconds) * SPOT_SHARE:.3f} |"
        )
    hours = DAY_FILINGS / SEC_REQUESTS_PER_SECOND / 60
    lines += [
        "",
        f"At {SEC_REQUESTS_PER_SECOND} requests a second, which the SEC's limit leaves to it, a median day takes "
        f"{hours:.0f} minutes to fetch, however many tasks there are; their waiting is paid for as well. A container "
        "takes about a minute to start, and AWS bills a minute at least.",
    ]
    return lines


def _fresh_start(measured: Measured) -> list[str]:
    size = ALL_FILINGS * DAY_GB / DAY_FILINGS
    seconds = _cpu(measured, ALL_FILINGS, size)
    singly = ALL_FILINGS / SEC_REQUESTS_PER_SECOND / 86_400
    return [
        f"## A fresh start of {ALL_FILINGS:,} filings",
        "",
        f"Taken at the mean size of 2025, so {size / 1_000:,.0f} TB raw; most of the archive is older and smaller, so "
        "this is an upper bound.",
        "",
        f"- CPU: {seconds / 3600:,.0f} hours, ${_dollars(seconds):,.0f} on Fargate, "
        f"${_dollars(seconds) * SPOT_SHARE:,.0f} on Fargate Spot (tasks of 1 vCPU and {TASK_GB} GB, busy all the time)",
        f"- requests to the SEC: one a filing would take {singly:.0f} days at {SEC_REQUESTS_PER_SECOND}/s; through "
        f"`Feed/` it is one a day of filings, {FEED_DAYS:,} in all, and the SEC's limit no longer decides",
        "",
        "| tasks | hours of computing |",
        "|---|---|",
        *(f"| {tasks} | {seconds / 3600 / tasks:,.0f} |" for tasks in TASKS),
    ]


def _storage(measured: Measured) -> list[str]:
    size = ALL_FILINGS * DAY_GB / DAY_FILINGS
    sgml, tar, other = (size * s for s in (measured.sgml_share, measured.tar_share, measured.other_share))
    puts = ALL_FILINGS * (2 * R2_PUT_MILLION / 1e6 + 2 * S3_PUT_THOUSAND / 1e3)
    gets = ALL_FILINGS * 3 * R2_GET_MILLION / 1e6
    daily = DAY_GB * (measured.sgml_share + measured.tar_share)
    return [
        "## Objects",
        "",
        "| | of raw | all filings | a month | to write it once |",
        "|---|---|---|---|---|",
        f"| SGML archive (R2) | {measured.sgml_share:.0%} | {sgml / 1e3:,.1f} TB | ${sgml * R2_GB_MONTH:,.0f} "
        f"| ${sgml * TRANSFER_OUT_GB:,.0f} out of AWS |",
        f"| tar archive (R2) | {measured.tar_share:.0%} | {tar / 1e3:,.1f} TB | ${tar * R2_GB_MONTH:,.0f} "
        f"| ${tar * TRANSFER_OUT_GB:,.0f} out of AWS |",
        f"| XBRL and data (S3) | {measured.other_share:.1%} | {other / 1e3:,.1f} TB | ${other * S3_GB_MONTH:,.0f} | |",
        f"| requests | | {4 * ALL_FILINGS / 1e6:.0f} M puts, {3 * ALL_FILINGS / 1e6:.0f} M gets | "
        f"| ${puts + gets:,.0f} |",
        "",
        f"A median day sends {daily:.1f} GB to R2, ${daily * TRANSFER_OUT_GB:.2f}: more than its computing. "
        "What leaves AWS is what is paid for; reading back from R2 is free.",
    ]


def _ledger(results: dict[str, Result]) -> list[str]:
    lines = ["## The ledger"]
    if found := results.get("missing_20m"):
        lines += ["", f"- what is missing of 20 million accessions in four archives: {found.ours:.1f} s"]
    if found := results.get("list_keys"):
        lines += [
            "" if len(lines) == 1 else None,
            f"- a full listing costs {found.ours:.2f} CPU seconds a million keys: {found.ours * 20:.0f} for an archive "
            f"of 20 million, and {ALL_FILINGS / 1e3:,.0f} requests (${ALL_FILINGS / 1e6 * S3_PUT_THOUSAND:.2f} on S3, "
            f"${ALL_FILINGS / 1e9 * R2_PUT_MILLION:.2f} on R2)",
        ]
    return [line for line in lines if line is not None]
