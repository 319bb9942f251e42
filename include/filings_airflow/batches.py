"""From a plan in S3 to the containers of a mapped step: Airflow sees URIs and numbers, never accessions."""

from __future__ import annotations

from typing import Any

from airflow.sdk import get_current_context, task

from filings.archive import keys

MAX_BATCHES = 1000  # as the planners keep to; Airflow's max_map_length is 1024


class BadManifest(ValueError):
    """A manifest is missing, or says what a mapped step cannot do."""


def overrides_of(manifest: dict[str, Any], uri: str, container: str) -> list[dict[str, Any]]:
    """One RunTask override for each batch of a manifest.

    Raises:
        BadManifest: when there are more than 1,000 batches.
    """
    batches = manifest["batches"]
    if len(batches) > MAX_BATCHES:
        raise BadManifest(
            f"{uri} has {len(batches)} batches and a mapped step takes at most {MAX_BATCHES}: "
            "trigger the run with a larger batch_size or with dates"
        )
    return [
        {
            "containerOverrides": [
                {
                    "name": container,
                    "command": [
                        manifest["task"],
                        "--run-id",
                        manifest["run_id"],
                        "--manifest",
                        uri,
                        "--batch",
                        str(batch["batch"]),
                    ],
                }
            ]
        }
        for batch in batches
    ]


def batches_of(name: str) -> Any:
    """A light task that reads a manifest which a planner wrote for this run, and returns one override a batch."""

    @task(task_id=f"{name}_batches")
    def read() -> list[dict[str, Any]]:
        from filings_airflow.bucket import Bucket
        from filings_airflow.deployment import Deployment

        deployment = Deployment.read()
        run_id = get_current_context()["run_id"]
        key = keys.manifest(run_id, name)
        uri = f"s3://{deployment.bucket}/{key}"
        found = Bucket.of(deployment).get(key)
        if found is None:
            raise BadManifest(f"{uri} does not exist: the planner of this run did not write it; run the planner again")
        return overrides_of(found[0], uri, deployment.container)

    return read()
