"""Checksums that clients send with a body, as a header or as a trailer: what does not match is refused, as S3 does.

CRC-32C and CRC-64/NVME are not in Python's library: a client that chooses them is told so, rather than believed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterable, Mapping
from typing import Protocol

from sandbox.objects.errors import S3Error

PREFIX = "x-amz-checksum-"
TRAILER = "x-amz-trailer"
SIGNED = "x-amz-content-sha256"  # the body's digest, or a word that says how it is signed
_ABOUT = {"x-amz-checksum-mode", "x-amz-checksum-algorithm", "x-amz-checksum-type"}


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


_KINDS = {"crc32": Crc32, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


class Checks:
    """All digests that a request's headers promise, fed with the body as it comes. MD5 is always made: it is the ETag.

    After `verify`, `verified` has the checksums by header name, to be kept with the object.
    """

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers
        names = [name.lower() for name in headers if name.lower().startswith(PREFIX) and name.lower() not in _ABOUT]
        names += [name.strip().lower() for name in headers.get(TRAILER, "").split(",") if name.strip()]
        self._digests: dict[str, Digest] = {name: _digest(name) for name in names}
        self._signed = headers.get(SIGNED, "") if len(headers.get(SIGNED, "")) == 64 else ""
        if self._signed:
            self._digests[SIGNED] = hashlib.sha256()
        self._md5 = hashlib.md5()
        self.verified: dict[str, str] = {}

    def update(self, piece: bytes) -> None:
        self._md5.update(piece)
        for digest in self._digests.values():
            digest.update(piece)

    def verify(self, trailers: Mapping[str, str]) -> str:
        """The body's MD5 in hex.

        Raises:
            S3Error: BadDigest or XAmzContentSHA256Mismatch, naming the checksum that does not match.
        """
        given = self._headers.get("Content-MD5")
        if given is not None and _decoded("Content-MD5", given) != self._md5.digest():
            raise S3Error("BadDigest")
        for name, digest in self._digests.items():
            if name == SIGNED:
                if digest.digest().hex() != self._signed.lower():
                    raise S3Error("XAmzContentSHA256Mismatch")
                continue
            told = trailers.get(name) or self._headers.get(name)
            if told is None:
                raise S3Error("InvalidRequest", f"{name} was announced as a trailer and did not come")
            if _decoded(name, told) != digest.digest():
                raise S3Error("BadDigest", f"The {name} you specified did not match the calculated checksum.")
            self.verified[name] = told
        return self._md5.hexdigest()


def parse_trailers(lines: Iterable[bytes]) -> dict[str, str]:
    """`name:value` lines as a client sends them behind the last chunk."""
    pairs = (line.decode("ascii", "replace").strip().partition(":") for line in lines)
    return {name.strip().lower(): value.strip() for name, colon, value in pairs if colon}


def _digest(name: str) -> Digest:
    try:
        return _KINDS[name.removeprefix(PREFIX)]()
    except KeyError:
        raise S3Error("NotImplemented", f"The sandbox cannot verify {name}; use crc32, sha1 or sha256") from None


def _decoded(name: str, text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        raise S3Error("InvalidDigest", f"The {name} you specified is not valid: {text}") from None
