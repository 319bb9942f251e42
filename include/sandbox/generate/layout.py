"""How a submission is laid out as bytes, and what a parser should find in it."""

from __future__ import annotations

import binascii
import hashlib
from dataclasses import dataclass, field
from datetime import date
from random import Random

from sandbox.generate.filing import Part

_LONGEST = 1023


@dataclass(frozen=True)
class Layout:
    """`variant` is txt or nc; `era` the year whose habits it has; `cut` whether the end is missing."""

    variant: str = "txt"
    newline: str = "\n"
    era: int = 2026
    pem: bool = False
    ims: bool = False
    tagged_owner: bool = False
    repeat: int = 1
    wrap: bool = False
    cut: bool = False
    disseminated: date | None = None


@dataclass
class Laid:
    """The bytes of a submission's documents, and what is true of each."""

    data: bytearray = field(default_factory=bytearray)
    documents: list[dict[str, object]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)


def lay(parts: list[Part], layout: Layout, before: bytes) -> Laid:
    """Documents as they follow the header `before`."""
    newline = layout.newline.encode()
    laid = Laid(bytearray(before))
    for _ in range(layout.repeat):
        for sequence, part in enumerate(parts, 1):
            _document(laid, part, sequence, layout, newline)
    return laid


def cut(laid: Laid) -> bytes:
    """End the submission in the middle of its last text, and what is true with it."""
    number = max(
        index
        for index, said in enumerate(laid.documents)
        if said["encoding"] == "text" and laid.spans[index][1] - laid.spans[index][0] > 100
    )
    start, end = laid.spans[number]
    here = (start + end) // 2
    while laid.data[here - 1 : here].isspace() or laid.data[here - 1 : here] == b"<":
        here += 1
    del laid.documents[number + 1 :], laid.spans[number + 1 :]
    laid.documents[number] |= _truth(bytes(laid.data[start:here])) | {"partial": True}
    return bytes(laid.data[:here])


def uuencode(data: bytes, name: str, keep_blanks: bool = True) -> str:
    """The uuencoded form, with blanks for zeros as the SEC's has; without those at the ends of lines when told so."""
    lines = [f"begin 644 {name}"]
    lines += [binascii.b2a_uu(data[at : at + 45]).decode()[:-1] for at in range(0, len(data), 45)]
    lines += [" ", "end"]
    return "\n".join(line if keep_blanks else line.rstrip(" ") for line in lines)


def privacy_enhanced(rng: Random, text: str) -> str:
    """The envelope that 1990s submissions came in, with a key of no one's."""

    def noise(size: int) -> str:
        return binascii.b2a_base64(rng.randbytes(size), newline=False).decode()

    key, mark = noise(72), noise(64)
    return (
        "-----BEGIN PRIVACY-ENHANCED MESSAGE-----\nProc-Type: 2001,MIC-CLEAR\n"
        "Originator-Name: sandbox@example.org\nOriginator-Key-Asymmetric:\n"
        f" {key[:64]}\n {key[64:]}\nMIC-Info: RSA-MD5,RSA,\n {mark[:64]}\n {mark[64:]}\n\n{text}"
    )


def _document(laid: Laid, part: Part, sequence: int, layout: Layout, newline: bytes) -> None:
    head = f"<DOCUMENT>\n<TYPE>{part.type}\n<SEQUENCE>{sequence}\n"
    head += f"<FILENAME>{part.filename}\n" if part.filename else ""
    head += f"<DESCRIPTION>{part.description}\n" if part.description else ""
    head += "<TEXT>\n" + (f"<{part.wrapper}>\n" if part.wrapper else "")
    laid.data += head.encode("latin-1").replace(b"\n", newline)
    if part.uuencoded:
        content = part.content
        shown = uuencode(content, part.filename or "file", part.keep_blanks).encode().replace(b"\n", newline)
    else:
        shown = _wrap(part.content) if layout.wrap else part.content
        shown = content = shown.replace(b"\n", newline)
    start = len(laid.data)
    laid.data += shown
    laid.spans.append((start, len(laid.data)))
    tail = (f"\n</{part.wrapper}>" if part.wrapper else "") + ("\n</TEXT>" if part.closed else "")
    tail = tail if shown or part.wrapper else tail.removeprefix("\n")
    laid.data += f"{tail}\n</DOCUMENT>\n".encode().replace(b"\n", newline)
    laid.documents.append(
        {
            "type": part.type,
            "sequence": str(sequence),
            "filename": part.filename,
            "description": part.description,
            "encoding": "uuencode" if part.uuencoded else "text",
        }
        | _truth(content)
    )


def _truth(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _wrap(content: bytes) -> bytes:
    lines = []
    for line in content.split(b"\n"):
        lines += [line[at : at + _LONGEST] for at in range(0, max(1, len(line)), _LONGEST)]
    return b"\n".join(lines)
