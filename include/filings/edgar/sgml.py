"""A submission as EDGAR disseminates it, taken apart: its header, and its documents with their content decoded.

Two forms are read: the complete submission text file (`.txt`, header as labelled lines) and the dissemination form
(`.nc`, header as tags). Format: EDGAR Public Dissemination Service technical specification. Lines end with LF, CRLF
or CR; 1990s files are wrapped in a privacy-enhanced message; the declared document count is no truth.
A submission that breaks off is not an error here: what is there is returned, and `truncated` says so.
Header and uuencoded parts are read when they are asked for.
"""

from __future__ import annotations

from filings.edgar import header as header_module
from filings.edgar import sgml_split
from filings.edgar.accession import is_accession
from filings.edgar.document import Document
from filings.edgar.header import Fields

__all__ = ["Document", "NotASubmission", "Submission", "parse"]

_BLANK = b" \t\r\n"
_TAGGED = b"<SUBMISSION>"


class NotASubmission(ValueError):
    """The bytes hold neither a submission's header nor a document."""


class Submission:
    """A parsed submission: accession, form, header, documents.

    `header` has the SEC's own tag names (see `filings.edgar.header`); `variant` is the form it came in, "txt" or "nc".
    """

    __slots__ = ("_accession", "_form", "_head", "_header", "documents", "truncated", "variant")

    def __init__(
        self,
        accession: str | None,
        form: str | None,
        header: Fields | None,
        documents: list[Document] | None = None,
        truncated: bool = False,
        variant: str = "txt",
        head: bytes = b"",
    ) -> None:
        """Of accession, form and header, what is None is read from `head` when it is asked for."""
        self._accession = accession
        self._form = form
        self._header = header
        self._head = head
        self.documents = [] if documents is None else documents
        self.truncated = truncated
        self.variant = variant

    @property
    def header(self) -> Fields:
        """Every field of the header."""
        if self._header is None:
            self._header = header_module.parse(self._head)
        return self._header

    @property
    def accession(self) -> str:
        """The accession number that the header says; where it says none, the one that the caller knew."""
        found = str(self.header.get("accession_number", ""))
        return found if is_accession(found) else (self._accession or found)

    @property
    def form(self) -> str:
        """The form type, such as `10-K`."""
        return self._form if self._form is not None else str(self.header.get("type", ""))


def parse(raw: bytes, *, accession: str | None = None) -> Submission:
    """Take a whole submission apart.

    Args:
        raw: the bytes of a `.txt` or `.nc` submission, uncompressed; kept as long as a document of it is.
        accession: what the caller knows it to be; used where the header does not say (a file cut off early).

    Raises:
        NotASubmission: when there is neither a header nor a document in it.
    """
    first = sgml_split.first(raw)
    head = raw[:first] if first >= 0 else raw
    tagged = head.startswith(_TAGGED) or (head[:1].isspace() and head[:256].lstrip(_BLANK).startswith(_TAGGED))
    documents = sgml_split.documents(raw, first)
    truncated = not (_closed(raw[-64:]) or _closed(raw[-4096:]))
    submission = Submission(accession, None, None, documents, truncated, "nc" if tagged else "txt", head)
    if first < 0 and "accession_number" not in submission.header:
        raise NotASubmission(
            f"{accession or 'the bytes'}: no EDGAR header and no <DOCUMENT> in {len(raw):,} bytes; "
            "is it an error page of the server?"
        )
    return submission


def _closed(tail: bytes) -> bool:
    return b"</SEC-DOCUMENT>" in tail or b"</SUBMISSION>" in tail or b"</IMS-DOCUMENT>" in tail
