"""One bucket, with the few verbs that the system needs; obstore does the work.

Conditional writes are first-class (`create`, `replace`): where two writers could meet, one of them is told.
Every verb has an async twin with a leading `a`, for many objects at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import obstore
import orjson
from obstore.exceptions import AlreadyExistsError, NotFoundError, PreconditionError
from obstore.store import S3Store

from filings.archive.compression import CorruptObject, compress, decompress
from filings.settings import MissingSetting, Settings

__all__ = ["Conflict", "CorruptObject", "Head", "NotFound", "Store", "WrongBucket"]

ZSTD = "application/zstd"
JSON = "application/json"


class NotFound(LookupError):
    """There is no such object."""

    def __init__(self, uri: str, why: str = "") -> None:
        super().__init__(f"{uri} does not exist" + (f": {why}" if why else ""))
        self.uri = uri


class WrongBucket(ValueError):
    """A URI of another bucket than the one at hand."""


class Conflict(RuntimeError):
    """Somebody else has written the object since it was read."""

    def __init__(self, uri: str) -> None:
        super().__init__(f"{uri} was changed by another writer meanwhile")
        self.uri = uri


@dataclass(frozen=True, slots=True)
class Head:
    """What is known of an object without its content."""

    etag: str
    size: int
    metadata: Mapping[str, str]


class Store:
    """One bucket."""

    def __init__(self, backend: S3Store, scheme: str, bucket: str) -> None:
        self._backend = backend
        self.scheme = scheme
        self.bucket = bucket

    @classmethod
    def s3(cls, settings: Settings) -> Store:
        """The S3 bucket; credentials come from the container's role or the usual AWS variables."""
        return cls(
            _backend(settings.s3_bucket, settings.aws_endpoint_url, settings.aws_region), "s3", settings.s3_bucket
        )

    @classmethod
    def r2(cls, settings: Settings) -> Store:
        """The R2 bucket; its credentials are Cloudflare's own.

        Raises:
            MissingSetting: when R2's endpoint or keys are not set.
        """
        if not (settings.r2_endpoint_url and settings.r2_access_key_id and settings.r2_secret_access_key):
            raise MissingSetting("R2_ENDPOINT_URL, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY must be set")
        backend = _backend(
            settings.r2_bucket,
            settings.r2_endpoint_url,
            "auto",
            access_key_id=settings.r2_access_key_id,
            secret_access_key=settings.r2_secret_access_key,
        )
        return cls(backend, "r2", settings.r2_bucket)

    def uri(self, key: str) -> str:
        """`s3://bucket/key`."""
        return f"{self.scheme}://{self.bucket}/{key}"

    def key(self, uri: str) -> str:
        """The key of one of this bucket's URIs.

        Raises:
            WrongBucket: when the URI is of another bucket.
        """
        prefix = self.uri("")
        if not uri.startswith(prefix):
            raise WrongBucket(f"{uri} is not in {prefix}")
        return uri[len(prefix) :]

    # -- reading ---------------------------------------------------------------------------------------------------

    def get(self, key: str) -> bytes:
        """The object's bytes. Raises `NotFound`."""
        try:
            return bytes(obstore.get(self._backend, key).bytes())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error

    async def aget(self, key: str) -> bytes:
        """The object's bytes. Raises `NotFound`."""
        try:
            result = await obstore.get_async(self._backend, key)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error

    def get_or_none(self, key: str) -> bytes | None:
        """The object's bytes, or None when it does not exist."""
        try:
            return self.get(key)
        except NotFound:
            return None

    def get_with_etag(self, key: str) -> tuple[bytes, str] | None:
        """The object's bytes and the ETag that `replace` asks for, or None when it does not exist."""
        try:
            result = obstore.get(self._backend, key)
            etag = str(result.meta["e_tag"])
            return bytes(result.bytes()), etag
        except (NotFoundError, FileNotFoundError):
            return None

    def get_zst(self, key: str) -> bytes:
        """The object's content, decompressed. Raises `NotFound` or `CorruptObject`."""
        return decompress(self.get(key), self.uri(key))

    def get_zst_or_none(self, key: str) -> bytes | None:
        """The object's content, decompressed, or None when it does not exist. Raises `CorruptObject`."""
        data = self.get_or_none(key)
        return None if data is None else decompress(data, self.uri(key))

    def get_json_or_none(self, key: str) -> Any:
        """The object's content as JSON, or None when it does not exist. Raises `CorruptObject`."""
        data = self.get_or_none(key)
        try:
            return None if data is None else orjson.loads(data)
        except orjson.JSONDecodeError as error:
            raise CorruptObject(self.uri(key), f"no JSON: {error}") from error

    def head(self, key: str) -> Head | None:
        """The object's ETag, size and user metadata, or None when it does not exist."""
        try:
            result = obstore.get(self._backend, key, options={"head": True})
        except (NotFoundError, FileNotFoundError):
            return None
        metadata = {str(k): str(v) for k, v in result.attributes.items() if k not in _STANDARD}
        return Head(str(result.meta["e_tag"]), int(result.meta["size"]), metadata)

    async def ahead(self, key: str) -> Head | None:
        """The object's ETag, size and user metadata, or None when it does not exist."""
        try:
            result = await obstore.get_async(self._backend, key, options={"head": True})
        except (NotFoundError, FileNotFoundError):
            return None
        metadata = {str(k): str(v) for k, v in result.attributes.items() if k not in _STANDARD}
        return Head(str(result.meta["e_tag"]), int(result.meta["size"]), metadata)

    def list(self, prefix: str, start_after: str | None = None) -> Iterator[tuple[str, int]]:
        """(key, bytes) of all objects under a prefix, in the order of keys."""
        for chunk in obstore.list(self._backend, prefix=prefix, offset=start_after, chunk_size=1000):
            for item in chunk:
                yield str(item["path"]), int(item["size"])

    # -- writing ---------------------------------------------------------------------------------------------------

    def put(
        self, key: str, data: bytes, content_type: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write the object, whatever was there; returns its ETag."""
        result = obstore.put(self._backend, key, data, attributes=_attributes(key, content_type, metadata))
        return str(result["e_tag"])

    async def aput(
        self, key: str, data: bytes, content_type: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write the object, whatever was there; returns its ETag."""
        result = await obstore.put_async(self._backend, key, data, attributes=_attributes(key, content_type, metadata))
        return str(result["e_tag"])

    def put_if_changed(self, key: str, data: bytes, content_type: str | None = None) -> bool:
        """Write the object unless it holds these bytes already; whether it was written."""
        if self.get_or_none(key) == data:
            return False
        self.put(key, data, content_type)
        return True

    def put_zst(self, key: str, data: bytes, level: int = 10) -> bool:
        """Write the content compressed, unless the object holds it already; whether it was written."""
        return self.put_if_changed(key, compress(data, level), ZSTD)

    def create(self, key: str, data: bytes, content_type: str | None = None) -> bool:
        """Write the object if it does not exist (`If-None-Match: *`); whether it was written."""
        try:
            obstore.put(self._backend, key, data, mode="create", attributes=_attributes(key, content_type, None))
        except AlreadyExistsError:
            return False
        return True

    def replace(
        self,
        key: str,
        data: bytes,
        etag: str,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """Write the object if it is still the one of `etag` (`If-Match`); returns the new ETag. Raises `Conflict`."""
        try:
            result = obstore.put(
                self._backend,
                key,
                data,
                mode={"e_tag": etag},
                attributes=_attributes(key, content_type, metadata),
            )
        except (PreconditionError, NotFoundError, FileNotFoundError) as error:
            raise Conflict(self.uri(key)) from error
        return str(result["e_tag"])

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects; those that do not exist are no error. Returns how many were named."""
        names = list(keys)
        for start in range(0, len(names), 1000):
            obstore.delete(self._backend, names[start : start + 1000])
        return len(names)


_STANDARD = {
    "Content-Disposition",
    "Content-Encoding",
    "Content-Language",
    "Content-Type",
    "Cache-Control",
}


def _attributes(key: str, content_type: str | None, metadata: Mapping[str, str] | None) -> dict[str, str]:
    if content_type is None:
        content_type = ZSTD if key.endswith(".zst") else JSON if key.endswith(".json") else "application/octet-stream"
    return {"Content-Type": content_type, **(metadata or {})}


def _backend(bucket: str, endpoint: str | None, region: str, **keys: str) -> S3Store:
    config: Any = {"bucket": bucket, "region": region, "conditional_put": "etag", **keys}
    client: Any = {"timeout": timedelta(seconds=120), "connect_timeout": timedelta(seconds=10)}
    if endpoint:
        config["endpoint"] = endpoint
        config["virtual_hosted_style_request"] = False
        client["allow_http"] = endpoint.startswith("http://")
    backoff: Any = {"init_backoff": timedelta(seconds=0.2), "max_backoff": timedelta(seconds=20), "base": 2}
    retry: Any = {"max_retries": 9, "retry_timeout": timedelta(seconds=180), "backoff": backoff}
    return S3Store(config=config, client_options=client, retry_config=retry)
