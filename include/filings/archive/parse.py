"""The verb of a data product's first step: a filing to its rows, `{product}/rows/{accession}.json.zst`.

What is wrong with a filing goes into quarantine and comes out of it when a later parse finds nothing wrong any more.
"""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable
from pathlib import Path

from filings.archive import keys, rows_object
from filings.archive.batch_outcome import CIK, Outcome
from filings.archive.compression import CorruptObject
from filings.archive.quarantine import release
from filings.archive.rows_object import FilingRows
from filings.archive.sources import Source
from filings.archive.storage import ZSTD, NotFound, Store
from filings.archive.verbs import Bounds, put_aside
from filings.edgar.sgml import Submission
from filings.logs import log

_TIMES = 16  # as many bytes as a document takes what is made of it: tree, rows, their JSON (trees of XML: up to 10)
_LEAST_TIMES = 2  # the document and its rows: with less room than that there is no use in trying
_FRAMES = 3  # of a parser's error that are named


class ParserFailed(RuntimeError):
    """A parser ended with an error that it should not have: its message says which, and where."""

    def __init__(self, product: str, error: Exception) -> None:
        frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
        where = ", ".join(f"{Path(f.filename).parent.name}/{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames)
        super().__init__(f"the parser of {product} failed: {type(error).__name__}: {error} ({where})")


class Parse:
    """The verb: one filing through one product's parser."""

    def __init__(
        self, product: str, source: Source, s3: Store, parse: Callable[[Submission], FilingRows], bounds: Bounds
    ) -> None:
        self._product, self._source, self._s3, self._parse, self._bounds = product, source, s3, parse, bounds

    async def __call__(self, accession: str, cik: CIK) -> Outcome:
        """Make the rows of one archived filing."""
        memory = self._bounds.memory
        try:
            opened = await self._source.open(accession)
            if opened.size * _LEAST_TIMES > memory.limit:
                return await self._keep(_too_large(accession, opened.size, memory.limit), 0)
            async with memory.hold(opened.size * _TIMES):
                submission = await opened.read(self._bounds.threads)
                rows = await self._bounds.threads.run(self._parsed, submission)
                del submission
                return await self._keep(rows, opened.size)
        except NotFound:
            return Outcome.waiting(f"its submission is not in {self._source.archive} yet")
        except CorruptObject as error:
            return await put_aside(self._source.store, self._source.archive, accession, error)
        except ParserFailed as error:
            trace = "".join(traceback.format_exception(error.__cause__))
            log.error("parser_failed", accession=accession, product=self._product, where=trace)
            return Outcome.failed(str(error), quarantine=str(error))

    def _parsed(self, submission: Submission) -> FilingRows:
        try:
            return self._parse(submission)
        except Exception as error:
            raise ParserFailed(self._product, error) from error

    async def _keep(self, rows: FilingRows, size: int) -> Outcome:
        packed = await self._bounds.threads.run(rows_object.dumps, rows)
        await self._s3.aput(keys.rows(self._product, rows.accession), packed, ZSTD)
        problems = rows_object.shown(rows.problems)
        if not problems:
            await asyncio.to_thread(release, self._s3, self._product, rows.accession)
        return Outcome(
            "done" if rows.rows else "unavailable",
            rows.reason,
            bytes_in=size,
            bytes_out=len(packed),
            quarantine=rows_object.in_words(problems[0]) if problems else "",
            details={"problems": problems, "found": rows.found} if problems else {},
            counts={"rows": rows.rows, "problems": rows.found},
        )


def _too_large(accession: str, size: int, limit: int) -> FilingRows:
    problem = {
        "where": "the filing",
        "value": f"{size:,} bytes to parse",
        "rule": f"no more fit into {limit >> 20} MiB; plan it again with --force and a larger FILINGS_MEMORY_MB",
    }
    return FilingRows(accession, {}, {}, [problem], 1, rows_object.in_words(problem))
