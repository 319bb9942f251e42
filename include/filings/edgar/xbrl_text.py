"""Text of XBRL documents: bytes made fit to be searched as they are, and pieces of them made text.

A scan for the few XBRL tags is many times quicker than a tree of all of them and, unlike a strict parser, still reads
a document that is cut off or not well formed. What makes it exact: comments are gone and CDATA sections are plain
escaped text before anything is searched. A document stays bytes until a piece of it is wanted.
"""

from __future__ import annotations

import codecs
import html.entities
import re
from xml.parsers import expat

import stringzilla

# What says UTF-8 and holds other bytes has them from Windows-1252.
ODD_BYTES = "filings.odd_bytes"

_DECLARED = re.compile(rb"""<\?xml[^>]*?\bencoding\s*+=\s*+["']([\w.:-]++)["']""")
# Single-byte character sets that EDGAR takes or that tools name; anything else is read as UTF-8.
_CHARACTER_SET = re.compile(r"(?:iso[-_]?8859[-_]\d\d?|latin[-_]?1|windows-125\d|cp125\d)", re.IGNORECASE)
_REFERENCE = re.compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{0,31});")
_MARKUP_REFERENCES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"))
_TAG = re.compile(r"""<[/!?A-Za-z](?:[^<>"']++|"[^"]*+"|'[^']*+')*+>""")
_MANY_REFERENCES = 4096  # bytes from which it pays to set up a parser
_SOME_NAMES = 32


def _odd_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", errors="replace"), error.end


codecs.register_error(ODD_BYTES, _odd_bytes)


class Texts(dict[bytes, str]):
    """What attributes and short elements say, without blanks around it. Said again and again, it is kept once."""

    def __missing__(self, raw: bytes) -> str:
        text = self[raw] = text_of(raw).strip()
        return text


def decode(raw: bytes) -> str:
    """A piece of a prepared document as text, references left as they are."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("utf-8", ODD_BYTES)


def text_of(raw: bytes) -> str:
    """A piece of a prepared document that holds no tag, as the text that it stands for."""
    if b"&" not in raw:
        return decode(raw)
    if len(raw) >= _MANY_REFERENCES and (resolved := _resolved(raw)) is not None:
        return resolved
    return unescape(decode(raw))


def plain(raw: bytes) -> str:
    """A piece of a prepared document without its tags."""
    if b"<" not in raw:
        return text_of(raw)
    text = _TAG.sub("", decode(raw))
    return unescape(text) if "&" in text else text


def prepared(content: bytes | memoryview) -> bytes | memoryview:
    """A document in UTF-8 with lines ended by LF, without comments and CDATA sections."""
    data = _without_sections(_as_utf8(content))
    if stringzilla.find(data, b"\r") >= 0:
        data = bytes(data).replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def unescape(text: str) -> str:
    """Resolve XML character references and HTML's named ones; what is neither stays as it is."""
    if "&" not in text:
        return text
    for name, character in _MARKUP_REFERENCES:
        text = text.replace(name, character)
    if "&" not in text:
        return text
    names: set[str] = set()
    for match in _REFERENCE.finditer(text):
        names.add(match[1])
        if len(names) > _SOME_NAMES:
            return _REFERENCE.sub(lambda match: _character(match[1]), text)
    ampersands = {name for name in names if _character(name) == "&"}
    for name in names - ampersands:  # a text holds thousands of references and few different ones
        text = text.replace(f"&{name};", _character(name))
    # Last and in one pass, since what `&amp;` becomes may look like the start of another reference.
    if ampersands == {"amp"}:
        return text.replace("&amp;", "&")
    return _REFERENCE.sub(lambda match: "&" if match[1] in ampersands else match[0], text) if ampersands else text


def _resolved(raw: bytes) -> str | None:
    """A long text with its references resolved by an XML parser, in a third of the time; None when it takes none."""
    pieces: list[str] = []
    parser = expat.ParserCreate("utf-8")
    parser.buffer_text = True
    parser.buffer_size = min(len(raw), 1 << 20)
    parser.CharacterDataHandler = pieces.append
    try:
        parser.Parse(b"<t>", False)
        parser.Parse(raw, False)
        parser.Parse(b"</t>", True)
    except expat.ExpatError:
        return None
    return "".join(pieces)


def _as_utf8(content: bytes | memoryview) -> bytes | memoryview:
    head = bytes(content[:512])
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return bytes(content).decode("utf-16", errors="replace").encode()
    declared = _DECLARED.search(head)
    name = declared[1].decode().lower() if declared else ""
    if not _CHARACTER_SET.fullmatch(name):
        return content
    # What writes ISO-8859-1 with bytes from 0x80 to 0x9F means Windows-1252.
    character_set = "cp1252" if name.replace("_", "-") in ("iso-8859-1", "iso8859-1", "latin1", "latin-1") else name
    try:
        return str(content, character_set, "replace").encode()
    except LookupError:
        return content


def _without_sections(data: bytes | memoryview) -> bytes | memoryview:
    """The document without comments, and with CDATA sections as escaped text."""
    find = stringzilla.Str(data).find
    kept = bytearray()
    done, at = 0, find(b"<!")
    closed = {b"-->": True, b"]]>": True}  # whether there may be one further on
    while at >= 0:
        opening = bytes(data[at : at + 9])
        ending = b"-->" if opening.startswith(b"<!--") else b"]]>" if opening == b"<![CDATA[" else b""
        begin = at + (4 if ending == b"-->" else 9)
        end = find(ending, begin) if ending and closed[ending] else -1
        if end >= 0:
            kept += data[done:at]
            if ending == b"]]>":
                kept += _escape(bytes(data[begin:end]))
            done = end + 3
        elif ending:
            closed[ending] = False
        at = find(b"<!", done if end >= 0 else at + 2)
    if not done:
        return data
    kept += data[done:]
    return bytes(kept)


def _escape(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _character(name: str) -> str:
    """What `&name;` stands for; itself when it is no reference."""
    if name[0] != "#":
        return html.entities.html5.get(f"{name};", f"&{name};")
    number = int(name[2:], 16) if name[1] in "xX" else int(name[1:])
    return chr(number) if 0 < number < 0x110000 and not 0xD800 <= number < 0xE000 else f"&{name};"
