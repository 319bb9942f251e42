"""The S3 protocol over an ObjectStore: what boto3 and obstore ask of S3 and R2, with their conditions and limits.

One thread handles everything and checks a condition and moves the file in one step between two awaits, so that of two
writers with `If-None-Match: *` exactly one is told that it won.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qsl, unquote
from xml.sax.saxutils import escape

from aiohttp.web import BaseRequest, Response, StreamResponse

from sandbox.connection import hang_up
from sandbox.objects.body import receive
from sandbox.objects.errors import S3Error
from sandbox.objects.listing import NAMESPACE, list_objects
from sandbox.objects.multipart import copy_range
from sandbox.objects.protocol import (
    byte_range,
    content_type,
    copy_result,
    copy_source,
    operation_of,
    texts,
    user_metadata,
    xml,
)
from sandbox.objects.store import CHUNK, Entry, ObjectStore, file_md5
from sandbox.objects.uploads import LARGE, UploadRequests

Answer = StreamResponse


@dataclass(frozen=True)
class Strain:
    """How a request goes that a fault is meant for: at a slow pace, broken off, or onto a full disk."""

    bytes_per_second: float = 0
    cut_after: int | None = None
    full: bool = False


EASY = Strain()


@dataclass(frozen=True)
class Asked:
    """What a request is about."""

    bucket: str
    key: str
    query: Mapping[str, str]
    operation: str

    @classmethod
    def of(cls, request: BaseRequest) -> Asked:
        path, _, raw_query = request.raw_path.partition("?")
        query = dict(parse_qsl(raw_query, keep_blank_values=True))
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        copies = "x-amz-copy-source" in request.headers
        return cls(bucket, key, query, operation_of(request.method, bucket, key, query, copies))


class ObjectServer:
    """One endpoint: `access_key` is the only one it lets write, `name` is for people."""

    def __init__(self, store: ObjectStore, *, name: str, access_key: str, equal_parts: bool = False) -> None:
        self.store = store
        self.name = name
        self.access_key = access_key
        self.uploads = UploadRequests(store, self.commit, equal_parts=equal_parts)
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.changed: dict[str, list[str]] = defaultdict(list)

    async def handle(self, request: BaseRequest, strain: Strain = EASY) -> Answer:
        asked = Asked.of(request)
        try:
            self._check_caller(request, asked.query)
            if not asked.bucket:
                return xml(self._buckets())
            if not asked.key:
                return await self._on_bucket(request, asked.bucket, asked.query)
            return await self._on_object(request, asked, strain)
        except S3Error as error:
            return refusal(request, error)

    def _check_caller(self, request: BaseRequest, query: Mapping[str, str]) -> None:
        """The right key for this endpoint. Reading without one is left open to browsers; signatures are not checked."""
        given = request.headers.get("Authorization", "").partition("Credential=")[2] or query.get(
            "X-Amz-Credential", ""
        )
        if not given and request.method not in ("GET", "HEAD"):
            raise S3Error("AccessDenied")
        if given and given.split("/")[0] != self.access_key:
            raise S3Error("InvalidAccessKeyId", f"This is not an access key of {self.name}: {given.split('/')[0]}")

    # -- buckets

    def _buckets(self) -> str:
        names = "".join(
            f"<Bucket><Name>{escape(name)}</Name><CreationDate>2026-01-01T00:00:00.000Z</CreationDate></Bucket>"
            for name in sorted(self.store.buckets)
        )
        return f"<ListAllMyBucketsResult {NAMESPACE}><Owner/><Buckets>{names}</Buckets></ListAllMyBucketsResult>"

    async def _on_bucket(self, request: BaseRequest, bucket: str, query: Mapping[str, str]) -> Answer:
        match request.method:
            case "PUT" if not query:
                await request.read()
                if not self.store.create_bucket(bucket):
                    raise S3Error("BucketAlreadyOwnedByYou")
                return Response(headers={"Location": f"/{bucket}"})
            case "HEAD":
                self.store.bucket(bucket)
                return Response()
            case "DELETE" if not query:
                self.store.delete_bucket(bucket)
                return Response(status=204)
            case "GET" if "location" in query:
                self.store.bucket(bucket)
                return xml(f"<LocationConstraint {NAMESPACE}/>")
            case "GET" if "uploads" in query:
                return self.uploads.listed(bucket, query)
            case "GET" if not {"versioning", "policy", "acl", "tagging", "versions"} & query.keys():
                self.counts[bucket]["lists"] += 1
                return xml(list_objects(self.store, bucket, query))
            case "POST" if "delete" in query:
                return xml(self._delete_many(bucket, await request.read()))
        raise S3Error("NotImplemented", f"{request.method} /{bucket}?{'&'.join(query)} is not in the sandbox")

    def _delete_many(self, bucket: str, body: bytes) -> str:
        done = []
        for name in texts(body, "Key"):
            self._delete(bucket, name)
            done.append(f"<Deleted><Key>{escape(name)}</Key></Deleted>")
        return f"<DeleteResult {NAMESPACE}>{''.join(done)}</DeleteResult>"

    def _delete(self, bucket: str, key: str) -> None:
        self.counts[bucket]["deletes"] += self.store.delete(bucket, key)

    # -- objects

    async def _on_object(self, request: BaseRequest, asked: Asked, strain: Strain) -> Answer:
        bucket, key, query = asked.bucket, asked.key, asked.query
        upload = query.get("uploadId", "")
        if {"tagging", "acl", "attributes"} & query.keys():
            raise S3Error("NotImplemented", f"?{'&'.join(query)} of an object is not in the sandbox")
        match asked.operation:
            case "HeadObject" | "GetObject":
                return await self._get(request, bucket, key, strain)
            case "PutObject":
                return await self._put(request, bucket, key, strain)
            case "CopyObject":
                return await self._copy(request, bucket, key)
            case "DeleteObject":
                self.store.check(bucket, key, request.headers.get("If-Match"), None)
                self._delete(bucket, key)
                return Response(status=204)
            case "CreateMultipartUpload":
                return self.uploads.begin(request, bucket, key)
            case "UploadPart":
                number, pace = int(query["partNumber"]), strain.bytes_per_second
                return await self.uploads.put_part(request, upload, number, strain.full, pace)
            case "UploadPartCopy":
                return self.uploads.copy_part(request, upload, int(query["partNumber"]))
            case "CompleteMultipartUpload":
                return await self.uploads.complete(request, bucket, key, upload)
            case "AbortMultipartUpload":
                self.uploads.uploads.abort(upload)
                return Response(status=204)
        raise S3Error("NotImplemented", f"{request.method} of an object with ?{'&'.join(query)} is not in the sandbox")

    async def _get(self, request: BaseRequest, bucket: str, key: str, strain: Strain) -> Answer:
        entry = self.store.get(bucket, key)
        self.counts[bucket]["heads" if request.method == "HEAD" else "gets"] += 1
        headers = {
            "ETag": f'"{entry.etag}"',
            "Last-Modified": formatdate(entry.mtime_ns / 1e9, usegmt=True),
            "Content-Type": entry.content_type,
            "Accept-Ranges": "bytes",
            **{f"x-amz-meta-{name}": value for name, value in entry.metadata.items()},
        }
        if_match, if_none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
        if if_match not in (None, "*") and if_match.strip('"') != entry.etag:
            raise S3Error("PreconditionFailed")
        if if_none_match is not None and if_none_match.strip('"') in (entry.etag, "*"):
            return Response(status=304, headers=headers)
        start, length, status = 0, entry.size, 200
        if wanted := request.headers.get("Range"):
            start, length = byte_range(wanted, entry.size)
            status = 206
            headers["Content-Range"] = f"bytes {start}-{start + length - 1}/{entry.size}"
        elif request.headers.get("x-amz-checksum-mode", "").upper() == "ENABLED":
            headers |= entry.checksums
        if request.method == "HEAD":
            return Response(status=status, headers={**headers, "Content-Length": str(length)})
        self.counts[bucket]["bytes_out"] += length
        with self.store.path(bucket, key).open("rb") as file:
            file.seek(start)
            if length <= CHUNK and strain is EASY:
                return Response(status=status, headers=headers, body=file.read(length))
            stream = StreamResponse(status=status, headers=headers)
            stream.content_length = length
            await stream.prepare(request)
            size = int(max(1, min(CHUNK, strain.bytes_per_second / 10))) if strain.bytes_per_second else CHUNK
            left = length if strain.cut_after is None else min(strain.cut_after, length - 1)
            while left > 0 and (piece := file.read(min(left, size))):
                left -= len(piece)
                await stream.write(piece)
                if strain.bytes_per_second:
                    await asyncio.sleep(len(piece) / strain.bytes_per_second)
            if strain.cut_after is not None:
                await asyncio.sleep(0.05)  # what was written is to arrive
                hang_up(request, abruptly=False)
            return stream

    async def _put(self, request: BaseRequest, bucket: str, key: str, strain: Strain) -> Answer:
        if_match, if_none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
        self.store.check(bucket, key, if_match, if_none_match)  # before the body: S3 spares the client the sending
        written = self.store.new_file(strain.full)
        try:
            came = await receive(request, written, strain.bytes_per_second)
            self.store.check(bucket, key, if_match, if_none_match)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
        entry = Entry(came.size, 0, came.md5, content_type(request), user_metadata(request), came.checksums)
        self.commit(bucket, key, written, entry)
        return Response(headers={"ETag": f'"{came.md5}"', **came.checksums})

    async def _copy(self, request: BaseRequest, bucket: str, key: str) -> Answer:
        source_bucket, source_key = copy_source(request)
        source = self.store.get(source_bucket, source_key)
        written = self.store.new_file()
        await append(self.store, source_bucket, source_key, written, 0, source.size)
        entry = Entry(source.size, 0, "", source.content_type, dict(source.metadata))
        keeps_etag = "-" not in source.etag and source.size <= LARGE
        entry.etag = source.etag if keeps_etag else await asyncio.to_thread(file_md5, written)
        if request.headers.get("x-amz-metadata-directive") == "REPLACE":
            entry.content_type, entry.metadata = content_type(request), user_metadata(request)
        try:
            self.store.check(bucket, key, request.headers.get("If-Match"), request.headers.get("If-None-Match"))
        except S3Error:
            written.unlink()
            raise
        self.counts[bucket]["copies"] += 1
        self.commit(bucket, key, written, entry)
        return xml(copy_result("CopyObjectResult", entry.etag))

    def commit(self, bucket: str, key: str, written: Path, entry: Entry) -> None:
        self.counts[bucket]["puts"] += 1
        self.counts[bucket]["bytes_in"] += entry.size
        if self.store.commit(bucket, key, written, entry):
            self.counts[bucket]["changes"] += 1
            self.changed[bucket].append(key)


async def append(store: ObjectStore, bucket: str, key: str, target: Path, start: int, length: int) -> None:
    """Copy a range of an object to a new file; an object that is replaced meanwhile is copied as it was."""

    def copy() -> None:
        with target.open("wb") as file:
            copy_range(store.path(bucket, key), file.fileno(), start, length)

    if length > LARGE:
        await asyncio.to_thread(copy)
    else:
        copy()


def refusal(request: BaseRequest, error: S3Error) -> Response:
    """The answer that tells of an error."""
    body = b"" if request.method == "HEAD" else error.xml(request.path)
    return Response(status=error.status, body=body, content_type="application/xml")
