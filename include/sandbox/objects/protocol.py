"""What S3's requests and answers are made of: headers, ranges, XML, and the name that AWS has for a request."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote
from xml.etree import ElementTree

from aiohttp import web
from aiohttp.web import BaseRequest

from sandbox.objects.errors import S3Error
from sandbox.objects.listing import NAMESPACE, iso_time
from sandbox.objects.multipart import Wanted


def operation_of(method: str, bucket: str, key: str, query: Mapping[str, str], copies: bool) -> str:
    """AWS's name of a request, such as PutObject or UploadPartCopy; faults may be ordered by it."""
    if not key:
        names = {"GET": "ListObjects" if bucket else "ListBuckets", "HEAD": "HeadBucket", "PUT": "CreateBucket"}
        if "uploads" in query:
            return "ListMultipartUploads"
        return "DeleteObjects" if "delete" in query else names.get(method, f"{method} bucket")
    if "uploadId" in query:
        part = "UploadPartCopy" if copies else "UploadPart"
        names = {"PUT": part, "POST": "CompleteMultipartUpload", "DELETE": "AbortMultipartUpload", "GET": "ListParts"}
        return names.get(method, method)
    if "uploads" in query:
        return "CreateMultipartUpload"
    return {
        "GET": "GetObject",
        "HEAD": "HeadObject",
        "PUT": "CopyObject" if copies else "PutObject",
        "DELETE": "DeleteObject",
    }.get(method, method)


def copy_source(request: BaseRequest) -> tuple[str, str]:
    """Bucket and key of what is to be copied."""
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
    return [element.text or "" for element in elements(body, tag)]


def elements(body: bytes, tag: str) -> list[ElementTree.Element]:
    """All elements of that name, whatever their namespace."""
    try:
        root = ElementTree.fromstring(body)
    except ElementTree.ParseError:
        raise S3Error("MalformedXML") from None
    return [element for element in root.iter() if _name(element) == tag]


def wanted_parts(body: bytes) -> list[Wanted]:
    """The parts that a CompleteMultipartUpload lists."""
    wanted = []
    for part in elements(body, "Part"):
        said = {_name(child): child.text or "" for child in part}
        checksums = {
            f"x-amz-checksum-{name.removeprefix('Checksum').lower()}": text
            for name, text in said.items()
            if name.startswith("Checksum")
        }
        try:
            wanted.append(Wanted(int(said["PartNumber"]), said["ETag"].strip('"'), checksums))
        except (KeyError, ValueError):
            raise S3Error("MalformedXML") from None
    return wanted


def xml(body: str | bytes) -> web.Response:
    return web.Response(body=body.encode() if isinstance(body, str) else body, content_type="application/xml")


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]
