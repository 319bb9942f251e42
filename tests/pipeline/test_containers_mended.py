"""What was lost, torn or stopped half-way is mended by the next run: real processes, real sockets, a real MySQL."""

from __future__ import annotations

import signal

from filings.archive import keys
from pipeline.steps import PRODUCT, STEPS, Pipeline, accession, adds_up, clean, mysql_rows


def test_a_corrupt_object_is_named_withdrawn_and_made_anew_by_the_next_run(pipeline: Pipeline) -> None:
    pipeline.plan("run")
    pipeline.step(keys.SGML, "run")
    key = f"sgml-archive/{accession(5)}.sgml"
    pipeline.r2.put(key, pipeline.r2.get(key)[:-20])
    assert 1 in pipeline.step(keys.TAR, "run")
    assert f"{pipeline.r2.uri(key)} is corrupt" in "".join(pipeline.logs.values())
    pipeline.do("check_accounting", "run")
    account = pipeline.accounting("run")
    assert account["adds_up"]
    assert (account["archives"][keys.SGML]["missing"], account["archives"][keys.TAR]["missing"]) == (1, 1)
    assert pipeline.r2.head(f"quarantine/{key}") is not None
    inventory(pipeline, "week")
    assert clean(pipeline.daily("week")), pipeline.logs
    assert pipeline.manifest("week", keys.SGML)["total"] == 1
    assert all(c["missing"] == 0 for c in pipeline.accounting("week")["archives"].values())


def inventory(pipeline: Pipeline, run: str) -> None:
    """List both buckets, as the end-of-week pipeline does first."""
    assert pipeline.do("calculate_inventory_batches", run) == 0
    for scheme in ("s3", "r2"):
        uri = pipeline.s3.uri(keys.manifest(run, f"inventory_{scheme}"))
        for batch in pipeline.manifest(run, f"inventory_{scheme}")["batches"]:
            task = f"update_sec_filings_inventory_{scheme}"
            assert pipeline.do(task, run, "--manifest", uri, "--batch", str(batch["batch"])) == 0
        for _ in "once", "again":  # as when Airflow loses a container that has ended well
            assert pipeline.do("combine_txt_batches_s3", run, "--store", scheme) == 0


def test_an_object_lost_from_the_bucket_is_found_by_the_proof_and_mended_by_the_inventory(pipeline: Pipeline) -> None:
    assert clean(pipeline.daily("run")), pipeline.logs
    key = f"tar-archive/{accession(1)}.tar"
    pipeline.r2.delete([key])
    assert pipeline.do("check_accounting", "run") == 1
    assert key in pipeline.logs["check_accounting"]
    inventory(pipeline, "week")
    assert clean(pipeline.daily("week")), pipeline.logs
    assert sum(batch["count"] for batch in pipeline.manifest("week", keys.TAR)["batches"]) == 1
    assert pipeline.manifest("week", keys.SGML)["batches"] == []
    for archive in keys.ARCHIVES:  # so that an end-of-week run at once has nothing to set right
        assert not pipeline.s3.get_zst_or_none(keys.have_list("daily", archive)), archive
    assert pipeline.r2.head(key) is not None


def test_a_lost_submission_that_others_wait_for_is_fetched_again_by_the_next_daily_run(pipeline: Pipeline) -> None:
    pipeline.plan("run")
    assert not any(pipeline.step(keys.SGML, "run"))
    pipeline.r2.delete([f"sgml-archive/{accession(1)}.sgml"])
    assert not any(pipeline.step(keys.TAR, "run"))
    assert pipeline.do("check_accounting", "run", "--sample", "0") == 1
    assert clean(pipeline.daily("run2")), pipeline.logs
    assert pipeline.manifest("run2", keys.SGML)["total"] == 1
    assert all(c["missing"] == 0 for c in pipeline.accounting("run2")["archives"].values())


