"""The cloud on one machine as a context manager: `with Sandbox(folder, edgar_data=DIR) as cloud:`.

Everything it starts ends with it, also when it is killed. Its objects, its database and its messages stay in `folder`,
and the next sandbox on that folder goes on with them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from sandbox import airflow as airflow_service
from sandbox import bootstrap, mysql, slack, warden
from sandbox.api import Airflow
from sandbox.containers import Image
from sandbox.names import (
    ACCESS_KEY,
    BUCKET,
    CLUSTER,
    CONTAINER,
    FAMILY,
    IMAGE,
    R2_ACCESS_KEY,
    R2_SECRET_KEY,
    REGION,
    SECRET_KEY,
    SUBNET,
    USER_AGENT,
)
from sandbox.processes import NO_PROXY, Process, SandboxError, accepts, answers, free_port, stop_all

INCLUDE = Path(__file__).resolve().parents[1]
START_SECONDS = 60


@dataclass
class Sandbox:
    """AWS, R2, MySQL and Slack, EDGAR when there is data for it, and Airflow when asked for.

    `folder` keeps the state, `edgar_data` is what the EDGAR stand-in serves (None: there is none), `edgar_url` another
    server to use in its place, `environment` is added to the containers' environment, `slots` is how many of them
    work at once, `faults` are those of `sandbox.faults`, `task_python` is the interpreter of the containers, `dags` is
    another folder of DAGs than the project's, `deployment` changes entries of the Airflow Variable `filings`,
    `schedules` lets Airflow start runs by the clock. With `first_port` the servers have known ports, in this order:
    AWS, Slack, R2, EDGAR, MySQL; `host` is what all but MySQL listen on.
    """

    folder: Path
    edgar_data: Path | None = None
    airflow: bool = False
    mysql: bool = True
    slots: int = 4
    edgar_url: str | None = None
    edgar_options: tuple[str, ...] = ()
    user_agent: str = USER_AGENT
    environment: Mapping[str, str] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    task_python: str = sys.executable
    pythonpath: str = str(INCLUDE)
    project: Path = INCLUDE.parent
    dags: Path | None = None
    deployment: Mapping[str, Any] = field(default_factory=dict)
    schedules: bool = False
    host: str = "127.0.0.1"
    first_port: int | None = None

    def __post_init__(self) -> None:
        self.folder = Path(self.folder).resolve()
        self.logs = self.folder / "logs"
        self.mark = uuid.uuid4().hex
        self.processes: list[Process] = []
        self.aws_url = self.r2_url = self.slack_url = ""
        self.mysql_url: str | None = None
        self.airflow_url: str | None = None
        self.left_over: list[str] = []
        self._warden: subprocess.Popen[bytes] | None = None

    # -- start and stop

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self.stop()

    def start(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._start_warden()
        aws_port, slack_port, r2_port, edgar_port, mysql_port = (
            free_port() if self.first_port is None else self.first_port + place for place in range(5)
        )
        listen = "--host", self.host
        self.aws_url, self.r2_url = f"http://127.0.0.1:{aws_port}", f"http://127.0.0.1:{r2_port}"
        self.slack_url = f"http://127.0.0.1:{slack_port}"
        images, faults = json.dumps({IMAGE: self._image().to_json()}), json.dumps(self.faults)
        where = "--folder", self.folder, "--port", aws_port, "--r2-port", r2_port
        aws = self._module(
            "AWS", "sandbox.aws", *listen, *where, "--slots", self.slots, "--images", images, "--faults", faults
        )
        messages = self.folder / "slack.jsonl"
        sink = self._module("Slack", "sandbox.slack", *listen, "--port", slack_port, "--file", messages)
        waits = [
            (aws, lambda: answers(f"{self.aws_url}/_sandbox/health")),
            (sink, lambda: answers(f"{self.slack_url}/_sandbox/health")),
        ]
        if self.edgar_data is not None:
            self.edgar_url = f"http://127.0.0.1:{edgar_port}"
            health = f"{self.edgar_url}/_sandbox/health"
            edgar = self._module(
                "EDGAR", "sandbox.edgar", *listen, "--data", self.edgar_data, "--port", edgar_port, *self.edgar_options
            )
            waits.append((edgar, lambda: answers(health)))
        if self.mysql:
            self.mysql_url = os.environ.get("MYSQL_URL")
            if not self.mysql_url:
                self.mysql_url = mysql.url(mysql_port)
                waits.append((self.start_mysql(mysql_port), lambda: accepts(mysql_port)))
        if self.airflow:
            places = airflow_service.places_for(self.project, self.folder, self.dags)
            parts = self._start_airflow(places)
        for process, ready in waits:
            process.wait_until(ready, START_SECONDS)
        bootstrap.make(self.aws_url, self.r2_url, self.container_environment)
        if self.airflow:
            airflow_service.wait_until_healthy(places, parts)
            self.left_over = airflow_service.left_over(self.logs)
            self.airflow_url = places.url

    def _start_airflow(self, places: airflow_service.Places) -> Process:
        env = airflow_service.environment(places, self.host_environment, schedules=self.schedules)
        bootstrap_options = airflow_service.bootstrap_options(
            self.project, aws_url=self.aws_url, slack_url=self.slack_url, deployment=self.deployment
        )
        process = airflow_service.start(places, env, bootstrap_options, self.logs)
        self.processes.append(process)
        return process

    def start_mysql(self, port: int, *options: str) -> Process:
        """Start MariaDB on that port; also for tests that want to see it come late, or with options of their own."""
        log = self.logs / "mysql.log"
        process = mysql.begin(self.folder / "mysql", port, log=log, env=self.host_environment, options=options)
        self.processes.append(process)
        return process

    def check(self) -> None:
        """Raise SandboxError if one of the servers has ended."""
        for process in self.processes:
            if not process.running:
                raise SandboxError(f"{process.name} has ended: {process.tail()} ({process.log})")

    def stop(self) -> None:
        stop_all(self.processes)
        self.processes.clear()
        if self._warden is not None:
            assert self._warden.stdin is not None
            self._warden.stdin.close()
            self._warden.wait()
            self._warden = None

    def _start_warden(self) -> None:
        self._warden = subprocess.Popen(
            [sys.executable, "-I", "-S", warden.__file__, self.mark], stdin=subprocess.PIPE, start_new_session=True
        )

    def _module(self, name: str, module: str, *options: object) -> Process:
        log = self.logs / f"{name.lower()}.log"
        words = [sys.executable, "-m", module, *map(str, options)]
        process = Process(name, words, env=self.host_environment, log=log)
        self.processes.append(process)
        return process

    # -- environments

    @property
    def host_environment(self) -> dict[str, str]:
        """For the sandbox's own servers."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "AIRFLOW__"))}
        own = {"PYTHONPATH": str(self.project / "include"), "PYTHONUNBUFFERED": "1"}
        return {**kept, **own, warden.VARIABLE: self.mark}

    @property
    def container_environment(self) -> dict[str, str]:
        """What the task definition gives to containers."""
        given = {
            "FILINGS_S3_BUCKET": BUCKET,
            "FILINGS_R2_BUCKET": BUCKET,
            "R2_ENDPOINT_URL": self.r2_url,
            "R2_ACCESS_KEY_ID": R2_ACCESS_KEY,
            "R2_SECRET_ACCESS_KEY": R2_SECRET_KEY,
            "SEC_USER_AGENT": self.user_agent,
        }
        if self.edgar_url:
            given |= {"SEC_BASE_URL": self.edgar_url, "SEC_EFTS_URL": self.edgar_url}
        if self.mysql_url:
            given["MYSQL_URL"] = self.mysql_url
        return given | dict(self.environment)

    @property
    def aws_environment(self) -> dict[str, str]:
        """What a role and the region give to a process on AWS; here also the endpoint."""
        return {
            "AWS_ENDPOINT_URL": self.aws_url,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        }

    @property
    def env(self) -> dict[str, str]:
        """All settings of a container: `os.environ | cloud.env` runs `python -m filings …` by hand."""
        return self.aws_environment | self.container_environment

    def _image(self) -> Image:
        own = {**self.aws_environment, warden.VARIABLE: self.mark}
        # the sandbox's own name gets the container's id; a person's own is what sec.gov wants to see
        return Image(self.task_python, self.pythonpath, own, mark_user_agent=self.user_agent == USER_AGENT)

    # -- talking to it

    def client(self, service: str) -> Any:
        """A boto3 client of AWS, or of R2 for the service `r2`."""
        if service == "r2":
            return bootstrap.client("s3", self.r2_url, key=R2_ACCESS_KEY, secret=R2_SECRET_KEY)
        return bootstrap.client(service, self.aws_url)

    def run_task(self, *command: str, environment: Mapping[str, str] | None = None, **options: Any) -> str:
        """RunTask with that command (`update_missing_s3`, `--run-id`, …); returns the task's ARN."""
        override: dict[str, Any] = {"name": CONTAINER, "command": list(command)}
        if environment:
            override["environment"] = [{"name": name, "value": value} for name, value in environment.items()]
        answer = self.client("ecs").run_task(
            cluster=CLUSTER,
            taskDefinition=FAMILY,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": {"subnets": [SUBNET]}},
            overrides={"containerOverrides": [override]},
            **options,
        )
        return answer["tasks"][0]["taskArn"]

    @property
    def airflow_api(self) -> Airflow:
        if self.airflow_url is None:
            raise SandboxError("this sandbox was started without Airflow")
        return Airflow(self.airflow_url)

    def fault(self, kind: str, **details: Any) -> None:
        """Order a fault, such as `cloud.fault("exit", task="update_sec_filings_sgml_r2", batch=2, code=3)`."""
        self._call("POST", f"{self.aws_url}/_sandbox/faults", {"kind": kind, **details})

    def faults_ordered(self) -> list[dict[str, Any]]:
        """The faults in force, each with how often it has `struck`."""
        return self._call("GET", f"{self.aws_url}/_sandbox/faults")

    def clear_faults(self) -> None:
        self._call("DELETE", f"{self.aws_url}/_sandbox/faults")

    def object_counts(self) -> dict[str, dict[str, dict[str, int]]]:
        """{"s3": {bucket: {"puts", "changes", "copies", "deletes", "gets", "heads", "lists", …}}, "r2": …}."""
        return self._call("GET", f"{self.aws_url}/_sandbox/objects")

    def changed_objects(self) -> dict[str, dict[str, list[str]]]:
        """{"s3": {bucket: [keys]}, "r2": …}: what was written with other content than it had, in order."""
        return self._call("GET", f"{self.aws_url}/_sandbox/changed")

    def reset_object_counts(self) -> None:
        self._call("DELETE", f"{self.aws_url}/_sandbox/objects")

    def tasks(self) -> list[dict[str, Any]]:
        """All containers since the start: id, command, status, exit, reason and times."""
        return self._call("GET", f"{self.aws_url}/_sandbox/tasks")

    def edgar_requests(self) -> Any:
        """EDGAR's counts of requests."""
        return self._call("GET", f"{self.edgar_url}/_sandbox/requests")

    def edgar_health(self) -> dict[str, Any]:
        """EDGAR's number of `filings`, and `unreadable`: what is wrong with files of its folder, by name."""
        return self._call("GET", f"{self.edgar_url}/_sandbox/health")

    def slack_messages(self) -> list[dict[str, Any]]:
        return slack.read_messages(self.folder / "slack.jsonl")

    def refuse_slack(self, status: int = 500, times: int = 1) -> None:
        """Let Slack answer so to the next messages."""
        self._call("POST", f"{self.slack_url}/_sandbox/answer", {"status": status, "times": times}, parse=False)

    def _call(self, method: str, url: str, body: Any = None, *, parse: bool = True) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method)
        with NO_PROXY.open(request, timeout=10) as answer:
            return json.load(answer) if parse else answer.read()
