"""Data products: a dataset is a folder here, `NAME/product.yaml` and `NAME/parse.py`; nothing else says what it is.

`parse(submission)` is one pure function that yields `(table, row)`: a table of product.yaml and a mapping from its
columns to values (a column that is left out is null; the accession is filled in). What it cannot read of a filing it
yields as `problem(where, value, rule)` and goes on; it refuses a filing that it can make nothing of with `Unusable`,
and one that is not its business with `NothingHere`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from filings.edgar.sgml import Document, Submission

__all__ = ["Document", "NothingHere", "Row", "Rows", "Submission", "Unusable", "problem"]

PROBLEM = "problem"  # the table that takes no rows, but what was wrong

Row = tuple[str, Mapping[str, Any]]
Rows = Iterator[Row]


class Unusable(ValueError):
    """A filing that should give rows and cannot; the message says why."""


class NothingHere(ValueError):
    """A filing that has nothing for a product, as is to be expected of it: no error, and no record in quarantine.

    The message says why, in words that fit thousands of filings: the ledger counts them by it.
    """


def problem(where: str, value: object, rule: str) -> Row:
    """What is wrong with a part of a filing; it is put into quarantine and the rest of the filing is kept.

    Args:
        where: document and field, such as `primary_doc.xml: tableValueTotal`.
        value: what stands there.
        rule: what it breaks, going on from "but", such as `the rows come to 1234`.
    """
    return PROBLEM, {"where": where, "value": str(value), "rule": rule}


def __getattr__(name: str) -> Any:
    # Airflow asks which products there are each time it parses the DAGs; what parses filings has no place there.
    if name in ("Document", "Submission"):
        from filings.edgar import sgml

        return getattr(sgml, name)
    raise AttributeError(name)