def test_sigterm_keeps_what_is_done_and_a_retry_does_only_what_is_left(pipeline: Pipeline) -> None:
    pipeline.faults({"match": accession(5), "kind": "timeout", "seconds": 60, "times": 1})
    pipeline.plan("run", "--batch-size", "5")
    uri = pipeline.s3.uri(keys.manifest("run", keys.SGML))
    options = ("--manifest", uri, "--batch", "0")
    patient = {"SEC_TIMEOUT_SECONDS": "90", "FILINGS_GRACE_SECONDS": "2"}
    process = pipeline.start("update_sec_filings_sgml_r2", "run", *options, **patient)
    while pipeline.r2.head(f"sgml-archive/{accession(4)}.sgml") is None:
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGTERM)
    log = process.communicate(timeout=40)[0]
    assert process.returncode == 143, log
    report = pipeline.report("run", "update_sec_filings_sgml_r2")
    assert (report["done"], report["not_reached"]) == (4, 1)
    assert pipeline.do("update_sec_filings_sgml_r2", "run", *options) == 0
    report = pipeline.report("run", "update_sec_filings_sgml_r2")
    assert (report["done"], report["skipped"], report["tries"]) == (1, 4, 2)


def test_kill_9_loses_nothing(pipeline: Pipeline) -> None:
    pipeline.faults({"match": accession(5), "kind": "timeout", "seconds": 60, "times": 1})
    pipeline.plan("run", "--batch-size", "5")
    options = ("--manifest", pipeline.s3.uri(keys.manifest("run", keys.SGML)), "--batch", "0")
    process = pipeline.start("update_sec_filings_sgml_r2", "run", *options, SEC_TIMEOUT_SECONDS="90")
    while pipeline.r2.head(f"sgml-archive/{accession(4)}.sgml") is None:
        assert process.poll() is None, process.communicate()
    process.kill()
    process.communicate()
    pipeline.do("check_accounting", "run")
    assert all(adds_up(c) for c in pipeline.accounting("run")["archives"].values())
    assert pipeline.do("update_sec_filings_sgml_r2", "run", *options) == 0
    pipeline.do("check_accounting", "run")
    assert pipeline.accounting("run")["archives"][keys.SGML]["have"] == 5


def test_four_containers_keep_within_the_budget_of_requests(pipeline: Pipeline) -> None:
    pipeline.file(*range(6, 61))
    pipeline.plan("run", "--batch-size", "15")
    pipeline.edgar("/_sandbox/reset", {})
    uri = pipeline.s3.uri(keys.manifest("run", keys.SGML))
    arns = [pipeline.cloud.run_task(STEP, "--run-id", "run", "--manifest", uri, "--batch", str(n)) for n in range(4)]
    waiter = pipeline.cloud.client("ecs").get_waiter("tasks_stopped")
    waiter.wait(cluster="filings", tasks=arns, WaiterConfig={"Delay": 1, "MaxAttempts": 120})
    requests = pipeline.edgar("/_sandbox/requests")
    assert requests["by_status"] == {"200": 60}
    assert requests["max_in_one_second"] <= 8
    assert len(requests["by_client"]) == 4
    assert all(client["max_in_one_second"] <= 2 for client in requests["by_client"].values())


STEP = "update_sec_filings_sgml_r2"


def test_a_mysql_that_comes_late_is_waited_for_and_one_that_does_not_come_is_named(pipeline: Pipeline) -> None:
    pipeline.products = (PRODUCT,)
    pipeline.plan("run")
    for archive in STEPS:
        assert not any(pipeline.step(archive, "run")), pipeline.logs
    server = next(process for process in pipeline.cloud.processes if process.name == "MariaDB")
    port = int(pipeline.cloud.mysql_url.rpartition(":")[2].partition("/")[0])  # type: ignore[union-attr]
    server.stop()
    assert pipeline.do("update_sec_filings_lookup_mysql", "run", MYSQL_WAIT_SECONDS="1") == 1
    assert f"127.0.0.1:{port}" in pipeline.logs["update_sec_filings_lookup_mysql"]
    process = pipeline.start("update_sec_filings_lookup_mysql", "run")
    assert process.stdout is not None
    assert any("retry" in line or "wait" in line for line in iter(process.stdout.readline, ""))
    pipeline.cloud.start_mysql(port)
    process.communicate(timeout=60)
    assert process.returncode == 0
    assert mysql_rows(pipeline, "sec_submission_details_table") == 5
