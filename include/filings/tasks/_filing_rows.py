"""A filing through a product's parser, in the form in which its rows are kept."""

from __future__ import annotations

from filings.archive.rows_object import FilingRows
from filings.edgar.sgml import Submission
from filings.products.definition import Product
from filings.products.parsing import parsed
from filings.products.registry import Parse


def rows_of(product: Product, parse: Parse, submission: Submission) -> FilingRows:
    """The rows of one filing, checked. Raises what the parser raises, and `BadProduct`."""
    made = parsed(product, parse, submission)
    columns = {name: table.names for name, table in product.tables.items()}
    problems = [{"where": p.where, "value": p.value, "rule": p.rule} for p in made.problems]
    return FilingRows(made.accession, columns, made.tables, problems, made.found, made.reason)
