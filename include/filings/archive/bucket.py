"""The way to a bucket: what is tried again and how often, how long an answer may take, and how bytes are verified.

Server errors, timeouts and broken connections are tried again, with growing pauses. What is sent is checked by the
store: its SHA-256 is part of every request's signature, and S3 keeps it with the object (R2 refuses that for the parts
of an upload). What is received is checked by its length, and by the checksum of its zstd frame when it is unpacked.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from obstore.exceptions import GenericError
from obstore.store import S3Store

T = TypeVar("T")
ZSTD = "application/zstd"
JSON = "application/json"
_PAUSES = (0.2, 1.0, 4.0, 15.0)  # seconds
_ANSWERED = "Server returned"
_STANDARD = {
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "Cache-Control",
}


def connect(bucket: str, endpoint: str | None, region: str, **more: str) -> S3Store:
    """A client of a bucket; `more` are further settings of obstore's `S3Store`."""
    config: Any = {"bucket": bucket, "region": region, "conditional_put": "etag", **more}
    client: Any = {"timeout": timedelta(seconds=120), "connect_timeout": timedelta(seconds=10)}
    if endpoint:
        config["endpoint"] = endpoint
        config["virtual_hosted_style_request"] = False
        client["allow_http"] = endpoint.startswith("http://")
    backoff: Any = {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=20), "base": 2}
    retry: Any = {"max_retries": 9, "retry_timeout": timedelta(seconds=180), "backoff": backoff}
    return S3Store(config=config, client_options=client, retry_config=retry)


def again(ask: Callable[[], T]) -> T:
    """Ask anew where no answer came to a request that obstore does not repeat, since it could take effect twice.

    Those that come here may: a conditional write knows what it has written, and deleting twice is deleting.
    """
    for pause in _PAUSES:
        try:
            return ask()
        except GenericError as error:
            if _ANSWERED in str(error):  # and obstore has tried it again, if that could help
                raise
            time.sleep(pause * random.uniform(0.5, 1.0))
    return ask()


def attributes_of(key: str, content_type: str | None, metadata: Mapping[str, str] | None) -> dict[str, str]:
    """What an object is written with; its content type follows from its key when none is given."""
    if content_type is None:
        content_type = ZSTD if key.endswith(".zst") else JSON if key.endswith(".json") else "application/octet-stream"
    return {"Content-Type": content_type, **(metadata or {})}


def user_metadata(attributes: Mapping[Any, Any]) -> dict[str, str]:
    """Of an object's attributes those that its writer has made up."""
    return {str(name): str(value) for name, value in attributes.items() if name not in _STANDARD}
