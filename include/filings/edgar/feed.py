"""EDGAR's Feed: every submission of a dissemination day in one gzipped tar, taken apart as it comes.

Format: `Feed/YYYY/QTRn/YYYYMMDD.nc.tar.gz`, members `{accession}.nc` in tag form. A day has up to 28.7 GB, so nothing
of it is held but the member at hand; members are taken only by who wants them, and the others are passed over.
"""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date

_BLOCK = tarfile.BLOCKSIZE
_INFLATED = 4 << 20  # at once: deflate may make a thousand bytes of one
_ENDING = ".nc"


class DamagedFeed(RuntimeError):
    """A day's file cannot be read to its end.

    `suspect` means that its checksum is wrong: what was read before may be so too, although it looked whole.
    """

    def __init__(self, why: str, suspect: bool = False) -> None:
        super().__init__(why)
        self.suspect = suspect


@dataclass(slots=True)
class Member:
    """A submission of the tar: announced with its size, then `whole` with its content."""

    accession: str
    size: int
    content: bytes = b""
    whole: bool = False


def path(day: date) -> str:
    """The path of a day's file."""
    return f"/Archives/edgar/Feed/{day.year}/QTR{(day.month + 2) // 3}/{day:%Y%m%d}.nc.tar.gz"


@dataclass
class FeedTar:
    """Reads a day's file in chunks of any size; `wants` says of an accession whether its content is wanted."""

    wants: Callable[[str], bool]
    members: int = 0
    inflated: int = 0
    others: list[str] = field(default_factory=list)  # names that are no submission's, such as corrections
    _inflate: zlib._Decompress = field(default_factory=lambda: zlib.decompressobj(wbits=31))
    _header: bytearray = field(default_factory=bytearray)
    _member: Member | None = None
    _content: io.BytesIO = field(default_factory=io.BytesIO)
    _left: int = 0
    _skip: int = 0
    _ended: bool = False

    def read(self, chunk: bytes) -> Iterator[Member]:
        """The wanted members that a chunk announces and completes.

        Raises:
            DamagedFeed: when it is no gzipped tar.
        """
        rest = chunk
        while rest:
            if self._inflate.eof:  # gzip members may follow each other
                if self._ended:
                    return
                self._inflate = zlib.decompressobj(wbits=31)
            try:
                block = self._inflate.decompress(rest, _INFLATED)
            except zlib.error as error:
                raise DamagedFeed(f"no gzip after {self._where()}: {error}", "data check" in str(error)) from error
            rest = self._inflate.unused_data if self._inflate.eof else self._inflate.unconsumed_tail
            yield from self._walk(block)

    def close(self) -> None:
        """Say that no more comes. Raises `DamagedFeed` when the tar or its gzip, with the checksum, has not ended."""
        if not (self._ended and self._inflate.eof):
            raise DamagedFeed(f"it is cut off after {self._where()}")

    def _walk(self, block: bytes) -> Iterator[Member]:
        self.inflated += len(block)
        at = 0
        while at < len(block) and not self._ended:
            left = len(block) - at
            if self._skip:
                step = min(self._skip, left)
                self._skip -= step
            elif self._member is not None:
                step = min(self._left, left)
                self._content.write(memoryview(block)[at : at + step])
                self._left -= step
                if not self._left:
                    yield self._finished(self._member)
            else:
                step = min(_BLOCK - len(self._header), left)
                self._header += block[at : at + step]
                if len(self._header) == _BLOCK and (member := self._begun()) is not None:
                    yield member
            at += step

    def _begun(self) -> Member | None:
        """The member that a header announces, when it is wanted."""
        if not any(self._header):  # a block of nothing ends a tar
            self._ended = True
            return None
        try:
            info = tarfile.TarInfo.frombuf(self._header, "latin-1", "replace")
        except tarfile.HeaderError as error:
            raise DamagedFeed(f"no tar after {self._where()}: {error}") from error
        finally:
            self._header.clear()
        self._skip = -(-info.size // _BLOCK) * _BLOCK
        name = info.name.rpartition("/")[2]
        if not (info.isreg() and name.endswith(_ENDING)):
            self.others.append(info.name)
            return None
        self.members += 1
        accession = name.removesuffix(_ENDING)
        if not info.size or not self.wants(accession):
            return None
        self._member, self._left, self._skip = Member(accession, info.size), info.size, 0
        return self._member

    def _finished(self, member: Member) -> Member:
        member.content, member.whole = self._content.getvalue(), True  # shares the buffer, so nothing is copied
        self._content, self._member = io.BytesIO(), None
        self._skip = -member.size % _BLOCK
        return member

    def _where(self) -> str:
        return f"{self.members:,} submissions and {self.inflated:,} bytes of its content"
