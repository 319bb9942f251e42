"""What Terraform makes of AWS before the first run: buckets, cluster, task definition, log group, secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sandbox.names import (
    ACCESS_KEY,
    BUCKET,
    CLUSTER,
    CONTAINER,
    FAMILY,
    IMAGE,
    LOG_GROUP,
    LOG_PREFIX,
    R2_ACCESS_KEY,
    R2_SECRET_KEY,
    REGION,
    SECRET,
    SECRET_KEY,
)

SECRET_VARIABLES = ("MYSQL_URL", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY")


def client(service: str, endpoint: str, *, key: str = ACCESS_KEY, secret: str = SECRET_KEY) -> Any:
    """A boto3 client of an endpoint; nothing of the host's AWS configuration is looked at."""
    import boto3
    from botocore.config import Config

    config = Config(retries={"total_max_attempts": 1}, proxies={}, max_pool_connections=50)
    return boto3.session.Session().client(
        service,
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=config,
    )


def make(aws_url: str, r2_url: str, container: Mapping[str, str]) -> None:
    """Make everything that the pipelines expect to find; `container` is the environment of the task container."""
    for url, key, secret in ((aws_url, ACCESS_KEY, SECRET_KEY), (r2_url, R2_ACCESS_KEY, R2_SECRET_KEY)):
        objects = client("s3", url, key=key, secret=secret)
        if BUCKET not in [bucket["Name"] for bucket in objects.list_buckets()["Buckets"]]:
            objects.create_bucket(Bucket=BUCKET)
    secrets = {name: container[name] for name in SECRET_VARIABLES if name in container}
    arn = client("secretsmanager", aws_url).create_secret(Name=SECRET, SecretString=json.dumps(secrets))["ARN"]
    client("logs", aws_url).create_log_group(logGroupName=LOG_GROUP)
    ecs = client("ecs", aws_url)
    ecs.create_cluster(clusterName=CLUSTER)
    ecs.register_task_definition(**task_definition(container, arn))


def task_definition(container: Mapping[str, str], secret_arn: str) -> dict[str, Any]:
    """The task definition as Terraform has it; only cpu and memory mean nothing here."""
    options = {"awslogs-group": LOG_GROUP, "awslogs-region": REGION, "awslogs-stream-prefix": LOG_PREFIX}
    plain = {name: value for name, value in container.items() if name not in SECRET_VARIABLES}
    return {
        "family": FAMILY,
        "networkMode": "awsvpc",
        "requiresCompatibilities": ["FARGATE"],
        "cpu": "1024",
        "memory": "4096",
        "containerDefinitions": [
            {
                "name": CONTAINER,
                "image": IMAGE,
                "essential": True,
                "entryPoint": ["python", "-m", "filings"],
                "stopTimeout": 30,
                "environment": [{"name": name, "value": value} for name, value in sorted(plain.items())],
                "secrets": [
                    {"name": name, "valueFrom": f"{secret_arn}:{name}::"}
                    for name in SECRET_VARIABLES
                    if name in container
                ],
                "logConfiguration": {"logDriver": "awslogs", "options": options},
            }
        ],
    }
