"""`python -m sandbox run` is what `make run` does, `python -m sandbox up` what `make ui` does."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sandbox.processes import SandboxError

FOLDER = Path(__file__).resolve().parents[2] / "build" / "run"
DAG = "end_of_week_pipeline"
EPILOG = """environment:
  EDGAR_DATA=DIR      serve the submissions of that folder
  EDGAR_FILINGS=N     generate so many filings (default 60)
  EDGAR=live          ask sec.gov itself; needs SEC_USER_AGENT="Your Name your@e-mail"
  MYSQL_URL=URL       use that MySQL server instead of a private MariaDB
  FILINGS_TASK_PYTHON the interpreter that containers run with
  SANDBOX_SLOTS=N     containers at work at once (default 4)
  SANDBOX_SCHEDULES=1 let Airflow start runs by the clock too
  SANDBOX_FAULTS=JSON what shall go wrong, see sandbox/faults.py
  SEC_…, FILINGS_…    settings of the containers
"""


def main(argv: list[str] | None = None) -> int:
    options = parser().parse_args(argv)
    from sandbox import commands

    folder = options.folder.resolve()
    try:
        match options.command:
            case "run":
                return commands.run(
                    folder, dag_id=options.dag, conf=options.conf, edgar_data=options.edgar_data, dags=options.dags
                )
            case "up":
                return commands.up(folder, edgar_data=options.edgar_data, dags=options.dags)
            case "services":
                return commands.services(
                    folder, host=options.host, first_port=options.first_port, edgar_data=options.edgar_data
                )
            case "trigger":
                return commands.trigger(folder, dag_id=options.dag, conf=options.conf, wait=options.wait)
            case "env":
                return commands.env(folder)
            case "more":
                return commands.more(folder, options.filings)
            case _:
                return commands.down(folder)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    except commands.Ended as end:
        print(
            f"\nsandbox: ended by {end}; nothing is left running, and the next run goes on from here", file=sys.stderr
        )
        return 130 if str(end) == "SIGINT" else 143


def parser() -> argparse.ArgumentParser:
    main = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    main.add_argument("--folder", type=Path, default=FOLDER, help="where the state is kept (default: build/run)")
    commands = main.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start all, run a DAG once, say what now exists, stop all")
    run.add_argument("--dag", default=DAG, help=f"default: {DAG}")
    up = commands.add_parser("up", help="leave all up until Ctrl-C, with Airflow's UI")
    services = commands.add_parser("services", help="all but Airflow, on known ports, until Ctrl-C")
    services.add_argument("--host", default="127.0.0.1", help="default: 127.0.0.1")
    services.add_argument(
        "--first-port", type=int, default=5000, help="AWS's; then Slack, R2, EDGAR, MySQL (default 5000)"
    )
    services.add_argument("--edgar-data", type=Path, help="serve the submissions of that folder")
    trigger = commands.add_parser("trigger", help="start a run in a sandbox that is up")
    trigger.add_argument("dag", help=f"such as {DAG} or daily_pipeline")
    trigger.add_argument("--wait", action="store_true", help="until the run is over; exit 1 if it failed")
    more = commands.add_parser("more", help="let further generated filings appear on EDGAR")
    more.add_argument("--filings", type=int, default=10, help="how many (default 10)")
    commands.add_parser("env", help="what a shell must export to run container tasks in a sandbox that is up")
    commands.add_parser("down", help="end a sandbox that is up")
    for each in (run, trigger):
        each.add_argument("--conf", type=json_object, help="the run's parameters as a JSON object")
    for each in (run, up):
        each.add_argument("--edgar-data", type=Path, help="serve the submissions of that folder")
        each.add_argument("--dags", type=Path, help="another folder of DAGs than the project's")
    return main


def json_object(text: str) -> dict:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"not JSON: {error}") from None
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError("must be a JSON object")
    return value


if __name__ == "__main__":
    sys.exit(main())
