"""The names of XBRL concepts as the SEC's data sets write them: a tag, and the version of the taxonomy it is of.

Instances name a taxonomy by namespace (`http://fasb.org/us-gaap/2023`), linkbases by the schema that a locator points
into (`…/us-gaap-2023.xsd#us-gaap_Assets`); the data sets say `Assets` and `us-gaap/2023` for both, and the accession
number where the filer has defined the concept.
Source: Financial Statement Data Sets readme, 5.2; the namespaces of the taxonomies that EDGAR takes.
"""

from __future__ import annotations

import re
from functools import lru_cache

CUSTOM = ""  # the family of the concepts that a filer has defined

# The year that a namespace names is its version: us-gaap/2009-01-31 and us-gaap/2023, ffd/2024q2.
_STANDARD = re.compile(
    r"https?://(?:fasb\.org|xbrl\.us|(?:xbrl|www)\.sec\.gov)/([a-z][a-z-]*)/(\d{4}(?:q\d)?)(?:-\d\d-\d\d)?/?",
    re.IGNORECASE,
)
_IFRS = re.compile(r"https?://xbrl\.(?:ifrs|iasb)\.org/taxonomy/(\d{4})-\d\d-\d\d/[a-z-]+", re.IGNORECASE)
_FAMILIES = {"ifrs-full": "ifrs", "us-gaap-std": "us-gaap"}
# Prefixes of the taxonomies that EDGAR takes; filers may not use them for their own.
_PREFIXES = re.compile(
    "cef|country|currency|cyd|dei|ecd|exch|ffd|fnd|ifrs-full|invest|naics|oef|rr|rxp|sbs|shr|sic|snj|spac|sro|srt|stpr"
    "|us-gaap|vip"
)


@lru_cache(512)
def version_of(namespace: str | None) -> str:
    """`us-gaap/2023` of a standard taxonomy's namespace, `CUSTOM` of any other."""
    if match := _STANDARD.fullmatch(namespace or ""):
        return f"{match[1].lower()}/{match[2]}"
    if match := _IFRS.fullmatch(namespace or ""):
        return f"ifrs/{match[1]}"
    return CUSTOM


def family_of(namespace: str | None, concept: str = "") -> str:
    """`us-gaap` of a standard taxonomy's namespace, `CUSTOM` of any other.

    Where a page has lost the declaration of a prefix, the prefix of the concept (`dei:AmendmentFlag`) tells.
    """
    if namespace:
        return version_of(namespace).partition("/")[0]
    prefix = concept.rpartition(":")[0]
    return _FAMILIES.get(prefix, prefix) if _PREFIXES.fullmatch(prefix) else CUSTOM


def family_of_locator(schema: str, prefix: str) -> str:
    """The family of what a locator points at, by the schema's address and the prefix in the concept's id.

    The filer's own schema lies beside the linkbase, the standard ones lie on the web.
    """
    standard = "://" in schema
    return _FAMILIES.get(prefix, prefix) if standard else CUSTOM
