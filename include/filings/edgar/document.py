"""One document of a submission: what its tags say, and its content, decoded when it is asked for and not before.

A submission may hold a part of 400 MB. So a document knows where it stands in the submission, and gives its content as
a view (text), decoded at once (`content`) or decoded piece by piece (`pieces`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from filings.edgar import uuencode

PIECE = 8 << 20


class Document:
    """One document of a submission.

    `filed` is what stands between its tags in the submission; `encoding` says how ("text" or "uuencode"). `keeps` says
    whether a part that was decoded is kept: those of a large submission are decoded anew for each use.
    """

    __slots__ = ("_content", "_digest", "description", "encoding", "filed", "filename", "keeps", "sequence", "type")

    def __init__(
        self,
        type: str,
        sequence: str,
        filename: str,
        description: str,
        encoding: str,
        filed: bytes | memoryview,
        keeps: bool = True,
    ) -> None:
        self.type = type
        self.sequence = sequence
        self.filename = filename
        self.description = description
        self.encoding = encoding
        self.filed = filed
        self.keeps = keeps
        self._content: bytes | memoryview | None = filed if encoding == "text" else None
        self._digest: tuple[int, str] | None = None

    @classmethod
    def decoded(
        cls, type: str, sequence: str, filename: str, description: str, encoding: str, content: bytes | memoryview
    ) -> Document:
        """One whose content is at hand decoded, however it was filed: what was filed is not known then."""
        document = cls(type, sequence, filename, description, encoding, content)
        document._content = content
        return document

    @property
    def content(self) -> bytes | memoryview:
        """The decoded content, whole: bytes for a uuencoded part, a view into the submission where it is text."""
        if self._content is not None:
            return self._content
        content = uuencode.decode(self.filed)
        if self.keeps:
            self._content = content
        return content

    def pieces(self, piece: int = PIECE) -> Iterator[bytes | memoryview]:
        """The decoded content in pieces of about `piece` bytes, in memory of a few of them."""
        held: list[bytes | memoryview] = []
        size = 0
        for window in self._windows():
            if not held and len(window) > piece:
                view = memoryview(window)
                for start in range(0, len(view), piece):
                    yield view[start : start + piece]
                continue
            held.append(window)
            size += len(window)
            if size >= piece:
                yield b"".join(held)
                held, size = [], 0
        if held:
            yield held[0] if len(held) == 1 else b"".join(held)

    def _windows(self) -> Iterator[bytes | memoryview]:
        return iter([self.content]) if self.keeps or self._content is not None else uuencode.pieces(self.filed)

    @property
    def size(self) -> int:
        """Bytes of the decoded content."""
        return len(self._content) if self._content is not None else self._hashed()[0]

    @property
    def sha256(self) -> str:
        """SHA-256 of the decoded content, in hexadecimal digits."""
        return self._hashed()[1]

    def _hashed(self) -> tuple[int, str]:
        if self._digest is None:
            size, digest = 0, hashlib.sha256()
            for window in self._windows():
                size += len(window)
                digest.update(window)
            self._digest = size, digest.hexdigest()
        return self._digest

    def __repr__(self) -> str:
        return (
            f"Document({self.type!r}, {self.sequence!r}, {self.filename!r}, {self.encoding}, {len(self.filed)} bytes)"
        )
