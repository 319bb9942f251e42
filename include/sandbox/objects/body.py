"""Request bodies: straight to a file, with the aws-chunked framing that SDKs put around streams taken off."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from aiohttp.web import BaseRequest

from sandbox.objects.checksums import Checks, parse_trailers
from sandbox.objects.errors import S3Error
from sandbox.objects.store import CHUNK


@dataclass(frozen=True)
class Received:
    """What came: bytes, MD5 in hex, and the checksums that the client sent and that held."""

    size: int
    md5: str
    checksums: dict[str, str]


async def receive(request: BaseRequest, target: Path, bytes_per_second: float = 0) -> Received:
    """Write the body to `target`. A body that breaks off is an error, not a short object; so is a full disk."""
    checks, size = Checks(request.headers), 0
    framed = "aws-chunked" in request.headers.get("Content-Encoding", "") or request.headers.get(
        "x-amz-content-sha256", ""
    ).startswith("STREAMING-")
    trailers: list[bytes] = []
    try:
        with target.open("wb") as file:
            async for piece in unframed(request, trailers) if framed else request.content.iter_chunked(CHUNK):
                checks.update(piece)
                file.write(piece)
                size += len(piece)
                if bytes_per_second:
                    await asyncio.sleep(len(piece) / bytes_per_second)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise S3Error("InsufficientStorage") from error
    declared = request.headers.get("x-amz-decoded-content-length") if framed else request.headers.get("Content-Length")
    if declared is not None and int(declared) != size:
        raise S3Error("InvalidRequest", f"{declared} bytes were announced and {size} came")
    return Received(size, checks.verify(parse_trailers(trailers)), checks.verified)


async def unframed(request: BaseRequest, trailers: list[bytes]) -> AsyncIterator[bytes]:
    """The payload of `SIZE[;chunk-signature=…]\\r\\n DATA \\r\\n … 0\\r\\n TRAILERS`; fills in the trailers' lines."""
    stream = request.content
    while True:
        line = await stream.readline()
        left = int(line.split(b";")[0].strip() or b"0", 16)
        if not left:
            trailers += (await stream.read()).splitlines()
            return
        while left:
            piece = await stream.read(min(left, CHUNK))
            if not piece:
                raise S3Error("InvalidRequest", "the body broke off within a chunk")
            left -= len(piece)
            yield piece
        await stream.readexactly(2)
