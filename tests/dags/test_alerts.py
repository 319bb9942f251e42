"""The message of a failed run."""

from __future__ import annotations

from typing import Any

from filings_airflow.alerts import Ended, compose, send


def failure(batch: int, tail: str = "event=failed accession=0000320193-23-000015") -> dict[str, Any]:
    return {
        "dag": "daily_pipeline",
        "task": "update_sec_filings_tar_r2",
        "batch": batch,
        "try": 3,
        "reason": "the task ended with exit code 1",
        "log_tail": [f"event=started batch={batch}", tail],
        "log_url": f"http://airflow/tasks/update_sec_filings_tar_r2/mapped/{batch}",
        "log_stream": f"/ecs/filings-task task/task/{batch}",
    }


def ended(*failures: dict[str, Any]) -> Ended:
    return Ended("daily_pipeline", "scheduled__2025-11-04", total=90, not_run=2, failures=list(failures))


def test_like_errors_are_counted_together() -> None:
    text, _ = compose(ended(*(failure(n, f"event=failed bytes={n}") for n in range(12)), failure(12, "no space left")))

    assert "daily_pipeline failed: 13 of 90 tasks failed, 2 more could not run because of that" in text
    assert "• 12 × update_sec_filings_tar_r2: the task ended with exit code # | event=failed bytes=#" in text
    assert "• 1 × update_sec_filings_tar_r2" in text
    assert "… and 8 more failures" in text


def test_a_message_of_a_thousand_failures_is_one_that_slack_takes() -> None:
    text, blocks = compose(ended(*(failure(n, "x" * 500 + str(n)) for n in range(1000))))

    assert len(blocks) <= 50
    assert all(len(block["text"]["text"]) <= 3000 for block in blocks)
    assert len(text) < 40_000


def test_log_lines_cannot_break_the_messages_markup() -> None:
    _, blocks = compose(ended(failure(1, "<SEC-HEADER> & <!channel>")))

    told = "".join(block["text"]["text"] for block in blocks)
    assert "&lt;SEC-HEADER&gt; &amp; &lt;!channel&gt;" in told
    assert "<!channel>" not in told


def test_a_slack_that_refuses_blocks_gets_plain_text(cloud: Any) -> None:
    cloud.refuse_slack(status=400, times=1)

    assert send(*compose(ended(failure(1))))

    [message] = cloud.slack_messages()
    assert set(message["payload"]) == {"text"}


def test_a_slack_that_fails_is_logged_and_no_more(cloud: Any) -> None:
    cloud.refuse_slack(status=500, times=2)

    assert not send(*compose(ended(failure(1))))
    assert not cloud.slack_messages()
