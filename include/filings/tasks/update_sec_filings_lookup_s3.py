"""Bring new filings into the three lookup tables in S3: delta, then complete, then the ledger.

Without a manifest, everything that missing_sec_filings_lookup lists. A filing whose data JSON is not there yet waits,
with a reason in the report. Running it again after a crash at any point neither loses a row nor doubles one.
"""

from filings.tasks._lookup import add_arguments, run

__all__ = ["add_arguments", "run"]
