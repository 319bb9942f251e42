"""Every new filing into the archives, the tables and MySQL: Tuesday to Saturday, 03:00 New York.

**What it does.** `daily_setup` reads the SEC's index and lists what we lack; `daily_s3` plans batches of it, fetches
them to R2 (sgml), splits them (tar) and extracts XBRL; `daily_database_s3` makes each filing's JSON and the lookup
tables; `daily_database_mysql` loads them. `daily_products` does the same for each data product beside that: rows of new
filings, tables, MySQL. `check_accounting` proves that nothing is lost, `finish` tells Slack what failed and fails the
run. Each step does what it can even if a batch before it failed.

**It was skipped?** `no_overlap` lets one run of both pipelines work at a time. Its log says who held it up; the next
scheduled run does everything that is missing.

**It failed?** Open the run, *Clear*, *Only failed*: just the failed batches and `finish` run again, and finished
filings are not fetched again. If you do nothing, the next run takes up what is missing.

**Some filings again, or other dates?** *Trigger* with dates, forms, archives or accessions; `force` does again what is
already there.

**Backfill.** `airflow backfill create --dag-id daily_pipeline --from-date 2025-11-03 --to-date 2025-11-30
--max-active-runs 1`: each run covers the filing dates of its own data interval (Tuesday's run: Monday).
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import CronTriggerTimetable

from filings_airflow.groups import pipeline, run_daily

with pipeline(
    "daily_pipeline",
    schedule=CronTriggerTimetable("0 3 * * TUE-SAT", timezone="America/New_York", interval=timedelta(days=1)),
    dagrun_timeout=timedelta(days=2),
    doc_md=__doc__,
):
    run_daily()
