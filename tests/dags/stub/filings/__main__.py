"""`python -m filings TASK …` that only plans: `stub/batches.json` says how many batches each manifest has."""

from __future__ import annotations

import json
import re
import signal
import sys
import time

TASKS = {
    "sgml_feed": "update_sec_filings_sgml_feed_r2",
    "company_metadata_rows": "update_sec_filings_company_metadata_rows_s3",
    "company_metadata": "update_sec_filings_company_metadata_s3",
    "sgml_archive": "update_sec_filings_sgml_r2",
    "tar_archive": "update_sec_filings_tar_r2",
    "xbrl_archive": "update_sec_filings_xbrl_s3",
    "sec_filings_data": "update_sec_filings_data_s3",
    "sec_filings_lookup": "update_sec_filings_lookup_s3",
    "inventory_s3": "update_sec_filings_inventory_s3",
    "inventory_r2": "update_sec_filings_inventory_r2",
}


def plan(run_id: str, names: list[str]) -> None:
    import boto3

    counts = json.load(boto3.client("s3").get_object(Bucket="filings", Key="stub/batches.json")["Body"])
    folder = "sec/filings/runs/" + re.sub(r"[^A-Za-z0-9_.-]", "-", run_id) + "/manifests/"
    for name in names:
        uri = f"s3://filings/{folder}{name}"
        batches = [{"batch": n, "count": 1, "uri": f"{uri}/{n}.txt.zst"} for n in range(counts.get(name, 0))]
        manifest = {"name": name, "task": TASKS[name], "run_id": run_id, "total": len(batches), "batches": batches}
        boto3.client("s3").put_object(Bucket="filings", Key=f"{folder}{name}.json", Body=json.dumps(manifest).encode())


def main(argv: list[str]) -> int:
    task, run_id = argv[0], argv[argv.index("--run-id") + 1]
    print(f"event=started task={task}", flush=True)
    if task == "calculate_s3_batches":
        plan(run_id, list(TASKS)[:8])
    elif task == "calculate_inventory_batches":
        plan(run_id, list(TASKS)[8:])
    elif task == "sleep":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        time.sleep(float(argv[-1]))
    elif task == "fail":
        for number in range(30):
            print(f"event=line number={number}", flush=True)
        print("event=failed accession=0000320193-23-000015 do=nothing", flush=True)
        return int(argv[-1])
    print(f"event=done task={task}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
