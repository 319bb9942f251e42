"""One Slack message a run: what failed, why, where its log is and how to run it again."""

from __future__ import annotations

import logging
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from airflow.sdk import conf

from filings_airflow.deployment import SLACK_CONN_ID

log = logging.getLogger(__name__)

FINISH = "finish"
SHOWN = 5  # failures told at length; the others are in the grouped list
_TAIL_LINES, _TAIL_CHARACTERS = 10, 1500
_SECTION = 2900  # Slack takes 3,000 characters a section
_REASONS = {
    "timed_out": "it ran longer than its dagrun_timeout",
    "task_failure": "a task failed before the others could run",
    "all_tasks_deadlocked": "no task could run any more",
}


@dataclass(frozen=True)
class Ended:
    """A run that ended badly: counts, and a failure (see ContainerTask) for each task that failed itself."""

    dag_id: str
    run_id: str
    total: int
    not_run: int
    failures: list[dict[str, Any]]

    @property
    def headline(self) -> str:
        not_run = f", {self.not_run} more could not run because of that" if self.not_run else ""
        return f"{self.dag_id} failed: {len(self.failures)} of {self.total} tasks failed{not_run}"

    @property
    def how_to_rerun(self) -> str:
        return (
            f"Run again only what failed: open {run_url(self.dag_id, self.run_id)}, Clear, Only failed. "
            "Finished filings are not done again; what is left undone, the next run does."
        )


def run_url(dag_id: str, run_id: str, task_id: str | None = None, map_index: int = -1) -> str:
    """The page of a run, or of one task of it, in Airflow's UI."""
    base = conf.get("api", "base_url", fallback="http://localhost:8080").rstrip("/")
    url = f"{base}/dags/{dag_id}/runs/{quote(run_id)}"
    if task_id is None:
        return url
    return f"{url}/tasks/{task_id}" + (f"/mapped/{map_index}" if map_index >= 0 else "")


def compose(ended: Ended) -> tuple[str, list[dict[str, Any]]]:
    """The message as plain text (what notifications and screen readers show) and as Slack blocks."""
    groups = "\n".join(f"• {count} × {error}" for error, count in _grouped(ended.failures).most_common(10))
    shown = [_told(failure) for failure in ended.failures[:SHOWN]]
    more = len(ended.failures) - len(shown)
    parts = [groups, *shown]
    if more > 0:
        parts.append(f"… and {more} more failures")
    parts += [ended.how_to_rerun]
    head = f"{ended.headline}\nrun {ended.run_id}"
    text = "\n\n".join([head, *parts])
    blocks = [_section(f":red_circle: *{_escape(ended.headline)}*\nrun `{_escape(ended.run_id)}`")]
    blocks += [_section(_escape(part)) for part in parts if part]
    return text, blocks


def _told(failure: dict[str, Any]) -> str:
    tail = "\n".join(failure.get("log_tail", [])[-_TAIL_LINES:])[-_TAIL_CHARACTERS:]
    lines = [
        f"{_name(failure)}, try {failure.get('try') or '?'} of {failure['dag']}: {failure['reason']}",
        f"log: {failure['log_url']}",
    ]
    if failure.get("log_stream"):
        lines.append(f"container log: {failure['log_stream']}")
    if tail:
        lines.append(f"```\n{tail}\n```")
    return "\n".join(lines)


def _name(failure: dict[str, Any]) -> str:
    batch = failure.get("batch")
    return failure["task"] if batch is None else f"{failure['task']} batch {batch}"


def _grouped(failures: list[dict[str, Any]]) -> Counter[str]:
    """Like errors counted together: numbers differ between batches, the error does not."""
    return Counter(f"{failure['task']}: {_without_numbers(failure)[:200]}" for failure in failures)


def _without_numbers(failure: dict[str, Any]) -> str:
    said = [failure["reason"], *failure.get("log_tail", [])[-1:]]
    return re.sub(r"\d+", "#", " | ".join(said))


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text[:_SECTION]}}


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def send(text: str, blocks: list[dict[str, Any]] | None = None) -> bool:
    """Post to Slack, as plain text if it refuses the blocks. A Slack that fails is logged and no more."""
    plain: dict[str, Any] = {"text": text}
    for what in [plain | {"blocks": blocks}, plain] if blocks else [plain]:
        try:
            from airflow.providers.slack.hooks.slack_webhook import SlackWebhookHook

            SlackWebhookHook(slack_webhook_conn_id=SLACK_CONN_ID, timeout=30).send(**what)
        except Exception as error:  # noqa: BLE001  whatever it is: an alert must not change how a run ends
            log.warning("Slack did not take the message (%s: %s): %s", type(error).__name__, error, text)
        else:
            return True
    return False


def tell_of_unfinished_run(context: Any) -> None:
    """DAG-level failure callback: tells of a run that ended without `finish` having told."""
    ti, reason = context.get("ti"), str(context.get("reason") or "")
    if reason == "task_failure" and ti is not None and ti.task_id == FINISH:
        return
    dag_id, run_id = context["dag"].dag_id, context["run_id"]
    last = f" (last task: {ti.task_id})" if ti is not None else ""
    send(
        f"{dag_id} failed: {_REASONS.get(reason, reason or 'Airflow gives no reason')}{last}\nrun {run_id}\n"
        f"{run_url(dag_id, run_id)}\nClear the run there to run it again; what is done is not done again."
    )
