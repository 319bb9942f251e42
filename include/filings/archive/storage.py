"""One bucket, with the few verbs that the system needs; obstore does the work.

Conditional writes are first-class (`create`, `replace`): where two writers could meet, one of them is told.
The verbs for many objects at once are async and have a leading `a`.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import obstore
import orjson
from obstore import Bytes
from obstore.exceptions import AlreadyExistsError, GenericError, NotFoundError, PreconditionError
from obstore.store import S3Store
from typing_extensions import Buffer

from filings.archive.bucket import ZSTD, again, attributes_of, connect, user_metadata
from filings.archive.compression import CorruptObject, Source, compress, content_size, decompress
from filings.archive.large_objects import LARGE, PART, UNDER_WAY, Begun, Ranges, Whole, upload
from filings.settings import MissingSetting, Settings

__all__ = ["ZSTD", "Conflict", "CorruptObject", "Head", "NotFound", "Opened", "Store", "WrongBucket"]

_NO_SUCH_RANGE = "status code: 416 "
_AT_ONCE = 1 << 20  # larger objects are opened first and read when there is memory for them


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


@dataclass(frozen=True, slots=True)
class Opened:
    """An object that is about to be read: `size` as stored, and `plain_size` as its zstd header says, if it does."""

    size: int
    plain_size: int | None
    content: Source


class Store:
    """One bucket."""

    def __init__(self, backend: S3Store, scheme: str, bucket: str) -> None:
        self._backend = backend
        self.scheme = scheme
        self.bucket = bucket

    @classmethod
    def s3(cls, settings: Settings) -> Store:
        """The S3 bucket; credentials come from the container's role or the usual AWS variables."""
        backend = connect(
            settings.s3_bucket, settings.aws_endpoint_url, settings.aws_region, checksum_algorithm="SHA256"
        )
        return cls(backend, "s3", settings.s3_bucket)

    @classmethod
    def r2(cls, settings: Settings) -> Store:
        """The R2 bucket; its credentials are Cloudflare's own.

        Raises:
            MissingSetting: when R2's endpoint or keys are not set.
        """
        if not (settings.r2_endpoint_url and settings.r2_access_key_id and settings.r2_secret_access_key):
            raise MissingSetting("R2_ENDPOINT_URL, R2_ACCESS_KEY_ID and R2_SECRET_ACCESS_KEY must be set")
        backend = connect(
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
            beginning = await self._beginning(key)
            if len(beginning) < _AT_ONCE:
                return bytes(beginning)
            result = await obstore.get_async(self._backend, key)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error

    async def aopen(self, key: str) -> Opened:
        """The object, to be read in a thread: a small one is here already, a large one comes range by range.

        Raises:
            NotFound: when there is none.
        """
        try:
            beginning = await self._beginning(key)
            size = len(beginning)
            if size < _AT_ONCE:
                return Opened(size, content_size(beginning, size), Whole(beginning))
            about = await obstore.head_async(self._backend, key)
            size, etag = int(about["size"]), str(about["e_tag"])
            return Opened(size, content_size(beginning, size), Ranges(self._backend, key, size, etag))
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error

    async def abegin(self, key: str) -> Begun:
        """The object's first megabyte, by one request: of a small object that is all of it. Raises `NotFound`."""
        options: Any = {"range": (0, _AT_ONCE)}
        try:
            result = await obstore.get_async(self._backend, key, options=options)
            about = result.meta
            return Begun(self._backend, key, await result.bytes_async(), int(about["size"]), str(about["e_tag"]))
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error
        except GenericError as error:
            if _NO_SUCH_RANGE not in str(error):
                raise
            return Begun(self._backend, key, b"", 0, "")

    async def _beginning(self, key: str) -> Bytes:
        """The first bytes, by one request and one step of the loop; fewer than `_AT_ONCE` are all there are."""
        try:
            return await obstore.get_range_async(self._backend, key, start=0, end=_AT_ONCE)
        except GenericError as error:
            if _NO_SUCH_RANGE not in str(error):
                raise
            return Bytes(b"")  # of an empty object there is no first byte

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
        return Head(str(result.meta["e_tag"]), int(result.meta["size"]), user_metadata(result.attributes))

    async def ahead(self, key: str) -> Head | None:
        """The object's ETag, size and user metadata, or None when it does not exist."""
        try:
            result = await obstore.get_async(self._backend, key, options={"head": True})
        except (NotFoundError, FileNotFoundError):
            return None
        return Head(str(result.meta["e_tag"]), int(result.meta["size"]), user_metadata(result.attributes))

    def list(self, prefix: str, start_after: str | None = None) -> Iterator[tuple[str, int]]:
        """(key, bytes) of all objects under a prefix, in the order of keys."""
        for chunk in obstore.list(self._backend, prefix=prefix, offset=start_after, chunk_size=1000):
            for item in chunk:
                yield str(item["path"]), int(item["size"])

    def list_pages(self, prefix: str, start_after: str | None = None) -> Iterator[builtins.list[str]]:
        """The keys of all objects under a prefix, in order, a page at a time."""
        for page in obstore.list(self._backend, prefix=prefix, offset=start_after, chunk_size=1000):
            yield [item["path"] for item in page]

    # -- writing ---------------------------------------------------------------------------------------------------

    def put(
        self, key: str, data: bytes, content_type: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write the object, whatever was there; returns its ETag."""
        attributes: Any = attributes_of(key, content_type, metadata)
        parts = len(data) > LARGE
        result = obstore.put(
            self._backend,
            key,
            data,
            attributes=attributes,
            use_multipart=parts,
            chunk_size=PART,
            max_concurrency=UNDER_WAY,
        )
        return str(result["e_tag"])

    async def aput(
        self, key: str, data: bytes, content_type: str | None = None, metadata: Mapping[str, str] | None = None
    ) -> str:
        """Write the object, whatever was there; returns its ETag."""
        attributes: Any = attributes_of(key, content_type, metadata)
        if len(data) > LARGE:
            return (await upload(self._backend, key, (data,), attributes))[0]
        result = await obstore.put_async(self._backend, key, data, attributes=attributes, use_multipart=False)
        return str(result["e_tag"])

    async def aput_pieces(self, key: str, pieces: Iterable[Buffer], content_type: str | None = None) -> int:
        """Write an object of any size from its pieces, which are made while it is sent; returns its size.

        It is there whole or not at all: where making the pieces fails, or the task is cancelled, the upload is aborted.
        """
        return (await upload(self._backend, key, pieces, attributes_of(key, content_type, None)))[1]

    async def acopy(self, key: str, to: str) -> None:
        """Copy an object within the store, whatever was there. Raises `NotFound`."""
        try:
            await obstore.copy_async(self._backend, key, to)
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(self.uri(key)) from error

    def put_if_changed(self, key: str, data: bytes, content_type: str | None = None) -> bool:
        """Write the object unless it holds these bytes already; whether it was written."""
        if self.get_or_none(key) == data:
            return False
        self.put(key, data, content_type)
        return True

    def put_zst(self, key: str, data: bytes, level: int = 10) -> bool:
        """Write the content compressed, unless the object holds it already; whether it was written."""
        return self.put_if_changed(key, compress(data, level), ZSTD)

    def create(self, key: str, data: bytes, content_type: str | None = None) -> str | None:
        """Write the object if it does not exist (`If-None-Match: *`); its ETag, or None when there is another one."""
        attributes: Any = attributes_of(key, content_type, None)
        try:
            result = again(lambda: obstore.put(self._backend, key, data, mode="create", attributes=attributes))
        except AlreadyExistsError:
            return self._written(key, data)
        return str(result["e_tag"])

    def replace(
        self,
        key: str,
        data: bytes,
        etag: str,
        content_type: str | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> str:
        """Write the object if it is still the one of `etag` (`If-Match`); returns the new ETag. Raises `Conflict`."""
        attributes: Any = attributes_of(key, content_type, metadata)
        try:
            mode: Any = {"e_tag": etag}
            result = again(lambda: obstore.put(self._backend, key, data, mode=mode, attributes=attributes))
        except PreconditionError as error:
            if (written := self._written(key, data, metadata)) is None:
                raise Conflict(self.uri(key)) from error
            return written
        except (NotFoundError, FileNotFoundError) as error:
            raise Conflict(self.uri(key)) from error
        return str(result["e_tag"])

    def _written(self, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> str | None:
        """The ETag of the object when it is what we were about to write, else None.

        A write whose answer was lost is tried again, and then meets what it has written itself.
        """
        head = self.head(key)
        if head is None or head.size != len(data) or dict(head.metadata) != dict(metadata or {}):
            return None
        held = self.get_with_etag(key)
        return held[1] if held is not None and held[0] == data else None

    def delete(self, keys: Iterable[str]) -> int:
        """Delete objects; those that do not exist are no error. Returns how many were named."""
        names = list(keys)
        for start in range(0, len(names), 1000):
            some = names[start : start + 1000]
            again(partial(obstore.delete, self._backend, some))
        return len(names)
