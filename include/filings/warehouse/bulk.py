"""What large tables ask of S3 beyond single objects: reading a part, and appending without moving what is there.

A server-side part copy takes the object that exists as the first parts of the new one, so appending costs the delta.
Parts must have 5 MiB, except the last; smaller objects are simply written anew. All of it is conditional on the ETag,
and shows only when it is complete: a reader sees the old object or the new one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain
from typing import Any

from filings.archive.storage import ZSTD, Conflict, Head, NotFound, Store
from filings.settings import Settings

LEAST_PART = 5 << 20
COPIED_PART = 64 << 20  # at most; several are copied side by side
UPLOAD_PART = 16 << 20
_PARTS = 5000  # an upload may have twice as many; the rest is for what is more than was foreseen
_COPIES = 8
_READ = 1 << 20


class Bulk:
    """The S3 bucket for large objects."""

    def __init__(self, store: Store, settings: Settings) -> None:
        import boto3
        from botocore.config import Config

        self.store = store
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.aws_endpoint_url,
            region_name=settings.aws_region,
            config=Config(retries={"max_attempts": 8, "mode": "standard"}, s3={"addressing_style": "path"}),
        )

    def chunks(self, key: str, etag: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        """The object's bytes from `start` to `end` (exclusive). Raises `Conflict` when it is not the one of `etag`."""
        if end is not None and start >= end:
            return
        options = {"Range": f"bytes={start}-{'' if end is None else end - 1}"} if start or end is not None else {}
        with self._errors(key):
            answer = self._client.get_object(Bucket=self.store.bucket, Key=key, IfMatch=etag, **options)
        yield from answer["Body"].iter_chunks(_READ)

    def append(self, key: str, head: Head, tail: bytes, metadata: Mapping[str, str]) -> None:
        """Append bytes to the object of `head`. Raises `Conflict` when another writer was quicker."""
        self.splice(key, head, head.size, [tail] if tail else [], metadata)

    def splice(self, key: str, head: Head, keep: int, pieces: Iterable[bytes], metadata: Mapping[str, str]) -> None:
        """Put pieces behind the first `keep` bytes of the object of `head`, which the server copies.

        Raises:
            Conflict: when another writer was quicker.
        """
        if keep < LEAST_PART:
            self.write(key, chain(self.chunks(key, head.etag, 0, keep), pieces), metadata, head.etag, head.size)
            return
        # R2 wants parts of one length, but for the last: so the few bytes that do not divide are fetched and sent on.
        count = min(math.ceil(keep / COPIED_PART), _PARTS)
        size = keep // count
        rest = self.chunks(key, head.etag, size * count, keep)
        upload = self._begin(key, metadata)
        try:
            with ThreadPoolExecutor(_COPIES) as pool:
                copy = partial(self._copy_part, key, upload, head.etag, size)
                parts = list(pool.map(copy, range(1, count + 1)))
            for piece in _sliced(chain(rest, pieces), size):
                parts.append(self._upload_part(key, upload, len(parts) + 1, piece))
            self._complete(key, upload, parts, head.etag)
        except BaseException:
            self._client.abort_multipart_upload(**upload)
            raise

    def write(
        self, key: str, pieces: Iterable[bytes], metadata: Mapping[str, str], etag: str | None, about: int = 0
    ) -> None:
        """Write an object of any size from pieces, in place of the one of `etag` (None: where there is none).

        Args:
            key: of the object.
            pieces: its bytes.
            metadata: what it tells of itself.
            etag: of the object that it replaces.
            about: how many bytes there may be, if more than 80 GB: an upload has 10,000 parts at most.

        Raises:
            Conflict: when another writer was quicker.
        """
        sliced = _sliced(pieces, max(UPLOAD_PART, about // _PARTS))
        first = next(sliced, b"")
        second = next(sliced, None)
        if second is None:
            if etag is not None:
                self.store.replace(key, first, etag, ZSTD, metadata)
            else:
                with self._errors(key):
                    self._client.put_object(
                        Bucket=self.store.bucket,
                        Key=key,
                        Body=first,
                        IfNoneMatch="*",
                        ContentType=ZSTD,
                        Metadata=dict(metadata),
                    )
            return
        upload = self._begin(key, metadata)
        try:
            parts: list[dict[str, Any]] = []
            for piece in chain([first, second], sliced):
                parts.append(self._upload_part(key, upload, len(parts) + 1, piece))
            self._complete(key, upload, parts, etag)
        except BaseException:
            self._client.abort_multipart_upload(**upload)
            raise

    def _begin(self, key: str, metadata: Mapping[str, str]) -> dict[str, str]:
        begun = self._client.create_multipart_upload(
            Bucket=self.store.bucket, Key=key, ContentType=ZSTD, Metadata=dict(metadata)
        )
        return {"Bucket": self.store.bucket, "Key": key, "UploadId": str(begun["UploadId"])}

    def _copy_part(self, key: str, upload: dict[str, str], etag: str, size: int, number: int) -> dict[str, Any]:
        """Take the n-th `size` bytes of the object over into its successor."""
        with self._errors(key):
            copied = self._client.upload_part_copy(
                **upload,
                PartNumber=number,
                CopySource={"Bucket": self.store.bucket, "Key": key},
                CopySourceIfMatch=etag,
                CopySourceRange=f"bytes={size * (number - 1)}-{size * number - 1}",
            )
        return {"PartNumber": number, "ETag": copied["CopyPartResult"]["ETag"]}

    def _upload_part(self, key: str, upload: dict[str, str], number: int, data: bytes) -> dict[str, Any]:
        with self._errors(key):
            done = self._client.upload_part(**upload, PartNumber=number, Body=data)
        return {"PartNumber": number, "ETag": done["ETag"]}

    def _complete(self, key: str, upload: dict[str, str], parts: list[dict[str, Any]], etag: str | None) -> None:
        # S3 checks the condition when it completes; a stand-in that does not still gets the look just before.
        now = self.store.head(key)
        if (now.etag if now else None) != etag:
            raise Conflict(self.store.uri(key))
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        with self._errors(key):
            self._client.complete_multipart_upload(**upload, MultipartUpload={"Parts": parts}, **condition)

    def _errors(self, key: str) -> _Errors:
        return _Errors(self.store.uri(key))


class _Errors:
    """Turns botocore's errors of conditions and absence into the store's own."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: object) -> None:
        response = getattr(error, "response", None)
        if not isinstance(response, dict):
            return
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status in (409, 412):
            raise Conflict(self._uri) from error
        if status == 404:
            raise NotFound(self._uri) from error


def _sliced(pieces: Iterable[bytes], size: int) -> Iterator[bytes]:
    """The same bytes in pieces of exactly `size`, but for the last."""
    held: list[memoryview] = []
    length = 0
    for piece in pieces:
        view = memoryview(piece)
        while length + len(view) >= size:
            held.append(view[: size - length])
            view = view[size - length :]
            yield b"".join(held)
            held, length = [], 0
        if len(view):
            held.append(view)
            length += len(view)
    if held:
        yield b"".join(held)
