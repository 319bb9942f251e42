"""Writes XML by nesting calls: `tag("a", tag("b", "text"))`. Text is escaped, and XML within XML is not."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr


class Xml(str):
    """A string that is XML already."""

    __slots__ = ()


def tag(name: str, /, *content: object, **attributes: object) -> Xml:
    """An element. Content that is None is left out; an attribute's `__` stands for a colon, `_` at its end for none."""
    given = "".join(
        f" {key.rstrip('_').replace('__', ':')}={quoteattr(str(value))}" for key, value in attributes.items()
    )
    parts = [part for part in content if part is not None]
    if not parts:
        return Xml(f"<{name}{given}/>")
    if all(isinstance(part, Xml) for part in parts):
        return Xml(f"<{name}{given}>\n" + "\n".join(map(str, parts)) + f"\n</{name}>")
    return Xml(
        f"<{name}{given}>"
        + "".join(part if isinstance(part, Xml) else escape(str(part)) for part in parts)
        + f"</{name}>"
    )


def tags(**elements: object) -> list[Xml]:
    """Elements with nothing but text, in this order; those whose text is None are left out."""
    return [tag(name, text) for name, text in elements.items() if text is not None]


def document(root: Xml, declaration: str = '<?xml version="1.0" encoding="UTF-8"?>') -> bytes:
    """The document with this root, as bytes in UTF-8."""
    return f"{declaration}\n{root}".encode()
