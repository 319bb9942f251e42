"""The names in submission headers: roles, sections, and where the labels of one form differ from the tags of the other.

Format: EDGAR Public Dissemination Service technical specification, header tags.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Roles that an entity can have in a submission, as keys of the header.
ROLES: tuple[str, ...] = (
    "filer",
    "reporting_owner",
    "issuer",
    "subject_company",
    "filed_by",
    "filed_for",
    "serial_company",
    "depositor",
    "sponsor",
    "securitizer",
    "underwriter",
    "issuing_entity",
)
SECTIONS = {
    "company_data",
    "owner_data",
    "filing_values",
    "business_address",
    "mail_address",
    "former_company",
    "former_name",
}
# Where a label of the text header differs from the tag of the same meaning.
LABELS = {
    "conformed_submission_type": "type",
    "conformed_period_of_report": "period",
    "item_information": "items",
    "filed_as_of_date": "filing_date",
    "date_as_of_change": "date_of_filing_date_change",
    "company_conformed_name": "conformed_name",
    "central_index_key": "cik",
    "standard_industrial_classification": "assigned_sic",
    "sec_act": "act",
    "sec_file_number": "file_number",
    "business_phone": "phone",
    "street_1": "street1",
    "street_2": "street2",
    "date_of_name_change": "date_changed",
    "former_conformed_name": "former_conformed_name",
}
ACTS = {"1933 Act": "33", "1934 Act": "34", "1935 Act": "35", "1939 Act": "39", "1940 Act": "40"}
# Fields that may be there more than once are lists from the first on.
LISTS = {"items", "group_members", "references_429", "former_company", "former_name"}
FLAGS = {"private_to_public"}
_SLUG = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """A name in lower case with underscores."""
    return _SLUG.sub("_", name.lower()).strip("_")


@lru_cache(4096)
def key_of(label: str) -> str:
    """The key of a label."""
    words = slug(label)
    return LABELS.get(words, words)
