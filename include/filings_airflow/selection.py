"""What a run is about: the fields of the trigger form, and how they reach the planner's command line."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import Param

from filings.archive import keys
from filings.products import registry

EASTERN = ZoneInfo("America/New_York")
_LISTS = {"archives": "--archives", "forms": "--forms", "accessions": "--accessions"}


def params() -> dict[str, Param]:
    """The trigger form of both pipelines; left alone, a run does everything that is missing."""
    archives = [*keys.ARCHIVES, *registry.shipped()]
    return {
        "date_from": Param(
            None, type=["null", "string"], format="date", description="First filing date (YYYY-MM-DD), inclusive."
        ),
        "date_to": Param(
            None, type=["null", "string"], format="date", description="Last filing date (YYYY-MM-DD), inclusive."
        ),
        "archives": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "enum": archives},
            examples=archives,
            description="Only these archives and products; none chosen means all.",
        ),
        "forms": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "minLength": 1},
            description="Only these forms, one a line, such as 8-K or 10-K/A.",
        ),
        "accessions": Param(
            None,
            type=["null", "array"],
            items={"type": "string", "pattern": r"^\d{10}-\d{2}-\d{6}$"},
            description="Only these accessions, one a line, such as 0000320193-23-000015.",
        ),
        "source": Param(
            None,
            type=["null", "string"],
            enum=[None, "feed"],
            description="feed: only what came by EDGAR's Feed; with force, fetched anew with its acceptance time.",
        ),
        "force": Param(False, type="boolean", description="Do again what is already there."),
        "batch_size": Param(
            None, type=["null", "integer"], minimum=1, maximum=100_000, description="Filings a container takes."
        ),
        "feed_from": Param(
            None,
            type=["null", "integer"],
            minimum=0,
            description="Days lacking so many filings come by EDGAR's Feed, without acceptance times; 0: none.",
        ),
        "overlap_wait_minutes": Param(
            None,
            type=["null", "number"],
            minimum=0,
            description="How long to wait for a run that is still at work before this one is skipped; 0: not at all.",
        ),
    }


def filing_dates(start: datetime, end: datetime) -> tuple[date, date]:
    """First and last filing date of a data interval: Tuesday 03:00 ends the interval that covers Monday."""
    first = start.astimezone(EASTERN).date()
    last = end.astimezone(EASTERN).date() - timedelta(days=1)
    return first, max(first, last)


def options(context: Any) -> list[str]:
    """The planner's options for this run: the form's fields; a backfill run adds the dates of its own interval."""
    values = context["params"]
    date_from, date_to = values.get("date_from"), values.get("date_to")
    run = context["dag_run"]
    if unknown := set(run.conf or {}) - set(params()):
        names = ", ".join(sorted(unknown))
        raise ValueError(f"a run has no parameter {names}; there are {', '.join(params())}: trigger it again")
    if run.run_type == "backfill" and not (date_from or date_to):
        date_from, date_to = (str(day) for day in filing_dates(run.data_interval_start, run.data_interval_end))
    if date_from and date_to and date_from > date_to:
        raise ValueError(f"date_from {date_from} is after date_to {date_to}: trigger the run again with them in order")
    chosen = ["--from", date_from] if date_from else []
    chosen += ["--to", date_to] if date_to else []
    for name, option in _LISTS.items():
        if values.get(name):
            chosen += [option, ",".join(values[name])]
    if values.get("source"):
        chosen += ["--source", values["source"]]
    if values.get("batch_size"):
        chosen += ["--batch-size", str(values["batch_size"])]
    if values.get("feed_from") is not None:
        chosen += ["--feed-from", str(values["feed_from"])]
    if values.get("force"):
        chosen.append("--force")
    return chosen
