"""Applies airflow_settings.yaml to an Airflow: `python -m filings_airflow.bootstrap`.

Astro reads the same file, but its format cannot say that a pool counts deferred tasks, and without that a pool caps
nothing here: every container task is deferred. All pools of the file get `include_deferred`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

import yaml

from filings_airflow.deployment import AWS_CONN_ID, SLACK_CONN_ID, VARIABLE, Deployment


class BadSettings(ValueError):
    """The settings file cannot be applied."""


def load(path: Path) -> dict[str, list[dict[str, Any]]]:
    """The file's connections, pools and variables."""
    try:
        found = yaml.safe_load(path.read_text())["airflow"]
    except FileNotFoundError:
        raise BadSettings(
            f"{path} does not exist: run this in the project's folder or name the file with --settings"
        ) from None
    except (yaml.YAMLError, KeyError, TypeError) as error:
        raise BadSettings(f"{path} is no airflow_settings.yaml: {error!r}") from error
    return {kind: found.get(kind) or [] for kind in ("connections", "pools", "variables")}


def override(
    settings: dict[str, list[dict[str, Any]]],
    *,
    aws_endpoint: str | None,
    slack_url: str | None,
    values: dict[str, Any],
) -> None:
    """Point connections elsewhere and change fields of the Variable; None leaves what the file says, '' removes it."""
    for connection in settings["connections"]:
        if connection["conn_id"] == AWS_CONN_ID and aws_endpoint is not None:
            extra = dict(connection.get("conn_extra") or {})
            extra.pop("endpoint_url", None)
            if aws_endpoint:
                extra["endpoint_url"] = aws_endpoint
            connection["conn_extra"] = extra
        if connection["conn_id"] == SLACK_CONN_ID and slack_url is not None:
            connection["conn_password"] = slack_url
    for variable in settings["variables"]:
        if variable["variable_name"] == VARIABLE:
            merged = {**json.loads(variable["variable_value"]), **values}
            Deployment.of(merged)
            variable["variable_value"] = json.dumps(merged)


def pools(settings: dict[str, list[dict[str, Any]]]) -> dict[str, dict[str, Any]]:
    """The pools in the form of `airflow pools import`."""
    return {
        pool["pool_name"]: {
            "slots": int(pool["pool_slot"]),
            "description": pool.get("pool_description", ""),
            "include_deferred": True,
        }
        for pool in settings["pools"]
    }


def apply(settings: dict[str, list[dict[str, Any]]]) -> None:
    """Write all of it into this Airflow's database; what is there under the same name is replaced."""
    from airflow.models import Connection, Variable
    from airflow.models.pool import Pool
    from airflow.utils.session import create_session
    from sqlalchemy import delete

    for name, pool in pools(settings).items():
        Pool.create_or_update_pool(name=name, **pool)
    with create_session() as session:
        for given in settings["connections"]:
            session.execute(delete(Connection).where(Connection.conn_id == given["conn_id"]))
            session.add(
                Connection(
                    conn_id=given["conn_id"],
                    conn_type=given["conn_type"],
                    host=given.get("conn_host"),
                    schema=given.get("conn_schema"),
                    login=given.get("conn_login"),
                    password=given.get("conn_password"),
                    port=given.get("conn_port"),
                    extra=json.dumps(given.get("conn_extra") or {}),
                )
            )
    for variable in settings["variables"]:
        Variable.set(variable["variable_name"], variable["variable_value"])


def _pair(text: str) -> tuple[str, Any]:
    """`waiter_delay=1` as a field and its value; the value is JSON, or else a plain string."""
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m filings_airflow.bootstrap", description=__doc__)
    parser.add_argument("--settings", type=Path, default=Path("airflow_settings.yaml"))
    parser.add_argument("--aws-endpoint", default=os.environ.get("AWS_ENDPOINT_URL"), help="default: AWS_ENDPOINT_URL")
    parser.add_argument("--slack-url", default=os.environ.get("SLACK_WEBHOOK_URL"), help="default: SLACK_WEBHOOK_URL")
    parser.add_argument(
        "--set", type=_pair, action="append", default=[], metavar="NAME=VALUE", help="field of the Variable"
    )
    parser.add_argument("--pools", action="store_true", help="only print the pools, for `airflow pools import`")
    options = parser.parse_args(argv)
    try:
        settings = load(options.settings)
        override(settings, aws_endpoint=options.aws_endpoint, slack_url=options.slack_url, values=dict(options.set))
    except ValueError as error:
        print(error, file=sys.stderr)
        return 2
    if options.pools:
        print(json.dumps(pools(settings), indent=2))
        return 0
    apply(settings)
    print(f"applied {options.settings}: " + ", ".join(f"{len(found)} {kind}" for kind, found in settings.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
