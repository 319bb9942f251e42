"""The S3 protocol over an ObjectStore: what boto3 and obstore ask of S3 and R2, with their conditions and limits.

One thread handles everything and checks a condition and moves the file in one step between two awaits, so that of two
writers with `If-None-Match: *` exactly one is told that it won.
"""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qsl, unquote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from aiohttp import web
from aiohttp.web import BaseRequest, Response, StreamResponse

from sandbox.objects.body import receive
from sandbox.objects.errors import S3Error
from sandbox.objects.listing import NAMESPACE, iso_time, list_objects
from sandbox.objects.multipart import Part, Upload, Uploads, copy_range
from sandbox.objects.store import CHUNK, Entry, ObjectStore, file_md5

LARGE = 4 * CHUNK  # copies above this size leave the event loop
Answer = StreamResponse


class ObjectServer:
    """One endpoint: `access_key` is the only one it lets write, `name` is for people."""

    def __init__(self, store: ObjectStore, *, name: str, access_key: str, equal_parts: bool = False) -> None:
        self.store = store
        self.name = name
        self.access_key = access_key
        self.uploads = Uploads(store, equal_parts=equal_parts)
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.changed: dict[str, list[str]] = defaultdict(list)

    async def handle(self, request: BaseRequest) -> Answer:
        path, _, raw_query = request.raw_path.partition("?")
        query = dict(parse_qsl(raw_query, keep_blank_values=True))
        bucket, _, key = unquote(path).lstrip("/").partition("/")
        try:
            self._check_caller(request, query)
            if not bucket:
                return xml(self._buckets())
            if not key:
                return await self._on_bucket(request, bucket, query)
            return await self._on_object(request, bucket, key, query)
        except S3Error as error:
            body = b"" if request.method == "HEAD" else error.xml(path)
            return Response(status=error.status, body=body, content_type="application/xml")

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
            case "GET" if not {"versioning", "policy", "acl", "tagging", "uploads", "versions"} & query.keys():
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

    async def _on_object(self, request: BaseRequest, bucket: str, key: str, query: Mapping[str, str]) -> Answer:
        copying = "x-amz-copy-source" in request.headers
        upload = query.get("uploadId", "")
        match request.method:
            case "HEAD" | "GET" if not {"tagging", "acl", "uploadId", "attributes"} & query.keys():
                return await self._get(request, bucket, key)
            case "PUT" if upload and copying:
                return await self._copy_part(request, upload, int(query["partNumber"]))
            case "PUT" if upload:
                return await self._put_part(request, upload, int(query["partNumber"]))
            case "PUT" if copying:
                return await self._copy(request, bucket, key)
            case "PUT" if not {"tagging", "acl"} & query.keys():
                return await self._put(request, bucket, key)
            case "DELETE" if upload:
                self.uploads.abort(upload)
                return Response(status=204)
            case "DELETE":
                self.store.check(bucket, key, request.headers.get("If-Match"), None)
                self._delete(bucket, key)
                return Response(status=204)
            case "POST" if "uploads" in query:
                return xml(self._begin(request, bucket, key))
            case "POST" if upload:
                return await self._complete(request, bucket, key, upload)
        raise S3Error("NotImplemented", f"{request.method} of an object with ?{'&'.join(query)} is not in the sandbox")

    async def _get(self, request: BaseRequest, bucket: str, key: str) -> Answer:
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
        if request.method == "HEAD":
            return Response(status=status, headers={**headers, "Content-Length": str(length)})
        self.counts[bucket]["bytes_out"] += length
        with self.store.path(bucket, key).open("rb") as file:
            file.seek(start)
            if length <= CHUNK:
                return Response(status=status, headers=headers, body=file.read(length))
            stream = StreamResponse(status=status, headers=headers)
            stream.content_length = length
            await stream.prepare(request)
            while length:
                piece = file.read(min(length, CHUNK))
                if not piece:
                    break
                length -= len(piece)
                await stream.write(piece)
            return stream

    async def _put(self, request: BaseRequest, bucket: str, key: str) -> Answer:
        if_match, if_none_match = request.headers.get("If-Match"), request.headers.get("If-None-Match")
        self.store.check(bucket, key, if_match, if_none_match)  # before the body: S3 spares the client the sending
        written = self.store.new_file()
        try:
            size, md5 = await receive(request, written)
            self.store.check(bucket, key, if_match, if_none_match)
        except BaseException:
            written.unlink(missing_ok=True)
            raise
        entry = Entry(size, 0, md5, content_type(request), user_metadata(request))
        self._commit(bucket, key, written, entry)
        return Response(headers={"ETag": f'"{md5}"'})

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
        self._commit(bucket, key, written, entry)
        return xml(copy_result("CopyObjectResult", entry.etag))

    def _commit(self, bucket: str, key: str, written: Path, entry: Entry) -> None:
        self.counts[bucket]["puts"] += 1
        self.counts[bucket]["bytes_in"] += entry.size
        if self.store.commit(bucket, key, written, entry):
            self.counts[bucket]["changes"] += 1
            self.changed[bucket].append(key)

    # -- multipart

    def _begin(self, request: BaseRequest, bucket: str, key: str) -> str:
        name = self.uploads.begin(Upload(bucket, key, content_type(request), user_metadata(request)))
        return (
            f"<InitiateMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
        )

    async def _put_part(self, request: BaseRequest, upload: str, number: int) -> Answer:
        self.uploads.get(upload)
        written = self.store.new_file()
        size, md5 = await receive(request, written)
        self.uploads.add(upload, number, Part(written, size, md5))
        return Response(headers={"ETag": f'"{md5}"'})

    async def _copy_part(self, request: BaseRequest, upload: str, number: int) -> Answer:
        self.uploads.get(upload)
        bucket, key = copy_source(request)
        source = self.store.get(bucket, key)
        wanted_etag = request.headers.get("x-amz-copy-source-if-match")
        if wanted_etag is not None and wanted_etag.strip('"') != source.etag:
            raise S3Error("PreconditionFailed", f"{key} has changed: its ETag is {source.etag}")
        start, length = 0, source.size
        if wanted := request.headers.get("x-amz-copy-source-range"):
            start, length = byte_range(wanted, source.size)
        written = self.store.new_file()
        await append(self.store, bucket, key, written, start, length)
        md5 = await asyncio.to_thread(file_md5, written) if length > LARGE else file_md5(written)
        self.uploads.add(upload, number, Part(written, length, md5))
        return xml(copy_result("CopyPartResult", md5))

    async def _complete(self, request: BaseRequest, bucket: str, key: str, name: str) -> Answer:
        upload = self.uploads.get(name)
        body = await request.read()
        etags = [etag.strip('"') for etag in texts(body, "ETag")]
        numbers = [int(number) for number in texts(body, "PartNumber")]
        if (upload.bucket, upload.key) != (bucket, key) or len(etags) != len(numbers):
            raise S3Error("MalformedXML")
        parts = self.uploads.choose(upload, list(zip(numbers, etags, strict=True)))
        size = sum(part.size for part in parts)
        written, entry = (
            await asyncio.to_thread(self.uploads.join, upload, parts)
            if size > LARGE
            else self.uploads.join(upload, parts)
        )
        try:
            self.store.check(bucket, key, request.headers.get("If-Match"), request.headers.get("If-None-Match"))
        except S3Error:
            written.unlink()
            raise
        self._commit(bucket, key, written, entry)
        self.uploads.abort(name)
        return xml(
            f"<CompleteMultipartUploadResult {NAMESPACE}><Bucket>{bucket}</Bucket><Key>{escape(key)}</Key>"
            f"<ETag>&quot;{entry.etag}&quot;</ETag></CompleteMultipartUploadResult>"
        )


