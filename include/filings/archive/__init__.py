"""What we keep: keys, object storage, the ledger of what we have and lack, batches, reports, quarantine."""
