"""The names of the forms: SC 13D and SC 13G, and since December 2024 SCHEDULE 13D and SCHEDULE 13G."""

from __future__ import annotations

import re

_SCHEDULE = re.compile(r"(?:SC|SCHEDULE)\s*13[DG](?!\w)", re.IGNORECASE)


def is_schedule(form: str) -> bool:
    """Whether a form type is that of a Schedule 13D or 13G, or of an amendment to one."""
    return _SCHEDULE.match(form.strip()) is not None
