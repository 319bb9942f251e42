"""What every scenario ends with: the faults are over, the pipeline runs once more, and then all is as it should be."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from faults.judge import SGML, Truth, judge, ledger, listed_master, uploads_under_way
from faults.troubles import DATA, PLANNER
from faults.world import Trouble, World
from pipeline.steps import groups

REMADE = ("tar_archive", "xbrl_archive", "sec_filings_data")


@dataclass
class Verdict:
    """What a scenario has come to; `findings` is empty when all is well."""

    findings: list[str] = field(default_factory=list)
    struck: Counter[str] = field(default_factory=Counter)

    def note(self, when: str, findings: list[str]) -> None:
        """Add findings, with the moment that they are of."""
        self.findings += [f"{when}: {finding}" for finding in findings]


def settle(world: World, troubled: str) -> Verdict:
    """After faults: accounts add up at once, one calm run makes all whole, another finds nothing to do.

    Args:
        world: in which the run `troubled` met its faults.
        troubled: a run id.
    """
    verdict = Verdict()
    world.mysql_is_up()
    verdict.note("after the faults", adds_up(world, troubled))
    uploads = {store: uploads_under_way(world.cloud.client(store)) for store in ("s3", "r2")}
    for number, when in enumerate(("in a calm run", "in a run with nothing to do")):
        before = world.pipeline.objects()
        run_id = f"{troubled}-calm-{number}"
        exits = world.run(run_id)
        verdict.note(when, [f"{task} ended with {codes}" for task, codes in exits.items() if any(codes)])
        written = {uri for uri, etag in world.pipeline.objects().items() if before.get(uri) != etag}
        if number:
            verdict.note(when, [f"{uri} was written" for uri in sorted(written)])
    verdict.note("in the end", judge(world.run_folder, Truth.of(world.data), world.cloud.mysql_url))
    for store, before_calm in uploads.items():
        now = uploads_under_way(world.cloud.client(store))
        verdict.note("in the end", [f"an upload of {key} is under way" for key in set(now) - set(before_calm)])
    verdict.struck = +world.struck
    return verdict


def adds_up(world: World, run_id: str) -> list[str]:
    """Whether the proof of the troubled run holds at once: what is not there is missing, and nothing is lost.

    The proof may say that the run has lost something that a fault took; it may not say so of a ledger that is wrong.
    """
    codes = world.containers([("check_accounting", "--run-id", run_id, "--sample", "1000000")])[0].exits
    account = world.run_folder / "s3/filings/sec/filings/runs" / run_id / "accounting.json"
    if not account.exists():
        # Nothing to account for is no failure: the first run of all may have died before it wrote the master index.
        return [f"check_accounting ended with {codes}"] if any(codes) and listed_master(world.run_folder) else []
    counts = json.loads(account.read_bytes())
    found = [
        f"{archive}: {one['accessions']} accessions, {one['have']} + {one['missing']} + {one['unavailable']}"
        for archive, one in counts["archives"].items()
        if one["accessions"] != one["have"] + one["missing"] + one["unavailable"]
    ]
    return [*found, *counts["problems"], *claims(world)]


def claims(world: World) -> list[str]:
    """Accessions that a ledger has and a bucket has not, looked for by the judge's own eyes."""
    folder = world.run_folder / "r2/filings/sgml-archive"
    held = {path.stem for path in folder.iterdir()} if folder.exists() else set()
    return [f"{SGML} claims {accession}" for accession in sorted(ledger(world.run_folder, SGML) - held)]


def remade(world: World, run_id: str) -> list[str]:
    """Make all that is derived anew, in calm, and say what came out otherwise than it lay there."""
    before = world.pipeline.objects()
    options = ("--force", "--archives", ",".join(REMADE), "--from", str(world.start))
    exits = world.run(run_id, {}, groups(PLANNER, DATA), *options)
    found = [f"{task} ended with {codes}" for task, codes in exits.items() if any(codes)]
    after = world.pipeline.objects()
    folders = ("/tar-archive/", "/xbrl/", "/data/")
    derived = {uri for uri in before.keys() | after.keys() if any(folder in uri for folder in folders)}
    if not derived:
        found.append("there is nothing derived to make anew")
    return found + [
        f"{uri} comes out otherwise when it is made anew"
        for uri in sorted(derived)
        if before.get(uri) != after.get(uri)
    ]


def scenario(folder: Path, seed: int, troubles: Mapping[str, Trouble], filings: int = 40) -> Verdict:
    """A world from its first start, a run with troubles, and what comes of it."""
    with World(folder, filings=filings, seed=seed) as world:
        world.run("troubled", troubles)
        verdict = settle(world, "troubled")
        if not verdict.findings:
            verdict.note("made anew", remade(world, "anew"))
    return verdict
