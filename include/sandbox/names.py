"""The names and credentials of the sandbox's one deployment: what Terraform would be told."""

from __future__ import annotations

REGION = "us-east-1"
ACCOUNT = "123456789012"
CLUSTER = "filings"
FAMILY = IMAGE = "filings-task"
CONTAINER = "task"
LOG_GROUP = "/ecs/filings-task"
LOG_PREFIX = "task"
BUCKET = "filings"
SUBNET = "subnet-5a9db0c5"  # RunTask wants one for awsvpc; there is no network behind it
SECRET = "filings/task"

ACCESS_KEY = SECRET_KEY = "sandbox"
R2_ACCESS_KEY = R2_SECRET_KEY = "sandbox-r2"
USER_AGENT = "Filings Sandbox sandbox@example.com"
