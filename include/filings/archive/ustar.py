"""The blocks of a USTAR archive, written directly: a header is 512 bytes of which only name, size and sum differ.

The same bytes as the standard library's `tarfile` writes for such members (regular files, mode 644, owner and time
zero), without its object per member. Format: POSIX.1-1988 ustar interchange format.
"""

from __future__ import annotations

BLOCK = 512
_RECORD = 20 * BLOCK
_BEFORE_SIZE = b"0000644\0" + b"0000000\0" * 2
_TIME = b"%011o\0" % 0
_AFTER_SUM = (b"0" + bytes(100) + b"ustar\0" + b"00").ljust(356, b"\0")
# The sum counts its own eight bytes as blanks.
_CONSTANT = sum(_BEFORE_SIZE) + sum(_TIME) + sum(b" " * 8) + sum(_AFTER_SUM)


def header(name: str, size: int) -> bytes:
    """The header of a regular file; `name` is ASCII of 1 to 100 characters, `size` under 8 GiB."""
    encoded = name.encode("ascii")
    digits = b"%011o" % size
    if not 0 < len(encoded) <= 100 or len(digits) > 11:
        raise ValueError(f"{name!r} of {size:,} bytes does not fit into a ustar header")
    total = _CONSTANT + sum(encoded) + sum(digits)
    return b"%s%s%s\0%s%06o\0 %s" % (encoded.ljust(100, b"\0"), _BEFORE_SIZE, digits, _TIME, total, _AFTER_SUM)


def padding(size: int) -> bytes:
    """What fills the last block of a content of so many bytes."""
    return bytes(-size % BLOCK)


def padded(size: int) -> int:
    """The bytes that a content takes in the archive."""
    return size + -size % BLOCK


def end(size: int) -> bytes:
    """What closes an archive that is `size` bytes long so far: two empty blocks, and a whole record."""
    return bytes(2 * BLOCK + -(size + 2 * BLOCK) % _RECORD)
