"""Request bodies: straight to a file, with the aws-chunked framing that SDKs put around streams taken off."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp.web import BaseRequest

from sandbox.objects.errors import S3Error
from sandbox.objects.store import CHUNK


async def receive(request: BaseRequest, target: Path) -> tuple[int, str]:
    """Write the body to `target`; returns its size and MD5. A body that breaks off is an error, not a short object."""
    digest, size = hashlib.md5(), 0
    framed = "aws-chunked" in request.headers.get("Content-Encoding", "") or request.headers.get(
        "x-amz-content-sha256", ""
    ).startswith("STREAMING-")
    with target.open("wb") as file:
        async for piece in unframed(request) if framed else request.content.iter_chunked(CHUNK):
            digest.update(piece)
            file.write(piece)
            size += len(piece)
    declared = request.headers.get("x-amz-decoded-content-length") if framed else request.headers.get("Content-Length")
    if declared is not None and int(declared) != size:
        raise S3Error("InvalidRequest", f"{declared} bytes were announced and {size} came")
    wanted = request.headers.get("Content-MD5")
    if wanted is not None and base64.b64decode(wanted) != digest.digest():
        raise S3Error("BadDigest")
    return size, digest.hexdigest()


async def unframed(request: BaseRequest) -> AsyncIterator[bytes]:
    """The payload of `SIZE[;chunk-signature=…]\\r\\n DATA \\r\\n … 0\\r\\n TRAILERS`."""
    stream = request.content
    while True:
        line = await stream.readline()
        left = int(line.split(b";")[0].strip() or b"0", 16)
        if not left:
            await stream.read()  # trailers: checksums, which MD5 makes superfluous here
            return
        while left:
            piece = await stream.read(min(left, CHUNK))
            if not piece:
                raise S3Error("InvalidRequest", "the body broke off within a chunk")
            left -= len(piece)
            yield piece
        await stream.readexactly(2)
