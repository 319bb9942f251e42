"""Answers a request as sec.gov's servers do: HEAD, ranges, 304, gzip; or spoils the answer, when a fault says so."""

from __future__ import annotations

import asyncio
import gzip
import random
import re
import zlib
from collections.abc import Iterator
from email.utils import formatdate, parsedate_to_datetime

from aiohttp import web

from sandbox.connection import hang_up
from sandbox.edgar.content import Content, part
from sandbox.edgar.faults import Fault

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
_SMALL = 1_000_000
_PRECOMPRESSED = {"application/zip", "application/x-gzip", "application/gzip"}


async def deliver(request: web.Request, content: Content) -> web.StreamResponse:
    """The content, whole or in part, or 304 when the client has it."""
    headers = {
        "ETag": f'"{content.etag}"',
        "Last-Modified": formatdate(content.modified, usegmt=True),
        "Content-Type": content.media_type,
        "Accept-Ranges": "bytes",
    }
    if _unchanged(request, content):
        return web.Response(status=304, headers=headers)
    bounds = _bounds(request, content.size)
    if bounds is not None:
        start, stop = bounds
        if start >= stop:
            headers["Content-Range"] = f"bytes */{content.size}"
            return web.Response(status=416, headers=headers)
        headers["Content-Range"] = f"bytes {start}-{stop - 1}/{content.size}"
        return await _send(request, 206, headers, part(content.pieces(), start, stop), stop - start)
    accepts_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    if accepts_gzip and content.media_type not in _PRECOMPRESSED and content.size:
        headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        pieces = _gzip(content.pieces())
        if content.size > _SMALL:
            return await _send(request, 200, headers, pieces, None)
        packed = await asyncio.to_thread(lambda: b"".join(pieces))
        return await _send(request, 200, headers, iter((packed,)), len(packed))
    return await _send(request, 200, headers, content.pieces(), content.size)


async def spoil(request: web.Request, content: Content, fault: Fault) -> web.StreamResponse:
    """The content as a fault leaves it. Never compressed, so that what arrives is what was ordered."""
    headers = {"Content-Type": content.media_type}
    match fault.kind:
        case "truncate":
            cut = content.cut(fault.bytes)
            return await _send(request, 200, headers, cut.pieces(), cut.size)
        case "garbage":
            noise = random.Random(fault.bytes).randbytes(fault.bytes)
            return web.Response(body=noise, headers=headers)
        case "slow":
            return await _drip(request, headers, content, fault.seconds)
        case "short_read":
            response = web.StreamResponse(headers=headers)
            response.content_length = content.size
            await response.prepare(request)
            for piece in part(content.pieces(), 0, min(fault.bytes, max(0, content.size - 1))):
                await response.write(piece)
            await asyncio.sleep(0.05)
            hang_up(request, abruptly=False)
            return response
        case _:
            raise ValueError(f"not a fault of content: {fault.kind}")


def with_row(content: Content, text: str) -> Content:
    """An index file, plain or gzip, with one more line at its end."""
    data, line = b"".join(content.pieces()), f"{text}\n".encode("latin-1", "replace")
    packed = content.media_type == "application/x-gzip"
    more = data + (gzip.compress(line, mtime=0) if packed else line)
    return Content.of(more, content.media_type, content.modified)


async def _send(
    request: web.Request, status: int, headers: dict[str, str], pieces: Iterator[bytes], size: int | None
) -> web.StreamResponse:
    response = web.StreamResponse(status=status, headers=headers)
    response.content_length = size
    await response.prepare(request)
    if request.method != "HEAD":
        while piece := await asyncio.to_thread(next, pieces, b""):
            await response.write(piece)
    await response.write_eof()
    return response


async def _drip(request: web.Request, headers: dict[str, str], content: Content, seconds: float) -> web.StreamResponse:
    response = web.StreamResponse(headers=headers)
    response.content_length = content.size
    await response.prepare(request)
    step = max(1, content.size // 20)
    for start in range(0, content.size, step):
        await asyncio.sleep(seconds / 20)
        for piece in part(content.pieces(), start, min(start + step, content.size)):
            await response.write(piece)
    await response.write_eof()
    return response


def _unchanged(request: web.Request, content: Content) -> bool:
    if known := request.headers.get("If-None-Match"):
        return known.strip() == "*" or content.etag in {
            tag.strip().removeprefix("W/").strip('"') for tag in known.split(",")
        }
    if since := request.headers.get("If-Modified-Since"):
        try:
            return content.modified <= parsedate_to_datetime(since).timestamp()
        except ValueError:
            return False
    return False


def _bounds(request: web.Request, size: int) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(request.headers.get("Range", ""))
    if match is None or match[0] == "bytes=-":
        return None
    if not match[1]:
        return max(0, size - int(match[2])), size
    return int(match[1]), min(size, int(match[2]) + 1 if match[2] else size)


def _gzip(pieces: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, wbits=31)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
