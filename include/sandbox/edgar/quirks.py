"""`sandbox.json`: lasting quirks of a folder of submissions, beside them in the folder.

{"answers_404": [ACCESSION, …],            listed in the indexes, but there is no such file
 "cut": {ACCESSION: BYTES, …},             the submission ends after so many bytes
 "daily_only": [ACCESSION, …],             only the daily index has its rows
 "hidden_until": {ACCESSION: ISO 8601, …}, private to public: filed on one day, disseminated on another
 "malformed_rows": [{"day": "YYYY-MM-DD", "text": LINE, "in": ["full", "daily"]}, …]}
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
FILE_NAME = "sandbox.json"


@dataclass(frozen=True)
class MalformedRow:
    """A line that an index has among its rows though it is none."""

    day: date
    text: str
    where: frozenset[str]


@dataclass(frozen=True)
class Quirks:
    """What is odd about a folder. Times are aware; those without a zone in the file are Eastern."""

    answers_404: frozenset[str] = frozenset()
    cut: Mapping[str, int] = field(default_factory=dict)
    daily_only: frozenset[str] = frozenset()
    hidden_until: Mapping[str, datetime] = field(default_factory=dict)
    malformed_rows: tuple[MalformedRow, ...] = ()


def load(folder: Path) -> Quirks:
    """The quirks of a folder; none when it has no `sandbox.json`.

    Raises:
        ValueError: naming the file, when it is not as described above.
    """
    path = folder / FILE_NAME
    if not path.exists():
        return Quirks()
    try:
        said = json.loads(path.read_text())
        return Quirks(
            answers_404=frozenset(said.get("answers_404", ())),
            cut={accession: int(size) for accession, size in said.get("cut", {}).items()},
            daily_only=frozenset(said.get("daily_only", ())),
            hidden_until={accession: _moment(text) for accession, text in said.get("hidden_until", {}).items()},
            malformed_rows=tuple(
                MalformedRow(date.fromisoformat(row["day"]), row["text"], frozenset(row.get("in", ("full",))))
                for row in said.get("malformed_rows", ())
            ),
        )
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(f"{path} is not as sandbox.edgar.quirks describes it: {error!r}") from error


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=EASTERN)
