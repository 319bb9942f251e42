"""What a `style` attribute means for reading: hidden, bold, underlined, centred, a new page; nothing else counts."""

from __future__ import annotations

import re
from functools import lru_cache

HIDDEN, BOLD, ITALIC, UNDERLINE, CENTER, PRE, SYMBOL, PAGE_BEFORE, PAGE_AFTER, SPACED = (1 << n for n in range(10))
INHERITED = HIDDEN | BOLD | ITALIC | UNDERLINE | CENTER | PRE | SYMBOL

_HEAVY = 600  # font-weight from which on letters look bold
_PAGE = ("always", "page", "left", "right")
_SYMBOL_FONTS = ("wingdings", "webdings")

# What the letters of Wingdings look like, as far as filers use them: boxes and bullets.
SYMBOLS = str.maketrans(
    {
        "¨": "☐", "o": "☐", "q": "☐", "r": "☐", "þ": "☑", "ý": "☒", "x": "☒", "R": "☑", "S": "☒", "T": "☒", "ü": "✓",
        "§": "•", "l": "•", "·": "•", "n": "■", "u": "◆", "v": "❖", "Ø": "➢", "à": "→", "è": "→",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)
def of(css: str) -> tuple[int, int]:
    """The flags that a style sets, and those that it clears."""
    adds = clears = 0
    for declaration in css.lower().split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip(), value.replace("!important", "").strip()
        if name == "display":
            adds |= HIDDEN * (value == "none")
        elif name == "font-weight":
            heavy = value.startswith("bold") or (value.isdecimal() and int(value) >= _HEAVY)
            adds, clears = (adds | BOLD, clears) if heavy else (adds, clears | BOLD)
        elif name == "font-style":
            adds, clears = (adds | ITALIC, clears) if value in ("italic", "oblique") else (adds, clears | ITALIC)
        elif name == "font":
            adds |= BOLD * bool(re.search(r"\bbold\b", value)) | ITALIC * bool(re.search(r"\bitalic\b", value))
            adds |= SYMBOL * any(font in value for font in _SYMBOL_FONTS)
        elif name == "font-family":
            symbols = value.strip("'\" ").startswith(_SYMBOL_FONTS)
            adds, clears = (adds | SYMBOL, clears) if symbols else (adds, clears | SYMBOL)
        elif name in ("text-decoration", "text-decoration-line"):
            adds, clears = (adds | UNDERLINE, clears) if "underline" in value else (adds, clears | UNDERLINE)
        elif name == "text-align":
            adds, clears = (adds | CENTER, clears) if value == "center" else (adds, clears | CENTER)
        elif name in ("page-break-before", "break-before"):
            adds |= PAGE_BEFORE * value.startswith(_PAGE)
        elif name in ("page-break-after", "break-after"):
            adds |= PAGE_AFTER * value.startswith(_PAGE)
        elif name in ("padding-left", "margin-left", "padding-right"):
            adds |= SPACED * (value[:1] in "123456789")
        elif name == "white-space":
            adds, clears = (adds | PRE, clears) if value == "pre" else (adds, clears | PRE)
    return adds, clears & ~adds


def is_symbol_font(face: str) -> bool:
    """Whether a `<font face>` is one of symbols."""
    return face.lower().strip("'\" ").startswith(_SYMBOL_FONTS)
