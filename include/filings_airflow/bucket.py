"""The few control objects that Airflow itself reads and writes: manifests and the lock, never data."""

from __future__ import annotations

import json
from typing import Any

from filings_airflow.deployment import AWS_CONN_ID, Deployment

_LOST_RACE = {"PreconditionFailed", "ConditionalRequestConflict", "412", "409", "NoSuchKey", "404"}


class Bucket:
    """JSON objects of the deployment's S3 bucket, written only on conditions."""

    def __init__(self, name: str, client: Any) -> None:
        self.name = name
        self.client = client

    @classmethod
    def of(cls, deployment: Deployment) -> Bucket:
        """The bucket of a deployment, through the Airflow connection."""
        from airflow.providers.amazon.aws.hooks.s3 import S3Hook

        return cls(deployment.bucket, S3Hook(aws_conn_id=AWS_CONN_ID).get_conn())

    def get(self, key: str) -> tuple[Any, str] | None:
        """An object's content and its ETag, or None when there is no such object."""
        from botocore.exceptions import ClientError

        try:
            answer = self.client.get_object(Bucket=self.name, Key=key)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("NoSuchKey", "404"):
                return None
            raise
        body = answer["Body"].read()
        try:
            return json.loads(body), answer["ETag"]
        except ValueError as error:
            raise ValueError(f"s3://{self.name}/{key} is not JSON: {error}") from error

    def put_if(self, key: str, content: Any, etag: str | None) -> bool:
        """Write the object if it is still the one of this ETag (None: if there is none yet); False if it is not."""
        from botocore.exceptions import ClientError

        condition = {"IfMatch": etag} if etag else {"IfNoneMatch": "*"}
        body = json.dumps(content).encode()
        try:
            self.client.put_object(Bucket=self.name, Key=key, Body=body, ContentType="application/json", **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] in _LOST_RACE:
                return False
            raise
        return True
