"""The requests of multipart uploads: begin, send or copy a part, complete, give up, list what is under way."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from xml.sax.saxutils import escape

from aiohttp.web import BaseRequest, Response

from sandbox.objects.body import receive
from sandbox.objects.errors import S3Error
from sandbox.objects.listing import NAMESPACE, iso_time
from sandbox.objects.multipart import Part, Upload, Uploads
from sandbox.objects.protocol import (
    byte_range,
    content_type,
    copy_result,
    copy_source,
    user_metadata,
    wanted_parts,
    xml,
)
from sandbox.objects.store import CHUNK, Entry, ObjectStore

LARGE = 4 * CHUNK  # joining above this size leaves the event loop
Commit = Callable[[str, str, Path, Entry], None]


class UploadRequests:
    """Answers them over a store; `commit` puts a finished object in its place."""

    def __init__(self, store: ObjectStore, commit: Commit, *, equal_parts: bool) -> None:
        self._store = store
        self._commit = commit
        self.uploads = Uploads(store, equal_parts=equal_parts)

    def begin(self, request: BaseRequest, bucket: str, key: str) -> Response:
        name = self.uploads.begin(Upload(bucket, key, content_type(request), user_metadata(request)))
        return xml(
            f"<InitiateMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
        )

    async def put_part(self, request: BaseRequest, upload: str, number: int, full: bool, pace: float) -> Response:
        self.uploads.get(upload)
        written = self._store.new_file(full)
        try:
            came = await receive(request, written, pace)
            self.uploads.add(upload, number, Part(written, came.size, came.md5, checksums=came.checksums))
        except BaseException:
            written.unlink(missing_ok=True)
            raise
        return Response(headers={"ETag": f'"{came.md5}"', **came.checksums})

    def copy_part(self, request: BaseRequest, upload: str, number: int) -> Response:
        self.uploads.get(upload)
        bucket, key = copy_source(request)
        source = self._store.get(bucket, key)
        wanted_etag = request.headers.get("x-amz-copy-source-if-match")
        if wanted_etag is not None and wanted_etag.strip('"') != source.etag:
            raise S3Error("PreconditionFailed", f"{key} has changed: its ETag is {source.etag}")
        start, length = 0, source.size
        if wanted := request.headers.get("x-amz-copy-source-range"):
            start, length = byte_range(wanted, source.size)
        linked = self._store.new_file()
        linked.unlink()
        os.link(self._store.path(bucket, key), linked)
        # As good as the MD5 to those who may only compare it, and a gigabyte need not be read for it.
        etag = hashlib.md5(f"{source.etag}:{start}:{length}".encode()).hexdigest()
        self.uploads.add(upload, number, Part(linked, length, etag, start))
        return xml(copy_result("CopyPartResult", etag))

    async def complete(self, request: BaseRequest, bucket: str, key: str, name: str) -> Response:
        upload = self.uploads.get(name)
        wanted = wanted_parts(await request.read())
        if (upload.bucket, upload.key) != (bucket, key):
            raise S3Error("NoSuchUpload")
        parts = self.uploads.choose(upload, wanted)
        size = sum(part.size for part in parts)
        conditions = request.headers.get("If-Match"), request.headers.get("If-None-Match")
        self._store.check(bucket, key, *conditions)
        written, entry = (
            await asyncio.to_thread(self.uploads.join, upload, parts)
            if size > LARGE
            else self.uploads.join(upload, parts)
        )
        try:
            self._store.check(bucket, key, *conditions)
            self.uploads.abort(name)  # not there any more when a twin of this request was quicker
        except S3Error:
            written.unlink()
            raise
        self._commit(bucket, key, written, entry)
        return xml(
            f"<CompleteMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<ETag>&quot;{entry.etag}&quot;</ETag></CompleteMultipartUploadResult>"
        )

    def listed(self, bucket: str, query: Mapping[str, str]) -> Response:
        """All uploads under way; the sandbox never has so many that they need pages."""
        self._store.bucket(bucket)
        found = "".join(
            f"<Upload><Key>{escape(upload.key)}</Key><UploadId>{name}</UploadId>"
            f"<Initiated>{iso_time(int(upload.begun * 1e9))}</Initiated><StorageClass>STANDARD</StorageClass></Upload>"
            for name, upload in self.uploads.under_way(bucket, query.get("prefix", ""))
        )
        return xml(
            f"<ListMultipartUploadsResult {NAMESPACE}><Bucket>{bucket}</Bucket><IsTruncated>false</IsTruncated>"
            f"{found}</ListMultipartUploadsResult>"
        )
