"""What a run is doing, told as it happens: a line when a step begins and ends, and on a terminal how far it is."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from sandbox.api import Airflow

ENDED = ("success", "failed", "skipped", "upstream_failed", "removed")
OVER = ("success", "failed")
POLL_SECONDS = 1.0
QUIET_SECONDS = 5  # a step of one container is told when it ends, or when it takes longer than this


@dataclass
class Step:
    """A task of the DAG; `batches` is how many containers it was mapped over (0: not mapped)."""

    task_id: str
    batches: int
    states: list[str | None]
    started: datetime | None
    ended: datetime | None

    @property
    def done(self) -> int:
        return sum(state == "success" for state in self.states)

    @property
    def failed(self) -> int:
        return sum(state in ("failed", "upstream_failed") for state in self.states)

    @property
    def over(self) -> bool:
        return all(state in ENDED for state in self.states)

    @property
    def state(self) -> str:
        if self.failed:
            return "failed"
        if self.over:
            return "success" if self.done else "skipped"
        return "running" if self.started else "waiting"

    @property
    def seconds(self) -> float | None:
        if self.started is None or self.ended is None:
            return None
        return max(0.0, round((self.ended - self.started).total_seconds(), 1))

    def to_json(self) -> dict[str, Any]:
        return {
            "task": self.task_id,
            "state": self.state,
            "batches": self.batches,
            "done": self.done,
            "failed": self.failed,
            "seconds": self.seconds,
        }


def steps(task_instances: list[dict[str, Any]]) -> list[Step]:
    """The steps in the order in which they began; those that have not begun last."""
    found: dict[str, Step] = {}
    for ti in task_instances:
        step = found.setdefault(ti["task_id"], Step(ti["task_id"], 0, [], None, None))
        step.states.append(ti["state"])
        step.batches += ti["map_index"] >= 0
        start, end = (ti[name] and datetime.fromisoformat(ti[name]) for name in ("start_date", "end_date"))
        if start:
            step.started = min(step.started or start, start)
        if end:
            step.ended = max(step.ended or end, end)
    return sorted(found.values(), key=lambda s: (s.started is None, s.started.timestamp() if s.started else 0))


class Progress:
    def __init__(self, out: TextIO = sys.stdout) -> None:
        self.out = out
        self.live = out.isatty()
        self.begun = time.monotonic()
        self._told: dict[str, tuple[str, int]] = {}
        self._first_seen: dict[str, float] = {}

    def say(self, text: str) -> None:
        clear = "\r\x1b[K" if self.live else ""
        minutes, seconds = divmod(int(time.monotonic() - self.begun), 60)
        print(f"{clear}{minutes:3}:{seconds:02}  {text}", file=self.out, flush=True)

    def show(self, now: list[Step]) -> None:
        for step in now:
            told = step.state, step.done + step.failed
            if step.state == "waiting" or self._told.get(step.task_id) == told:
                continue
            if step.state == "running" and not step.batches and self._seen(step) < QUIET_SECONDS:
                continue
            new_state = self._told.get(step.task_id, ("", 0))[0] != step.state
            self._told[step.task_id] = told
            if new_state or (not self.live and not step.over):
                self.say(describe(step))
        if self.live:
            at_work = [s for s in now if s.state == "running"]
            print(f"\r\x1b[K       {' · '.join(map(brief, at_work))}"[:160], end="", file=self.out, flush=True)

    def _seen(self, step: Step) -> float:
        """For how long the step has been seen at work."""
        return time.monotonic() - self._first_seen.setdefault(step.task_id, time.monotonic())

    def end(self) -> None:
        if self.live:
            print("\r\x1b[K", end="", file=self.out, flush=True)


def brief(step: Step) -> str:
    return step.task_id + (f" {step.done}/{step.batches}" if step.batches else "")


def describe(step: Step) -> str:
    batches = f"{step.done} of {step.batches} batches" if step.batches else ""
    took = f"{step.seconds:.0f} s" if step.over and step.seconds is not None else ""
    failed = f"{step.failed} failed" if step.failed else ""
    return f"{step.task_id:48} {step.state:8} {', '.join(part for part in (batches, failed, took) if part)}".rstrip()


def follow(airflow: Airflow, dag_id: str, run_id: str, progress: Progress, alive: Any) -> tuple[str, list[Step]]:
    """Show a run until it is over; returns its state and its steps. `alive()` raises when a server has died."""
    while True:
        state = airflow.run_state(dag_id, run_id)
        now = steps(airflow.task_instances(dag_id, run_id))
        progress.show(now)
        if state in OVER:
            progress.end()
            return state, now
        alive()
        time.sleep(POLL_SECONDS)
