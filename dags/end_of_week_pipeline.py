"""Clean up, count what the buckets really hold, then the whole daily pipeline: Sunday, 03:00 New York.

It is also the first start: on empty buckets the cleanup and the inventory find nothing, and the daily part fetches
everything that the SEC's index lists, days of many filings through EDGAR's Feed: one request a day, no acceptance times
(`feed_from: 0` fetches each filing instead; `source: feed` with `force` fetches those again that came so).

**What it does.** `weekly_cleanup` clears away what has had its time; `daily_inventory` lists S3 and R2 anew, in
batches, and makes the ledger what is really there; the rest is the daily pipeline (see `daily_pipeline`).

**It was skipped, it failed, some filings again?** As in `daily_pipeline`: the log of `no_overlap` says who was at
work; *Clear*, *Only failed* runs the failed batches again; *Trigger* takes dates, forms, archives or accessions.

**Backfill.** `airflow backfill create --dag-id end_of_week_pipeline --from-date 2025-11-02 --to-date 2025-11-30
--max-active-runs 1`: each run covers the filing dates of the week before its Sunday.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable

from filings_airflow.groups import daily_inventory, pipeline, run_daily, weekly_cleanup

with pipeline(
    "end_of_week_pipeline",
    schedule=CronTriggerTimetable("0 3 * * SUN", timezone="America/New_York", interval=timedelta(days=7)),
    dagrun_timeout=timedelta(days=6),
    doc_md=__doc__,
):
    run_daily(weekly_cleanup(), daily_inventory())
