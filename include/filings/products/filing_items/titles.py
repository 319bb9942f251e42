"""The words of an item's heading: where they end, when they are a sentence about an item, when two are the same.

A title may run into the item's first words (`Item 5. Other Events On March 8 the Company ...`), have a page number
behind it, or go on in the next line; a sentence that begins with an item's number is no heading.
"""

from __future__ import annotations

import re
from functools import lru_cache

from filings.products.filing_items.standard import Form, Title

LONG = 220  # characters; a line of a heading and nothing else is hardly longer

# What goes on so after a number or a title is a sentence about an item and not its heading.
_GOES_ON = re.compile(
    r"[,;]?\s*(?:of|in|to|on|and|or|above|below|herein|hereof|is|are|was|were|as|for|under|that|which|shall|will|has|have"
    r"|entitled|captioned|titled|included|contained|describe[sd]?|discussed|set|see|with|we|by|from|at|may|should|this|our"
    r"|requires?|through|does|do|include[sd]?)\b(?!\s+[A-Z]{2})|\s*(?:OF|ABOVE|BELOW|HEREOF|HEREIN|IS|ARE|WAS)\b"
)
_QUOTED = re.compile(r"""[,\s]*["“”'‘’«]""")
_CLAUSES = re.compile(
    r"\b(?:of|in|to) (?:this|our|the (?:company's|registrant's|form|annual|quarterly|\d{4}))\b"
    r"|\b(?:see|refer to|is (?:hereby |herein )?incorporated|incorporated herein|included elsewhere|set forth|on page"
    r"|beginning on)\b|\bform 10-[kq]\b.*\bfor the\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.:;]\s|\s[–—-]{1,2}\s")
_STOP = re.compile(r"(?<=[a-z]{4})\.\s+(?=[A-Z])")
_CLAUSE_MARK = re.compile(r"\([a-e1]\)")
_WORD = re.compile(r"\S+")
_PAGE = r"(?:[A-Z]{1,2}\s?-\s?)?\d{1,3}(?:\s*[-–—]\s*(?:[A-Z]-)?\d{1,3})?"
_PAGES = re.compile(
    rf"[\s.·…_]*(?:\.{{2,}}|\s)\s*(?:[Pp]ages?|p\.)?\s*"
    rf"({_PAGE}(?:\s*[,&;]\s*(?:and\s*)?{_PAGE})*|[ivx]{{1,5}}|\*+)(?:\s*,\s*\([a-z]\)|\s+\([a-z]\))*[\s.*|,]*$"
)
_PAGE_WORD = re.compile(r"\s+pages?\W*$", re.IGNORECASE)
_TAIL = re.compile(
    r"(?:[\s(–—-]*\b(?:none|not applicable|n/a)\b[\s).]*(?:\([a-z]\)\s*)?|\s*\([a-e]\)(?:\s.*)?|[:*\s.]+)$",
    re.IGNORECASE,
)
_EDGES = " .:–—-"
_LONGEST_LEADER = 160  # dots between a title and its page, with the page
_MORE_WORDS = 6  # that a filer may add to the form's words for an item
_MORE_CHARACTERS = 40
_CONNECTORS = frozenset(("", *re.findall(r"\w+", "the of and in on for to with or by a an under upon at from")))
# Words that titles have beside those of the form.
_OTHERS = frozenset(
    re.findall(
        r"\w+",
        "stock shareholder shareholders stockholder stockholders issuer registrant registrants companys consolidated "
        "condensed interim unaudited disclosure disclosures concerning regarding relating pro forma reports form 8k "
        "reserved removed security securities holders matters description item",
    )
)


def goes_on(words: str) -> bool:
    """Whether words behind an item's number or title make a sentence of it."""
    return _GOES_ON.match(words) is not None or _QUOTED.match(words) is not None


def without_page(words: str) -> tuple[str, str]:
    """A title without the page number of a table of contents, and that number."""
    match = _PAGES.search(words, max(0, len(words) - _LONGEST_LEADER))
    if match is None or not words[: match.start()].strip():
        return _PAGE_WORD.sub("", words.strip(" .|_…·")), ""
    return words[: match.start()].strip(" .|_…·"), match[1]


def title_of(words: str, known: Title, form: Form, numbers: tuple[str, ...]) -> str | None:
    """The title at the begin of words that begin like a known one; None when they are a sentence about the item."""
    if len(words) > LONG:
        end = _end(words, form, numbers)
        return words[:end].strip(_EDGES) if end and not goes_on(words[end:].lstrip(" ")) else None
    stop = _SENTENCE.search(words)
    if _CLAUSES.search(words[: stop.start()] if stop else words):
        return None
    stop = _STOP.search(words)
    if stop is not None:
        words = words[: stop.start() + 1]
    if len(words.split()) > len(known.words.split()) + _MORE_WORDS:
        end = _end(words, form, numbers)
        if end and words[end : end + 2].strip(_EDGES)[:1].isupper():
            return words[:end].strip(_EDGES)
    return _TAIL.sub("", words).strip()


def is_little_more(words: str, known: Title) -> bool:
    """Whether words are hardly more than a known title."""
    return len(words) <= len(known.words) + _MORE_CHARACTERS


def are_of_titles(words: str, form: Form, numbers: tuple[str, ...]) -> bool:
    """Whether all words are such as the titles of items have."""
    vocabulary = _vocabulary(form, numbers)
    return all(_bare(word) in vocabulary or _bare(word) in _CONNECTORS for word in words.split())


def like(text: str, title: str) -> bool:
    """Whether a line says a title, or begins with it and says little more."""
    said, wanted = plain(text), plain(re.sub(r"\(.{0,40}\)", "", title))
    if not wanted or len(said) > len(wanted) + _MORE_CHARACTERS:
        return False
    return said.startswith(wanted) or (len(said) > 12 and wanted.startswith(said))


def plain(title: str) -> str:
    """A title's words in lower case, without marks."""
    return " ".join(re.sub(r"[^a-z0-9 ]", "", title.lower().replace("&", "and")).split())


def _end(words: str, form: Form, numbers: tuple[str, ...]) -> int:
    """Where a title ends that goes on with the item's first words: behind the last of the words that titles have."""
    vocabulary = _vocabulary(form, numbers)
    end = 0
    for match in _WORD.finditer(words):
        said = match[0]
        if _CLAUSE_MARK.match(said):
            break
        bare = _bare(said)
        if bare in vocabulary:
            end = match.end()
        elif bare not in _CONNECTORS:
            break
        if end == match.end() and said[-1] in ".:" and len(said) > 3:
            break
    return end


@lru_cache(256)
def _vocabulary(form: Form, numbers: tuple[str, ...]) -> frozenset[str]:
    titles = [title.words for number in numbers for title in form.by_number.get(number, ())]
    return frozenset({_bare(word) for words in titles for word in words.split()} | _OTHERS) - _CONNECTORS


def _bare(word: str) -> str:
    return re.sub(r"[^a-z0-9]", "", word.lower())