async def append(store: ObjectStore, bucket: str, key: str, target: Path, start: int, length: int) -> None:
    """Copy a range of an object to a new file; an object that is replaced meanwhile is copied as it was."""

    def copy() -> None:
        with target.open("wb") as file:
            copy_range(store.path(bucket, key), file.fileno(), start, length)

    if length > LARGE:
        await asyncio.to_thread(copy)
    else:
        copy()


def copy_source(request: BaseRequest) -> tuple[str, str]:
    bucket, _, key = unquote(request.headers["x-amz-copy-source"].split("?")[0]).lstrip("/").partition("/")
    return bucket, key


def copy_result(tag: str, etag: str) -> str:
    return f"<{tag} {NAMESPACE}><LastModified>{iso_time(0)}</LastModified><ETag>&quot;{etag}&quot;</ETag></{tag}>"


def byte_range(header: str, size: int) -> tuple[int, int]:
    """(start, length) of a single `bytes=…` range."""
    first, dash, last = header.strip().removeprefix("bytes=").partition("-")
    try:
        if not dash or "," in header:
            raise ValueError
        if not first:
            start, end = max(0, size - int(last)), size - 1
        else:
            start, end = int(first), min(int(last), size - 1) if last else size - 1
    except ValueError:
        raise S3Error("InvalidArgument", f"not a single byte range: {header}") from None
    if start > end:
        raise S3Error("InvalidRange", f"{header} of an object of {size} bytes")
    return start, end - start + 1


def content_type(request: BaseRequest) -> str:
    return request.headers.get("Content-Type") or "binary/octet-stream"


def user_metadata(request: BaseRequest) -> dict[str, str]:
    start = "x-amz-meta-"
    return {name.lower()[len(start) :]: v for name, v in request.headers.items() if name.lower().startswith(start)}


def texts(body: bytes, tag: str) -> list[str]:
    """The texts of all elements of that name, whatever their namespace."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise S3Error("MalformedXML") from None
    return [element.text or "" for element in root.iter() if element.tag.rpartition("}")[2] == tag]


def xml(body: str | bytes) -> web.Response:
    return Response(body=body.encode() if isinstance(body, str) else body, content_type="application/xml")
