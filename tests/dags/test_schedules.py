"""When runs start, through the changes of the clock, and which filing dates a backfill run covers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from filings_airflow.selection import EASTERN, filing_dates, options, params

AAPL = "0000320193-23-000015"
NOTHING = {name: param.value for name, param in params().items()}


def starts(dag: Any, first: datetime, last: datetime) -> list[Any]:
    """The runs that the scheduler would make between two moments."""
    from airflow.serialization.serialized_objects import DagSerialization

    converted = DagSerialization.deserialize_dag(DagSerialization.serialize_dag(dag))
    return list(converted.iter_dagrun_infos_between(first, last))


@pytest.mark.parametrize(
    "monday",
    [datetime(2025, 11, 3), datetime(2026, 3, 2), datetime(2025, 10, 27), datetime(2025, 7, 7)],
    ids=["winter", "before the clock goes forward", "before the clock goes back", "summer"],
)
def test_runs_start_at_three_in_new_york_from_tuesday_to_sunday(dagbag: Any, monday: datetime) -> None:
    first = monday.replace(tzinfo=EASTERN).astimezone(UTC)
    last = first + timedelta(days=7, hours=12)

    daily = [run.run_after.astimezone(EASTERN) for run in starts(dagbag.dags["daily_pipeline"], first, last)]
    weekly = [run.run_after.astimezone(EASTERN) for run in starts(dagbag.dags["end_of_week_pipeline"], first, last)]

    assert [f"{run:%a %H:%M}" for run in daily] == ["Tue 03:00", "Wed 03:00", "Thu 03:00", "Fri 03:00", "Sat 03:00"]
    assert [f"{run:%a %H:%M}" for run in weekly] == ["Sun 03:00"]


def test_a_week_of_daily_intervals_covers_each_business_day_once(dagbag: Any) -> None:
    monday, sunday = datetime(2025, 11, 3, 12, tzinfo=UTC), datetime(2025, 11, 9, tzinfo=UTC)
    runs = starts(dagbag.dags["daily_pipeline"], monday, sunday)

    covered = [filing_dates(run.data_interval.start, run.data_interval.end) for run in runs]

    assert [(str(first), str(last)) for first, last in covered] == [(f"2025-11-0{day}",) * 2 for day in range(3, 8)]


@pytest.mark.parametrize(
    ("sunday", "first", "last"),
    [
        ("2025-11-09", "2025-11-02", "2025-11-08"),
        ("2026-03-08", "2026-03-01", "2026-03-07"),
        ("2025-11-02", "2025-10-26", "2025-11-01"),
    ],
    ids=["an ordinary week", "the clock goes forward", "the clock goes back"],
)
def test_an_end_of_week_interval_covers_the_week_before(dagbag: Any, sunday: str, first: str, last: str) -> None:
    begin = datetime.fromisoformat(sunday).replace(tzinfo=EASTERN)

    [run] = starts(dagbag.dags["end_of_week_pipeline"], begin, begin + timedelta(hours=12))

    assert tuple(map(str, filing_dates(run.data_interval.start, run.data_interval.end))) == (first, last)


def context(run_type: str, **values: Any) -> dict[str, Any]:
    run = SimpleNamespace(
        conf=values,
        run_type=run_type,
        data_interval_start=datetime(2025, 11, 3, 8, tzinfo=UTC),
        data_interval_end=datetime(2025, 11, 4, 8, tzinfo=UTC),
    )
    return {"params": NOTHING | values, "dag_run": run}


@pytest.mark.parametrize(
    ("run_type", "values", "expected"),
    [
        ("scheduled", {}, []),
        ("manual", {"force": True, "accessions": [AAPL]}, ["--accessions", AAPL, "--force"]),
        ("manual", {"date_from": "2025-11-03"}, ["--from", "2025-11-03"]),
        ("backfill", {}, ["--from", "2025-11-03", "--to", "2025-11-03"]),
        ("backfill", {"date_to": "2025-10-31"}, ["--to", "2025-10-31"]),
    ],
    ids=["everything missing", "one filing again", "an open end", "the interval of a backfill", "the form wins"],
)
def test_what_a_run_is_about(run_type: str, values: dict[str, Any], expected: list[str]) -> None:
    assert options(context(run_type, **values)) == expected


def test_a_misspelt_parameter_is_refused_not_ignored() -> None:
    with pytest.raises(ValueError, match=r"no parameter form; there are .*forms"):
        options(context("manual", form=["8-K"]))


def test_dates_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(ValueError, match="2025-11-05 is after date_to 2025-11-04"):
        options(context("manual", date_from="2025-11-05", date_to="2025-11-04"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date_from", "yesterday"),
        ("archives", ["no_such_archive"]),
        ("accessions", ["000032019323000015"]),
        ("batch_size", 0),
        ("overlap_wait_minutes", -1),
    ],
)
def test_the_trigger_form_refuses_what_makes_no_sense(name: str, value: Any) -> None:
    from airflow.sdk.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError):
        params()[name].resolve(value)


def test_every_field_of_the_trigger_form_is_described() -> None:
    assert all(param.description for param in params().values())
