"""What a run is said to have done: the steps as they go, and the table at the end."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import zstandard

from sandbox.progress import Progress, steps
from sandbox.summary import count_records, grid, run_folder, sentence


def instance(
    task: str, state: str | None, map_index: int = -1, start: int | None = None, end: int | None = None
) -> Any:
    def moment(second: int | None) -> str | None:
        return None if second is None else f"2026-01-01T00:00:{second:02}+00:00"

    return {
        "task_id": task,
        "map_index": map_index,
        "state": state,
        "start_date": moment(start),
        "end_date": moment(end),
    }


def test_steps_come_in_the_order_in_which_they_began_with_their_batches():
    found = steps(
        [
            instance("later", None),
            instance("mapped", "success", 0, 5, 7),
            instance("mapped", "failed", 1, 5, 9),
            instance("first", "success", -1, 1, 2),
            instance("nothing_to_do", "skipped", -1, 10, 10),
        ]
    )
    assert [(s.task_id, s.batches, s.done, s.failed, s.state, s.seconds) for s in found] == [
        ("first", 0, 1, 0, "success", 1.0),
        ("mapped", 2, 1, 1, "failed", 4.0),
        ("nothing_to_do", 0, 0, 0, "skipped", 0.0),
        ("later", 0, 0, 0, "waiting", None),
    ]


def test_progress_on_a_file_is_plain_lines_told_once():
    out = io.StringIO()
    progress = Progress(out)
    at_work = steps([instance("s", "success", 0, 1, 2), instance("s", "running", 1, 1)])
    progress.show(at_work)
    progress.show(at_work)
    progress.show(steps([instance("s", "success", 0, 1, 2), instance("s", "success", 1, 1, 4)]))
    lines = out.getvalue().splitlines()
    assert len(lines) == 2
    assert lines[0].endswith("running  1 of 2 batches") and lines[1].endswith("success  2 of 2 batches, 3 s")
    assert "\x1b" not in out.getvalue()


def test_records_are_counted_over_all_frames_and_line_breaks_within_fields(tmp_path: Path):
    text = io.StringIO()
    csv.writer(text).writerows([["a", "b"], ["1", "two\nlines"], ["2", 'quo"te']])
    frames = [zstandard.compress(text.getvalue().encode()), zstandard.compress(b"3,x\r\n")]
    (tmp_path / "complete_t.csv.zst").write_bytes(b"".join(frames))
    assert count_records(tmp_path / "complete_t.csv.zst") == 3
    (tmp_path / "broken.csv.zst").write_bytes(b"not zstd")
    assert count_records(tmp_path / "broken.csv.zst") == -1


def test_a_run_with_nothing_to_do_says_so():
    idle = {
        "nothing_missing": True,
        "adds_up": True,
        "archives": {"sgml_archive": {"accessions": 4}},
        "objects": {"s3": {"written": {"runs/": 4, "control/": 1}}, "r2": {"written": {}}},
        "planned": {},
    }
    assert sentence(idle).startswith("Nothing was missing. No objects were written, and 5 about the run itself")
    busy = {
        "nothing_missing": False,
        "adds_up": False,
        "archives": {},
        "objects": {"s3": {"written": {"xbrl/": 1}}, "r2": {"written": {"tar-archive/": 2}}},
        "planned": {"sgml_archive": 3, "tar_archive": 0},
    }
    assert sentence(busy).startswith("Planned: 3 for sgml_archive. 3 objects were written,")


def test_an_edgar_without_filings_is_said():
    empty = {
        "nothing_missing": True,
        "adds_up": True,
        "archives": {"sgml_archive": {"accessions": 0}},
        "objects": {},
        "planned": {},
    }
    assert sentence(empty).startswith("EDGAR's indexes name no filing: zero accessions. No objects were written")


def test_a_run_id_becomes_a_folder_name():
    assert run_folder("manual__2026-01-01T00:00:00+00:00") == "manual__2026-01-01T00-00-00-00-00"


def test_numbers_stand_to_the_right():
    assert grid(["name", "n"], [["a", 12345], ["bcdef", "-"]]) == [
        "name        n",
        "-----  ------",
        "a      12,345",
        "bcdef       -",
        "",
    ]
